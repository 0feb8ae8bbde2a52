"""One kind of what people owe, said once: the Home asks for one reader, the daily message for many people."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, bindparam, case, select

from bot.services.home_lists import ME, NEVER, Reader, Source, listing

PEOPLE = "people"
RECORDS = "records"


@dataclass(frozen=True)
class Duty:
    letter: str
    """Of the numbers of its records, as in R-12."""
    columns: Sequence[Any]
    table: FromClause
    conditions: Sequence[ColumnElement[bool]]
    """It is open, for whoever answers for it."""
    whose: ColumnElement[Any]
    """Who is asked."""
    project: ColumnElement[Any]
    program: ColumnElement[Any]
    due: ColumnElement[Any]
    key: ColumnElement[int]
    facts: Callable[[Row[Any], Reader], dict[str, Any]]
    """What a row says beside its number and title; also from when it is asked for (`Owed.opens_on`)."""
    begins: Sequence[ColumnElement[bool]] = ()
    """It waits by now. Of a reader's day; for many people it is the latest day that any of them has."""
    mine: ColumnElement[bool] | None = None
    """Whose Home shows it, where more than the one who is asked may answer."""
    overdue: ColumnElement[bool] = NEVER
    urgent: ColumnElement[bool] = NEVER
    card_key: Callable[[int], str] | None = None

    @cached_property
    def source(self) -> Source:
        """For a Home."""
        mine = self.whose == ME if self.mine is None else self.mine
        conditions = (*self.conditions, *self.begins, mine)
        statement = listing(
            self.columns,
            self.table,
            *conditions,
            due=self.due,
            overdue=self.overdue,
            urgent=self.urgent,
            key=self.key,
        )
        return Source(self.letter, statement, self.facts, self.card_key)

    @cached_property
    def of_people(self) -> Select[Any]:
        """All that these people owe of this kind."""
        return self._rows(*self.begins, self.whose.in_(bindparam(PEOPLE, expanding=True)))

    @cached_property
    def of_records(self) -> Select[Any]:
        """These records, where they are owed by anybody."""
        return self._rows(self.key.in_(bindparam(RECORDS, expanding=True)))

    @cached_property
    def owing(self) -> Select[Any]:
        """Who has anything of this kind open, whenever it falls due."""
        return select(self.whose.label("person_id")).select_from(self.table).where(*self.conditions)

    def _rows(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        columns: Collection[Any] = (
            *self.columns,
            case((self.urgent, 1), else_=0).label("is_urgent"),
            self.whose.label("person_id"),
            self.project.label("project_id"),
            self.program.label("program_id"),
            self.key.label("record_id"),
        )
        return select(*columns).select_from(self.table).where(*self.conditions, *conditions).order_by(self.key)
