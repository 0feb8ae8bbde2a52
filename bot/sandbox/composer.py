"""What a person types: a slash command, or a message."""

from functools import partial

from bot.sandbox import built_in, messages, mrkdwn
from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.args import Args
from bot.sandbox.client import Client
from bot.sandbox.content import content_of
from bot.sandbox.courier import Delivery, Outcome
from bot.sandbox.response_urls import say
from bot.sandbox.state import Channel, Message, World
from bot.sandbox.workspace import Workspace

GROUPS = ("channel", "here", "everyone")


def send_text(client: Client, channel_id: str, text: str, thread_ts: str | None) -> Outcome:
    if text.startswith("/"):
        if thread_ts:
            raise SlackRefused("Slash commands do not work in threads")
        return _command(client, channel_id, text)
    return _message(client, channel_id, text, thread_ts)


def _command(client: Client, channel_id: str, typed: str) -> Outcome:
    name, *rest = typed.split(maxsplit=1)
    text = rest[0].strip() if rest else ""
    if name in built_in.RUN:
        return _built_in(client, channel_id, name, text)
    command = client.ws.installed.commands.get(name)
    if command is None:
        raise SlackRefused(f"{name} is not a valid command")
    with client.ws.changing() as world:
        channel = _composer(client, world, channel_id)
        if command.should_escape:
            text = mrkdwn.command_text(text, partial(_command_token, client, world))
        payload = client.payloads.slash_command(client.me(world), channel, name, text)
    apply = partial(_show_answer, client, channel_id, typed)
    return client.courier.send(Delivery("slash_commands", payload, client.user, apply))


def _built_in(client: Client, channel_id: str, name: str, text: str) -> Outcome:
    with client.ws.reading() as world:
        channel = _composer(client, world, channel_id)
    if channel.kind == "im":
        raise SlackRefused(f"{name} does not work here")
    return built_in.RUN[name](client, channel_id, text)


def _show_answer(client: Client, channel_id: str, typed: str, ack: Json) -> None:
    body = Args(ack)
    says_something = body.has("text") or body.has("blocks")
    content = content_of(client.ws, body, most_block_text=None) if says_something else None
    if body.text("response_type") == "in_channel":
        typed_line = Message(client.ws.next_ts(), channel_id, client.user, mrkdwn.escape(typed))
        messages.keep(client.ws, typed_line)
    if content:
        say(client.ws, client.user, channel_id, content, body)


def _message(client: Client, channel_id: str, typed: str, thread_ts: str | None) -> Outcome:
    with client.ws.changing() as world:
        channel = _composer(client, world, channel_id)
        if thread_ts and channel.posted(thread_ts) is None:
            raise SlackRefused(f"there is no thread {thread_ts} in {channel_id}")
        text = mrkdwn.message_text(typed, partial(_message_token, client, world))
        message = Message(client.ws.next_ts(), channel.id, client.user, text, thread_ts=thread_ts)
        messages.keep(client.ws, message)
    if client.ws.bot_user_id not in channel.members:
        return Outcome()
    return client.courier.send_event(_message_event(client.ws, channel, message), client.user)


def _message_event(ws: Workspace, channel: Channel, message: Message) -> Json:
    with ws.reading():
        said = messages.as_slack(ws, message)
    return {**said, "channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}


def _composer(client: Client, world: World, channel_id: str) -> Channel:
    """The conversation, if this person finds a place to type in it."""
    client.me(world)
    channel = client.joined(world, channel_id)
    installed = client.ws.installed
    if channel.is_archived:
        raise SlackRefused(f"{channel_id} is archived")
    if channel.kind == "im" and (installed.messages_tab_read_only or not installed.messages_tab):
        raise SlackRefused("this app takes no messages")
    return channel


def _command_token(client: Client, world: World, sign: str, name: str) -> str | None:
    if sign == "@":
        return _person(world, name)
    channel = _named_channel(client, world, name)
    if channel is None:
        return None
    return f"<#{channel.id}|{'' if channel.kind == 'group' else channel.name}>"


def _message_token(client: Client, world: World, sign: str, name: str) -> str | None:
    if sign == "@" and name in GROUPS:
        return f"<!{name}>"
    return _command_token(client, world, sign, name)


def _person(world: World, name: str) -> str | None:
    found = (member for member in world.members.values() if member.name == name and not member.deleted)
    return next((f"<@{member.id}>" for member in found), None)


def _named_channel(client: Client, world: World, name: str) -> Channel | None:
    named = (channel for channel in world.channels.values() if channel.name == name)
    return next((channel for channel in named if messages.can_read(client.ws, client.user, channel)), None)
