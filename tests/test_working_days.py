"""Working days with holidays: the published vectors of domain 5.11."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_days import WorkingCalendar

BERLIN = WorkingCalendar("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
SUNDAY_TO_THURSDAY = WorkingCalendar("Africa/Cairo", days=frozenset({7, 1, 2, 3, 4}))


def d(text: str) -> date:
    return date.fromisoformat(text)


def off(*days: str) -> WorkingCalendar:
    return WorkingCalendar("UTC", holidays=frozenset(d(day) for day in days))


@pytest.mark.parametrize(
    ("first", "last", "holidays", "days"),
    [
        ("2008-10-01", "2009-03-01", "", 108),
        ("2008-10-01", "2009-03-01", "2008-11-26", 107),
        ("2008-10-01", "2009-03-01", "2008-11-26 2008-12-04 2009-01-21", 105),
        ("2008-07-07", "2008-11-07", "", 90),
        ("2008-07-07", "2008-11-07", "2008-09-08 2008-10-13", 88),
        ("2009-01-01", "2009-01-08", "", 6),
        ("2009-01-01", "2009-01-08", "2009-01-01 2009-01-02", 4),
    ],
)
def test_networkdays(first, last, holidays, days):
    assert off(*holidays.split()).inclusive(d(first), d(last)) == days


def test_holidays_on_days_off_and_after_the_end_take_nothing_away():
    """Of six listed holidays two are Saturdays and one lies after the end: 124 less 3 are 121."""
    first, last = d("2010-12-12"), d("2011-06-02")
    assert off().inclusive(first, last) == 124
    listed = off("2010-12-25", "2011-01-01", "2010-12-31", "2011-04-22", "2011-04-25", "2011-06-13")
    assert listed.inclusive(first, last) == 121


@pytest.mark.parametrize(
    ("calendar", "day", "number", "then"),
    [
        (off(), "2008-10-01", 151, "2009-04-30"),
        (off("2008-11-26", "2008-12-04", "2009-01-21"), "2008-10-01", 151, "2009-05-05"),
        (off("2009-01-01"), "2009-01-01", 6, "2009-01-09"),
        (BERLIN, "2026-03-30", 10, "2026-04-15"),
        (SUNDAY_TO_THURSDAY, "2026-03-26", 3, "2026-03-31"),
        (BERLIN, "2026-04-03", 0, "2026-04-03"),
    ],
)
def test_workday(calendar, day, number, then):
    assert calendar.after(d(day), number) == d(then)


@pytest.mark.parametrize(
    ("days", "then"),
    [(0, "2026-03-30"), (1, "2026-03-30"), (2, "2026-03-31"), ("3/2", "2026-03-31"), (5, "2026-04-07")],
)
def test_what_takes_n_days_ends_on_the_nth(days, then):
    """Good Friday and Easter Monday are off."""
    assert BERLIN.finish(d("2026-03-30"), Fraction(days)) == d(then)


@pytest.mark.parametrize(
    ("due", "finish", "slip"),
    [
        ("2026-03-27", "2026-03-27", 0),
        ("2026-03-27", "2026-03-30", 1),
        ("2026-03-27", "2026-03-29", 0),
        ("2026-04-02", "2026-04-07", 1),
        ("2026-04-07", "2026-04-02", -1),
        ("2026-03-30", "2026-03-27", -1),
    ],
)
def test_a_slip_counts_working_days_and_is_negative_when_early(due, finish, slip):
    assert BERLIN.slip(d(due), d(finish)) == slip


def test_days_roll_over_holidays_both_ways():
    assert BERLIN.on_or_after(d("2026-04-03")) == d("2026-04-07")
    assert BERLIN.on_or_before(d("2026-04-06")) == d("2026-04-02")
    assert BERLIN.on_or_after(d("2026-04-07")) == BERLIN.on_or_before(d("2026-04-07")) == d("2026-04-07")


DATES = st.dates(d("2025-01-01"), d("2027-12-31"))
CALENDARS = st.builds(
    lambda days, holidays: WorkingCalendar("UTC", frozenset(days), frozenset(holidays)),
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(DATES, max_size=20),
)


@given(CALENDARS, DATES, st.integers(1, 60))
def test_so_many_working_days_lie_between_a_day_and_its_nth_working_day(calendar, day, number):
    then = calendar.after(day, number)
    assert calendar.is_working(then)
    assert calendar.between(day, then) == number


@given(CALENDARS, DATES, st.integers(0, 200))
def test_counting_is_counting_day_by_day(calendar, first, span):
    last = first + timedelta(days=span)
    days = [first + timedelta(days=n) for n in range(1, span + 1)]
    assert calendar.between(first, last) == sum(calendar.is_working(day) for day in days)
    assert calendar.between(last, first) == 0 or span == 0
