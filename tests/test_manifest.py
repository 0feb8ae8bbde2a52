"""What the app asks of a workspace when it is installed is what it uses."""

import copy
from typing import Any

import pytest
import yaml

import handlers
from bot.cli import main
from bot.clock import SystemClock
from bot.manifest import ORG_EVENTS, for_http, for_several, load_manifest
from bot.sandbox import Sandbox
from bot.sandbox.web_api import METHODS
from bot.slack_rules.manifest import check_manifest
from bot.slack_rules.scopes import COMMANDS_SCOPE, EVENT_SCOPES, METHOD_SCOPES
from tests.slack_methods import NAMED

MANIFEST = load_manifest()
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]


def test_every_slash_command_is_registered_and_no_other():
    listed = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    aliases = {command.alias for feature in handlers.FEATURES for command in feature.commands if command.alias}
    assert listed == {"/pm", *aliases}


def test_people_in_commands_arrive_as_ids():
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_every_event_has_somebody_who_listens():
    listed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    heard = {event for feature in handlers.FEATURES for event in (*feature.events, *feature.notices)}
    assert listed == heard - set(ORG_EVENTS), "those of organisations are for an app that is installed in some"


def test_buttons_and_forms_need_interactivity():
    used = [*(f.actions for f in handlers.FEATURES), *(f.forms for f in handlers.FEATURES)]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] == any(used)


def test_every_shortcut_has_somebody_who_handles_it_and_no_other_is_handled():
    listed = [shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]]
    assert sorted(listed) == sorted(name for feature in handlers.FEATURES for name in feature.shortcuts)


def test_what_a_shortcut_starts_from_says_its_name():
    """A handler for messages would find none where it is started from anywhere."""
    starts = {shortcut["callback_id"]: shortcut["type"] for shortcut in MANIFEST["features"]["shortcuts"]}
    assert starts == {name: "message" if name.endswith(".from_message") else "global" for name in starts}


def test_every_method_that_is_called_has_its_scope():
    assert METHOD_SCOPES.keys() >= NAMED
    assert {method for method in NAMED if METHOD_SCOPES[method] and not SCOPES & set(METHOD_SCOPES[method])} == set()


def test_every_scope_is_needed_by_something_that_is_called_or_listened_to():
    by_methods = {scope for method in NAMED for scope in METHOD_SCOPES[method]}
    by_events = {scope for event in EVENTS for scope in EVENT_SCOPES[event]}
    assert SCOPES - by_methods - by_events == {COMMANDS_SCOPE}


def test_the_scopes_that_may_be_declined_only_look_for_lost_messages():
    """Nothing else that is called, and no event, needs one of them."""
    optional = set(MANIFEST["oauth_config"]["scopes"]["bot_optional"])
    others = {
        scope
        for method in NAMED - {"conversations.history", "conversations.replies"}
        for scope in METHOD_SCOPES[method]
    }
    assert optional <= set(METHOD_SCOPES["conversations.history"])
    assert not optional & (others | {scope for event in EVENTS for scope in EVENT_SCOPES[event]})


def test_the_sandbox_knows_the_scope_of_each_of_its_methods():
    assert METHODS.keys() == METHOD_SCOPES.keys()


def test_slack_takes_the_manifest():
    assert check_manifest(MANIFEST) == []


def changed(path: str, value: object) -> dict[str, Any]:
    """The manifest with another value at `path`, or (None) without what stands there."""
    manifest: Any = copy.deepcopy(MANIFEST)
    *folders, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    part = manifest
    for step in folders:
        part = part[step]
    if value is None:
        del part[last]
    else:
        part[last] = value
    result: dict[str, Any] = manifest
    return result


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("display_information", None, "missing required field: display_information [json-pointer:]"),
        (
            "display_information/name",
            "x" * 36,
            "must be less than 36 characters [json-pointer:/display_information/name]",
        ),
        ("display_information/description", "x" * 141, "must be less than 141 characters"),
        ("display_information/long_description", "short", "must be more than 174 characters"),
        ("display_information/background_color", "navy", "must match the pattern"),
        ("display_information/icon", "x", "invalid additional property: icon [json-pointer:/display_information]"),
        ("features/bot_user", None, "missing required field: bot_user [json-pointer:/features]"),
        ("features/bot_user/display_name", "Station Master", "must match the pattern"),
        ("features/slash_commands", [], "must provide at least 1 items"),
        ("features/slash_commands/0/command", "pm", "[json-pointer:/features/slash_commands/0/command]"),
        ("features/slash_commands/0/command", "/PM", "must match the pattern"),
        ("features/slash_commands/0/command", "/" + "p" * 32, "must be less than 33 characters"),
        ("features/slash_commands/0/command", "/risk", '`command` "/risk" already exists'),
        ("features/slash_commands/0/description", "", "must be more than 0 characters"),
        ("features/slash_commands/0/usage_hint", "x" * 1001, "must be less than 1001 characters"),
        ("features/slash_commands/0/should_escape", "yes", "must provide a boolean"),
        ("features/shortcuts", [{"name": "Log"}], "missing required field: callback_id"),
        ("oauth_config/scopes/bot", ["chat:write"], "Slash Commands requires `commands` bot scope"),
        ("oauth_config/scopes/bot/0", "Channels History", "must match the pattern"),
        ("oauth_config/scopes/bot_optional/0", "pins:read", "must also be listed in `bot`"),
        ("settings/event_subscriptions/bot_events/0", "presence_change", "invalid event type: presence_change"),
        (
            "settings/event_subscriptions/bot_events/0",
            "app_mention",
            "requires one of these bot scopes: app_mentions:read",
        ),
        ("settings/event_subscriptions/bot_events/0", "team_join", '`bot_events` "team_join" already exists'),
        ("settings/interactivity/is_enabled", None, "missing required field: is_enabled"),
        (
            "settings/socket_mode_enabled",
            False,
            "missing required field: url [json-pointer:/features/slash_commands/0]",
        ),
        ("settings/socket_mode_enabled", False, "request_url [json-pointer:/settings/event_subscriptions]"),
        ("settings/socket_mode_enabled", False, "request_url [json-pointer:/settings/interactivity]"),
        ("settings/sockets", True, "invalid additional property: sockets [json-pointer:/settings]"),
    ],
)
def test_slack_refuses_to_make_an_app_of_it(path, value, refusal):
    manifest = changed(path, value)
    assert any(refusal in str(problem) for problem in check_manifest(manifest)), check_manifest(manifest)
    with pytest.raises(ValueError, match="Slack would refuse this manifest"):
        Sandbox(SystemClock(), manifest)


@pytest.mark.parametrize(
    "address", ["https://bot.example.com", "https://bot.example.com/", "https://bot.example.com/slack/events"]
)
def test_the_manifest_for_http_names_one_address_for_everything(address):
    manifest = for_http(MANIFEST, address)
    url = "https://bot.example.com/slack/events"
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {url}
    assert manifest["settings"]["interactivity"]["request_url"] == url
    assert manifest["settings"]["event_subscriptions"]["request_url"] == url
    assert manifest["settings"]["socket_mode_enabled"] is False
    redirects = {"redirect_urls": ["https://bot.example.com/slack/oauth_redirect"]}
    assert manifest["oauth_config"] == MANIFEST["oauth_config"] | redirects
    assert check_manifest(manifest) == []
    assert MANIFEST["settings"]["socket_mode_enabled"] is True


def test_the_manifest_for_several_workspaces_can_be_installed_in_organisations_and_rotates_its_tokens():
    manifest = for_several(for_http(MANIFEST, "https://bot.example.com"))
    assert manifest["settings"]["org_deploy_enabled"] is manifest["settings"]["token_rotation_enabled"] is True
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {*EVENTS, *ORG_EVENTS}
    assert manifest["oauth_config"]["scopes"] == MANIFEST["oauth_config"]["scopes"]
    assert check_manifest(manifest) == []
    assert MANIFEST["settings"]["org_deploy_enabled"] is False


def test_several_workspaces_need_an_address(capsys):
    assert main(["manifest", "--several"]) == 2
    assert "--several needs --http" in capsys.readouterr().err
    assert main(["manifest", "--several", "--http", "https://bot.example.com"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["settings"]["token_rotation_enabled"] is True


def test_the_command_prints_what_slack_takes(capsys):
    assert main(["manifest"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == MANIFEST
    assert main(["manifest", "--http", "https://bot.example.com/pm"]) == 0
    printed = yaml.safe_load(capsys.readouterr().out)
    assert printed["settings"]["interactivity"]["request_url"] == "https://bot.example.com/pm/slack/events"
    assert check_manifest(printed) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://bot.example.com", "begin with https://"),
        ("bot.example.com", "begin with https://"),
        ("https://", "name a host"),
        ("https://[bot", "name a host"),
        ("https://bot.example.com/?a=1", "Give the address without ?"),
        ("https://user:password@bot.example.com", "Give the address without ?"),
        ("https://bot.example.com/" + "x" * 3_000, "Slack would refuse this: must be less than 3001 characters"),
    ],
)
def test_an_address_that_slack_cannot_call_is_refused_in_words(capsys, address, words):
    assert main(["manifest", "--http", address]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert "password" not in told.err
