"""Several processes on one PostgreSQL, each with everything: what is due happens once, whoever comes first."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, make_url, select, text

from bot.database import Database
from bot.jobs.each import in_each
from bot.listening import Listener
from bot.postman import Postman
from bot.runtime import NotInstalled
from bot.scheduler import Timetable
from bot.services import delivery
from models.tables import CheckinRound, Escalation, History, Occurrence, Outbox
from tests.bench.relay import Relay, relay
from tests.checking_in import set_up as set_up_checkin
from tests.climbing import milestone
from tests.faulty_slack import runs
from tests.post_office import PostOffice, say
from tests.town import Town

MONDAY_NEXT = datetime(2026, 4, 6, 14, 0, tzinfo=UTC)
"""After a Thursday's requests, a Monday's rollup, check-ins and the steps of a ladder."""

POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


class Processes:
    """Each has its own connections, its own postman and its own ticks; the clock and Slack are the world's."""

    def __init__(self, town: Town, count: int) -> None:
        self._town = town
        databases = [town.database, *(Database(town.database.url) for _ in range(count - 1))]
        self._databases = databases[1:]
        self.timetables = [Timetable(replace(town.runtime, database=database)) for database in databases]

    def close(self) -> None:
        for database in self._databases:
            database.close()

    def play(self, until: datetime) -> None:
        """At every instant at which anything is due, all of them tick at once."""
        clock = self._town.clock
        while True:
            self._all_at_once()
            following = self.timetables[0]._next_due()
            if following is None or following > until:
                break
            clock.move_to(max(following, clock.now() + timedelta(seconds=1)))

    def _all_at_once(self) -> None:
        start, failed = threading.Barrier(len(self.timetables)), list[BaseException]()

        def work(timetable: Timetable) -> None:
            start.wait()
            try:
                timetable.run_due()
            except BaseException as problem:
                failed.append(problem)

        threads = [threading.Thread(target=work, args=(timetable,)) for timetable in self.timetables]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []


def what_happened(town: Town) -> dict[str, Any]:
    """Counted from the tables and from what Slack got, so that two runs of one story can be compared."""
    with town.database.read(1) as session:
        found: dict[str, Any] = {
            "occurrences": Counter(map(tuple, session.execute(select(Occurrence.kind, Occurrence.state)))),
            "escalations": Counter(map(tuple, session.execute(select(Escalation.rule, Escalation.level)))),
            "rounds": session.scalar(select(func.count()).select_from(CheckinRound)),
            "history": Counter(map(tuple, session.execute(select(History.kind, History.field)))),
            "queued": set(session.scalars(select(Outbox.message_key))),
        }
    for user in ("UMAYA", "UDANA", "ULUIS", "UJONAS", "UKAVYA"):
        found[user] = Counter(_key(message) for message in town.person(user).direct_messages())
    for channel in ("CPROG", "CLEDGER"):
        messages = town.person("UMAYA").reads(channel)
        found[channel] = Counter(_key(message) for message in messages if not message.get("ephemeral"))
    return found


def _key(message: dict[str, Any]) -> str:
    told = (message.get("metadata") or {}).get("event_payload") or {}
    return str(told.get("key"))


def tell_the_story(town: Town) -> None:
    set_up_checkin(town)
    milestone(town, due_on="2026-03-27")


@POSTGRES
def test_three_processes_do_in_a_week_what_one_does(town, sqlite_template, tmp_path):
    alone = Town(_copy(sqlite_template, tmp_path))
    alone.set_up_program()
    alone.set_up_project()
    for each in (alone, town):
        tell_the_story(each)
    processes = Processes(town, 3)
    processes.play(MONDAY_NEXT)
    processes.close()
    one = Processes(alone, 1)
    one.play(MONDAY_NEXT)
    expected, found = what_happened(alone), what_happened(town)
    alone.database.close()
    assert found == expected
    assert found["rounds"] and found["escalations"] and found["occurrences"]
    for place in ("CPROG", "CLEDGER", "ULUIS", "UMAYA"):
        assert set(found[place].values()) <= {1}, found[place]


def _copy(template: Path, folder: Path) -> Database:
    path = folder / "alone.db"
    path.write_bytes(template.read_bytes())
    return Database(f"sqlite:///{path}")


@pytest.fixture
def listener(town: Town) -> Iterator[tuple[Listener, threading.Event]]:
    heard = threading.Event()
    listener = Listener(town.database.url, heard=heard.set)
    listener.start()
    assert heard.wait(60)  # it listens from here on
    heard.clear()
    yield listener, heard
    listener.stop()


@POSTGRES
def test_what_one_process_queues_wakes_the_others(town, listener):
    _, heard = listener
    with town.database.write(1) as session:
        delivery.post(session, say("here I am"), key="hello", to="CLEDGER", now=town.clock.now())
    assert heard.wait(60)


@POSTGRES
def test_what_is_undone_wakes_nobody(town, listener):
    _, heard = listener
    with pytest.raises(RuntimeError), town.database.write(1) as session:
        delivery.post(session, say("never"), key="never", to="CLEDGER", now=town.clock.now())
        raise RuntimeError
    with town.database.write(1) as session:
        session.execute(select(func.pg_notify("another_channel", "")))
    assert not heard.wait(0.2)


@POSTGRES
def test_a_listener_whose_connection_was_cut_listens_again(town, listener):
    _, heard = listener
    with town.database.everywhere() as session:
        ours = "datname = current_database() AND query LIKE 'LISTEN %%'"
        session.connection().exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
    assert heard.wait(60)  # as soon as it listens again, what it may have missed is looked for
    heard.clear()
    with town.database.write(1) as session:
        delivery.post(session, say("again"), key="again", to="CLEDGER", now=town.clock.now())
    assert heard.wait(60)


@POSTGRES
def test_a_postman_delivers_what_another_process_queued(town):
    """Without the tick: this one's outbox was empty, and nobody here queued anything."""
    other = Database(town.database.url)
    postman = Postman(replace(town.runtime, database=other))
    postman.start()
    arrived = threading.Event()

    def look() -> None:
        while not any(m["text"] == "from afar" for m in town.person("ULUIS").reads("CLEDGER")):
            threading.Event().wait(0.01)
        arrived.set()

    with town.database.write(1) as session:
        delivery.post(session, say("from afar"), key="afar", to="CLEDGER", now=town.clock.now())
    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    assert arrived.wait(60)
    assert postman.stop()
    other.close()


def test_what_fails_in_one_workspace_stops_no_other():
    """The first is broken, the second not installed any more, the third is ours."""
    done: list[int] = []

    def step(workspace_id: int) -> None:
        if workspace_id == 3:
            raise ValueError("broken")
        if workspace_id == 2:
            raise NotInstalled(2)
        done.append(workspace_id)

    with pytest.raises(ValueError, match="broken"):
        in_each([3, 2, 1], step)
    assert done == [1]


def test_a_postman_that_stops_gives_back_what_it_only_claimed(database):
    """Nobody waits for the lease of what was never begun; what is on its way arrives."""
    office = PostOffice(database)
    for number in range(5):
        office.post(f"n:{number}", to="CLEDGER" if number % 2 else "CFRAUD")
    office.slack.will("chat.postMessage", runs(office.courier.stop))
    office.deliver()
    assert Counter(office.row(f"n:{number}").state for number in range(5)) == {"sent": 1, "queued": 4}
    office.restart()
    office.settle()
    assert Counter(office.row(f"n:{number}").state for number in range(5)) == {"sent": 5}
    assert sorted(office.said() + office.said("CFRAUD")) == [f"n:{number}" for number in range(5)]


@POSTGRES
def test_waking_the_others_costs_whoever_queues_no_round_trip(town, listener):
    """Counted where they pass by, with somebody who listens and with a database that calls nobody."""
    _, heard = listener
    address = make_url(town.database.url)
    with relay(address.port or 0) as counting:
        passing_by = Database(address.set(port=counting.port).render_as_string(hide_password=False))
        told = _turns(town, passing_by, counting, "told")
        assert heard.wait(60)
        asking = _turns(town, passing_by, counting, "asking", and_then=select(func.pg_notify("another_channel", "")))
        with town.database.writer.begin() as connection:
            connection.execute(text("DROP TRIGGER outbox_told ON outbox"))
        heard.clear()
        untold = _turns(town, passing_by, counting, "untold")
        assert not heard.wait(0.2)
        passing_by.close()
    assert told == untold > 0
    assert asking >= told + COUNTED, "one more statement would have been seen"


COUNTED = 10


def _turns(town: Town, database: Database, counting: Relay, name: str, *, and_then: Any = None) -> int:
    """Round trips of some units that each queue a message; those before them open connections and prepare."""
    before = 0
    for number in range(2 * COUNTED):
        if number == COUNTED:
            before = counting.turns
        with database.write(1) as session:
            delivery.post(session, say(name), key=f"{name}:{number}", to="CLEDGER", now=town.clock.now())
            if and_then is not None:
                session.flush()
                session.execute(and_then)
    return counting.turns - before
