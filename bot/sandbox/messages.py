"""Messages: what is refused, what is kept, who may see it, and how it is shown to apps and to people."""

import copy
import json
from collections.abc import Mapping
from itertools import takewhile
from typing import Any, Literal

from bot.sandbox import mrkdwn
from bot.sandbox.answers import ApiError, Json, SlackRefused, invalid_arguments
from bot.sandbox.args import Args
from bot.sandbox.elements import name_parts
from bot.sandbox.state import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Channel, Message
from bot.sandbox.workspace import Broadcast, Change, Mention, Workspace
from bot.slack_rules import check_message, check_view, text_size

# The smallest total that Slack was reported to refuse lies just above.
MOST_BLOCK_TEXT = 11_000
MOST_TEXT = 40_000
MOST_EDITED_TEXT = 4_000
# Slack publishes no limit for metadata; this is far more than a key or a few ids need.
MOST_METADATA = 8_000


def content_of(args: Args, *, most_text: int = MOST_TEXT, most_block_text: int | None = MOST_BLOCK_TEXT) -> Json:
    """`text` and `blocks` of a call, checked. Blocks are None when the call does not name them."""
    try:
        blocks = args.parsed("blocks")
    except ValueError:
        raise ApiError("invalid_blocks_format") from None
    text = args.text("text")
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > most_text:
        raise ApiError("msg_too_long")
    content = {"text": text, **({} if blocks is None else {"blocks": blocks})}
    _require_sound(content)
    if most_block_text is not None and text_size(content) > most_block_text:
        raise ApiError("msg_blocks_too_long")
    return {"text": text, "blocks": copy.deepcopy(blocks)}


def _require_sound(content: Mapping[str, Any]) -> None:
    problems = [str(problem) for problem in check_message(content)]
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise ApiError("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def require_sound_view(view: Any, kind: str) -> Json:
    """A view as it is kept; `kind` is what the place takes, "modal" or "home"."""
    if not isinstance(view, dict):
        raise invalid_arguments(["must provide an object [json-pointer:/view]"])
    problems = check_view(view)
    if any(problem.message == "view_too_large" for problem in problems):
        raise ApiError("view_too_large")
    if not problems and view["type"] != kind:
        raise invalid_arguments([f"must be a {kind} [json-pointer:/view/type]"])
    if problems:
        raise invalid_arguments(problems)
    return copy.deepcopy(view)


def metadata_of(args: Args) -> Json | None:
    try:
        metadata = args.parsed("metadata")
    except ValueError:
        raise ApiError("invalid_metadata_format") from None
    if not metadata:
        return {} if args.has("metadata") else None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise ApiError("metadata_too_large")
    return metadata


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
        message.text, message.blocks, message.tombstone = "This message was deleted.", [], True
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
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "team": TEAM_ID}
    shown["text"] = mrkdwn.handed_back(message.text)
    if message.tombstone:
        shown |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
    if message.by_app:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = mrkdwn.blocks_handed_back(message.blocks)
    if with_metadata and message.metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown | _thread(ws, message) | ({"edited": message.edited} if message.edited else {})


def as_seen(ws: Workspace, message: Message) -> Json:
    """The message as a person's client gets it: text and blocks as they were sent."""
    seen: Json = {"ts": message.ts, "channel": message.channel, "user": message.user, "text": message.text}
    seen["blocks"] = copy.deepcopy(message.blocks)
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
    return Message(ws.next_ts(), channel, BOT_USER_ID, content["text"], blocks, by_app=True, **rest)
