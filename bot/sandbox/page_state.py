"""What the page shows: people, channels, unread messages, the app."""

from dataclasses import asdict

from bot.sandbox import messages
from bot.sandbox.answers import Json
from bot.sandbox.manifest import Command
from bot.sandbox.person import Person
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import APP_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME, Channel, Message, World


def state(sandbox: Sandbox, person: Person, clock: Json) -> Json:
    ws, dm = sandbox.workspace, person.dm
    with ws.reading() as world:
        channels = [c for c in world.channels.values() if c.kind != "im" and messages.can_read(ws, person.id, c)]
        return {
            "me": asdict(world.members[person.id]),
            "people": [asdict(member) for member in world.members.values()],
            "channels": [_channel(world, person.id, channel) for channel in channels],
            "dms": [{"id": dm, "user": BOT_USER_ID, "unread": _unread(world, person.id, world.channels[dm])}],
            "workspace": {"id": TEAM_ID, "name": TEAM_NAME},
            "app": {
                "id": APP_ID,
                "name": ws.installed.app_name,
                "dm": dm,
                "takes_messages": ws.installed.messages_tab and not ws.installed.messages_tab_read_only,
            },
            "commands": [_command(command) for command in ws.installed.commands.values()],
            "clock": clock,
            "modals": person.modals,
            "home": person.home,
        }


def conversation(sandbox: Sandbox, person: Person, channel_id: str, thread: str | None) -> list[Json]:
    """Looking at a channel reads it."""
    if thread:
        return person.thread(channel_id, thread)
    found = person.reads(channel_id)
    with sandbox.workspace.reading() as world:
        newest = max((message["ts"] for message in found), default="")
        world.last_read.setdefault(person.id, {})[channel_id] = newest
    return found


def _channel(world: World, user: str, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": "channel",
        "is_private": channel.kind == "group",
        "is_archived": channel.is_archived,
        "member": user in channel.members,
        "bot_member": BOT_USER_ID in channel.members,
        "unread": _unread(world, user, channel) if user in channel.members else 0,
    }


def _unread(world: World, user: str, channel: Channel) -> int:
    seen = world.last_read.get(user, {}).get(channel.id, "")
    return sum(_is_news(message, user, seen) for message in channel.messages.values())


def _is_news(message: Message, user: str, seen: str) -> bool:
    is_mine = message.user == user or message.only_for not in (None, user)
    return message.ts > seen and not is_mine and not message.is_reply


def _command(command: Command) -> Json:
    return {"command": command.command, "description": command.description, "usage_hint": command.usage_hint}
