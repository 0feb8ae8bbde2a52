"""When people and programs work, as they are told apart from their public holidays."""

from datetime import date

from pydantic import ConfigDict

from models.schemas.schema import Schema

MIDNIGHT = "24:00"


class WorkWeek(Schema):
    """One row of the calendars, without the zone: a person's is Slack's, a program's its own."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    start: str = "09:00"
    end: str = "18:00"
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    """ISO weekdays."""
    country: str | None = None
    region: str | None = None
    holidays: tuple[date, ...] = ()
    """Further dates that are off."""
    opens_at: str | None = None
    """A person's own hour of the daily message."""
