"""A program's rollup: a handful of statements whatever the number of its projects and the length of their past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.domain import rollup as rules
from bot.domain.schedule import Cadence
from bot.domain.status import SEVERITY, WORST_FIRST
from bot.domain.wall_time import local_date, parse_time
from bot.services import health, rollup_changes, rollup_health, rollup_program, rollup_projects, rollup_records
from bot.services.rollup_program import Frame
from bot.services.rollup_rows import asked_people, asks, decisions, off_track, project_row, top_risks
from models.schemas.figures import Figures
from models.schemas.rollup import ProjectRow, Rollup
from models.schemas.status import Health

DECISIONS_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Moment:
    """When a rollup is made, and of when it tells."""

    day: date
    """Its local date: it is compared with the one before."""
    now: datetime
    posted_at: datetime | None = None
    """Of one that stands already: what changed is told until then, all else as it is now."""

    @property
    def end(self) -> datetime:
        return self.posted_at or self.now


def build(session: Session, program_id: int, moment: Moment, *, here: str | None = None) -> Rollup:
    """What those who read a channel may see: the program's own, or `here`."""
    frame = rollup_program.frame(session, program_id, before=moment.day, now=moment.now)
    here = here or frame.program.channel
    start = _start(frame, moment)
    zone = frame.program.tz
    rows = rollup_projects.projects(
        session, [program_id], start=start, end=moment.end, today=local_date(moment.now, zone), now=moment.now
    )
    shown = [row for row in rows if row.visibility != "restricted" or row.channel == here]
    found = health.of_programs(session, [program_id], now=moment.now, project_ids=[row.id for row in rows])
    records = rollup_records.read(
        session,
        [program_id],
        here=here,
        start=start,
        end=moment.end,
        first_day=local_date(start, zone),
        last_day=local_date(moment.end, zone),
        due_until=moment.day + DECISIONS_AHEAD,
        asked=asked_people(shown),
    )
    return _put_together(session, _Read(frame, moment, start, shown, len(rows) - len(shown), records, found))


@dataclass(frozen=True)
class _Read:
    frame: Frame
    moment: Moment
    start: datetime
    shown: Sequence[Row[Any]]
    hidden: int
    records: Sequence[Row[Any]]
    figures: Figures


def _put_together(session: Session, read: _Read) -> Rollup:
    frame, moment = read.frame, read.moment
    rows = worst_first(project_row(row, frame, read.figures, now=moment.now) for row in read.shown)
    program = rollup_health.of_program(
        session, read.figures, frame, rows, weights_of(read.shown), hides=bool(read.hidden)
    )
    overdue, coming = decisions(read.records, frame, today=moment.day)
    before = frame.before or {}
    period = rules.period_of(moment.day)
    return Rollup(
        program=frame.program,
        sponsor=frame.sponsor,
        period=period,
        today=moment.day,
        health=program.final,
        added_up=program.added_up,
        figures=program.figures,
        override=program.override,
        previous_health=_health(before.get("health")),
        previous_on=frame.before_on,
        since=local_date(read.start, frame.program.tz),
        since_at=read.start,
        changes=rollup_changes.changes(frame, read.shown, read.records, start=read.start, end=moment.end),
        projects=rows,
        asks=asks(rows, overdue, read.shown, read.records, frame),
        top_risks=top_risks(read.records, frame, new_since=read.start),
        decisions_overdue=overdue,
        decisions_next=coming,
        off_track=off_track(read.figures, rows),
        quality=program.quality,
        restricted=read.hidden,
        spark=rules.spark(spark_of(before), period, program.final),
        next_at=_next_at(frame),
        posted_at=moment.posted_at,
        updated_on=_updated_on(rows, moment, frame.program.tz),
    )


def weights_of(rows: Iterable[Row[Any]]) -> dict[int, tuple[int, bool]]:
    """How much each project counts in its program, and whether it is critical."""
    return {row.id: (row.weight, row.critical) for row in rows}


def worst_first(rows: Iterable[ProjectRow]) -> list[ProjectRow]:
    """By what they count as, then by what the figures say."""

    def rank(row: ProjectRow) -> tuple[int, int, str]:
        figures = SEVERITY.get(row.figures.computed, 0) if row.figures else 0
        return WORST_FIRST.index(row.health), -figures, row.place.name

    return sorted(rows, key=rank)


def _start(frame: Frame, moment: Moment) -> datetime:
    at = (frame.before or {}).get("at")
    return datetime.fromisoformat(at) if at else moment.end - rules.WINDOW


def _health(word: str | None) -> Health | None:
    return Health(word) if word else None


def spark_of(snapshot: dict[str, Any]) -> list[tuple[str, Health | None]]:
    return [(period, _health(word)) for period, word in snapshot.get("spark", ())]


def _next_at(frame: Frame) -> datetime | None:
    """The one after a date that is left out, where the next one is."""
    rule = frame.rule
    if rule.rule_next_due_at is None or rule.rule_skipped_on != rule.rule_next_local_date:
        return rule.rule_next_due_at  # type: ignore[no-any-return]
    weekly = Cadence(rule.rule_weekday, parse_time(rule.rule_local_time), rule.rule_tz)
    return weekly.on(weekly.after(rule.rule_next_local_date))


def _updated_on(rows: Iterable[ProjectRow], moment: Moment, zone: str) -> date | None:
    """A status that came after it was posted."""
    if moment.posted_at is None:
        return None
    late = [row.posted_at for row in rows if row.posted_at and row.posted_at > moment.posted_at]
    return local_date(max(late), zone) if late else None
