"""What nobody waits for: said once, in its newest words, in its turn, and only if its cause was saved."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.database import Database
from bot.services import delivery, handled, stops
from models.tables.unit import write_what_waits
from tests.faulty_slack import refuses, runs
from tests.post_office import PostOffice, say
from tests.town import MONDAY, Town


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


def test_the_same_thing_is_said_once(office):
    office.post("rollup:1:W13")
    office.deliver()
    office.post("rollup:1:W13")
    office.deliver(after=5)
    assert office.said() == ["rollup:1:W13"]


def test_what_was_queued_before_a_savepoint_is_said_when_the_savepoint_is_undone(office):
    now = office.clock.now()
    with office.runtime.database.write(1) as session:
        delivery.post(session, say("around"), key="around", to="CLEDGER", now=now)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            delivery.post(session, say("within"), key="within", to="CLEDGER", now=now)
            raise ZeroDivisionError
    office.deliver()
    assert office.said() == ["around"]


def test_nothing_is_said_that_was_not_saved(office):
    def fail_after_queueing() -> None:
        with office.runtime.database.write(1) as session:
            delivery.post(session, say("never"), key="never", to="CLEDGER", now=office.clock.now())
            raise KeyError("the record could not be saved")

    with pytest.raises(KeyError):
        fail_after_queueing()
    office.deliver()
    assert office.said() == []


def test_only_the_newest_of_waiting_versions_is_sent(office):
    for version in (1, 2, 3):
        office.show("card", version)
    office.deliver()
    assert office.said() == ["card v3"]
    for version in (4, 5):
        office.show("card", version)
    office.deliver(after=1)
    assert office.said() == ["card v5"]
    assert office.slack.count("chat.update") == 1


def test_an_older_version_never_replaces_a_newer_one(office):
    office.show("card", 3)
    office.show("card", 2)
    office.deliver()
    office.show("card", 1)
    office.deliver(after=1)
    assert office.said() == ["card v3"]


def test_a_change_waits_for_the_message_it_changes(office):
    office.slack.will("chat.postMessage", runs(lambda: office.show("card", 2)))
    office.show("card", 1)
    office.deliver()
    assert office.said() == ["card v2"], "changed as soon as it stood"
    assert office.states("card") == ["sent", "sent"]


def test_a_change_of_a_message_that_slack_refuses_for_now_waits_as_long_as_the_message(office):
    def change_then_refuse(call, slack):
        office.show("card", 2)
        return refuses("ratelimited", status=429, retry_after=40)(call, slack)

    office.slack.will("chat.postMessage", change_then_refuse)
    office.show("card", 1)
    office.deliver()
    office.deliver(after=1)
    assert {row.due_at - MONDAY for row in office.rows("card")} == {timedelta(seconds=40)}
    office.deliver(after=39)
    assert office.said() == ["card v2"]


def test_the_same_words_are_not_sent_again_by_a_change_that_came_while_the_post_was_retried(office):
    office.slack.will("chat.postMessage", runs(lambda: office.show("card", 2)))
    office.goes_wrong("chat.update", "rate_limited", seconds=10)
    office.show("card", 1)
    office.deliver()
    office.show("card", 3)
    office.deliver(after=11)
    assert office.said() == ["card v3"]
    assert office.slack.count("chat.update") == 2, "one that was refused, one for both changes"


def test_a_message_somebody_deleted_is_posted_anew(office):
    office.show("card", 1)
    office.deliver()
    [standing] = office.sandbox.person("ULUIS").reads("CLEDGER")
    office.sandbox.api("chat.delete", {"channel": "CLEDGER", "ts": standing["ts"]}, token=office.sandbox.bot_token)
    office.show("card", 2)
    office.deliver(after=5)
    office.show("card", 3)
    office.deliver(after=5)
    assert office.said() == ["card v3"]


def test_cards_of_a_channel_without_the_bot_leave_in_their_newest_words_when_it_is_invited(office):
    office.show("card", 1, to="CCLOSED")
    office.deliver()
    office.show("card", 2, to="CCLOSED")
    office.post("other", to="CCLOSED")
    office.deliver(after=1)
    assert office.said("CCLOSED") == []

    office.sandbox.person("ULUIS").invites_bot("CCLOSED")
    with office.runtime.database.write(1) as session:
        stops.lift(session, "CCLOSED", now=office.clock.now())
    office.settle()
    assert sorted(office.said("CCLOSED")) == ["card v2", "other"]
    assert office.slack.count("chat.update") == 0

    with office.runtime.database.write(1) as session:
        stops.lift(session, "CCLOSED", now=office.clock.now())
    office.settle()
    assert sorted(office.said("CCLOSED")) == ["card v2", "other"]


def test_inviting_the_bot_to_a_project_that_was_set_up_without_it_shows_what_waited(town: Town):
    town.refused |= {"chat.postMessage", "chat.postEphemeral"}
    town.set_up_project("UKAVYA", "CEMPTY", "Fraud Signals")
    kavya = town.person("UKAVYA")
    kavya.types("CEMPTY", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor"})
    assert not [m for m in kavya.reads("CEMPTY") if m["text"].startswith("New")]
    kavya.invites_bot("CEMPTY")
    assert town.card("CEMPTY", "New Extreme risk R-1 in Fraud Signals")


def test_a_channel_gets_a_message_a_second_and_no_other_waits_for_it(database):
    office = PostOffice(database, rate_limits=True)
    for number in range(3):
        office.post(f"busy:{number}")
    office.post("calm", to="CFRAUD")
    office.deliver()
    assert (office.said(), office.said("CFRAUD")) == (["busy:0"], ["calm"])
    office.settle(3)
    assert office.said() == ["busy:0", "busy:1", "busy:2"]
    times = [call.at for call in office.calls("chat.postMessage") if call.args["channel"] == "CLEDGER"]
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(times))
    assert not office.sandbox.refusals


def test_who_waited_longest_is_next_however_busy_the_channel_is(office):
    for number in range(6):
        office.post(f"old:{number}")
    for number in range(6):
        office.deliver()
        office.clock.wait(0.5)
        office.post(f"new:{number}")
        office.clock.wait(0.5)
    assert office.said() == [f"old:{number}" for number in range(6)]


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_home_is_drawn_after_what_changed_it_is_saved(office):
    """A unit that found the refresh queued already is saved before it is drawn (SQLite: one unit writes at a time)."""
    with office.runtime.database.write(1) as session:
        delivery.remember_home(session, "ULUIS", now=office.clock.now())
        delivery.publish_home(session, ["ULUIS"], now=office.clock.now())
    with office.runtime.database.write(1) as session:
        delivery.publish_home(session, ["ULUIS"], now=office.clock.now())
        write_what_waits(session)
        office.deliver()
        assert office.slack.count("views.publish") == 0, "the change is not saved yet"
    office.deliver()
    assert office.slack.count("views.publish") == 1


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_home_that_was_drawn_before_a_change_was_saved_is_drawn_again(office):
    with office.runtime.database.write(1) as session:
        delivery.remember_home(session, "ULUIS", now=office.clock.now())
        delivery.publish_home(session, ["ULUIS"], now=office.clock.now())
    with office.runtime.database.write(1) as session:
        office.clock.wait(1)
        delivery.publish_home(session, ["ULUIS"], now=office.clock.now())
        office.deliver()
        assert office.slack.count("views.publish") == 1
    office.deliver()
    assert office.slack.count("views.publish") == 2


def test_bodies_of_what_was_sent_are_emptied_after_a_week_and_what_waits_is_kept(office):
    office.post("sent")
    office.deliver()
    office.slack.will("chat.postMessage", refuses("not_in_channel"))
    office.post("waits", to="CFRAUD")
    office.deliver()
    with office.runtime.database.everywhere() as session:
        handled.forget_old(session, now=office.clock.now() + timedelta(days=8))
    assert office.row("sent").body == {}
    assert office.row("waits").body["text"] == "waits"


def test_words_that_were_overtaken_are_neither_sent_nor_kept(office):
    def change_then_refuse(call, slack):
        office.show("card", 3)
        return refuses("ratelimited", status=429)(call, slack)

    office.show("card", 1)
    office.deliver()
    office.slack.will("chat.update", change_then_refuse)
    office.show("card", 2)
    office.deliver(after=1)
    office.deliver(after=5)
    assert office.said() == ["card v3"]
    assert [(row.state, row.body == {}) for row in office.rows("card")[1:]] == [("superseded", True), ("sent", False)]
    assert office.said() == ["card v3"]


def test_what_is_taken_back_before_it_was_said_is_never_said(office):
    office.show("card", 1)
    office.remove("card", 2)
    office.settle()
    assert office.said() == []
    assert office.states("card") == ["superseded"]


def test_what_stands_is_removed_and_no_change_on_its_way_brings_it_back(office):
    office.show("card", 1)
    office.deliver()
    office.show("card", 2)
    office.remove("card", 3)
    office.settle()
    assert office.said() == []
    assert office.states("card") == ["sent", "superseded", "sent"]


def test_what_is_shown_again_after_it_was_removed_is_posted_anew(office):
    office.show("card", 1)
    office.deliver()
    office.remove("card", 2)
    office.show("card", 3)
    office.settle()
    assert office.said() == ["card v3"]
    assert len(office.calls("chat.postMessage")) == 2


def test_what_somebody_else_deleted_counts_as_removed(office):
    office.show("card", 1)
    office.deliver()
    [posted] = office.sandbox.person("ULUIS").reads("CLEDGER")
    office.runtime.slack.chat_delete(channel="CLEDGER", ts=posted["ts"])
    office.remove("card", 2)
    office.settle()
    assert office.states("card") == ["sent", "sent"]


@pytest.mark.parametrize("fault", ["lost_answer", "internal_error"])
def test_a_removal_whose_answer_was_lost_is_tried_again(office, fault):
    office.show("card", 1)
    office.deliver()
    office.goes_wrong("chat.delete", fault)
    office.remove("card", 2)
    office.deliver()
    office.deliver(after=60)
    assert office.said() == []
    assert office.states("card") == ["sent", "sent"]


def test_a_post_whose_answer_was_lost_is_found_and_removed(office):
    office.goes_wrong("chat.postMessage", "lost_answer")
    office.show("card", 1)
    office.deliver()
    office.remove("card", 2)
    for _ in range(4):
        office.deliver(after=30)
    assert office.said() == []


def test_what_failed_for_want_of_an_invitation_is_not_said_after_it_was_taken_back(office):
    office.sandbox.add_channel("CEMPTY", "no-bot", ["ULUIS"])
    office.show("card", 1, to="CEMPTY")
    office.deliver()
    assert office.states("card") == ["queued"]
    office.remove("card", 2, to="CEMPTY")
    office.sandbox.person("ULUIS").invites_bot("CEMPTY")
    with office.runtime.database.write(1) as session:
        stops.lift(session, "CEMPTY", now=office.clock.now())
    office.settle()
    assert office.said("CEMPTY") == []
