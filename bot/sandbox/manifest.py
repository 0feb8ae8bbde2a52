"""What the app's manifest allows: commands, events and scopes exist only if the file says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.answers import ApiError
from bot.slack_rules.manifest import check_manifest


@dataclass(frozen=True)
class Command:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """Something to start: from anywhere ("global"), or from what somebody said ("message")."""

    callback_id: str
    kind: str
    name: str
    description: str


class Installed:
    """What Slack made of the file. Raises ValueError with all that it would refuse in it."""

    def __init__(self, manifest: Mapping[str, Any], *, without_optional_scopes: bool) -> None:
        problems = check_manifest(manifest)
        if problems:
            raise ValueError("Slack would refuse this manifest: " + "; ".join(map(str, problems)))
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        home = features.get("app_home", {})
        self.app_name: str = manifest.get("display_information", {}).get("name", "App")
        self.bot_name: str = features.get("bot_user", {}).get("display_name", self.app_name)
        self.home_tab: bool = home.get("home_tab_enabled", False)
        self.messages_tab: bool = home.get("messages_tab_enabled", True)
        self.messages_tab_read_only: bool = home.get("messages_tab_read_only_enabled", False)
        self.interactive: bool = settings.get("interactivity", {}).get("is_enabled", False)
        self.rotates: bool = settings.get("token_rotation_enabled", False)
        self.redirect_urls: list[str] = manifest.get("oauth_config", {}).get("redirect_urls", [])
        self.org_ready: bool = settings.get("org_deploy_enabled", False)
        self.events = frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))
        self.scopes = _scopes(manifest, without_optional_scopes)
        commands = features.get("slash_commands", ()) if "commands" in self.scopes else ()
        self.commands = {entry["command"]: _command(entry) for entry in commands}
        shortcuts = features.get("shortcuts", ()) if "commands" in self.scopes else ()
        self.shortcuts = {entry["callback_id"]: _shortcut(entry) for entry in shortcuts}

    def need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=entry.get("should_escape", False),
    )


def _shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(entry["callback_id"], entry["type"], entry["name"], entry["description"])


def _scopes(manifest: Mapping[str, Any], without_optional: bool) -> frozenset[str]:
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    optional = set(scopes.get("bot_optional", ()))
    asked = set(scopes.get("bot", ()))
    return frozenset(asked - optional if without_optional else asked)
