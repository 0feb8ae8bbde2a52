"""What was said first is read first, whoever sends it; but for what fails on and on or waits for morning."""

from dataclasses import replace

import pytest

from bot.database import Database
from bot.domain.retry import PAUSES, TRIES_IN_LINE
from bot.jobs.delivery import Courier
from bot.services import delivery, stops
from bot.services.outbox import LEASE
from tests.faulty_slack import Killed, dies_before, is_unreachable, refuses, runs
from tests.post_office import PostOffice, say

A_LEASE = LEASE.total_seconds()


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


def test_what_comes_after_a_killed_process_waits_for_what_it_took_along(office):
    office.slack.will("chat.postMessage", dies_before)
    office.post("first")
    with pytest.raises(Killed):
        office.deliver()
    office.restart()
    office.post("second")
    office.post("elsewhere", to="CFRAUD")
    for pause in (1, 5, 20):
        office.deliver(after=pause)
    assert (office.said(), office.said("CFRAUD")) == ([], ["elsewhere"])
    office.deliver(after=A_LEASE)
    office.deliver(after=1)
    assert office.said() == ["first", "second"]


def test_what_another_process_has_under_way_is_read_first(office):
    other = Database(office.runtime.database.url)
    second = Courier(replace(office.runtime, database=other))

    def meanwhile() -> None:
        office.post("second")
        second.deliver_due()
        assert office.said() == []

    office.slack.will("chat.postMessage", runs(meanwhile))
    office.post("first")
    office.deliver()
    office.clock.wait(3)
    second.deliver_due()
    assert office.said() == ["first", "second"]
    other.close()


def test_what_is_held_for_a_second_is_not_overtaken_after_a_restart(office):
    office.post("first")
    office.post("second")
    office.deliver()
    office.post("third")
    office.restart()
    office.deliver()
    assert office.said() == ["first"]
    office.settle()
    assert office.said() == ["first", "second", "third"]


def test_a_burst_leaves_at_a_message_a_second(office):
    for number in range(10):
        office.post(f"{number}")
    office.settle(9)
    assert office.said() == [f"{number}" for number in range(9)]
    office.deliver()
    assert office.said() == [f"{number}" for number in range(10)]


def test_what_slack_did_not_take_for_a_moment_keeps_its_place_in_the_line(office):
    office.slack.will("chat.postMessage", refuses("internal_error"), is_unreachable)
    office.post("first")
    office.deliver()
    office.post("second")
    office.deliver(after=1)
    assert office.said() == []
    office.deliver(after=5)
    office.settle(120)
    assert office.said() == ["first", "second"]


def test_what_fails_again_and_again_holds_up_nobody_and_comes_when_it_can(office):
    office.slack.will("chat.postMessage", *[refuses("internal_error")] * (TRIES_IN_LINE + 1))
    office.post("first")
    office.post("second")
    for pause in (0, *PAUSES[:TRIES_IN_LINE]):
        office.deliver(after=pause)
    assert office.said() == []
    office.settle(120)
    assert office.said() == ["second"]
    office.deliver(after=PAUSES[TRIES_IN_LINE])
    assert office.said() == ["second", "first"]


def test_an_ask_for_the_morning_holds_up_nobody(office):
    with office.runtime.database.write(1) as session:
        ask = {"to": "URUBY", "version": None, "asked_in": "Australia/Sydney"}  # where it is midnight
        delivery.show(session, say("ask"), key="ask", now=office.clock.now(), **ask)
    office.post("answer", to="URUBY")
    office.settle()
    assert office.said("URUBY") == ["answer"]


def test_a_line_in_a_thread_waits_for_the_card_that_slack_refused_for_now(office):
    office.slack.will("chat.postMessage", refuses("ratelimited", status=429, retry_after=20))
    office.show("card", 1)
    reply(office, "line")
    office.deliver()
    office.settle()
    assert (office.said(), office.states("line")) == ([], ["queued"])
    office.deliver(after=30)
    office.settle()
    assert (office.states("card"), office.states("line")) == (["sent"], ["sent"])
    [card] = office.sandbox.person("ULUIS").reads("CLEDGER")
    assert [m["text"] for m in office.sandbox.person("ULUIS").thread("CLEDGER", card["ts"])] == ["card v1", "line"]


def test_once_the_bot_is_invited_the_lines_follow_the_card_into_its_thread(office):
    office.show("card", 1, to="CCLOSED")
    reply(office, "line", to="CCLOSED")
    office.settle()
    assert (office.states("card"), office.states("line")) == (["queued"], ["queued"])
    office.sandbox.person("ULUIS").invites_bot("CCLOSED")
    with office.runtime.database.write(1) as session:
        stops.lift(session, "CCLOSED", now=office.clock.now())
    office.settle()
    assert (office.states("card"), office.states("line")) == (["sent"], ["sent"])


def reply(office, words, *, under="card", to="CLEDGER"):
    with office.runtime.database.write(1) as session:
        delivery.reply(session, say(words), key=words, under=under, to=to, now=office.clock.now())
