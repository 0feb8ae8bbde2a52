from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Outbox(Owned):
    """A message nobody waits for, stored in the transaction of its cause and sent after it."""

    __tablename__ = "outbox"
    __table_args__ = constraints(
        unique("key"),
        Index("ix_outbox_due", "state", "workspace_id", "operation", "due_at", "id"),
        Index("ix_outbox_line", "workspace_id", "state", "target", "id"),
        Index("ix_outbox_message", "workspace_id", "message_key", "version"),
    )

    key: Mapped[str]
    """What it is about, as `risk.card:12@1`: the same thing is never said twice."""
    message_key: Mapped[str]
    """The message that it posts or changes, as `risk.card:12`."""
    operation: Mapped[str]
    """'post', 'update', 'ephemeral', 'publish_home' or 'remove'."""
    target: Mapped[str]
    """A channel id, or a Slack user id for a direct message or a Home."""
    reader: Mapped[str | None]
    """For 'ephemeral': who alone sees it."""
    body: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="queued")
    """'queued', 'claimed', 'sent', 'superseded' or 'failed'."""
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """Since when the answer of an attempt may be unknown; a lost message is looked for from here."""
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
    possibly_doubled: Mapped[bool] = mapped_column(default=False)


class PostedMessage(Owned):
    """A message that stands in Slack and may be changed in place."""

    __tablename__ = "posted_message"
    __table_args__ = constraints(unique("key"))

    key: Mapped[str]
    channel: Mapped[str]
    ts: Mapped[str]
    thread_ts: Mapped[str | None]
    version: Mapped[int]
    posted_at: Mapped[datetime]


class Pace(Owned):
    """When the next call of a kind may leave, as all processes together have agreed: Slack counts all of them as one.

    Only what is slower than a call itself stands here; a row that lies in the past says nothing.
    """

    __tablename__ = "pace"
    __table_args__ = constraints(unique("bucket"))

    bucket: Mapped[str]
    """`chat.postMessage` for the workspace's, `chat.postMessage C123` for one channel's."""
    free_at: Mapped[datetime]
    """The further it lies in the past, the more may leave at once, up to what Slack tolerates."""


class StoppedTarget(Owned):
    """A channel or person where nothing can be said for good, until somebody mends it. All else goes on."""

    __tablename__ = "stopped_target"
    __table_args__ = constraints(unique("target"), link("told_id", "person"))

    target: Mapped[str]
    """A channel or a person by id, or one of `bot.domain.stops` that begin with a star."""
    error: Mapped[str]
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """A lead was told, once."""
    told_id: Mapped[int | None]
    """Who."""
    probe_at: Mapped[datetime]
    """When one message tries again."""
    probes: Mapped[int] = mapped_column(default=0)
    """How often that was in vain."""


class HandledDelivery(Owned):
    """Something Slack delivered and we saved. A repeat gets the same answer and changes nothing."""

    __tablename__ = "handled_delivery"
    __table_args__ = constraints(unique("key"), Index("ix_handled_delivery_at", "at"))

    key: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
