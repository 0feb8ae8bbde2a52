"""The rollup of all programs that the readers of a channel may see: as many statements for one as for a hundred."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, String, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.domain.health import portfolio_health
from bot.domain.rollup import WINDOW, period_of
from bot.domain.status import WORST_FIRST
from bot.domain.wall_time import local_date
from bot.services import (
    health,
    parameters,
    rollup,
    rollup_health,
    rollup_program,
    rollup_projects,
    rollup_records,
    switches,
    work_weeks,
)
from bot.services.rollup_columns import POSTED, with_card
from bot.services.rollup_program import Frame
from bot.services.rollup_rows import (
    asked_people,
    asks,
    decisions,
    is_off_track,
    project_row,
    top_risks,
)
from models.schemas.figures import Figures
from models.schemas.parameters import Parameters
from models.schemas.project import State
from models.schemas.rollup import Between, PortfolioRollup, ProgramRow, ProjectRow, RollupAsk
from models.schemas.status import Health
from models.tables import Occurrence, Person, Program, ScheduleRule, Workspace
from models.tables.unit import THIS_WORKSPACE, fetch

DAY = timedelta(days=1)

_PROGRAM, _OCCURRENCE, _WORKSPACE = Program.__table__, Occurrence.__table__, Workspace.__table__
_MANAGER, _SPONSOR = Person.__table__.alias("manager"), Person.__table__.alias("sponsor")
_LAST = (
    select(func.max(_OCCURRENCE.c.id))
    .where(
        _OCCURRENCE.c.workspace_id == THIS_WORKSPACE,
        _OCCURRENCE.c.program_id == _PROGRAM.c.id,
        _OCCURRENCE.c.kind == "rollup",
    )
    .scalar_subquery()
)
_PROGRAMS = (
    select(
        _PROGRAM,
        *rollup_program.person_columns(_MANAGER, "the_manager"),
        *rollup_program.person_columns(_SPONSOR, "the_sponsor"),
        *work_weeks.COLUMNS,
        _WORKSPACE.c.url.label("workspace_url"),
        _WORKSPACE.c.default_tz.label("default_tz"),
        POSTED.c.channel.label("card_channel"),
        POSTED.c.ts.label("card_ts"),
    )
    .select_from(
        with_card(
            _PROGRAM.join(_WORKSPACE, _WORKSPACE.c.id == _PROGRAM.c.workspace_id)
            .join(_MANAGER, and_(_MANAGER.c.id == _PROGRAM.c.manager_id, _MANAGER.c.workspace_id == THIS_WORKSPACE))
            .outerjoin(
                _SPONSOR, and_(_SPONSOR.c.id == _PROGRAM.c.sponsor_id, _SPONSOR.c.workspace_id == THIS_WORKSPACE)
            )
            .outerjoin(work_weeks.CALENDAR, work_weeks.of_program(_PROGRAM.c.id)),
            literal("rollup:", String()) + cast(_LAST, String()),
        )
    )
    .where(
        _PROGRAM.c.workspace_id == THIS_WORKSPACE,
        _PROGRAM.c.state == State.ACTIVE,
        or_(_PROGRAM.c.visibility != "restricted", _PROGRAM.c.channel == bindparam("here")),
    )
    .order_by(_PROGRAM.c.name, _PROGRAM.c.id)
)


@dataclass(frozen=True)
class _Read:
    frames: dict[int, Frame]
    links: dict[int, str | None]
    projects: dict[int, list[Row[Any]]]
    records: dict[int | None, list[Row[Any]]]
    people: list[Row[Any]]
    figures: Figures
    rules: dict[int | None, Parameters]
    hides: set[int]
    """Programs of which some project is not for these readers."""
    before: dict[str, Any]
    now: datetime


def build(session: Session, rule: ScheduleRule, *, day: date, now: datetime) -> PortfolioRollup:
    """What may be said in its channel; a program that is tried out is told to nobody yet."""
    before = last_before(session, rule.id, day)
    assert rule.channel is not None
    read = _read(session, rule.channel, before, today=local_date(now, rule.tz), now=now)
    rows, found = [], list[RollupAsk]()
    for program_id, frame in read.frames.items():
        row, wanted = _program(session, read, program_id, frame)
        rows.append(row)
        found += wanted
    in_order = sorted(rows, key=_worst_first)
    return PortfolioRollup(
        channel=rule.channel,
        tz=rule.tz,
        period=period_of(day),
        today=day,
        health=portfolio_health([(row.added_up, row.health) for row in rows]),
        previous_on=before.local_date if before else None,
        programs=in_order,
        silent=_silent(read),
        asks=sorted(found, key=lambda ask: (ask.due_on or ask.since or day, ask.ref or "")),
        between=_between(read),
        next_at=rule.next_due_at,
    )


def last_before(session: Session, rule_id: int, day: date) -> Occurrence | None:
    earlier = select(Occurrence).where(Occurrence.rule_id == rule_id, Occurrence.local_date < day)
    return session.scalar(earlier.order_by(Occurrence.local_date.desc()).limit(1))


def _read(session: Session, here: str, before: Occurrence | None, *, today: date, now: datetime) -> _Read:
    rows = fetch(session, _PROGRAMS, here=here).all()
    tried = switches.of_programs(session, [row.id for row in rows], now=now)
    programs = [row for row in rows if tried[row.id].dry_run_to is None]
    ids = [row.id for row in programs]
    frames = {row.id: rollup_program.frame_of(row, now=now) for row in programs}
    start = now - WINDOW
    everything = rollup_projects.projects(session, ids, start=start, end=now, today=today, now=now)
    shown = [row for row in everything if row.visibility != "restricted" or row.channel == here]
    figures = health.of_programs(session, ids, now=now, project_ids=[row.id for row in everything])
    due_until = today - DAY
    records = rollup_records.of_portfolio(session, ids, here=here, due_until=due_until, asked=asked_people(shown))
    return _Read(
        frames=frames,
        links={row.id: frames[row.id].link(row.card_channel, row.card_ts) for row in programs},
        projects=_grouped(shown),
        records=_grouped([row for row in records if row.part != "person"]),
        people=[row for row in records if row.part == "person"],
        figures=figures,
        rules=parameters.of_programs(session, ids),
        hides=_hiding(everything, shown),
        before=(before.snapshot or {}) if before else {},
        now=now,
    )


def _hiding(everything: Sequence[Row[Any]], shown: Sequence[Row[Any]]) -> set[int]:
    seen = {row.id for row in shown}
    return {row.program_id for row in everything if row.id not in seen}


def _grouped(rows: Sequence[Row[Any]]) -> dict[Any, list[Row[Any]]]:
    found = defaultdict[Any, list[Row[Any]]](list)
    for row in rows:
        found[row.program_id].append(row)
    return found


def _program(session: Session, read: _Read, program_id: int, frame: Frame) -> tuple[ProgramRow, list[RollupAsk]]:
    rows = read.projects.get(program_id, [])
    records = read.records.get(program_id, [])
    lines = [project_row(row, frame, read.figures, now=read.now) for row in rows]
    overdue, _ = decisions(records, frame, today=local_date(read.now, frame.program.tz))
    wanted = asks(rollup.worst_first(lines), overdue, rows, read.people, frame)
    hides = program_id in read.hides
    counted = rollup_health.of_program(
        session, read.figures, frame, lines, rollup.weights_of(rows), hides=hides, chosen=read.rules[program_id].health
    )
    said = read.before.get("programs", {}).get(str(program_id))
    row = ProgramRow(
        id=program_id,
        name=frame.program.name,
        link=read.links[program_id],
        health=counted.final,
        added_up=counted.added_up,
        override=counted.override,
        previous=Health(said) if said else None,
        projects=[line.health for line in lines],
        asks=len(wanted),
        top_risk=next(iter(top_risks(records, frame, new_since=read.now - WINDOW)), None),
    )
    return row, wanted


def _worst_first(row: ProgramRow) -> tuple[int, int, str]:
    return (WORST_FIRST.index(row.health) if row.health else len(WORST_FIRST), row.override is None, row.name)


def _silent(read: _Read) -> list[int]:
    days = [
        line.days_silent
        for program_id, rows in read.projects.items()
        for line in (_line(read, program_id, row) for row in rows)
        if line.days_silent is not None
    ]
    return sorted(days, reverse=True)


def _line(read: _Read, program_id: int, row: Row[Any]) -> ProjectRow:
    return project_row(row, read.frames[program_id], read.figures, now=read.now)


def _between(read: _Read) -> list[Between]:
    """Where one program waits for another; both are named, so both have to be open to the readers."""
    program_of = {row.id: program_id for program_id, rows in read.projects.items() for row in rows}
    found = []
    for each in read.figures.dependencies.values():
        gives, gets = program_of.get(each.give_project_id or 0), program_of.get(each.get_project_id)
        if gives is not None and gets is not None and gives != gets and is_off_track(each):
            names = read.frames[gives].program.name, read.frames[gets].program.name
            found.append(Between(figures=each, gives=names[0], gets=names[1]))
    return sorted(found, key=lambda each: (-(each.figures.slip_wd or 0), each.figures.number))
