"""Slack's do-not-disturb: asked for in fifties, kept until it changes, and nobody is asked in it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.jobs.do_not_disturb import fetch_quiet_times
from bot.services import calendars, people
from models.tables import Desk, DoNotDisturb, Person
from models.tables.unit import add_row
from tests.asking import THURSDAY, sqlite_only
from tests.statements import statements_of
from tests.town import Town

WEDNESDAY = datetime(2026, 4, 1, 14, tzinfo=UTC)
QUIET = (WEDNESDAY - timedelta(hours=1), WEDNESDAY + timedelta(hours=3))


def calls(town: Town) -> list[list[str]]:
    return [call.args["users"].split(",") for call in town.sandbox.calls if call.method == "dnd.teamInfo"]


def desk(town: Town, *users: str, at: datetime = WEDNESDAY) -> None:
    with town.database.write(1) as session:
        session.query(Desk).delete()
        for user in users:
            person = people.by_slack_id(session, user)
            add_row(session, Desk, person_id=person.id, next_look_at=at)


def quiet_of(town: Town, user: str, now: datetime = WEDNESDAY):
    with town.database.read(1) as session:
        return calendars.reach_of(session, people.by_slack_id(session, user), now=now).quiet


def fetched(town: Town) -> list[list[str]]:
    before = len(calls(town))
    fetch_quiet_times(town.runtime)
    return [sorted(users) for users in calls(town)[before:]]


def test_only_those_who_are_asked_soon_are_asked_for_and_once(town):
    town.sandbox.set_quiet_time("ULUIS", QUIET)
    desk(town, "ULUIS", "UKAVYA", at=town.clock.now() + timedelta(minutes=50))
    assert fetched(town) == [["UKAVYA"]]  # luis's was told by the event
    assert fetched(town) == []
    desk(town, "UJONAS", at=town.clock.now() + timedelta(hours=2))
    assert fetched(town) == []
    assert quiet_of(town, "ULUIS") == QUIET
    assert quiet_of(town, "UKAVYA") is None


def test_what_is_over_or_old_is_asked_for_again(town):
    town.sandbox.set_quiet_time("ULUIS", QUIET)
    desk(town, "ULUIS", "UKAVYA", at=town.clock.now())
    fetched(town)
    town.clock.move_to(QUIET[1] + timedelta(minutes=1))
    assert fetched(town) == [["UKAVYA", "ULUIS"]]
    assert (
        fetched(town) == []
    )  # Slack still tells of the window that is over: nothing is known, and it is not asked at once
    assert quiet_of(town, "ULUIS", QUIET[1] + timedelta(minutes=1)) is None


def test_of_many_fifty_are_asked_for_at_a_time(town):
    with town.database.write(1) as session:
        for n in range(120):
            person = add_row(session, Person, slack_id=f"UMANY{n:03}", handle=f"many {n}")
            add_row(session, Desk, person_id=person, next_look_at=town.clock.now())
    assert [len(users) for users in fetched(town)] == [50, 50, 20]
    assert fetched(town) == []
    with town.database.read(1) as session:
        assert len(session.scalars(select(DoNotDisturb)).all()) == 120


def test_nobody_is_asked_in_their_quiet_time_and_at_once_after_it_ended_early(town):
    town.sandbox.set_quiet_time("ULUIS", (THURSDAY - timedelta(hours=2), THURSDAY + timedelta(hours=3)))
    town.play(THURSDAY + timedelta(hours=1))
    luis = town.person("ULUIS")
    assert luis.direct_messages() == []
    town.sandbox.set_quiet_time("ULUIS", None)
    town.play(THURSDAY + timedelta(hours=1, minutes=5))
    assert [message["text"][:16] for message in luis.direct_messages()] == ["1 ask for today."]


def test_after_its_quiet_time_the_message_comes_by_itself(town):
    town.sandbox.set_quiet_time("ULUIS", (THURSDAY - timedelta(hours=2), THURSDAY + timedelta(hours=3)))
    town.play(THURSDAY + timedelta(hours=3, minutes=1))
    assert len(town.person("ULUIS").direct_messages()) == 1


@sqlite_only
def test_without_the_scope_nothing_is_known_and_everybody_is_asked(town):
    town.refused.add("dnd.teamInfo")
    town.sandbox.workspace.installed.scopes -= {"dnd:read"}
    town.play(THURSDAY + timedelta(minutes=1))
    assert len(town.person("ULUIS").direct_messages()) == 1
    asked = len(calls(town))
    assert asked
    town.play(THURSDAY + timedelta(minutes=10))
    assert len(calls(town)) == asked


@sqlite_only
@pytest.mark.parametrize(
    "status",
    [
        {},
        {"dnd_enabled": True},
        {"dnd_enabled": True, "next_dnd_start_ts": "soon", "next_dnd_end_ts": None},
        {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1},
        {"dnd_enabled": True, "next_dnd_start_ts": 10**20, "next_dnd_end_ts": 10**21},
        {"dnd_enabled": False, "next_dnd_start_ts": 1_900_000_000, "next_dnd_end_ts": 1_900_003_600},
    ],
)
def test_what_is_no_window_is_none(town, status):
    event = {"type": "dnd_updated_user", "user": "ULUIS", "dnd_status": status}
    town.sandbox._courier.send_event(event, "ULUIS")
    assert quiet_of(town, "ULUIS") is None
    assert town.count(DoNotDisturb) == 1


@sqlite_only
def test_of_somebody_nobody_knows_nothing_is_kept(town):
    event = {"type": "dnd_updated_user", "user": "USTRANGER", "dnd_status": {"dnd_enabled": False}}
    town.sandbox._courier.send_event(event, "ULUIS")
    assert town.count(DoNotDisturb) == 0


@sqlite_only
def test_with_nobody_to_ask_for_a_tick_asks_one_statement(town):
    desk(town)
    with statements_of(town.database.reader) as asked, statements_of(town.database.writer) as written:
        fetch_quiet_times(town.runtime)
    assert len([each for each in asked if each.startswith("SELECT")]) == 1
    assert written == []


@sqlite_only
def test_the_sandbox_is_as_strict_as_slack(town):
    answer = town.sandbox.api(
        "dnd.teamInfo", {"users": ",".join(f"U{n}" for n in range(51))}, token="xoxb-sandbox"
    ).body
    assert answer == {"ok": False, "error": "too_many_users"}
    assert town.sandbox.api("dnd.teamInfo", {}, token="xoxb-sandbox").body["error"] == "invalid_arguments"
    known = town.sandbox.api("dnd.teamInfo", {"users": "ULUIS,UNOBODY,UGONE"}, token="xoxb-sandbox").body["users"]
    assert known == {"ULUIS": {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}}
    town.refused.add("dnd.teamInfo")
