"""Somebody left Slack, or came back: what they own needs another owner, and what is theirs is asked elsewhere."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.stops import HAS_LEFT
from bot.services import delivery, desk, leaving, people, people_copies, stops
from bot.views.stops import person_left
from models.schemas.people import PersonCard
from models.schemas.unsent import Owning


def take_over(session: Session, members: Iterable[Mapping[str, Any]], *, now: datetime) -> list[int]:
    """What Slack says of these people is ours from now on. Returns ids of those who moved to another zone."""
    told = list(members)
    turn = leaving.turned(session, told)
    moved = people_copies.refresh(session, told, now=now)
    for slack_id in turn.left:
        has_left(session, slack_id, now=now)
    for slack_id in turn.back:
        _is_back(session, slack_id, now=now)
    return moved


def has_left(session: Session, slack_id: str, *, now: datetime) -> None:
    """Nothing is sent to them, and no call is made for it. Each lead is told once of what needs another owner."""
    person = people.by_slack_id(session, slack_id)
    owned = leaving.owned_by(session, person.id) if person else []
    if person is None or not owned:
        return
    _, is_news = stops.stop(session, slack_id, HAS_LEFT, now=now)
    desk.look_soon(session, [person.id], at=now)
    if is_news:
        tell_leads(session, person, now=now)


def tell_leads(session: Session, person: PersonCard, *, now: datetime) -> None:
    by_lead: dict[PersonCard, list[Owning]] = {}
    for each, place in leaving.owned_by(session, person.id):
        lead = next(iter(leaving.leads(session, place, but=person.id)), None) if place else None
        if lead is not None:
            by_lead.setdefault(lead, []).append(each)
    for lead, theirs in by_lead.items():
        key = f"left:{person.id}:{lead.id}:{now:%Y-%m-%d}"
        delivery.show(
            session,
            person_left(person, theirs),
            key=key,
            to=str(lead.slack_id),
            version=1,
            now=now,
            asked_in=lead.tz,
        )


def _is_back(session: Session, slack_id: str, *, now: datetime) -> None:
    """They are asked again, and what was said to them meanwhile and is still news reaches them."""
    stops.lift(session, slack_id, now=now)
    person = people.by_slack_id(session, slack_id)
    if person is not None:
        desk.look_soon(session, [person.id], at=now)
