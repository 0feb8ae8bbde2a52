"""What somebody does with one thing that they are asked: look why, put it off, hand it over, decline it."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.errors import NotFound, UserError
from bot.services import asked, calendars, daily, delivery, desk, owed, parameters, people, places
from bot.services.desk_lines import ladder_of
from models.schemas.ask_acts import KINDS_OF, AskCard, HandOverDraft, Scope, SnoozeDraft
from models.schemas.asks import PERSONAL, AskRow, AskState, Done, Handed, Owed
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import History

WHAT = "this ask"
DATES = {
    AskKind.REVIEW_RISK: ("risk", "next_review_on"),
    AskKind.DECIDE: ("decision", "due_on"),
    AskKind.SETTLE: ("assumption", "validate_by"),
    AskKind.MILESTONE: ("milestone", "due_on"),
}
"""Where the history says who set the date."""


def see(session: Session, ask_id: int | None, by: Standing, *, now: datetime, lock: bool = False) -> AskCard:
    """One's own ask, still open. Raises NotFound, in the same words, for what is somebody else's."""
    row = asked.by_id(session, ask_id, lock=lock)
    if row is None or by.person.id not in (row.asked_id, row.person_id):
        raise NotFound(WHAT)
    if row.state is not AskState.OPEN:
        raise UserError(f"{row.subject} is answered already. Nothing was changed.")
    what = next((each for each in _open(session, row, now) if each.key == row.base_key), None)
    if what is None:
        raise UserError(f"{row.subject} needs no answer any more. Nothing was changed.")
    return _card(session, row, what, by.person, now)


def offered(session: Session, ask_id: int | None, by: Standing, *, now: datetime) -> AskCard:
    """What somebody was asked to take over, and has not answered."""
    row = asked.by_id(session, ask_id, lock=True)
    if row is None or row.handed_to_id != by.person.id:
        raise NotFound(WHAT)
    if row.state is not AskState.OPEN or row.handed_state is not Handed.OFFERED:
        raise UserError(f"{row.subject} is not handed over to you any more. Nothing was changed.")
    what = next((each for each in _open(session, row, now) if each.key == row.base_key), None)
    if what is None:
        raise UserError(f"{row.subject} needs no answer any more. Nothing was changed.")
    return _card(session, row, what, by.person, now)


def snooze(session: Session, card: AskCard, draft: SnoozeDraft) -> None:
    """Within the cap, and not more often than its kind may be. Its escalation goes on."""
    if not card.dates:
        raise UserError(f"{card.ref} cannot be put off any longer. Nothing was changed.")
    if draft.until not in card.dates:
        raise UserError("Choose one of these days.", field="until")
    if card.row.snoozes >= card.most_snoozes:
        raise UserError(f"{card.ref} was put off {card.most_snoozes} times. Answer it, or hand it over.")
    values = {"snoozed_until": draft.until, "snooze_reason": draft.reason, "snoozes": card.row.snoozes + 1}
    asked.change(session, [card.row.id], **values)


def hand_over(session: Session, card: AskCard, draft: HandOverDraft, to: PersonCard, *, now: datetime) -> None:
    """Offered: until they take it over it stays where it is."""
    if to.id in (card.owner.id, card.asked.id):
        raise UserError("They have it already. Choose somebody else.", field="to")
    if to.deleted or to.is_bot:
        raise UserError("Nobody reads messages there. Choose somebody else.", field="to")
    if card.place and card.place.restricted and to.id not in card.place.people:
        words = f"{card.place.name} is restricted: choose somebody who answers for it."
        raise UserError(words, field="to")
    if draft.scope is Scope.RECORD and (card.row.kind not in KINDS_OF or not card.is_own):
        raise UserError("Only this ask can be handed over.", field="scope")
    asked.change(
        session,
        [card.row.id],
        handed_to_id=to.id,
        handed_state=Handed.OFFERED.value,
        handed_note=draft.note,
        handed_whole=draft.scope is Scope.RECORD,
        handed_at=now,
    )


def take_over(session: Session, card: AskCard, by: Standing, *, now: datetime) -> None:
    """From now on they are asked: it joins their message of today, or the next one."""
    today = calendars.reach_of(session, by.person, now=now).today(now)
    values = {"handed_state": Handed.TAKEN.value, "asked_id": by.person.id, "asked_on": today}
    asked.change(session, [card.row.id], **values, declined_by_id=None, snoozed_until=None)
    desk.look_soon(session, [card.owner.id, by.person.id], at=now)


def pass_on(session: Session, card: AskCard) -> None:
    """They will not: it stays with who has it."""
    asked.change(session, [card.row.id], handed_state=Handed.DECLINED.value)


def decline(session: Session, card: AskCard, reason: str, by: Standing, *, now: datetime) -> list[AskRow]:
    """Who was asked in another's place will not: the next on the ladder is asked. Returns what goes on to them."""
    if card.is_own:
        raise UserError(f"{card.ref} is yours. Hand it over instead.")
    return _decline(session, [card.row], reason, by, now)


def decline_all(session: Session, absent_id: int | None, reason: str, by: Standing, *, now: datetime) -> list[AskRow]:
    """All that they are asked in the place of this person."""
    rows = [row for row in asked.open_of(session, [absent_id or 0]) if row.asked_id == by.person.id != row.person_id]
    if not rows:
        raise NotFound("anything that is asked of you in their place")
    return _decline(session, rows, reason, by, now)


def answers_of_day(session: Session, person: PersonCard, on: date) -> list[Done]:
    """What the message of that day shows as done."""
    rows = [row for row in asked.of_days(session, [(person.id, on)]) if row.state is AskState.ANSWERED]
    links = delivery.links(session, [key for row in rows if (key := asked.card_key(row))])
    return [asked.done(row, links, None) for row in rows]


def _decline(session: Session, rows: list[AskRow], reason: str, by: Standing, now: datetime) -> list[AskRow]:
    values = {"declined_at": now, "declined_by_id": by.person.id, "declined_reason": reason}
    asked.change(session, [row.id for row in rows], **values, handed_state=None)
    desk.look_soon(session, {row.person_id for row in rows}, at=now)
    return rows


def _open(session: Session, row: AskRow, now: datetime) -> list[Owed]:
    return owed.of_records(session, row.kind, [row.record_id], now=now)


def _card(session: Session, row: AskRow, what: Owed, reader: PersonCard, now: datetime) -> AskCard:
    place = _place(session, row)
    rules = parameters.of_program(session, row.program_id).nudge
    ladder = ladder_of(place) if place else ()
    cards = people.cards(session, [*ladder, row.person_id, row.asked_id, row.handed_to_id])
    reach = calendars.reach_of(session, reader, now=now)
    key = asked.card_key(row)
    link = delivery.links(session, [key]).get(key) if key else None
    above = [cards[person] for person in ladder if person not in (row.person_id, row.asked_id)]
    can = daily.can_snooze(row, what, reach, rules, now)
    return AskCard(
        row=row,
        what=what.model_copy(update={"link": link}),
        place=place,
        owner=cards[row.person_id],
        asked=cards[row.asked_id],
        handed_to=cards.get(row.handed_to_id or 0),
        dates=daily.snooze_dates(what, reach, now) if can else [],
        most_snoozes=daily.most_snoozes(what, rules),
        hour=f"{owed.hour_of(reach, rules):%H:%M}",
        watcher=_watcher(place, reader, cards),
        next_on_ladder=above[0] if above and row.kind not in PERSONAL else None,
        set_by=_set_by(session, row, what),
        first_asked_at=row.first_asked_at,
        zone=reach.hours.zone,
        today=reach.today(now),
    )


def _place(session: Session, row: AskRow) -> Place | None:
    if row.project_id is not None:
        return places.by_ids(session, project_ids=[row.project_id]).get(f"project:{row.project_id}")
    return places.by_ids(session, program_ids=[row.program_id] if row.program_id else []).get(
        f"program:{row.program_id}"
    )


def _watcher(place: Place | None, reader: PersonCard, cards: Mapping[int, PersonCard]) -> PersonCard | None:
    if place is None:
        return None
    found = cards.get(place.manager_id or 0) or place.owner
    return found if found.id != reader.id else None


def _set_by(session: Session, row: AskRow, what: Owed) -> PersonCard | None:
    """Who gave it its present date, as far as the history says."""
    if row.kind not in DATES or what.due_on is None:
        return None
    kind, field = DATES[row.kind]
    newest = select(History.actor_id).where(
        History.kind == kind, History.record_id == row.record_id, History.field == field
    )
    actor = session.scalar(newest.order_by(History.at.desc(), History.id.desc()).limit(1))
    return people.cards(session, [actor]).get(actor or 0)
