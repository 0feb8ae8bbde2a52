"""The clock's door: requests open, are reminded of and end; rollups are posted."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.notices import asks
from bot.notices import rollup as rollups
from bot.runtime import Runtime
from bot.services import due_rules, requests, rollup, schedule
from models.schemas.schedule import RuleKind

logger = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=10)


def take_due_steps(runtime: Runtime) -> None:
    """Everything whose time has come: what opens is saved first, then who is concerned is asked."""
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = schedule.workspaces_due(connection, serves=runtime.serves, now=now)
    for workspace_id in workspaces:
        with runtime.database.write(workspace_id) as session:
            for rule in due_rules.take_due_rules(session, now=now):
                _open_or_skip(session, rule, now=now)
        with runtime.database.write(workspace_id) as session:
            asks.tell_moved(session, requests.take_steps(session, now=now), now=now)


def _open_or_skip(session: Session, rule: schedule.DueRule, *, now: datetime) -> None:
    """A rule that cannot be opened is tried again soon, and the log says why; the others go on meanwhile."""
    try:
        with session.begin_nested():
            _open(session, rule, now=now)
    except Exception:
        logger.exception("%s of %s on %s failed", rule.kind, rule.place_ref, rule.day)
        due_rules.put_back(session, rule, until=now + TRY_AGAIN)


def _open(session: Session, rule: schedule.DueRule, *, now: datetime) -> None:
    if rule.kind is RuleKind.STATUS_REQUEST:
        requests.open_request(session, rule, now=now)
    else:
        opened = rollup.open_rollup(session, rule, now=now)
        if opened is not None:
            rollups.post(session, opened, now=now)
