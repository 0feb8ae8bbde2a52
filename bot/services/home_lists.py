"""What the lists of a Home have in common: one statement for each kind of item, merged page by page.

The statements are built once and name their workspace themselves: a Home is drawn after every change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from bot.domain.issue import resolve_by
from bot.domain.risk_matrix import Preset, matrix
from bot.domain.wall_time import instant, local_date, working_day_after
from bot.services import delivery
from bot.services.places import DEFAULT_MATRIX
from models.schemas.issue import IssueStatus, Severity
from models.schemas.people import PersonCard
from models.schemas.risk import Band, RiskStatus
from models.tables import Issue, Program, Project, Risk
from models.tables.unit import THIS_WORKSPACE, fetch

PROJECT, PROGRAM, RISK, ISSUE = Project.__table__, Program.__table__, Risk.__table__, Issue.__table__
ME: BindParameter[int] = bindparam("me")
NOW: BindParameter[datetime] = bindparam("now")
TODAY: BindParameter[date] = bindparam("today")
MOST: BindParameter[int] = bindparam("most")
NEVER = literal(0) == 1
READ_AFTER = 2
"""Working days after which a sponsor is asked to read a Red status."""

IS_NEW_RISK = and_(RISK.c.status == RiskStatus.IDENTIFIED, RISK.c.acknowledged_at.is_(None))
IS_NEW_ISSUE = and_(ISSUE.c.status == IssueStatus.OPEN, ISSUE.c.acknowledged_at.is_(None))
"""Its owner has not acknowledged it."""


@dataclass(frozen=True)
class Reader:
    """Who reads, and when."""

    person: PersonCard
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now, self.person.tz)

    def date_of(self, moment: datetime) -> date:
        return local_date(moment, self.person.tz)

    @property
    def values(self) -> dict[str, Any]:
        """What the statements ask for."""
        late = {f"late_{severity}": self._late(severity) for severity in Severity}
        unread = {"unread_before": self._unread_before()}
        return {"me": self.person.id, "now": self.now, "today": self.today, **late, **unread}

    def _late(self, severity: Severity) -> datetime:
        """An issue that was opened before this instant should be resolved by now (rule E7)."""
        return instant(_first_in_time(self.today, severity), time(), self.person.tz)

    def _unread_before(self) -> datetime:
        """A Red status that was posted before this instant should have been read by its sponsor."""
        return instant(_first_unread_in_time(self.today), time(), self.person.tz)


@dataclass(frozen=True)
class Found:
    """The first rows of one kind, and how many there are of it."""

    rows: Sequence[Row[Any]]

    @property
    def total(self) -> int:
        return int(self.rows[0].total) if self.rows else 0

    @property
    def overdue(self) -> int:
        return int(self.rows[0].total_overdue) if self.rows else 0


def listing(
    columns: Iterable[Any],
    source: FromClause,
    *conditions: ColumnElement[bool],
    due: ColumnElement[Any],
    overdue: ColumnElement[bool] = NEVER,
    urgent: ColumnElement[bool] = NEVER,
    key: ColumnElement[int],
) -> Select[Any]:
    """Overdue ones, then urgent ones, then the oldest date: the first `most` of them, each with the counts of all."""
    late, worst = case((overdue, 1), else_=0), case((urgent, 1), else_=0)
    return (
        select(
            *columns,
            late.label("is_overdue"),
            worst.label("is_urgent"),
            func.count().over().label("total"),
            func.sum(late).over().label("total_overdue"),
        )
        .select_from(source)
        .where(*conditions)
        .order_by(late.desc(), worst.desc(), due.is_(None), due, key)
        .limit(MOST)
    )


def read(session: Session, statement: Select[Any], reader: Reader, most: int) -> Found:
    return Found(fetch(session, statement, most=most, **reader.values).all())


def sorted_by(facts: Mapping[str, Any], reader: Reader) -> date:
    """The date by which items of every kind are sorted together; without one they stand last."""
    if facts.get("due_at"):
        return reader.date_of(facts["due_at"])
    found: date = facts.get("sorted_by") or facts.get("due_on") or date.max
    return found


def placed(table: Any) -> FromClause:
    """Records with the project and the program that they belong to."""
    project = and_(PROJECT.c.id == table.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)
    program_id = func.coalesce(PROJECT.c.program_id, table.c.program_id)
    program = and_(PROGRAM.c.id == program_id, PROGRAM.c.workspace_id == THIS_WORKSPACE)
    return table.outerjoin(PROJECT, project).outerjoin(PROGRAM, program)  # type: ignore[no-any-return]


def led_by_me() -> ColumnElement[bool]:
    """Of a placed record: the reader answers for its project or its program."""
    ours = (PROJECT.c.owner_id, PROJECT.c.backup_id, PROGRAM.c.manager_id, PROGRAM.c.sponsor_id)
    return or_(*(column == ME for column in ours))


def late_issue(severities: Iterable[Severity]) -> ColumnElement[bool]:
    """Those that have a day of their own by it, the others by the defaults."""
    among = list(severities)
    by_default = (
        and_(ISSUE.c.severity == severity.value, ISSUE.c.opened_at < bindparam(f"late_{severity}"))
        for severity in among
    )
    own = and_(ISSUE.c.severity.in_([each.value for each in among]), ISSUE.c.resolve_by < TODAY)
    return or_(and_(ISSUE.c.resolve_by.is_(None), or_(*by_default)), own)


RISK_PRESET = func.coalesce(PROGRAM.c.risk_matrix, DEFAULT_MATRIX).label("preset")


def points_of(row: Row[Any]) -> str:
    """The score as the matrix of its program prints it."""
    return matrix(Preset(row.preset)).shown(row.probability, row.impact)


def scored(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"band": Band(row.band), "points": points_of(row)}


def new_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return scored(row, reader) | {"due_at": row.acknowledge_by}


def by_its_opening(row: Row[Any], reader: Reader) -> dict[str, Any]:
    """An issue: sorted as its statement sorts it, by its opening; the later of two can be due sooner."""
    severity, opened = Severity(row.severity), reader.date_of(row.opened_at)
    return {"severity": severity, "due_on": row.resolve_by or resolve_by(opened, severity), "sorted_by": opened}


def columns(table: Any, *names: str) -> list[Any]:
    return [table.c[name] for name in ("id", "number", "title", *names)]


@dataclass(frozen=True)
class Source:
    """Where the items of one kind come from."""

    letter: str
    """Of their numbers, as in R-12."""
    statement: Select[Any]
    facts: Callable[[Row[Any], Reader], dict[str, Any]]
    """What a row says beside its number, title and urgency: the fields of the item."""
    card_key: Callable[[int], str] | None = None


def with_links(session: Session, sources: Mapping[Any, Source], items: Sequence[Any]) -> list[Any]:
    """The same items, with links to the cards that stand in Slack."""
    keys = [_card_key(sources, item) for item in items]
    links = delivery.links(session, [key for key in keys if key])
    return [item.model_copy(update={"link": links.get(key or "")}) for item, key in zip(items, keys, strict=True)]


def _card_key(sources: Mapping[Any, Source], item: Any) -> str | None:
    card_key = sources[item.kind].card_key
    return card_key(item.id) if card_key else None


@lru_cache(maxsize=1024)
def _first_in_time(today: date, severity: Severity) -> date:
    """The first day on which an issue was opened that need not be resolved by now."""
    opened = today
    while resolve_by(opened, severity) >= today:
        opened -= timedelta(days=1)
    return opened + timedelta(days=1)


@lru_cache(maxsize=256)
def _first_unread_in_time(today: date) -> date:
    """The first day on which a Red status was posted that need not be read by now."""
    posted = today
    while working_day_after(posted, READ_AFTER) > today:
        posted -= timedelta(days=1)
    return posted + timedelta(days=1)
