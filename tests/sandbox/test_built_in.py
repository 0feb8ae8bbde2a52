"""Slack's own commands: an app hears of them only by what they cause."""

import pytest

from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import LUIS, MAYA, PROJECT, App


def members(sandbox: Sandbox, channel: str) -> list[str]:
    return sandbox.workspace.world.channels[channel].members


def test_inviting_the_app_brings_it_in_and_tells_it(app: App, sandbox: Sandbox, maya: Person) -> None:
    maya.removes_bot(PROJECT)
    maya.types(PROJECT, "/invite @stationmaster")
    assert sandbox.bot_user_id in members(sandbox, PROJECT)
    event = app.last["event"]
    assert (event["type"], event["user"], event["inviter"]) == ("member_joined_channel", sandbox.bot_user_id, MAYA)


def test_somebody_is_removed_and_somebody_leaves(app: App, sandbox: Sandbox, maya: Person) -> None:
    maya.types(PROJECT, "/remove @luis.ortega")
    assert LUIS not in members(sandbox, PROJECT)
    maya.types(PROJECT, "/leave")
    assert MAYA not in members(sandbox, PROJECT)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("/invite", "Say whom"), ("/invite @nobody.at.all", "Nobody is called"), ("/invite @luis.ortega", "already")],
)
def test_what_cannot_be_done_is_said(app: App, maya: Person, typed: str, why: str) -> None:
    with pytest.raises(SlackRefused, match=why):
        maya.types(PROJECT, typed)


def test_nobody_else_is_invited_into_a_direct_message(app: App, maya: Person) -> None:
    with pytest.raises(SlackRefused, match="does not work here"):
        maya.types(maya.dm, "/invite @luis.ortega")
