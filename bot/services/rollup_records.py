"""The records that a rollup names, in one statement: the worst risks, what is to be decided, what changed.

What changed is found by the history of the window, so that it costs the same however long a register's past is.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from bot.services.rollup_columns import POSTED, card, part, with_card
from bot.services.rollup_projects import OPEN_TO_ALL
from models.schemas.decision import OPEN, DecisionStatus
from models.schemas.issue import IssueStatus
from models.schemas.plan import UNACHIEVED, MilestoneStatus
from models.schemas.risk import ACTIVE, Kind, RiskStatus
from models.tables import Decision, History, Issue, Milestone, Person, Project, Risk
from models.tables.unit import THIS_WORKSPACE, fetch

TOP_RISKS = 5

_RISK, _ISSUE, _DECISION, _MILESTONE = (t.__table__ for t in (Risk, Issue, Decision, Milestone))
_PROJECT, _PERSON, _HISTORY = Project.__table__, Person.__table__, History.__table__
_AT = _HISTORY.c.at.type
_START, _END = bindparam("start", type_=_AT), bindparam("end", type_=_AT)
_FIRST_DAY: BindParameter[date] = bindparam("first_day")
_LAST_DAY: BindParameter[date] = bindparam("last_day")
_PROGRAMS: BindParameter[Any] = bindparam("programs", expanding=True)


def _within(column: Any) -> Any:
    return and_(column > _START, column <= _END)


def _days_within(column: Any) -> Any:
    return and_(column > _FIRST_DAY, column <= _LAST_DAY)


def _touched(kind: str) -> Any:
    """Ids of records of which the window's history says anything."""
    said = (_HISTORY.c.workspace_id == THIS_WORKSPACE, _HISTORY.c.kind == kind, _within(_HISTORY.c.at))
    return select(_HISTORY.c.record_id).where(*said)


def _of_programs(table: Any) -> tuple[Any, ...]:
    """Of these programs, and open to all who read the rollup."""
    return (table.c.workspace_id == THIS_WORKSPACE, table.c.program_id.in_(_PROGRAMS), OPEN_TO_ALL)


def _placed(table: Any) -> Any:
    same = and_(_PROJECT.c.id == table.c.project_id, _PROJECT.c.workspace_id == THIS_WORKSPACE)
    return table.outerjoin(_PROJECT, same)


def _held(source: Any, column: Any) -> Any:
    return source.join(_PERSON, and_(_PERSON.c.id == column, _PERSON.c.workspace_id == THIS_WORKSPACE))


def _common(table: Any) -> dict[str, Any]:
    same = {name: table.c[name] for name in ("id", "number", "title", "project_id", "program_id")}
    return same | {"channel": POSTED.c.channel, "ts": POSTED.c.ts}


def _person() -> dict[str, Any]:
    return {"person_id": _PERSON.c.id} | {name: _PERSON.c[name] for name in ("slack_id", "handle", "tz")}


def _risks(name: str, *conditions: Any, **more: Any) -> Select[Any]:
    source = with_card(_held(_placed(_RISK), _RISK.c.owner_id), card("risk.card:", _RISK.c.id))
    columns = {"word": _RISK.c.band, "state": _RISK.c.status, "first": _RISK.c.probability, "second": _RISK.c.impact}
    instants = {"at": _RISK.c.raised_at, "done_at": _RISK.c.closed_at}
    threats = (*_of_programs(_RISK), _RISK.c.kind == Kind.THREAT, *conditions)
    return part(name, source, *threats, **_common(_RISK) | columns | instants | _person() | more)


def _ranked_risks(name: str, most: int, by: Any) -> Any:
    """The worst ones of each: by score, impact (both falling), soonest, id (domain 5.5)."""
    order = (_RISK.c.score.desc(), _RISK.c.impact.desc(), _RISK.c.proximity_on.is_(None), _RISK.c.proximity_on)
    rank = func.row_number().over(partition_by=by, order_by=(*order, _RISK.c.id))
    found = _risks(name, _RISK.c.status.in_(ACTIVE), rank=rank).subquery()
    return select(found).where(found.c.rank <= most)


def _decisions(name: str, *conditions: Any) -> Select[Any]:
    source = with_card(_held(_placed(_DECISION), _DECISION.c.approver_id), card("decision.card:", _DECISION.c.id))
    columns = {"state": _DECISION.c.status, "on": _DECISION.c.due_on}
    instants = {"at": _DECISION.c.raised_at, "done_at": _DECISION.c.decided_at}
    which = (*_of_programs(_DECISION), *conditions)
    return part(name, source, *which, **_common(_DECISION) | columns | instants | _person())


_DUE = _decisions("due", _DECISION.c.status.in_(OPEN), _DECISION.c.due_on <= bindparam("due_until"))
_RISK_CHANGES = _risks(
    "risk",
    _RISK.c.id.in_(_touched("risk")),
    or_(
        and_(_within(_RISK.c.raised_at), _RISK.c.status.in_(ACTIVE)),
        and_(_within(_RISK.c.closed_at), _RISK.c.status == RiskStatus.CLOSED),
    ),
)
_ISSUE_CHANGES = part(
    "issue",
    with_card(_placed(_ISSUE), card("issue.card:", _ISSUE.c.id)),
    *_of_programs(_ISSUE),
    _ISSUE.c.id.in_(_touched("issue")),
    _ISSUE.c.status != IssueStatus.WONT_FIX,
    or_(_within(_ISSUE.c.opened_at), _within(_ISSUE.c.resolved_at)),
    **_common(_ISSUE)
    | {"word": _ISSUE.c.severity, "state": _ISSUE.c.status, "at": _ISSUE.c.opened_at, "done_at": _ISSUE.c.resolved_at},
)
_DECISION_CHANGES = _decisions(
    "decision",
    _DECISION.c.id.in_(_touched("decision")),
    or_(
        and_(_within(_DECISION.c.raised_at), _DECISION.c.status.in_(OPEN)),
        and_(_within(_DECISION.c.decided_at), _DECISION.c.status == DecisionStatus.ACCEPTED),
    ),
)
_OF_PROJECT = _MILESTONE.join(
    _PROJECT, and_(_PROJECT.c.id == _MILESTONE.c.project_id, _PROJECT.c.workspace_id == THIS_WORKSPACE)
)
_PLANNED = (
    _MILESTONE.c.workspace_id == THIS_WORKSPACE,
    _PROJECT.c.program_id.in_(_PROGRAMS),
    _PROJECT.c.state == "active",
    OPEN_TO_ALL,
)
_OF_MILESTONE = {
    **{name: _MILESTONE.c[name] for name in ("id", "number", "title", "project_id")},
    "state": _MILESTONE.c.status,
    "on": _MILESTONE.c.due_on,
    "done_on": _MILESTONE.c.achieved_on,
}
_ACHIEVED_AFTER = _MILESTONE.c.id.in_(
    select(_HISTORY.c.record_id).where(
        _HISTORY.c.workspace_id == THIS_WORKSPACE,
        _HISTORY.c.kind == "milestone",
        _HISTORY.c.field == "status",
        _within(_HISTORY.c.at),
    )
)
"""On the day of the last rollup, and later than it: a date alone would not tell."""
_MILESTONES = part(
    "milestone",
    _OF_PROJECT,
    *_PLANNED,
    or_(
        and_(
            _MILESTONE.c.status == MilestoneStatus.ACHIEVED,
            or_(_days_within(_MILESTONE.c.achieved_on), and_(_MILESTONE.c.achieved_on == _FIRST_DAY, _ACHIEVED_AFTER)),
        ),
        and_(
            _MILESTONE.c.status.in_(UNACHIEVED),
            _MILESTONE.c.due_on >= _FIRST_DAY,
            _MILESTONE.c.due_on < _LAST_DAY,
        ),
    ),
    **_OF_MILESTONE,
)


def _told(kind: str, column: Any, field: str) -> Any:
    """The history of one field of these records within the window."""
    return and_(
        _HISTORY.c.record_id == column,
        _HISTORY.c.workspace_id == THIS_WORKSPACE,
        _HISTORY.c.kind == kind,
        _HISTORY.c.field == field,
        _within(_HISTORY.c.at),
    )


_SAID = {"at": _HISTORY.c.at, "old": _HISTORY.c.old, "new": _HISTORY.c.new}
_REDATED = part(
    "redated",
    _OF_PROJECT.join(_HISTORY, _told("milestone", _MILESTONE.c.id, "due_on")),
    *_PLANNED,
    **_OF_MILESTONE | _SAID,
)
_TARGETS = part(
    "target",
    _PROJECT.join(_HISTORY, _told("project", _PROJECT.c.id, "target_on")),
    _PROJECT.c.workspace_id == THIS_WORKSPACE,
    _PROJECT.c.program_id.in_(_PROGRAMS),
    _PROJECT.c.state == "active",
    OPEN_TO_ALL,
    **{"id": _PROJECT.c.id, "number": _PROJECT.c.number, "title": _PROJECT.c.name, "project_id": _PROJECT.c.id}
    | {"on": _PROJECT.c.baseline_on}
    | _SAID,
)
_SCORES = part(
    "score",
    with_card(_placed(_RISK).join(_HISTORY, _told("risk", _RISK.c.id, "score")), card("risk.card:", _RISK.c.id)),
    *_of_programs(_RISK),
    _RISK.c.kind == Kind.THREAT,
    _RISK.c.status.in_(ACTIVE),
    _RISK.c.raised_at <= _START,
    **_common(_RISK) | _SAID,
)
_PEOPLE = part(
    "person",
    _PERSON,
    _PERSON.c.workspace_id == THIS_WORKSPACE,
    _PERSON.c.slack_id.in_(bindparam("asked", expanding=True)),
    **_person(),
)
_CHANGED = (_RISK_CHANGES, _SCORES, _ISSUE_CHANGES, _DECISION_CHANGES, _MILESTONES, _REDATED, _TARGETS)
_STATEMENT = union_all(_ranked_risks("top", TOP_RISKS, _RISK.c.workspace_id), _DUE, *_CHANGED, _PEOPLE)
_OF_PORTFOLIO = union_all(_ranked_risks("top", 1, _RISK.c.program_id), _DUE, _PEOPLE)
OF_THREAD = _ranked_risks("top", 1, _RISK.c.project_id)
"""The worst risk of each project, which only the thread tells."""


def read(
    session: Session,
    program_ids: Collection[int],
    *,
    here: str | None,
    start: datetime,
    end: datetime,
    first_day: date,
    last_day: date,
    due_until: date,
    asked: Collection[str],
) -> Sequence[Row[Any]]:
    """Rows of every part, told apart by `part`. `here` is the channel whose readers see them; `asked` are Slack ids of
    people whose cards are wanted too."""
    window = {"start": start, "end": end, "first_day": first_day, "last_day": last_day}
    values = {"programs": list(program_ids), "here": here or "", "due_until": due_until, "asked": list(asked)}
    return fetch(session, _STATEMENT, **window, **values).all()


def of_portfolio(
    session: Session, program_ids: Collection[int], *, here: str | None, due_until: date, asked: Collection[str]
) -> Sequence[Row[Any]]:
    """The worst risk of each program, what is to be decided, and these people."""
    values = {"programs": list(program_ids), "here": here or "", "due_until": due_until, "asked": list(asked)}
    return fetch(session, _OF_PORTFOLIO, **values).all()


def of_thread(session: Session, program_ids: Collection[int], *, here: str | None) -> Sequence[Row[Any]]:
    return fetch(session, OF_THREAD, programs=list(program_ids), here=here or "").all()
