"""A team's check-in for tests: set up, played to an hour, answered from its channel."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.services import checkin as checkins
from models.tables import Blocker, CheckinAnswer, CheckinRound, Person
from tests.town import Town

TEAM = ["ULUIS", "UKAVYA", "UJONAS"]
GOOD = {"people": TEAM, "days": ["mon", "wed", "fri"]}
WEDNESDAY = datetime(2026, 4, 1, 14, tzinfo=UTC)
"""10:00 in New York; everybody of the team was asked."""
THURSDAY = datetime(2026, 4, 2, 3, tzinfo=UTC)
"""Everybody's time is over."""
SAID = {"finished": "Graded 40 answers", "next": "Second round"}


def set_up(town: Town, user: str = "ULUIS", channel: str = "CLEDGER", **answers: object) -> None:
    person = town.person(user)
    person.types(channel, "/checkin")
    person.submits({**GOOD, **answers}, force=True)
    assert person.form_errors == {}


def card(town: Town, checkin_id: int = 1) -> Any:
    with town.database.read(1) as session:
        return checkins.find(session, checkin_id)


def parent(town: Town, channel: str = "CLEDGER") -> Mapping[str, Any]:
    """The newest round's message."""
    found = [m for m in town.person("UMAYA").reads(channel) if m["text"].startswith("Check-in ")]
    assert found, [m["text"] for m in town.person("UMAYA").reads(channel)]
    return found[-1]


def thread(town: Town, channel: str = "CLEDGER") -> list[dict[str, Any]]:
    return list(town.person("UMAYA").thread(channel, parent(town, channel)["ts"])[1:])


def opens(town: Town, user: str, channel: str = "CLEDGER") -> Any:
    person = town.person(user)
    person.presses(parent(town, channel), "checkin.answer")
    return person


def answers(town: Town, user: str, channel: str = "CLEDGER", **more: object) -> Any:
    person = opens(town, user, channel)
    person.submits({**SAID, **more})
    assert person.form_errors == {}
    return person


def states(town: Town) -> dict[str, str]:
    """Of the newest round, by handle."""
    with town.database.read(1) as session:
        newest = session.scalars(select(CheckinRound.id).order_by(CheckinRound.id.desc())).first()
        rows = select(Person.handle, CheckinAnswer.state).join(CheckinAnswer, CheckinAnswer.person_id == Person.id)
        return dict(session.execute(rows.where(CheckinAnswer.round_id == newest)).all())


def rounds(town: Town) -> list[tuple[str, str]]:
    with town.database.read(1) as session:
        rows = session.scalars(select(CheckinRound).order_by(CheckinRound.id))
        return [(row.local_date.isoformat(), row.state) for row in rows]


def blocker(town: Town, number: int = 1) -> Any:
    with town.database.read(1) as session:
        return session.scalars(select(Blocker).where(Blocker.number == number)).one()
