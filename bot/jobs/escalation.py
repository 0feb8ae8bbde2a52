"""The clock's door for what nobody answers: it is opened, climbs, and ends."""

import logging
from collections.abc import Mapping
from datetime import datetime

from bot.jobs.each import in_each
from bot.notices import escalation as notices
from bot.runtime import Runtime
from bot.services import escalation_look, watch

logger = logging.getLogger(__name__)


def take_escalations(runtime: Runtime) -> None:
    """Programs whose time has come. One that fails is looked at again soon, and the others go on meanwhile."""
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = watch.workspaces_due(connection, serves=runtime.serves, now=now)

    def take(workspace_id: int) -> None:
        while True:
            with runtime.database.write(workspace_id) as session:
                due = watch.take_due(session, now=now)
            if not due:
                break
            _look_at(runtime, workspace_id, due, now)

    in_each(workspaces, take)


def watch_everything(runtime: Runtime) -> None:
    with runtime.database.look() as connection:
        if watch.is_complete(connection):
            return
    with runtime.database.everywhere() as session:
        watch.begin_missing(session, serves=runtime.serves, now=runtime.now())


def _look_at(runtime: Runtime, workspace_id: int, due: Mapping[int, bool], now: datetime) -> None:
    """All in one unit; where that fails, each alone. `now` is when they were taken: it knows their lease again."""
    try:
        with runtime.database.write(workspace_id) as session:
            looked = escalation_look.look(session, due, now=now)
            notices.tell(session, looked, now=now)
            for again in looked.again:  # last: whoever changes a record holds it, and waits for these rows
                watch.look_again(session, again.program_id, at=again.at, is_quiet=again.is_quiet, now=now)
    except Exception:
        if len(due) == 1:
            logger.exception("looking at program %s of workspace %s failed", next(iter(due)), workspace_id)
            return
        for program, was_quiet in due.items():
            _look_at(runtime, workspace_id, {program: was_quiet}, now)
