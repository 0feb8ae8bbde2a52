"""The manifest that a workspace installs the app from: the file as it stands, and its variant for HTTP."""

import copy
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.config import REDIRECT_PATH, SLACK_PATH
from bot.errors import UserError
from bot.slack_rules.manifest import check_manifest

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
HOW = "Slack calls addresses that begin with https:// and name a host, as https://bot.example.com"

ORG_EVENTS = ["team_access_granted", "team_access_revoked"]

Manifest = dict[str, Any]


def load_manifest() -> Manifest:
    manifest: Manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def for_http(manifest: Manifest, address: str) -> Manifest:
    """The same app, called by Slack at `address` instead of connecting by Socket Mode."""
    url = _request_url(address)
    changed = copy.deepcopy(manifest)
    for command in changed["features"].get("slash_commands", ()):
        command["url"] = url
    settings = changed["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = url
    settings["interactivity"]["request_url"] = url
    changed["oauth_config"]["redirect_urls"] = [url.removesuffix(SLACK_PATH) + REDIRECT_PATH]
    problems = check_manifest(changed)
    if problems:
        raise UserError("Slack would refuse this: " + "; ".join(map(str, problems)))
    return changed


def for_several(manifest: Manifest) -> Manifest:
    """The manifest for HTTP of an app that workspaces and organisations install themselves. Its tokens rotate."""
    changed = copy.deepcopy(manifest)
    changed["settings"] |= {"org_deploy_enabled": True, "token_rotation_enabled": True}
    changed["settings"]["event_subscriptions"]["bot_events"] += ORG_EVENTS
    return changed


def run_manifest(address: str | None, *, several: bool = False) -> int:
    """The exit code: 0, or 2 when Slack could not call that address."""
    if several and address is None:
        sys.stderr.write("--several needs --http: apps of several workspaces are called at an address of yours.\n")
        return 2
    if address is None:
        sys.stdout.write(MANIFEST.read_text(encoding="utf-8"))
        return 0
    try:
        manifest = for_http(load_manifest(), address)
        manifest = for_several(manifest) if several else manifest
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=120))
    return 0


def _request_url(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise UserError(HOW) from None
    if parts.scheme != "https" or not parts.hostname:
        raise UserError(HOW)
    if parts.query or parts.fragment or parts.username or parts.password:
        raise UserError(f"Give the address without ?, # and names in it: {SLACK_PATH} is added to it.")
    return address.rstrip("/").removesuffix(SLACK_PATH) + SLACK_PATH
