"""Who is told of what nobody answered: one thread for each, which names one person at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.notices import escalation_direct
from bot.notices import risk as risk_notices
from bot.services import delivery, escalation, escalation_outcome, escalation_where, people, risk_acts
from bot.services.escalation import list_key, parent_key, step_key, thread_key
from bot.services.escalation_scene import Looked
from bot.services.escalation_where import Where
from bot.services.risk import card_key as risk_card_key
from bot.views.escalation import escalation_parent
from bot.views.escalation_thread import (
    acknowledged_reply,
    ended_reply,
    escalation_list,
    escalation_moved,
    list_reply,
    step_reply,
)
from bot.views.text import name
from models.schemas.escalation import EscalationCard, EscalationState, Level, Step

DELETED = "The message before this one was deleted, so it stands here anew."
DRY_RUN = "Dry run: only you see this."


def tell(session: Session, looked: Looked, *, now: datetime) -> None:
    """After programs were looked at."""
    escalation_outcome.resolve(session, looked.cleared, now=now)
    escalation_where.settle(session, escalation.by_ids(session, looked.opened, now=now), now=now)
    everything = [*looked.opened, *looked.stepped, *looked.changed, *looked.cleared]
    cards = {card.id: card for card in escalation.by_ids(session, everything, now=now)}
    where = escalation_where.targets(session, list(cards.values()), now=now)
    _tell_opened(session, [cards[each] for each in looked.opened], where, now=now)
    for each, step in looked.stepped.items():
        delivery.take_back(session, step_key(each, step.before))  # unsaid so far, and somebody else's turn by now
        _tell_step(session, cards[each], step.why, where[each], now=now)
    for each in looked.changed:
        show(session, cards[each], now=now)
    for each in looked.cleared:
        tell_ended(session, cards[each], now=now)
    _show_lists(session, cards.values(), now=now)
    _show_risks(session, cards.values(), now=now)
    _refresh_homes(session, cards.values(), now=now)


def show(session: Session, card: EscalationCard, *, now: datetime) -> None:
    """The head of its thread as it is now: posted, or edited in place. What stands on a list alone has none."""
    where = _where(session, card, now)
    is_early = card.status is EscalationState.PENDING and not where.has_thread
    if card.channel is None or card.listed_on is not None or is_early:
        return
    parent = escalation_parent(card, today=_today(card, now), marks=_marks(where))
    delivery.show(
        session,
        parent,
        key=parent_key(card.id, card.posts),
        to=card.channel,
        version=None,
        now=now,
        asked_in=None if where.has_thread else card.notify.tz,
        anew=DELETED,
    )
    escalation_direct.refresh(session, card, now=now)


def tell_acknowledged(session: Session, card: EscalationCard, *, now: datetime) -> None:
    """Its thread says who has it, with their words as soon as there are any."""
    _show_everywhere(session, card, now=now)
    _refresh_homes(session, [card], now=now)
    if card.channel is not None and _where(session, card, now).has_thread:
        key = f"escalation.ack:{card.id}:{int(card.acknowledged_at.timestamp()) if card.acknowledged_at else 0}"
        reply = acknowledged_reply(card, today=_today(card, now))
        under = thread_key(card)
        delivery.show(session, reply, key=key, to=card.channel, version=None, now=now, under=under)


def tell_cancelled(session: Session, card: EscalationCard, *, now: datetime) -> None:
    tell_ended(session, card, now=now)
    _show_lists(session, [card], now=now)
    _show_risks(session, [card], now=now)
    _refresh_homes(session, [card], now=now)


def tell_ended(session: Session, card: EscalationCard, *, now: datetime) -> None:
    """The head folds, and one reply closes the thread. What was acknowledged in time closes without a word."""
    delivery.take_back(session, step_key(card.id, card.stepped_at))
    show(session, card, now=now)
    if card.channel is not None and card.level > Level.OWNER and _where(session, card, now).has_thread:
        reply = ended_reply(card, today=_today(card, now))
        key = f"escalation.ended:{card.id}"
        delivery.reply(session, reply, key=key, under=thread_key(card), to=card.channel, now=now)


def open_thread(session: Session, card: EscalationCard, *, now: datetime) -> None:
    """What stood on a list gets a thread of its own; from now on it goes on there."""
    listed_on, channel = card.listed_on, card.channel
    if listed_on is None or channel is None:
        return
    escalation.place_in(session, card.id, channel=channel, listed_on=None)
    fresh = escalation.find_by_id(session, card.id, now=now)
    if fresh is not None:
        show(session, fresh, now=now)
    _show_list(session, channel, listed_on, now=now)


def _tell_opened(
    session: Session, cards: Sequence[EscalationCard], where: Mapping[int, Where], *, now: datetime
) -> None:
    """Those on a list are told to each person at once, below the list."""
    for card in cards:
        if card.listed_on is None:
            show(session, card, now=now)
            if card.status is EscalationState.OPEN and where[card.id].has_thread:
                _reply(session, card, Step.BEGIN, now=now)
    listed = [card for card in cards if card.listed_on is not None and card.status is EscalationState.OPEN]
    _show_lists(session, listed, now=now)
    groups: dict[tuple[str, int], list[EscalationCard]] = {}
    for card in listed:
        groups.setdefault((thread_key(card), card.notify.id), []).append(card)
    for (under, person), theirs in groups.items():
        reply = list_reply(theirs, today=_today(theirs[0], now))
        key = f"escalation.listed:{theirs[0].id}:{person}"
        delivery.reply(session, reply, key=key, under=under, to=str(theirs[0].channel), now=now)


def _tell_step(session: Session, card: EscalationCard, step: Step, where: Where, *, now: datetime) -> None:
    """The head is edited first: where it was deleted, the reply finds the new one. What moved goes on in its place."""
    moves = where.target != card.channel or not where.has_thread
    if moves:
        card = _move(session, card, where, now=now)
    show(session, card, now=now)
    if where.has_thread:
        _reply(session, card, step, now=now)


def _move(session: Session, card: EscalationCard, where: Where, *, now: datetime) -> EscalationCard:
    key = parent_key(card.id, card.posts)
    if card.channel is not None and delivery.is_known(session, key):
        in_channel = where.target is not None and where.target.startswith("C")
        to = f"in <#{where.target}>" if in_channel else f"with {name(card.notify)}"
        delivery.show(session, escalation_moved(card, to), key=key, to=card.channel, version=None, now=now)
    escalation.place_in(session, card.id, channel=where.target, listed_on=None, moves=True)
    fresh = escalation.find_by_id(session, card.id, now=now)
    assert fresh is not None
    return fresh


def _reply(session: Session, card: EscalationCard, step: Step, *, now: datetime) -> None:
    assert card.channel is not None
    reply = step_reply(card, step, today=_today(card, now), in_list=card.listed_on is not None)
    key = step_key(card.id, card.stepped_at)
    delivery.reply(session, reply, key=key, under=thread_key(card), to=card.channel, now=now)


def _show_everywhere(session: Session, card: EscalationCard, *, now: datetime) -> None:
    show(session, card, now=now)
    _show_lists(session, [card], now=now)
    _show_risks(session, [card], now=now)


def _show_lists(session: Session, cards: Iterable[EscalationCard], *, now: datetime) -> None:
    """Lists that name one of these, as they are now."""
    on_lists = {(card.channel, card.listed_on) for card in cards if card.channel and card.listed_on}
    for channel, day in sorted(on_lists, key=str):
        if channel is not None and day is not None:
            _show_list(session, channel, day, now=now)


def _show_list(session: Session, channel: str, day: date, *, now: datetime) -> None:
    cards = escalation.listed(session, channel, day, now=now)
    if not cards:
        return
    marks = _marks(_where(session, cards[0], now))
    message = escalation_list(cards, today=_today(cards[0], now), marks=marks)
    key = list_key(channel, day)
    delivery.show(session, message, key=key, to=channel, version=None, now=now, anew=DELETED)


def _show_risks(session: Session, cards: Iterable[EscalationCard], *, now: datetime) -> None:
    """Their cards say that they have escalated, and with whom they are."""
    ids = [card.subject.id for card in cards if card.subject.kind == "risk" and card.level > Level.OWNER]
    shown = [each for each in ids if delivery.is_known(session, risk_card_key(each))]
    for risk in risk_acts.shown_anew(session, shown):
        risk_notices.show_card(session, risk, now=now)


def _refresh_homes(session: Session, cards: Iterable[EscalationCard], *, now: datetime) -> None:
    """Of whoever it is with, and was with before."""
    ids = {person for card in cards for person in (*card.place.people, *(each.id for each in card.named))}
    known = people.cards(session, ids).values()
    delivery.publish_home(session, dict.fromkeys(person.slack_id for person in known), now=now)


def _where(session: Session, card: EscalationCard, now: datetime) -> Where:
    return escalation_where.targets(session, [card], now=now)[card.id]


def _marks(where: Where) -> tuple[str, ...]:
    return (DRY_RUN,) if where.is_dry_run else ()


def _today(card: EscalationCard, now: datetime) -> date:
    return escalation_where.day_of(card, now)
