"""The clock's door to people's duties: who owes something gets a desk, and each desk is looked at in its time."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from bot.jobs.each import in_each
from bot.notices import asks
from bot.runtime import Runtime
from bot.services import desk

logger = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=10)


def make_desks(runtime: Runtime) -> None:
    """Not on the way of the command that makes somebody an owner: looked for now and then."""
    now = runtime.now()

    def make(workspace_id: int) -> None:
        with runtime.database.read(workspace_id) as session:
            found = desk.without(session, now=now)
        if found:
            with runtime.database.write(workspace_id) as session:
                desk.look_soon(session, found, at=now)

    in_each(sorted(runtime.serves), make)


def take_due_desks(runtime: Runtime) -> None:
    """A batch in one unit; where one of them fails, each by itself, so that the others are asked."""
    with runtime.database.look() as connection:
        workspaces = desk.workspaces_due(connection, serves=runtime.serves, now=runtime.now())

    def take(workspace_id: int) -> None:
        while _take_batch(runtime, workspace_id):
            pass

    in_each(workspaces, take)


def _take_batch(runtime: Runtime, workspace_id: int) -> bool:
    try:
        return _look(runtime, workspace_id, limit=desk.BATCH)
    except Exception:
        logger.exception("looking at a batch of desks failed; each is tried by itself")
    with runtime.database.write(workspace_id) as session:
        due = desk.take_due(session, now=runtime.now())
    for person in due:
        try:
            _look(runtime, workspace_id, limit=1, only=[person])
        except Exception:
            logger.exception("looking at the desk of person %s failed", person)
            with runtime.database.write(workspace_id) as session:
                desk.put_back(session, person, until=runtime.now() + TRY_AGAIN)
    return False


def _look(runtime: Runtime, workspace_id: int, *, limit: int, only: Sequence[int] | None = None) -> bool:
    now = runtime.now()
    with runtime.database.write(workspace_id) as session:
        due = desk.take_due(session, now=now, limit=limit, only=only)
        if due:
            asks.tell(session, desk.look(session, due, now=now), now=now)
    return bool(due)
