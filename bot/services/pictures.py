"""Pictures that people ask for: queued at once, drawn as they are sent, of what may be seen then."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import NotFound
from bot.services import people, places
from bot.services.burn_down import burn_down
from bot.services.heat_map import heat_map
from models.schemas.charts import BurnDown, HeatMap
from models.schemas.delivery import Operation
from models.schemas.people import PersonCard
from models.schemas.pictures import ALL, PictureKind, PictureOrder
from models.schemas.project import Place
from models.tables import Outbox
from models.tables.unit import add_row_once

Chart = HeatMap | BurnDown


def order(session: Session, wanted: PictureOrder, *, key: str, to: str, now: datetime) -> None:
    """Queue it for a channel or (a Slack id) for somebody's direct messages, once for each key."""
    values = {"message_key": key, "operation": Operation.PICTURE.value, "target": to, "version": 1}
    body = wanted.model_dump(mode="json")
    add_row_once(session, Outbox, key=f"{key}@1", body=body, created_at=now, due_at=now, **values)
    session.info["queued"] = True


def place_of(session: Session, ref: str, by: Standing) -> Place | None:
    """None for ALL. Raises NotFound for a place that is not there or does not exist for this person."""
    if ref == ALL:
        return None
    place = places.by_ref(session, ref)
    if place is None or not places.may_see(place, by.person.id, by.channel):
        raise NotFound("this project or program")
    return place


def chart(session: Session, kind: PictureKind, ref: str, by: Standing, *, zone: str, now: datetime) -> Chart:
    """Its dates are of `zone`, which is that of who asked."""
    place, today = place_of(session, ref, by), local_date(now, zone)
    if kind is PictureKind.HEAT_MAP:
        return heat_map(session, place, by, today=today)
    return burn_down(session, place, by, today=today, now=now)


def chart_of(session: Session, wanted: PictureOrder, *, now: datetime) -> tuple[Chart, PersonCard]:
    """What was ordered, and who ordered it."""
    person = people.ensure(session, wanted.person)
    by = anyone_in(wanted.channel) if wanted.shared else _asker(wanted, person)
    return chart(session, wanted.kind, wanted.place, by, zone=person.tz, now=now), person


def anyone_in(channel: str | None) -> Standing:
    """Whoever reads this channel and is nobody's owner or approver: what they may see, everybody there may."""
    return Standing(PersonCard(id=0, slack_id=None, handle="", tz="UTC"), channel=channel)


def _asker(wanted: PictureOrder, person: PersonCard) -> Standing:
    return Standing(person, is_stranger=wanted.is_stranger, channel=wanted.channel)
