"""Days off: set, changed, ended, and who covers."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bot.domain import absence as rules
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import InvalidForm, NotFound, Refused, UserError
from bot.services import desk
from bot.services.absence_cards import cards
from bot.services.history import LOGGED, record_change
from models.schemas.absence import AbsenceCard, AwayDraft
from models.schemas.dates import day_words
from models.schemas.people import PersonCard
from models.tables import Absence, Assumption, Decision, Issue, Person, Program, Project, Risk
from models.tables.unit import add_row

KIND = "absence"
WHAT = "these days off"


def require_may_set(session: Session, person: PersonCard, by: Standing) -> None:
    """Of oneself; of somebody of their program also its manager, and admins. Raises Refused."""
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        raise Refused(
            "Guests set no days off themselves",
            "The manager of your program can, with /pm away and your name in front.",
        )
    if person.id != by.person.id and not (by.is_admin or _manages(session, by.person.id, person.id)):
        raise Refused(
            f"You cannot set days off for {person.handle}",
            f"{person.handle}, the manager of their program and admins can.",
        )


def set_away(
    session: Session, person: PersonCard, draft: AwayDraft, delegate: PersonCard | None, by: Standing, *, now: datetime
) -> AbsenceCard:
    """Raises Refused, and InvalidForm for days or a delegate that cannot be."""
    require_may_set(session, person, by)
    _lock(session, person)
    _require_possible(session, person, draft, delegate, by)
    absence_id = add_row(session, Absence, person_id=person.id, created_at=now, **_values(draft, delegate))
    record_change(session, KIND, absence_id, at=now, actor_id=by.person.id, new=LOGGED)
    return _changed(session, absence_id, now=now)


def change(
    session: Session,
    absence_id: int | None,
    draft: AwayDraft,
    delegate: PersonCard | None,
    by: Standing,
    *,
    now: datetime,
) -> AbsenceCard:
    before = check(session, absence_id, by, now=now)
    _lock(session, before.person)
    _require_possible(session, before.person, draft, delegate, by, besides=before.id)
    values = _values(draft, delegate)
    _write(session, before, values, by.person, now)
    return _changed(session, before.id, now=now, also=before)


def cancel(session: Session, absence_id: int | None, by: Standing, *, now: datetime) -> AbsenceCard:
    """Of days that began already the rest: who is back early was away until yesterday."""
    before = check(session, absence_id, by, now=now)
    today = local_date(now, before.person.tz)
    began = before.start_on < today
    _write(session, before, {"end_on": today - timedelta(days=1)} if began else {"cancelled_at": now}, by.person, now)
    return _changed(session, before.id, now=now, also=before)


def decline(session: Session, absence_id: int | None, by: Standing, *, now: datetime) -> AbsenceCard:
    """Who was named to cover does not: nobody does, until somebody else is chosen. Raises NotFound for others."""
    before = find(session, absence_id, now=now)
    if before is None or before.delegate is None or before.delegate.id != by.person.id:
        raise NotFound(WHAT)
    require_not_over(before, now=now)
    _write(session, before, {"delegate_id": None}, by.person, now)
    return _changed(session, before.id, now=now, also=before)


def check(session: Session, absence_id: int | None, by: Standing, *, now: datetime) -> AbsenceCard:
    """The days off that this person may change. Raises NotFound in the same words for what is not there."""
    found = find(session, absence_id, now=now)
    if found is None:
        raise NotFound(WHAT)
    try:
        require_may_set(session, found.person, by)
    except Refused:
        raise NotFound(WHAT) from None
    require_not_over(found, now=now)
    return found


def require_not_over(absence: AbsenceCard, *, now: datetime) -> None:
    if absence.is_cancelled:
        raise UserError("These days off were cancelled before. Nothing was changed.")
    if absence.end_on < local_date(now, absence.person.tz):
        raise UserError(f"These days off are over since {day_words(absence.end_on)}. Nothing was changed.")


def find(session: Session, absence_id: int | None, *, now: datetime) -> AbsenceCard | None:
    row = session.scalar(select(Absence).where(Absence.id == absence_id))
    return cards(session, [row], now=now)[0] if row else None


def coming(session: Session, person: PersonCard, *, now: datetime) -> list[AbsenceCard]:
    """Those that are not over on their own date, the next one first."""
    today = local_date(now, person.tz)
    standing = select(Absence).where(*_standing(person.id), Absence.end_on >= today)
    return cards(session, session.scalars(standing.order_by(Absence.start_on, Absence.id)).all(), now=now)


def present(session: Session, person: PersonCard, *, now: datetime) -> AbsenceCard | None:
    """The one that they are away by, the last to end of several; one statement where they are here."""
    today = local_date(now, person.tz)
    covering = select(Absence).where(*_standing(person.id), Absence.start_on <= today, Absence.end_on >= today)
    row = session.scalar(covering.order_by(Absence.end_on.desc()).limit(1))
    return cards(session, [row], now=now)[0] if row else None


def _standing(person_id: int) -> tuple[Any, ...]:
    return Absence.person_id == person_id, Absence.cancelled_at.is_(None)


def _require_possible(
    session: Session,
    person: PersonCard,
    draft: AwayDraft,
    delegate: PersonCard | None,
    by: Standing,
    *,
    besides: int | None = None,
) -> None:
    problems = {}
    who = "You are" if person.id == by.person.id else f"{person.handle} is"
    if (draft.end_on - draft.start_on).days >= rules.MOST_DAYS:
        problems["end_on"] = "At most a year. For longer, hand over what is owned."
    overlapping = select(Absence).where(
        *_standing(person.id), Absence.start_on <= draft.end_on, Absence.end_on >= draft.start_on
    )
    other = session.scalar(overlapping.where(Absence.id != (besides or 0)).order_by(Absence.start_on).limit(1))
    if other is not None:
        days = f"{day_words(other.start_on)} to {day_words(other.end_on)}"
        problems["start_on"] = f"{who} away from {days} already. Change or cancel that first."
    if words := _problem_with_delegate(person, delegate):
        problems["delegate"] = words
    if problems:
        raise InvalidForm(problems)


def _problem_with_delegate(person: PersonCard, delegate: PersonCard | None) -> str | None:
    if delegate is None:
        return None
    if delegate.id == person.id:
        return "Nobody covers for themselves. Choose someone else, or leave it empty."
    if delegate.deleted:
        return "This person is not in the workspace any more. Choose someone else."
    if delegate.is_guest or delegate.is_bot:
        return "Guests and apps cannot cover. Choose a member of the workspace."
    return None


def _values(draft: AwayDraft, delegate: PersonCard | None) -> dict[str, Any]:
    return {
        "start_on": draft.start_on,
        "end_on": draft.end_on,
        "delegate_id": delegate.id if delegate else None,
        "note": draft.note,
    }


def _write(session: Session, before: AbsenceCard, values: dict[str, Any], by: PersonCard, now: datetime) -> None:
    known = before.model_dump(include={"start_on", "end_on", "note"})
    known |= {"delegate_id": before.delegate.id if before.delegate else None, "cancelled_at": None}
    for field, new in values.items():
        if new != known[field]:
            record_change(session, KIND, before.id, at=now, actor_id=by.id, field=field, old=known[field], new=new)
    session.execute(
        update(Absence).where(Absence.id == before.id).values(**values),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def _changed(session: Session, absence_id: int, *, now: datetime, also: AbsenceCard | None = None) -> AbsenceCard:
    """What is asked of them, and of who covers, is looked at anew."""
    after = find(session, absence_id, now=now)
    assert after is not None
    persons = [after.person, after.delegate, also.delegate if also else None]
    desk.look_soon(session, [person.id for person in persons if person], at=now)
    return after


def _lock(session: Session, person: PersonCard) -> None:
    """Of two who set the same person's days off at once, the second sees the first's."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def _manages(session: Session, manager: int, person: int) -> bool:
    """The person answers for something in a program of this manager's, or owns a record there."""
    programs = select(Program.id).where(Program.manager_id == manager)
    held = [
        select(Project.id).where(
            Project.program_id.in_(programs), or_(Project.owner_id == person, Project.backup_id == person)
        ),
        select(Program.id).where(Program.manager_id == manager, Program.sponsor_id == person),
        *(select(table.id).where(table.program_id.in_(programs), table.owner_id == person) for table in _OWNED),
        select(Decision.id).where(
            Decision.program_id.in_(programs), or_(Decision.driver_id == person, Decision.approver_id == person)
        ),
    ]
    return bool(session.scalar(select(or_(*(exists(each) for each in held)))))


_OWNED: tuple[type[Any], ...] = (Risk, Issue, Assumption)


def first_day(absence: AbsenceCard | None, today: date) -> date:
    """The earliest first day that a form takes: days that began already keep theirs."""
    return min(today, absence.start_on) if absence else today
