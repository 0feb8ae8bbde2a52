"""Messages: what is kept, who may see it, and how it is shown to apps and to people."""

import copy
from itertools import takewhile
from typing import Any, Literal

from bot.sandbox import files, mrkdwn
from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.elements import name_parts
from bot.sandbox.state import Channel, Message
from bot.sandbox.workspace import Broadcast, Change, Mention, Workspace


def keep(ws: Workspace, message: Message, *, names_linked: bool = False) -> Message:
    """Puts a new message where it belongs and notes whom it notifies."""
    name_parts(message.blocks, ws.next_id)
    channel = ws.world.channels[message.channel]
    channel.keep(message)
    if message.by_app:
        _note_broadcasts(ws, message, names_linked)
        _note_mentions(ws, message, channel)
    tell(ws, message)
    return message


def change(
    ws: Workspace, message: Message, text: str, blocks: list[Json] | None, *, names_linked: bool = False
) -> None:
    """Another text in the same place. It pings nobody; a live broadcast in it is noted all the same."""
    message.text, message.blocks = text, blocks or []
    message.edited = {"user": message.user, "ts": ws.next_ts()}
    name_parts(message.blocks, ws.next_id)
    _note_broadcasts(ws, message, names_linked)
    tell(ws, message)


def drop(ws: Workspace, message: Message) -> None:
    """Gone for everyone; while there are replies its place in the channel stays."""
    channel = ws.world.channels[message.channel]
    if channel.replies_to(message.ts):
        message.text, message.blocks, message.files, message.tombstone = "This message was deleted.", [], [], True
        tell(ws, message)
    else:
        channel.forget(message)
        tell(ws, message, "deleted")


def tell(ws: Workspace, message: Message, kind: Literal["message", "deleted"] = "message") -> None:
    channel = ws.world.channels[message.channel]
    everyone = None if channel.kind == "channel" else frozenset(channel.members)
    audience = frozenset({message.only_for}) if message.only_for else everyone
    ws.changed(Change(kind, audience, message.channel, message.ts))


def _note_broadcasts(ws: Workspace, message: Message, names_linked: bool) -> None:
    for name in mrkdwn.broadcasts_in(message, names_linked=names_linked):
        ws.broadcasts.append(Broadcast(name, message.channel, message.ts))


def _note_mentions(ws: Workspace, message: Message, channel: Channel) -> None:
    """Who is no member is not notified by Slack; a message for one pair of eyes notifies nobody."""
    if message.only_for:
        return
    named = set(channel.members) if channel.kind == "im" else mrkdwn.people_named_in(message)
    for user in sorted(named & set(channel.members) - {message.user}):
        ws.mentions.append(Mention(user, message.channel, message.ts))


def as_slack(ws: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """The message as the Web API and payloads show it to the app."""
    identity = ws.identity
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "team": identity.team_id}
    shown["text"] = mrkdwn.handed_back(message.text)
    if message.tombstone:
        shown |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
    if message.by_app:
        shown |= {"bot_id": identity.bot_id, "app_id": identity.app_id}
    if message.blocks:
        shown["blocks"] = mrkdwn.blocks_handed_back(message.blocks)
    if message.files:
        shown["files"] = files.listed(ws, message.files, files.as_slack)
    if with_metadata and message.metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown | _thread(ws, message) | ({"edited": message.edited} if message.edited else {})


def as_seen(ws: Workspace, message: Message) -> Json:
    """The message as a person's client gets it: text and blocks as they were sent."""
    seen: Json = {"ts": message.ts, "channel": message.channel, "user": message.user, "text": message.text}
    seen["blocks"] = copy.deepcopy(message.blocks)
    if message.files:
        seen["files"] = files.listed(ws, message.files, files.as_seen)
    if message.only_for:
        seen["ephemeral"] = True
    if message.edited:
        seen["edited"] = message.edited
    if message.metadata:
        seen["metadata"] = copy.deepcopy(message.metadata)
    return seen | _thread(ws, message)


def _thread(ws: Workspace, message: Message) -> Json:
    if message.is_reply:
        return {"thread_ts": message.thread_ts}
    replies = ws.world.channels[message.channel].replies_to(message.ts)
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    latest = {"reply_count": len(replies), "latest_reply": replies[-1].ts}
    return {"thread_ts": message.ts, **latest, "reply_users": people, "reply_users_count": len(people)}


def can_read(ws: Workspace, user: str, channel: Channel) -> bool:
    """Members, and everyone but guests where the channel is public."""
    return user in channel.members or (channel.kind == "channel" and not ws.world.members[user].is_restricted)


def readable(ws: Workspace, user: str, channel_id: str) -> Channel:
    channel = ws.world.channels.get(channel_id)
    if channel is None or not can_read(ws, user, channel):
        raise SlackRefused(f"{user} sees no conversation {channel_id}")
    return channel


def seen_in_channel(ws: Workspace, user: str, channel: Channel) -> list[Json]:
    """Oldest first, without what stands only in threads."""
    visible = (m for m in channel.messages.values() if m.only_for in (None, user))
    return [as_seen(ws, m) for m in visible if not m.is_reply or m.also_in_channel]


def seen_in_thread(ws: Workspace, user: str, channel: Channel, ts: str) -> list[Json]:
    visible = (m for m in channel.messages.values() if m.only_for in (None, user))
    return [as_seen(ws, m) for m in visible if ts in (m.ts, m.thread_ts)]


def news_for(ws: Workspace, user: str, after: int) -> list[Json]:
    """What others said since `after` (a value of `World.last_ts`) where this person is a member."""
    new = [
        message
        for channel in ws.world.channels.values()
        for message in takewhile(lambda message: _instant(message) > after, reversed(channel.messages.values()))
        if _is_for(user, channel, message)
    ]
    return [as_seen(ws, message) for message in sorted(new, key=_instant)]


def _instant(message: Message) -> int:
    return int(message.ts.replace(".", ""))


def _is_for(user: str, channel: Channel, message: Message) -> bool:
    if message.only_for:
        return message.only_for == user
    return user in channel.members and message.user != user


def app_message(ws: Workspace, channel: str, content: Json, **rest: Any) -> Message:
    blocks = content["blocks"] or []
    return Message(ws.next_ts(), channel, ws.bot_user_id, content["text"], blocks, by_app=True, **rest)
