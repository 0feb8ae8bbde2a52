"""What is new to a person in a conversation, and how much of it names them."""

from itertools import islice, takewhile

from bot.sandbox import mrkdwn
from bot.sandbox.answers import Json
from bot.sandbox.state import Channel, Message, World
from bot.sandbox.workspace import Change, Workspace

MOST_COUNTED = 100
NOTHING = {"unread": 0, "mentions": 0}


def counts(world: World, user: str, channel: Channel | None) -> Json:
    """Unread messages; and those that notify: where they are named, also in threads, and all in a direct message.
    Beyond a hundred nobody counts."""
    if channel is None or user not in channel.members:
        return NOTHING
    news = _news(world, user, channel)
    shown = sum(not message.is_reply or message.also_in_channel for message in news)
    return {"unread": shown, "mentions": sum(_notifies(message, user, channel) for message in news)}


def mark_read(ws: Workspace, user: str, channel_id: str) -> None:
    """The conversation with its threads, up to now; this person's other windows hear of it."""
    with ws.changing() as world:
        channel = world.channels[channel_id]
        if _news(world, user, channel):
            newest = next(reversed(channel.messages))
            world.last_read.setdefault(user, {})[channel_id] = newest
            ws.changed(Change("read", frozenset({user}), channel_id))


def _news(world: World, user: str, channel: Channel) -> list[Message]:
    seen = world.last_read.get(user, {}).get(channel.id, "")
    newer = takewhile(lambda message: message.ts > seen, reversed(channel.messages.values()))
    return list(islice((message for message in newer if _is_for(message, user)), MOST_COUNTED))


def _is_for(message: Message, user: str) -> bool:
    return message.user != user and message.only_for in (None, user)


def _notifies(message: Message, user: str, channel: Channel) -> bool:
    """A message for one pair of eyes notifies nobody."""
    if message.only_for:
        return False
    return channel.kind == "im" or user in mrkdwn.people_named_in(message)
