"""A person's own calendar: what it is, and changing it."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.domain.nudges import HOUR
from bot.domain.wall_time import local_date
from bot.errors import InvalidForm
from bot.services import absence, desk, people, public_holidays, schedule, switches
from bot.services.history import record_change
from models.schemas.calendar import WorkWeek
from models.schemas.own_calendar import OwnCalendar, OwnCalendarDraft, TurnedOff
from models.schemas.people import PersonCard
from models.schemas.switches import KIND_WORDS
from models.tables import Calendar, Program, Project
from models.tables.unit import add_row

KIND = "calendar"
SHOWN_HOLIDAYS = 3


def of(session: Session, person: PersonCard, *, now: datetime) -> OwnCalendar:
    """A fixed number of statements. The holidays' library is asked only where a country is set."""
    week, today = person.week or WorkWeek(), local_date(now, person.tz)
    named: dict[str, Any] = {}
    if week.country:
        named = {
            "country": public_holidays.country(week.country),
            "region": public_holidays.region(week.country, week.region),
            "regions": list(public_holidays.regions(week.country)),
            "next_holidays": public_holidays.coming(week.country, week.region, today, SHOWN_HOLIDAYS),
        }
    return OwnCalendar(
        person=person,
        today=today,
        week=week,
        is_own=person.week is not None,
        usual_hour=HOUR,
        absences=absence.coming(session, person, now=now),
        paused=switches.paused_for(session, person, now=now),
        turned_off=_turned_off(session, person, now=now),
        **named,
    )


def save(session: Session, person: PersonCard, draft: OwnCalendarDraft, *, now: datetime) -> PersonCard:
    """Raises InvalidForm for a country or region that nobody knows. What is asked of them follows at once."""
    _require_known(draft)
    week = draft.week()
    values = week.model_dump(mode="json", exclude={"holidays"})
    row = session.scalar(select(Calendar).where(Calendar.person_id == person.id).with_for_update())
    if row is None:
        calendar_id = add_row(session, Calendar, person_id=person.id, **values)
        before: dict[str, Any] = WorkWeek().model_dump(mode="json")
    else:
        calendar_id, before = row.id, {name: getattr(row, name) for name in values}
        session.execute(update(Calendar).where(Calendar.id == row.id).values(**values))
    for field, new in values.items():
        if new != before[field]:
            record_change(
                session, KIND, calendar_id, at=now, actor_id=person.id, field=field, old=before[field], new=new
            )
    session.expire_all()
    people.forget(session)
    schedule.follow(session, schedule.owned_by(session, [person.id]), now=now)
    desk.look_soon(session, [person.id], at=now)
    return people.cards(session, [person.id])[person.id]


def _require_known(draft: OwnCalendarDraft) -> None:
    if draft.country and public_holidays.country(draft.country) is None:
        raise InvalidForm({"country": "I do not know the public holidays of this country. Choose one from the list."})
    if draft.country and draft.region and public_holidays.region(draft.country, draft.region) is None:
        raise InvalidForm({"region": "This region is not one of that country's. Choose one from the list."})


def _turned_off(session: Session, person: PersonCard, *, now: datetime) -> list[TurnedOff]:
    """Kinds of message that are off in the programs in which they own or back up a project."""
    held = select(Project.program_id).where(or_(Project.owner_id == person.id, Project.backup_id == person.id))
    rows = session.execute(select(Program.id, Program.name).where(Program.id.in_(held)).order_by(Program.name)).all()
    found = switches.of_programs(session, [row.id for row in rows], now=now)
    words = {row.name: sorted(KIND_WORDS[kind] for kind in found[row.id].muted) for row in rows}
    return [TurnedOff(name=name, kinds=kinds) for name, kinds in words.items() if kinds]
