"""Four months of weekly requests in six zones, played by the clock over public holidays and changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select, update

from bot.jobs.people import refresh_people
from bot.jobs.schedule import take_due_steps
from bot.services import parameters, places, schedule
from models.schemas.parameters import DEFAULTS, Parameters
from models.tables import Calendar, Occurrence, Person, Project
from models.tables.unit import add_row
from tests.asking import sqlite_only
from tests.town import CAST, Town

LIVES = {
    "UJONAS": ("Europe/Berlin", "DE", [1, 2, 3, 4, 5]),
    "ULUIS": ("America/New_York", "US", [1, 2, 3, 4, 5]),
    "UKAVYA": ("Asia/Kolkata", "IN", [1, 2, 3, 4, 5]),
    "URUBY": ("Australia/Sydney", "AU", [1, 2, 3, 4]),
    "UDANA": ("Australia/Lord_Howe", "AU", [3]),
    "UMAYA": ("Africa/Cairo", "EG", [7, 1, 2, 3, 4]),
}
UNTIL = datetime(2026, 8, 1, tzinfo=UTC)


def settle_down(town: Town) -> None:
    """Everybody lives somewhere, works on their own days, and owns a project."""
    for user, (zone, _, _) in LIVES.items():
        town.sandbox.change_person(user, tz=zone)
    refresh_people(town.runtime)
    for number, user in enumerate(LIVES):
        channel = f"C{number:05}"
        town.sandbox.add_channel(channel, f"p-{number}", [*CAST, town.sandbox.bot_user_id])
        town.set_up_project(user, channel, f"Project of {user}")
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.channel == "CLEDGER").values(state="cancelled"))
        for person in session.scalars(select(Person).where(Person.slack_id.in_(LIVES))).all():
            _, country, days = LIVES[str(person.slack_id)]
            add_row(session, Calendar, person_id=person.id, country=country, working_days=days, holidays=[])
        session.expire_all()
        projects = session.scalars(select(Project.id)).all()
        session.info.pop("people", None)
        schedule.follow(session, projects, now=town.clock.now())


def play(town: Town, until: datetime) -> None:
    """The ticks alone: nothing needs to be written to anybody."""
    while True:
        with town.database.everywhere() as session:
            following = schedule.next_step(session, serves=town.runtime.serves)
        if following is None or following > until:
            break
        town.clock.move_to(max(following, town.clock.now() + timedelta(seconds=1)))
        take_due_steps(town.runtime)
    town.clock.move_to(until)


def requests_of(town: Town, user: str) -> list[Occurrence]:
    with town.database.read(1) as session:
        statement = select(Occurrence).join(Project, Project.id == Occurrence.project_id)
        mine = statement.where(Project.name == f"Project of {user}", Occurrence.kind == "status_request")
        return list(session.scalars(mine.order_by(Occurrence.local_date)))


def is_working(user: str, day: date) -> bool:
    _, country, days = LIVES[user]
    return day.isoweekday() in days and day not in holidays.country_holidays(country, years=day.year)


def weeks(first: date, until: date) -> list[str]:
    days = (first + timedelta(weeks=n) for n in range((until - first).days // 7 + 1))
    return [f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in days]


@sqlite_only
def test_every_week_is_asked_once_on_working_days_in_every_zone(town):
    settle_down(town)
    play(town, UNTIL)
    for user, (zone, _, _) in LIVES.items():
        rows = requests_of(town, user)
        asked = [row for row in rows if row.state != "waived"]
        assert [row.period for row in rows] == weeks(rows[0].local_date, rows[-1].local_date), user
        assert len(rows) >= 17, user
        for row, following in pairwise(asked):
            assert row.open_at < row.due_at <= row.close_at, (user, row.period)
            assert row.close_at == following.open_at, (user, row.period)
            opened, due = (moment.astimezone(ZoneInfo(zone)) for moment in (row.open_at, row.due_at))
            assert is_working(user, opened.date()), (user, opened)
            assert is_working(user, due.date()), (user, due)
            assert f"{due:%H:%M}" == "16:00", (user, due)
        for row in rows:
            if row.state == "waived":
                monday = row.local_date - timedelta(days=row.local_date.isoweekday() - 1)
                assert not any(is_working(user, monday + timedelta(days=n)) for n in range(5)), (user, row.period)


@sqlite_only
def test_changes_of_rhythm_owner_and_zone_ask_nobody_twice(town):
    settle_down(town)
    for month, status in enumerate(
        ({"open_weekday": 2, "due_weekday": 3}, {"open_weekday": 1}, {"open_local_time": "08:00"}, {"open_weekday": 4})
    ):
        play(town, datetime(2026, 4, 15, 11, tzinfo=UTC) + timedelta(days=19 * month))
        changed = Parameters.model_validate(DEFAULTS.model_dump() | {"status": status})
        with town.database.write(1) as session:
            parameters.set_parameters(session, 1, changed, by_id=None, reason=None, now=town.clock.now())
            schedule.ensure_rules(session, places.projects_of_program(session, 1), now=town.clock.now())
        owner = ("UKAVYA", "ULUIS", "URUBY", "UJONAS")[month]
        with town.database.write(1) as session:
            person = session.scalars(select(Person.id).where(Person.slack_id == owner)).one()
            mine = Project.name == "Project of UJONAS"
            session.execute(update(Project).where(mine).values(owner_id=person))
            session.expire_all()
            schedule.follow(session, session.scalars(select(Project.id).where(mine)).all(), now=town.clock.now())
        zone = ("Asia/Tokyo", "America/Los_Angeles", "Europe/London", "America/New_York")[month]
        town.sandbox.change_person("ULUIS", tz=zone)
        refresh_people(town.runtime)
    play(town, UNTIL)
    for user in LIVES:
        rows = requests_of(town, user)
        assert [row.period for row in rows] == weeks(rows[0].local_date, rows[-1].local_date), user
        for row, following in pairwise(rows):
            if "waived" not in (row.state, following.state):
                assert row.open_at < row.due_at <= row.close_at == following.open_at, (user, row.period)
