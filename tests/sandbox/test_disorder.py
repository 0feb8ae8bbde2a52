"""Deliveries that go wrong on purpose: twice, late, or in another order than they were made."""

from bot.clock import MovableClock
from bot.sandbox import Person, Sandbox
from bot.sandbox.courier import Retry
from bot.sandbox.faults import Fault
from tests.sandbox.browser import Doing, wait_until
from tests.sandbox.conftest import LUIS, MAYA, OPEN, PROJECT, App


def test_what_a_person_does_is_delivered_twice_and_answered_once(sandbox: Sandbox, luis: Person) -> None:
    app = App(sandbox)
    app.answers({"text": "Logged"})
    sandbox.faults.add(Fault("repeated", times=1))
    assert [shown["text"] for shown in luis.types(PROJECT, "/risk").shown] == ["Logged"]
    assert app.got[0] == app.got[1]
    luis.types(PROJECT, "/risk")
    assert (len(app.got), app.retries) == (3, [None, None, None])


def test_an_event_that_comes_twice_says_so(sandbox: Sandbox, luis: Person) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("repeated", times=1))
    luis.invites_bot(OPEN)
    assert app.got[0] == app.got[1]
    assert app.retries == [None, Retry(1, "http_timeout")]


def test_an_event_comes_late_by_the_workspaces_clock(sandbox: Sandbox, luis: Person, clock: MovableClock) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("delayed", times=1, seconds=90))
    luis.invites_bot(OPEN)
    clock.wait(89)
    assert (sandbox.redeliver_events(only_due=True), app.got) == (1, [])
    clock.wait(1)
    assert sandbox.redeliver_events(only_due=True) == 0
    assert app.last["event"]["type"] == "member_joined_channel"
    assert app.retries == [None]


def test_an_event_is_overtaken_by_the_next(sandbox: Sandbox, luis: Person, maya: Person) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("reordered"))
    luis.invites_bot(OPEN)
    assert app.got == []
    sandbox.change_person(MAYA, tz="UTC")
    assert [payload["event"]["type"] for _, payload in app.got] == ["user_change", "member_joined_channel"]


def test_an_event_that_nothing_overtakes_comes_all_the_same(
    sandbox: Sandbox, luis: Person, clock: MovableClock
) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("reordered", seconds=2))
    luis.invites_bot(OPEN)
    clock.wait(2)
    assert (sandbox.redeliver_events(only_due=True), len(app.got)) == (0, 1)


def test_of_two_people_the_second_is_heard_first(sandbox: Sandbox, luis: Person, maya: Person) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("reordered", times=1, seconds=30))
    first = Doing(lambda: luis.types(PROJECT, "/risk"))
    wait_until(lambda: sandbox.faults.active() == [])
    maya.types(PROJECT, "/risk")
    first.ends()
    assert [payload["user_id"] for _, payload in app.got] == [MAYA, LUIS]


def test_what_a_person_did_alone_waits_for_nobody_for_long(sandbox: Sandbox, luis: Person) -> None:
    App(sandbox).answers({"text": "Logged"})
    sandbox.faults.add(Fault("reordered", seconds=0.05))
    assert luis.types(PROJECT, "/risk").text == "Logged"
