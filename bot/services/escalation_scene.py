"""What one look at programs reads, in a fixed number of statements, and what it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.escalation import Chain, Moment
from bot.domain.wall_time import WorkingHours
from bot.services import calendars, escalation_causes, escalation_ladder, parameters, switches
from bot.services.escalation_causes import Cause
from bot.services.escalation_ladder import Grounds, Reaches
from models.schemas.escalation import EscalationState, Rule, Step
from models.schemas.project import State
from models.schemas.switches import MessageKind, Switch
from models.tables import Escalation, History, Program

OVER = (State.COMPLETED, State.CANCELLED)
Key = tuple[Rule, str, int]


@dataclass(frozen=True)
class Watched:
    """A program as it is at the moment of a look."""

    id: int
    at: Moment
    hours: WorkingHours
    switch: Switch
    was_quiet: bool
    is_over: bool

    @property
    def is_quiet(self) -> bool:
        """Paused, or its escalations are turned off."""
        return not self.switch.sends(MessageKind.ESCALATIONS)


@dataclass
class Scene:
    programs: Mapping[int, Watched]
    causes: dict[Key, Cause]
    rows: Sequence[Escalation]
    """What is open; locked until the unit ends."""
    grounds: Grounds
    reaches: Reaches
    active: Mapping[tuple[str, int], datetime]
    """When people changed the records last, since the oldest of the last steps."""
    called_off: Mapping[Key, set[date]]
    """Deadlines for which a manager wants to hear no more."""
    now: datetime

    def is_called_off(self, cause: Cause) -> bool:
        """A dependency that nobody commits to has another deadline every day."""
        deadlines = self.called_off.get(cause.key, set())
        return cause.fired.deadline in deadlines or (cause.fired.rule is Rule.E5B and bool(deadlines))

    def chain(self, of: Cause | Escalation) -> Chain:
        return self.grounds.chain(of.program_id, of.project_id)


class Again(NamedTuple):
    """When a program is looked at next."""

    program_id: int
    at: datetime
    is_quiet: bool
    """Nothing was sent for it this time."""


class Stepped(NamedTuple):
    why: Step
    before: datetime
    """When the step before was taken."""


@dataclass
class Looked:
    """Ids of escalations that somebody is told of."""

    opened: list[int] = field(default_factory=list)
    stepped: dict[int, Stepped] = field(default_factory=dict)
    """Somebody is named."""
    changed: list[int] = field(default_factory=list)
    """Its message says something else, and summons nobody."""
    cleared: list[int] = field(default_factory=list)
    """The cause is gone."""
    again: list[Again] = field(default_factory=list)


def watched(session: Session, due: Mapping[int, bool], now: datetime) -> list[Watched]:
    """`due`: programs, and whether nothing was sent for them when they were looked at last."""
    states = dict(session.execute(select(Program.id, Program.state).where(Program.id.in_(due))).all())
    hours = calendars.of_programs(session, due, now=now)
    rules = parameters.of_programs(session, due)
    sends = switches.of_programs(session, due, now=now)
    return [
        Watched(
            id=program,
            at=Moment(now, hours[program], rules[program]),
            hours=hours[program],
            switch=sends[program],
            was_quiet=was_quiet,
            is_over=states[program] in OVER,
        )
        for program, was_quiet in due.items()
        if program in states
    ]


def scene(session: Session, programs: Mapping[int, Watched], now: datetime) -> Scene:
    """Of a program that is over nothing escalates any more."""
    rows = _open_rows(session, programs)
    causes = escalation_causes.find(session, {id: each.at for id, each in programs.items() if not each.is_over})
    belongs_to = [(cause.program_id, cause.project_id) for cause in causes]
    grounds = escalation_ladder.grounds(session, [*belongs_to, *((row.program_id, row.project_id) for row in rows)])
    persons: set[int] = set()
    for cause in causes:
        persons |= escalation_ladder.persons(grounds.chain(cause.program_id, cause.project_id), cause.owner_id)
    return Scene(
        programs=programs,
        causes={cause.key: cause for cause in causes},
        rows=rows,
        grounds=grounds,
        reaches=escalation_ladder.reachable(session, persons, now=now),
        active=activity(session, rows),
        called_off=called_off(session, programs),
        now=now,
    )


def _open_rows(session: Session, programs: Mapping[int, Watched]) -> Sequence[Escalation]:
    statement = select(Escalation).where(Escalation.program_id.in_(programs), Escalation.resolved_at.is_(None))
    return session.scalars(statement.order_by(Escalation.id).with_for_update()).all()


def activity(session: Session, rows: Sequence[Escalation]) -> dict[tuple[str, int], datetime]:
    """Of the rows' records. A refusal changes nothing."""
    if not rows:
        return {}
    kinds = {row.kind: [each.record_id for each in rows if each.kind == row.kind] for row in rows}
    concerned = [and_(History.kind == kind, History.record_id.in_(ids)) for kind, ids in kinds.items()]
    statement = (
        select(History.kind, History.record_id, func.max(History.at))
        .where(or_(*concerned), History.at > min(row.stepped_at for row in rows))
        .where(History.actor_id.is_not(None), History.field != "refused")
        .group_by(History.kind, History.record_id)
    )
    return {(kind, record): at for kind, record, at in session.execute(statement) if at is not None}


def called_off(session: Session, programs: Iterable[int]) -> dict[Key, set[date]]:
    cancelled = (Escalation.program_id.in_(list(programs)), Escalation.state == EscalationState.CANCELLED)
    statement = select(Escalation.rule, Escalation.kind, Escalation.record_id, Escalation.deadline_on)
    found: dict[Key, set[date]] = {}
    for rule, kind, record_id, deadline in session.execute(statement.where(*cancelled)):
        found.setdefault((Rule(rule), kind, record_id), set()).add(deadline)
    return found
