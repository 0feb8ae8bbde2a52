"""Check-ins of teams: set up in a channel, changed, paused, ended."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.checkin import Timing, first_round
from bot.domain.checkin_questions import WrongQuestions, asks_for_mood, read_questions
from bot.domain.wall_time import parse_time
from bot.errors import UserError
from bot.services import people, places
from bot.services.checkin_people import zones
from bot.services.history import LOGGED, record_change
from models.schemas.checkin import DEFAULT_QUESTIONS, CheckinState, Question
from models.schemas.checkin_setup import LIVE_OPTION, MOOD_OPTION, OWN_TIME, CheckinCard, CheckinDraft
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import Checkin, CheckinMember, CheckinRound
from models.tables.unit import add_row, add_rows

KIND = "checkin"
PARTICIPANT, OBSERVER = "participant", "observer"

Roles = dict[str, list[int]]
"""Person ids by what they do in a check-in."""


def find(session: Session, checkin_id: int | None) -> CheckinCard | None:
    return next(iter(cards(session, select(Checkin).where(Checkin.id == checkin_id))), None)


def of_channel(session: Session, channel: str | None) -> CheckinCard | None:
    """The one that goes on in this channel."""
    standing = select(Checkin).where(Checkin.channel == channel, Checkin.state != CheckinState.ENDED)
    return next(iter(cards(session, standing)), None)


def hold(session: Session, checkin_id: int) -> CheckinCard:
    """As it is now; until this unit ends nobody else changes it."""
    session.get_one(Checkin, checkin_id, with_for_update=True, populate_existing=True)
    return get(session, checkin_id)


def lock(session: Session, checkin_id: int) -> None:
    """One at a time writes into its rounds and blockers: before them, so that nobody waits in a circle."""
    session.execute(select(Checkin.id).where(Checkin.id == checkin_id).with_for_update(key_share=True))


def get(session: Session, checkin_id: int) -> CheckinCard:
    return cards(session, select(Checkin).where(Checkin.id == checkin_id))[0]


def cards(session: Session, statement: Select[Checkin]) -> list[CheckinCard]:
    rows = session.scalars(statement).all()
    found = places.of_rows(session, [row for row in rows if row.project_id or row.program_id])
    members = _members(session, [row.id for row in rows])
    named = {person for roles in members.values() for ids in roles.values() for person in ids}
    who = people.cards(session, named | {row.created_by_id for row in rows if row.created_by_id})
    return [_card(row, found, members[row.id], who) for row in rows]


def timing(card: CheckinCard) -> Timing:
    return Timing(frozenset(card.days), card.at, card.zone, timedelta(hours=card.window_hours))


def set_up(
    session: Session,
    draft: CheckinDraft,
    *,
    channel: str,
    name: str,
    who: Mapping[str, PersonCard],
    by: PersonCard,
    now: datetime,
) -> CheckinCard:
    """Raises UserError where somebody else's unit was faster: there is one in each channel."""
    values = _values(session, draft, channel, DEFAULT_QUESTIONS)
    try:
        with session.begin_nested():
            checkin_id = add_row(
                session,
                Checkin,
                name=name,
                channel=channel,
                created_by_id=by.id,
                created_at=now,
                state=CheckinState.ACTIVE.value,
                **values,
            )
    except IntegrityError:
        words = "Somebody set one up here a moment ago. Close this form and type /checkin to see it."
        raise UserError(words, field="people") from None
    _set_members(session, checkin_id, _wanted(draft, who))
    record_change(session, KIND, checkin_id, at=now, actor_id=by.id, new=LOGGED)
    schedule(session, checkin_id, now=now)
    return get(session, checkin_id)


def change(
    session: Session,
    card: CheckinCard,
    draft: CheckinDraft,
    *,
    who: Mapping[str, PersonCard],
    by: PersonCard,
    now: datetime,
) -> CheckinCard:
    """From the next round on; one that is open goes on as it opened."""
    row = session.get_one(Checkin, card.id)
    new = _values(session, draft, str(card.channel), card.questions)
    changed = {name: value for name, value in new.items() if getattr(row, name) != value}
    for name, value in changed.items():
        old = getattr(row, name)
        record_change(session, KIND, card.id, at=now, actor_id=by.id, field=name, old=old, new=value)
    unshown = [person for person in card.participants if person.slack_id is None]
    members = _change_members(session, card, _wanted(draft, who, unshown), by=by, now=now)
    if not (changed or members):
        return card
    values = {**changed, "version": row.version + 1}
    session.execute(update(Checkin).where(Checkin.id == card.id).values(**values))
    session.expire_all()
    if card.state is CheckinState.ACTIVE:
        schedule(session, card.id, now=now)
    return get(session, card.id)


def set_state(
    session: Session, card: CheckinCard, state: CheckinState, *, by: PersonCard, now: datetime
) -> CheckinCard:
    """Paused, active again, or ended for good."""
    if card.state is state:
        return card
    values = {"state": state.value, "next_on": None, "next_step_at": None, "version": card.version + 1}
    session.execute(update(Checkin).where(Checkin.id == card.id).values(**values))
    record_change(session, KIND, card.id, at=now, actor_id=by.id, field="state", old=card.state, new=state)
    session.expire_all()
    if state is CheckinState.ACTIVE:
        schedule(session, card.id, now=now)
    return get(session, card.id)


def schedule(session: Session, checkin_id: int, *, now: datetime) -> None:
    """Its next round: none that has begun anywhere, none of a date that was asked about already."""
    card = get(session, checkin_id)
    when, asked_in = timing(card), zones(session, card)
    opened = set(session.scalars(select(CheckinRound.local_date).where(CheckinRound.checkin_id == checkin_id)))
    day = first_round(when, asked_in, now)
    while day in opened:
        day = when.after(day)
    values = {"next_on": day, "next_step_at": when.opens_at(day, asked_in)}
    session.execute(update(Checkin).where(Checkin.id == checkin_id).values(**values))


def _values(session: Session, draft: CheckinDraft, channel: str, known: Sequence[Question]) -> dict[str, Any]:
    place = places.of_channel(session, channel)
    wants_mood = MOOD_OPTION in draft.options
    try:
        questions = read_questions(draft.questions, mood=wants_mood, known=known)
    except WrongQuestions as wrong:
        raise UserError(str(wrong), field="questions") from None
    return {
        "project_id": place.id if place and place.kind == "project" else None,
        "program_id": place.program_id if place else None,
        "questions": [question.model_dump(mode="json") for question in questions],
        "days": sorted(set(draft.days)),
        "at": draft.at.isoformat("minutes"),
        "tz": None if draft.zone == OWN_TIME else draft.zone,
        "window_hours": draft.window_hours,
        "everyone": draft.everyone,
        "mood": asks_for_mood(questions),
        "live": LIVE_OPTION in draft.options,
    }


def _wanted(draft: CheckinDraft, who: Mapping[str, PersonCard], unshown: Iterable[PersonCard] = ()) -> Roles:
    """Person ids by role. `unshown` are people whom no form can show, for want of a Slack id: they stay."""
    taking_part = [] if draft.everyone else [who[slack_id] for slack_id in draft.people]
    reading = [who[slack_id] for slack_id in draft.observers]
    if shared := {person.id for person in taking_part} & {person.id for person in reading}:
        names = ", ".join(sorted(person.handle for person in reading if person.id in shared))
        raise UserError(f"Who takes part reads along anyway: take {names} away here, or above.", field="observers")
    stay = [] if draft.everyone else [person.id for person in unshown]
    return {
        PARTICIPANT: list(dict.fromkeys([*(person.id for person in taking_part), *stay])),
        OBSERVER: list(dict.fromkeys(person.id for person in reading)),
    }


def _set_members(session: Session, checkin_id: int, wanted: Roles) -> None:
    session.execute(delete(CheckinMember).where(CheckinMember.checkin_id == checkin_id))
    rows = [
        {"checkin_id": checkin_id, "person_id": person, "role": role} for role, ids in wanted.items() for person in ids
    ]
    if rows:
        add_rows(session, CheckinMember, rows)


def _change_members(session: Session, card: CheckinCard, wanted: Roles, *, by: PersonCard, now: datetime) -> bool:
    before = {
        PARTICIPANT: [person.id for person in card.participants],
        OBSERVER: [person.id for person in card.observers],
    }
    changed = [role for role in wanted if set(wanted[role]) != set(before[role])]
    for role in changed:
        old, new = sorted(before[role]), sorted(wanted[role])
        record_change(session, KIND, card.id, at=now, actor_id=by.id, field=role, old=old, new=new)
    if changed:
        _set_members(session, card.id, wanted)
    return bool(changed)


def _members(session: Session, ids: Collection[int]) -> dict[int, Roles]:
    found: dict[int, Roles] = {checkin: {PARTICIPANT: [], OBSERVER: []} for checkin in ids}
    statement = select(CheckinMember).where(CheckinMember.checkin_id.in_(ids)).order_by(CheckinMember.id)
    for row in session.scalars(statement):
        found[row.checkin_id][row.role].append(row.person_id)
    return found


def _card(row: Checkin, found: Mapping[str, Place], members: Roles, who: Mapping[int, PersonCard]) -> CheckinCard:
    place = found.get(places.ref_of(row)) if row.project_id or row.program_id else None
    return CheckinCard(
        id=row.id,
        team=place.name if place else row.name,
        place=place,
        channel=row.channel,
        questions=[Question.model_validate(question) for question in row.questions],
        days=[int(day) for day in row.days],
        at=parse_time(row.at),
        zone=row.tz,
        window_hours=row.window_hours,
        everyone=row.everyone,
        mood=row.mood,
        live=row.live,
        state=CheckinState(row.state),
        created_by=who.get(row.created_by_id or 0),
        participants=[who[person] for person in members[PARTICIPANT]],
        observers=[who[person] for person in members[OBSERVER]],
        next_on=row.next_on,
        version=row.version,
    )
