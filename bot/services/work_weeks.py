"""Calendars as they are read together with the person or the program whose they are: no statement of their own."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_

from models.schemas.calendar import WorkWeek
from models.tables import Calendar
from models.tables.unit import THIS_WORKSPACE

CALENDAR = Calendar.__table__
OWN, PORTFOLIO = "week", "portfolio_week"
"""What the names of a calendar's columns begin with: of the person or program itself, and of all programs together."""


def columns(calendar: FromClause, start: str = OWN) -> tuple[Any, ...]:
    return tuple(calendar.c[name].label(f"{start}_{name}") for name in WorkWeek.model_fields)


COLUMNS = columns(CALENDAR)


def of_person(person: FromClause) -> ColumnElement[bool]:
    """Joins the calendar of each person."""
    return and_(CALENDAR.c.person_id == person.c.id, CALENDAR.c.workspace_id == THIS_WORKSPACE)


def of_program(program_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Joins the calendar of each row's program."""
    return and_(CALENDAR.c.program_id == program_id, CALENDAR.c.workspace_id == THIS_WORKSPACE)


def read(row: Row[Any] | Any, start: str = OWN) -> WorkWeek | None:
    """None where they have no calendar of their own, or where it was not asked for."""
    if getattr(row, f"{start}_start", None) is None:
        return None
    return WorkWeek.model_validate({name: getattr(row, f"{start}_{name}") for name in WorkWeek.model_fields})
