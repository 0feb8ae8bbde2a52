"""When somebody is asked, and asked again: the vectors of the nudge policy, and its edges."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.nudges import latest_snooze, newest, nudge_times, snooze_choices
from bot.domain.reach import Away, Reach
from bot.domain.wall_time import WorkingHours

EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
BERLIN = Reach(WorkingHours("Europe/Berlin", time(9), time(18), holidays=EASTER))
NEW_YORK = Reach(WorkingHours("America/New_York", time(9), time(18)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(nudges) -> dict[int, str]:
    return {nudge.number: f"{nudge.at:%m-%dT%H:%M}" for nudge in nudges}


def test_berlin_week_14_has_no_third_reminder_for_the_next_week_opens_then():
    nudges = nudge_times(utc("2026-04-01T08:00"), utc("2026-04-02T14:00"), BERLIN, closes_at=utc("2026-04-09T08:00"))
    assert at(nudges) == {0: "04-01T08:00", 1: "04-02T12:00", 2: "04-07T08:00"}


def test_new_york_week_14():
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-03T20:00"), NEW_YORK, closes_at=utc("2026-04-09T14:00"))
    assert at(nudges) == {0: "04-02T14:00", 1: "04-03T18:00", 2: "04-06T14:00", 3: "04-08T14:00"}


def test_a_date_has_no_reminder_before_it():
    nudges = nudge_times(utc("2026-04-01T08:00"), date(2026, 4, 1), BERLIN)
    assert at(nudges) == {0: "04-01T08:00", 2: "04-02T08:00", 3: "04-08T08:00"}


def test_what_has_no_date_is_asked_for_once():
    assert at(nudge_times(utc("2026-04-01T08:00"), None, BERLIN)) == {0: "04-01T08:00"}


@pytest.mark.parametrize(("most", "numbers"), [(0, [0]), (1, [0, 1]), (2, [0, 1, 2]), (3, [0, 1, 2, 3])])
def test_a_program_may_want_fewer_reminders(most, numbers):
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-03T20:00"), NEW_YORK, most)
    assert [nudge.number for nudge in nudges] == numbers


def test_at_the_end_of_the_hours_it_is_too_late_and_at_their_start_it_is_not():
    assert at(nudge_times(utc("2026-04-01T16:00"), None, BERLIN)) == {0: "04-02T07:00"}
    assert at(nudge_times(utc("2026-04-02T07:00"), None, BERLIN)) == {0: "04-02T07:00"}


def test_a_reminder_that_quiet_time_moves_behind_the_due_instant_is_left_out():
    quiet = Reach(NEW_YORK.hours, quiet=(utc("2026-04-03T17:00"), utc("2026-04-03T21:00")))
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-03T20:00"), quiet)
    assert at(nudges) == {0: "04-02T14:00", 2: "04-06T14:00", 3: "04-08T14:00"}


def test_what_was_due_before_it_could_be_asked_for_is_asked_once_and_then_after_it():
    """A risk that Kolkata's evening brought: its four hours ended before the morning."""
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-01T20:00"), NEW_YORK)
    assert at(nudges) == {0: "04-02T14:00", 3: "04-06T14:00"}


def test_days_away_hold_all_of_it():
    away = Reach(NEW_YORK.hours, away=(Away(date(2026, 4, 2), date(2026, 4, 7)),))
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-03T20:00"), away)
    assert at(nudges) == {0: "04-08T13:00", 3: "04-10T14:00"}


def test_nobody_is_asked_before_the_hour_that_they_chose():
    later = Reach(NEW_YORK.hours, opens_at=time(14))
    nudges = nudge_times(utc("2026-04-02T14:00"), date(2026, 4, 2), later, hour=time(14))
    assert at(nudges) == {0: "04-02T18:00", 2: "04-03T18:00", 3: "04-07T18:00"}


def test_who_is_away_for_a_year_is_not_asked():
    gone = Reach(NEW_YORK.hours, away=(Away(date(2026, 1, 1), date(2028, 1, 1)),))
    assert nudge_times(utc("2026-04-02T14:00"), None, gone) == ()


def test_after_downtime_only_the_newest_counts():
    nudges = nudge_times(utc("2026-04-02T14:00"), utc("2026-04-03T20:00"), NEW_YORK)
    assert newest(nudges, utc("2026-04-02T13:59")) is None
    found = newest(nudges, utc("2026-04-07T00:00"))
    assert found is not None and found.number == 2


def test_a_snooze_ends_a_period_after_the_date_on_a_working_day():
    assert latest_snooze(date(2026, 3, 27), BERLIN.hours) == date(2026, 4, 7)
    assert snooze_choices(date(2026, 4, 1), date(2026, 3, 27), BERLIN) == [date(2026, 4, 2), date(2026, 4, 7)]
    assert snooze_choices(date(2026, 4, 8), date(2026, 3, 27), BERLIN) == []
    in_time = snooze_choices(date(2026, 4, 1), date(2026, 4, 2), NEW_YORK)
    assert in_time == [date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 9)]
