"""What its author does from the receipt of a risk: take it back, log it again, show it to others."""

import json
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.policy import allowed
from bot.domain.reference import row_id
from bot.errors import Refused, UserError
from bot.notices import risk as notices
from bot.services import register, risk_acts
from bot.services import risk as risks
from bot.views.risk import risk_card
from bot.views.risk_form import Filled, risk_form
from bot.views.undone import undone
from handlers.acts import opening_at, seen
from handlers.feature import Ask, Feature, Reply, reads, writes
from models.schemas.risk import RiskCard

TITLE = 150
TOO_LATE = (
    "{ref} can be undone for 30 minutes, until somebody else acts on it. Now it can be closed or rejected. "
    "Nothing was changed."
)


@writes
def undo(ask: Ask, session: Session) -> Reply:
    """The receipt is replaced by the word that it is undone; an old receipt answers with the present state."""
    by = ask.acting(session)
    before = _seen(ask, session)
    if not before.is_active:
        return _present(ask, session, before)
    try:
        after = risk_acts.act(session, before.id, "undo", None, by, now=ask.now)
    except Refused as refused:
        if before.author is None or before.author.id != by.person.id:
            raise
        raise UserError(TOO_LATE.format(ref=before.ref), attempt=refused.attempt) from None
    notices.tell_undone(session, after, by=by.person, now=ask.now)
    return Reply(private=undone(risks.KIND, after.id, after.ref), replaces=True)


@reads
def log_again(ask: Ask, session: Session) -> Reply:
    """Undone by mistake, or to be said better: the form opens with the same words."""
    risk = _seen(ask, session)
    start = opening_at(ask, session, risk.place, title=TITLE)
    metadata = json.dumps({"channel": start.channel})
    filled = _filled(risk, ask.today(ask.standing(session).person.tz))
    return Reply(form=risk_form(places=start.choices, here=start.here, metadata=metadata, filled=filled))


@writes
def share(ask: Ask, session: Session) -> Reply:
    """A short copy for everybody here, once for each person and channel."""
    by = ask.acting(session)
    risk = _seen(ask, session)
    held = register.roles(session, "risk", risk, by, logged_at=risk.raised_at, now=ask.now)
    register.require(session, "risk", risk, held, allowed("record.share"), action="share", verb="share")
    channel = ask.channel
    if channel is None or channel.startswith("D"):
        raise UserError(f"Only you read this. Type /pm {risk.ref} in a channel to share it there.")
    if risk.place is not None and risk.place.restricted and risk.place.channel != channel:
        raise UserError(f"{risk.ref} belongs to a restricted project: it is shared in that project's channel alone.")
    notices.tell_shared(session, risk, channel=channel, by=by.person, now=ask.now)
    return Reply()


def _seen(ask: Ask, session: Session) -> RiskCard:
    return seen(ask, session, risks.KIND, risks.find_by_id(session, row_id(ask.value)), lambda risk: risk.raised_at)


def _present(ask: Ask, session: Session, risk: RiskCard) -> Reply:
    person = ask.standing(session).person
    if risk.status_reason == risk_acts.UNDONE and risk.author is not None and risk.author.id == person.id:
        return Reply(private=undone(risks.KIND, risk.id, risk.ref), replaces=True)
    return Reply(private=risk_card(risk, today=ask.today(person.tz)))


def _filled(risk: RiskCard, today: date) -> Filled:
    """What it was; dates that have passed are left out."""

    def ahead(day: date | None) -> date | None:
        return day if day is not None and day >= today else None

    return Filled(
        risk.owner.slack_id or "",
        title=risk.title,
        statement=risk.statement or "",
        probability=risk.probability,
        impact=risk.impact,
        category=risk.category,
        next_review_on=ahead(risk.next_review_on),
        proximity_on=ahead(risk.proximity_on),
        kind=risk.kind,
    )


FEATURE = Feature(actions={"risk.undo": undo, "risk.again": log_again, "risk.share": share})
