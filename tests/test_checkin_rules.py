"""When a round asks whom, and what may be told of it (domain 2.15, 5.10)."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest

from bot.domain import checkin
from bot.domain.checkin import Timing
from bot.domain.reach import Away, Reach
from bot.domain.wall_time import WorkingHours
from models.schemas.checkin import AnswerState

OWN_TIME = Timing(frozenset({1, 3, 5}), time(9, 30), None, timedelta(hours=8))
NEW_YORK_TIME = Timing(frozenset({1, 2, 3, 4, 5}), time(9, 30), "America/New_York", timedelta(hours=4))
FRIDAY = date(2026, 3, 27)


def reach(zone: str = "Europe/Berlin", **more) -> Reach:
    return Reach(WorkingHours(zone), **more)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Australia/Sydney", utc(2026, 4, 2, 22, 30), utc(2026, 4, 5, 23, 30)),
        ("Australia/Lord_Howe", utc(2026, 4, 2, 22, 30), utc(2026, 4, 5, 23)),
        ("Asia/Kolkata", utc(2026, 4, 3, 4), utc(2026, 4, 6, 4)),
        ("Africa/Cairo", utc(2026, 4, 3, 7, 30), utc(2026, 4, 6, 7, 30)),
        ("America/New_York", utc(2026, 4, 3, 13, 30), utc(2026, 4, 6, 13, 30)),
        ("Europe/Berlin", utc(2026, 4, 3, 7, 30), utc(2026, 4, 6, 7, 30)),
    ],
)
def test_each_person_is_asked_at_that_time_of_their_own_on_both_sides_of_a_change_of_clocks(zone, before, after):
    for day, moment in ((date(2026, 4, 3), before), (date(2026, 4, 6), after)):
        turn = checkin.turn(OWN_TIME, day, reach(zone))
        assert turn == (day, moment, moment + timedelta(hours=8), False)


def test_a_round_opens_with_the_first_zone_that_reaches_it():
    assert OWN_TIME.opens_at(FRIDAY, ["America/New_York", "Australia/Sydney"]) == utc(2026, 3, 26, 22, 30)
    assert NEW_YORK_TIME.opens_at(FRIDAY, ["Australia/Sydney"]) == utc(2026, 3, 27, 13, 30)


def test_nobody_is_asked_outside_their_hours():
    late = Reach(WorkingHours("Europe/Berlin", start=time(11)))
    assert checkin.turn(OWN_TIME, FRIDAY, late).ask_at == utc(2026, 3, 27, 10)
    sydney = checkin.turn(NEW_YORK_TIME, date(2026, 3, 26), reach("Australia/Sydney"))
    assert sydney == (FRIDAY, utc(2026, 3, 26, 22), utc(2026, 3, 27, 2), False)  # 00:30 there: held to 09:00
    assert checkin.turn(NEW_YORK_TIME, FRIDAY, reach("Australia/Sydney")).is_away  # Saturday there


def test_quiet_time_is_waited_for():
    quiet = reach(quiet=(utc(2026, 3, 27, 8), utc(2026, 3, 27, 10)))
    assert checkin.turn(OWN_TIME, FRIDAY, quiet).ask_at == utc(2026, 3, 27, 10)


@pytest.mark.parametrize(
    "away",
    [
        reach(away=(Away(FRIDAY, FRIDAY),)),
        Reach(WorkingHours("Europe/Berlin", holidays=frozenset({FRIDAY}))),
        Reach(WorkingHours("Europe/Berlin", days=frozenset({1, 2, 3}))),
        Reach(WorkingHours("Europe/Berlin", days=frozenset({1})), away=(Away(date(2026, 3, 1), date(2029, 1, 1)),)),
    ],
)
def test_who_does_not_work_that_day_is_away_and_not_asked_on_the_next(away):
    assert checkin.turn(OWN_TIME, FRIDAY, away).is_away


def test_a_day_off_ends_by_itself():
    off = reach(away=(Away(date(2026, 3, 23), FRIDAY),))
    assert not checkin.turn(OWN_TIME, date(2026, 3, 30), off).is_away


def test_after_downtime_only_the_newest_round_opens_and_only_for_those_whose_time_is_not_over():
    zones = ["Europe/Berlin", "Australia/Sydney"]
    now = utc(2026, 4, 1, 9)
    assert checkin.newest_due(OWN_TIME, date(2026, 3, 27), zones, now) == (date(2026, 4, 1), date(2026, 4, 3))
    found = checkin.turns(OWN_TIME, date(2026, 4, 1), {1: reach("Europe/Berlin"), 2: reach("Australia/Sydney")}, now)
    assert list(found) == [1]


def test_the_first_round_is_the_next_one_that_has_not_begun_anywhere():
    assert checkin.first_round(OWN_TIME, ["Europe/Berlin"], utc(2026, 3, 27, 8, 29)) == FRIDAY
    assert checkin.first_round(OWN_TIME, ["Europe/Berlin"], utc(2026, 3, 27, 8, 30)) == date(2026, 3, 30)
    assert checkin.first_round(OWN_TIME, ["Australia/Sydney"], utc(2026, 3, 26, 22)) == FRIDAY
    assert checkin.first_round(NEW_YORK_TIME, [], utc(2026, 3, 26, 22)) == FRIDAY


def test_who_is_away_was_not_expected():
    states = [AnswerState.ANSWERED, AnswerState.MISSED, AnswerState.SKIPPED, AnswerState.AWAY, AnswerState.WAITING]
    assert checkin.counts(states) == (4, 1, 1, 1, 1)


def test_expected_are_people_times_their_own_working_days_without_days_off():
    days = [date(2026, 3, 23) + timedelta(days=n) for n in range(7)]
    people = [
        reach(),
        Reach(WorkingHours("Africa/Cairo", days=frozenset({7, 1, 2, 3, 4}))),
        reach(away=(Away(date(2026, 3, 25), date(2026, 3, 28)),)),
        Reach(WorkingHours("Europe/Berlin", days=frozenset({1, 2}), holidays=frozenset({date(2026, 3, 23)}))),
    ]
    assert checkin.expected_answers(people, days) == 5 + 5 + 2 + 1


def test_participation_is_an_exact_share():
    assert checkin.participation(24, 21) == Fraction(7, 8)
    assert checkin.participation(0, 0) is None


def test_mood_is_told_as_the_mean_of_three_or_more():
    assert checkin.mood_mean([5, 1]) is None
    assert checkin.mood_mean([5, None, 1]) is None
    assert checkin.mood_mean([5, 1, 4]) == Fraction(10, 3)
    monday, tuesday = date(2026, 3, 23), date(2026, 3, 24)
    moods = [(monday, 5), (monday, 4), (monday, 3), (tuesday, 1), (tuesday, 2), (tuesday, None)]
    assert checkin.mood_by_day(moods) == {monday: Fraction(4)}


def test_open_blockers_are_named_once_in_the_order_of_their_text():
    named = [("rohan", "Waiting"), ("isla", "Slot"), ("rohan", "Waiting")]
    assert checkin.open_blockers(named) == ["isla: Slot", "rohan: Waiting"]
