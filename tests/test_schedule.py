"""When a status is asked for and due: the vectors of domain 4.1, and whatever calendar somebody has."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.schedule import Cadence, RequestRule, Window
from bot.domain.schedule_moves import Before, next_request, take
from bot.domain.wall_time import WorkingHours, local_date

NEW_YORK, BERLIN, KOLKATA = "America/New_York", "Europe/Berlin", "Asia/Kolkata"
SYDNEY, LORD_HOWE, CAIRO = "Australia/Sydney", "Australia/Lord_Howe", "Africa/Cairo"
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
EASTER = frozenset({GOOD_FRIDAY, EASTER_MONDAY})
W14, W15 = date(2026, 4, 2), date(2026, 4, 9)
SUNDAY_TO_THURSDAY = frozenset({7, 1, 2, 3, 4})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(
    zone: str,
    holidays: frozenset[date] = frozenset(),
    *,
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5}),
    opens: tuple[int, str] = (4, "10:00"),
    due: tuple[int, str] = (5, "16:00"),
    every: int = 1,
    monthly: bool = False,
) -> RequestRule:
    cadence = Cadence(opens[0], time.fromisoformat(opens[1]), zone, every, monthly)
    return RequestRule(cadence, due[0], time.fromisoformat(due[1]), WorkingHours(zone, days=days, holidays=holidays))


@pytest.mark.parametrize(
    ("asked", "day", "open_at", "due_at"),
    [
        (rule(BERLIN, EASTER), W14, "2026-04-01 08:00", "2026-04-02 14:00"),
        (rule(NEW_YORK), W14, "2026-04-02 14:00", "2026-04-03 20:00"),
        (rule(KOLKATA), W14, "2026-04-02 04:30", "2026-04-03 10:30"),
        (rule(SYDNEY, EASTER), W14, "2026-03-31 23:00", "2026-04-02 05:00"),
        (rule(SYDNEY, EASTER), W15, "2026-04-09 00:00", "2026-04-10 06:00"),
    ],
)
def test_the_published_weeks(asked, day, open_at, due_at):
    """Domain 4.1, all of its vectors; N1 of 4.4 is two hours before due."""
    window = asked.window(day)
    assert (window.open_at, window.due_at) == (utc(open_at), utc(due_at))
    assert window.period == {W14: "2026-W14", W15: "2026-W15"}[day]
    close_at = asked.window(asked.opens.after(day)).open_at
    assert asked.times(window, close_at).remind_at == utc(due_at) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("asked", "day", "open_at", "due_at"),
    [
        # a gap of half an hour, Sunday 4 October 02:00: the week after is asked half an hour earlier in UTC
        (rule(LORD_HOWE), date(2026, 10, 1), "2026-09-30 23:30", "2026-10-02 05:30"),
        (rule(LORD_HOWE), date(2026, 10, 8), "2026-10-07 23:00", "2026-10-09 05:00"),
        # 02:15 does not occur there on that Sunday: it is 02:45
        (
            rule(LORD_HOWE, days=frozenset({7, 1, 2}), opens=(7, "02:15"), due=(1, "16:00")),
            date(2026, 10, 4),
            "2026-10-03 15:45",
            "2026-10-05 05:00",
        ),
        # Friday is no working day in Cairo: due on Thursday, so asked on Wednesday
        (rule(CAIRO, days=SUNDAY_TO_THURSDAY), W14, "2026-04-01 08:00", "2026-04-02 14:00"),
        # its clocks change at midnight before Friday 24 April, which has no 00:00
        (
            rule(CAIRO, days=frozenset({4, 5}), opens=(5, "00:00"), due=(5, "16:00")),
            date(2026, 4, 24),
            "2026-04-23 22:00",
            "2026-04-24 13:00",
        ),
    ],
)
def test_weeks_over_strange_changes_of_clocks(asked, day, open_at, due_at):
    """Domain 5.10."""
    window = asked.window(day)
    assert (window.open_at, window.due_at) == (utc(open_at), utc(due_at))


def test_a_request_closes_when_the_next_one_opens_also_over_a_change_of_clocks():
    sydney = rule(SYDNEY)
    taken = take(sydney, W14, sydney.window(W14).open_at, sydney.window(W14).open_at)
    assert taken.coming.day == W15
    assert taken.coming.moment - taken.window.open_at == timedelta(days=7, hours=1)


def test_dates_of_other_rhythms():
    every_two = Cadence(4, time(10), BERLIN, every=2)
    assert [every_two.after(W14), every_two.before(W14)] == [date(2026, 4, 16), date(2026, 3, 19)]
    monthly = Cadence(1, time(10), BERLIN, is_monthly=True)
    assert monthly.on_or_after(date(2026, 4, 6)) == date(2026, 4, 6)
    assert monthly.on_or_after(date(2026, 4, 7)) == date(2026, 5, 4)
    assert monthly.period(date(2026, 5, 4)) == "2026-05"
    quarterly = Cadence(5, time(10), BERLIN, every=3, is_monthly=True)
    assert [quarterly.after(date(2026, 11, 6)), quarterly.before(date(2027, 2, 5))] == [
        date(2027, 2, 5),
        date(2026, 11, 6),
    ]


def test_who_works_on_one_day_a_week_is_asked_on_it():
    wednesdays = rule(BERLIN, days=frozenset({3}))
    window = wednesdays.window(W14)
    assert (window.open_at, window.due_at) == (utc("2026-04-01 08:00"), utc("2026-04-01 14:00"))
    tight = rule(BERLIN, days=frozenset({3}), opens=(4, "16:00"), due=(5, "10:00")).window(W14)
    assert (tight.open_at, tight.due_at) == (utc("2026-04-01 07:00"), utc("2026-04-01 08:00"))


def test_a_week_without_a_working_day_is_not_asked():
    """Golden Week, say: the week before keeps its own dates."""
    off = frozenset(date(2026, 4, 6) + timedelta(days=n) for n in range(5))
    asked = rule(BERLIN, off)
    assert asked.window(W15) is None
    window, empty = asked.coming(W15)
    assert (window.day, empty) == (date(2026, 4, 16), [W15])
    taken = take(asked, W14, asked.window(W14).open_at, asked.window(W14).open_at)
    assert (taken.coming.day, taken.coming.empty) == (date(2026, 4, 16), [W15])


def test_opening_and_due_on_one_weekday_stay_together_over_a_holiday():
    window = rule(BERLIN, EASTER, opens=(5, "09:00"), due=(5, "17:00")).window(W14)
    assert local_date(window.open_at, BERLIN) == local_date(window.due_at, BERLIN) == date(2026, 4, 2)


ZONES = st.sampled_from([NEW_YORK, BERLIN, KOLKATA, SYDNEY, LORD_HOWE, CAIRO])
OPENINGS = st.sampled_from(["00:00", "08:30", "10:00", "16:00", "23:45"])
DUE_TIMES = st.sampled_from(["02:00", "08:30", "10:00", "16:00", "23:45"])
START = datetime(2026, 3, 1, tzinfo=UTC)
HOLIDAYS = st.frozensets(st.integers(0, 150), max_size=40).map(
    lambda days: frozenset(date(2026, 3, 1) + timedelta(days=n) for n in days)
)
WEEKS = st.frozensets(st.integers(1, 7), min_size=1)


@st.composite
def rules(draw, zone: str | None = None) -> RequestRule:
    opens, due = (draw(st.integers(1, 7)), draw(OPENINGS)), (draw(st.integers(1, 7)), draw(DUE_TIMES))
    if opens[0] == due[0]:
        opens, due = (opens[0], "09:00"), (due[0], "16:00")
    every, monthly = draw(st.sampled_from([(1, False), (1, False), (2, False), (3, False), (1, True), (2, True)]))
    zone = zone or draw(ZONES)
    return rule(zone, draw(HOLIDAYS), days=draw(WEEKS), opens=opens, due=due, every=every, monthly=monthly)


def played(asked: RequestRule, until: datetime, day: date, moment: datetime) -> tuple[list, list]:
    """Every request as the clock opens it, with its close, and the periods that had no working day."""
    opened, empty = [], []
    while moment < until:
        taken = take(asked, day, moment, moment)
        assert taken.window is not None
        opened.append((taken.window, taken.coming.moment))
        empty += taken.coming.empty
        day, moment = taken.coming.day, taken.coming.moment
    return opened, empty


def assert_fair(asked: RequestRule, window: Window, close_at: datetime) -> None:
    zone = asked.opens.zone
    assert window.open_at < window.due_at <= close_at
    assert asked.hours.is_working(local_date(window.open_at, zone))
    assert asked.hours.is_working(local_date(window.due_at, zone)) or window.due_at == close_at


@settings(max_examples=300, deadline=None)
@given(rules())
def test_four_months_of_any_calendar_have_one_request_a_period(asked):
    coming = next_request(asked, None, START)
    opened, empty = played(asked, START + timedelta(days=125), coming.day, coming.moment)
    for window, close_at in opened:
        assert_fair(asked, window, close_at)
    for (_, close_at), (following, _) in pairwise(opened):
        assert close_at == following.open_at
    days = sorted([*(window.day for window, _ in opened), *empty])
    assert len({asked.opens.period(day) for day in days}) == len(days)
    assert all(asked.opens.after(day) == following for day, following in pairwise(days))
    for day in empty:
        assert asked.window(day) is None


@settings(max_examples=300, deadline=None)
@given(st.data(), rules(), st.integers(1, 60 * 24 * 60))
def test_a_rule_that_is_made_differently_asks_nobody_twice_and_leaves_no_period_out(data, first, minutes):
    """Another weekday, hour, zone or calendar in the same rhythm: the weeks before and after follow each other."""
    second = data.draw(rules())
    second = RequestRule(
        Cadence(second.opens.weekday, second.opens.at, second.opens.zone, first.opens.every, first.opens.is_monthly),
        second.due_weekday,
        second.due_at,
        second.hours,
    )
    changed_at = START + timedelta(minutes=minutes)
    begun = next_request(first, None, START)
    opened, empty = played(first, changed_at, begun.day, begun.moment)
    day, last = begun.day, opened[-1][0] if opened else None
    if last is not None:
        day = take(first, last.day, last.open_at, last.open_at).coming.day
    waiting = last.due_at if last and last.due_at > changed_at else None
    before = Before(first.opens, day, True, last.day if last else None, waiting)
    coming = next_request(second, before, changed_at)
    assert coming.moment >= changed_at
    assert waiting is None or coming.moment >= waiting
    later, passed = played(second, changed_at + timedelta(days=90), coming.day, coming.moment)
    for window, close_at in later:
        assert_fair(second, window, close_at)
    days = [*(w.day for w, _ in opened), *empty, *coming.empty, *(w.day for w, _ in later), *passed]
    periods = sorted({first.opens.period(each) for each in days})
    assert len(periods) == len(days), "no period twice"
    steps = sorted(days)
    for one, other in pairwise(steps):
        assert first.opens.period(first.opens.after(one)) == first.opens.period(other), "none left out"


@settings(max_examples=200, deadline=None)
@given(rules(), rules(), st.integers(1, 60 * 24 * 60))
def test_another_rhythm_begins_after_the_last_request(first, second, minutes):
    changed_at = START + timedelta(minutes=minutes)
    begun = next_request(first, None, START)
    opened, _ = played(first, changed_at, begun.day, begun.moment)
    last = opened[-1][0] if opened else None
    before = Before(first.opens, begun.day, False, last.day if last else None)
    coming = next_request(second, before, changed_at)
    assert coming.moment >= changed_at
    if last is not None:
        assert coming.day > last.day
        assert second.opens.period(coming.day) != second.opens.period(last.day)


def test_a_pause_opens_nothing_before_its_end():
    asked = rule(BERLIN, EASTER)
    paused = next_request(asked, Before(asked.opens, W14, True), utc("2026-03-30 08:00"), date(2026, 4, 2))
    assert (paused.day, paused.moment) == (W15, utc("2026-04-09 08:00")), "W14 would have opened on 1 April"
    until_wednesday = next_request(asked, Before(asked.opens, W14, True), utc("2026-03-30 08:00"), date(2026, 4, 1))
    assert until_wednesday.moment == utc("2026-04-01 08:00")


def test_after_downtime_only_the_newest_week_opens():
    asked = rule(BERLIN, EASTER)
    taken = take(asked, W14, asked.window(W14).open_at, utc("2026-04-20 08:00"))
    assert (taken.window.day, taken.coming.day) == (date(2026, 4, 16), date(2026, 4, 23))
    assert taken.window.open_at == utc("2026-04-16 08:00")


def test_a_calendar_that_moved_a_week_on_is_heeded():
    """The rule still knows Wednesday; Good Friday is none any more."""
    taken = take(rule(BERLIN), W14, utc("2026-04-01 08:00"), utc("2026-04-01 08:00"))
    assert taken.window is None
    assert taken.coming.moment == utc("2026-04-02 08:00")
