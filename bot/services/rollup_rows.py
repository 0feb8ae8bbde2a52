"""The lines of a rollup, from the rows that its statements read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from bot.domain.rollup import may_tell
from bot.domain.wall_time import local_date
from bot.services import rollup_projects
from bot.services.risk import matrix_of
from bot.services.rollup_program import Frame
from models.schemas.decision import DecisionStatus
from models.schemas.figures import DependencyFigures, Figures, ProjectFigures
from models.schemas.people import PersonCard
from models.schemas.plan import OPEN_DEPENDENCY, DependencyHealth
from models.schemas.project import Place, State
from models.schemas.risk import Band
from models.schemas.rollup import (
    NO_UPDATE_YET,
    DueDecision,
    NextMilestone,
    OffTrack,
    ProjectRow,
    RollupAsk,
    Seen,
    TopRisk,
)
from models.schemas.status import Freshness, ask_parts

OFF_TRACK = (
    DependencyHealth.BLOCKED,
    DependencyHealth.LATE,
    DependencyHealth.AT_RISK,
    DependencyHealth.UNSCHEDULED,
)
"""In the order in which they are told."""


def project_row(row: Row[Any], frame: Frame, figures: Figures, *, now: datetime) -> ProjectRow:
    place = rollup_projects.place(row, frame.program, frame.default_tz)
    told = figures.projects[row.id]
    posted_on = local_date(row.update_posted_at, place.tz) if row.update_id else None
    old = place.state is State.ACTIVE and told.freshness is not Freshness.FRESH
    days = (local_date(now, place.tz) - posted_on).days if posted_on else NO_UPDATE_YET
    known = (frame.before or {}).get("projects")
    return ProjectRow(
        place=place,
        health=told.effective,
        is_new=known is not None and str(row.id) not in known,
        update_id=row.update_id,
        last_posted_on=posted_on,
        posted_at=row.update_posted_at,
        author=row.author,
        summary=row.update_summary or "",
        trend=told.trend,
        days_silent=days if old else None,
        covered_until=row.covered_until,
        link=frame.link(row.card_channel, row.card_ts),
        next=_next(row, frame, today=local_date(now, place.tz)),
        figures=told if _may_tell(row, told, now) else None,
        seen=_seen(row, place.tz),
        slip_days=(row.target_on - row.baseline_on).days if row.target_on and row.baseline_on else None,
        waits_for=_waits_for(figures, row.id),
    )


def _may_tell(row: Row[Any], told: ProjectFigures, now: datetime) -> bool:
    """Where there are any: without dates and costs there is nothing that they say."""
    if told.earned is None and row.next_title is None and not told.signals:
        return False
    return not told.is_watermelon or may_tell(told.computed, row.seen_computed, row.seen_shown_at, now)


def _seen(row: Row[Any], zone: str) -> Seen | None:
    if row.seen_shown_at is None:
        return None
    return Seen(shown_on=local_date(row.seen_shown_at, zone), kept=row.seen_kept_at is not None)


def _next(row: Row[Any], frame: Frame, *, today: date) -> NextMilestone | None:
    """The milestone that matters now; of a project on hold the day on which that is looked at again."""
    if row.state == State.ON_HOLD and row.hold_review_on:
        return NextMilestone(title="Hold reviewed", on=row.hold_review_on)
    if row.next_title is None:
        return NextMilestone(title="Target", on=row.target_on) if row.target_on else None
    if row.next_achieved_on is not None:
        return NextMilestone(title=row.next_title, on=row.next_achieved_on, is_done=True)
    late = frame.hours.elapsed(row.next_due_on, today) if row.state == State.ACTIVE else 0
    return NextMilestone(title=row.next_title, on=row.next_due_on, late=late)


def _waits_for(figures: Figures, project_id: int) -> DependencyFigures | None:
    waiting = [each for each in figures.dependencies.values() if each.get_project_id == project_id]
    return min((each for each in waiting if is_off_track(each)), key=_how_bad, default=None)


def is_off_track(dependency: DependencyFigures) -> bool:
    return dependency.state in OPEN_DEPENDENCY and dependency.health in OFF_TRACK


def _how_bad(dependency: DependencyFigures) -> tuple[int, int, int]:
    return OFF_TRACK.index(dependency.health), -(dependency.slip_wd or 0), dependency.number


def off_track(figures: Figures, rows: Sequence[ProjectRow]) -> list[OffTrack]:
    """What the projects of the rollup wait for; who provides it is named where everybody may know."""
    names = {row.place.id: row.place.name for row in rows}
    waiting = [each for each in figures.dependencies.values() if each.get_project_id in names and is_off_track(each)]
    return [
        OffTrack(
            figures=each,
            gives=names.get(each.give_project_id or 0) or each.give_name or "",
            gets=names[each.get_project_id],
        )
        for each in sorted(waiting, key=_how_bad)
    ]


def asked_people(rows: Iterable[Row[Any]]) -> set[str]:
    """Slack ids of those whom owners named."""
    parts = (ask_parts(str(text)) for row in rows for text in row.update_asks or ())
    return {person for _, person in parts if person}


def asks(
    rows: Sequence[ProjectRow],
    overdue: Iterable[DueDecision],
    read: Iterable[Row[Any]],
    records: Iterable[Row[Any]],
    frame: Frame,
) -> list[RollupAsk]:
    """Overdue decisions, then what owners asked for in their last words, of red projects first."""
    texts = {row.id: row.update_asks or () for row in read}
    who = people_of(records, frame.default_tz)
    return [_decision_ask(due) for due in overdue] + [
        _owners_ask(row, str(text), who)
        for row in rows
        if row.place.state is State.ACTIVE
        for text in texts[row.place.id]
    ]


def people_of(records: Iterable[Row[Any]], default_tz: str) -> dict[str, PersonCard]:
    """By Slack id: those whom the last part of the statement found."""
    return {row.slack_id: person_of(row, default_tz) for row in records if row.part == "person"}


def person_of(row: Row[Any], default_tz: str) -> PersonCard:
    return PersonCard(id=row.person_id, slack_id=row.slack_id, handle=row.handle, tz=row.tz or default_tz)


def _decision_ask(due: DueDecision) -> RollupAsk:
    return RollupAsk(
        person=due.approver,
        words=due.title,
        ref=due.ref,
        link=due.link,
        decision_id=due.id,
        place_name=None,
        since=None,
        due_on=due.due_on,
    )


def _owners_ask(row: ProjectRow, text: str, who: dict[str, PersonCard]) -> RollupAsk:
    words, slack_id = ask_parts(text)
    return RollupAsk(
        person=who.get(slack_id or ""),
        words=words,
        ref=None,
        link=row.link,
        decision_id=None,
        update_id=row.update_id,
        place_name=row.place.name,
        since=row.last_posted_on,
        due_on=None,
    )


def decisions(records: Iterable[Row[Any]], frame: Frame, *, today: date) -> tuple[list[DueDecision], list[DueDecision]]:
    """The overdue ones, the longest first, and those that are due next."""
    due = sorted((row for row in records if row.part == "due"), key=lambda row: (row.on, row.id))
    found = [
        DueDecision(
            id=row.id,
            ref=f"D-{row.number}",
            link=frame.link(row.channel, row.ts),
            title=row.title,
            due_on=row.on,
            status=DecisionStatus(row.state),
            approver=person_of(row, frame.default_tz),
            late=frame.hours.elapsed(row.on, today),
        )
        for row in due
    ]
    return [each for each in found if each.due_on < today], [each for each in found if each.due_on >= today]


def top_risks(records: Iterable[Row[Any]], frame: Frame, *, new_since: datetime) -> list[TopRisk]:
    top = sorted((row for row in records if row.part == "top"), key=lambda row: row.rank)
    return [
        top_risk(row, frame.program, link=frame.link(row.channel, row.ts), is_new=row.at > new_since) for row in top
    ]


def top_risk(row: Row[Any], program: Place, *, link: str | None, is_new: bool) -> TopRisk:
    return TopRisk(
        ref=f"R-{row.number}",
        link=link,
        title=row.title,
        band=Band(row.word),
        points=matrix_of(program).shown(row.first, row.second),
        owner=row.handle,
        is_new=is_new,
    )
