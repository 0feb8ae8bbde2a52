"""What the process tells of itself: its figures without a name in them, and a log that can be shown to anybody."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bot import logs
from bot.app import build_app
from bot.database import Database
from bot.gate import Gate
from bot.metrics import KEPT, Exposition
from bot.scheduler import TICKS, Timetable
from bot.services import delivery
from bot.tally import BOUNDS, Tally
from handlers.feature import Ask, Command, Feature, Reply
from tests.post_office import say

SECRET_WORDS = "Zanzibar-xylophone"
"""What people type in these tests, and nobody else does."""


def scraped(exposition: Exposition, gate: Gate | None = None) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """By name and labels, as Prometheus reads it."""
    return {
        (sample.name.removeprefix("stationmaster_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(exposition(gate).decode())
        for sample in family.samples
    }


def of(**labels: str) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())


def test_requests_are_counted_by_kind_and_outcome(town):
    luis = town.person("ULUIS")
    before = scraped(Exposition(town.runtime))
    luis.types("CLEDGER", "/pm help")
    luis.types("CLEDGER", "/risk Vendor slips the API p4 i5 @luis by 2026-05-01")
    found = scraped(Exposition(town.runtime))
    ok = ("requests_total", of(kind="command", outcome="ok"))
    assert found[ok] - before[ok] == 2


def test_a_failure_and_a_refusal_are_counted_apart(town):
    def fail(ask: Ask) -> Reply:
        raise ValueError(SECRET_WORDS)

    town.app = build_app(
        town.runtime, town.identity, features=[Feature(commands=[Command("fail", "Log", [("f", "")], fail, "Fail")])]
    )
    town.person("ULUIS").types("CLEDGER", "/pm fail")
    assert scraped(Exposition(town.runtime))["requests_total", of(kind="command", outcome="failed")] == 1


def test_the_outbox_is_told_by_state_and_by_how_late_it_is(town):
    with town.database.write(1) as session:
        delivery.post(session, say("waits"), key="waits", to="CLEDGER", now=town.clock.now())
    town.clock.wait(90)
    found = scraped(Exposition(town.runtime))
    assert found["outbox_messages", of(state="queued")] == 1
    assert found["outbox_messages", of(state="claimed")] == 0
    assert found["outbox_oldest_due_seconds", of()] == 90
    assert found["database_up", of()] == 1


def test_the_database_is_not_asked_at_every_scrape(town):
    exposition = Exposition(town.runtime)
    assert scraped(exposition)["outbox_messages", of(state="queued")] == 0
    with town.database.write(1) as session:
        delivery.post(session, say("waits"), key="waits", to="CLEDGER", now=town.clock.now())
    assert scraped(exposition)["outbox_messages", of(state="queued")] == 0
    assert KEPT >= 1


def test_a_database_that_does_not_answer_is_told_and_all_else_goes_on():
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    town = Tally()
    town.count("requests", "command", "ok")
    found = scraped(Exposition(_runtime(nowhere, town)))
    assert found["database_up", of()] == 0
    assert found["requests_total", of(kind="command", outcome="ok")] == 1
    assert not any(name == "outbox_messages" for name, _ in found)
    nowhere.close()


def _runtime(database: Database, tally: Tally) -> Any:
    from slack_sdk import WebClient

    from bot.runtime import Runtime

    return Runtime(database=database, slack=WebClient(), answer=lambda url, body: 404, tally=tally)


def test_ticks_are_counted_timed_and_their_failures_told(town, caplog):
    timetable = Timetable(town.runtime)
    good = TICKS[0]

    def fail(runtime: Any) -> None:
        raise RuntimeError(SECRET_WORDS)

    timetable._take(good)
    timetable._take(replace(good, job=fail))
    found = scraped(Exposition(town.runtime))
    assert found["ticks_seconds_count", of(tick=good.job.__name__)] == 1
    assert found["tick_done_timestamp_seconds", of(tick=good.job.__name__)] > 0
    assert found["tick_failures_total", of(tick="fail")] == 1


def test_the_room_at_the_door_is_told(town):
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go_on.wait(60)

    gate = Gate(1, 5)
    gate.enter(hold, lambda: None)
    assert begun.wait(30)
    gate.enter(lambda: None, None)
    found = scraped(Exposition(town.runtime), gate)
    assert (found["threads_busy", of()], found["queue_length", of()]) == (1, 1)
    go_on.set()
    assert gate.close(30)


def test_how_long_things_take_is_told_by_bounds():
    tally = Tally()
    for seconds in (0.001, 0.004, 0.3, 99.0):
        tally.time("acknowledgement", seconds=seconds)
    [(total, counts)] = tally.timings().values()
    assert total == pytest.approx(99.305)
    assert dict(zip([*BOUNDS, None], counts, strict=True)) == dict.fromkeys([*BOUNDS, None], 0) | {
        0.005: 2,
        0.5: 1,
        None: 1,
    }


def test_many_threads_count_without_losing_one():
    tally = Tally()

    def work() -> None:
        for _ in range(2_000):
            tally.count("requests", "command", "ok")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.counts() == {("requests", ("command", "ok")): 16_000}


def test_no_label_says_who_or_where(town):
    town.person("ULUIS").types("CLEDGER", f"/risk {SECRET_WORDS} p4 i5 @luis by 2026-05-01")
    town.settle()
    told = Exposition(town.runtime)(None).decode()
    for word in ("ULUIS", "luis", "CLEDGER", "ledger", "Ledger", town.identity["team_id"], SECRET_WORDS):
        assert word not in told, word


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """All that our loggers say, at their most talkative, as it would be written."""
    told = StringIO()
    handler = logs.Lines(told)
    handler.setFormatter(logs.JsonLines() if request.param == "json" else logs.TextLines())
    root, before = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.OURS}
    root.addHandler(handler)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield told
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_no_line_of_the_log_holds_what_people_said(town, log):
    """A conversation in which things go wrong in many ways."""

    def fail(ask: Ask) -> Reply:
        with ask.runtime.database.read(ask.workspace.id) as session:
            session.connection().exec_driver_sql("SELECT 1")
        raise OperationalError("INSERT INTO risk (title) VALUES (?)", {"title": ask.text}, Exception(ask.text))

    def refer(ask: Ask) -> Reply:
        try:
            raise KeyError(ask.text)
        except KeyError as problem:
            raise ValueError(f"{ask.text} xoxb-1234-abcdef") from problem

    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    kavya.types("CLEDGER", f"/risk {SECRET_WORDS}")
    kavya.submits({"probability": "2", "impact": "3", "category": "vendor", "owner": "ULUIS"})
    luis.types("CLEDGER", f"/pm {SECRET_WORDS}")
    luis.types("CLEDGER", f"/decision {SECRET_WORDS}")
    luis.types("CLEDGER", f"/pm away {SECRET_WORDS}")
    features = [
        Feature(
            commands=[
                Command("fail", "Log", [("fail", "")], fail, "Fail"),
                Command("refer", "Log", [("refer", "")], refer, "Refer"),
            ]
        )
    ]
    town.app = build_app(town.runtime, town.identity, features=features)
    codes = [str(luis.types("CLEDGER", f"/pm {word} {SECRET_WORDS}").text)[-8:-1] for word in ("fail", "refer")]
    town.pass_time(days=3)
    told = log.getvalue()
    assert SECRET_WORDS not in told
    assert "xoxb" not in told and town.sandbox.bot_token not in told
    for name in ("luis", "kavya", "Ledger Migration"):
        assert name not in told, name
    assert all(code in told for code in codes), (codes, told)


def test_what_went_wrong_is_told_by_its_kind_and_its_place(town, log):
    def refer(ask: Ask) -> Reply:
        try:
            raise KeyError(ask.text)
        except KeyError as problem:
            raise ValueError(ask.text) from problem

    feature = Feature(commands=[Command("refer", "Log", [("refer", "")], refer, "Refer")])
    town.app = build_app(town.runtime, town.identity, features=[feature])
    code = str(town.person("ULUIS").types("CLEDGER", "/pm refer").text)[-8:-1]
    told = log.getvalue()
    for words in ("ValueError", "which came of", "KeyError", "test_metrics.py", "in refer", code):
        assert words in told, told


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_a_line_for_a_machine_says_what_it_is_about(town, log):
    feature = Feature(commands=[Command("fail", "Log", [("fail", "")], _fail, "Fail")])
    town.app = build_app(town.runtime, town.identity, features=[feature])
    code = str(town.person("ULUIS").types("CLEDGER", "/pm fail").text)[-8:-1]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line["level"] == "error"]
    assert (line["code"], line["kind"], line["workspace"], line["error"]) == (code, "command", 1, "ValueError")
    assert line["capability"] == "test_metrics"
    assert line["time"].endswith("Z") and line["duration_ms"] >= 0
    assert {each["request"] for each in lines if each.get("kind") == "command"} == {line["request"]}


def _fail(ask: Ask) -> Reply:
    raise ValueError(SECRET_WORDS)


def test_two_requests_have_two_names(log):
    logger = logging.getLogger("bot.somewhere")
    for _ in range(2):
        with logs.about("request"):
            logger.info("one")
            logger.info("two")
    named = [line.split("request")[1][:14] for line in log.getvalue().splitlines()]
    assert named[0] == named[1] != named[2] == named[3]


def test_a_line_stays_one_line_whatever_is_in_it(log):
    logging.getLogger("bot.somewhere").info("a %s\r\nb", "c\nFORGED 2026-01-01 ERROR bot: nothing")
    assert len(log.getvalue().splitlines()) == 1
