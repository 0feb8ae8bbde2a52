"""Which conversations the app can see and write to."""

from bot.sandbox.answers import ApiError
from bot.sandbox.state import Channel, Member
from bot.sandbox.workspace import Workspace


def known_channel(ws: Workspace, channel_id: str) -> Channel:
    """One the app may know of: public ones, and those it is a member of."""
    channel = ws.world.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and ws.bot_user_id not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def writable_channel(ws: Workspace, channel_id: str) -> Channel:
    channel = known_channel(ws, channel_id)
    if channel.is_archived:
        raise ApiError("is_archived")
    if ws.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if channel.kind == "im":
        _require_reachable(ws, channel)
    return channel


def postable_channel(ws: Workspace, channel_id: str) -> Channel:
    """As above; a person's id means the DM, and `chat:write.public` opens every public channel."""
    if channel_id in ws.world.members:
        return writable_channel(ws, ws.dm_with(reachable_person(ws, channel_id).id).id)
    channel = known_channel(ws, channel_id)
    is_open = channel.kind == "channel" and "chat:write.public" in ws.installed.scopes
    if is_open and not channel.is_archived:
        return channel
    return writable_channel(ws, channel_id)


def reachable_person(ws: Workspace, user: str) -> Member:
    member = ws.world.members.get(user)
    if member is None or member.deleted:
        raise ApiError("channel_not_found")
    if member.is_bot:
        raise ApiError("cannot_dm_bot")
    if member.refuses_apps:
        raise ApiError("user_not_visible")
    return member


def _require_reachable(ws: Workspace, dm: Channel) -> None:
    reachable_person(ws, dm.members[0])
    if not ws.installed.messages_tab:
        raise ApiError("messages_tab_disabled")
