"""Which threads will open and climb if nobody answers: programs are looked at ahead of time, without a trace."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.escalation import Moment
from bot.domain.wall_time import WorkingHours
from bot.services import calendars, escalation_causes, escalation_ladder, escalation_scene, parameters, switches
from bot.services.escalation_causes import Cause, MissingRun
from bot.services.escalation_ladder import Grounds
from bot.services.escalation_look import Look, next_start
from bot.services.escalation_scene import OVER, Scene, Watched
from bot.services.foresight_rules import Request
from bot.services.switches import Timeline
from models.schemas.escalation import EscalationState, Rule
from models.schemas.project import State
from models.schemas.risk import ACTIVE, Kind
from models.schemas.schedule import OccurrenceState, RuleKind
from models.tables import Escalation, Occurrence, Program, Project, Risk, Watch

COLUMNS = tuple(column.key for column in Escalation.__table__.columns)
MOST_LOOKS = 2000


@dataclass(frozen=True)
class StepAhead:
    """Somebody is named, for the first time or the next one."""

    at: datetime
    row: Escalation
    """As it is then."""


@dataclass
class _Ahead(Look):
    """A look that writes nothing down but here."""

    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    new: list[Escalation] = field(default_factory=list)

    def insert(self, **values: Any) -> None:
        self.new.append(Escalation(climbs=0, version=1, **values))

    def save(self, row: Escalation, **values: Any) -> None:
        self.changes.setdefault(id(row), {}).update(values)

    def record_step(self, row: Escalation, whose: object) -> None:
        """Nothing has happened yet."""


class Programs:
    """All that decides over the escalations of these programs, read once; only causes are looked for at each look."""

    def __init__(
        self, session: Session, program_ids: Collection[int] | None, requests: Sequence[Request], now: datetime
    ) -> None:
        self._session, self._now = session, now
        wanted = select(Watch.program_id, Watch.next_look_at, Watch.was_quiet, Program.state).join(
            Program, Program.id == Watch.program_id
        )
        found = wanted if program_ids is None else wanted.where(Watch.program_id.in_(program_ids))
        rows = session.execute(found).all()
        self.looks = {row.program_id: max(row.next_look_at, now) for row in rows}
        self._was_quiet = {row.program_id: row.was_quiet for row in rows}
        self._is_over = {row.program_id: row.state in OVER for row in rows}
        ids = list(self.looks)
        self.hours: Mapping[int, WorkingHours] = calendars.of_programs(session, ids, now=now)
        self._rules = parameters.of_programs(session, ids)
        self.switches: Mapping[int | None, Timeline] = switches.timelines(session, ids, now=now)
        self.rows = [
            _copy(row) for row in session.scalars(select(Escalation).where(*_open(ids)).order_by(Escalation.id))
        ]
        self.grounds = self._all_grounds(ids)
        self._reaches = escalation_ladder.reachable(session, self._persons(), now=now)
        self._active = escalation_scene.activity(session, self.rows)
        self._called_off = escalation_scene.called_off(session, ids)
        self._runs = _runs(session, ids, requests, now)
        self.deadlines = _deadlines(session, ids, now)

    def look(self, program: int, at: datetime) -> tuple[list[StepAhead], datetime]:
        """Who is named now, and when the program is looked at next."""
        moment = Moment(at, self.hours[program], self._rules[program])
        each = Watched(
            id=program,
            at=moment,
            hours=self.hours[program],
            switch=self.switches[program].at(at),
            was_quiet=self._was_quiet[program],
            is_over=self._is_over[program],
        )
        self._was_quiet[program] = each.is_quiet
        coming = [next_start(each.hours, at)]
        coming += [due + timedelta(seconds=1) for due in self.deadlines.get(program, ()) if due >= at]
        if each.is_quiet:
            return [], min(coming)
        here = _Ahead(self._session, self._scene(each, at), at)
        for row in here.seen.rows:
            here.take(row)
        for cause in here.seen.causes.values():
            if not here.seen.is_called_off(cause):
                here.open(cause)
        return self._named(here, at), min([*coming, *here.held.get(program, ())])

    def _scene(self, each: Watched, at: datetime) -> Scene:
        causes = [] if each.is_over else self._causes(each, at)
        return Scene(
            programs={each.id: each},
            causes={cause.key: cause for cause in causes},
            rows=[row for row in self.rows if row.program_id == each.id],
            grounds=self.grounds,
            reaches=self._reaches,
            active=self._active,
            called_off=self._called_off,
            now=at,
        )

    def _causes(self, each: Watched, at: datetime) -> list[Cause]:
        """Requests that are still to be missed are not found in the database."""
        found = [cause for cause in escalation_causes.find(self._session, {each.id: each.at}) if not _is_status(cause)]
        for run in self._runs:
            if run.program_id == each.id:
                dues = [due for due in run.dues if due <= at]
                found += escalation_causes.of_run(run._replace(dues=dues), each.at)
        return found

    def _named(self, here: _Ahead, at: datetime) -> list[StepAhead]:
        named = []
        for row in here.seen.rows:
            if row.id in here.looked.cleared:
                self.rows.remove(row)
            for name, value in here.changes.get(id(row), {}).items():
                setattr(row, name, value)
            if row.id in here.looked.stepped:
                named.append(StepAhead(at, _copy(row)))
        for number, row in enumerate(here.new):
            row.id = -(len(self.rows) + number + 1)
            named += [StepAhead(at, _copy(row))] if row.state == EscalationState.OPEN else []
        self.rows += here.new
        return named

    def _all_grounds(self, ids: Iterable[int]) -> Grounds:
        pairs: set[tuple[int | None, int | None]] = {(program, None) for program in ids}
        rows = self._session.execute(select(Project.program_id, Project.id).where(Project.program_id.in_(list(ids))))
        pairs |= {(row.program_id, row.id) for row in rows}
        self._pairs = pairs
        return escalation_ladder.grounds(self._session, pairs)

    def _persons(self) -> set[int]:
        chains = [self.grounds.chain(program, project) for program, project in self._pairs]
        return {person for chain in chains for person in escalation_ladder.persons(chain, None)}


def ahead(
    session: Session,
    program_ids: Collection[int] | None,
    requests: Sequence[Request],
    *,
    until: datetime,
    now: datetime,
) -> tuple[list[StepAhead], Programs]:
    """In the order in which they would happen."""
    programs = Programs(session, program_ids, requests, now)
    events = [(at, program) for program, at in programs.looks.items()]
    events.sort()
    steps: list[StepAhead] = []
    for _ in range(MOST_LOOKS):
        if not events or events[0][0] > until:
            break
        at, program = heappop(events)
        named, again = programs.look(program, at)
        steps += named
        heappush(events, (max(again, at + timedelta(seconds=1)), program))
    return steps, programs


def _is_status(cause: Cause) -> bool:
    return cause.fired.rule is Rule.E6


def _open(ids: Sequence[int]) -> tuple[Any, ...]:
    return Escalation.program_id.in_(ids), Escalation.resolved_at.is_(None)


def _copy(row: Escalation) -> Escalation:
    """One that belongs to no unit of work."""
    return Escalation(**{name: getattr(row, name) for name in COLUMNS})


def _deadlines(session: Session, ids: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When owners' time to read a risk runs out."""
    unread = (Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE), Risk.acknowledged_at.is_(None))
    statement = select(Risk.program_id, Risk.acknowledge_by).where(
        Risk.program_id.in_(ids), *unread, Risk.acknowledge_by >= now
    )
    found: dict[int, list[datetime]] = {}
    for row in session.execute(statement):
        found.setdefault(row.program_id, []).append(row.acknowledge_by)
    return found


def _runs(session: Session, ids: Sequence[int], requests: Sequence[Request], now: datetime) -> list[MissingRun]:
    """With the requests that are open, or will be, as they are missed one after another."""
    runs = {run.project_id: run for run in escalation_causes.missing_runs(session, ids)}
    lines = switches.timelines(session, ids, now=now)
    coming: list[tuple[int, int, int, datetime]] = [
        (row.project_id, row.program_id, row.owner_id, row.due_at)
        for row in session.execute(
            select(Occurrence.project_id, Project.program_id, Project.owner_id, Occurrence.due_at)
            .join(Project, Project.id == Occurrence.project_id)
            .where(
                Project.program_id.in_(ids),
                Project.state == State.ACTIVE,
                Occurrence.kind == RuleKind.STATUS_REQUEST,
                Occurrence.state == OccurrenceState.OPEN,
            )
            .order_by(Occurrence.open_at)
        )
    ]
    for request in requests:
        place = request.place
        if place.program_id in lines and not lines[place.program_id].at(request.times.open_at).is_paused:
            coming.append((place.id, place.program_id or 0, place.owner.id, request.times.due_at))
    for project, program, owner, due in coming:
        if not lines[program].at(due).is_paused:
            run = runs.setdefault(project, MissingRun(project, program, owner, []))
            run.dues.append(due)
    return list(runs.values())
