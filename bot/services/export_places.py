"""The programs, projects and people that exported records name, as a portfolio file holds them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import people
from bot.services.sight import hidden_places
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Program, Project

OPEN = "open"
OF_CALENDAR = ("working_days", "holidays")
"""What an import keeps of a program's calendar beside its name and zone."""


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


class Names:
    """What people and places are called in the file. Remembers whom and what was named, to list them in the end."""

    def __init__(self, session: Session, by: Standing, place: Place | None) -> None:
        self._session = session
        self._hidden = hidden_places(session, by)
        self._people: dict[int, PersonCard] = {}
        self._projects = {row.id: row for row in session.scalars(select(Project))}
        self._programs = {row.id: row for row in session.scalars(select(Program))}
        self._project_ids = source_ids(session, Project, "P", self._projects.values())
        self._program_ids = source_ids(session, Program, "PRG", self._programs.values())
        self._channels = _one_each([*self._projects.values(), *self._programs.values()])
        self._named_projects = {id for id, row in self._projects.items() if self._in_scope(row, place)}
        self._named_programs = {id for id in self._programs if self._is_shown_program(id, place)}

    def learn(self, ids: Iterable[int | None]) -> None:
        """Read the people of a batch at once."""
        unknown = {person for person in ids if person is not None} - self._people.keys()
        self._people |= people.cards(self._session, unknown)

    def person(self, person_id: int | None) -> str | None:
        if person_id is None:
            return None
        if person_id not in self._people:
            self.learn([person_id])
        return self._people[person_id].handle if person_id in self._people else None

    def place_of(self, row: Any) -> dict[str, str | None]:
        """Its project and that one's program, as far as they may be named. A record that names them tells its place."""
        if row.project_id is None:
            if row.program_id is not None:
                self._named_programs.add(row.program_id)
            return {"project": None, "program": self._program_ids.get(row.program_id)}
        self._named_projects.add(row.project_id)
        return {"project": self._project_ids[row.project_id], "program": self._program_of(row.project_id)}

    def words_of(self, row: Any) -> dict[str, str]:
        """The names of the same two, for a table."""
        if row.project_id is None:
            program = self._programs.get(row.program_id)
            return {"project": "", "program": program.name if program else ""}
        project = self._projects[row.project_id]
        program = self._programs.get(project.program_id or 0) if self._program_of(row.project_id) else None
        return {"project": project.name, "program": program.name if program else ""}

    def seen_place(self, field: str, value: Any) -> str | None:
        """What the history says of a move, where the place may be seen."""
        hidden, ids = (
            (self._hidden[0], self._project_ids) if field == "project_id" else (self._hidden[1], self._program_ids)
        )
        return ids.get(value) if isinstance(value, int) and value not in hidden else None

    def projects(self) -> Iterator[dict[str, Any]]:
        for row_id in sorted(self._named_projects):
            yield self._project(self._projects[row_id])

    def programs(self) -> Iterator[dict[str, Any]]:
        """After the projects: they name some of these."""
        for row_id in sorted(self._named_programs):
            yield self._program(self._programs[row_id])

    def calendars(self) -> dict[str, dict[str, Any]]:
        """Zone, working days and holidays of each program, under the name that an import keeps."""
        return {name: self._calendar(self._programs[row]) for row, name in self._calendar_names().items()}

    def people(self) -> list[dict[str, Any]]:
        return [
            {"handle": card.handle, "tz": card.tz} for card in sorted(self._people.values(), key=lambda c: c.handle)
        ]

    def _project(self, row: Project) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self._project_ids[row.id], "name": row.name, "owner": self.person(row.owner_id)}
        told |= {"state": row.state, "target_on": row.target_on}
        if row.id in self._hidden[0]:  # a record of theirs tells its place, and nothing else of it
            return filled(told)
        same = ("critical", "weight", "start_on", "on_hold_since", "completed_on")
        moved = row.baseline_on if row.baseline_on != row.target_on else None
        return filled(
            {
                **row.extra,
                **told,
                "program": self._program_of(row.id),
                "backup": self.person(row.backup_id),
                "channel": self._channels.get((row.__tablename__, row.id)),
                "baseline_on": moved,
                "visibility": row.visibility if row.visibility != OPEN else None,
                **{name: getattr(row, name) for name in same},
            }
        )

    def _program(self, row: Program) -> dict[str, Any]:
        told = {"id": self._program_ids[row.id], "name": row.name, "manager": self.person(row.manager_id)}
        if row.id in self._hidden[1]:
            return filled(told)
        same = ("state", "horizon", "success_state", "target_on", "risk_matrix")
        return filled(
            {
                **{name: value for name, value in row.extra.items() if name not in OF_CALENDAR},
                **told,
                "sponsor": self.person(row.sponsor_id),
                "calendar": self._calendar_names()[row.id],
                "channel": self._channels.get((row.__tablename__, row.id)),
                "visibility": row.visibility if row.visibility != OPEN else None,
                **{name: getattr(row, name) for name in same},
            }
        )

    def _calendar(self, row: Program) -> dict[str, Any]:
        return filled({"tz": row.tz, **{name: row.extra.get(name) for name in OF_CALENDAR}})

    def _calendar_names(self) -> dict[int, str]:
        """By program: two that are alike share one, two that differ have two names."""
        found: dict[int, str] = {}
        meant: dict[str, dict[str, Any]] = {}
        for row in (self._programs[row_id] for row_id in sorted(self._programs)):
            name = str(row.extra.get("calendar") or row.tz)
            if meant.setdefault(name, self._calendar(row)) != self._calendar(row):
                name = f"{name} ({self._program_ids[row.id]})"
            found[row.id] = name
        seen = self._named_programs - self._hidden[1]
        return {row_id: name for row_id, name in found.items() if row_id in seen}

    def _program_of(self, project_id: int) -> str | None:
        program_id = self._projects[project_id].program_id
        if program_id is None or project_id in self._hidden[0] or program_id in self._hidden[1]:
            return None
        self._named_programs.add(program_id)
        return self._program_ids[program_id]

    def _in_scope(self, row: Project, place: Place | None) -> bool:
        if row.id in self._hidden[0]:
            return False
        if place is None:
            return True
        return row.id == place.id if place.kind is PlaceKind.PROJECT else row.program_id == place.id

    def _is_shown_program(self, program_id: int, place: Place | None) -> bool:
        wanted = place is None or (place.kind is PlaceKind.PROGRAM and place.id == program_id)
        return wanted and program_id not in self._hidden[1]


def _one_each(rows: Iterable[Project | Program]) -> dict[tuple[str, int], str]:
    """Names of channels by place: a file may give each of them to one place only, to the one that is there if any."""
    first: dict[str, tuple[str, int]] = {}
    for row in sorted(rows, key=lambda row: row.channel is None):
        if row.channel_name:
            first.setdefault(row.channel_name, (row.__tablename__, row.id))
    return {place: f"#{name}" for name, place in first.items()}


def within(table: type[Any], place: Place | None) -> list[Any]:
    """Conditions for the records of a place; a program's are those of its projects too."""
    if place is None:
        return []
    if place.kind is PlaceKind.PROJECT:
        return [table.project_id == place.id]
    of_program = select(Project.id).where(Project.program_id == place.id)
    return [or_(table.project_id.in_(of_program), (table.project_id.is_(None)) & (table.program_id == place.id))]
