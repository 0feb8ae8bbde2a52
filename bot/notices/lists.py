"""A list that somebody shares with a channel."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from bot.services import delivery
from bot.views.lists import shared_message
from models.schemas.lists import Listed
from models.schemas.people import PersonCard


def tell_shared(
    session: Session, listed: Listed, *, left_out: int, by: PersonCard, channel: str, press: str, now: datetime
) -> None:
    """`press` is the same for a repeated delivery of the same press: it is shared once.

    The key is that of a shared copy: where the bot is not in the channel, its sharer is told (`unreached`).
    """
    shared = shared_message(listed, by, left_out=left_out)
    number = int.from_bytes(sha256(press.encode()).digest()[:6])
    delivery.post(
        session, shared, key=f"{listed.filters.kind}s.shared:{number}:{channel}:{by.slack_id}", to=channel, now=now
    )
