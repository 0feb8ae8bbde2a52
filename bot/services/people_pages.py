"""How far Slack's people were read: a large workspace takes many pages, and Slack gives twenty in a minute."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bot.services import people_copies
from models.tables import Workspace
from models.tables.unit import change_workspace, this_workspace, workspace_of

READING = timedelta(minutes=2)
"""For so long after a page no other process begins to read: longer than a page takes to come and to be saved."""


def begin(session: Session, *, now: datetime) -> bool:
    """Whether this process reads on from here. False: another one does, or Slack asked us to wait."""
    free = or_(Workspace.people_due_at.is_(None), Workspace.people_due_at <= now)
    mine = update(Workspace).where(Workspace.id == workspace_of(session), free).values(people_due_at=now + READING)
    session.info.pop("row", None)
    return session.execute(mine.returning(Workspace.id)).scalar_one_or_none() is not None


def waits_until(session: Session) -> datetime | None:
    """When it goes on, if it is not at its end."""
    found: datetime | None = this_workspace(session).people_due_at
    return found


def cursor(session: Session) -> str | None:
    """Of the next page; None for the first."""
    found: str | None = this_workspace(session).people_cursor
    return found


def turn(session: Session, following: str | None, *, now: datetime) -> None:
    """A page was saved. Without a following one everybody is known."""
    change_workspace(session, people_cursor=following, people_due_at=now + READING if following else None)
    if not following:
        people_copies.mark_synced(session, now=now)


def wait(session: Session, *, until: datetime) -> None:
    """Slack gives no more pages before then; it goes on where it stands."""
    change_workspace(session, people_due_at=until)


def begin_anew(session: Session) -> None:
    """Slack does not know the place any more that we had come to."""
    change_workspace(session, people_cursor=None, people_due_at=None)
