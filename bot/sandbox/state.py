"""What the local workspace remembers."""

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.answers import Json


@dataclass(frozen=True)
class Identity:
    """Which workspace this is, and who the app is in it. Another one may have the same ids of people and channels."""

    team_id: str = "T0EXAMPLE"
    team_name: str = "Example Workspace"
    team_domain: str = "example-workspace"
    enterprise_id: str | None = None
    """The organisation that the workspace belongs to."""
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user_id: str = "U0SANDBOXBOT"
    bot_token: str = "xoxb-sandbox"
    """Of an app that was installed by hand; OAuth makes others."""
    app_token: str = "xapp-sandbox"
    client_id: str = "1000.2000"
    client_secret: str = "sandbox-client-secret"
    signing_secret: str = "sandbox-signing-secret"

    @property
    def url(self) -> str:
        return f"https://{self.team_domain}.slack.com/"


EXAMPLE = Identity()

Values = dict[str, dict[str, Json]]
"""What stands in the inputs: block_id -> action_id -> the element's state."""


@dataclass
class Member:
    id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    is_admin: bool = False
    is_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    refuses_apps: bool = False
    """Their settings take no direct messages of apps."""
    quiet: tuple[int, int] | None = None
    """Do not disturb, from and until, in seconds."""


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str | None = None
    also_in_channel: bool = False
    only_for: str | None = None
    edited: Json | None = None
    metadata: Json | None = None
    tombstone: bool = False
    files: list[str] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class File:
    """Something the app uploads: announced, then sent to its address, then completed."""

    id: str
    name: str
    length: int
    ticket: str
    """What its address ends in; whoever has the address may send the bytes, once."""
    created: int
    alt_text: str = ""
    title: str = ""
    data: bytes | None = None
    completed: bool = False
    looks: int = 0
    """How often the app asked for it since it was completed."""
    shares: dict[str, list[str]] = field(default_factory=dict)
    """By channel: the messages that carry it."""


@dataclass
class Channel:
    id: str
    name: str
    kind: Literal["channel", "group", "im"] = "channel"
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)

    def posted(self, ts: str | None) -> Message | None:
        """The message everybody in the channel can see at `ts`."""
        message = self.messages.get(ts or "")
        return message if message and message.only_for is None and not message.tombstone else None

    def keep(self, message: Message) -> None:
        self.messages[message.ts] = message
        if message.is_reply and message.only_for is None:
            self.threads.setdefault(str(message.thread_ts), []).append(message.ts)

    def forget(self, message: Message) -> None:
        del self.messages[message.ts]
        if message.ts in (thread := self.threads.get(str(message.thread_ts), [])):
            thread.remove(message.ts)

    def replies_to(self, ts: str) -> list[Message]:
        return [self.messages[reply] for reply in self.threads.get(ts, ())]


@dataclass
class View:
    """An open modal, or a person's Home."""

    id: str
    owner: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.content.get("external_id") or "")


@dataclass
class World:
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    form_errors: dict[str, dict[str, str]] = field(default_factory=dict)
    message_values: dict[str, Values] = field(default_factory=dict)
    last_read: dict[str, dict[str, str]] = field(default_factory=dict)
    counter: int = 0
    last_ts: int = 0
