"""The rollup of all programs: in its channel, with the rest in its thread."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery, portfolio_posting
from bot.views.portfolio import portfolio_message, rest_replies
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.rollup import PortfolioRollup
from models.tables import Occurrence


def key_of(occurrence_id: int | None) -> str:
    return f"portfolio:{occurrence_id}"


def post(session: Session, rollup: PortfolioRollup, *, now: datetime) -> None:
    if not rollup.programs:
        return
    key = key_of(rollup.occurrence_id)
    delivery.show(session, portfolio_message(rollup), key=key, to=rollup.channel, version=1, now=now)
    for name, shown in rest_replies(rollup):
        delivery.reply(
            session, shown, key=f"portfolio.{name}:{rollup.occurrence_id}", under=key, to=rollup.channel, now=now
        )


def edit(session: Session, occurrence: Occurrence, *, now: datetime) -> None:
    key = key_of(occurrence.id)
    if delivery.is_known(session, key):
        rollup = portfolio_posting.as_it_is_now(session, occurrence, now=now)
        delivery.show(session, portfolio_message(rollup), key=key, to=rollup.channel, version=None, now=now)


def whisper(session: Session, said: Message, *, by: PersonCard, where: str | None, key: str, now: datetime) -> None:
    """What became of a form, to who sent it, where they are."""
    if by.slack_id and where:
        delivery.whisper(session, said, key=f"portfolio.saved:{key}", to=where, reader=by.slack_id, now=now)
