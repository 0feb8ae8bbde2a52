"""Slack says 429: that bucket rests, everything else goes on, and no message loses its place or its tries."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.database import Database
from bot.domain.pace import Rates
from tests.faulty_slack import refuses
from tests.post_office import PostOffice
from tests.statements import statements_of


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


def limited(seconds: int) -> object:
    return refuses("ratelimited", status=429, retry_after=seconds)


def test_a_channel_that_is_refused_keeps_its_order_and_no_other_waits(office):
    office.goes_wrong("chat.postMessage", "rate_limited", seconds=30)
    for number in range(3):
        office.post(f"busy:{number}")
    office.deliver()
    office.post("calm", to="CFRAUD")
    office.post("late")
    office.deliver(after=1)
    assert (office.said(), office.said("CFRAUD")) == ([], ["calm"])
    office.deliver(after=28)
    assert office.said() == []
    office.deliver(after=1)
    office.settle()
    assert office.said() == ["busy:0", "busy:1", "busy:2", "late"]
    assert office.slack.count("chat.postMessage") == 6, "one was refused, and none tried in vain"


def test_a_second_channel_that_is_refused_means_the_workspace(office):
    office.goes_wrong("chat.postMessage", "rate_limited", "rate_limited", seconds=20)
    office.post("first")
    office.post("second", to="CFRAUD")
    office.post("third", to="ULUIS")
    office.deliver()
    assert office.slack.count("chat.postMessage") == 2
    office.deliver(after=19)
    assert office.slack.count("chat.postMessage") == 2
    office.deliver(after=1)
    assert (office.said(), office.said("CFRAUD"), office.said("ULUIS")) == (["first"], [], []), "at its pace again"
    office.settle()
    assert (office.said("CFRAUD"), office.said("ULUIS")) == (["second"], ["third"])


def test_another_method_goes_on(office):
    office.show("card", 1)
    office.deliver()
    office.goes_wrong("chat.update", "rate_limited", seconds=60)
    office.show("card", 2)
    office.deliver(after=2)
    office.show("other", 1, to="CFRAUD")
    office.post("line")
    office.deliver(after=1)
    assert (office.said(), office.said("CFRAUD")) == (["card v1", "line"], ["other v1"])
    office.show("other", 2, to="CFRAUD")
    office.deliver(after=1)
    assert office.slack.count("chat.update") == 1, "the whole method rests"
    office.deliver(after=60)
    assert (office.said(), office.said("CFRAUD")) == (["card v2", "line"], ["other v2"])


def test_however_often_it_is_refused_it_is_not_given_up(office):
    office.slack.will("chat.postMessage", *[refuses("ratelimited", status=429)] * 30)
    office.post("rollup")
    for _ in range(31):
        office.deliver(after=5)
    assert office.said() == ["rollup"]
    assert office.row("rollup").attempts == 1


def test_what_waits_is_not_looked_at_again_until_it_may_leave(office):
    office.goes_wrong("chat.postMessage", "rate_limited", seconds=30)
    for number in range(50):
        office.post(f"{number}")
    office.deliver()
    soonest = min(row.due_at for number in range(50) for row in office.rows(f"{number}"))
    assert soonest - office.clock.now() == timedelta(seconds=30)
    with statements_of(office.runtime.database.writer) as asked:
        office.deliver(after=1)
    assert not [statement for statement in asked if statement.lstrip().startswith("UPDATE")]


def test_all_of_a_workspace_keeps_its_rate(database):
    office = PostOffice(database, rates=Rates(messages_per_minute=60))
    for number in range(15):
        office.sandbox.add_person(f"UPERSON{number}", f"person{number}")
        office.post(f"{number}", to=f"UPERSON{number}")
    office.deliver()
    assert office.slack.count("chat.postMessage") == 5, "a burst after a pause"
    for _ in range(10):
        office.deliver(after=1)
    times = [call.at for call in office.calls("chat.postMessage")]
    assert len(times) == 15
    assert {later - earlier for earlier, later in pairwise(times[4:])} == {timedelta(seconds=1)}


def test_two_processes_keep_the_rate_of_one(database):
    office = PostOffice(database, rates=Rates(messages_per_minute=60))
    for number in range(12):
        office.sandbox.add_person(f"UPERSON{number}", f"person{number}")
        office.post(f"{number}", to=f"UPERSON{number}")
    for _ in range(3):
        office.deliver()
        office.restart()
        office.deliver()
        office.clock.wait(1)
    assert office.slack.count("chat.postMessage") == 7


def test_a_busy_workspace_holds_up_no_other_kind_of_call(database):
    office = PostOffice(database, rates=Rates(messages_per_minute=60))
    office.show("card", 1)
    office.deliver()
    office.clock.wait(60)
    for number in range(200):
        office.sandbox.add_person(f"UPERSON{number}", f"person{number}")
        office.post(f"{number}", to=f"UPERSON{number}")
    office.show("card", 2)
    office.deliver()
    assert office.said() == ["card v2"]
