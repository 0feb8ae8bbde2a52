"""The stakeholders and audit findings of a portfolio file."""

from collections.abc import Mapping
from functools import partial

from sqlalchemy.orm import Session

from bot.services import places
from bot.services.history import record_change
from bot.services.importing_numbers import IMPORTED, give_numbers
from bot.services.importing_plan import midnight
from bot.services.importing_records import Owners
from models.schemas.portfolio import Portfolio
from models.schemas.portfolio_teams import FindingRecord
from models.tables import Finding, Stakeholder


def take_stakeholders(session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners) -> None:
    new = [record for record in portfolio.stakeholders if record.id not in known]
    numbers = give_numbers(session, Stakeholder, "stakeholder", [record.id for record in new])
    people = owners.people.ids
    session.add_all(
        Stakeholder(
            external_id=record.id,
            number=numbers[record.id],
            program_id=owners.programs[record.program],
            person_id=people.get(record.handle or record.name),
            owner_id=people[record.owner],
            **record.model_dump(exclude={"id", "program", "handle", "owner"}),
        )
        for record in new
    )
    session.flush()


def take_findings(session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners) -> None:
    new = [record for record in portfolio.audit_findings if record.id not in known]
    numbers = give_numbers(session, Finding, "finding", [record.id for record in new])
    rows = [_finding(record, numbers[record.id], owners) for record in new]
    session.add_all(rows)
    session.flush()
    found = places.of_rows(session, rows)
    zones = {row.id: found[places.ref_of(row)].tz for row in rows}
    for record, row in zip(new, rows, strict=True):
        write = partial(record_change, session, "finding", row.id, actor_id=None)
        write(at=midnight(record.raised_on, zones[row.id]), new=IMPORTED)
        if record.closed_on:
            write(at=midnight(record.closed_on, zones[row.id]), field="status", new=record.status)


def _finding(record: FindingRecord, number: int, owners: Owners) -> Finding:
    same = {"severity", "title", "raised_on", "due_on", "status", "status_reason", "evidence", "closed_on"}
    return Finding(
        external_id=record.id,
        number=number,
        owner_id=owners.people.ids[record.owner],
        **owners.place(record),
        **record.model_dump(include=same),
    )
