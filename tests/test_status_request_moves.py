"""A status request whose owner moves or changes, or that falls into downtime."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.jobs.desk import take_due_desks
from bot.jobs.schedule import take_due_steps
from models.tables import Person
from tests.asking import (
    FRIDAY,
    NEW_YORK,
    THURSDAY,
    asked,
    hand_over,
    post_status,
    requests,
    sqlite_only,
    states,
    times_asked,
)


@sqlite_only
def test_who_moves_before_the_ask_is_asked_in_the_new_zone(town):
    town.sandbox.change_person("ULUIS", tz="America/Los_Angeles")
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 14:00"]
    assert [at.astimezone(UTC).hour for _, at in asked(town)] == [17, 21]


def test_who_moves_after_the_ask_is_not_asked_twice_and_has_the_new_zones_time(town):
    town.play(THURSDAY + timedelta(minutes=30))
    town.sandbox.change_person("ULUIS", tz="America/Los_Angeles")
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 07:00", "Fri 03 Apr 14:00"]
    [request] = requests(town)
    pacific = ZoneInfo("America/Los_Angeles")
    assert request.due_at == datetime(2026, 4, 3, 16, tzinfo=pacific)
    assert request.close_at == datetime(2026, 4, 9, 10, tzinfo=pacific)
    town.play(THURSDAY + timedelta(days=7, hours=4))
    assert states(town) == ["missed", "open"]


@sqlite_only
def test_who_moves_over_the_asks_own_date_is_asked_late_and_not_left_out(town):
    """Thursday 09:30 in New York is half past midnight on Friday in Sydney."""
    town.play(THURSDAY.replace(hour=9, minute=30))
    town.sandbox.change_person("ULUIS", tz="Australia/Sydney")
    town.play(THURSDAY + timedelta(days=7))
    assert times_asked(town, "ULUIS") == [
        "Fri 03 Apr 09:00",
        "Mon 06 Apr 10:00",
        "Wed 08 Apr 10:00",
        "Thu 09 Apr 10:00",
    ]
    assert states(town) == ["missed", "open"]


@sqlite_only
def test_a_move_takes_no_time_away(town):
    """Friday noon in New York is Saturday in Sydney, where the request would have been due long ago."""
    town.play(FRIDAY.replace(hour=12))
    town.sandbox.change_person("ULUIS", tz="Australia/Sydney")
    town.play(FRIDAY.replace(hour=13))
    [request] = requests(town)
    assert (request.state, request.due_at) == ("open", FRIDAY.replace(hour=16))


def test_a_new_owner_is_asked_instead_in_their_own_hours(town):
    town.play(THURSDAY + timedelta(hours=1))
    hand_over(town, "UKAVYA")
    town.play(FRIDAY.replace(hour=1))
    assert times_asked(town, "UKAVYA") == ["Fri 03 Apr 09:00"]
    [old] = town.person("ULUIS").direct_messages()
    assert old["text"] == "Nothing waits in this message any more."
    assert "1 ask waits for you" in str(town.person("UKAVYA").opens_home())
    post_status(town, "UKAVYA")
    assert states(town) == ["submitted"]
    town.play(FRIDAY.replace(hour=23))
    assert len(asked(town)) == 2


@sqlite_only
def test_a_new_owner_of_an_overdue_request_is_asked_too(town):
    town.play(THURSDAY + timedelta(days=4))
    hand_over(town, "UDANA")
    town.play(THURSDAY + timedelta(days=5))
    assert times_asked(town, "UDANA") == ["Mon 06 Apr 10:00"]
    [message] = town.person("UDANA").direct_messages()
    assert message["text"].endswith("was due Fri 3 Apr.")
    assert states(town) == ["overdue"]


def test_where_an_owner_is_not_in_slack_or_has_left_who_runs_the_program_is_asked(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    with town.database.write(1) as session:
        session.execute(update(Person).where(Person.handle == "luis").values(slack_id=None))
    town.sandbox.change_person("UKAVYA", deleted=True)
    town.play(THURSDAY + timedelta(days=7))
    assert {user for user, _ in asked(town)} == {"UMAYA"}
    assert states(town) == states(town, "Fraud Signals") == ["missed", "open"]


def test_after_three_weeks_of_downtime_only_the_newest_is_asked_on_the_next_working_morning(town):
    town.play(THURSDAY)
    sunday = datetime(2026, 4, 26, 20, tzinfo=NEW_YORK)
    town.clock.move_to(sunday)
    town.timetable.run_due()
    assert [(r.local_date, r.state) for r in requests(town)] == [
        (date(2026, 4, 2), "missed"),
        (date(2026, 4, 23), "overdue"),
    ]
    assert len(asked(town)) == 1, "not on a Sunday evening"
    assert "1 ask waits for you" in str(town.person("ULUIS").opens_home())
    town.play(sunday + timedelta(days=2))
    assert times_asked(town, "ULUIS")[1:] == ["Mon 27 Apr 09:00"]


def test_what_is_answered_before_it_could_be_asked_is_not_asked(town):
    town.clock.move_to(datetime(2026, 4, 4, 12, tzinfo=NEW_YORK))  # down from Monday to Saturday
    town.timetable.run_due()
    post_status(town)
    town.play(datetime(2026, 4, 7, 12, tzinfo=NEW_YORK))
    assert states(town) == ["submitted_late"]
    assert town.person("ULUIS").direct_messages() == []


def test_several_processes_tick_at_once_and_everybody_is_asked_once(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    for moment in (THURSDAY, FRIDAY.replace(hour=14), FRIDAY.replace(hour=16), THURSDAY + timedelta(days=7)):
        town.clock.move_to(moment)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(take_due_steps, [town.runtime] * 8))
            list(pool.map(take_due_desks, [town.runtime] * 8))
        town.settle()
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 14:00", "Thu 09 Apr 10:00"]
    assert states(town) == states(town, "Fraud Signals") == ["missed", "open"]
