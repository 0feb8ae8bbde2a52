"""What the page shows: people, channels, unread messages, the app."""

from dataclasses import asdict

from bot.sandbox import built_in, messages
from bot.sandbox.answers import Json
from bot.sandbox.manifest import Command
from bot.sandbox.person import Person
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import Channel
from bot.sandbox.unread import counts, mark_read
from bot.sandbox.workspace import Workspace


def state(sandbox: Sandbox, person: Person) -> Json:
    ws, dm = sandbox.workspace, person.dm
    with ws.reading() as world:
        channels = [c for c in world.channels.values() if c.kind != "im" and messages.can_read(ws, person.id, c)]
        return {
            "me": asdict(world.members[person.id]),
            "people": [asdict(member) for member in world.members.values()],
            "channels": [_channel(ws, person.id, channel) for channel in channels],
            "dms": [{"id": dm, "user": ws.bot_user_id, **counts(world, person.id, world.channels[dm])}],
            "workspace": {"id": ws.identity.team_id, "name": ws.identity.team_name},
            "app": {
                "id": ws.identity.app_id,
                "name": ws.installed.app_name,
                "dm": dm,
                "takes_messages": ws.installed.messages_tab and not ws.installed.messages_tab_read_only,
            },
            "commands": [_command(command) for command in (*ws.installed.commands.values(), *built_in.COMMANDS)],
            "shortcuts": [asdict(shortcut) for shortcut in ws.installed.shortcuts.values()],
            "modals": person.modals,
            "home": person.home,
        }


def conversation(
    sandbox: Sandbox, person: Person, channel_id: str, thread: str | None, *, peek: bool = False
) -> list[Json]:
    """Looking at a channel reads it, a `peek` does not."""
    found = person.thread(channel_id, thread) if thread else person.reads(channel_id)
    if not peek:
        mark_read(sandbox.workspace, person.id, channel_id)
    return found


def _channel(ws: Workspace, user: str, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": "channel",
        "is_private": channel.kind == "group",
        "is_archived": channel.is_archived,
        "member": user in channel.members,
        "bot_member": ws.bot_user_id in channel.members,
        **counts(ws.world, user, channel),
    }


def _command(command: Command) -> Json:
    return {"command": command.command, "description": command.description, "usage_hint": command.usage_hint}
