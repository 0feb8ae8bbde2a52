"""The weekly rollup of a program: a handful of statements whatever the number of its projects."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import status as rules
from bot.domain.wall_time import instant, iso_week, local_date
from bot.services import decision, delivery, places, risk, rollup_changes, status
from bot.services.schedule import DueRule
from models.schemas.decision import DecisionCard
from models.schemas.project import Place, State
from models.schemas.rollup import NO_UPDATE_YET, Changes, ProjectRow, Rollup, RollupAsk
from models.schemas.schedule import OccurrenceState, RuleKind
from models.schemas.status import Asked, Freshness, Health
from models.tables import Occurrence, StatusUpdate
from models.tables.unit import add_row_once

LOOKS_BACK = timedelta(days=7)
"""The rollup of a Monday is about the week that ended the day before."""

DECISIONS_AHEAD = timedelta(days=14)
TOP_RISKS = 5
SHOWN = (State.ACTIVE, State.ON_HOLD, State.COMPLETED)


def open_rollup(session: Session, rule: DueRule, *, now: datetime) -> Rollup | None:
    """The week's rollup with what it compares to; None when this local date had its own already."""
    program = places.get(session, rule.place_ref)
    before = _last(session, rule.id)
    rollup = build(session, program, day=rule.day, now=now, before=before)
    taken = add_row_once(
        session,
        Occurrence,
        rule_id=rule.id,
        kind=RuleKind.ROLLUP.value,
        program_id=program.id,
        local_date=rule.day,
        period=rollup.period,
        state=OccurrenceState.POSTED.value,
        open_at=instant(rule.day, rule.opens.at, rule.opens.zone),
        snapshot=_snapshot(rollup, now),
    )
    return rollup if taken is not None else None


def build(session: Session, program: Place, *, day: date, now: datetime, before: Occurrence | None) -> Rollup:
    everything = [p for p in places.projects_of_program(session, program.id) if p.state in SHOWN]
    shown = [place for place in everything if not place.restricted or place.channel == program.channel]
    hidden = {place.id for place in everything} - {place.id for place in shown}
    last = status.latest(session, [place.id for place in shown])
    seen: Mapping[str, Any] = (before.snapshot or {}) if before else {}
    rows = _rows(session, shown, last, seen.get("projects", {}), now)
    due = decision.due(session, program.id, hidden_projects=hidden, until=day + DECISIONS_AHEAD)
    overdue = [d for d in due if d.due_on and d.due_on < day]
    return Rollup(
        program=program,
        period=iso_week(day - LOOKS_BACK),
        today=day,
        health=rules.worst_of(row.health for row in rows),
        previous_health=Health(seen["health"]) if seen.get("health") else None,
        previous_on=before.local_date if before else None,
        changes=_changes(session, program.id, hidden, seen, now),
        projects=rows,
        asks=[_decision_ask(d) for d in overdue] + _owners_asks(rows, last, status.asks_of(session, last.values())),
        top_risks=risk.top_threats(session, program.id, hidden_projects=hidden, limit=TOP_RISKS),
        decisions_overdue=overdue,
        decisions_next=[d for d in due if d.due_on and d.due_on >= day],
        restricted=len(hidden),
        next_on=day + timedelta(days=7),
    )


def _changes(session: Session, program_id: int, hidden: set[int], seen: Mapping[str, Any], now: datetime) -> Changes:
    if "at" not in seen:
        return Changes()
    start = datetime.fromisoformat(seen["at"])
    return rollup_changes.since(session, program_id, hidden_projects=hidden, start=start, now=now)


def _rows(
    session: Session,
    shown: Sequence[Place],
    last: Mapping[int, StatusUpdate],
    previous: Mapping[str, str],
    now: datetime,
) -> list[ProjectRow]:
    links = delivery.links(session, (status.card_key(update.id) for update in last.values()))
    rows = [_row(place, last.get(place.id), previous.get(str(place.id)), links=links, now=now) for place in shown]
    return sorted(rows, key=lambda row: (rules.WORST_FIRST.index(row.health), row.place.name))


def _row(
    place: Place, last: StatusUpdate | None, previous: str | None, *, links: Mapping[str, str], now: datetime
) -> ProjectRow:
    posted_on = local_date(last.posted_at, place.tz) if last else None
    freshness = rules.freshness(last.posted_at if last else None, now)
    old = place.state is State.ACTIVE and freshness is not Freshness.FRESH
    days = (local_date(now, place.tz) - posted_on).days if posted_on else None
    return ProjectRow(
        place=place,
        health=status.health_of(place, last, now),
        previous=Health(previous) if previous else None,
        last_posted_on=posted_on,
        days_silent=(NO_UPDATE_YET if days is None else days) if old else None,
        link=links.get(status.card_key(last.id)) if last else None,
    )


def _decision_ask(due: DecisionCard) -> RollupAsk:
    return RollupAsk(
        person=due.approver,
        words=due.title,
        ref=due.ref,
        link=due.link,
        decision_id=due.id,
        place=due.place,
        since=None,
        due_on=due.due_on,
    )


def _owners_asks(
    rows: Sequence[ProjectRow], last: Mapping[int, StatusUpdate], asked: Mapping[int, Sequence[Asked]]
) -> list[RollupAsk]:
    """What owners asked for in their last words, red projects first (the rows' order)."""
    return [
        RollupAsk(
            person=ask.person,
            words=ask.words,
            ref=None,
            link=row.link,
            decision_id=None,
            place=row.place,
            since=row.last_posted_on,
            due_on=None,
        )
        for row in rows
        if row.place.state is State.ACTIVE and row.place.id in last
        for ask in asked[last[row.place.id].id]
    ]


def _last(session: Session, rule_id: int) -> Occurrence | None:
    statement = select(Occurrence).where(Occurrence.rule_id == rule_id).order_by(Occurrence.local_date.desc())
    return session.scalar(statement.limit(1))


def _snapshot(rollup: Rollup, now: datetime) -> dict[str, Any]:
    """The instant and derived values for the next one to compare with, no texts."""
    return {
        "at": now.isoformat(),
        "health": rollup.health.value if rollup.health else None,
        "projects": {str(row.place.id): row.health.value for row in rollup.projects},
    }
