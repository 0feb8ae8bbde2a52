"""The timetable: which job ticks how often. Time itself is a column; a tick only asks what is due."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import logs
from bot.clock import SystemClock
from bot.jobs.checkin import forget_answers, take_checkin_steps
from bot.jobs.decision import take_decision_days
from bot.jobs.desk import make_desks, take_due_desks
from bot.jobs.do_not_disturb import fetch_quiet_times
from bot.jobs.escalation import take_escalations, watch_everything
from bot.jobs.installation import erase_left, look_after_tokens, seal_anew
from bot.jobs.issue import close_resolved
from bot.jobs.people import refresh_people
from bot.jobs.rollup import edit_rollups
from bot.jobs.schedule import take_due_steps
from bot.jobs.tidy import forget_old
from bot.jobs.well import tell_how_well
from bot.postman import Postman
from bot.runtime import Runtime
from bot.services import checkin_rounds, decision_calendar, desk, outbox, schedule, watch, well

logger = logging.getLogger(__name__)

NextDue = Callable[..., datetime | None]
"""(session, serves=, now=): the next instant at which a job has something to do in these workspaces."""


@dataclass(frozen=True)
class Tick:
    job: Callable[[Runtime], None]
    every: timedelta
    next_due: NextDue | None = None
    """Where the clock is played: the instants to stop at. None: nothing of it happens at a certain instant."""
    is_played: bool = True
    """Part of what is due at an instant. False: housekeeping, which waits for its own turn."""
    at_start: bool = False
    """Also as soon as the process runs, not only after its first pause."""


TICKS = (
    Tick(take_due_steps, timedelta(seconds=5), schedule.next_step),
    Tick(edit_rollups, timedelta(seconds=5)),
    Tick(take_checkin_steps, timedelta(seconds=5), checkin_rounds.next_step),
    Tick(take_escalations, timedelta(seconds=5), watch.next_look),
    Tick(close_resolved, timedelta(minutes=1)),
    Tick(take_decision_days, timedelta(minutes=1), decision_calendar.next_day),
    Tick(watch_everything, timedelta(minutes=1), is_played=False),
    Tick(make_desks, timedelta(minutes=10), at_start=True),
    Tick(fetch_quiet_times, timedelta(minutes=1)),
    Tick(take_due_desks, timedelta(seconds=5), desk.next_look),
    Tick(tell_how_well, timedelta(minutes=1), well.next_review),
    Tick(forget_old, timedelta(hours=1), is_played=False),
    Tick(forget_answers, timedelta(hours=1), is_played=False),
    Tick(refresh_people, timedelta(minutes=1), is_played=False),
    Tick(look_after_tokens, timedelta(minutes=1), is_played=False, at_start=True),
    Tick(seal_anew, timedelta(hours=1), is_played=False, at_start=True),
    Tick(erase_left, timedelta(hours=1), is_played=False, at_start=True),
)
"""In the order in which they run at one instant."""
SMALLEST_STEP = timedelta(seconds=1)


class Movable(Protocol):
    def now(self) -> datetime: ...
    def move_to(self, instant: datetime) -> None: ...


class Timetable:
    """Everything that the clock starts in this process, or some of it."""

    def __init__(self, runtime: Runtime, *, ticks: bool = True, delivers: bool = True) -> None:
        self._runtime = runtime
        self._ticks = ticks
        self._delivers = delivers
        self._stopping = threading.Event()
        self.postman = Postman(runtime)
        self._ticker = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for tick in TICKS:
            trigger = IntervalTrigger(seconds=tick.every.total_seconds())
            first = {"next_run_time": SystemClock().now()} if tick.at_start else {}
            step = partial(self._take, tick)
            self._ticker.add_job(step, trigger, id=tick.job.__name__, name=tick.job.__name__, **first)

    def start(self) -> None:
        if self._ticks:
            self._ticker.start()
        if self._delivers:
            self.postman.start()

    def stop(self, seconds: float = 15) -> bool:
        """What is in hand ends. False where that took longer."""
        until = monotonic() + seconds
        self._stopping.set()
        ended = self._stop_ticking(seconds)
        return self.postman.stop(until - monotonic()) and ended

    @property
    def is_running(self) -> bool:
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """What should run here and does not."""
        found = [] if self._ticker.running or not self._ticks else ["the timetable does not run"]
        return found + (["nobody delivers"] if self._delivers and not self.postman.is_running else [])

    def wake(self) -> None:
        """Something was queued: it leaves now, not at the next tick."""
        self.postman.wake()

    def run_due(self) -> None:
        """All that is due at this instant, until nothing is."""
        for tick in TICKS:
            if tick.is_played:
                tick.job(self._runtime)
        self.deliver_due()

    def deliver_due(self) -> None:
        """What the outbox holds for this instant, until it holds nothing more."""
        self.postman.deliver_due()

    def jump(self, clock: Movable, until: datetime) -> None:
        """Downtime until then: only what still matters is caught up."""
        with self._paused():
            clock.move_to(until)
            self.run_due()

    def play(self, clock: Movable, until: datetime, *, on_step: Callable[[datetime], None] = lambda now: None) -> None:
        """Let the time until then happen in order: stop at each instant at which anything is due."""
        with self._paused():
            self._play(clock, until, on_step)

    @contextmanager
    def _paused(self) -> Iterator[None]:
        """Nothing ticks beside the one that moves the clock."""
        if self._ticker.running:
            self._ticker.pause()
        try:
            yield
        finally:
            if self._ticker.running:
                self._ticker.resume()

    def _play(self, clock: Movable, until: datetime, on_step: Callable[[datetime], None]) -> None:
        while not self._stopping.is_set():
            self.run_due()
            following = self._next_due()
            if following is None or following > until:
                break
            clock.move_to(max(following, clock.now() + SMALLEST_STEP))
            on_step(clock.now())
        clock.move_to(until)
        self.run_due()
        on_step(clock.now())

    def _next_due(self) -> datetime | None:
        with self._runtime.database.everywhere() as session:
            serves, now = self._runtime.serves, self._runtime.now()
            found = [tick.next_due(session, serves=serves, now=now) for tick in TICKS if tick.next_due]
            found.append(outbox.next_due(session, serves=serves))
        return min((moment for moment in found if moment is not None), default=None)

    def _take(self, tick: Tick) -> None:
        """One that fails is counted and has its next turn; the others have theirs."""
        name, tally = tick.job.__name__, self._runtime.tally
        with logs.about("tick", capability=name), tally.timing("ticks", name):
            try:
                tick.job(self._runtime)
            except Exception:
                logger.exception("%s failed", name)
                tally.count("tick_failures", name)
            else:
                tally.mark("tick_done", name)

    def _stop_ticking(self, seconds: float) -> bool:
        """No tick begins any more; APScheduler waits for one under way without end, so somebody else waits for it."""
        if not self._ticker.running:
            return True
        ending = threading.Thread(target=self._ticker.shutdown, name="last-tick", daemon=True)
        ending.start()
        ending.join(max(0.0, seconds))
        return not ending.is_alive()
