"""Programs with the calendar they count by, the rules they are run by, and their health as set by hand."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.health import Override
from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from bot.services import calendars, work_weeks
from models.schemas.calendar import WorkWeek
from models.schemas.parameters import DEFAULTS, Parameters
from models.schemas.status import Health
from models.tables import Calendar, HealthOverride, OperatingParameters, Program
from models.tables.unit import THIS_WORKSPACE, fetch

EVERYWHERE_ZONE = "UTC"
"""In which plans over all programs are counted."""


@dataclass(frozen=True)
class SetByHand:
    rule: Override
    set_by_id: int


@dataclass(frozen=True)
class KnownProgram:
    id: int
    today: date
    calendar: WorkingCalendar
    rules: Parameters
    manager_id: int
    sponsor_id: int | None
    overrides: list[SetByHand] = field(default_factory=list)
    """That run now, the one that was set last first."""


def programs_at(
    session: Session, program_ids: Collection[int], now: datetime
) -> tuple[dict[int, KnownProgram], WorkingCalendar]:
    """In one statement, with the calendar by which plans are counted over all programs: Monday to Friday, unless an
    import brought another."""
    found: dict[int, KnownProgram] = {}
    rows = fetch(session, _PROGRAMS, ids=list(program_ids), now=now).all() if program_ids else ()
    for row in rows:
        if row.id not in found:
            found[row.id] = _known(row, now)
        if row.health is not None:
            found[row.id].overrides.append(_set_by_hand(row))
    if rows:
        return found, _calendar(work_weeks.read(rows[0], work_weeks.PORTFOLIO), EVERYWHERE_ZONE, now)
    nobodys = fetch(session, _OF_NOBODY).first()
    return found, _calendar(work_weeks.read(nobodys), EVERYWHERE_ZONE, now)


def _known(row: Row[Any], now: datetime) -> KnownProgram:
    return KnownProgram(
        id=row.id,
        today=local_date(now, row.tz),
        calendar=_calendar(work_weeks.read(row), row.tz, now),
        rules=DEFAULTS if row.values is None else Parameters.model_validate(row.values),
        manager_id=row.manager_id,
        sponsor_id=row.sponsor_id,
    )


def _calendar(week: WorkWeek | None, zone: str, now: datetime) -> WorkingCalendar:
    hours = calendars.of_week(week, zone, now=now)
    return WorkingCalendar(hours.zone, hours.days, hours.holidays)


def _set_by_hand(row: Row[Any]) -> SetByHand:
    override = Override(
        health=Health(row.health),
        reason=row.reason,
        by_manager=row.set_by_id == row.manager_id,
        by_sponsor=row.set_by_id == row.sponsor_id,
        set_at=row.set_at,
        expires_at=row.expires_at,
    )
    return SetByHand(override, row.set_by_id)


_PROGRAM, _OVERRIDE, _RULES = Program.__table__, HealthOverride.__table__, OperatingParameters.__table__
_OLDER = OperatingParameters.__table__.alias("older")
_NEWEST = (
    select(func.max(_OLDER.c.version))
    .where(
        _OLDER.c.workspace_id == THIS_WORKSPACE,
        _OLDER.c.program_id == _PROGRAM.c.id,
        or_(_OLDER.c.set_at <= bindparam("now"), and_(_OLDER.c.version == 1, _OLDER.c.set_by_id.is_(None))),
    )
    .correlate(_PROGRAM)
    .scalar_subquery()
)
"""What an import brought counted before it, too."""
_CALENDAR, _NOBODYS, _ANY = Calendar.__table__, Calendar.__table__.alias("nobodys"), Calendar.__table__.alias("any")
_FIRST_OF_NOBODY = (
    select(func.min(_ANY.c.id))
    .where(_ANY.c.workspace_id == THIS_WORKSPACE, _ANY.c.person_id.is_(None), _ANY.c.program_id.is_(None))
    .scalar_subquery()
)
_PROGRAMS = (
    select(
        *(_PROGRAM.c[name] for name in ("id", "tz", "manager_id", "sponsor_id")),
        *work_weeks.COLUMNS,
        *work_weeks.columns(_NOBODYS, work_weeks.PORTFOLIO),
        _RULES.c["values"],
        *(_OVERRIDE.c[name] for name in ("health", "reason", "set_by_id", "set_at", "expires_at")),
    )
    .outerjoin(work_weeks.CALENDAR, work_weeks.of_program(_PROGRAM.c.id))
    .outerjoin(_NOBODYS, and_(_NOBODYS.c.id == _FIRST_OF_NOBODY, _NOBODYS.c.workspace_id == THIS_WORKSPACE))
    .outerjoin(
        _RULES,
        and_(
            _RULES.c.program_id == _PROGRAM.c.id,
            _RULES.c.version == _NEWEST,
            _RULES.c.workspace_id == THIS_WORKSPACE,
        ),
    )
    .outerjoin(
        _OVERRIDE,
        and_(
            _OVERRIDE.c.program_id == _PROGRAM.c.id,
            _OVERRIDE.c.set_at <= bindparam("now"),
            _OVERRIDE.c.expires_at > bindparam("now"),
            _OVERRIDE.c.workspace_id == THIS_WORKSPACE,
        ),
    )
    .where(_PROGRAM.c.workspace_id == THIS_WORKSPACE, _PROGRAM.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_PROGRAM.c.id, _OVERRIDE.c.set_at.desc(), _OVERRIDE.c.id.desc())
)
_OF_NOBODY = select(*work_weeks.COLUMNS).where(
    _CALENDAR.c.id == _FIRST_OF_NOBODY, _CALENDAR.c.workspace_id == THIS_WORKSPACE
)
