"""Wall time and working time: the published vectors of domain 4.1, 4.3, 5.10 and 5.11."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.schedule import Cadence
from bot.domain.wall_time import (
    WorkingHours,
    after_working_hours,
    instant,
    iso_week,
    local_date,
    next_weekday,
    next_working_instant,
    parse_time,
    working_day_after,
    working_days_between,
)

NEW_YORK, BERLIN, KOLKATA = "America/New_York", "Europe/Berlin", "Asia/Kolkata"
SYDNEY, LORD_HOWE, CAIRO = "Australia/Sydney", "Australia/Lord_Howe", "Africa/Cairo"
ZONES = st.sampled_from([NEW_YORK, BERLIN, KOLKATA, SYDNEY, LORD_HOWE, CAIRO, "Pacific/Apia", "UTC"])
MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01"), timezones=st.just(UTC)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "fires", "shown"),
    [
        (NEW_YORK, "2007-03-11 02:30", "2007-03-11 07:30", "03:30 EDT"),
        (NEW_YORK, "2007-11-04 01:30", "2007-11-04 05:30", "01:30 EDT"),
        (NEW_YORK, "2026-03-08 02:30", "2026-03-08 07:30", "03:30 EDT"),
        (NEW_YORK, "2026-11-01 02:30", "2026-11-01 07:30", "02:30 EST"),
        (NEW_YORK, "2026-11-01 01:30", "2026-11-01 05:30", "01:30 EDT"),
        (BERLIN, "2026-03-29 02:30", "2026-03-29 01:30", "03:30 CEST"),
        (BERLIN, "2026-10-25 02:30", "2026-10-25 00:30", "02:30 CEST"),
        (NEW_YORK, "2027-03-14 02:30", "2027-03-14 07:30", "03:30 EDT"),
        (BERLIN, "2027-03-28 02:30", "2027-03-28 01:30", "03:30 CEST"),
        (NEW_YORK, "2027-11-07 01:30", "2027-11-07 05:30", "01:30 EDT"),
        (BERLIN, "2027-10-31 02:30", "2027-10-31 00:30", "02:30 CEST"),
        (SYDNEY, "2026-04-05 02:30", "2026-04-04 15:30", "02:30 AEDT"),
        (SYDNEY, "2026-10-04 02:30", "2026-10-03 16:30", "03:30 AEDT"),
        (LORD_HOWE, "2026-10-04 02:15", "2026-10-03 15:45", "02:45 +11"),
        (KOLKATA, "2026-03-29 02:30", "2026-03-28 21:00", "02:30 IST"),
        (KOLKATA, "2026-11-01 02:30", "2026-10-31 21:00", "02:30 IST"),
        (CAIRO, "2026-04-24 00:00", "2026-04-23 22:00", "01:00 EEST"),
    ],
)
def test_a_wall_time_in_a_gap_moves_on_and_one_in_a_fold_means_the_first(zone, wall, fires, shown):
    """Domain 5.10, with Cairo's gap at midnight."""
    local = datetime.fromisoformat(wall)
    moment = instant(local.date(), local.time(), zone)
    assert moment == utc(fires)
    assert f"{moment.astimezone(ZoneInfo(zone)):%H:%M %Z}" == shown


@pytest.mark.parametrize(
    ("day", "berlin"),
    [
        ("2026-03-06", "15:00"),
        ("2026-03-09", "14:00"),
        ("2026-03-27", "14:00"),
        ("2026-03-30", "15:00"),
        ("2026-10-23", "15:00"),
        ("2026-10-26", "14:00"),
        ("2026-11-02", "15:00"),
    ],
)
def test_nine_in_new_york_is_an_hour_earlier_in_berlin_in_the_gap_weeks(day, berlin):
    """Domain 5.10."""
    moment = instant(date.fromisoformat(day), time(9), NEW_YORK)
    assert f"{moment.astimezone(ZoneInfo(BERLIN)):%H:%M}" == berlin


@pytest.mark.parametrize(
    ("now", "day", "moment"),
    [
        ("2026-04-02 13:59", "2026-04-02", "2026-04-02 14:00"),
        ("2026-04-02 14:00", "2026-04-02", "2026-04-02 14:00"),
        ("2026-04-02 14:01", "2026-04-09", "2026-04-09 14:00"),
        ("2026-04-03 03:59", "2026-04-09", "2026-04-09 14:00"),
    ],
)
def test_the_first_occurrence_is_not_before_now(now, day, moment):
    weekly = Cadence(4, time(10), NEW_YORK)
    first = weekly.first(utc(now))
    assert (first, weekly.on(first)) == (date.fromisoformat(day), utc(moment))


@settings(max_examples=80, deadline=None)
@given(ZONES, st.integers(1, 7), st.times(), MOMENTS)
def test_a_weekly_rule_meets_every_local_date_once_and_in_order(zone, weekday, at, start):
    weekly = Cadence(weekday, at.replace(microsecond=0), zone)
    day = weekly.first(start)
    moment = weekly.on(day)
    assert moment >= start
    for _ in range(60):
        following = weekly.after(day)
        later = weekly.on(following)
        assert following == day + timedelta(days=7)
        assert later > moment
        day, moment = following, later


HIGH, EXTREME = 9, 4


@pytest.mark.parametrize(
    ("start", "hours", "calendar", "ends"),
    [
        ("2026-03-23 23:00", HIGH, WorkingHours(SYDNEY, time(9), time(17, 30)), "2026-03-24 23:30"),
        ("2026-03-27 14:30", EXTREME, WorkingHours(NEW_YORK), "2026-03-27 18:30"),
        ("2026-03-27 22:00", EXTREME, WorkingHours(NEW_YORK), "2026-03-30 17:00"),
        ("2026-03-27 18:00", EXTREME, WorkingHours(NEW_YORK), "2026-03-27 22:00"),
        ("2026-03-28 10:00", EXTREME, WorkingHours(BERLIN), "2026-03-30 11:00"),
        ("2026-04-02 10:00", EXTREME, WorkingHours(CAIRO, days=frozenset({7, 1, 2, 3, 4})), "2026-04-02 14:00"),
        ("2026-04-02 15:00", EXTREME, WorkingHours(CAIRO, days=frozenset({7, 1, 2, 3, 4})), "2026-04-05 10:00"),
    ],
)
def test_working_hours_run_only_while_somebody_works(start, hours, calendar, ends):
    """Domain 4.3 (the first two); over a weekend, over a change of clocks, in a Sunday to Thursday week."""
    assert after_working_hours(utc(start), hours, calendar) == utc(ends)


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("2026-04-02 12:59", "2026-04-02 13:00"),
        ("2026-04-02 13:00", "2026-04-02 13:00"),
        ("2026-04-02 21:59", "2026-04-02 21:59"),
        ("2026-04-02 22:00", "2026-04-03 13:00"),
        ("2026-04-03 22:00", "2026-04-06 13:00"),
        ("2026-04-05 03:00", "2026-04-06 13:00"),
    ],
)
def test_at_the_start_one_may_be_asked_and_at_the_end_it_is_too_late(moment, held):
    """Domain 4.4, 1."""
    assert next_working_instant(utc(moment), WorkingHours(NEW_YORK)) == utc(held)


@settings(max_examples=100, deadline=None)
@given(ZONES, MOMENTS)
def test_nobody_is_ever_asked_outside_their_hours(zone, moment):
    allowed = next_working_instant(moment, WorkingHours(zone))
    local = allowed.astimezone(ZoneInfo(zone))
    assert allowed >= moment
    assert local.isoweekday() <= 5
    assert time(9) <= local.time() < time(18)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2008-10-01", "2009-03-01", 108), ("2008-07-07", "2008-11-07", 90), ("2009-01-01", "2009-01-08", 6)],
)
def test_working_days_between_two_dates(first, last, days):
    """Domain 5.11, NETWORKDAYS without holidays: inclusive both ends, ours leaves out the first."""
    assert working_days_between(date.fromisoformat(first) - timedelta(days=1), date.fromisoformat(last)) == days


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        ("2026-03-27", "2026-03-30", 1),
        ("2026-03-28", "2026-03-30", 1),
        ("2026-03-16", "2026-03-30", 10),
        ("2026-03-30", "2026-03-30", 0),
        ("2026-04-02", "2026-03-30", 0),
    ],
)
def test_lateness_counts_working_days_after_the_deadline(due, today, late):
    assert working_days_between(date.fromisoformat(due), date.fromisoformat(today)) == late


def test_a_week_from_sunday_to_thursday_counts_its_own_days():
    """Domain 5.11: 2026-03-26 (Thu) + 3 working days = 2026-03-31."""
    assert working_days_between(date(2026, 3, 26), date(2026, 3, 31), {7, 1, 2, 3, 4}) == 3


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        ("2008-10-01", 151, "2009-04-30"),
        ("2026-03-27", 1, "2026-03-30"),
        ("2026-03-28", 5, "2026-04-03"),
        ("2026-03-30", 5, "2026-04-06"),
        ("2026-03-30", 0, "2026-03-30"),
    ],
)
def test_the_nth_working_day_after_a_date(day, number, found):
    """Domain 5.11, WORKDAY without holidays: the date itself is not counted."""
    assert working_day_after(date.fromisoformat(day), number) == date.fromisoformat(found)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 400))
def test_so_many_working_days_lie_between_a_date_and_its_nth_working_day(day, number):
    last = working_day_after(day, number)
    assert working_days_between(day, last) == number
    assert last.isoweekday() <= 5


def test_a_week_without_working_days_is_refused_rather_than_searched_for_ever():
    assert working_day_after(date(2026, 3, 26), 3, {7, 1, 2, 3, 4}) == date(2026, 3, 31)
    with pytest.raises(ValueError, match="without working days"):
        working_day_after(date(2026, 3, 26), 1, ())


def test_small_words_of_time():
    assert iso_week(date(2027, 1, 1)) == "2026-W53"
    assert next_weekday(date(2026, 4, 2), 4) == date(2026, 4, 2)
    assert next_weekday(date(2026, 4, 3), 4) == date(2026, 4, 9)
    assert parse_time("16:00") == time(16)
    assert local_date(utc("2026-03-30 13:00"), SYDNEY) == date(2026, 3, 31)
