"""Answers that never came, and claims that outlived their lease: looked for before it is said again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from bot.database import Database
from bot.jobs.delivery import Courier
from bot.services import claiming
from bot.services.outbox import LEASE
from tests.faulty_slack import Killed, dies_after, refuses, runs
from tests.post_office import PostOffice


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


@contextmanager
def second_courier(office: PostOffice) -> Iterator[Courier]:
    """Another process on the same database."""
    other = Database(office.runtime.database.url)
    yield Courier(replace(office.runtime, database=other))
    other.close()


def test_a_doubt_is_counted_although_slack_refused_in_between(database):
    office = PostOffice(database, without_optional_scopes=True)
    office.goes_wrong("chat.postMessage", "lost_answer", "rate_limited")
    office.post("first")
    for pause in (0, 5, 30):
        office.deliver(after=pause)
    assert office.said() == ["first", "first"]
    assert office.row("first").possibly_doubled


@pytest.mark.parametrize("kind", ["rate_limited", "http_500"])
def test_while_slack_cannot_be_asked_it_is_not_said_again(office, kind):
    office.goes_wrong("chat.postMessage", "lost_answer")
    office.goes_wrong("conversations.history", kind)
    office.post("first")
    for pause in (0, 5, 30):
        office.deliver(after=pause)
    assert office.said() == ["first"]
    assert not office.row("first").possibly_doubled
    assert office.row("first").state == "sent"


def test_what_was_found_is_changed_into_its_newest_words(office):
    """The answer was lost, and before it is looked for the record changes: the card must not stay behind."""
    office.goes_wrong("chat.postMessage", "lost_answer")
    office.show("card", 1)
    office.deliver()
    office.show("card", 2)
    office.deliver(after=5)
    assert office.said() == ["card v2"]
    office.show("card", 3)
    office.deliver(after=1)
    assert office.said() == ["card v3"]


def test_a_message_posted_anew_whose_answer_was_lost_is_posted_once(office):
    office.show("card", 1)
    office.deliver()
    office.slack.will("chat.update", refuses("message_not_found"), refuses("message_not_found"))
    office.goes_wrong("chat.postMessage", "lost_answer")
    office.show("card", 2)
    office.deliver(after=120)
    office.deliver(after=5)
    assert office.said() == ["card v1", "card v2"]


def test_a_receipt_whose_answer_was_lost_is_counted(office):
    office.goes_wrong("chat.postEphemeral", "lost_answer")
    office.whisper("receipt", to="CLEDGER", reader="ULUIS")
    office.deliver()
    office.deliver(after=5)
    assert office.said() == ["receipt", "receipt"]
    assert office.row("receipt").possibly_doubled


def test_a_lost_message_is_found_in_a_busy_channel_after_hours(office):
    office.slack.will("chat.postMessage", dies_after)
    office.post("first")
    with pytest.raises(Killed):
        office.deliver()
    office.restart()
    for number in range(120):
        arguments = {"channel": "CLEDGER", "text": f"talk {number}"}
        office.sandbox.api("chat.postMessage", arguments, token=office.sandbox.bot_token)
    office.deliver(after=6 * 3600)
    assert office.said().count("first") == 1


def test_a_slow_courier_has_nothing_in_hand_but_what_it_calls_for(office):
    """Its first call lasts longer than a lease; what waited meanwhile was never its own."""
    with second_courier(office) as second:

        def take_over() -> None:
            office.clock.move_to(office.clock.now() + LEASE + timedelta(seconds=1))
            second.deliver_due()

        office.slack.will("chat.postMessage", runs(take_over))
        for number in range(3):
            office.post(f"row:{number}", to=("CLEDGER", "CFRAUD", "ULUIS")[number])
        office.deliver()
        assert (office.said("CFRAUD"), office.said("ULUIS")) == (["row:1"], ["row:2"])
        assert [office.row(f"row:{number}").attempts for number in range(3)] == [2, 1, 1]


def test_what_another_has_just_claimed_is_not_sent_although_it_is_still_claimed(office):
    def take_over() -> None:
        office.clock.move_to(office.clock.now() + LEASE + timedelta(seconds=1))
        common = {"limit": 9, "most_posts": 9, "ours": set(), "rates": office.runtime.rates}
        with office.runtime.database.write(1) as session:
            claiming.claim(session, now=office.clock.now(), **common)

    office.slack.will("chat.postMessage", runs(take_over))
    office.post("first")
    office.post("second", to="CFRAUD")
    office.deliver()
    assert office.said("CFRAUD") == []
    assert office.states("first") == ["claimed"], "its new owner records what became of it"
    office.deliver(after=LEASE.total_seconds())
    assert (office.said(), office.said("CFRAUD")) == (["first"], ["second"])


def test_a_courier_that_lost_its_claim_does_not_overwrite_what_the_other_recorded(office):
    with second_courier(office) as second:

        def take_over(call: Callable[[], Any], slack: Any) -> Any:
            office.clock.move_to(office.clock.now() + LEASE + timedelta(seconds=1))
            second.deliver_due()
            return refuses("restricted_action")(call, slack)

        office.slack.will("chat.postMessage", take_over)
        office.post("first")
        office.deliver()
        assert (office.row("first").state, office.row("first").error) == ("sent", None)
        assert office.said() == ["first"]


def test_two_couriers_with_two_versions_of_a_message_leave_the_newer_one_standing(office):
    with second_courier(office) as second:

        def change_again() -> None:
            office.show("card", 3)
            second.deliver_due()

        office.show("card", 1)
        office.deliver()
        office.slack.will("chat.update", runs(change_again))
        office.show("card", 2)
        office.deliver(after=1)
        office.deliver(after=2)
        assert office.said() == ["card v3"]


def test_two_couriers_at_once_send_every_message_once(database_url):
    databases = [Database(database_url), Database(database_url)]
    office = PostOffice(databases[0])
    people = [f"UPERSON{number}" for number in range(50)]
    for user in people:
        office.sandbox.add_person(user, user.lower())
        office.post(f"ask:{user}", to=user)
    start = Barrier(2)

    def work(database: Database) -> None:
        courier = Courier(replace(office.runtime, database=database))
        start.wait()
        courier.deliver_due()

    threads = [Thread(target=work, args=[database]) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [office.said(user) for user in people] == [[f"ask:{user}"] for user in people]
    assert {office.row(f"ask:{user}").attempts for user in people} == {1}
    for database in databases:
        database.close()
