"""Whom a message of the app would call."""

import pytest

from bot.sandbox import Broadcast, Mention, Person, Sandbox
from tests.sandbox.conftest import (
    LUIS,
    MAYA,
    PROJECT,
    App,
    Payload,
    mrkdwn,
    plain,
    section,
)


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ({"text": "<!channel> look"}, ["channel"]),
        ({"text": "<!subteam^S1|@leads>"}, ["subteam^S1"]),
        ({"text": "@here", "link_names": True}, ["here"]),
        ({"text": "@everyone", "parse": "full"}, ["everyone"]),
        ({"text": "x", "blocks": [section("<!here|x>")]}, ["here"]),
        ({"text": "x", "blocks": [{"type": "section", "text": mrkdwn("@channel", verbatim=False)}]}, ["channel"]),
        ({"text": "@here &lt;!channel&gt;"}, []),
        ({"text": "x", "blocks": [section("@channel &lt;!here&gt;")]}, []),
        ({"text": "x", "blocks": [{"type": "section", "text": plain("<!channel>")}]}, []),
    ],
)
def test_every_live_broadcast_is_recorded(sandbox: Sandbox, app: App, message: Payload, names: list[str]) -> None:
    ts = app.posts(**message)["ts"]
    assert sandbox.broadcasts == [Broadcast(name, PROJECT, ts) for name in names]


def test_rich_text_can_call_a_channel_too(sandbox: Sandbox, app: App) -> None:
    leaf = {"type": "broadcast", "range": "channel"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}
    app.posts(blocks=[rich])
    assert [broadcast.name for broadcast in sandbox.broadcasts] == ["channel"]


def test_a_mention_is_counted_for_members_in_new_messages_only(sandbox: Sandbox, app: App) -> None:
    ts = app.posts(f"<@{MAYA}> look", blocks=[section(f"<@{MAYA}> and <@U0STRANGER>")])["ts"]
    app.calls("chat.update", channel=PROJECT, ts=ts, text=f"<@{LUIS}> look")
    app.calls("chat.postEphemeral", channel=PROJECT, user=MAYA, text=f"<@{LUIS}> did it")
    assert sandbox.mentions == [Mention(MAYA, PROJECT, ts)]


def test_every_direct_message_notifies(sandbox: Sandbox, app: App, luis: Person) -> None:
    ts = app.posts("hello", channel=LUIS)["ts"]
    assert sandbox.mentions == [Mention(LUIS, luis.dm, ts)]
