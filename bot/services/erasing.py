"""All that we know of a workspace, deleted: table by table, row by row, the rows that others point to last."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, ForeignKeyConstraint, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.tables import Base, Installation, Workspace

BATCH = 500
"""Rows in one transaction: nobody else waits long."""

_BY_ITSELF = {"synchronize_session": False}

OWNED = [table for table in reversed(Base.metadata.sorted_tables) if "workspace_id" in table.columns]
"""Whatever belongs to a workspace, children before parents. Read from the tables: a new one cannot be forgotten."""


def to_erase(connection: Connection, *, now: datetime) -> list[int]:
    """Workspaces whose time is over."""
    over = select(Workspace.id).where(Workspace.erase_at <= now, Workspace.installation_id.is_(None))
    return list(connection.execute(over.order_by(Workspace.id)).scalars())


def let_go(session: Session, workspace_id: int, *, now: datetime) -> bool:
    """From now on it is nobody's: if the app comes back meanwhile, it comes into a new workspace.

    False: it has come back.
    """
    mine = update(Workspace).where(
        Workspace.id == workspace_id, Workspace.erase_at <= now, Workspace.installation_id.is_(None)
    )
    gone = session.execute(
        mine.values(team_id=f"erased:{workspace_id}", name="", url="", bot_user_id="").returning(Workspace.id),
        execution_options=_BY_ITSELF,
    )
    return gone.scalar_one_or_none() is not None


def erase_some(session: Session, workspace_id: int, table: Table) -> int:
    """A batch of its rows of this table. How many went; 0: none are left."""
    for column in _own_links(table):
        linked = table.c.workspace_id == workspace_id, table.c[column].is_not(None)
        session.execute(update(table).where(*linked).values({column: None}))
    some = select(table.c.id).where(table.c.workspace_id == workspace_id).order_by(table.c.id).limit(BATCH)
    gone = delete(table).where(table.c.workspace_id == workspace_id, table.c.id.in_(some.scalar_subquery()))
    return int(session.connection().execute(gone).rowcount)


def finish(session: Session, workspace_id: int) -> None:
    """The workspace's own row."""
    session.execute(delete(Workspace).where(Workspace.id == workspace_id), execution_options=_BY_ITSELF)


def drop_ended(session: Session) -> None:
    """What is left of installations that have ended, once no workspace of theirs is known any more."""
    theirs = or_(Workspace.team_id == Installation.slack_id, Workspace.enterprise_id == Installation.slack_id)
    kept = select(Workspace.id).where(theirs, Workspace.team_id.not_like("erased:%"))
    ended = delete(Installation).where(Installation.revoked_at.is_not(None), ~kept.exists())
    session.execute(ended, execution_options=_BY_ITSELF)


def counts(session: Session, workspace_id: int) -> dict[str, int]:
    """Rows by table, those that have any."""
    found = {
        table.name: session.connection()
        .execute(select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id))
        .scalar_one()
        for table in OWNED
    }
    return {name: number for name, number in found.items() if number}


def _own_links(table: Table) -> Iterator[str]:
    """Columns by which rows of a table point to rows of the same: a batch could hold one without the other."""
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table is table:
            yield from (c.name for c in constraint.columns if c.name != "workspace_id")
