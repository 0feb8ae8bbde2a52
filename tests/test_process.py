"""The process as its operator knows it: it ends in order, is replaced without a gap, and may do a part alone."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.sandbox.faults import Fault
from models.tables import Risk
from tests.replica import Balancer, Place, Replica

pytestmark = pytest.mark.timeout(400)

POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(database_url, tmp_path)
    yield place
    place.close()


@pytest.fixture
def replicas(place: Place) -> Iterator[list[Replica]]:
    made: list[Replica] = []
    yield made
    for replica in made:
        replica.close()


def set_up(place: Place) -> None:
    place.luis.types("CLEDGER", "/pm setup Ledger Migration")
    place.luis.submits({"target_on": "2026-05-22"})
    assert place.luis.form_errors == {}


class Typist:
    """luis logs one risk after the other until he is told to stop."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.answers: list[str] = []

    def __enter__(self) -> "Typist":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.wait(0.25):
            line = f"/risk Vendor slips for the {len(self.answers)}th time p4 i5 @luis by 2026-05-01"
            result = self._place.luis.types("CLEDGER", line)
            self.answers.append(result.text if result.acked else "nothing")


def risks_and_cards(place: Place, database_url: str) -> tuple[int, Counter[str]]:
    database = Database(database_url)
    with database.read(1) as session:
        logged = session.scalar(select(func.count()).select_from(Risk)) or 0
    database.close()
    shown = place.luis.reads("CLEDGER")
    return logged, Counter(m["text"] for m in shown if "Vendor slips" in m["text"] and not m.get("ephemeral"))


def assert_nothing_is_lost_or_doubled(place: Place, typist: Typist, database_url: str, last: Replica) -> None:
    unanswered = [answer for answer in typist.answers if not answer.startswith("Logged R-")]
    assert unanswered == [], (len(typist.answers), last.log)
    last.wait_until(lambda: risks_and_cards(place, database_url)[1].total() >= len(typist.answers))
    logged, cards = risks_and_cards(place, database_url)
    assert logged == len(typist.answers)
    assert set(cards.values()) == {1}


@POSTGRES
def test_one_process_after_the_other_is_replaced_while_people_work(place, replicas, database_url):
    replicas += [Replica(place, name) for name in ("one", "two")]
    for replica in replicas:
        replica.start()
    balancer = Balancer(place, replicas)
    place.sandbox.deliver = balancer
    set_up(place)
    with Typist(place) as typist:
        for replica in replicas:
            before = len(typist.answers)
            replica.asked_to_stop()
            assert replica.ends() == 0, replica.log
            replica.start()
            replica.wait_until(lambda before=before: len(typist.answers) > before)
    balancer.close()
    assert_nothing_is_lost_or_doubled(place, typist, database_url, replicas[0])
    assert set(balancer.served) == {replica.port for replica in replicas}


@POSTGRES
def test_the_same_over_sockets(place, replicas, database_url):
    replicas += [Replica(place, name, over_http=False) for name in ("one", "two")]
    for replica in replicas:
        replica.start()
    set_up(place)
    with Typist(place) as typist:
        for replica in replicas:
            replica.asked_to_stop()
            assert replica.ends() == 0, replica.log
            replica.start()
    assert_nothing_is_lost_or_doubled(place, typist, database_url, replicas[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_in_hand_is_finished_before_the_end(place, replicas, number):
    """Slack takes its time with a form that opens; meanwhile the process is asked to end."""
    [replica] = replicas[:] = [Replica(place, "only").start()]
    balancer = Balancer(place, replicas)
    place.sandbox.deliver = balancer
    set_up(place)
    place.sandbox.faults.add(Fault("slow", ("views.open",), times=1, seconds=1.5))
    results: list[bool] = []
    typing = threading.Thread(target=lambda: results.append(place.luis.types("CLEDGER", "/risk Vendor slips").acked))
    typing.start()
    replica.wait_until(lambda: not place.sandbox.faults.active())
    replica.asked_to_stop(number)
    replica.wait_until(lambda: "it is stopping" in replica.problems)
    assert replica.ends() == 0, replica.log
    typing.join()
    assert results == [True]
    assert place.luis.modal["callback_id"] == "risk.log"
    assert "Traceback" not in replica.log
    balancer.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_asks_twice_means_now(place, replicas):
    [replica] = replicas[:] = [Replica(place, "only", STATIONMASTER_DRAIN_SECONDS="20").start()]
    replica.asked_to_stop()
    replica.wait_until(lambda: "it is stopping" in replica.problems)
    replica.asked_to_stop()
    assert replica.ends() == -signal.SIGTERM


@POSTGRES
def test_parts_of_the_work_are_done_by_processes_of_their_own(place, replicas, database_url):
    """Who has no door needs nothing that opens one; what one queues another delivers at once."""
    alone = {"SLACK_SIGNING_SECRET": ""}
    slack = Replica(place, "slack", "--only", "slack")
    delivery = Replica(place, "delivery", "--only", "delivery", **alone)
    clock = Replica(place, "clock", "--only", "clock", **alone)
    replicas += [slack, delivery, clock]
    slack.start()
    place.sandbox.deliver = balancer = Balancer(place, [slack])
    set_up(place)
    answer = place.luis.types("CLEDGER", "/risk Vendor slips for good p4 i5 @luis by 2026-05-01")
    assert answer.text.startswith("Logged R-1")
    assert risks_and_cards(place, database_url) == (1, Counter())
    delivery.start()
    delivery.wait_until(lambda: risks_and_cards(place, database_url)[1].total() == 1)
    clock.start()
    for replica in replicas:
        replica.asked_to_stop()
        assert replica.ends() == 0, replica.log
    balancer.close()
    assert "delivery runs" in delivery.log and "clock runs" in clock.log


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_sqlite_one_process_does_everything(place, replicas):
    replica = Replica(place, "part", "--only", "delivery")
    replicas.append(replica)
    with pytest.raises(AssertionError):
        replica.start()
    assert replica.ends() == 2
    assert "--only needs PostgreSQL (DATABASE_URL): with SQLite one process does everything." in replica.log
