"""A message on its way out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict

from models.schemas.schema import Schema


class Operation(StrEnum):
    POST = "post"
    UPDATE = "update"
    EPHEMERAL = "ephemeral"
    PUBLISH_HOME = "publish_home"
    PICTURE = "picture"
    EXPORT = "export"
    REMOVE = "remove"


class OutboxState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Claim(Schema):
    """One outbox row that this process alone may send until its lease ends."""

    model_config = ConfigDict(frozen=True)

    id: int
    workspace_id: int
    message_key: str
    operation: Operation
    target: str
    reader: str | None
    body: dict[str, Any]
    version: int
    attempts: int
    unsure_since: datetime | None
    """An earlier attempt began then and nobody recorded its answer: the message may stand in Slack already."""
    direct: dict[str, str] = {}
    """By person the channel of their direct messages, where that is known."""
    thread_ts: str | None = None
    """Where the message stands that this is a reply to, if it stood when this was claimed."""


class Posted(Schema):
    """Where a message stands in Slack."""

    model_config = ConfigDict(frozen=True)

    channel: str
    ts: str
    version: int = 1
