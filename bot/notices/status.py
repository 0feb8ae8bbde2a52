from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import asks
from bot.services import delivery, requests, rollup_posting
from bot.services import status as statuses
from bot.services.status import card_key
from bot.views.slips import slip_ledger
from bot.views.status_card import status_answers, status_asked, status_card, status_receipt
from bot.views.text import HEALTH_WORD
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.slips import Ledger
from models.schemas.status import Answer, StatusCard


def tell_posted(session: Session, update: StatusCard, *, author: PersonCard, now: datetime, corrects: bool) -> None:
    """The channel gets the card, and the one that it replaces says so; the request that it answers goes quiet at once.

    A correction changes what is shown, not what became of the request.
    """
    place = update.place
    show_card(session, update, now=now)
    _fold_replaced(session, update, now=now)
    if place.channel is None:
        tell_asked(session, update, now=now)
    receipt_to = place.channel or author.slack_id
    if author.slack_id and receipt_to:
        key = f"status.receipt:{update.id}"
        delivery.whisper(session, status_receipt(update), key=key, to=receipt_to, reader=author.slack_id, now=now)
    if not corrects:
        for request in requests.answer(session, place, update.id, now=now):
            effect = f"status posted: {HEALTH_WORD[update.health]}"
            asks.settled(session, AskKind.STATUS, request, by=author, now=now, effect=effect)
    rollup_posting.look_again(session, place.program_id, at=now)
    delivery.publish_home(session, [author.slack_id, place.owner.slack_id], now=now)


def tell_answered(session: Session, update: StatusCard, *, now: datetime) -> None:
    """The card gathers the reader's name; the author has one private line for all who want something of them."""
    change_card(session, update, now=now)
    reader = update.readings[-1].person
    asks.settled(session, AskKind.READ_STATUS, update.id, by=reader, now=now, effect="status read")
    if len(update.readings) == 1:  # by now the card stands, and those that it replaced can link to it
        _fold_replaced(session, update, now=now)
    key = f"status.answers:{update.id}"
    wanted = any(
        person.id != update.author.id for answer in (Answer.TALK, Answer.DECIDE) for person in update.readers(answer)
    )
    if update.author.slack_id and (wanted or delivery.is_known(session, key)):
        answers = status_answers(update)
        delivery.show(session, answers, key=key, to=update.author.slack_id, version=None, now=now)


def tell_asked(session: Session, update: StatusCard, *, now: datetime) -> None:
    """Whoever is asked for something and sees no card is told directly, once; of a restricted project only its own."""
    for number, asked in enumerate(update.asks):
        person = asked.person
        if person is None or person.slack_id is None or person.id == update.author.id:
            continue
        if not update.place.restricted or person.id in update.place.people:
            key = f"status.asked:{update.id}:{number}"
            delivery.post(session, status_asked(update, asked), key=key, to=person.slack_id, now=now)


def tell_redacted(session: Session, before: StatusCard, after: StatusCard, *, now: datetime) -> None:
    """The card, and what each one who was asked for something was told directly, change in place."""
    change_card(session, after, now=now)
    for number, (asked, said) in enumerate(zip(before.asks, after.asks, strict=True)):
        key = f"status.asked:{after.id}:{number}"
        if asked.words != said.words and asked.person and asked.person.slack_id and delivery.is_known(session, key):
            delivery.show(session, status_asked(after, said), key=key, to=asked.person.slack_id, version=None, now=now)
    rollup_posting.look_again(session, after.place.program_id, at=now)


def share_slips(session: Session, ledger: Ledger, *, by: PersonCard, channel: str, key: str, now: datetime) -> None:
    """A copy for all in this channel, which is not updated. `key` is the press's: pressed again it is said again."""
    shown = slip_ledger(ledger, today=local_date(now, by.tz), shared_by=by)
    delivery.post(session, shown, key=f"slips.shared:{key}", to=channel, now=now)


def _fold_replaced(session: Session, update: StatusCard, *, now: datetime) -> None:
    for replaced in statuses.replaced_ids(session, update.place.id, update.period):
        change_card(session, statuses.get(session, replaced), now=now)


def change_card(session: Session, update: StatusCard, *, now: datetime) -> None:
    """Where it has a card: what came from a file never had one."""
    if delivery.is_known(session, card_key(update.id)):
        show_card(session, update, now=now)


def show_card(session: Session, update: StatusCard, *, now: datetime) -> None:
    """Post the card, or edit it in place. The caller holds a lock on the update or on its project."""
    place = update.place
    if place.channel:
        card = status_card(update, today=local_date(now, place.tz))
        delivery.show(session, card, key=card_key(update.id), to=place.channel, version=None, now=now)
