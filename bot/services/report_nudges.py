"""What a report tells of what people owe: to whom it goes, when, and in which order (domain 4.4)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.decision_latency import overdue
from bot.domain.reach import Reach, stand_in
from bot.domain.status_requests import Record
from bot.domain.wall_time import local_date
from bot.services import calendars
from bot.services.health_known import overdue_of
from bot.services.report_decisions import KnownDecision
from bot.services.report_escalations import acknowledge_by
from bot.services.report_known import AtInstant
from bot.services.report_names import id_order
from bot.services.report_risks import KnownRisk
from models.schemas.project import State
from models.schemas.report_clock import NudgeFigures, NudgeLine
from models.schemas.risk import Band
from models.schemas.schedule import OPEN_REQUEST
from models.schemas.status import Health


@dataclass(frozen=True)
class Owed:
    kind: str
    object: str
    person_id: int
    due_on: date
    """On the local date of its program."""
    is_urgent: bool
    program_id: int | None
    project_id: int | None


@dataclass(frozen=True)
class Routed:
    owed: Owed
    on_behalf_of: int | None


def nudges(
    session: Session,
    of: AtInstant,
    risks: Mapping[str, KnownRisk],
    decisions: Mapping[str, KnownDecision],
    records: Mapping[int, Record],
) -> dict[str, NudgeFigures]:
    """By person, in the order of their handles."""
    owed = [*_statuses(of, records), *_risks(of, risks), *_decisions(of, decisions), *_milestones(of)]
    ladders = [_ladder(of, one) for one in owed]
    asked = {person for ladder in ladders for person in ladder}
    reaches = calendars.reaches_with_delegates(session, asked, now=of.now)
    desks: dict[int, list[Routed]] = defaultdict(list)
    for one, ladder in zip(owed, ladders, strict=True):
        if (person := _receiver(ladder, reaches, of.now)) is not None:
            desks[person].append(Routed(one, one.person_id if person != one.person_id else None))
    found = {of.handle(person): _figures(of, desk, reaches[person]) for person, desk in desks.items()}
    return {handle: figures for handle, figures in sorted(found.items()) if figures is not None}


def _statuses(of: AtInstant, records: Mapping[int, Record]) -> Iterator[Owed]:
    for name, project in of.projects:
        program = of.known.program_of(project.id)
        red = of.standings[project.id].effective is Health.RED
        for answer in records[project.id].answers if project.state is State.ACTIVE else ():
            if answer.state in OPEN_REQUEST:
                due_on = local_date(answer.request.due_at, program.calendar.zone)
                thing = f"{name}/{answer.request.period}"
                yield Owed("status_update", thing, project.owner_id, due_on, red, project.program_id, project.id)


def _risks(of: AtInstant, risks: Mapping[str, KnownRisk]) -> Iterator[Owed]:
    """Of every band, opportunities too."""
    for name, risk in risks.items():
        if not risk.active:
            continue
        zone, today = _place(of, risk.row.program_id)
        place = (risk.band is Band.EXTREME, risk.row.program_id, risk.row.project_id)
        if not risk.acknowledged:
            yield Owed("risk_ack", name, risk.owner_id, local_date(acknowledge_by(of, risk), zone), *place)
        if risk.next_review_on is not None and risk.next_review_on <= today:
            yield Owed("risk_review", name, risk.owner_id, risk.next_review_on, *place)


def _decisions(of: AtInstant, decisions: Mapping[str, KnownDecision]) -> Iterator[Owed]:
    for name, known in decisions.items():
        _, today = _place(of, known.row.program_id)
        if known.is_open and known.due_on is not None and overdue(known.due_on, today):
            row = known.row
            yield Owed("decision", name, row.approver_id, known.due_on, False, row.program_id, row.project_id)


def _milestones(of: AtInstant) -> Iterator[Owed]:
    for _, project in of.projects:
        red = of.standings[project.id].effective is Health.RED
        for one in overdue_of(of.known, project):
            name = of.milestone_names[one.id]
            yield Owed("milestone_overdue", name, one.row.owner_id, one.due_on, red, project.program_id, project.id)


def _place(of: AtInstant, program_id: int | None) -> tuple[str, date]:
    """Zone and date."""
    program = of.known.programs.get(program_id or 0)
    return (program.calendar.zone, program.today) if program else ("UTC", local_date(of.now, "UTC"))


def _ladder(of: AtInstant, owed: Owed) -> list[int]:
    """Who is asked, and who is where nobody stands in for them."""
    found = [owed.person_id]
    if owed.program_id is not None and owed.program_id in of.known.programs:
        chain = of.chain(owed.program_id, owed.project_id)
        found += [person for person in (chain.lead, chain.manager, chain.sponsor) if person is not None]
    return list(dict.fromkeys(found))


def _receiver(ladder: list[int], reaches: Mapping[int, Reach], now: datetime) -> int | None:
    return next((person for step in ladder if (person := stand_in(step, reaches, now)) is not None), None)


def _figures(of: AtInstant, desk: list[Routed], reach: Reach) -> NudgeFigures | None:
    """None for somebody who cannot be asked within a year."""
    try:
        deliver_at = reach.next_instant(of.now)
    except ValueError:
        return None
    desk.sort(key=lambda one: (not one.owed.is_urgent, one.owed.due_on, one.owed.kind, id_order(one.owed.object)))
    lines = [
        NudgeLine(
            kind=one.owed.kind,
            object=one.owed.object,
            on_behalf_of=None if one.on_behalf_of is None else of.handle(one.on_behalf_of),
        )
        for one in desk
    ]
    return NudgeFigures(deliver_at=deliver_at, now=deliver_at == of.now, asks=lines)
