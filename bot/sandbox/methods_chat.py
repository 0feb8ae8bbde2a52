"""chat.*"""

from bot.sandbox import messages
from bot.sandbox.access import known_channel, postable_channel, writable_channel
from bot.sandbox.answers import ApiError, Json
from bot.sandbox.args import Args
from bot.sandbox.content import MOST_EDITED_TEXT, content_of, metadata_of
from bot.sandbox.state import Channel, Message
from bot.sandbox.workspace import Workspace


def post_message(ws: Workspace, args: Args) -> Json:
    channel = postable_channel(ws, args.required("channel"))
    content = content_of(ws, args)
    thread_ts = thread_of(ws, channel, args.text("thread_ts"))
    message = messages.app_message(
        ws,
        channel.id,
        content,
        thread_ts=thread_ts,
        also_in_channel=args.flag("reply_broadcast"),
        metadata=metadata_of(args) or None,
    )
    messages.keep(ws, message, names_linked=_names_linked(args))
    shown = messages.as_slack(ws, message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(ws: Workspace, args: Args) -> Json:
    channel = writable_channel(ws, args.required("channel"))
    user = args.required("user")
    member = ws.world.members.get(user)
    if user not in channel.members or member is None or member.deleted:
        raise ApiError("user_not_in_channel")
    content = content_of(ws, args)
    thread_ts = thread_of(ws, channel, args.text("thread_ts"))
    message = messages.app_message(ws, channel.id, content, thread_ts=thread_ts, only_for=user)
    messages.keep(ws, message, names_linked=_names_linked(args))
    return {"ok": True, "message_ts": message.ts}


def update(ws: Workspace, args: Args) -> Json:
    channel = writable_channel(ws, args.required("channel"))
    message = _own_message(channel, args.required("ts"), "cant_update_message")
    content = content_of(ws, args, most_text=MOST_EDITED_TEXT)
    metadata = metadata_of(args)
    if metadata is not None:
        message.metadata = metadata or None
    messages.change(ws, message, content["text"], content["blocks"], names_linked=_names_linked(args))
    shown = messages.as_slack(ws, message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": shown["text"], "message": shown}


def delete(ws: Workspace, args: Args) -> Json:
    channel = writable_channel(ws, args.required("channel"))
    message = _own_message(channel, args.required("ts"), "cant_delete_message")
    messages.drop(ws, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def get_permalink(ws: Workspace, args: Args) -> Json:
    channel = known_channel(ws, args.required("channel"))
    message = channel.posted(args.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"{ws.identity.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    return {"ok": True, "channel": channel.id, "permalink": link + thread}


def _own_message(channel: Channel, ts: str, refusal: str) -> Message:
    message = channel.posted(ts)
    if message is None:
        raise ApiError("message_not_found")
    if not message.by_app:
        raise ApiError(refusal)
    return message


def thread_of(ws: Workspace, channel: Channel, ts: str) -> str | None:
    """The parent to reply to. What Slack does without one is not documented: both are possible here."""
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if (parent is None or parent.is_reply or parent.only_for) and not ws.stray_threads:
        raise ApiError("cannot_reply_to_message")
    return ts


def _names_linked(args: Args) -> bool:
    return args.flag("link_names") or args.text("parse") == "full"
