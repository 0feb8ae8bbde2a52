"""The clock's door: rounds of check-ins open, ask and close; what people answered is forgotten after its days."""

import logging
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.jobs.each import in_each
from bot.jobs.members import members_of
from bot.notices import checkin as notices
from bot.runtime import Runtime
from bot.services import checkin_opening, checkin_privacy, checkin_rounds
from bot.services.checkin_opening import ToOpen

logger = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=10)
NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "fetch_members_failed", "missing_scope"})
"""Why Slack will not say in ten minutes either who is in a channel: this round asks nobody, the doctor says why."""


def take_checkin_steps(runtime: Runtime) -> None:
    """What opens is saved first, then who is concerned is asked."""
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = checkin_rounds.workspaces_due(connection, serves=runtime.serves, now=now)
    in_each(workspaces, partial(_take_steps, runtime, now=now))


def _take_steps(runtime: Runtime, workspace_id: int, *, now: datetime) -> None:
    with runtime.database.read(workspace_id) as session:
        due = checkin_opening.to_open(session, now=now)
    members = {each.id: _members(runtime.within(workspace_id), each) for each in due}
    with runtime.database.write(workspace_id) as session:
        for each in due:
            _open_or_put_back(session, each, members[each.id], now=now)
    with runtime.database.write(workspace_id) as session:
        notices.tell_moved(session, checkin_rounds.take_steps(session, now=now), now=now)


def forget_answers(runtime: Runtime) -> None:
    now = runtime.now()

    def forget(workspace_id: int) -> None:
        with runtime.database.write(workspace_id) as session:
            checkin_privacy.forget_old(session, now=now)

    in_each(sorted(runtime.serves), forget)


def _open_or_put_back(session: Session, due: ToOpen, members: list[str] | None, *, now: datetime) -> None:
    """What cannot be opened is tried again soon, and the log says why; the others go on meanwhile."""
    if members is None:
        checkin_opening.put_back(session, due.id, until=now + TRY_AGAIN)
        return
    try:
        with session.begin_nested():
            checkin_opening.open_round(session, due, members=members, now=now)
    except Exception:
        logger.exception("the round of check-in %s did not open", due.id)
        checkin_opening.put_back(session, due.id, until=now + TRY_AGAIN)


def _members(runtime: Runtime, due: ToOpen) -> list[str] | None:
    """Slack ids of those in the channel, asked for outside of any unit of work; None where Slack did not answer."""
    if not due.everyone or due.channel is None:
        return []
    try:
        return members_of(runtime, due.channel)
    except SlackApiError as problem:
        error = problem.response.get("error")
        logger.warning("who is in the channel of check-in %s is not known: %s", due.id, error)
        return [] if error in NOT_THERE else None
    except (OSError, HTTPException):
        logger.warning("who is in the channel of check-in %s is not known: no answer", due.id)
        return None
