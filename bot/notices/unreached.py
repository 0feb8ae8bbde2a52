"""When a card cannot stand in its channel, the person whom it would have summoned is told directly."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.notices import rollup
from bot.notices.decision import ask_approver
from bot.notices.escalation_direct import tell_list_unreached, tell_outsider, tell_unreached
from bot.notices.issue import OWNERS_LINE as ISSUE_OWNERS_LINE
from bot.notices.risk import OWNERS_LINE as RISK_OWNERS_LINE
from bot.notices.status import tell_asked
from bot.services import decision as decisions
from bot.services import delivery
from bot.services import issue as issues
from bot.services import risk as risks
from bot.services import status as statuses
from bot.views.issue import waits_for_owner
from bot.views.trouble import not_shared


def tell_directly(session: Session, message_key: str, *, now: datetime) -> None:
    """Once for each record, whatever is tried how often."""
    kind, _, number = message_key.partition(":")
    tell = TELL.get(kind)
    if tell is not None:
        tell(session, row_id(number), now)
    elif kind in NAMED:
        NAMED[kind](session, number, now=now)
    elif copy := SHARED.fullmatch(message_key):
        channel, sharer = copy.groups()
        delivery.post(session, not_shared(channel), key=f"{message_key}:unreached", to=sharer, now=now)


def _of_risk(session: Session, risk_id: int | None, now: datetime) -> None:
    risk = risks.find_by_id(session, risk_id)
    if risk and risk.is_active and risk.acknowledged_at is None:
        RISK_OWNERS_LINE.tell(session, risk, by=None, now=now)


def _of_issue(session: Session, issue_id: int | None, now: datetime) -> None:
    issue = issues.find_by_id(session, issue_id)
    if issue and waits_for_owner(issue):
        ISSUE_OWNERS_LINE.tell(session, issue, by=issue.author, now=now)


def _of_decision(session: Session, decision_id: int | None, now: datetime) -> None:
    decision = decisions.find_by_id(session, decision_id)
    if decision and decision.is_open:
        ask_approver(session, decision, by=None, now=now)


def _of_status(session: Session, update_id: int | None, now: datetime) -> None:
    update = statuses.find_by_id(session, update_id)
    if update and update.replaced_by is None:
        tell_asked(session, update, now=now)


def _of_rollup(session: Session, occurrence_id: int | None, now: datetime) -> None:
    rollup.tell_unreached(session, occurrence_id, now=now)


SHARED = re.compile(r"[a-z]+\.shared:[0-9]+:([CG][A-Z0-9]+):([UW][A-Z0-9]+)")
"""The key of a record's copy: in which channel, by whom."""

TELL: Mapping[str, Callable[[Session, int | None, datetime], None]] = {
    "risk.card": _of_risk,
    "issue.card": _of_issue,
    "decision.card": _of_decision,
    "status": _of_status,
    "rollup": _of_rollup,
}
"""By what a message's key begins with."""

NAMED: Mapping[str, Callable[..., None]] = {
    "escalation": tell_unreached,
    "escalation.list": tell_list_unreached,
    "escalation.step": tell_outsider,
}
"""What is named by more than an id."""
