"""Values and names as a portfolio file holds them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.risk_money import MINOR_UNITS
from models.schemas.project import Place, PlaceKind
from models.tables import Project


def plain(value: Any) -> Any:
    """As JSON holds it: instants in UTC with a Z, dates as they are."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: an import takes what is missing for that."""
    return {name: plain(value) for name, value in values.items() if value is not None and value != []}


def source_ids(session: Session, table: type[Any], letter: str, rows: Iterable[Any]) -> dict[int, str]:
    """By row id: the id in the file that it came from, else its number, unless a file's record is called that."""
    rows = list(rows)
    own = {row.id: f"{letter}-{getattr(row, 'number', row.id)}" for row in rows if row.external_id is None}
    taken = set(session.scalars(select(table.external_id).where(table.external_id.in_(own.values()))))
    return {row.id: row.external_id or (f"here:{own[row.id]}" if own[row.id] in taken else own[row.id]) for row in rows}


def money(minor: int | None) -> int | float | str | None:
    """Minor units as major ones; text where a float would lose a cent."""
    if minor is None:
        return None
    whole, rest = divmod(abs(minor), MINOR_UNITS)
    sign = -1 if minor < 0 else 1
    if not rest:
        return sign * whole
    return sign * (whole + rest / MINOR_UNITS) if whole < 10**12 else f"{'-' * (sign < 0)}{whole}.{rest:02}"


def within(table: type[Any], place: Place | None) -> list[Any]:
    """Conditions for the records of a place; a program's are those of its projects too."""
    if place is None:
        return []
    if place.kind is PlaceKind.PROJECT:
        return [table.project_id == place.id]
    of_program = select(Project.id).where(Project.program_id == place.id)
    return [or_(table.project_id.in_(of_program), (table.project_id.is_(None)) & (table.program_id == place.id))]
