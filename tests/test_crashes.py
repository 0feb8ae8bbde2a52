"""The process ends between any two steps: nothing is lost or said twice, and what cannot be known is counted."""

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import build_app
from bot.database import Database
from bot.jobs.delivery import Courier
from bot.sandbox.server import SandboxServer
from bot.scheduler import Timetable
from bot.services.outbox import LEASE
from models.tables import HandledDelivery, History, Outbox, Risk
from tests.doomed import deliver_until_killed
from tests.faulty_slack import Killed, breaks_after, dies_after, dies_before, refuses, runs
from tests.post_office import PostOffice
from tests.town import Town

A_LEASE = LEASE.total_seconds()


class Mortal(Database):
    """Dies at the end of its n-th writing unit, before or after the commit."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.units_left: int | None = None
        self.saves_last = False

    def dies_in(self, units: int, *, saved: bool) -> None:
        self.units_left, self.saves_last = units, saved

    @contextmanager
    def write(self, workspace_id: int) -> Iterator[Session]:
        last = self.units_left == 1
        self.units_left = None if last else self.units_left and self.units_left - 1
        with super().write(workspace_id) as session:
            yield session
            if last and not self.saves_last:
                raise Killed("before the commit")
        if last:
            raise Killed("after the commit")


@pytest.fixture
def mortal(database_url: str) -> Iterator[Mortal]:
    database = Mortal(database_url)
    yield database
    database.close()


@pytest.fixture
def office(mortal: Mortal) -> PostOffice:
    return PostOffice(mortal)


def die(office: PostOffice) -> None:
    with pytest.raises(Killed):
        office.deliver()
    office.restart()


def before_its_turn_is_noted(office: PostOffice, mortal: Mortal) -> None:
    mortal.dies_in(1, saved=False)


def before_the_call(office: PostOffice, mortal: Mortal) -> None:
    mortal.dies_in(1, saved=True)


def in_the_call(office: PostOffice, mortal: Mortal) -> None:
    office.slack.will("chat.postMessage", dies_before)


def with_the_answer_in_hand(office: PostOffice, mortal: Mortal) -> None:
    office.slack.will("chat.postMessage", dies_after)


def while_the_answer_is_saved(office: PostOffice, mortal: Mortal) -> None:
    mortal.dies_in(2, saved=False)


def after_the_answer_is_saved(office: PostOffice, mortal: Mortal) -> None:
    mortal.dies_in(2, saved=True)


MOMENTS = [
    before_its_turn_is_noted,
    before_the_call,
    in_the_call,
    with_the_answer_in_hand,
    while_the_answer_is_saved,
    after_the_answer_is_saved,
]
IN_FLIGHT = {before_the_call, in_the_call, with_the_answer_in_hand, while_the_answer_is_saved}


@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_the_process_dies_everything_is_said_once(office, mortal, moment):
    office.post("first")
    office.post("second", to="CFRAUD")
    office.post("third", to="ULUIS")
    moment(office, mortal)
    die(office)
    office.deliver(after=1)
    said_early = office.said() + office.said("CFRAUD") + office.said("ULUIS")
    assert set(said_early) <= {"first"}, "what is claimed belongs to its claim until the lease ends"
    office.deliver(after=A_LEASE)
    assert (office.said(), office.said("CFRAUD"), office.said("ULUIS")) == (["first"], ["second"], ["third"])
    looks = office.slack.count("conversations.history")
    assert looks == (1 if moment in IN_FLIGHT else 0), "only the one in flight is looked for"


@pytest.mark.parametrize("moment", MOMENTS)
def test_without_the_right_to_look_the_one_in_flight_is_counted(mortal, moment):
    office = PostOffice(mortal, without_optional_scopes=True)
    office.post("first")
    office.post("second", to="CFRAUD")
    moment(office, mortal)
    die(office)
    office.deliver(after=A_LEASE)
    assert set(office.said()) == {"first"}
    assert len(office.said()) == (2 if moment in (with_the_answer_in_hand, while_the_answer_is_saved) else 1)
    assert office.row("first").possibly_doubled is (moment in IN_FLIGHT)
    assert office.said("CFRAUD") == ["second"]
    assert not office.row("second").possibly_doubled


def test_a_doubt_is_counted_although_slack_refused_in_between(mortal):
    office = PostOffice(mortal, without_optional_scopes=True)
    office.slack.will("chat.postMessage", breaks_after, refuses("ratelimited", status=429))
    office.post("first")
    for pause in (0, 5, 30):
        office.deliver(after=pause)
    assert office.said() == ["first", "first"]
    assert office.row("first").possibly_doubled


@pytest.mark.parametrize("error", ["ratelimited", "internal_error"])
def test_while_slack_cannot_be_asked_it_is_not_said_again(office, error):
    office.slack.will("chat.postMessage", breaks_after)
    office.slack.will("conversations.history", refuses(error, status=429 if error == "ratelimited" else 500))
    office.post("first")
    for pause in (0, 5, 30):
        office.deliver(after=pause)
    assert office.said() == ["first"]
    assert not office.row("first").possibly_doubled
    assert office.row("first").state == "sent"


def test_what_was_found_is_changed_into_its_newest_words(office):
    """The answer was lost, and before it is looked for the record changes: the card must not stay behind."""
    office.slack.will("chat.postMessage", breaks_after)
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
    office.slack.will("chat.postMessage", breaks_after)
    office.show("card", 2)
    office.deliver(after=120)
    office.deliver(after=5)
    assert office.said() == ["card v1", "card v2"]


def test_a_receipt_whose_answer_was_lost_is_counted(office):
    office.slack.will("chat.postEphemeral", breaks_after)
    office.whisper("receipt", to="CLEDGER", reader="ULUIS")
    office.deliver()
    office.deliver(after=5)
    assert office.said() == ["receipt", "receipt"]
    assert office.row("receipt").possibly_doubled


def test_a_lost_message_is_found_in_a_busy_channel_after_hours(office):
    office.slack.will("chat.postMessage", dies_after)
    office.post("first")
    die(office)
    for number in range(120):
        arguments = {"channel": "CLEDGER", "text": f"talk {number}"}
        office.sandbox.api("chat.postMessage", arguments, token=office.sandbox.bot_token)
    office.deliver(after=6 * 3600)
    assert office.said().count("first") == 1


def test_a_slow_courier_does_not_send_what_another_took_over(office, database_url):
    """Its first call lasts longer than a lease; the other rows of its batch have become somebody else's."""
    other = Database(database_url)
    second = Courier(replace(office.runtime, database=other))

    def take_over() -> None:
        office.clock.move_to(office.clock.now() + LEASE + timedelta(seconds=1))
        second.deliver_due()

    office.slack.will("chat.postMessage", runs(take_over))
    for number in range(3):
        office.post(f"row:{number}", to=("CLEDGER", "CFRAUD", "ULUIS")[number])
    office.deliver()
    assert (office.said("CFRAUD"), office.said("ULUIS")) == (["row:1"], ["row:2"])
    assert office.row("row:1").attempts == 2
    other.close()


def test_a_courier_that_lost_its_claim_does_not_overwrite_what_the_other_recorded(office, database_url):
    other = Database(database_url)
    second = Courier(replace(office.runtime, database=other))

    def take_over(call: Callable[[], Any], slack: Any) -> Any:
        office.clock.move_to(office.clock.now() + LEASE + timedelta(seconds=1))
        second.deliver_due()
        return refuses("restricted_action")(call, slack)

    office.slack.will("chat.postMessage", take_over)
    office.post("first")
    office.deliver()
    assert (office.row("first").state, office.row("first").error) == ("sent", None)
    assert office.said() == ["first"]
    other.close()


def test_two_couriers_with_two_versions_of_a_message_leave_the_newer_one_standing(office, database_url):
    other = Database(database_url)
    second = Courier(replace(office.runtime, database=other))

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
    other.close()


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


def count(town: Town, table: type) -> int:
    with town.database.read(1) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("saved", [False, True], ids=["before the commit", "after the commit"])
def test_a_process_that_dies_while_it_saves_leaves_all_or_nothing(mortal, saved):
    town = Town(mortal)
    town.set_up_program()
    town.set_up_project()
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    before = [count(town, table) for table in (Risk, History, Outbox, HandledDelivery)]
    mortal.dies_in(1, saved=saved)
    with pytest.raises(Killed):
        luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    after = [count(town, table) for table in (Risk, History, Outbox, HandledDelivery)]
    assert (before == after) is not saved

    town.app, town.timetable = build_app(town.runtime, town.identity), Timetable(town.runtime)
    town.sandbox.repeat_last_delivery()
    town.settle()
    assert count(town, Risk) == 1
    assert len([m for m in luis.reads("CLEDGER") if m["text"].startswith("New Extreme risk R-1")]) == 1
    assert not luis.modals


def test_a_real_process_that_is_killed_loses_and_doubles_nothing(sqlite_template, tmp_path):
    """Killed with one message sent and not recorded, and one claimed and not sent."""
    shutil.copy(sqlite_template, tmp_path / "stationmaster.db")
    url = f"sqlite:///{tmp_path / 'stationmaster.db'}"
    database = Database(url)
    office = PostOffice(database)
    office.post("first")
    office.post("second", to="CFRAUD")
    server = SandboxServer(office.sandbox, page_dir=tmp_path)
    server.start()
    spawn = multiprocessing.get_context("spawn")
    reached = spawn.Event()
    process = spawn.Process(target=deliver_until_killed, args=(url, f"{server.url}/api/", office.slack.token, reached))
    process.start()
    assert reached.wait(20)
    process.kill()
    process.join()
    assert (office.said(), office.said("CFRAUD")) == (["first"], [])

    office.deliver(after=A_LEASE)
    assert (office.said(), office.said("CFRAUD")) == (["first"], ["second"])
    server.stop()
    database.close()
