"""The ids and numbers of imported records."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.counter import next_number, reserve
from models.tables import (
    Assumption,
    Decision,
    Dependency,
    Finding,
    Issue,
    Milestone,
    Program,
    Project,
    Risk,
    Stakeholder,
    StatusUpdate,
)

IMPORTED = "imported"
"""What the history says of a record that came from a file."""

LARGEST_NUMBER = 999_999
"""More digits than that are no number that people would say; such a record gets the next one."""

Numbered = (
    type[Program]
    | type[Project]
    | type[Milestone]
    | type[Dependency]
    | type[Risk]
    | type[Issue]
    | type[Assumption]
    | type[Decision]
    | type[Stakeholder]
    | type[Finding]
)


def known_ids(session: Session, table: Numbered | type[StatusUpdate]) -> dict[str, int]:
    """Records that came from a file before, by the source's id."""
    statement = select(table.external_id, table.id).where(table.external_id.is_not(None))
    return {external_id: row_id for external_id, row_id in session.execute(statement) if external_id is not None}


def give_numbers(session: Session, table: Numbered, kind: str, source_ids: Sequence[str]) -> dict[str, int]:
    """The digits of each source id where they are free, else the next number."""
    wanted = {source_id: number for source_id in source_ids if (number := digits(source_id))}
    if wanted:  # first of all: whoever logs a record meanwhile gets a number behind these
        reserve(session, kind, max(wanted.values()))
    taken = set(session.scalars(select(table.number).where(table.number.in_(wanted.values()))))
    numbers: dict[str, int] = {}
    for source_id, number in wanted.items():
        if number not in taken:
            taken.add(number)
            numbers[source_id] = number
    return {source_id: numbers.get(source_id) or next_number(session, kind) for source_id in source_ids}


def digits(source_id: str) -> int | None:
    """'R-014' is 14; the last group of digits counts, None without a usable one."""
    groups = re.findall(r"[0-9]+", source_id)
    number = int(groups[-1]) if groups else 0
    return number if 0 < number <= LARGEST_NUMBER else None
