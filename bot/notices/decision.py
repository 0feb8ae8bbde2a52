"""Who is told of a decision: its channel by one card, its approver directly, and in the end who is kept informed."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import homes
from bot.notices.cards import Cards
from bot.services import decision as decisions
from bot.services import delivery, places
from bot.services.decision import KIND, card_key
from bot.views.decision import decision_card, decision_shown
from bot.views.decision_receipt import (
    decision_ask,
    decision_not_yours,
    decision_receipt,
    decision_told,
)
from models.schemas.decision import DecisionCard, DecisionStatus
from models.schemas.people import PersonCard

CARDS = Cards(KIND, card_key, card=decision_card, alone=decision_shown, receipt=decision_receipt)
show_card = CARDS.show
TOLD = (DecisionStatus.ACCEPTED, DecisionStatus.REJECTED)
"""What those who are kept informed hear of."""


def tell_logged(session: Session, decision: DecisionCard, *, author: PersonCard, now: datetime) -> None:
    """The card summons the approver, who is asked directly as well; its author gets a receipt."""
    show_card(session, decision, now=now)
    CARDS.give_receipt(session, decision, author, now=now)
    ask_approver(session, decision, by=author, now=now)
    homes.refresh(session, decision, by=author, now=now)


def tell_changed(
    session: Session,
    decision: DecisionCard,
    *,
    before: DecisionCard,
    by: PersonCard | None,
    pressed_in: str | None,
    now: datetime,
) -> None:
    """Card and approver's message change in place; who pressed out of their sight reads it there; then what follows
    from it: the decision that it supersedes changes too, and whoever is kept informed is told the result."""
    was_asked = delivery.is_known(session, ask_key(decision, decision.approver))
    _show_everywhere(session, decision, by=by, now=now)
    if before.approver.id != decision.approver.id:
        _show_ask(session, decision, before.approver, now=now)
        if was_asked and decision.is_open:
            _ask_again(session, decision, by=by, now=now)
    if by is not None and not _is_asked_in(session, decision, by, pressed_in):
        CARDS.answer_press(session, decision, by, pressed_in, now=now)
    if decision.status in TOLD and before.status not in TOLD:
        _tell_informed(session, decision, by=by, now=now)
    if decision.status is DecisionStatus.ACCEPTED and before.status is not DecisionStatus.ACCEPTED:
        _tell_superseded(session, decision, now=now)
    homes.refresh(session, decision, before.approver, before.driver, by=by, now=now)


def tell_undone(session: Session, decision: DecisionCard, *, by: PersonCard, now: datetime) -> None:
    """Its card and the approver's message go; who has not been asked yet never is."""
    approver = decision.approver
    CARDS.remove(session, decision, now=now)
    if approver.slack_id:
        key = ask_key(decision, approver)
        delivery.remove(session, key=key, to=approver.slack_id, version=decision.version, now=now)
    homes.refresh(session, decision, by=by, now=now)


def ask_approver(session: Session, decision: DecisionCard, *, by: PersonCard | None, now: datetime) -> None:
    """Once, unless they asked themselves; from then on the message is kept as the decision is."""
    is_told = delivery.is_known(session, ask_key(decision, decision.approver))
    if is_told or (decision.is_open and (by is None or by.id != decision.approver.id)):
        _show_ask(session, decision, decision.approver, now=now)


def ask_key(decision: DecisionCard, approver: PersonCard) -> str:
    return f"decision.ask:{decision.id}:{approver.id}"


def _show_everywhere(session: Session, decision: DecisionCard, *, by: PersonCard | None, now: datetime) -> None:
    CARDS.show_change(session, decision, now=now)
    ask_approver(session, decision, by=by, now=now)


def _show_ask(session: Session, decision: DecisionCard, approver: PersonCard, *, now: datetime) -> None:
    if approver.slack_id is None or approver.deleted:
        return
    key = ask_key(decision, approver)
    if approver.id != decision.approver.id:
        if not delivery.is_known(session, key):
            return
        ask = decision_not_yours(decision)
    else:
        ask = decision_ask(decision, today=local_date(now, approver.tz))
    delivery.show(session, ask, key=key, to=approver.slack_id, version=decision.version, now=now)


def _ask_again(session: Session, decision: DecisionCard, *, by: PersonCard | None, now: datetime) -> None:
    """Whoever decided it before somebody else should, and should now again: their old message says so unseen."""
    approver = decision.approver
    if approver.slack_id and not approver.deleted and (by is None or by.id != approver.id):
        ask = decision_ask(decision, today=local_date(now, approver.tz))
        key, version = ask_key(decision, approver), decision.version
        delivery.post_again(session, ask, key=key, version=version, to=approver.slack_id, now=now)


def _is_asked_in(session: Session, decision: DecisionCard, by: PersonCard, channel: str | None) -> bool:
    """The approver's message stands there, and changes as the card does."""
    asked = delivery.posted(session, [ask_key(decision, by)]).values()
    return any(message.channel == channel for message in asked)


def _tell_informed(session: Session, decision: DecisionCard, *, by: PersonCard | None, now: datetime) -> None:
    """Of a restricted place only those who see it anyway: a name in a form opens no door."""
    place = decision.place
    for person in decision.informed:
        sees = place is None or places.may_see(place, person.id, None)
        knows = person.id in (decision.approver.id, by.id if by else None)
        if person.slack_id and sees and not knows and not person.deleted:
            told = decision_told(decision, today=local_date(now, person.tz))
            key = f"decision.told:{decision.id}:{person.id}"
            delivery.post(session, told, key=key, to=person.slack_id, now=now)


def _tell_superseded(session: Session, decision: DecisionCard, *, now: datetime) -> None:
    old = decisions.find_by_id(session, decision.supersedes.id) if decision.supersedes else None
    if old is not None and old.status is DecisionStatus.SUPERSEDED:
        _show_everywhere(session, old, by=None, now=now)
        homes.refresh(session, old, now=now)
