"""Opening a check-in's round: once for each date, with who takes part and when each of them is asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import checkin as rules
from bot.domain.checkin import Turn
from bot.services import calendars, checkin_people, switches
from bot.services import checkin as checkins
from bot.services.checkin_rounds import MOST_AT_ONCE, OPEN
from models.schemas.checkin import AnswerState
from models.schemas.checkin_setup import CheckinCard
from models.schemas.people import PersonCard
from models.schemas.project import State
from models.schemas.switches import MessageKind
from models.tables import Checkin, CheckinAnswer, CheckinRound
from models.tables.unit import add_row_once, add_rows

RESTING = (State.ON_HOLD, State.COMPLETED, State.CANCELLED)
"""Of a project whose team is asked nothing."""


@dataclass(frozen=True)
class ToOpen:
    """A check-in whose next round is due. Who is in its channel, only Slack knows."""

    id: int
    channel: str | None
    everyone: bool


def to_open(session: Session, *, now: datetime) -> list[ToOpen]:
    due = select(Checkin).where(Checkin.next_step_at <= now).order_by(Checkin.next_step_at).limit(MOST_AT_ONCE)
    return [ToOpen(row.id, row.channel, row.everyone) for row in session.scalars(due)]


def put_back(session: Session, checkin_id: int, *, until: datetime) -> None:
    """It was not opened: it is due again then. A date that was opened is not opened twice."""
    session.execute(
        update(Checkin).where(Checkin.id == checkin_id, Checkin.next_step_at < until).values(next_step_at=until)
    )


def open_round(session: Session, due: ToOpen, *, members: Collection[str], now: datetime) -> int | None:
    """The newest date that is due, once; who takes part is settled now. `members` are the Slack ids of those in the
    channel, where all of them take part. None where nobody is asked."""
    mine = select(Checkin).where(Checkin.id == due.id, Checkin.next_step_at <= now)
    row = session.scalar(mine.with_for_update(skip_locked=True))
    if row is None or row.next_on is None:
        return None
    card = checkins.get(session, due.id)
    timing, zones = checkins.timing(card), checkin_people.zones(session, card)
    day, following = rules.newest_due(timing, row.next_on, zones, now)
    moment = timing.opens_at(following, zones)
    session.execute(update(Checkin).where(Checkin.id == due.id).values(next_on=following, next_step_at=moment))
    if not _is_asking(session, card, now):
        return None
    people = _participants(session, card, members)
    reaches = calendars.reaches(session, [person.id for person in people], now=now)
    turns = rules.turns(timing, day, reaches, now)
    return _insert(session, card, day, turns)


def _is_asking(session: Session, card: CheckinCard, now: datetime) -> bool:
    if card.place is None:
        return True
    switch = switches.of_program(session, card.place.program_id, now=now)
    return switch.sends(MessageKind.CHECK_INS) and card.place.state not in RESTING


def _participants(session: Session, card: CheckinCard, members: Collection[str]) -> list[PersonCard]:
    """Guests answer what they are asked; apps do not, nor does who has left."""
    taking_part = checkin_people.known_as(session, members) if card.everyone else card.participants
    return [person for person in taking_part if person.slack_id and not (person.is_bot or person.deleted)]


def _insert(session: Session, card: CheckinCard, day: date, turns: Mapping[int, Turn]) -> int | None:
    """None where nobody is to be asked, or where this date was opened before."""
    asked = [turn for turn in turns.values() if not turn.is_away]
    if not asked:
        return None
    round_id = add_row_once(
        session,
        CheckinRound,
        checkin_id=card.id,
        local_date=day,
        opens_at=min(turn.ask_at for turn in asked),
        closes_at=max(turn.close_at for turn in asked),
        state=OPEN,
        questions=[question.model_dump(mode="json") for question in card.questions],
        next_step_at=min(turn.ask_at for turn in asked),
        version=0,
    )
    if round_id is not None:
        common = {"round_id": round_id, "checkin_id": card.id, "blocker_ids": []}
        add_rows(session, CheckinAnswer, [common | _answer(person, turn) for person, turn in turns.items()])
    return round_id


def _answer(person_id: int, turn: Turn) -> dict[str, object]:
    return {
        "person_id": person_id,
        "local_date": turn.local_date,
        "ask_at": turn.ask_at,
        "close_at": turn.close_at,
        "state": (AnswerState.AWAY if turn.is_away else AnswerState.WAITING).value,
    }
