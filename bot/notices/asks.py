"""The daily message: all that one person owes in one direct message a working day, edited as it is answered."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.services import asked, daily, delivery, disagreements, owed, people
from bot.services.asked import Day
from bot.services.desk import Looked
from bot.views.asks import daily_ask
from models.schemas.asks import CONTINUING, AskRow, AskState, DailyAsk
from models.schemas.home import AskKind
from models.schemas.message import Message
from models.schemas.people import PersonCard


def tell(session: Session, looked: Looked, *, now: datetime) -> None:
    """After a look at some desks: what is due is asked, what is over leaves the messages that name it."""
    days = looked.told | {day for day in looked.outdated if _is_told(session, day)}
    if not days:
        return
    asked.lock_people(session, (person for person, _ in days))
    for each in daily.messages(session, days, now=now):
        if each.left or each.back or _is_told(session, (each.person.id, each.day)):
            _show(session, each.person, each.day, daily_ask(each), now=now)
            _remember_shown(session, each, now=now)
    _publish(session, (person for person, _ in days), now=now)


def settled(
    session: Session,
    kinds: AskKind | Collection[AskKind],
    record_id: int,
    *,
    by: PersonCard | None,
    now: datetime,
    effect: str | None = None,
) -> None:
    """Something happened to a record: who was asked for it sees at once what became of it, wherever it was answered.

    `by` None is the bot itself: then nobody answered, and nobody has to any more. `effect` says what the answer
    brought, behind the name of the record: 'reviewed: now High 12, next review Fri 17 Apr'.
    """
    wanted = {kinds} if isinstance(kinds, AskKind) else set(kinds)
    rows = asked.of_subject(session, wanted, record_id)
    if not rows:
        return
    open_now = {
        kind: {each.key for each in owed.of_records(session, kind, [record_id], now=now)}
        for kind in {row.kind for row in rows}
    }
    for row in rows:
        _settle(session, row, open_now[row.kind], by, effect, now)
    redraw(session, {(row.asked_id, row.asked_on) for row in rows}, now=now)


def redraw(session: Session, days: Iterable[Day], *, now: datetime) -> None:
    """These messages change in place, each drawn when it leaves: an edit, never a new message."""
    days = sorted(days)
    asked.lock_people(session, (person for person, _ in days))
    cards = people.cards(session, (person for person, _ in days))
    for person, on in days:
        if _is_told(session, (person, on)):
            _show(session, cards[person], on, None, now=now)
    _publish(session, (person for person, _ in days), now=now)


def draw(session: Session, person_id: int, on: date, *, is_new: bool, now: datetime) -> Message | None:
    """The message of that day as things stand. None: it was not sent yet, and there is nothing to ask."""
    found = daily.messages(session, [(person_id, on)], now=now)
    return daily_ask(found[0]) if found and (found[0].left or found[0].back or not is_new) else None


def message_key(person: PersonCard, on: date) -> str:
    return asked.day_key(person.slack_id, on)


def _settle(
    session: Session, row: AskRow, open_now: Collection[str], by: PersonCard | None, effect: str | None, now: datetime
) -> None:
    is_same = row.base_key in open_now
    goes_on = row.kind in CONTINUING and effect is not None
    if is_same and not goes_on:
        return
    went_to = {key.rpartition(":")[2] for key in open_now}
    if by is None or (went_to and str(row.person_id) not in went_to):
        asked.end(session, [row.id])
        return
    answer = {"answered_at": now, "answered_by_id": by.id, "effect": effect}
    asked.change(session, [row.id], state=AskState.ANSWERED.value, **answer)


def _show(session: Session, person: PersonCard, on: date, message: Message | None, *, now: datetime) -> None:
    if person.slack_id is not None and not person.deleted:
        key = message_key(person, on)
        delivery.show_day(session, message, key=key, to=person.slack_id, person_id=person.id, on=on, now=now)


def _remember_shown(session: Session, told: DailyAsk, *, now: datetime) -> None:
    """Whose message says that the figures are worse than their word knows of it from now on."""
    differing = [line.what.project_id for line in told.left if line.what.figures and line.what.project_id]
    if differing:
        disagreements.mark_shown(session, differing, now=now)


def _is_told(session: Session, day: Day) -> bool:
    card = people.cards(session, [day[0]])[day[0]]
    return delivery.is_known(session, message_key(card, day[1]))


def _publish(session: Session, person_ids: Iterable[int], *, now: datetime) -> None:
    cards = people.cards(session, person_ids)
    delivery.publish_home(session, [card.slack_id for card in cards.values()], now=now)
