"""The clock that a demo and the tests move, and playing a span of time in order."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import MovableClock, RemoteClock
from bot.database import Database
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from models.tables import Occurrence, Outbox
from tests.town import CAST, MANIFEST, Town

START = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)


def test_a_running_clock_runs():
    clock = MovableClock(START)
    first = clock.now()
    time.sleep(0.02)
    assert START <= first < clock.now() < START + timedelta(minutes=1)


def test_a_standing_clock_stands_until_it_is_moved_or_waited_on():
    clock = MovableClock(START, running=False)
    assert clock.now() == clock.now() == START
    clock.wait(90)
    assert clock.now() == START + timedelta(seconds=90)


def test_a_clock_never_goes_back():
    clock = MovableClock(START, running=False)
    clock.move_to(START - timedelta(days=1))
    assert clock.now() == START
    clock.move_to(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)


def test_who_waits_goes_on_when_the_clock_is_moved():
    clock = MovableClock(START)
    waiter = threading.Thread(target=clock.wait, args=(3600,), daemon=True)
    waiter.start()
    waiter.join(0.05)
    assert waiter.is_alive()
    clock.move_to(START + timedelta(hours=2))
    waiter.join(5)
    assert not waiter.is_alive()


def test_a_running_clock_waits_for_real():
    clock = MovableClock(START)
    began = time.monotonic()
    clock.wait(0.03)
    assert time.monotonic() - began >= 0.03


def test_a_clock_is_kept_in_its_file_and_read_again(tmp_path: Path):
    kept = tmp_path / "clock.json"
    clock = MovableClock(START, running=False, kept_in=kept)
    clock.move_to(START + timedelta(days=9))
    assert json.loads(kept.read_text()) == {"now": "2026-04-08T13:00:00+00:00"}
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]
    assert MovableClock(START, running=False, kept_in=kept).now() == START + timedelta(days=9)

    clock.wait(60)
    clock.keep()
    assert MovableClock(START, running=False, kept_in=kept).now() == START + timedelta(days=9, minutes=1)


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Iterator[Town]:
    path = tmp_path / "played.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Town(database)
    database.close()


def test_a_clock_is_kept_by_several_threads_at_once(tmp_path: Path):
    kept = tmp_path / "clock.json"
    clock = MovableClock(START, running=False, kept_in=kept)
    with ThreadPoolExecutor(4) as pool:
        for saved in [pool.submit(clock.keep) for _ in range(200)]:
            saved.result()
    assert json.loads(kept.read_text()) == {"now": START.isoformat()}


def test_playing_visits_the_instants_in_order_and_ends_at_the_target(town):
    town.set_up_program()
    town.set_up_project()
    visited: list[datetime] = []
    until = datetime(2026, 4, 10, 1, tzinfo=UTC)
    town.timetable.play(town.clock, until, on_step=visited.append)
    assert visited == sorted(visited)
    assert visited[-1] == town.clock.now() == until
    hours = [f"{moment:%d %H:%M}" for moment in visited]
    asked, reminded, due, rollup, next_ask = "02 14:00", "03 18:00", "03 20:00", "06 13:00", "09 14:00"
    assert [hour for hour in dict.fromkeys(hours) if hour in (asked, reminded, due, rollup, next_ask)] == [
        asked,
        reminded,
        due,
        rollup,
        next_ask,
    ]


def test_playing_to_the_past_does_what_is_due_and_nothing_else(town):
    before = town.clock.now()
    town.play(before - timedelta(days=1))
    assert town.clock.now() == before


def test_six_weeks_of_three_programs_and_twelve_projects_are_played_in_seconds(town):
    for program in range(3):
        town.sandbox.add_channel(f"CPRG{program}", f"prg-{program}", [*CAST, town.sandbox.bot_user_id])
        maya = town.person("UMAYA")
        maya.types(f"CPRG{program}", f"/pm setup Program {program}")
        maya.fills({"kind": "program"})
        maya.submits({"owner": "UMAYA"})
    for number in range(12):
        town.sandbox.add_channel(f"CMANY{number}", f"p-{number}", [*CAST, town.sandbox.bot_user_id])
        town.set_up_project(list(CAST)[number % 3], f"CMANY{number}", f"Project {number}")

    steps: list[datetime] = []
    town.timetable.play(town.clock, START + timedelta(weeks=6), on_step=steps.append)
    assert len(steps) < 400, "it stops where something is due, not at every tick"
    with town.database.read(1) as session:
        kinds = Counter(session.scalars(select(Occurrence.kind)))
        waiting = session.scalar(
            select(func.count()).select_from(Outbox).where(Outbox.state.in_(("queued", "claimed")))
        )
    assert kinds == {"status_request": 6 * 12, "rollup": 6 * 3}
    assert waiting == 0
    assert not town.unexpected_refusals()


def test_another_process_reads_the_clock_of_the_sandbox(tmp_path):
    clock = MovableClock(START, running=False)
    server = SandboxServer(Sandbox(clock, MANIFEST), page_dir=tmp_path)
    server.start()
    try:
        remote = RemoteClock(f"{server.url}/sandbox/clock")
        assert remote.now() == START
        clock.move_to(START + timedelta(hours=3))
        assert remote.now() == START + timedelta(hours=3)
    finally:
        server.stop()
