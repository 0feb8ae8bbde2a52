"""Who takes part in a check-in, and in which zones they live."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import people
from models.schemas.checkin_setup import CheckinCard
from models.schemas.people import PersonCard
from models.tables import Person


def known_zones(session: Session) -> list[str]:
    """Of everybody in the workspace."""
    default = people.default_zone(session)
    found = session.scalars(select(Person.tz).where(~Person.deleted, ~Person.is_bot).distinct()).all()
    return sorted({default, *(zone for zone in found if zone)})


def zones(session: Session, card: CheckinCard) -> list[str]:
    """Of those who may take part: who is in a channel, only Slack knows."""
    if card.everyone:
        return known_zones(session)
    return sorted({person.tz for person in card.participants}) or [people.default_zone(session)]


def known_as(session: Session, slack_ids: Iterable[str]) -> list[PersonCard]:
    """Those of these Slack ids whom we know, apps and who has left included."""
    rows = session.scalars(select(Person).where(Person.slack_id.in_(list(slack_ids))).order_by(Person.id)).all()
    default = people.default_zone(session)
    return [people.card(row, default) for row in rows]
