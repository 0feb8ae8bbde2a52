"""Programs and projects: the places that records belong to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.calendar import WorkWeek
from models.schemas.dates import NotPast
from models.schemas.parameters import DEFAULTS, Parameters
from models.schemas.people import Line, PersonCard, PlaceRef, SlackUser
from models.schemas.schema import Schema


class State(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PlaceKind(StrEnum):
    PROJECT = "project"
    PROGRAM = "program"


class Place(Schema):
    """A project or a program as records see it."""

    model_config = ConfigDict(frozen=True)

    kind: PlaceKind
    id: int
    number: int
    name: str
    channel: str | None
    channel_name: str | None
    program_id: int | None
    program_name: str | None
    tz: str
    state: State
    restricted: bool
    owner: PersonCard
    """The owner of a project, the manager of a program."""
    backup_id: int | None = None
    manager_id: int | None = None
    sponsor_id: int | None = None
    target_on: date | None = None
    baseline_on: date | None = None
    on_hold_since: date | None = None
    completed_on: date | None = None
    risk_matrix: str = "npsa"
    """The preset by which its risks are scored: its program's."""
    week: WorkWeek | None = None
    """The calendar by which its days are counted, where its program has one."""
    rules: Parameters = Field(default_factory=lambda: DEFAULTS)  # as a default it would be copied for each place
    """How its program is run now: for what begins from now on."""
    rules_since: datetime | None = None
    """When they were set; None where they are the defaults."""

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def people(self) -> set[int]:
        """Ids of those who answer for it."""
        ids = {self.owner.id, self.backup_id, self.manager_id, self.sponsor_id}
        return {person for person in ids if person is not None}


class SetupDraft(Schema):
    """What the set-up form holds. Field names are also the block ids of the form."""

    kind: PlaceKind
    name: Annotated[Line, Field(min_length=2, max_length=80)]
    owner: SlackUser
    target_on: NotPast | None = Field(default=None, validate_default=True)
    program: PlaceRef | None = None
    backup: SlackUser | None = None
    sponsor: SlackUser | None = None
    risk_matrix: str | None = None
    """Of a program: a preset of `bot.domain.risk_matrix`."""

    WORDS: ClassVar[dict[str, str]] = {
        "kind": "Choose what this channel is.",
        "name": "Give it a name of 2 to 80 characters.",
        "owner": "Choose the person who answers for it.",
        "target_on": "Choose a date.",
    }

    @field_validator("target_on")
    @classmethod
    def _a_project_has_a_date(cls, target_on: date | None, info: ValidationInfo) -> date | None:
        if target_on is None and info.data.get("kind") is PlaceKind.PROJECT:
            raise PydanticCustomError("say", "A project needs a target date. It becomes the first baseline.")
        return target_on

    @field_validator("backup")
    @classmethod
    def _backup_is_somebody_else(cls, backup: str | None, info: ValidationInfo) -> str | None:
        if backup is not None and backup == info.data.get("owner"):
            raise PydanticCustomError("say", "The backup is asked when the owner is away. Choose someone else.")
        return backup


class SetupReceipt(Schema):
    place: Place
    first_ask_at: datetime | None
    edited: bool
    rescored: bool = False
    """Its risks have other scores now."""
