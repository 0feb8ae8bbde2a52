"""The risks and decisions of a portfolio file, with the past that the file knows of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.risk import acknowledge_by
from bot.domain.risk_money import MINOR_UNITS
from bot.services import calendars, people, places
from bot.services.history import record_change
from bot.services.importing_checks import successions
from bot.services.importing_numbers import IMPORTED, give_numbers
from bot.services.importing_people import People
from bot.services.risk import matrix_of, score_values
from models.schemas.decision import DecisionStatus
from models.schemas.parameters import DEFAULTS
from models.schemas.people import PersonCard
from models.schemas.portfolio import DecisionRecord, Portfolio, RiskRecord
from models.schemas.portfolio_fields import PlacedRecord
from models.schemas.project import Place
from models.tables import Decision, DecisionContributor, Risk
from models.tables.unit import add_row

REPLACED = (DecisionStatus.SUPERSEDED, DecisionStatus.DEPRECATED)
"""What an accepted decision becomes later."""


@dataclass(frozen=True)
class Owners:
    """What a record's names lead to: ids of people, programs and projects, and each project's program."""

    people: People
    programs: Mapping[str, int]
    projects: Mapping[str, int]
    program_of: Mapping[str, str | None]

    def place(self, record: PlacedRecord) -> dict[str, int | None]:
        program = record.program or self.program_of.get(record.project or "")
        return {
            "program_id": self.programs.get(program or ""),
            "project_id": self.projects.get(record.project or ""),
        }


def take_risks(session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners) -> None:
    new = [record for record in portfolio.risks if record.id not in known]
    numbers = give_numbers(session, Risk, "risk", [record.id for record in new])
    programs = places.by_ids(session, program_ids=owners.programs.values())
    people.forget(session)  # their calendars came with the same file
    cards = people.cards(session, owners.people.ids.values())
    rows = [
        _risk(record, numbers[record.id], owners, programs, cards[owners.people.ids[record.owner]]) for record in new
    ]
    session.add_all(rows)
    session.flush()
    for record, row in zip(new, rows, strict=True):
        _past_of_risk(session, record, row.id)


def take_decisions(session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners) -> None:
    new = [record for record in portfolio.decisions if record.id not in known]
    numbers = give_numbers(session, Decision, "decision", [record.id for record in new])
    rows = [_decision(record, numbers[record.id], owners) for record in new]
    session.add_all(rows)
    session.flush()
    added = {record.id: row.id for record, row in zip(new, rows, strict=True)}
    _link(session, portfolio, added=added, ids={**known, **added})
    replaced_at = _replaced_at(portfolio)
    for record in new:
        _contributors(session, record, added[record.id], owners.people)
        _past_of_decision(session, record, added[record.id], owners.people, replaced_at.get(record.id))


def _risk(record: RiskRecord, number: int, owners: Owners, programs: Mapping[str, Place], owner: PersonCard) -> Risk:
    """Scored by the matrix of its program."""
    first = record.scores[0]
    where = owners.place(record)
    program = programs.get(f"program:{where['program_id']}")
    hours = calendars.of_person(owner, now=record.raised_at)
    waits = record.acknowledged_at is None
    band = matrix_of(program).band(first.probability, first.impact)
    limits = program.rules.risk if program else DEFAULTS.risk
    same = {"title", "statement", "category", "probability", "impact", "kind", "status", "response_strategy"}
    same |= {"response_plan", "trigger", "proximity_on", "schedule_impact", "next_review_on"}
    same |= {"raised_at", "acknowledged_at", "closed_at"}
    return Risk(
        external_id=record.id,
        number=number,
        **score_values(program, record.status, record.probability, record.impact),
        inherent_probability=first.probability,
        inherent_impact=first.impact,
        target_probability=record.target.probability if record.target else None,
        target_impact=record.target.impact if record.target else None,
        owner_id=owner.id,
        accepted_by_id=owners.people.ids.get(record.accepted_by or ""),
        cost_impact=None if record.cost_impact is None else int(record.cost_impact * MINOR_UNITS),
        acknowledge_by=acknowledge_by(record.raised_at, band, hours, limits) if waits else None,
        status_reason=record.rejected_reason,
        **where,
        **record.model_dump(include=same, exclude_none=True),
    )


def _past_of_risk(session: Session, record: RiskRecord, risk_id: int) -> None:
    """Who did it is not in the file: the history names nobody."""
    write = partial(record_change, session, "risk", risk_id, actor_id=None)
    write(at=record.raised_at, new=IMPORTED)
    before = None
    for score in record.scores:
        after = {"probability": score.probability, "impact": score.impact}
        write(at=score.at, field="score", old=before, new=after)
        before = after
    if record.acknowledged_at:
        write(at=record.acknowledged_at, field="acknowledged_at", new=record.acknowledged_at)
    if record.closed_at:
        write(at=record.closed_at, field="status", new=record.status, reason=record.rejected_reason)


def _decision(record: DecisionRecord, number: int, owners: Owners) -> Decision:
    same = {"title", "context", "informed", "reversibility", "raised_at", "due_on", "status", "chosen", "rationale"}
    same |= {"decided_at", "outcome_review_on", "outcome"}
    return Decision(
        external_id=record.id,
        number=number,
        driver_id=owners.people.ids[record.driver],
        approver_id=owners.people.ids[record.approver],
        options=[option.model_dump(mode="json") for option in record.options or ()],
        criteria=record.criteria or [],
        **owners.place(record),
        **record.model_dump(include=same, exclude_none=True),
    )


def _contributors(session: Session, record: DecisionRecord, decision_id: int, people: People) -> None:
    for person_id in dict.fromkeys(people.ids[handle] for handle in record.contributors):
        add_row(session, DecisionContributor, decision_id=decision_id, person_id=person_id)


def _link(session: Session, portfolio: Portfolio, *, added: Mapping[str, int], ids: Mapping[str, int]) -> None:
    """Both ways, but on new decisions only: what was imported before stays as it is."""
    links: dict[int, dict[str, int]] = {}
    for old, new in successions(portfolio.decisions):
        if old in added:
            links.setdefault(ids[old], {})["superseded_by_id"] = ids[new]
        if new in added:
            links.setdefault(ids[new], {})["supersedes_id"] = ids[old]
    for decision_id, values in links.items():
        session.execute(update(Decision).where(Decision.id == decision_id).values(**values))


def _replaced_at(portfolio: Portfolio) -> dict[str, datetime]:
    """When the successor of a decision was decided."""
    decided = {record.id: record.decided_at for record in portfolio.decisions}
    pairs = ((old, decided[new]) for old, new in successions(portfolio.decisions))
    return {old: moment for old, moment in pairs if moment is not None}


def _past_of_decision(
    session: Session, record: DecisionRecord, decision_id: int, people: People, replaced_at: datetime | None
) -> None:
    write = partial(record_change, session, "decision", decision_id)
    write(at=record.raised_at, actor_id=None, new=IMPORTED)
    if record.decided_at is None:
        return
    approver = people.ids[record.approver]
    first = DecisionStatus.ACCEPTED if record.status in REPLACED else record.status
    write(at=record.decided_at, actor_id=approver, field="status", new=first, reason=record.rationale)
    if record.status is DecisionStatus.SUPERSEDED and replaced_at is not None:
        write(at=replaced_at, actor_id=None, field="status", old=first, new=record.status)
