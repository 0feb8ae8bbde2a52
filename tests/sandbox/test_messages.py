"""Messages of the app: what is refused, and who sees them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import (
    GONE,
    GUEST,
    LUIS,
    MANIFEST,
    OPEN,
    PROJECT,
    SECRET,
    App,
    Payload,
    furnish,
    section,
)


def test_a_message_is_named_by_the_clock_and_each_is_later(app: App) -> None:
    assert [app.posts()["ts"] for _ in range(3)] == [f"1774875600.00000{number}" for number in range(3)]


def test_many_may_post_at_once(app: App) -> None:
    with ThreadPoolExecutor(8) as pool:
        stamps = list(pool.map(lambda number: app.posts(str(number))["ts"], range(100)))
    assert len(set(stamps)) == 100


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        (SECRET, "channel_not_found"),
        (OPEN, "not_in_channel"),
        ("#p-101", "channel_not_found"),
        (GONE, "channel_not_found"),
        ("U0SANDBOXBOT", "cannot_dm_bot"),
    ],
)
def test_the_app_writes_only_where_it_may(app: App, channel: str, error: str) -> None:
    assert app.calls("chat.postMessage", channel=channel, text="hello")["error"] == error


def test_an_archived_channel_takes_nothing(sandbox: Sandbox, app: App) -> None:
    ts = app.posts()["ts"]
    sandbox.archive_channel(PROJECT)
    assert app.calls("chat.postMessage", channel=PROJECT, text="hello")["error"] == "is_archived"
    assert app.calls("chat.update", channel=PROJECT, ts=ts, text="hello")["error"] == "is_archived"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section("x" * 2900)] * 4}, "msg_blocks_too_long"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
    ],
)
def test_a_message_slack_would_refuse_is_refused(app: App, luis: Person, content: Payload, error: str) -> None:
    assert app.calls("chat.postMessage", channel=PROJECT, **content)["error"] == error
    assert luis.reads(PROJECT) == []


def test_broken_blocks_are_named_with_a_pointer(app: App) -> None:
    body = app.calls("chat.postMessage", channel=PROJECT, text="x", blocks=json.dumps([section("x" * 3001)]))
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]


def test_an_ephemeral_message_is_for_one_pair_of_eyes(app: App, luis: Person, maya: Person) -> None:
    body = app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="psst")
    assert [message["text"] for message in luis.reads(PROJECT)] == ["psst"]
    assert maya.reads(PROJECT) == []
    edit = app.calls("chat.update", channel=PROJECT, ts=body["message_ts"], text="louder")
    assert edit["error"] == "message_not_found"


@pytest.mark.parametrize("user", [GONE, "U0NOBODY"])
def test_nobody_gets_an_ephemeral_message_who_is_not_there(app: App, user: str) -> None:
    body = app.calls("chat.postEphemeral", channel=PROJECT, user=user, text="psst")
    assert body["error"] == "user_not_in_channel"


def test_an_update_replaces_text_and_blocks(app: App, luis: Person) -> None:
    ts = app.posts("old", blocks=[section("old")])["ts"]
    app.calls("chat.update", channel=PROJECT, ts=ts, text="new")
    [message] = luis.reads(PROJECT)
    assert (message["text"], message["blocks"]) == ("new", [])
    assert message["edited"]["user"] == "U0SANDBOXBOT"
    assert app.calls("chat.update", channel=PROJECT, ts=ts, text="x" * 4001)["error"] == "msg_too_long"


def test_the_app_changes_and_deletes_only_its_own_messages(app: App, luis: Person) -> None:
    luis.types(PROJECT, "mine")
    ts = luis.reads(PROJECT)[0]["ts"]
    assert app.calls("chat.update", channel=PROJECT, ts=ts, text="x")["error"] == "cant_update_message"
    assert app.calls("chat.delete", channel=PROJECT, ts=ts)["error"] == "cant_delete_message"
    assert app.calls("chat.delete", channel=PROJECT, ts="1.000001")["error"] == "message_not_found"


def test_a_deleted_message_is_gone_but_its_thread_stays(app: App, luis: Person) -> None:
    alone, parent = app.posts("alone")["ts"], app.posts("parent")["ts"]
    app.posts("reply", thread_ts=parent)
    app.calls("chat.delete", channel=PROJECT, ts=alone)
    app.calls("chat.delete", channel=PROJECT, ts=parent)
    assert [message["text"] for message in luis.reads(PROJECT)] == ["This message was deleted."]
    assert [message["text"] for message in luis.thread(PROJECT, parent)][1:] == ["reply"]


def test_replies_stand_in_the_thread(app: App, luis: Person) -> None:
    parent = app.posts("parent")["ts"]
    app.posts("reply", thread_ts=parent)
    app.posts("loud reply", thread_ts=parent, reply_broadcast=True)
    assert [message["text"] for message in luis.reads(PROJECT)] == ["parent", "loud reply"]
    assert luis.reads(PROJECT)[0]["reply_count"] == 2
    assert [message["text"] for message in luis.thread(PROJECT, parent)] == ["parent", "reply", "loud reply"]


def test_a_reply_without_a_parent_can_be_let_through(sandbox: Sandbox, app: App) -> None:
    sandbox.stray_threads = True
    assert app.posts("stray", thread_ts="1.000001")["message"]["thread_ts"] == "1.000001"


def test_a_permalink_leads_to_the_message(app: App) -> None:
    parent = app.posts()["ts"]
    reply = app.posts(thread_ts=parent)["ts"]
    link = app.calls("chat.getPermalink", channel=PROJECT, message_ts=parent)["permalink"]
    assert link == "https://example-workspace.slack.com/archives/C0P101/p1774875600000000"
    link = app.calls("chat.getPermalink", channel=PROJECT, message_ts=reply)["permalink"]
    assert link.endswith(f"?thread_ts={parent}&cid={PROJECT}")


def test_metadata_is_kept_and_returned_when_asked_for(app: App, luis: Person) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "risk:1"}}
    ts = app.posts(metadata=json.dumps(metadata))["ts"]
    app.calls("chat.update", channel=PROJECT, ts=ts, text="edited")
    quiet = app.calls("conversations.history", channel=PROJECT)["messages"][0]
    told = app.calls("conversations.history", channel=PROJECT, include_all_metadata=True)["messages"][0]
    assert "metadata" not in quiet
    assert told["metadata"] == luis.reads(PROJECT)[0]["metadata"] == metadata
    app.calls("chat.update", channel=PROJECT, ts=ts, text="edited", metadata={})
    assert "metadata" not in luis.reads(PROJECT)[0]


def test_a_persons_id_opens_the_direct_conversation(app: App, luis: Person) -> None:
    body = app.posts("hello", channel=LUIS)
    assert body["channel"] == luis.dm
    assert [message["text"] for message in luis.direct_messages()] == ["hello"]


def test_a_messages_tab_that_is_off_takes_no_messages(sandbox: Sandbox) -> None:
    features = MANIFEST["features"] | {"app_home": {"messages_tab_enabled": False}}
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"features": features})))
    assert app.calls("chat.postMessage", channel=LUIS, text="hello")["error"] == "messages_tab_disabled"


def test_people_see_what_slack_would_show_them(sandbox: Sandbox, app: App, maya: Person, luis: Person) -> None:
    assert sandbox.person(GUEST).reads(PROJECT) == []
    for person, channel in [(sandbox.person(GUEST), OPEN), (luis, SECRET), (luis, maya.dm)]:
        with pytest.raises(SlackRefused):
            person.reads(channel)
