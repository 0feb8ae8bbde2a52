"""Record numbers: one sequence per workspace and kind, taken in the record's own transaction."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models.tables import Counter, Owned
from models.tables.inserts import insert_of, placeholders, values_of
from models.tables.ready import Ready
from models.tables.unit import THIS_WORKSPACE, add_row_once, rows_of, run_together, workspace_of

_COUNTER = Counter.__table__
_OF_KIND = bindparam("of_kind", type_=_COUNTER.c.kind.type)
_LAST = (
    select(_COUNTER.c.n).where(_COUNTER.c.workspace_id == THIS_WORKSPACE, _COUNTER.c.kind == _OF_KIND).scalar_subquery()
)


def next_number(session: Session, kind: str) -> int:
    """Counts up under a row lock: two people who log at once get two numbers."""
    return int(rows_of(session, _next(session.get_bind().dialect.name), of_kind=kind)[0].n)


def add_numbered(session: Session, table: type[Owned], kind: str, /, **values: Any) -> tuple[int, int]:
    """Insert a record with the next number of its kind, by one round trip: its id and its number.

    The number's row stays locked until the unit ends: to be asked for when everything else is known.
    """
    dialect = session.get_bind().dialect.name
    values["workspace_id"] = workspace_of(session)
    this = {"this_workspace": values["workspace_id"], "of_kind": kind}
    record = values_of([values]) | this
    _, added = run_together(session, (_next(dialect), this), (_numbered(table, tuple(values), dialect), record))
    return int(added[0].id), int(added[0].number)


def reserve(session: Session, kind: str, number: int) -> None:
    """Never give out `number` or a lower one again (an import kept them)."""
    if add_row_once(session, Counter, kind=kind, n=number) is None:
        session.execute(
            update(Counter).where(Counter.kind == kind, Counter.n < number).values(n=number),
            execution_options={"synchronize_session": False},
        )


@cache
def _next(dialect: str) -> Ready:
    begun = insert_of(dialect)(Counter).values(workspace_id=THIS_WORKSPACE, kind=_OF_KIND, n=1)
    key = [_COUNTER.c.workspace_id, _COUNTER.c.kind]
    counted = begun.on_conflict_do_update(index_elements=key, set_={"n": _COUNTER.c.n + 1})
    return Ready(counted.returning(_COUNTER.c.n))


@cache
def _numbered(table: type[Owned], columns: tuple[str, ...], dialect: str) -> Ready:
    rows: Any = table.__table__
    values = placeholders(table, columns) | {"number": _LAST}
    return Ready(insert_of(dialect)(table).values(values).returning(rows.c.id, rows.c.number))
