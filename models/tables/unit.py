"""A unit of work stays in its workspace: every query is filtered, every new row belongs, in one place."""

from typing import Any

from sqlalchemy import CursorResult, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from models.tables.base import Owned

EVERYWHERE = "everywhere"
"""A unit that reads or claims across workspaces: what the clock does, never what a person asks for."""


def workspace_of(session: Session) -> int:
    """The workspace that this unit works in; a unit across workspaces has none and raises."""
    workspace = session.info["workspace"]
    if not isinstance(workspace, int):
        raise LookupError("this unit of work reads across workspaces")
    return workspace


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


def add_row(session: Session, table: type[Owned], **values: Any) -> int:
    """Insert one row of this unit's workspace and return its id (by Core: the hot path of a command)."""
    values["workspace_id"] = workspace_of(session)
    result: CursorResult[Any] = session.connection().execute(table.__table__.insert(), values)  # type: ignore[attr-defined]
    return int(result.inserted_primary_key[0])  # type: ignore[index]  # every table has a key


def add_row_once(session: Session, table: type[Owned], **values: Any) -> int | None:
    """Like add_row, but None and no change when a unique key is taken: the database decides, not a look before."""
    values["workspace_id"] = workspace_of(session)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table.id)
    return session.connection().execute(statement, values).scalar_one_or_none()
