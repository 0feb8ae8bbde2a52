"""Slash commands and messages that people type."""

import pytest

from bot.sandbox import NobodyListens, Person, Sandbox, SlackRefused
from tests.sandbox.conftest import GONE, LUIS, MANIFEST, MAYA, OPEN, PROJECT, SECRET, App, furnish, section


def test_a_command_arrives_with_slacks_fields(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk Vendor slips p4 i5")
    kind, payload = app.got[-1]
    assert kind == "slash_commands"
    assert payload["command"] == "/risk"
    assert payload["text"] == "Vendor slips p4 i5"
    assert (payload["channel_id"], payload["channel_name"]) == (PROJECT, "p-101")
    assert (payload["user_id"], payload["user_name"]) == (LUIS, "luis.ortega")
    assert payload["is_enterprise_install"] == "false"
    assert payload["response_url"].startswith("http://127.0.0.1/respond/")
    assert payload["trigger_id"].count(".") == 2


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("ask @maya.chen.", f"ask <@{MAYA}>."),
        ("in #p-101 now", f"in <#{PROJECT}|p-101> now"),
        ("see https://example.com/@maya.chen", "see <https://example.com/@maya.chen>"),
        ("@nobody and #nowhere", "@nobody and #nowhere"),
        ("R&D <b> <!channel>", "R&D <b> <!channel>"),
        ("luis@maya.chen", "luis@maya.chen"),
    ],
)
def test_names_in_a_command_are_resolved_and_the_rest_is_raw(app: App, luis: Person, typed: str, arrives: str) -> None:
    luis.types(PROJECT, f"/risk {typed}")
    assert app.last["text"] == arrives


def test_the_name_of_a_private_channel_is_not_told(app: App, maya: Person) -> None:
    maya.types(SECRET, "/risk in #secret")
    assert app.last["text"] == f"in <#{SECRET}|>"
    assert app.last["channel_name"] == "privategroup"


def test_without_should_escape_names_arrive_as_typed(sandbox: Sandbox, clock: object) -> None:
    features = MANIFEST["features"] | {"slash_commands": [{"command": "/risk", "description": "d"}]}
    plain_app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"features": features})))
    plain_app.sandbox.person(LUIS).types(PROJECT, "/risk @maya.chen")
    assert plain_app.last["text"] == "@maya.chen"


def test_a_text_in_the_acknowledgement_is_seen_by_the_person_only(app: App, luis: Person, maya: Person) -> None:
    app.answers({"text": "Logged R-1"})
    result = luis.types(PROJECT, "/risk Vendor slips")
    assert (result.acked, result.error, result.text) == (True, None, "Logged R-1")
    assert result.shown[0]["ephemeral"]
    assert maya.reads(PROJECT) == []


def test_an_answer_in_the_channel_shows_the_typed_command_too(app: App, luis: Person, maya: Person) -> None:
    app.answers({"response_type": "in_channel", "text": "Logged R-1"})
    luis.types(PROJECT, "/risk a < b")
    assert [message["text"] for message in maya.reads(PROJECT)] == ["/risk a &lt; b", "Logged R-1"]


def test_blocks_that_slack_refuses_fail_the_command(sandbox: Sandbox, app: App, luis: Person) -> None:
    app.answers({"text": "x", "blocks": [section("x" * 3001)]})
    result = luis.types(PROJECT, "/risk")
    assert (result.error, result.shown) == ("dispatch_failed", [])
    assert sandbox.refusals[-1].method == "ack:slash_commands"


def test_no_acknowledgement_is_a_timeout_for_the_person(app: App, luis: Person) -> None:
    app.answers(None)
    result = luis.types(PROJECT, "/risk")
    assert (result.acked, result.error) == (False, "operation_timeout")


def test_an_app_that_cannot_be_reached_fails_the_dispatch(sandbox: Sandbox, luis: Person) -> None:
    assert luis.types(PROJECT, "/risk").error == "dispatch_failed"

    def unreachable(kind: str, payload: object, retry: object) -> None:
        raise NobodyListens

    sandbox.deliver = unreachable
    assert luis.types(PROJECT, "/risk").error == "dispatch_failed"


def test_slack_may_bring_the_same_command_twice(sandbox: Sandbox, app: App, luis: Person) -> None:
    app.answers({"text": "Logged"})
    luis.types(PROJECT, "/risk Vendor slips")
    again = sandbox.repeat_last_delivery()
    assert again.text == "Logged"
    assert app.got[0] == app.got[1]


@pytest.mark.parametrize("typed", ["/status", "/unknown thing", "/"])
def test_only_commands_of_the_manifest_exist(app: App, luis: Person, typed: str) -> None:
    with pytest.raises(SlackRefused, match="not a valid command"):
        luis.types(PROJECT, typed)


def test_commands_do_not_work_in_threads(app: App, luis: Person) -> None:
    ts = app.posts()["ts"]
    with pytest.raises(SlackRefused, match="threads"):
        luis.types(PROJECT, "/risk", thread_ts=ts)


def test_who_is_not_in_a_channel_or_gone_cannot_type_there(sandbox: Sandbox, app: App, luis: Person) -> None:
    with pytest.raises(SlackRefused):
        luis.types(SECRET, "/risk")
    with pytest.raises(SlackRefused):
        sandbox.person(GONE).types(PROJECT, "/risk")
    sandbox.archive_channel(PROJECT)
    with pytest.raises(SlackRefused):
        luis.types(PROJECT, "/risk")


def test_a_message_is_escaped_and_its_names_are_live(app: App, luis: Person, maya: Person) -> None:
    luis.types(OPEN, "R&D <b> @maya.chen @here")
    assert maya.reads(OPEN)[0]["text"] == f"R&amp;D &lt;b&gt; <@{MAYA}> <!here>"


def test_what_people_type_counts_for_nobody_as_a_broadcast_of_the_app(sandbox: Sandbox, app: App, luis: Person) -> None:
    luis.types(PROJECT, "@channel look, @maya.chen")
    assert sandbox.broadcasts == []
    assert sandbox.mentions == []
    assert app.got == []


def test_messages_reach_an_app_that_subscribed_to_them(sandbox: Sandbox) -> None:
    events = {"bot_events": ["message.im", "message.channels"]}
    settings = MANIFEST["settings"] | {"event_subscriptions": events}
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"settings": settings})))
    luis = app.sandbox.person(LUIS)
    luis.types(luis.dm, "done")
    assert (app.last["event"]["type"], app.last["event"]["channel_type"]) == ("message", "im")
    luis.types(OPEN, "the app is not in here")
    assert len(app.got) == 1
