"""The commands that Slack brings itself; no app hears of them but by the events they cause."""

import re
from collections.abc import Callable

from bot.sandbox import rooms
from bot.sandbox.answers import SlackRefused
from bot.sandbox.client import Client
from bot.sandbox.courier import Outcome
from bot.sandbox.manifest import Command

BuiltIn = Callable[[Client, str, str], Outcome]
"""(who types, channel, what stands behind the command)"""

COMMANDS = (
    Command("/invite", "Add somebody, or an app, to this channel", "@name", should_escape=False),
    Command("/remove", "Remove somebody, or an app, from this channel", "@name", should_escape=False),
    Command("/leave", "Leave this channel", "", should_escape=False),
)


def _invite(client: Client, channel: str, text: str) -> Outcome:
    outcome = Outcome()
    for user in _named(client, text):
        outcome = rooms.add_member(client, channel, user)
    return outcome


def _remove(client: Client, channel: str, text: str) -> Outcome:
    outcome = Outcome()
    for user in _named(client, text):
        outcome = rooms.remove_member(client, channel, user)
    return outcome


def _leave(client: Client, channel: str, text: str) -> Outcome:
    return rooms.remove_member(client, channel, client.user)


def _named(client: Client, text: str) -> list[str]:
    names = re.findall(r"@([\w.-]*\w)", text)
    if not names:
        raise SlackRefused("Say whom: @name")
    with client.ws.reading() as world:
        ids = {member.name: member.id for member in world.members.values() if not member.deleted}
    unknown = [name for name in names if name not in ids]
    if unknown:
        raise SlackRefused(f"Nobody is called @{unknown[0]}")
    return [ids[name] for name in names]


RUN: dict[str, BuiltIn] = {"/invite": _invite, "/remove": _remove, "/leave": _leave}
