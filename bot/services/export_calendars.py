"""When the people and programs of an exported file work, each calendar told once under a name of its own."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.export_values import filled
from bot.services.importing_calendars import OF_PORTFOLIO
from models.schemas.calendar import WorkWeek
from models.tables import Calendar

KEPT = ("working_days", "start", "end", "holidays", "country", "region")


class Calendars:
    """Read once, for a whole file."""

    def __init__(self, session: Session) -> None:
        rows = session.scalars(select(Calendar).order_by(Calendar.id)).all()
        self._people = {row.person_id: row for row in rows if row.person_id is not None}
        self._programs = {row.program_id: row for row in rows if row.program_id is not None}
        self._shared = next((row for row in rows if row.person_id is None and row.program_id is None), None)
        self._told: dict[str, dict[str, Any]] = {}

    def of_program(self, program_id: int, zone: str, program: str) -> str:
        """Its name; a program has one even where it works as we take it to."""
        return self._name(self._programs.get(program_id), zone, program)

    def of_person(self, person_id: int, zone: str, handle: str) -> dict[str, Any]:
        """What stands with a person, nothing for somebody who never said anything about it."""
        row = self._people.get(person_id)
        return {} if row is None else {"calendar": self._name(row, zone, handle)}

    def capacity_of(self, person_id: int) -> dict[str, Any]:
        row = self._people.get(person_id)
        if row is None:
            return {}
        usual = row.capacity_pct == 100 and not row.capacity_overrides
        return {} if usual else {"capacity_pct": row.capacity_pct, "capacity_overrides": row.capacity_overrides}

    def told(self) -> dict[str, dict[str, Any]]:
        """All that were named, and the one by which plans are counted."""
        if self._shared is None:
            return self._told
        return {**self._told, OF_PORTFOLIO: _kept(self._shared, "UTC")}

    def _name(self, row: Calendar | None, zone: str, whose: str) -> str:
        """Two that are alike share one, two that differ have two names."""
        kept = _kept(row, zone)
        wanted = [row.name if row is not None and row.name else zone]
        wanted += [f"{wanted[0]} ({zone})", f"{wanted[0]} ({whose})"]
        name = next((name for name in wanted if self._told.get(name, kept) == kept), None)
        if name is None or name == OF_PORTFOLIO:
            name = f"{wanted[0]} ({whose}, {len(self._told)})"
        self._told[name] = kept
        return name


def _kept(row: Calendar | None, zone: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in KEPT} if row is not None else WorkWeek().model_dump(mode="json")
    return filled({"tz": zone, **{name: values[name] for name in KEPT}})
