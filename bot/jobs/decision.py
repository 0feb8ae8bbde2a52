"""The clock's door for decisions: what was deferred comes back on its day."""

import logging

from sqlalchemy.orm import Session

from bot.notices import decision as notices
from bot.runtime import Runtime
from bot.services import decision as decisions
from bot.services import decision_acts, decision_calendar

logger = logging.getLogger(__name__)


def take_decision_days(runtime: Runtime) -> None:
    """Each in a unit of its own: one that fails is tried at the next tick, and the others go on."""
    now = runtime.now()
    with runtime.database.everywhere() as session:
        found = decision_calendar.waiting(session, serves=runtime.serves, now=now)
    for step in found:
        if step.at > now:
            break
        try:
            with runtime.database.write(step.workspace_id) as session:
                _come_back(session, step, runtime)
        except Exception:
            logger.exception("the day of decision %s failed", step.decision_id)


def _come_back(session: Session, step: decision_calendar.Waiting, runtime: Runtime) -> None:
    now = runtime.now()
    before = decisions.find_by_id(session, step.decision_id)
    after = decision_acts.come_back(session, step.decision_id, now=now)
    if before is not None and after is not None:
        notices.tell_changed(session, after, before=before, by=None, pressed_in=None, now=now)
