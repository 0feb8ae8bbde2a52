"""conversations.*"""

from collections.abc import Callable

from bot.sandbox import messages
from bot.sandbox.access import known_channel
from bot.sandbox.answers import ApiError, Json, paged
from bot.sandbox.args import Args, need_team, page
from bot.sandbox.state import Channel, Message
from bot.sandbox.workspace import Workspace
from bot.slack_rules.scopes import HISTORY_BY_KIND, READ_BY_KIND

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
LARGEST_PAGE = 999


def open_dm(ws: Workspace, args: Args) -> Json:
    users = args.names("users")
    if args.has("channel"):
        return _opened(ws, known_channel(ws, args.text("channel")), args, already=True)
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        ws.installed.need("mpim:write")
        raise ApiError("invalid_user_combination")
    member = ws.world.members.get(users[0])
    if member is None:
        raise ApiError("user_not_found")
    if member.deleted:
        raise ApiError("user_disabled")
    if member.is_bot:
        raise ApiError("cannot_dm_bot")
    if member.refuses_apps:
        raise ApiError("user_not_visible")
    already = f"D{member.id[1:]}" in ws.world.channels
    return _opened(ws, ws.dm_with(member.id), args, already=already)


def _opened(ws: Workspace, channel: Channel, args: Args, *, already: bool) -> Json:
    shown = _shown(ws, channel) if args.flag("return_im") else {"id": channel.id}
    extra = {"no_op": True, "already_open": True} if already else {}
    return {"ok": True, "channel": shown, **extra}


def info(ws: Workspace, args: Args) -> Json:
    channel = known_channel(ws, args.required("channel"))
    ws.installed.need(READ_BY_KIND[channel.kind])
    return {"ok": True, "channel": _shown(ws, channel)}


def list_channels(ws: Workspace, args: Args) -> Json:
    return _listed(ws, args, lambda channel: channel.kind == "channel" or ws.bot_user_id in channel.members)


def list_joined(ws: Workspace, args: Args) -> Json:
    """`users.conversations`: those that the app takes part in, or the public ones that somebody else does."""
    user = args.text("user", ws.bot_user_id)
    if user not in ws.world.members:
        raise ApiError("user_not_found")
    return _listed(
        ws,
        args,
        lambda channel: user in channel.members and (channel.kind == "channel" or ws.bot_user_id in channel.members),
    )


def _listed(ws: Workspace, args: Args, is_seen: Callable[[Channel], bool]) -> Json:
    need_team(ws, args)
    kinds = [TYPES.get(name, "") for name in args.names("types", "public_channel")]
    if "" in kinds:
        raise ApiError("invalid_types")
    for kind in kinds:
        ws.installed.need(READ_BY_KIND[kind])
    seen = [channel for channel in ws.world.channels.values() if is_seen(channel)]
    asked = [c for c in seen if c.kind in kinds and not (args.flag("exclude_archived") and c.is_archived)]
    found, cursor = page(asked, args, default=100, most=LARGEST_PAGE)
    return paged("channels", [_shown(ws, channel) for channel in found], cursor)


def members(ws: Workspace, args: Args) -> Json:
    channel = known_channel(ws, args.required("channel"))
    ws.installed.need(READ_BY_KIND[channel.kind])
    found, cursor = page(channel.members, args, default=100)
    return paged("members", found, cursor)


def history(ws: Workspace, args: Args) -> Json:
    channel = _recorded(ws, args)
    posted = [m for m in channel.messages.values() if m.only_for is None]
    inside = _between([m for m in posted if not m.is_reply or m.also_in_channel], args)
    inside.reverse()
    return _history_page(ws, inside, args)


def replies(ws: Workspace, args: Args) -> Json:
    channel = _recorded(ws, args)
    parent = channel.messages.get(args.required("ts"))
    if parent is None or parent.only_for:
        raise ApiError("thread_not_found")
    return _history_page(ws, [parent, *_between(channel.replies_to(parent.ts), args)], args)


def _recorded(ws: Workspace, args: Args) -> Channel:
    channel = known_channel(ws, args.required("channel"))
    ws.installed.need(HISTORY_BY_KIND[channel.kind])
    if ws.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(found: list[Message], args: Args) -> list[Message]:
    oldest, latest = _instant(args, "oldest"), _instant(args, "latest")
    with_ends = args.flag("inclusive")
    inside = []
    for message in found:
        ts = float(message.ts)
        after = oldest is None or ts > oldest or (with_ends and ts == oldest)
        before = latest is None or ts < latest or (with_ends and ts == latest)
        if after and before:
            inside.append(message)
    return inside


def _instant(args: Args, name: str) -> float | None:
    try:
        return float(args.text(name)) if args.text(name) else None
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


def _history_page(ws: Workspace, found: list[Message], args: Args) -> Json:
    inside, cursor = page(found, args, default=100, most=LARGEST_PAGE)
    with_metadata = args.flag("include_all_metadata")
    shown = [messages.as_slack(ws, message, with_metadata=with_metadata) for message in inside]
    return paged("messages", shown, cursor) | {"has_more": bool(cursor)}


def _shown(ws: Workspace, channel: Channel) -> Json:
    shared = {"id": channel.id, "created": channel.created, "is_archived": channel.is_archived}
    if channel.kind == "im":
        return {**shared, "is_im": True, "user": channel.members[0], "is_org_shared": False}
    return {
        **shared,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "group",
        "is_general": channel.name == "general",
        "is_member": ws.bot_user_id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "num_members": len(channel.members),
    }
