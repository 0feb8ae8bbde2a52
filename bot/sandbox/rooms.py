"""Coming and going: the app's tabs, members of channels, people of the workspace."""

from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.client import Client
from bot.sandbox.courier import Courier, Outcome
from bot.sandbox.payloads import EVENT_CHANNEL_TYPES
from bot.sandbox.state import Channel
from bot.sandbox.views import shown
from bot.sandbox.workspace import Change, Workspace


def open_tab(client: Client, tab: str) -> Outcome:
    installed = client.ws.installed
    if not (installed.home_tab if tab == "home" else installed.messages_tab):
        raise SlackRefused(f"this app has no {tab} tab")
    with client.ws.changing() as world:
        dm = client.ws.dm_with(client.me(world).id)
        event: Json = {"type": "app_home_opened", "user": client.user, "channel": dm.id, "tab": tab}
        home = world.homes.get(client.user)
        if tab == "home" and home:
            event["view"] = shown(client.ws, home, with_values=True)
    return client.courier.send_event(event, client.user)


def add_member(client: Client, channel_id: str, user: str) -> Outcome:
    """Invited by the client's person, or (when that is `user`) joining on their own."""
    with client.ws.changing() as world:
        channel = world.channels.get(channel_id)
        if channel is None or (user == client.user and channel.kind != "channel"):
            raise SlackRefused(f"{client.user} sees no channel {channel_id}")
        if user != client.user:
            client.joined(world, channel_id)
        if user in channel.members:
            raise SlackRefused(f"{user} is in {channel_id} already")
        channel.members.append(user)
        client.ws.changed(Change("membership", channel=channel_id))
        event = _membership(client, "member_joined_channel", channel_id, channel.kind, user)
    if user != client.user:
        event["inviter"] = client.user
    return _if_bot_sees(client, channel.members, event)


def remove_member(client: Client, channel_id: str, user: str) -> Outcome:
    with client.ws.changing() as world:
        channel = client.joined(world, channel_id)
        if user not in channel.members:
            raise SlackRefused(f"{user} is not in {channel_id}")
        seen_by = list(channel.members)
        channel.members.remove(user)
        client.ws.changed(Change("membership", channel=channel_id))
        event = _membership(client, "member_left_channel", channel_id, channel.kind, user)
    return _if_bot_sees(client, seen_by, event)


def archive(ws: Workspace, courier: Courier, channel_id: str, *, archived: bool) -> None:
    with ws.changing() as world:
        channel = world.channels[channel_id]
        channel.is_archived = archived
        ws.changed(Change("membership"))
    _tell_bot(
        ws,
        courier,
        channel,
        {"type": f"{channel.kind}_{'archive' if archived else 'unarchive'}", "channel": channel_id},
    )


def rename(ws: Workspace, courier: Courier, channel_id: str, name: str) -> None:
    with ws.changing() as world:
        channel = world.channels[channel_id]
        channel.name = name
        ws.changed(Change("membership"))
    about = {"id": channel_id, "name": name, "created": channel.created}
    _tell_bot(ws, courier, channel, {"type": f"{channel.kind}_rename", "channel": about})


def delete(ws: Workspace, courier: Courier, channel_id: str) -> None:
    """With all that was said there."""
    with ws.changing() as world:
        channel = world.channels.pop(channel_id)
        ws.changed(Change("membership"))
    _tell_bot(ws, courier, channel, {"type": f"{channel.kind}_deleted", "channel": channel_id})


def change_id(ws: Workspace, courier: Courier, channel_id: str, new_id: str) -> None:
    """As when it is shared with another company."""
    with ws.changing() as world:
        channel = world.channels.pop(channel_id)
        channel.id = new_id
        world.channels[new_id] = channel
        for message in channel.messages.values():
            message.channel = new_id
        ws.changed(Change("membership"))
    event: Json = {"type": "channel_id_changed", "old_channel_id": channel_id, "new_channel_id": new_id}
    _tell_bot(ws, courier, channel, event)


def _tell_bot(ws: Workspace, courier: Courier, channel: Channel, event: Json) -> None:
    if ws.identity.bot_user_id in channel.members:
        courier.send_event(event, channel.members[0])


def _membership(client: Client, kind: str, channel_id: str, channel_kind: str, user: str) -> Json:
    channel_type = EVENT_CHANNEL_TYPES[channel_kind]
    team = client.ws.identity.team_id
    return {"type": kind, "user": user, "channel": channel_id, "channel_type": channel_type, "team": team}


def _if_bot_sees(client: Client, members: list[str], event: Json) -> Outcome:
    return client.courier.send_event(event, client.user) if client.ws.bot_user_id in members else Outcome()
