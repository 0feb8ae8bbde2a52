"""What a rollup says of the program itself: its timetable, its calendar, the rollup before. One statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.domain.wall_time import WorkingHours
from bot.errors import NotFound
from bot.services import calendars, places, work_weeks
from bot.services.delivery import permalink
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import Occurrence, Person, Program, ScheduleRule, Workspace
from models.tables.unit import THIS_WORKSPACE, fetch

_PROGRAM, _RULE = Program.__table__, ScheduleRule.__table__
_OCCURRENCE, _WORKSPACE = Occurrence.__table__, Workspace.__table__
_MANAGER, _SPONSOR = Person.__table__.alias("manager"), Person.__table__.alias("sponsor")


@dataclass(frozen=True)
class Frame:
    """The program, its timetable, and the rollup before."""

    program: Place
    sponsor: PersonCard | None
    hours: WorkingHours
    url: str
    """Of the workspace, for links."""
    default_tz: str
    rule: Row[Any]
    """Its columns begin with 'rule_'; they are None where it has none."""
    before: dict[str, Any] | None
    """What the rollup before showed."""
    before_on: date | None

    def link(self, channel: str | None, ts: str | None) -> str | None:
        return permalink(self.url, channel, ts) if channel and ts else None


def person_columns(alias: Any, name: str) -> list[Any]:
    return [alias.c[column].label(f"{name}_{column}") for column in ("id", "slack_id", "handle", "tz")]


def is_named(alias: Any, column: Any) -> Any:
    return and_(alias.c.id == column, alias.c.workspace_id == THIS_WORKSPACE)


_EARLIER = _OCCURRENCE.alias("earlier")
_BEFORE = (
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.workspace_id == THIS_WORKSPACE,
        _EARLIER.c.rule_id == _RULE.c.id,
        _EARLIER.c.local_date < bindparam("before"),
    )
    .order_by(_EARLIER.c.local_date.desc())
    .limit(1)
    .scalar_subquery()
)
_FRAME = (
    select(
        _PROGRAM,
        *person_columns(_MANAGER, "the_manager"),
        *person_columns(_SPONSOR, "the_sponsor"),
        *(_RULE.c[name].label(f"rule_{name}") for name in ("id", "weekday", "local_time", "tz", "next_local_date")),
        *(_RULE.c[name].label(f"rule_{name}") for name in ("next_due_at", "skipped_on")),
        *work_weeks.COLUMNS,
        _OCCURRENCE.c.snapshot.label("before_snapshot"),
        _OCCURRENCE.c.local_date.label("before_on"),
        _WORKSPACE.c.url.label("workspace_url"),
        _WORKSPACE.c.default_tz.label("default_tz"),
    )
    .select_from(
        _PROGRAM.join(_WORKSPACE, _WORKSPACE.c.id == _PROGRAM.c.workspace_id)
        .join(_MANAGER, is_named(_MANAGER, _PROGRAM.c.manager_id))
        .outerjoin(_SPONSOR, is_named(_SPONSOR, _PROGRAM.c.sponsor_id))
        .outerjoin(
            _RULE,
            and_(
                _RULE.c.program_id == _PROGRAM.c.id,
                _RULE.c.kind == "rollup",
                _RULE.c.workspace_id == THIS_WORKSPACE,
            ),
        )
        .outerjoin(work_weeks.CALENDAR, work_weeks.of_program(_PROGRAM.c.id))
        .outerjoin(_OCCURRENCE, is_named(_OCCURRENCE, _BEFORE))
    )
    .where(_PROGRAM.c.workspace_id == THIS_WORKSPACE, _PROGRAM.c.id == bindparam("program"))
)


def frame(session: Session, program_id: int, *, before: date, now: datetime) -> Frame:
    """`before` is the local date of the rollup itself: the one before it is compared with. Raises NotFound."""
    row = fetch(session, _FRAME, program=program_id, before=before).one_or_none()
    if row is None:
        raise NotFound("this program")
    return frame_of(row, now=now, before=row.before_snapshot, before_on=row.before_on)


def frame_of(
    row: Row[Any], *, now: datetime, before: dict[str, Any] | None = None, before_on: date | None = None
) -> Frame:
    """Of a row with the columns of a program, its people and its calendar."""
    manager = person(row, "the_manager", row.default_tz)
    assert manager is not None
    program = places.program(row, manager)
    return Frame(
        program=program,
        sponsor=person(row, "the_sponsor", row.default_tz),
        hours=calendars.of_place(program, now=now),
        url=row.workspace_url,
        default_tz=row.default_tz,
        rule=row,
        before=before,
        before_on=before_on,
    )


def person(row: Row[Any], name: str, default_tz: str) -> PersonCard | None:
    person_id, slack_id, handle, tz = (
        getattr(row, f"{name}_{column}") for column in ("id", "slack_id", "handle", "tz")
    )
    if person_id is None:
        return None
    return PersonCard(id=person_id, slack_id=slack_id, handle=handle, tz=tz or default_tz)
