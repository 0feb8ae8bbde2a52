"""The programs, projects and people that exported records name, as a portfolio file holds them."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import people
from bot.services.export_calendars import Calendars
from bot.services.export_rules import Rules, override_told
from bot.services.export_values import filled, source_ids
from bot.services.sight import hidden_places
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Absence, Program, Project

OPEN = "open"


class Names:
    """What people and places are called in the file. Remembers whom and what was named, to list them in the end."""

    def __init__(self, session: Session, by: Standing, place: Place | None) -> None:
        self._session = session
        self._by = by
        self._hidden = hidden_places(session, by)
        self._people: dict[int, PersonCard] = {}
        self._projects = {row.id: row for row in session.scalars(select(Project))}
        self._programs = {row.id: row for row in session.scalars(select(Program))}
        self._project_ids = source_ids(session, Project, "P", self._projects.values())
        self._program_ids = source_ids(session, Program, "PRG", self._programs.values())
        self._channels = _one_each([*self._projects.values(), *self._programs.values()])
        self._calendars = Calendars(session)
        self._rules = Rules(session, self._programs)
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
        """After the programs and people: those that they work by."""
        return self._calendars.told()

    def people(self) -> Iterator[dict[str, Any]]:
        """Days off go along for whoever may set them: oneself, and admins."""
        may_tell = self._people.keys() if self._by.is_admin else self._people.keys() & {self._by.person.id}
        away = self._rules.absences(may_tell)
        self.learn(row.delegate_id for rows in away.values() for row in rows)
        for card in sorted(self._people.values(), key=lambda card: card.handle):
            told: dict[str, Any] = {"handle": card.handle, "tz": card.tz}
            told |= self._calendars.of_person(card.id, card.tz, card.handle)
            if self._by.is_admin or card.id == self._by.person.id:
                told |= self._calendars.capacity_of(card.id)
            told["ooo"] = [self._absence(row) for row in away.get(card.id, ())]
            yield filled(told)

    def shown_projects(self) -> set[int]:
        """Those of the place, and whatever else a record has named; none that is hidden."""
        return self._named_projects - self._hidden[0]

    def shown_programs(self) -> set[int]:
        return self._named_programs - self._hidden[1]

    def project(self, project_id: int) -> str | None:
        """Names it; None where it may not be seen."""
        if project_id not in self._projects or project_id in self._hidden[0]:
            return None
        self._named_projects.add(project_id)
        return self._project_ids[project_id]

    def program(self, program_id: int) -> str | None:
        return self._program_ids.get(program_id)

    def _absence(self, row: Absence) -> dict[str, Any]:
        return filled({"start": row.start_on, "end": row.end_on, "delegate": self.person(row.delegate_id)})

    def _project(self, row: Project) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self._project_ids[row.id], "name": row.name, "owner": self.person(row.owner_id)}
        told |= {"state": row.state, "target_on": row.target_on}
        if row.id in self._hidden[0]:  # a record of theirs tells its place, and nothing else of it
            return filled(told)
        same = ("critical", "weight", "start_on", "on_hold_since", "hold_reason", "hold_review_on", "completed_on")
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
        override = self._rules.override(row.id)
        return filled(
            {
                **row.extra,
                **told,
                "sponsor": self.person(row.sponsor_id),
                "calendar": self._calendars.of_program(row.id, row.tz, self._program_ids[row.id]),
                **self._rules.of_program(row.id),
                "override": override_told(override, self.person(override.set_by_id)) if override else None,
                "channel": self._channels.get((row.__tablename__, row.id)),
                "visibility": row.visibility if row.visibility != OPEN else None,
                **{name: getattr(row, name) for name in same},
            }
        )

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
