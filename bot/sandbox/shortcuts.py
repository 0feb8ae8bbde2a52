"""Shortcuts of the app: started from anywhere, or from the menu of a message."""

from bot.sandbox.answers import SlackRefused
from bot.sandbox.client import Client, ignore
from bot.sandbox.courier import Outcome
from bot.sandbox.touch import message_at


def run(client: Client, callback_id: str) -> Outcome:
    _require(client, callback_id, "global")
    with client.ws.changing() as world:
        payload = client.payloads.shortcut(client.me(world), callback_id)
    return client.interact(payload, ignore)


def use_on_message(client: Client, channel_id: str, ts: str, callback_id: str) -> Outcome:
    """On whatever this person can read, whether or not the app can; not on what only they can see."""
    _require(client, callback_id, "message")
    with client.ws.changing() as world:
        message = message_at(client, channel_id, ts)
        if message.only_for or message.tombstone:
            raise SlackRefused("this message has no menu of shortcuts")
        payload = client.payloads.message_action(client.me(world), message, callback_id)
    return client.interact(payload, ignore)


def _require(client: Client, callback_id: str, kind: str) -> None:
    shortcut = client.ws.installed.shortcuts.get(callback_id)
    if shortcut is None or shortcut.kind != kind:
        raise SlackRefused(f"the app has no {kind} shortcut {callback_id!r}")
