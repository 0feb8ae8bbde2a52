"""The rounds of check-ins that are still to come: whom they ask, when, and where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import checkin as rules
from bot.domain.checkin import Timing, Turn
from bot.domain.reach import Reach
from bot.services import calendars, checkin_people, people
from bot.services import checkin as checkins
from models.schemas.asks import Owed
from models.schemas.checkin import AnswerState, CheckinState
from models.schemas.checkin_setup import CheckinCard
from models.schemas.home import AskKind
from models.schemas.project import State
from models.tables import Checkin, CheckinAnswer

RESTING = (State.ON_HOLD, State.COMPLETED, State.CANCELLED)
MOST_ROUNDS = 40


@dataclass(frozen=True)
class Round:
    """One round, from the first who is asked on."""

    checkin: CheckinCard
    day: date
    at: datetime


@dataclass(frozen=True)
class Rounds:
    asks: list[Owed]
    opened: list[Round]
    names: Mapping[int, CheckinCard]


def ahead(session: Session, *, until: datetime, now: datetime) -> Rounds:
    """Of all check-ins that run. A constant number of statements, whatever their number."""
    running = select(Checkin).where(Checkin.state == CheckinState.ACTIVE).order_by(Checkin.id)
    cards = [card for card in checkins.cards(session, running) if not _rests(card)]
    members = _last_members(session, [card.id for card in cards if card.everyone])
    taking = {
        card.id: members.get(card.id, []) if card.everyone else [p.id for p in card.participants] for card in cards
    }
    reaches = calendars.reaches(session, {person for ids in taking.values() for person in ids}, now=now)
    who = people.cards(session, reaches)
    asked = {person: reach for person, reach in reaches.items() if _is_asked(who[person])}
    found = Rounds(_waiting(session, cards, now), [], {card.id: card for card in cards})
    for card in cards:
        mine = {person: asked[person] for person in taking[card.id] if person in asked}
        zones = checkin_people.known_zones(session) if card.everyone else checkin_people.zones(session, card)
        for day, turns in _rounds(card, zones, mine, until, now):
            present = {person: turn for person, turn in turns.items() if not turn.is_away and turn.ask_at <= until}
            if present:
                found.opened.append(Round(card, day, min(turn.ask_at for turn in present.values())))
                found.asks.extend(_ask(card, day, person, turn) for person, turn in present.items())
    return found


def _rests(card: CheckinCard) -> bool:
    return card.place is not None and card.place.state in RESTING


def _is_asked(person: object) -> bool:
    return bool(getattr(person, "slack_id", None)) and not (
        getattr(person, "is_bot", False) or getattr(person, "deleted", False)
    )


def _rounds(
    card: CheckinCard, zones: list[str], reaches: Mapping[int, Reach], until: datetime, now: datetime
) -> Iterator[tuple[date, dict[int, Turn]]]:
    if card.next_on is None:
        return
    timing: Timing = checkins.timing(card)
    day, _ = rules.newest_due(timing, card.next_on, zones, now)
    for _ in range(MOST_ROUNDS):
        opens = timing.opens_at(day, zones)
        if opens > until:
            return
        yield day, rules.turns(timing, day, reaches, max(opens, now))
        day = timing.after(day)


def _last_members(session: Session, ids: list[int]) -> dict[int, list[int]]:
    """Who is in a channel, only Slack knows: whoever was asked in any round of these."""
    found: dict[int, list[int]] = {}
    if ids:
        rows = select(CheckinAnswer.checkin_id, CheckinAnswer.person_id).where(CheckinAnswer.checkin_id.in_(ids))
        for checkin, person in session.execute(rows.distinct()):
            found.setdefault(checkin, []).append(person)
    return found


def _waiting(session: Session, cards: list[CheckinCard], now: datetime) -> list[Owed]:
    """Those of rounds that stand, whose hour is still to come."""
    known = {card.id: card for card in cards}
    rows = session.scalars(
        select(CheckinAnswer).where(CheckinAnswer.state == AnswerState.WAITING, CheckinAnswer.close_at > now)
    )
    return [
        _owed(known[row.checkin_id], row.id, row.person_id, row.ask_at, row.close_at)
        for row in rows
        if row.checkin_id in known
    ]


def _ask(card: CheckinCard, day: date, person: int, turn: Turn) -> Owed:
    """Its row does not exist yet: a number that no row has."""
    return _owed(card, -(card.id * 1_000_000 + day.toordinal() % 1_000_000), person, turn.ask_at, turn.close_at)


def _owed(card: CheckinCard, record_id: int, person: int, ask_at: datetime, close_at: datetime) -> Owed:
    return Owed(
        kind=AskKind.CHECK_IN,
        id=record_id,
        ref=f"checkin:{card.id}",
        title=card.team,
        due_at=close_at,
        is_overdue=False,
        is_urgent=False,
        sorted_by=close_at.date(),
        record_id=record_id,
        person_id=person,
        project_id=card.place.id if card.place and card.place.kind == "project" else None,
        program_id=card.place.program_id if card.place else None,
        opens_at=ask_at,
        closes_at=close_at,
    )
