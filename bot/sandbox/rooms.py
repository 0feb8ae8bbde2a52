"""Coming and going: the app's tabs, members of channels, people of the workspace."""

from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.client import Client
from bot.sandbox.courier import Outcome
from bot.sandbox.payloads import EVENT_CHANNEL_TYPES
from bot.sandbox.views import shown
from bot.sandbox.workspace import Change


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


def _membership(client: Client, kind: str, channel_id: str, channel_kind: str, user: str) -> Json:
    channel_type = EVENT_CHANNEL_TYPES[channel_kind]
    team = client.ws.identity.team_id
    return {"type": kind, "user": user, "channel": channel_id, "channel_type": channel_type, "team": team}


def _if_bot_sees(client: Client, members: list[str], event: Json) -> Outcome:
    return client.courier.send_event(event, client.user) if client.ws.bot_user_id in members else Outcome()
