"""Several calls at once: as many as there are senders, none twice, each place in order, and nobody is forgotten."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.jobs.delivery import Courier
from bot.services import delivery
from bot.services import workspace as workspaces
from bot.slack_client import Connections, SlackClient
from tests.post_office import PostOffice, say

SENDERS = 4
PATIENCE = 20


class Watched(SlackClient):
    """Says what it is asked at one moment; the sandbox answers. It may look for messages, or not."""

    def __init__(
        self, office: PostOffice, *, looks: bool = True, meanwhile: Callable[[], object] | None = None
    ) -> None:
        super().__init__(office.sandbox.bot_token, "http://127.0.0.1/api/", Connections())
        self._office = office
        self._looks = looks
        self._meanwhile = meanwhile
        self._lock = threading.Lock()
        self.now: Counter[str] = Counter()
        self.most = 0
        self.most_in_a_place = 0

    @property
    def may_look(self) -> bool:
        return self._looks

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        if api_method != "chat.postMessage":
            return self._office.slack.api_call(api_method, **request)
        place = request["json"]["channel"]
        with self._lock:
            self.now[place] += 1
            self.most = max(self.most, self.now.total())
            self.most_in_a_place = max(self.most_in_a_place, self.now[place])
        try:
            if self._meanwhile is not None:
                self._meanwhile()
            return self._office.slack.api_call(api_method, **request)
        finally:
            with self._lock:
                self.now[place] -= 1


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


def people(office: PostOffice, number: int) -> list[str]:
    users = [f"UPERSON{each}" for each in range(number)]
    for user in users:
        office.sandbox.add_person(user, user.lower())
    return users


def through(office: PostOffice, slack: Watched) -> Courier:
    return Courier(replace(office.runtime, slack=slack, senders=SENDERS))


def test_as_many_calls_are_under_way_as_there_are_senders(office):
    together = threading.Barrier(SENDERS)
    slack = Watched(office, meanwhile=lambda: together.wait(PATIENCE))
    users = people(office, 3 * SENDERS)
    for user in users:
        office.post(f"ask:{user}", to=user)
    through(office, slack).deliver_due()
    assert slack.most == SENDERS
    assert [office.said(user) for user in users] == [[f"ask:{user}"] for user in users]
    assert {office.row(f"ask:{user}").attempts for user in users} == {1}


def test_where_nobody_may_look_for_a_message_one_is_under_way_at_a_time(office):
    slack = Watched(office, looks=False)
    users = people(office, 12)
    for user in users:
        office.post(f"ask:{user}", to=user)
    through(office, slack).deliver_due()
    assert slack.most == 1
    assert [office.said(user) for user in users] == [[f"ask:{user}"] for user in users]


def test_each_place_reads_in_order_however_many_send(office):
    slack = Watched(office)
    for number in range(24):
        office.post(f"{number}", to=("CLEDGER", "CFRAUD", "ULUIS")[number % 3])
    courier = through(office, slack)
    for _ in range(10):
        courier.deliver_due()
        office.clock.wait(1)
    for first, place in enumerate(("CLEDGER", "CFRAUD", "ULUIS")):
        assert office.said(place) == [f"{number}" for number in range(first, 24, 3)]
    assert slack.most_in_a_place == 1


def test_a_backlog_of_one_workspace_holds_up_no_other(office):
    """The second has one message, behind all of the first."""
    with office.runtime.database.everywhere() as session:
        other = workspaces.install(session, team_id="T2", name="Other", url="https://o.slack.com/", bot_user_id="UB")
    office.runtime.serves.add(other.id)
    for user in people(office, 40):
        office.post(f"ask:{user}", to=user)
    with office.runtime.database.write(other.id) as session:
        delivery.post(session, say("theirs"), key="theirs", to="CFRAUD", now=office.clock.now())
    through(office, Watched(office)).deliver_due()
    order = [call.args["text"] for call in office.calls("chat.postMessage")]
    assert order.index("theirs") < 2 * SENDERS
    assert len(order) == 41


def test_a_sender_that_fails_in_a_way_nobody_foresaw_is_back_all_the_same(office):
    def fails() -> None:
        raise MemoryError

    office.post("first")
    office.post("second", to="CFRAUD")
    through(office, Watched(office, meanwhile=fails)).deliver_due()
    assert [office.row(key).state for key in ("first", "second")] == ["queued", "queued"]
    office.deliver(after=5)
    assert (office.said(), office.said("CFRAUD")) == (["first"], ["second"])


class Stumbling:
    """The office's database, which cannot be read for a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.fails_next = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def look(self) -> Any:
        if self.fails_next.is_set():
            raise OperationalError("SELECT", None, Exception("gone for a moment"))
        return self._database.look()


def test_what_is_under_way_while_the_database_fails_is_recorded_and_not_said_again(office):
    """Whispers above all: what one person alone sees cannot be looked for."""
    database = Stumbling(office.runtime.database)
    slack = Watched(office, meanwhile=database.fails_next.set)
    courier = Courier(replace(office.runtime, slack=slack, senders=SENDERS, database=database))
    for user in people(office, 2):
        office.post(f"ask:{user}", to=user)
    with pytest.raises(OperationalError):
        courier.deliver_due()
    assert {office.row(key).state for key in ("ask:UPERSON0", "ask:UPERSON1")} == {"sent"}
    database.fails_next.clear()
    courier.deliver_due()
    assert office.said("UPERSON0") == ["ask:UPERSON0"]
