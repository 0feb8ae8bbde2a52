"""What all records of the register share."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import Field

from models.schemas.people import Paragraph, PersonCard
from models.schemas.project import Place
from models.schemas.roles import Role
from models.schemas.schema import Schema

UNDONE = "undone"
"""The reason of what its author took back: the number stays used, and nobody is asked about it."""

REASON_WORDS = "Say why in 5 to 500 characters."


class ReasonDraft(Schema):
    """For the acts that need nothing but a reason."""

    reason: Annotated[Paragraph, Field(min_length=5, max_length=500)]

    WORDS: ClassVar[dict[str, str]] = {"reason": REASON_WORDS}


class Card(Protocol):
    """What is known of a record, or of what is asked about like one."""

    @property
    def id(self) -> int: ...
    @property
    def ref(self) -> str: ...
    @property
    def place(self) -> Place | None: ...
    @property
    def holders(self) -> dict[Role, list[PersonCard]]: ...
    @property
    def status(self) -> Any: ...
    @property
    def link(self) -> str | None: ...


class Record(Card, Protocol):
    """A record as people see it: its author logged it, and can take it back for a while."""

    @property
    def title(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def logged_at(self) -> datetime: ...


class Owned(Record, Protocol):
    @property
    def owner(self) -> PersonCard: ...
