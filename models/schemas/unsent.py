"""What was not sent: what waits and why, what was given up, and what is stopped until somebody mends it."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.people import PersonCard
from models.schemas.schema import Schema


class Stop(Schema):
    """A channel, a person or a kind of call where nothing can be said for now."""

    model_config = ConfigDict(frozen=True)

    id: int
    workspace_id: int
    target: str
    error: str
    since: datetime
    told_id: int | None
    probe_at: datetime
    probes: int


class Lifted(Schema):
    """What became of what waited, once it could be said again."""

    model_config = ConfigDict(frozen=True)

    stop: Stop | None
    """None where nothing was stopped."""
    said: int
    too_old: int


class Owning(Schema):
    """Something that somebody answers for."""

    model_config = ConfigDict(frozen=True)

    ref: str
    """'R-12'; 'project:7' of a place."""
    name: str
    is_place: bool = False


class Why(StrEnum):
    REFUSED = "refused"
    """Slack refused it for now; it is tried again by itself."""
    LATER = "later"
    """Its hour has not come."""
    PACE = "pace"
    """Slack takes about one message a second in a channel."""


class Target(Schema):
    """Where something is said. One of its names is set, or none: a place that the reader may not know."""

    model_config = ConfigDict(frozen=True)

    id: str
    channel: str | None = None
    person: PersonCard | None = None
    place: str | None = None
    """The name of the project or program whose channel it is."""
    is_hidden: bool = False


class Waiting(Schema):
    model_config = ConfigDict(frozen=True)

    why: Why
    number: int
    oldest_at: datetime
    next_at: datetime


class Trouble(Schema):
    """What goes wrong with one target, and how much of it."""

    model_config = ConfigDict(frozen=True)

    target: Target
    error: str
    since: datetime
    waiting: int = 0
    failed: int = 0
    may_try: bool = True


class Unsent(Schema):
    """Of a whole workspace, or of what concerns one person."""

    model_config = ConfigDict(frozen=True)

    waiting: list[Waiting]
    stopped: list[Trouble]
    failed: list[Trouble]
    doubled: int
    """Possibly said twice within the last days: the answer was lost, and nobody could look."""
    too_old: int
    """Waited so long that it was no news any more."""
    people_at: datetime | None
    """When the people of the workspace were last fetched; None: never."""
    people_are_old: bool
    is_whole: bool
    """Of the whole workspace, else only what concerns the reader."""

    @property
    def is_well(self) -> bool:
        late = any(each.why is Why.REFUSED for each in self.waiting)
        return not (self.stopped or self.failed or self.doubled or self.too_old or late or self.people_are_old)
