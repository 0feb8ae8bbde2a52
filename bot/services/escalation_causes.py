"""What of programs escalates now: one statement for each kind of record, whatever the number of programs or records."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain import escalation as rules
from bot.domain.escalation import Fired, Moment, Threat
from bot.domain.status_requests import ANSWERED, MISSING
from models.schemas.decision import OPEN, DecisionStatus
from models.schemas.escalation import Rule
from models.schemas.issue import UNRESOLVED, IssueStatus, Severity
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED, DependencyState, MilestoneStatus
from models.schemas.project import State
from models.schemas.risk import ACTIVE, Band, Kind, RiskStatus
from models.schemas.schedule import RuleKind
from models.tables import Decision, Dependency, Finding, Issue, Milestone, Occurrence, Project, Risk

AHEAD = timedelta(hours=14)
"""How far the date of some program may be ahead of UTC's: the rules look again, at each program's own."""


@dataclass(frozen=True)
class Cause:
    """A rule that fires on a record."""

    kind: str
    record_id: int
    program_id: int
    project_id: int | None
    owner_id: int | None
    """Who has been silent so far: of a dependency nobody alone."""
    fired: Fired
    deadline_at: datetime | None = None

    @property
    def key(self) -> tuple[Rule, str, int]:
        return self.fired.rule, self.kind, self.record_id


def find(session: Session, moments: Mapping[int, Moment]) -> list[Cause]:
    """Of these programs, each at its own moment."""
    if not moments:
        return []
    programs = list(moments)
    now = next(iter(moments.values())).now
    today = (now + AHEAD).date()
    return [
        *_risks(session, programs, moments, now, today),
        *_decisions(session, programs, moments, today),
        *_dependencies(session, programs, moments, today),
        *_missing_statuses(session, programs, moments),
        *_issues(session, programs, moments, now),
        *_milestones(session, programs, moments, today),
        *_findings(session, programs, moments, today),
    ]


def next_deadline(session: Session, programs: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """When the next owner's time to read a risk runs out, by program."""
    unread = (Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE), Risk.acknowledged_at.is_(None))
    statement = (
        select(Risk.program_id, func.min(Risk.acknowledge_by))
        .where(Risk.program_id.in_(list(programs)), *unread, Risk.acknowledge_by >= now)
        .group_by(Risk.program_id)
    )
    return {program: at for program, at in session.execute(statement) if program is not None and at}


def _risks(
    session: Session, programs: list[int], moments: Mapping[int, Moment], now: datetime, today: date
) -> Iterator[Cause]:
    serious = Risk.band.in_(rules.SERIOUS)
    unread = and_(Risk.acknowledged_at.is_(None), or_(serious, Risk.acknowledge_by < now))
    perhaps = or_(unread, and_(serious, or_(Risk.response_strategy.is_(None), Risk.next_review_on < today)))
    wanted = (Risk.program_id.in_(programs), Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE), perhaps)
    for row in session.execute(_columns(Risk, _OF_RISK).where(*wanted)):
        threat = Threat(
            kind=Kind(row.kind),
            status=RiskStatus(row.status),
            band=Band(row.band),
            raised_at=row.raised_at,
            acknowledge_by=row.acknowledge_by if row.acknowledged_at is None else None,
            has_strategy=row.response_strategy is not None,
            next_review_on=row.next_review_on,
        )
        at = moments[row.program_id]
        early = rules.waiting(threat, at)
        for fired in [*([early] if early else []), *rules.of_risk(threat, at)]:
            until = row.acknowledge_by if fired.rule is Rule.E1 else None
            yield Cause("risk", row.id, row.program_id, row.project_id, row.owner_id, fired, until)


_OF_RISK = (
    "kind",
    "status",
    "band",
    "raised_at",
    "acknowledge_by",
    "acknowledged_at",
    "response_strategy",
    "next_review_on",
    "owner_id",
)


def _decisions(session: Session, programs: list[int], moments: Mapping[int, Moment], today: date) -> Iterator[Cause]:
    """Whoever is to decide is silent."""
    wanted = (Decision.program_id.in_(programs), Decision.status.in_(OPEN), Decision.due_on < today)
    for row in session.execute(_columns(Decision, ("status", "due_on", "approver_id")).where(*wanted)):
        for fired in rules.of_decision(DecisionStatus(row.status), row.due_on, moments[row.program_id]):
            yield Cause("decision", row.id, row.program_id, row.project_id, row.approver_id, fired)


def _dependencies(session: Session, programs: list[int], moments: Mapping[int, Moment], today: date) -> Iterator[Cause]:
    """Of the project that waits."""
    longest = max(moment.rules.dependency.uncommitted_warning for moment in moments.values())
    near = today + timedelta(days=2 * longest + 30)
    statement = (
        select(Dependency.id, Dependency.state, Dependency.needed_by, Dependency.get_project_id, Project.program_id)
        .join(Project, Project.id == Dependency.get_project_id)
        .where(Project.program_id.in_(programs), Dependency.state.in_(OPEN_DEPENDENCY), Dependency.needed_by < near)
    )
    for row in session.execute(statement):
        for fired in rules.of_dependency(DependencyState(row.state), row.needed_by, moments[row.program_id]):
            yield Cause("dependency", row.id, row.program_id, row.get_project_id, None, fired)


class MissingRun(NamedTuple):
    """Requests for the status of an active project that nobody answered, after the last one that somebody did."""

    project_id: int
    program_id: int
    owner_id: int
    dues: list[datetime]


def _missing_statuses(session: Session, programs: list[int], moments: Mapping[int, Moment]) -> Iterator[Cause]:
    for run in missing_runs(session, programs):
        yield from of_run(run, moments[run.program_id])


def of_run(run: MissingRun, at: Moment) -> Iterator[Cause]:
    for fired in rules.of_missing_status(run.dues, at):
        yield Cause("project", run.project_id, run.program_id, run.project_id, run.owner_id, fired)


def missing_runs(session: Session, programs: Iterable[int]) -> Iterator[MissingRun]:
    answered = aliased(Occurrence)
    later = (
        select(answered.id)
        .where(
            answered.project_id == Occurrence.project_id,
            answered.kind == RuleKind.STATUS_REQUEST,
            answered.state.in_(ANSWERED),
            answered.open_at > Occurrence.open_at,
        )
        .exists()
    )
    statement = (
        select(Occurrence.project_id, Occurrence.due_at, Project.program_id, Project.owner_id)
        .join(Project, Project.id == Occurrence.project_id)
        .where(
            Project.program_id.in_(list(programs)),
            Project.state == State.ACTIVE,
            Occurrence.kind == RuleKind.STATUS_REQUEST,
            Occurrence.state.in_(MISSING),
            ~later,
        )
        .order_by(Occurrence.project_id, Occurrence.open_at)
    )
    for _, rows in groupby(session.execute(statement), key=lambda row: row.project_id):
        run = list(rows)
        dues = [row.due_at for row in run if row.due_at is not None]
        yield MissingRun(run[0].project_id, run[0].program_id, run[0].owner_id, dues)


def _issues(session: Session, programs: list[int], moments: Mapping[int, Moment], now: datetime) -> Iterator[Cause]:
    wanted = (Issue.program_id.in_(programs), Issue.status.in_(UNRESOLVED), Issue.opened_at < now)
    known = _columns(Issue, ("status", "severity", "opened_at", "resolve_by", "owner_id"))
    for row in session.execute(known.where(*wanted)):
        at = moments[row.program_id]
        severity = Severity(row.severity)
        kept = rules.kept_day(row.resolve_by, severity, row.opened_at, at)
        for fired in rules.of_issue(IssueStatus(row.status), severity, row.opened_at, at, kept):
            yield Cause("issue", row.id, row.program_id, row.project_id, row.owner_id, fired)


def _milestones(session: Session, programs: list[int], moments: Mapping[int, Moment], today: date) -> Iterator[Cause]:
    statement = (
        select(Milestone.id, Milestone.status, Milestone.due_on, Milestone.owner_id)
        .add_columns(Milestone.project_id, Project.program_id)
        .join(Project, Project.id == Milestone.project_id)
        .where(
            Project.program_id.in_(programs),
            Project.state == State.ACTIVE,
            Milestone.status.in_(UNACHIEVED),
            Milestone.due_on < today,
        )
    )
    for row in session.execute(statement):
        for fired in rules.of_milestone(MilestoneStatus(row.status), row.due_on, moments[row.program_id]):
            yield Cause("milestone", row.id, row.program_id, row.project_id, row.owner_id, fired)


def _findings(session: Session, programs: list[int], moments: Mapping[int, Moment], today: date) -> Iterator[Cause]:
    """Of the program itself, or of one of its projects."""
    program = func.coalesce(Project.program_id, Finding.program_id)
    statement = (
        select(Finding.id, Finding.status, Finding.severity, Finding.due_on, Finding.owner_id, Finding.project_id)
        .add_columns(program.label("program_id"))
        .outerjoin(Project, Project.id == Finding.project_id)
        .where(program.in_(programs), Finding.status.not_in(rules.FINDING_OVER), Finding.due_on < today)
    )
    for row in session.execute(statement):
        for fired in rules.of_finding(row.status, row.severity, row.due_on, moments[row.program_id]):
            yield Cause("finding", row.id, row.program_id, row.project_id, row.owner_id, fired)


def _columns(table: type[Any], names: Iterable[str]) -> Any:
    return select(table.id, table.program_id, table.project_id, *(getattr(table, name) for name in names))
