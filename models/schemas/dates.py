"""Calendar dates as forms send them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError


def day_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def short_day(day: date, today: date) -> str:
    """'Fri 3 Apr', with the year when it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def _not_past(day: date, info: ValidationInfo) -> date:
    """Needs `today` in the validation's context: a schema does not read the clock."""
    today = (info.context or {}).get("today")
    if today is not None and day < today:
        raise PydanticCustomError("say", "This date is past. Choose {today} or later.", {"today": day_words(today)})
    return day


NotPast = Annotated[date, AfterValidator(_not_past)]
