"""What the records of a portfolio file are made of: names, instants, zones, money, and fields that we do not know."""

from datetime import UTC, date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from models.schemas.people import Line
from models.schemas.risk import Rating, Strategy
from models.schemas.schema import Schema
from models.schemas.status import Health

MOST_MONEY = Decimal("90000000000000.00")
"""What an integer column of minor units holds on every database."""

OLDER_WORDS = {
    "terminate": "avoid",
    "treat": "mitigate",
    "tolerate": "accept",
    "take the opportunity": "exploit",
}
"""The Orange Book's words for the strategies that we name as PMI does."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(
            "say", "{zone} is not a time zone such as Europe/Berlin", {"zone": repr(name)}
        ) from None
    return name


Name = Annotated[Line, Field(min_length=1)]
Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Zone = Annotated[str, AfterValidator(_known_zone)]
Week = Annotated[str, Field(pattern=r"^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$")]
Period = Annotated[str, Field(pattern=r"^\d{4}-((0[1-9]|1[0-2])|W(0[1-9]|[1-4]\d|5[0-3]))$")]
"""A month, or an ISO week."""
LocalTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Percent = Annotated[int, Field(ge=0, le=100)]
Visibility = Literal["open", "restricted"]
Money = Annotated[Decimal, Field(decimal_places=2, ge=-MOST_MONEY, le=MOST_MONEY)]
StrategyWord = Annotated[
    Strategy, BeforeValidator(lambda word: OLDER_WORDS.get(word, word) if isinstance(word, str) else word)
]
ReportedHealth = Literal[Health.GREEN, Health.AMBER, Health.RED, Health.ON_HOLD, Health.COMPLETE]


class Open(Schema):
    """Fields that we do not know are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @property
    def rest(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Strict(Schema):
    """A misspelt field is refused: what is not read would be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Strict):
    id: Name


class PlacedRecord(Record):
    """Belongs to a project, or to a program as a whole."""

    program: Name | None = None
    project: Name | None = None

    @model_validator(mode="after")
    def _belongs_somewhere(self) -> Self:
        if self.program is None and self.project is None:
            raise PydanticCustomError("say", "needs a project or a program")
        return self


class Score(Strict):
    probability: Rating
    impact: Rating


class PastScore(Score):
    at: Instant


class Calendar(Open):
    tz: Zone
    working_days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)] | None = None
    """ISO weekdays."""
    start: LocalTime = "09:00"
    end: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")] = "18:00"
    """The window is half-open: at the end it is too late."""
    holidays: list[date] = []
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """Whose public holidays are off, and of which of its regions."""
    region: Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,6}$")] | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if not self.start < self.end:
            raise PydanticCustomError("say", "its hours should begin before they end")
        return self


class AbsenceRecord(Strict):
    """Days away, both included."""

    start: date
    end: date
    delegate: Name | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("say", "ends before it begins")
        return self
