"""A unit of work stays in its workspace: every query is filtered, every new row belongs, in one place."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Executable,
    Insert,
    Row,
    bindparam,
    event,
    select,
    update,
)
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from models.tables import inserts
from models.tables.base import Owned
from models.tables.ready import Job, Ready, Rows, run
from models.tables.workspace import Workspace

EVERYWHERE = "everywhere"
"""A unit that reads or claims across workspaces: what the clock does, never what a person asks for."""


THIS_WORKSPACE: BindParameter[int] = bindparam("this_workspace")
"""For Core statements, which name the workspace themselves. `fetch` fills it in."""

_THIS = Ready(select(Workspace.__table__).where(Workspace.__table__.c.id == THIS_WORKSPACE))


def workspace_of(session: Session) -> int:
    """The workspace that this unit works in; a unit across workspaces has none and raises."""
    workspace = session.info["workspace"]
    if not isinstance(workspace, int):
        raise LookupError("this unit of work reads across workspaces")
    return workspace


def this_workspace(session: Session) -> Row[Any]:
    """The workspace's own row, read once in a unit."""
    if "row" not in session.info:
        session.info["row"] = rows_of(session, _THIS)[0]
    row: Row[Any] = session.info["row"]
    return row


def change_workspace(session: Session, **values: Any) -> None:
    session.execute(update(Workspace).where(Workspace.id == workspace_of(session)).values(**values))
    session.info.pop("row", None)


@event.listens_for(Session, "do_orm_execute")
def _stay_in_the_workspace(state: ORMExecuteState) -> None:
    """The one place that keeps every query inside its workspace."""
    write_what_waits(state.session)
    workspace = state.session.info["workspace"]
    if workspace == EVERYWHERE or state.is_column_load or state.is_relationship_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(
            with_loader_criteria(Owned, lambda row: row.workspace_id == workspace, include_aliases=True)
        )


@event.listens_for(Session, "before_flush")
def _belong_to_the_workspace(session: Session, *_: object) -> None:
    session.info.pop("read ahead", None)
    for row in session.new:
        if isinstance(row, Owned):
            row.workspace_id = workspace_of(session)


@event.listens_for(Session, "after_transaction_create")
def _begin_with_nothing_waiting(session: Session, transaction: SessionTransaction) -> None:
    """What waits belongs to what is around a savepoint: it is written there, and stays when the savepoint is undone."""
    around = transaction.parent
    if transaction.nested and around is not None:
        _write(session, lambda: around.connection(None))


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_waits(session: Session, _: SessionTransaction) -> None:
    session.info.pop("waiting", None)
    session.info.pop("read ahead", None)


@event.listens_for(Session, "before_commit")
def _write_the_last(session: Session) -> None:
    """On a server the commit goes along with it: what follows finds the transaction ended, and does nothing."""
    if session.info.get("waiting"):
        session.flush()
        write_what_waits(session, commit=not session.in_nested_transaction())


def fetch(session: Session, statement: Executable, **values: Any) -> CursorResult[Any]:
    """Run a Core statement that was built once, with THIS_WORKSPACE in it: an eighth of what the ORM's way costs.

    For what many commands do. The rows have the columns' names, as the table objects have.
    """
    write_what_waits(session)
    return session.connection().execute(statement, {"this_workspace": workspace_of(session), **values})


def rows_of(session: Session, ready: Ready, **values: Any) -> Rows:
    """The same of a statement that is text already: a fifth of that. For what every command does."""
    _write_what_waits_in(session, ready.tables)  # what it wrote nobody read ahead
    ahead = session.info.get("read ahead")
    if ahead and (found := ahead.pop(_asked(ready, values), None)) is not None:
        rows: Rows = found
        return rows
    return _run(session, ready, {"this_workspace": workspace_of(session), **values})


def read_ahead(session: Session, ready: Ready, **values: Any) -> None:
    """It will be asked soon. On a server it goes along with the next statement, in one round trip."""
    if _dialect(session) != "sqlite":
        session.info.setdefault("to read", []).append((ready, values))


def add_row(session: Session, table: type[Owned], **values: Any) -> int:
    """Insert one row of this unit's workspace and return its id."""
    return int(_insert(session, table, values)[0].id)


def add_row_once(session: Session, table: type[Owned], **values: Any) -> int | None:
    """Like add_row, but None and no change when a unique key is taken: the database decides, not a look before."""
    found = _insert(session, table, values, once=True)
    return int(found[0].id) if found else None


def add_rows(session: Session, table: type[Owned], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, in one statement."""
    _write_what_waits_in(session, {table.__tablename__})
    workspace = workspace_of(session)
    session.connection().execute(_plain_insert(table), [{"workspace_id": workspace, **row} for row in rows])


def add_rows_once(session: Session, table: type[Owned], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, but those whose unique key is taken, in one statement."""
    if rows:
        _write_what_waits_in(session, {table.__tablename__})
        workspace = workspace_of(session)
        statement = inserts.insert_of(_dialect(session))(table).on_conflict_do_nothing()
        session.connection().execute(statement, [{"workspace_id": workspace, **row} for row in rows])


def add_later(session: Session, table: type[Owned], *, once: bool = False, **values: Any) -> None:
    """Insert a row of which nobody in this unit needs the id: with all others of its kind, before the unit ends or
    is asked for any of them."""
    row = inserts.NewRow(table, {"workspace_id": workspace_of(session), **values}, once)
    session.info.setdefault("waiting", []).append(row)


def run_later(session: Session, ready: Ready, **values: Any) -> None:
    """The same for another statement that finds nothing."""
    session.info.setdefault("waiting", []).append((ready, {"this_workspace": workspace_of(session), **values}))


def run_together(session: Session, *jobs: Job) -> list[Rows]:
    """Statements that follow one another, in one round trip to a server."""
    _write_what_waits_in(session, {name for ready, _ in jobs for name in ready.tables})
    session.info.pop("read ahead", None)
    return run(session.connection(), jobs)


def write_what_waits(session: Session, *, commit: bool = False) -> None:
    """What was left for later, in its order."""
    _write(session, session.connection, commit=commit)


def change_rows(session: Session, table: type[Owned], changes: Sequence[dict[str, Any]]) -> None:
    """Change rows that this unit has read, all in the same columns, in one statement. `key` is a row's id.

    What the unit holds of them is read anew when it is looked at next.
    """
    if not changes:
        return
    write_what_waits(session)
    rows: Any = table.__table__
    statement = rows.update().where(rows.c.id == bindparam("key"), rows.c.workspace_id == bindparam("this_workspace"))
    names: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name != "key"}
    workspace = workspace_of(session)
    session.connection().execute(
        statement.values(names), [{"this_workspace": workspace, **change} for change in changes]
    )
    for row in list(session.identity_map.values()):
        if isinstance(row, table):
            session.expire(row)


def _write(session: Session, connection: Callable[[], Connection], *, commit: bool = False) -> None:
    session.info.pop("read ahead", None)
    if waiting := session.info.pop("waiting", None):
        run(connection(), list(inserts.gathered(waiting, _dialect(session))), commit=commit)


def _insert(session: Session, table: type[Owned], values: dict[str, Any], *, once: bool = False) -> Rows:
    _write_what_waits_in(session, {table.__tablename__})
    session.info.pop("read ahead", None)
    values["workspace_id"] = workspace_of(session)
    ready = inserts.insert(table, tuple(values), _dialect(session), once=once)
    return _run(session, ready, inserts.values_of([values]))


def _run(session: Session, ready: Ready, values: Mapping[str, Any]) -> Rows:
    asked = session.info.pop("to read", ())
    this = {"this_workspace": workspace_of(session)} if asked else {}
    found = run(session.connection(), [(ready, values), *((each, {**this, **given}) for each, given in asked)])
    if asked:
        session.info["read ahead"] = {_asked(*each): rows for each, rows in zip(asked, found[1:], strict=True)}
    return found[0]


def _asked(ready: Ready, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return ready, *(tuple(value) if isinstance(value, list) else value for value in values.values())


def _write_what_waits_in(session: Session, tables: Collection[str]) -> None:
    """Statements that touch no table of what waits need not wait for it."""
    for waiting in session.info.get("waiting", ()):
        if any(name in tables for name in inserts.tables_of(waiting)):
            write_what_waits(session)
            return


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _plain_insert(table: type[Owned]) -> Insert:
    return table.__table__.insert()  # type: ignore[attr-defined, no-any-return]
