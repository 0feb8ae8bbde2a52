"""The process ends between any two steps: nothing is lost or said twice, and what cannot be known is counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.app import build_app
from bot.database import Database
from bot.domain.pace import MESSAGES, channel_bucket
from bot.scheduler import Timetable
from bot.services import pace
from bot.services.outbox import LEASE
from models.tables import HandledDelivery, History, Outbox, Risk
from tests.faulty_slack import Killed, dies_after, dies_before
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
    said_before = office.said()
    office.deliver(after=1)
    assert (office.said("CFRAUD"), office.said("ULUIS")) == (["second"], ["third"]), "nobody had them in hand"
    if moment is not before_its_turn_is_noted:
        assert office.said() == said_before, "what is claimed belongs to its claim until the lease ends"
    office.deliver(after=A_LEASE)
    assert (office.said(), office.said("CFRAUD"), office.said("ULUIS")) == (["first"], ["second"], ["third"])
    looks = office.slack.count("conversations.history")
    assert looks == (1 if moment in IN_FLIGHT else 0), "only the one in flight is looked for"


@pytest.mark.parametrize("moment", [before_its_turn_is_noted, in_the_call, with_the_answer_in_hand])
def test_without_the_right_to_look_the_one_in_flight_is_counted(mortal, moment):
    office = PostOffice(mortal, without_optional_scopes=True)
    office.post("first")
    office.post("second", to="CFRAUD")
    moment(office, mortal)
    die(office)
    office.deliver(after=A_LEASE)
    assert set(office.said()) == {"first"}
    assert len(office.said()) == (2 if moment is with_the_answer_in_hand else 1)
    assert office.row("first").possibly_doubled is (moment in IN_FLIGHT)
    assert office.said("CFRAUD") == ["second"]
    assert not office.row("second").possibly_doubled


@pytest.mark.parametrize("saved", [False, True], ids=["before the commit", "after the commit"])
def test_a_process_that_dies_while_it_saves_leaves_all_or_nothing(mortal, saved):
    town = Town(mortal)
    town.set_up_program()
    town.set_up_project()
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    before = [town.count(table) for table in (Risk, History, Outbox, HandledDelivery)]
    mortal.dies_in(1, saved=saved)
    with pytest.raises(Killed):
        luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    after = [town.count(table) for table in (Risk, History, Outbox, HandledDelivery)]
    assert (before == after) is not saved

    town.app, town.timetable = build_app(town.runtime, town.identity), Timetable(town.runtime)
    town.sandbox.repeat_last_delivery()
    town.settle()
    assert town.count(Risk) == 1
    assert len([m for m in luis.reads("CLEDGER") if m["text"].startswith("New Extreme risk R-1")]) == 1
    assert not luis.modals


@pytest.mark.parametrize("bucket", [MESSAGES, channel_bucket("CLEDGER")])
def test_a_card_that_changes_while_its_lost_post_waits_for_its_turn_is_posted_once(office, bucket):
    """It may stand in Slack: it is looked for first, also where the pace of posts would let a change go before it."""
    office.show("card", 1)
    with_the_answer_in_hand(office, office.runtime.database)
    die(office)
    office.show("card", 2)
    office.clock.wait(A_LEASE)
    with office.runtime.database.write(1) as session:
        pace.keep(session, {bucket: office.clock.now() + timedelta(seconds=30)})
    office.settle(40)
    assert office.said() == ["card v2"]
