"""Record numbers: one sequence per workspace and kind, taken in the record's own transaction."""

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from models.tables import Counter
from models.tables.unit import THIS_WORKSPACE, add_row_once, fetch

_COUNTER = Counter.__table__
_NEXT = (
    update(Counter)
    .where(_COUNTER.c.workspace_id == THIS_WORKSPACE, _COUNTER.c.kind == bindparam("of_kind"))
    .values(n=_COUNTER.c.n + 1)
    .returning(_COUNTER.c.n)
)


def next_number(session: Session, kind: str) -> int:
    """Counts up under a row lock: two people who log at once get two numbers."""
    taken = _take(session, kind)
    if taken is None:
        add_row_once(session, Counter, kind=kind, n=0)  # another unit may make it first, which is as good
        taken = _take(session, kind)
    assert taken is not None
    return taken


def reserve(session: Session, kind: str, number: int) -> None:
    """Never give out `number` or a lower one again (an import kept them)."""
    if add_row_once(session, Counter, kind=kind, n=number) is None:
        session.execute(
            update(Counter).where(Counter.kind == kind, Counter.n < number).values(n=number),
            execution_options={"synchronize_session": False},
        )


def _take(session: Session, kind: str) -> int | None:
    return fetch(session, _NEXT, of_kind=kind).scalar_one_or_none()
