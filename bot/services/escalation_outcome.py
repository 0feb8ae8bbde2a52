"""How escalations end: because somebody did something about the record, or because a manager said so."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.numbers import ordinal
from bot.services import escalation_subjects
from bot.services.escalation_look import KIND
from bot.services.history import record_change
from models.schemas.dates import short_day
from models.schemas.decision import OPEN as UNDECIDED
from models.schemas.decision import STATE_WORDS as DECISION_WORDS
from models.schemas.decision import DecisionStatus
from models.schemas.escalation import EscalationState, Rule, Subject
from models.schemas.issue import STATE_WORDS as ISSUE_WORDS
from models.schemas.issue import UNRESOLVED, IssueStatus
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED
from models.schemas.project import State
from models.schemas.risk import ACTIVE, RiskStatus
from models.schemas.risk import STATE_WORDS as RISK_WORDS
from models.tables import Escalation, History, StatusUpdate

ENDED = "no longer applies"


class _Last(NamedTuple):
    """The last act of a person on the record."""

    by: int | None
    reason: str | None


def resolve(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """The cause of these is gone: who did what about it is read from the record and its history."""
    if not ids:
        return
    rows = session.scalars(select(Escalation).where(Escalation.id.in_(ids))).all()
    subjects = escalation_subjects.find(session, ((row.kind, row.record_id) for row in rows))
    last, slips = _last_acts(session, rows), _slips(session, rows)
    for row in rows:
        subject, act = subjects.get((row.kind, row.record_id)), last.get((row.kind, row.record_id), _Last(None, None))
        outcome = words(Rule(row.rule), subject, now.date()) if subject else ENDED
        more = _slip_words(subject, slips.get(row.record_id, 0)) if subject and outcome.startswith("re-dated") else None
        told = {"outcome": outcome, "outcome_more": more}
        end(session, row, EscalationState.RESOLVED, by_id=act.by, reason=act.reason, now=now, **told)
    session.expire_all()


def end(
    session: Session,
    row: Escalation,
    state: EscalationState,
    *,
    by_id: int | None,
    reason: str | None,
    now: datetime,
    **told: str | None,
) -> None:
    record_change(session, KIND, row.id, at=now, actor_id=by_id, field="state", old=row.state, new=state, reason=reason)
    values = {"state": state.value, "resolved_at": now, "resolved_by_id": by_id, "reason": reason, **told}
    statement = update(Escalation).where(Escalation.id == row.id)
    session.execute(
        statement.values(next_step_at=None, version=Escalation.version + 1, **values),
        execution_options={"synchronize_session": False},
    )


def words(rule: Rule, subject: Subject, today: date) -> str:
    """What became of it, behind 'Resolved:'."""
    return WORDS[subject.kind](rule, subject, today)


def _risk(rule: Rule, subject: Subject, today: date) -> str:
    if subject.state not in ACTIVE:
        return RISK_WORDS[RiskStatus(subject.state)].lower()
    if rule is Rule.E1:
        return "acknowledged"
    if rule is Rule.E2:
        return "response planned"
    return f"reviewed, next on {short_day(subject.due_on, today)}" if subject.due_on else "reviewed"


def _decision(rule: Rule, subject: Subject, today: date) -> str:
    if subject.state not in UNDECIDED:
        return DECISION_WORDS[DecisionStatus(subject.state)].lower()
    return f"re-dated to {short_day(subject.due_on, today)}" if subject.due_on else ENDED


def _issue(rule: Rule, subject: Subject, today: date) -> str:
    if subject.state not in UNRESOLVED:
        return ISSUE_WORDS[IssueStatus(subject.state)].lower()
    return f"rated {subject.grade}"


def _dated(still: Sequence[str]) -> Callable[[Rule, Subject, date], str]:
    def told(rule: Rule, subject: Subject, today: date) -> str:
        if subject.state not in still or rule is Rule.E5B:
            return subject.state.replace("_", " ") if subject.state != "proposed" else ENDED
        return f"re-dated to {short_day(subject.due_on, today)}" if subject.due_on else ENDED

    return told


def _project(rule: Rule, subject: Subject, today: date) -> str:
    return "status posted" if subject.state == State.ACTIVE else f"the project is {subject.state.replace('_', ' ')}"


WORDS: Mapping[str, Callable[[Rule, Subject, date], str]] = {
    "risk": _risk,
    "decision": _decision,
    "issue": _issue,
    "dependency": _dated(OPEN_DEPENDENCY),
    "milestone": _dated(UNACHIEVED),
    "finding": _dated(("open", "in_remediation", "ready_for_verification")),
    "project": _project,
}


def _last_acts(session: Session, rows: Sequence[Escalation]) -> dict[tuple[str, int], _Last]:
    """By record; a missing status is answered by whoever posted it."""
    kinds = {row.kind: [each.record_id for each in rows if each.kind == row.kind] for row in rows}
    concerned = [and_(History.kind == kind, History.record_id.in_(ids)) for kind, ids in kinds.items()]
    since = min(row.opened_at for row in rows)
    acts = select(History.kind, History.record_id, History.actor_id, History.reason).where(
        or_(*concerned), History.at >= since, History.actor_id.is_not(None), History.field != "refused"
    )
    found: dict[tuple[str, int], _Last] = {}
    for kind, record_id, actor, reason in session.execute(acts.order_by(History.at, History.id)):
        before = found.get((kind, record_id))
        kept = before.reason if before and before.by == actor and reason is None else reason
        found[kind, record_id] = _Last(actor, kept)
    if projects := kinds.get("project"):
        posted = select(StatusUpdate.project_id, StatusUpdate.author_id).where(
            StatusUpdate.project_id.in_(projects), StatusUpdate.posted_at >= since
        )
        for project, author in session.execute(posted.order_by(StatusUpdate.posted_at)):
            found["project", project or 0] = _Last(author, None)
    return found


def _slips(session: Session, rows: Sequence[Escalation]) -> dict[int, int]:
    """How often these milestones moved to a later date."""
    ids = [row.record_id for row in rows if row.kind == "milestone"]
    if not ids:
        return {}
    moves = select(History.record_id, History.old, History.new).where(
        History.kind == "milestone", History.record_id.in_(ids), History.field == "due_on"
    )
    found: dict[int, int] = {}
    for record_id, old, new in session.execute(moves):
        found[record_id] = found.get(record_id, 0) + (isinstance(old, str) and isinstance(new, str) and new > old)
    return found


def _slip_words(subject: Subject, count: int) -> str | None:
    """'1st slip, +18 days', against the first baseline."""
    if subject.kind != "milestone" or subject.baseline_on is None or subject.due_on is None or not count:
        return None
    days = (subject.due_on - subject.baseline_on).days
    return f"{ordinal(count)} slip, {days:+d} day{'' if abs(days) == 1 else 's'}"
