"""When a card cannot stand in its channel, the person whom it would have summoned is told directly."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.domain.wall_time import local_date
from bot.notices.risk import yours_key
from bot.notices.status import tell_asked
from bot.services import decision as decisions
from bot.services import delivery
from bot.services import risk as risks
from bot.services import status as statuses
from bot.views.decision import decision_card
from bot.views.risk_receipt import risk_yours
from models.schemas.decision import OPEN


def tell_directly(session: Session, message_key: str, *, now: datetime) -> None:
    """Once for each record, whatever is tried how often."""
    kind, _, number = message_key.partition(":")
    if kind == "risk.card":
        risk = risks.find_by_id(session, row_id(number))
        if risk and risk.owner.slack_id and risk.acknowledged_at is None:
            delivery.post(session, risk_yours(risk), key=yours_key(risk), to=risk.owner.slack_id, now=now)
    elif kind == "status":
        update = statuses.find_by_id(session, row_id(number))
        if update and update.replaced_by is None:
            tell_asked(session, update, now=now)
    elif kind == "decision.card":
        decision = decisions.find_by_id(session, row_id(number))
        if decision and decision.approver.slack_id and decision.status in OPEN:
            card = decision_card(decision, today=local_date(now, decision.approver.tz))
            key = f"decision.yours:{decision.id}"
            delivery.post(session, card, key=key, to=decision.approver.slack_id, now=now)
