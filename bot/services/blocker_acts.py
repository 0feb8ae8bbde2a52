"""What is made of a blocker: solved, linked to a record that is there, or to one that is logged from it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import NotFound, Refused
from bot.services import blockers, delivery, likely
from bot.services import checkin as checkins
from bot.services.checkin_past import answer_key, round_key, summary_key
from models.schemas.checkin_round import BlockerCard
from models.tables import CheckinAnswer
from models.tables.unit import this_workspace


def seen(session: Session, blocker_id: int | None, by: Standing, *, lock: bool = False) -> BlockerCard:
    """In the channel of its check-in, or by whom it belongs to. Raises NotFound."""
    card = _held(session, blocker_id) if lock else blockers.find(session, blocker_id)
    in_its_channel = card is not None and card.channel is not None and card.channel == by.channel
    if card is None or not (in_its_channel or card.person.id == by.person.id):
        raise NotFound("this blocker")
    return card


def solve(session: Session, blocker_id: int | None, by: Standing, *, now: datetime) -> tuple[BlockerCard, bool]:
    """Also whether it was still open: a second press changes nothing."""
    card = seen(session, blocker_id, by, lock=True)
    _require_member(card, by, own=True)
    return blockers.solve(session, card, by=by.person, on=local_date(now, by.person.tz), now=now), card.is_open


def link(
    session: Session, blocker_id: int | None, kind: str, record_id: int | None, by: Standing, *, now: datetime
) -> tuple[BlockerCard, bool]:
    """To a record that this person may see. A second press changes nothing."""
    card = seen(session, blocker_id, by, lock=True)
    _require_member(card, by)
    known = kind in blockers.LINKED and record_id is not None
    if not known or record_id is None or record_id not in likely.seen_records(session, kind, {record_id}, by):
        raise NotFound("this record")
    if (card.record_kind, card.record_id) == (kind, record_id) or not card.is_open:
        return card, False
    return blockers.link(session, card, kind, record_id, by=by.person, now=now), True


def to_log(session: Session, blocker_id: int | None, by: Standing) -> BlockerCard:
    """What a record is logged from."""
    card = seen(session, blocker_id, by)
    _require_member(card, by)
    return card


def link_logged(
    session: Session, blocker_id: int | None, kind: str, record_id: int, by: Standing, *, now: datetime
) -> BlockerCard | None:
    """A record was logged from it: the row says so. None where the blocker is none of this person's."""
    card = _held(session, blocker_id)
    if card is None or card.channel is None or card.channel != by.channel:
        return None
    return blockers.link(session, card, kind, record_id, by=by.person, now=now)


def where_said(session: Session, card: BlockerCard) -> str | None:
    """A link to where it stands in the thread of its round."""
    if card.answer_id is None:
        return None
    round_id = session.scalar(select(CheckinAnswer.round_id).where(CheckinAnswer.id == card.answer_id))
    keys = [answer_key(card.answer_id), summary_key(round_id or 0), round_key(round_id or 0)]
    posted = delivery.posted(session, keys)
    found = next((posted[key] for key in keys if key in posted), None)
    if found is None:
        return None
    thread = posted.get(keys[-1])
    return delivery.permalink(this_workspace(session).url, found.channel, found.ts, thread.ts if thread else None)


def _held(session: Session, blocker_id: int | None) -> BlockerCard | None:
    card = blockers.find(session, blocker_id)
    if card is None:
        return None
    checkins.lock(session, card.checkin_id)
    return blockers.hold(session, card.id)


def _require_member(card: BlockerCard, by: Standing, *, own: bool = False) -> None:
    """Guests solve their own."""
    is_guest = by.is_stranger or by.person.is_guest or by.person.is_bot
    if is_guest and not (own and card.person.id == by.person.id):
        raise Refused(f"Guests cannot change {card.ref}", "Ask a member of this channel to do it.")
    if by.channel != card.channel and card.person.id != by.person.id:
        raise NotFound("this blocker")
