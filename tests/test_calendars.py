"""Who may be asked when: hours, public holidays, days off, quiet time, stand-ins (domain 2.3, 4.3, 4.4, 5.10, 5.11)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reach import Away, Reach, stand_in
from bot.domain.wall_time import WorkingHours, after_working_hours
from bot.services import calendars, issue, people, places, risk
from models.schemas.calendar import WorkWeek
from models.schemas.issue import Severity
from models.tables import Calendar, Issue, Person, Program, Risk
from models.tables.unit import add_row
from tests.asking import sqlite_only
from tests.statements import statements_of
from tests.town import MONDAY, Town

NEW_YORK, BERLIN, KOLKATA = "America/New_York", "Europe/Berlin", "Asia/Kolkata"
SYDNEY, LORD_HOWE, CAIRO = "Australia/Sydney", "Australia/Lord_Howe", "Africa/Cairo"
SUNDAY_TO_THURSDAY = frozenset({7, 1, 2, 3, 4})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(zone: str, country: str | None = None, region: str | None = None, **week: object) -> WorkingHours:
    """As a calendar with these public holidays gives them."""
    person = people.PersonCard(
        id=1, slack_id="U", handle="x", tz=zone, week=WorkWeek(country=country, region=region, **week)
    )
    return calendars.of_person(person, now=MONDAY)


@pytest.mark.parametrize(
    ("zone", "asked", "reached"),
    [
        # the weeks in which the clocks change: 9:00 stays 9:00 on the wall
        (NEW_YORK, "2026-03-07 15:00", "2026-03-09 13:00"),  # Saturday; Monday is one hour earlier in UTC
        (NEW_YORK, "2026-10-31 15:00", "2026-11-02 14:00"),
        (BERLIN, "2026-03-27 17:00", "2026-03-30 07:00"),  # 18:00 sharp is too late
        (BERLIN, "2026-10-23 16:00", "2026-10-26 08:00"),
        (SYDNEY, "2026-04-03 08:00", "2026-04-05 23:00"),
        (SYDNEY, "2026-10-02 09:00", "2026-10-04 22:00"),
        (LORD_HOWE, "2026-04-03 07:00", "2026-04-05 22:30"),
        (LORD_HOWE, "2026-10-02 09:00", "2026-10-04 22:00"),
        (KOLKATA, "2026-03-27 12:30", "2026-03-30 03:30"),
        (KOLKATA, "2026-11-01 00:00", "2026-11-02 03:30"),
        (CAIRO, "2026-04-23 16:00", "2026-04-24 06:00"),  # the day that begins at 01:00
        (CAIRO, "2026-10-30 16:00", "2026-11-02 07:00"),
    ],
)
def test_the_working_day_begins_at_nine_on_the_wall_on_both_sides_of_a_change(zone, asked, reached):
    assert Reach(WorkingHours(zone)).next_instant(utc(asked)) == utc(reached)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("2026-04-23 16:00", "2026-04-26 06:00"),  # Thursday evening; Friday and Saturday are off
        ("2026-04-24 10:00", "2026-04-26 06:00"),
        ("2026-04-25 22:00", "2026-04-26 06:00"),
        ("2026-04-26 06:00", "2026-04-26 06:00"),  # Sunday, at nine sharp
        ("2026-10-29 15:00", "2026-11-01 07:00"),
    ],
)
def test_a_week_from_sunday_to_thursday(asked, reached):
    assert Reach(WorkingHours(CAIRO, days=SUNDAY_TO_THURSDAY)).next_instant(utc(asked)) == utc(reached)


@pytest.mark.parametrize("zone", [NEW_YORK, BERLIN, KOLKATA, SYDNEY, LORD_HOWE, CAIRO])
def test_at_the_start_one_may_be_asked_and_at_the_end_not(zone):
    reach = Reach(WorkingHours(zone))
    start, end = reach.hours.window(date(2026, 4, 1))
    assert reach.may_be_asked(start)
    assert not reach.may_be_asked(start - timedelta(seconds=1))
    assert reach.may_be_asked(end - timedelta(seconds=1))
    assert not reach.may_be_asked(end)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([NEW_YORK, BERLIN, KOLKATA, SYDNEY, LORD_HOWE, CAIRO]),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-01"), timezones=st.just(UTC)),
)
def test_whenever_one_is_reached_it_is_a_working_hour_of_a_day_at_work(zone, moment):
    away = (Away(date(2026, 3, 28), date(2026, 4, 7)), Away(date(2026, 10, 24), date(2026, 11, 2)))
    reach = Reach(hours(zone, "DE", "BY"), away=away)
    reached = reach.next_instant(moment)
    day = reach.today(reached)
    window = reach.hours.window(day)
    assert reached >= moment and reach.is_at_work(day)
    assert window and window[0] <= reached < window[1]
    assert reach.next_instant(reached) == reached


@pytest.mark.parametrize(
    ("country", "region", "off", "at_work"),
    [
        ("DE", "BY", ["2026-01-06", "2026-04-03", "2026-04-06", "2026-06-04", "2026-12-25"], ["2026-10-30"]),
        ("DE", "BE", ["2026-03-08", "2026-04-03"], ["2026-01-06", "2026-06-04"]),
        ("IN", None, ["2026-01-26", "2026-10-02"], ["2026-04-06"]),
        ("AU", "NSW", ["2026-01-26", "2026-04-03", "2026-04-06", "2026-06-08", "2026-10-05"], ["2026-03-09"]),
        ("AU", "VIC", ["2026-03-09"], ["2026-10-05"]),
        ("US", None, ["2026-01-19", "2026-07-03", "2026-11-26", "2027-01-01"], ["2026-04-03"]),
    ],
)
def test_public_holidays_are_those_of_the_country_and_region(country, region, off, at_work):
    calendar = hours(BERLIN, country, region)
    assert [day for day in off if calendar.is_working(date.fromisoformat(day))] == []
    assert [day for day in at_work if not calendar.is_working(date.fromisoformat(day))] == []


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("DE", "ZZ"), ("", "BY")])
def test_a_country_that_is_not_known_has_no_holidays(country, region):
    assert hours(BERLIN, country, region).holidays == frozenset()


def test_working_days_are_counted_without_holidays():
    """Domain 5.11: Berlin 2026-03-30 + 10 = 2026-04-15, with the real Good Friday and Easter Monday."""
    bavaria = hours(BERLIN, "DE", "BY")
    assert bavaria.after(date(2026, 3, 30), 10) == date(2026, 4, 15)
    assert bavaria.elapsed(date(2026, 3, 30), date(2026, 4, 15)) == 10
    assert hours(CAIRO, working_days=(7, 1, 2, 3, 4)).after(date(2026, 3, 26), 3) == date(2026, 3, 31)
    own = hours(NEW_YORK, holidays=(date(2008, 11, 26), date(2008, 12, 4), date(2009, 1, 21)))
    assert own.after(date(2008, 10, 1), 151) == date(2009, 5, 5)
    assert own.elapsed(date(2008, 9, 30), date(2009, 3, 1)) == 105


def test_the_time_to_acknowledge_runs_in_working_hours():
    """Domain 4.3, and over a weekend with a holiday behind it."""
    sydney = hours(SYDNEY, end="17:30")
    assert after_working_hours(utc("2026-03-23 23:00"), 9, sydney) == utc("2026-03-24 23:30")
    bavaria = hours(BERLIN, "DE", "BY")
    assert after_working_hours(utc("2026-04-02 15:00"), 4, bavaria) == utc("2026-04-07 10:00")
    assert after_working_hours(utc("2026-04-02 15:00"), 4, hours(NEW_YORK, end="24:00")) == utc("2026-04-02 19:00")


def test_somebody_away_is_reached_on_the_day_after_and_not_in_their_quiet_time():
    away = (Away(date(2026, 3, 30), date(2026, 4, 2)),)
    quiet = (utc("2026-04-03 13:00"), utc("2026-04-03 15:15"))
    reach = Reach(WorkingHours(NEW_YORK), away=away, quiet=quiet)
    assert reach.next_instant(MONDAY) == utc("2026-04-03 15:15")
    assert Reach(hours(NEW_YORK, holidays=(date(2026, 4, 3),)), away=away).next_instant(MONDAY) == utc(
        "2026-04-06 13:00"
    )
    with pytest.raises(ValueError):
        Reach(WorkingHours(NEW_YORK), away=(Away(date(2026, 1, 1), date(2028, 1, 1)),)).next_instant(MONDAY)


def _away(delegate: int | None, zone: str = NEW_YORK, start: str = "2026-03-30") -> Reach:
    day = date.fromisoformat(start)
    return Reach(WorkingHours(zone), away=(Away(day, day, delegate),))


HERE = Reach(WorkingHours(NEW_YORK))


@pytest.mark.parametrize(
    ("reaches", "asked"),
    [
        ({1: HERE}, 1),
        ({1: _away(2), 2: HERE}, 2),
        ({1: _away(2), 2: _away(3), 3: HERE}, 3),
        ({1: _away(2), 2: _away(3), 3: _away(4), 4: HERE}, 4),
        ({1: _away(2), 2: _away(3), 3: _away(4), 4: _away(5), 5: HERE}, None),  # a fourth step
        ({1: _away(2), 2: _away(1)}, None),  # a circle
        ({1: _away(1)}, None),
        ({1: _away(None)}, None),
        ({1: _away(2)}, None),  # of whom nothing is known
        ({1: _away(2, SYDNEY), 2: HERE}, 1),  # in Sydney it is the 31st already
        ({1: _away(2, SYDNEY, "2026-03-31"), 2: HERE}, 2),
    ],
)
def test_chains_of_delegates_are_followed_for_three_steps_and_never_in_a_circle(reaches, asked):
    assert stand_in(1, reaches, MONDAY) == asked


def give(town: Town, **values: object) -> None:
    with town.database.write(1) as session:
        add_row(session, Calendar, **values)


def test_a_risk_is_to_be_acknowledged_in_its_owners_own_hours(town):
    """High: 9 working hours. kavya works Tuesday to Thursday, 10:00 to 16:00; Tuesday is Mahavir Jayanti."""
    with town.database.read(1) as session:
        kavya = people.by_slack_id(session, "UKAVYA")
    give(town, person_id=kavya.id, start="10:00", end="16:00", working_days=[2, 3, 4], country="IN")
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips the API p3 i4 <@UKAVYA|kavya> by Friday")
    with town.database.read(1) as session:
        found = risk.find(session, 1)
    assert found.acknowledge_by == utc("2026-04-02 07:30")  # 6 hours on Wednesday, 3 on Thursday


@sqlite_only
def test_an_own_calendar_costs_no_statement_where_a_risk_is_logged(town):
    luis, line = town.person("ULUIS"), "/risk Vendor slips the API p3 i4 <@UKAVYA|kavya> by Friday"
    luis.types("CLEDGER", line)
    with statements_of(town.database.writer) as plain:
        luis.types("CLEDGER", line)
    with town.database.read(1) as session:
        ids = [people.by_slack_id(session, user).id for user in ("UKAVYA", "ULUIS")]
        program = session.query(Program).one().id
    for person in ids:
        give(town, person_id=person, country="DE", region="BY")
    give(town, program_id=program, country="US")
    with statements_of(town.database.writer) as with_calendars:
        luis.types("CLEDGER", line)
    assert len(with_calendars) == len(plain)


def test_an_issue_is_due_in_the_working_days_of_its_program(town):
    with town.database.read(1) as session:
        program = session.query(Program).one().id
    give(town, program_id=program, country="US", holidays=["2026-04-01", "2026-04-02"])
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm issue Ledger does not reconcile")
    luis.submits({"severity": "sev2", "owner": "ULUIS"})
    with town.database.read(1) as session:
        found = issue.find(session, 1)
        place = places.of_channel(session, "CLEDGER")
    assert found.resolve_by == date(2026, 4, 8)
    assert luis.types("CLEDGER", "/pm issues").text
    assert "8 Apr" in str(luis.reads("CLEDGER")[-1]["blocks"])  # the list says what the card says
    assert calendars.of_place(place, now=MONDAY).zone == NEW_YORK
    with town.database.write(1) as session:
        session.query(Issue).update({"status": "resolved", "resolved_at": MONDAY, "severity": Severity.SEV1})
    with town.database.read(1) as session:
        assert issue.find(session, 1).closes_on == date(2026, 4, 8)


@sqlite_only
def test_everybodys_reach_is_read_in_a_fixed_number_of_statements(town):
    with town.database.read(1) as session:
        everybody = [row.id for row in session.query(Person)]
        with statements_of(session.connection()) as few:
            calendars.reaches(session, everybody[:1], now=MONDAY)
        people.forget(session)
        with statements_of(session.connection()) as many:
            found = calendars.reaches(session, everybody, now=MONDAY)
    assert len(many) <= len(few) <= 4
    assert found[everybody[0]].opens_at is None


def test_the_own_hour_of_the_daily_message_is_kept(town):
    with town.database.read(1) as session:
        kavya = people.by_slack_id(session, "UKAVYA")
    give(town, person_id=kavya.id, opens_at="11:30", end="24:00")
    with town.database.read(1) as session:
        reach = calendars.reach_of(session, people.by_slack_id(session, "UKAVYA"), now=MONDAY)
    assert reach.opens_at == time(11, 30)
    assert reach.hours.end is None
    assert town.count(Risk) == 0
