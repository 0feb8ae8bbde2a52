"""A unit of work stays in its workspace: every query is filtered, every new row belongs, in one place."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CursorResult,
    Executable,
    Insert,
    Row,
    bindparam,
    event,
    select,
    update,
)
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from models.tables.base import Owned
from models.tables.workspace import Workspace

EVERYWHERE = "everywhere"
"""A unit that reads or claims across workspaces: what the clock does, never what a person asks for."""


THIS_WORKSPACE: BindParameter[int] = bindparam("this_workspace")
"""For Core statements, which name the workspace themselves. `fetch` fills it in."""

_THIS = select(Workspace.__table__).where(Workspace.__table__.c.id == THIS_WORKSPACE)


def workspace_of(session: Session) -> int:
    """The workspace that this unit works in; a unit across workspaces has none and raises."""
    workspace = session.info["workspace"]
    if not isinstance(workspace, int):
        raise LookupError("this unit of work reads across workspaces")
    return workspace


def this_workspace(session: Session) -> Row[Any]:
    """The workspace's own row, read once in a unit."""
    if "row" not in session.info:
        session.info["row"] = fetch(session, _THIS).one()
    row: Row[Any] = session.info["row"]
    return row


def change_workspace(session: Session, **values: Any) -> None:
    session.execute(update(Workspace).where(Workspace.id == workspace_of(session)).values(**values))
    session.info.pop("row", None)


@event.listens_for(Session, "do_orm_execute")
def _stay_in_the_workspace(state: ORMExecuteState) -> None:
    """The one place that keeps every query inside its workspace."""
    workspace = state.session.info["workspace"]
    if workspace == EVERYWHERE or state.is_column_load or state.is_relationship_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(
            with_loader_criteria(Owned, lambda row: row.workspace_id == workspace, include_aliases=True)
        )


@event.listens_for(Session, "before_flush")
def _belong_to_the_workspace(session: Session, *_: object) -> None:
    for row in session.new:
        if isinstance(row, Owned):
            row.workspace_id = workspace_of(session)


def fetch(session: Session, statement: Executable, **values: Any) -> CursorResult[Any]:
    """Run a Core statement that was built once, with THIS_WORKSPACE in it: an eighth of what the ORM's way costs.

    For what every command does. The rows have the columns' names, as the table objects have.
    """
    return session.connection().execute(statement, {"this_workspace": workspace_of(session), **values})


def add_row(session: Session, table: type[Owned], **values: Any) -> int:
    """Insert one row of this unit's workspace and return its id (by Core: the hot path of a command)."""
    values["workspace_id"] = workspace_of(session)
    result: CursorResult[Any] = session.connection().execute(_insert(table), values)
    return int(result.inserted_primary_key[0])  # type: ignore[index]  # every table has a key


def add_rows(session: Session, table: type[Owned], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, in one statement."""
    workspace = workspace_of(session)
    session.connection().execute(_insert(table), [{"workspace_id": workspace, **row} for row in rows])


def change_rows(session: Session, table: type[Owned], changes: Sequence[dict[str, Any]]) -> None:
    """Change rows that this unit has read, all in the same columns, in one statement. `key` is a row's id.

    What the unit holds of them is read anew when it is looked at next.
    """
    if not changes:
        return
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


def add_row_once(session: Session, table: type[Owned], **values: Any) -> int | None:
    """Like add_row, but None and no change when a unique key is taken: the database decides, not a look before."""
    values["workspace_id"] = workspace_of(session)
    statement = _insert_once(table, session.get_bind().dialect.name)
    return session.connection().execute(statement, values).scalar_one_or_none()


def add_rows_once(session: Session, table: type[Owned], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, but those whose unique key is taken, in one statement."""
    if rows:
        workspace = workspace_of(session)
        statement = _insert_once(table, session.get_bind().dialect.name, returning=False)
        session.connection().execute(statement, [{"workspace_id": workspace, **row} for row in rows])


@cache
def _insert(table: type[Owned]) -> Insert:
    return table.__table__.insert()  # type: ignore[attr-defined, no-any-return]


@cache
def _insert_once(table: type[Owned], dialect: str, *, returning: bool = True) -> Any:
    """Each database's own insert; the one that is not used is not imported."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    statement = insert(table).on_conflict_do_nothing()
    return statement.returning(table.id) if returning else statement
