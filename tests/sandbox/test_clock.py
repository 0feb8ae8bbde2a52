"""Moving the clock from the page, with an app in the same process and without one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.play import Upcoming
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Json, Page, listening, wait_until
from tests.sandbox.conftest import LUIS, MANIFEST, MAYA, furnish

NOW = datetime(2026, 3, 30, 13, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ASK = Upcoming(datetime(2026, 4, 2, 14, tzinfo=UTC), "luis.ortega is asked for the status of Ledger Migration")


class Controls:
    """An app whose journeys end when the test lets them."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.journeys: list[tuple[str, datetime]] = []
        self.may_end = threading.Event()
        self.breaks = False

    def play(self, until: datetime) -> None:
        self._travel("play", until)

    def jump(self, until: datetime) -> None:
        self._travel("jump", until)

    def upcoming(self) -> list[Upcoming]:
        return [ASK] if ASK.at > self.clock.now() else []

    def _travel(self, way: str, until: datetime) -> None:
        assert self.may_end.wait(10)
        if self.breaks:
            raise RuntimeError("the database is gone")
        self.clock.move_to(until)
        self.journeys.append((way, until))


@pytest.fixture
def controls(clock: MovableClock) -> Controls:
    return Controls(clock)


@pytest.fixture
def page(sandbox: Sandbox, page_dir: Path, controls: Controls) -> Iterator[Page]:
    with served(sandbox, page_dir, controls) as server:
        yield Page(server.url)


@contextmanager
def served(sandbox: Sandbox, page_dir: Path, controls: Controls | None = None) -> Iterator[SandboxServer]:
    server = SandboxServer(sandbox, page_dir=page_dir, controls=controls)
    server.start()
    try:
        yield server
    finally:
        if controls:
            controls.may_end.set()
        server.stop()


def moves(page: Page, **wish: object) -> tuple[int, Json]:
    status, answer = page.ask("POST", "/sandbox/clock", wish)
    return status, answer


def stands(page: Page) -> bool:
    return page.gets("/sandbox/clock")["playing"] is False


@pytest.mark.parametrize(
    ("wish", "way"),
    [({"play_to": LATER.isoformat()}, "play"), ({"jump_to": "2026-03-30T10:00-04:00"}, "jump")],
)
def test_a_person_plays_or_jumps_to_a_moment(page: Page, controls: Controls, wish: Json, way: str) -> None:
    controls.may_end.set()
    assert moves(page, **wish)[0] == 202
    wait_until(lambda: stands(page))
    assert controls.journeys == [(way, LATER)]
    assert page.gets("/sandbox/clock")["now"] == LATER.isoformat()


def test_so_many_seconds_are_played(page: Page, controls: Controls) -> None:
    controls.may_end.set()
    moves(page, advance_seconds=3600)
    wait_until(lambda: stands(page))
    assert controls.journeys == [("play", LATER)]


def test_every_open_window_sees_the_clock_move_and_nobody_starts_it_twice(page: Page, controls: Controls) -> None:
    with listening(page, LUIS) as luis, listening(page, MAYA) as maya:
        moves(page, play_to=LATER.isoformat())
        for window in (luis, maya):
            told = window.next()
            assert (told["type"], told["playing"]) == ("clock", True)
            assert told["journey"] == {"from": NOW.isoformat(), "until": LATER.isoformat()}
        status, answer = moves(page, jump_to=LATER.isoformat())
        assert (status, answer["error"]) == (409, "The clock is moving already.")
        controls.may_end.set()
        for window in (luis, maya):
            wait_until(lambda window=window: window.next()["playing"] is False)


def test_a_journey_that_fails_ends_and_says_so(page: Page, controls: Controls) -> None:
    controls.breaks = True
    controls.may_end.set()
    moves(page, play_to=LATER.isoformat())
    wait_until(lambda: stands(page))
    assert page.gets("/sandbox/clock")["problem"].startswith("The clock stopped on its way")
    controls.breaks = False
    moves(page, play_to=LATER.isoformat())
    wait_until(lambda: stands(page))
    assert page.gets("/sandbox/clock")["problem"] == ""


def test_what_comes_up_is_listed(page: Page, controls: Controls) -> None:
    assert page.gets("/sandbox/upcoming") == {"upcoming": [{"at": "2026-04-02T14:00:00+00:00", "what": ASK.what}]}
    controls.clock.move_to(ASK.at)
    assert page.gets("/sandbox/upcoming") == {"upcoming": []}


@pytest.mark.parametrize(
    ("wish", "field", "error"),
    [
        ({"jump_to": "2026-03-30T12:59:59Z"}, "jump_to", "That is past already: the clock only goes forward."),
        ({"play_to": NOW.isoformat()}, "play_to", "That is past already: the clock only goes forward."),
        ({"play_to": "2036-01-01T00:00Z"}, "play_to", "That is more than a year away: go there in steps."),
        ({"jump_to": "soon"}, "jump_to", "Give a date and a time."),
        ({"jump_to": None}, "jump_to", "Give a date and a time."),
        ({"jump_to": "2026-04-01T10:00"}, "jump_to", "Give the time's offset from UTC as well."),
        ({"advance_seconds": -1}, "advance_seconds", "Give a positive number of seconds, a year's at most."),
        ({"advance_seconds": True}, "advance_seconds", "Give a positive number of seconds, a year's at most."),
        ({"advance_seconds": 1e300}, "advance_seconds", "Give a positive number of seconds, a year's at most."),
        ({}, "", "Say advance_seconds, play_to or jump_to."),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_at_its_field(page: Page, wish: Json, field: str, error: str) -> None:
    assert moves(page, **wish) == (400, {"error": error, "field": field})
    assert stands(page)


def test_the_clock_of_an_app_in_another_process_can_only_be_jumped(sandbox: Sandbox, page_dir: Path) -> None:
    with served(sandbox, page_dir) as server:
        page = Page(server.url)
        state = page.gets(f"/sandbox/state?as={LUIS}")["clock"]
        assert (state["can_play"], state["can_jump"]) == (False, True)
        assert moves(page, play_to=LATER.isoformat())[0] == 501
        for hours, wish in ((1, {"advance_seconds": 3600}), (2, {"jump_to": (NOW + timedelta(hours=2)).isoformat()})):
            assert moves(page, **wish)[0] == 202
            wait_until(lambda: stands(page))
            assert sandbox.clock.now() == NOW + timedelta(hours=hours)
        assert page.gets("/sandbox/upcoming") == {"upcoming": []}


class ClockOfItsOwn:
    def now(self) -> datetime:
        return NOW


def test_a_clock_that_nobody_can_move_says_so(page_dir: Path) -> None:
    with served(furnish(Sandbox(ClockOfItsOwn(), MANIFEST)), page_dir) as server:
        page = Page(server.url)
        assert page.gets("/sandbox/clock")["can_jump"] is False
        assert moves(page, advance_seconds=60) == (
            501,
            {"error": "This clock cannot be moved that way.", "field": "advance_seconds"},
        )
