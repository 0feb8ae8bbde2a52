"""Who is told of an assumption: its channel by one card, its author by a receipt, its owner by one line."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import history, homes
from bot.services import delivery
from bot.services.assumption import KIND, card_key
from bot.views.assumption import assumption_card
from bot.views.assumption_receipt import assumption_receipt, assumption_yours
from bot.views.undone import taken_back
from models.schemas.assumption import AssumptionCard
from models.schemas.people import PersonCard


def tell_logged(session: Session, assumption: AssumptionCard, *, author: PersonCard, now: datetime) -> None:
    show_card(session, assumption, now=now)
    where = channel_of(assumption) or author.slack_id
    if author.slack_id and where:
        receipt = assumption_receipt(assumption, today=local_date(now, author.tz))
        key = f"assumption.receipt:{assumption.id}"
        delivery.whisper(session, receipt, key=key, to=where, reader=author.slack_id, now=now)
    _name_owner(session, assumption, by=author, now=now)
    homes.refresh(session, assumption, author, now=now)


def tell_changed(
    session: Session,
    assumption: AssumptionCard,
    *,
    before: AssumptionCard,
    by: PersonCard,
    pressed_in: str | None,
    now: datetime,
) -> None:
    """The card changes in place; who pressed out of its sight reads it there; a new owner gets one line."""
    show_card(session, assumption, now=now)
    history.tell_thread(session, KIND, assumption, card_key=card_key(assumption.id), now=now)
    if by.slack_id and pressed_in and pressed_in != channel_of(assumption):
        card = assumption_card(assumption, today=local_date(now, by.tz))
        key = f"assumption.changed:{assumption.id}@{assumption.version}"
        delivery.whisper(session, card, key=key, to=pressed_in, reader=by.slack_id, now=now)
    if assumption.owner.id != before.owner.id:
        _name_owner(session, assumption, by=by, now=now)
    else:
        _refresh_line(session, assumption, now=now)
    homes.refresh(session, assumption, before.owner, by, now=now)


def tell_undone(session: Session, assumption: AssumptionCard, *, by: PersonCard, now: datetime) -> None:
    """Its card goes, and whom one line named is told in that line; who has not been told yet never is."""
    version = assumption.version
    history.remove_card(session, KIND, assumption, card_key=card_key(assumption.id), version=version, now=now)
    key = _yours_key(assumption)
    if assumption.owner.slack_id and delivery.take_back(session, key):
        words = taken_back(assumption.ref, assumption.title, by)
        delivery.show(session, words, key=key, to=assumption.owner.slack_id, version=version, now=now)
    homes.refresh(session, assumption, by, now=now)


def show_card(session: Session, assumption: AssumptionCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    channel = channel_of(assumption)
    if channel and assumption.place:
        card = assumption_card(assumption, today=local_date(now, assumption.place.tz))
        key = card_key(assumption.id)
        delivery.show(session, card, key=key, to=channel, version=assumption.version, now=now)


def channel_of(assumption: AssumptionCard) -> str | None:
    return assumption.place.channel if assumption.place else None


def _name_owner(session: Session, assumption: AssumptionCard, *, by: PersonCard, now: datetime) -> None:
    """One line at the moment somebody names you."""
    owner = assumption.owner
    if owner.slack_id and owner.id != by.id:
        line = assumption_yours(assumption, today=local_date(now, owner.tz))
        key, version = _yours_key(assumption), assumption.version
        delivery.post_again(session, line, key=key, version=version, to=owner.slack_id, now=now)


def _refresh_line(session: Session, assumption: AssumptionCard, *, now: datetime) -> None:
    key, owner = _yours_key(assumption), assumption.owner
    if owner.slack_id and delivery.is_known(session, key):
        line = assumption_yours(assumption, today=local_date(now, owner.tz))
        delivery.show(session, line, key=key, to=owner.slack_id, version=assumption.version, now=now)


def _yours_key(assumption: AssumptionCard) -> str:
    return f"assumption.yours:{assumption.id}:{assumption.owner.id}"
