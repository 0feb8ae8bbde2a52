"""An escalation whose channel cannot be reached still arrives: with the person named, and it says so."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.services import delivery, escalation, escalation_where
from bot.views.escalation import escalation_parent
from bot.views.escalation_thread import list_reply
from models.schemas.escalation import EscalationCard, EscalationState

NO_PLACE = "I cannot post in <#{}>, where this would stand: it is archived, or I am not in it."
NOT_THERE = "You are not in <#{}>, where this stands."


def tell_unreached(session: Session, which: str, *, now: datetime) -> None:
    """`which` is what stands in the key of its head behind 'escalation:': its id, and the number of its thread."""
    _tell(session, which, NO_PLACE, now)


def tell_outsider(session: Session, which: str, *, now: datetime) -> None:
    """A reply summons somebody who is not in its channel: Slack tells them nothing. `which` as above."""
    _tell(session, which, NOT_THERE, now)


def _tell(session: Session, which: str, why: str, now: datetime) -> None:
    card = escalation.find_by_id(session, row_id(which.partition(":")[0]), now=now)
    if card is None or card.channel is None or _is_person(card.channel):
        return
    key = f"escalation.direct:{card.id}:{card.notify.id}"
    if card.notify.slack_id and (card.status is EscalationState.OPEN or delivery.is_known(session, key)):
        today = escalation_where.day_of(card, now)
        shown = escalation_parent(card, today=today, marks=(why.format(card.channel),))
        to, zone = card.notify.slack_id, card.notify.tz
        delivery.show(session, shown, key=key, to=to, version=None, now=now, asked_in=zone)


def refresh(session: Session, card: EscalationCard, *, now: datetime) -> None:
    """Whoever was told directly reads there how it stands."""
    key = f"escalation.direct:{card.id}:{card.notify.id}"
    if card.notify.slack_id and delivery.is_known(session, key):
        shown = escalation_parent(card, today=escalation_where.day_of(card, now))
        to, zone = card.notify.slack_id, card.notify.tz
        delivery.show(session, shown, key=key, to=to, version=None, now=now, asked_in=zone)


def tell_list_unreached(session: Session, which: str, *, now: datetime) -> None:
    """`which` is the channel and the day of a list: everybody whom it names gets theirs in one message."""
    channel, _, day = which.partition(":")
    theirs: dict[int, list[EscalationCard]] = {}
    for card in escalation.listed(session, channel, date.fromisoformat(day), now=now):
        if card.status is EscalationState.OPEN and card.notify.slack_id:
            theirs.setdefault(card.notify.id, []).append(card)
    for person, cards in theirs.items():
        to, zone = str(cards[0].notify.slack_id), cards[0].notify.tz
        shown = list_reply(cards, today=escalation_where.day_of(cards[0], now), small_print=NO_PLACE.format(channel))
        key = f"escalation.direct:{channel}:{day}:{person}"
        delivery.show(session, shown, key=key, to=to, version=None, now=now, asked_in=zone)


def _is_person(target: str) -> bool:
    return target.startswith(("U", "W"))
