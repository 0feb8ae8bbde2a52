"""What is told of a record of any kind: the card in its channel, its author's receipt, its owner's line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import history, homes
from bot.services import delivery
from bot.views.undone import taken_back
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.register import Owned, Record


@dataclass(frozen=True)
class Cards:
    """The messages of one kind of record. What draws them takes the record and `today=` of the reader."""

    kind: str
    card_key: Callable[[int], str]
    card: Callable[..., Message]
    """For its channel."""
    alone: Callable[..., Message]
    """The card for one reader."""
    receipt: Callable[..., Message]

    def show(self, session: Session, record: Record, *, now: datetime) -> None:
        """Post the card, or edit it in place. Without a channel there is none."""
        channel = channel_of(record)
        if channel and record.place:
            card = self.card(record, today=local_date(now, record.place.tz))
            delivery.show(session, card, key=self.card_key(record.id), to=channel, version=record.version, now=now)

    def show_change(self, session: Session, record: Record, *, now: datetime) -> None:
        """The card changes in place, and its thread says what was changed."""
        self.show(session, record, now=now)
        history.tell_thread(session, self.kind, record, card_key=self.card_key(record.id), now=now)

    def give_receipt(self, session: Session, record: Record, author: PersonCard, *, now: datetime) -> None:
        where = channel_of(record) or author.slack_id
        if author.slack_id and where:
            receipt = self.receipt(record, today=local_date(now, author.tz))
            key = f"{self.kind}.receipt:{record.id}"
            delivery.whisper(session, receipt, key=key, to=where, reader=author.slack_id, now=now)

    def answer_press(
        self, session: Session, record: Record, by: PersonCard, pressed_in: str | None, *, now: datetime
    ) -> None:
        """Who pressed out of the card's sight reads it there, but where a daily message says what came of it."""
        if by.slack_id and pressed_in and pressed_in != channel_of(record):
            if pressed_in.startswith("D") and homes.is_asked_of(session, record, by):
                return
            card = self.alone(record, today=local_date(now, by.tz))
            key = f"{self.kind}.changed:{record.id}@{record.version}"
            delivery.whisper(session, card, key=key, to=pressed_in, reader=by.slack_id, now=now)

    def remove(self, session: Session, record: Record, *, now: datetime) -> None:
        """The card goes with the lines of its thread."""
        key = self.card_key(record.id)
        history.remove_card(session, self.kind, record, card_key=key, version=record.version, now=now)


@dataclass(frozen=True)
class OwnersLine:
    """One line at the moment somebody names you, kept as the record is."""

    kind: str
    line: Callable[..., Message]
    """(record, today=)"""

    def tell(
        self, session: Session, record: Owned, *, by: PersonCard | None, now: datetime, again: bool = False
    ) -> None:
        """`again`, also where they owned it before."""
        owner, key = record.owner, self._key(record)
        if owner.slack_id is None or (by is not None and owner.id == by.id):
            return
        line = self.line(record, today=local_date(now, owner.tz))
        if again:
            delivery.post_again(session, line, key=key, version=record.version, to=owner.slack_id, now=now)
        else:
            delivery.post(session, line, key=key, to=owner.slack_id, now=now)

    def refresh(self, session: Session, record: Owned, *, now: datetime) -> None:
        """It says what is so now, and loses its button once it was pressed."""
        key, owner = self._key(record), record.owner
        if owner.slack_id and delivery.is_known(session, key):
            line = self.line(record, today=local_date(now, owner.tz))
            delivery.show(session, line, key=key, to=owner.slack_id, version=record.version, now=now)

    def take_back(self, session: Session, record: Owned, *, by: PersonCard, now: datetime) -> None:
        """Whom it named is told in that line; who has not been told yet never is."""
        key, owner = self._key(record), record.owner
        if owner.slack_id and delivery.take_back(session, key):
            words = taken_back(record.ref, record.title, by)
            delivery.show(session, words, key=key, to=owner.slack_id, version=record.version, now=now)

    def _key(self, record: Owned) -> str:
        return f"{self.kind}.yours:{record.id}:{record.owner.id}"


def channel_of(record: Record) -> str | None:
    return record.place.channel if record.place else None
