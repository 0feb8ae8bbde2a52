"""What Slack would refuse in an app's manifest: the table of its fields, and the rules between them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.slack_rules import limits
from bot.slack_rules.kinds import ANYTHING, FLAG, STRING, Many, Object, Problem, Shape, String, choice, missing
from bot.slack_rules.rules import already_exists
from bot.slack_rules.scopes import COMMANDS_SCOPE, EVENT_SCOPES

_COLOR = String(pattern=re.compile("#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"))
_COMMAND_NAME = String(32, least=2, pattern=re.compile(r"/[^\s/A-Z]+"))
_ADDRESS = re.compile(r"https?://\S+")
_REQUEST_URL = String(3_500, pattern=_ADDRESS)
_BOT_NAME = String(80, pattern=re.compile(r"[a-z0-9._-]+"))
_SCOPE = String(50, pattern=re.compile(r"[a-z]+(:[a-z.]+)*"))
_SCOPES = Many(_SCOPE, 255, least=0)
_EVENTS = Many(String(50), 100, least=0)

_ABOUT = Shape(
    {"name": String(35)},
    {"description": String(140), "long_description": String(4_000, least=175), "background_color": _COLOR},
)
_COMMAND = Shape(
    {"command": _COMMAND_NAME, "description": String(2_000)},
    {"usage_hint": String(1_000), "should_escape": FLAG, "url": String(3_000, pattern=_ADDRESS)},
)
_SHORTCUT = Shape(
    {
        "name": String(24),
        "type": choice("message", "global"),
        "callback_id": String(255),
        "description": String(150),
    }
)
_HOME = Shape(
    may={"home_tab_enabled": FLAG, "messages_tab_enabled": FLAG, "messages_tab_read_only_enabled": FLAG},
)
_FEATURES = Shape(
    may={
        "app_home": _HOME,
        "bot_user": Shape({"display_name": _BOT_NAME}, {"always_online": FLAG}),
        "slash_commands": Many(_COMMAND, 50),
        "shortcuts": Many(_SHORTCUT, 2 * limits.SHORTCUTS_OF_A_KIND),
        "unfurl_domains": Many(STRING, 5),
        "agent_view": ANYTHING,
        "assistant_view": ANYTHING,
    }
)
_OAUTH = Shape(
    may={
        "redirect_urls": Many(String(2_500), 1_000, least=0),
        "scopes": Shape(may={"bot": _SCOPES, "bot_optional": _SCOPES, "user": _SCOPES, "user_optional": _SCOPES}),
        "pkce_enabled": FLAG,
        "token_management_enabled": FLAG,
    }
)
_SETTINGS = Shape(
    may={
        "allowed_ip_address_ranges": Many(STRING, 10),
        "event_subscriptions": Shape(
            may={"request_url": _REQUEST_URL, "bot_events": _EVENTS, "user_events": _EVENTS},
        ),
        "interactivity": Shape(
            {"is_enabled": FLAG}, {"request_url": _REQUEST_URL, "message_menu_options_url": _REQUEST_URL}
        ),
        "org_deploy_enabled": FLAG,
        "socket_mode_enabled": FLAG,
        "token_rotation_enabled": FLAG,
        "is_hosted": FLAG,
        "is_mcp_enabled": FLAG,
        "function_runtime": choice("remote", "slack"),
        "incoming_webhooks": ANYTHING,
        "siws_links": ANYTHING,
    }
)
_MANIFEST = Shape(
    {"display_information": _ABOUT},
    {
        "_metadata": ANYTHING,
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "functions": ANYTHING,
        "mcp_servers": ANYTHING,
    },
)


def check_manifest(manifest: Mapping[str, Any]) -> list[Problem]:
    """What "Create app from manifest" would refuse, all of it."""
    found: list[Problem] = []
    _MANIFEST.check(manifest, "", found)
    if not found:
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {})
        found.extend(_scope_problems(features, scopes))
        found.extend(_shortcut_problems(features.get("shortcuts", ()), scopes))
        found.extend(_event_problems(settings.get("event_subscriptions", {}), scopes))
        found.extend(_repeated_problems(features, settings.get("event_subscriptions", {})))
        if not settings.get("socket_mode_enabled"):
            found.extend(_missing_addresses(features, settings))
    return found


def _scope_problems(features: Object, scopes: Object) -> Iterator[Problem]:
    at = "/oauth_config/scopes"
    for kind in ("bot", "user"):
        asked = scopes.get(kind, ())
        for index, scope in enumerate(scopes.get(f"{kind}_optional", ())):
            if scope not in asked:
                yield Problem(f"must also be listed in `{kind}`", f"{at}/{kind}_optional/{index}")
    if scopes.get("bot") and "bot_user" not in features:
        yield missing("bot_user", "/features")
    if features.get("slash_commands") and COMMANDS_SCOPE not in scopes.get("bot", ()):
        yield Problem(f"Slash Commands requires `{COMMANDS_SCOPE}` bot scope", f"{at}/bot")


def _shortcut_problems(shortcuts: Sequence[Object], scopes: Object) -> Iterator[Problem]:
    if shortcuts and COMMANDS_SCOPE not in scopes.get("bot", ()):
        yield Problem(f"Shortcuts requires `{COMMANDS_SCOPE}` bot scope", "/oauth_config/scopes/bot")
    for kind in ("global", "message"):
        if sum(shortcut["type"] == kind for shortcut in shortcuts) > limits.SHORTCUTS_OF_A_KIND:
            yield Problem(f"no more than {limits.SHORTCUTS_OF_A_KIND} {kind} shortcuts allowed", "/features/shortcuts")


def _event_problems(subscriptions: Object, scopes: Object) -> Iterator[Problem]:
    for index, event in enumerate(subscriptions.get("bot_events", ())):
        pointer = f"/settings/event_subscriptions/bot_events/{index}"
        needed = EVENT_SCOPES.get(event)
        if needed is None:
            yield Problem(f"invalid event type: {event}", pointer)
        elif needed and not set(needed) & set(scopes.get("bot", ())):
            yield Problem(f"requires one of these bot scopes: {', '.join(needed)}", pointer)


def _repeated_problems(features: Object, subscriptions: Object) -> Iterator[Problem]:
    commands = [command["command"] for command in features.get("slash_commands", ())]
    shortcuts = [shortcut["callback_id"] for shortcut in features.get("shortcuts", ())]
    yield from _repeated("command", commands, "/features/slash_commands")
    yield from _repeated("callback_id", shortcuts, "/features/shortcuts")
    yield from _repeated("bot_events", subscriptions.get("bot_events", ()), "/settings/event_subscriptions/bot_events")


def _repeated(field: str, names: Sequence[str], at: str) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(already_exists(field, name), f"{at}/{index}")


def _missing_addresses(features: Object, settings: Object) -> Iterable[Problem]:
    """Without Socket Mode Slack calls the app, and has to know where."""
    for index, command in enumerate(features.get("slash_commands", ())):
        if "url" not in command:
            yield missing("url", f"/features/slash_commands/{index}")
    subscriptions, interactivity = settings.get("event_subscriptions", {}), settings.get("interactivity", {})
    if subscriptions.get("bot_events") and "request_url" not in subscriptions:
        yield missing("request_url", "/settings/event_subscriptions")
    if interactivity.get("is_enabled") and "request_url" not in interactivity:
        yield missing("request_url", "/settings/interactivity")
