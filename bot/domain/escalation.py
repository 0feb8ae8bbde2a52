"""What nobody answers: which rule fires, since when, how far it has climbed, and who is named (domain 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from bot.domain.issue import days_to_resolve
from bot.domain.wall_time import WorkingHours, after_working_hours, local_date
from models.schemas.decision import OPEN, DecisionStatus
from models.schemas.escalation import Level, Rule
from models.schemas.issue import UNRESOLVED, IssueStatus, Severity
from models.schemas.parameters import DEFAULTS, Ladder, Parameters, RiskRules
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED, DependencyState, MilestoneStatus
from models.schemas.risk import ACTIVE, Band, Kind, RiskStatus

SERIOUS = (Band.HIGH, Band.EXTREME)
FINDING_OVER = ("closed", "risk_accepted")


class Days(Protocol):
    """The calendar of a program."""

    @property
    def zone(self) -> str: ...
    def is_working(self, day: date) -> bool: ...
    def after(self, day: date, number: int) -> date: ...


@dataclass(frozen=True)
class Moment:
    """Now, as one program counts it."""

    now: datetime
    days: Days
    rules: Parameters = DEFAULTS

    @cached_property
    def today(self) -> date:
        return local_date(self.now, self.days.zone)

    def date_of(self, instant: datetime) -> date:
        return local_date(instant, self.days.zone)


@dataclass(frozen=True)
class Fired:
    """One rule on one record."""

    rule: Rule
    deadline: date
    elapsed: int
    """Working days since the deadline."""
    level: Level
    is_extreme: bool = False
    """Climbs by the faster ladder."""


def elapsed(deadline: date, today: date, days: Days) -> int:
    """Working days d with deadline < d <= today, in the program's calendar."""
    return sum(days.is_working(deadline + timedelta(days=n)) for n in range(1, (today - deadline).days + 1))


def level_of(working_days: int, ladder: Ladder, *, is_extreme: bool = False) -> Level:
    manager, sponsor = steps(ladder, is_extreme=is_extreme)
    if working_days >= sponsor:
        return Level.SPONSOR
    return Level.MANAGER if working_days >= manager else Level.LEAD


def steps(ladder: Ladder, *, is_extreme: bool = False) -> tuple[int, int]:
    """Working days after the deadline at which it is with the program manager, and with the sponsor."""
    if is_extreme:
        return ladder.extreme_manager, ladder.extreme_sponsor
    return ladder.manager, ladder.sponsor


def patience(level: Level, ladder: Ladder, *, is_extreme: bool = False) -> int:
    """Working days from the step to this level until the next one: it counts from the previous step."""
    manager, sponsor = steps(ladder, is_extreme=is_extreme)
    return manager if level <= Level.LEAD else max(sponsor - manager, 0)


@dataclass(frozen=True)
class Threat:
    kind: Kind
    status: RiskStatus
    band: Band
    raised_at: datetime
    acknowledge_by: datetime | None
    """When its owner's time to acknowledge runs out; None once they have."""
    has_strategy: bool
    next_review_on: date | None


def acknowledge_by(raised_at: datetime, band: Band, rules: RiskRules, owner: WorkingHours) -> datetime:
    """The instant at which the owner's time runs out, in the owner's working hours (E1)."""
    hours = {
        Band.EXTREME: rules.ack_extreme,
        Band.HIGH: rules.ack_high,
        Band.MODERATE: rules.ack_moderate,
        Band.LOW: rules.ack_low,
    }
    return after_working_hours(raised_at, hours[band], owner)


def of_risk(risk: Threat, at: Moment) -> list[Fired]:
    """Opportunities never escalate."""
    if risk.kind is not Kind.THREAT or risk.status not in ACTIVE:
        return []
    extreme = risk.band is Band.EXTREME
    found = []
    if risk.acknowledge_by is not None and at.now > risk.acknowledge_by:
        found.append(_fired(Rule.E1, at.date_of(risk.acknowledge_by), at, is_extreme=extreme))
    if risk.band in SERIOUS:
        plan_by = response_due(risk, at)
        if not risk.has_strategy and at.today > plan_by:
            found.append(_fired(Rule.E2, plan_by, at, is_extreme=extreme))
        if risk.next_review_on is not None and risk.next_review_on < at.today:
            found.append(_fired(Rule.E3, risk.next_review_on, at, is_extreme=extreme))
    return _used(found, at)


def waiting(risk: Threat, at: Moment) -> Fired | None:
    """A High or Extreme risk that its owner has not read yet has its thread at once, before its time runs out."""
    serious = risk.kind is Kind.THREAT and risk.status in ACTIVE and risk.band in SERIOUS
    if not serious or risk.acknowledge_by is None or at.now > risk.acknowledge_by:
        return None
    extreme = risk.band is Band.EXTREME
    fired = Fired(Rule.E1, at.date_of(risk.acknowledge_by), 0, Level.OWNER, extreme)
    return next(iter(_used([fired], at)), None)


def response_due(risk: Threat, at: Moment) -> date:
    """The last day on which a High or Extreme risk may be without a response (E2)."""
    rules = at.rules.risk
    days = rules.plan_extreme if risk.band is Band.EXTREME else rules.plan_high
    return at.days.after(at.date_of(risk.raised_at), days)


def of_decision(status: DecisionStatus, due_on: date | None, at: Moment) -> list[Fired]:
    late = status in OPEN and due_on is not None and due_on < at.today
    return _used([_fired(Rule.E4, due_on, at)], at) if late and due_on else []


def of_dependency(state: DependencyState, needed_by: date, at: Moment) -> list[Fired]:
    """Counted by its consumer's program: the one that waits."""
    if state not in OPEN_DEPENDENCY:
        return []
    if needed_by < at.today:
        return _used([_fired(Rule.E5, needed_by, at)], at)
    near = elapsed(at.today, needed_by, at.days) <= at.rules.dependency.uncommitted_warning
    if state is DependencyState.PROPOSED and near:
        return _used([_fired(Rule.E5B, at.today, at)], at)
    return []


def of_missing_status(run: Sequence[datetime], at: Moment) -> list[Fired]:
    """`run`: when each of the last requests of an active project was due, as far back as all were missed, in order."""
    enough = at.rules.status.missed_periods_to_escalate
    return _used([_fired(Rule.E6, at.date_of(run[enough - 1]), at)], at) if len(run) >= enough else []


def of_issue(
    status: IssueStatus, severity: Severity, opened_at: datetime, at: Moment, kept: date | None = None
) -> list[Fired]:
    """`kept` is the day that it was given when it was opened, or rated anew."""
    due = kept or resolve_by(severity, opened_at, at)
    late = status in UNRESOLVED and at.today > due
    return _used([_fired(Rule.E7, due, at, is_extreme=severity is Severity.SEV1)], at) if late else []


def kept_day(own: date | None, severity: Severity, opened_at: datetime, at: Moment) -> date:
    """By the rule of its opening: its program's own where it had one, else the defaults."""
    return own or resolve_by(severity, opened_at, replace(at, rules=DEFAULTS))


def resolve_by(severity: Severity, opened_at: datetime, at: Moment) -> date:
    """The last day on which it is not overdue (E7)."""
    return at.days.after(at.date_of(opened_at), days_to_resolve(severity, at.rules.issue))


def of_milestone(status: MilestoneStatus, due_on: date, at: Moment) -> list[Fired]:
    """Of an active project."""
    late = status in UNACHIEVED and due_on < at.today
    return _used([_fired(Rule.E8, due_on, at)], at) if late else []


def of_finding(status: str, severity: str, due_on: date, at: Moment) -> list[Fired]:
    late = status not in FINDING_OVER and due_on < at.today
    return _used([_fired(Rule.E9, due_on, at, is_extreme=severity == "critical")], at) if late else []


@dataclass(frozen=True)
class Chain:
    """Who stands on the ladder for one record. A record without a project begins at the program manager."""

    lead: int | None
    manager: int
    sponsor: int | None
    backup: int | None = None

    def at(self, level: Level) -> int | None:
        """None above the last one."""
        if level is Level.SPONSOR:
            return self.sponsor
        return self.lead if level is Level.LEAD and self.lead is not None else self.manager

    @property
    def top(self) -> Level:
        return Level.SPONSOR if self.sponsor is not None else Level.MANAGER


@dataclass(frozen=True)
class Named:
    """Whose turn it is, and who is told beside them without being summoned."""

    person: int
    informed: int | None = None


def named(level: Level, chain: Chain, owner: int | None) -> Named:
    """`owner`: who holds the record. If it is their turn themselves, the next above is informed.

    The backup is informed with the project's owner, and has the turn when it is that owner who is silent.
    """
    level = min(level, chain.top)
    person = chain.at(level)
    assert person is not None
    above = chain.at(Level(level + 1)) if level < chain.top else None
    if level is Level.LEAD and chain.backup is not None and chain.backup != person:
        return Named(chain.backup, _other(above, chain.backup)) if person == owner else Named(person, chain.backup)
    return Named(person, _other(above, person)) if person == owner else Named(person)


def _other(person: int | None, than: int) -> int | None:
    return person if person != than else None


def _fired(rule: Rule, deadline: date, at: Moment, *, is_extreme: bool = False) -> Fired:
    passed = elapsed(deadline, at.today, at.days)
    level = level_of(passed, at.rules.ladder, is_extreme=is_extreme)
    return Fired(rule, deadline, passed, level, is_extreme)


def _used(found: list[Fired], at: Moment) -> list[Fired]:
    """Without the rules that this program turned off."""
    return [fired for fired in found if fired.rule.value not in at.rules.ladder.rules_off]
