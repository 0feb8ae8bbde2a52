"""A program is looked at: what of it escalates is opened, climbs, opens again, or has found its end (domain 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.escalation import patience
from bot.domain.escalation_climb import Stand, Turn, begin, frozen, go_on, put_off
from bot.domain.wall_time import WorkingHours, local_date
from bot.services import escalation_causes
from bot.services.counter import next_number
from bot.services.escalation_causes import Cause
from bot.services.escalation_ladder import Whose, held_until, whose_turn
from bot.services.escalation_scene import Again, Looked, Scene, Stepped, Watched, scene, watched
from bot.services.history import record_change
from models.schemas.escalation import EscalationState, Level, Rule, Step
from models.schemas.parameters import Ladder
from models.tables import Escalation
from models.tables.unit import add_row_once

KIND = "escalation"
OPENED = "opened"
NOT_ACKNOWLEDGED: dict[str, Any] = dict.fromkeys(
    ("acknowledged_by_id", "acknowledged_at", "acknowledge_note", "reopens_on")
)


def look(session: Session, due: Mapping[int, bool], *, now: datetime) -> Looked:
    """`due`: programs, and whether nothing was sent for them when they were looked at last."""
    programs = watched(session, due, now)
    loud = {each.id: each for each in programs if not each.is_quiet}
    here = Look(session, scene(session, loud, now), now)
    for row in here.seen.rows:
        here.take(row)
    for cause in here.seen.causes.values():
        if not here.seen.is_called_off(cause):
            here.open(cause)
    session.expire_all()
    deadlines = escalation_causes.next_deadline(session, loud, now=now)
    for each in programs:
        coming = [next_start(each.hours, now), *here.held.get(each.id, ())]
        coming += [deadlines[each.id] + timedelta(seconds=1)] if each.id in deadlines else []
        here.looked.again.append(Again(each.id, min(coming), each.is_quiet))
    return here.looked


def start_of(hours: WorkingHours, day: date) -> datetime:
    """When the program's work begins on this day, or the next one that is worked."""
    window = hours.window(hours.on_or_after(day))
    assert window is not None
    return window[0]


def next_start(hours: WorkingHours, now: datetime) -> datetime:
    today = local_date(now, hours.zone)
    opens = start_of(hours, today)
    return opens if opens > now else start_of(hours, today + timedelta(days=1))


@dataclass
class Look:
    """What becomes of everything in the scene, written down as it goes."""

    session: Session
    seen: Scene
    now: datetime
    looked: Looked = field(default_factory=Looked)
    held: dict[int, list[datetime]] = field(default_factory=dict)
    """By program: when somebody who is to be named may be."""

    def take(self, row: Escalation) -> None:
        """What is open goes on, or has found its end."""
        cause = self._cause(row)
        if cause is None:
            self.looked.cleared.append(row.id)
            return
        program = self.seen.programs[cause.program_id]
        if row.state == EscalationState.PENDING:
            self._leave_pending(row, cause, program)
            return
        turn = go_on(self._stand(row, program), program.at.today, program.at.days)
        if program.was_quiet and turn.is_step:
            turn = put_off(self._stand(row, program), program.at.today, program.at.days)
        if turn.is_step:
            self._step(row, cause, turn, program)
        elif turn.next_on is not None:
            self._wait(row, turn, program)

    def open(self, cause: Cause) -> None:
        program = self.seen.programs[cause.program_id]
        ladder = frozen(program.at.rules.ladder, is_extreme=cause.fired.is_extreme)
        turn = self._begin(cause, program, ladder)
        whose = self._whose(cause, turn, program)
        if whose is None:
            return
        self.insert(
            rule=cause.fired.rule.value,
            kind=cause.kind,
            record_id=cause.record_id,
            program_id=cause.program_id,
            project_id=cause.project_id,
            state=turn.state.value,
            level=int(whose.level),
            opened_at=self.now,
            deadline_on=cause.fired.deadline,
            deadline_at=cause.deadline_at,
            notify_id=whose.person,
            instead_of_id=whose.instead_of,
            informed_id=whose.informed,
            ladder=ladder.model_dump(),
            stepped_at=self.now,
            next_step_at=self._next_step(cause, turn, whose, ladder),
        )

    def insert(self, **values: Any) -> None:
        number = next_number(self.session, KIND)
        opened = add_row_once(self.session, Escalation, number=number, **values)
        if opened is not None:
            record_change(self.session, KIND, opened, at=self.now, actor_id=None, new=OPENED)
            self.looked.opened.append(opened)

    def _cause(self, row: Escalation) -> Cause | None:
        """What nobody committed to may be overdue by now: the same thread goes on."""
        own, passed = (Rule(row.rule), row.kind, row.record_id), (Rule.E5, row.kind, row.record_id)
        if row.rule == Rule.E5B and own not in self.seen.causes and passed in self.seen.causes:
            own = passed
            self.save(row, rule=Rule.E5.value, deadline_on=self.seen.causes[passed].fired.deadline)
        return self.seen.causes.pop(own, None)

    def _leave_pending(self, row: Escalation, cause: Cause, program: Watched) -> None:
        turn = self._begin(cause, program, Ladder.model_validate(row.ladder))
        if turn.is_step:
            self._step(row, cause, turn, program)
        elif row.deadline_at != cause.deadline_at:
            at = cause.deadline_at
            self._change(row, deadline_at=at, next_step_at=at, deadline_on=cause.fired.deadline)

    def _stand(self, row: Escalation, program: Watched) -> Stand:
        last = self.seen.active.get((row.kind, row.record_id))
        return Stand(
            state=EscalationState(row.state),
            level=Level(row.level),
            next_on=program.at.date_of(row.next_step_at) if row.next_step_at else None,
            active_on=program.at.date_of(last) if last is not None and last > row.stepped_at else None,
            ladder=Ladder.model_validate(row.ladder),
            top=self.seen.chain(row).top,
        )

    def _wait(self, row: Escalation, turn: Turn, program: Watched) -> None:
        """Somebody works on it: the next step comes later."""
        assert turn.next_on is not None
        at = start_of(program.hours, turn.next_on)
        if row.next_step_at is not None and at > row.next_step_at:
            reopens = turn.next_on if turn.state is EscalationState.ACKNOWLEDGED else None
            self._change(row, next_step_at=at, reopens_on=reopens)

    def _change(self, row: Escalation, **values: Any) -> None:
        self.save(row, **values)
        self.looked.changed.append(row.id)

    def save(self, row: Escalation, **values: Any) -> None:
        """`row` stays as it was read."""
        values["version"] = Escalation.version + 1
        self.session.execute(
            update(Escalation).where(Escalation.id == row.id).values(**values),
            execution_options={"synchronize_session": False},
        )

    def _begin(self, cause: Cause, program: Watched, ladder: Ladder) -> Turn:
        """What fired while nothing was sent begins at the foot of the ladder."""
        fired = cause.fired
        if program.was_quiet and fired.level > Level.LEAD:
            fired = replace(fired, level=Level.LEAD)
        return begin(fired, ladder, self.seen.chain(cause).top, program.at)

    def _whose(self, cause: Cause, turn: Turn, program: Watched) -> Whose | None:
        """None where whoever is to be named may not be yet: it is looked at again when they may."""
        place = self.seen.grounds.place(cause.program_id, cause.project_id)
        only_within = place.people if place.restricted else None
        chain, reaches = self.seen.chain(cause), self.seen.reaches
        whose = whose_turn(turn.level, chain, cause.owner_id, reaches, self.now, only_within=only_within)
        if turn.state is EscalationState.PENDING:
            return whose
        until = held_until(whose, cause.fired.rule, program.hours, self.seen.reaches, self.now)
        if until <= self.now:
            return whose
        self.held.setdefault(program.id, []).append(until)
        return None

    def _step(self, row: Escalation, cause: Cause, turn: Turn, program: Watched) -> None:
        whose = self._whose(cause, turn, program)
        if whose is None:
            return
        ladder = Ladder.model_validate(row.ladder)
        self.record_step(row, whose)
        self.save(
            row,
            state=EscalationState.OPEN.value,
            level=int(whose.level),
            climbs=row.climbs + (whose.level > row.level > Level.OWNER),
            notify_id=whose.person,
            instead_of_id=whose.instead_of,
            informed_id=whose.informed,
            stepped_at=self.now,
            next_step_at=self._next_step(cause, turn, whose, ladder),
            **NOT_ACKNOWLEDGED,
        )
        self.looked.stepped[row.id] = Stepped(_kind_of_step(row), row.stepped_at)

    def record_step(self, row: Escalation, whose: Whose) -> None:
        """A step to the same level is one that opens it again."""
        climbed = whose.level != row.level
        name, old = ("level", row.level) if climbed else ("state", row.state)
        new = int(whose.level) if climbed else EscalationState.OPEN.value
        record_change(self.session, KIND, row.id, at=self.now, actor_id=None, field=name, old=old, new=new)

    def _next_step(self, cause: Cause, turn: Turn, whose: Whose, ladder: Ladder) -> datetime | None:
        """Where somebody who is away was passed over, the next step is counted from where it went."""
        program = self.seen.programs[cause.program_id]
        if turn.state is EscalationState.PENDING:
            return cause.deadline_at
        day = turn.next_on
        if whose.level >= self.seen.chain(cause).top:
            return None
        if whose.level != turn.level or day is None:
            day = program.at.days.after(program.at.today, patience(whose.level, ladder))
        return start_of(program.hours, day)


def _kind_of_step(row: Escalation) -> Step:
    if row.state == EscalationState.PENDING:
        return Step.BEGIN
    return Step.AGAIN if row.state == EscalationState.ACKNOWLEDGED else Step.CLIMB
