"""`/metrics`: what the tally counted, and what the database says at this moment, in Prometheus' words.

Loaded when it is first asked for. No label names a person, a channel or a workspace.
"""

import threading
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from platform import python_version
from time import monotonic

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from bot.gate import Gate
from bot.runtime import Runtime
from bot.services.waiting import Waiting, waiting
from bot.tally import BOUNDS

KEPT = 5.0
"""Seconds for which the database is not asked again, however often somebody scrapes."""

PREFIX = "stationmaster_"

COUNTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "answers": ("What Slack was answered with, by HTTP status", ("status",)),
    "claims": ("Messages taken from the outbox to be sent", ()),
    "delivery_failures": ("Times that the postman itself failed", ()),
    "deliveries": ("What became of messages that were taken", ("operation", "outcome")),
    "duplicates": ("Deliveries of Slack's that had been handled before", ("kind",)),
    "possibly_doubled": ("Messages sent again without knowing of the first", ()),
    "requests": ("Commands, buttons, forms and events", ("kind", "outcome")),
    "slack_calls": ("Calls to Slack's Web API", ("method", "result")),
    "tick_failures": ("Ticks that failed", ("tick",)),
    "turned_away": ("Requests for which there was no room", ()),
}
TIMINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "acknowledgement": ("From a request's arrival to its answer", ()),
    "slack_call": ("Calls to Slack's Web API", ("method",)),
    "ticks": ("How long ticks take", ("tick",)),
}
INSTANTS: dict[str, tuple[str, tuple[str, ...]]] = {"tick_done": ("When a tick last went well", ("tick",))}


PROJECT = Path(__file__).parent.parent / "pyproject.toml"


@dataclass
class Known:
    """What the database said, and when."""

    at: float
    waiting: Waiting | None


class Collector:
    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.gate: Gate | None = None
        self._lock = threading.Lock()
        self._known: Known | None = None

    def collect(self) -> Iterator[Metric]:
        yield _build()
        yield from self._counted()
        yield from self._at_the_door()
        yield from self._in_the_database()

    def _counted(self) -> Iterable[Metric]:
        tally = self.runtime.tally
        counters = {
            name: CounterMetricFamily(PREFIX + name, words, labels=labels) for name, (words, labels) in COUNTERS.items()
        }
        for (name, labels), count in tally.counts().items():
            if name in counters:
                counters[name].add_metric(labels, count)
        gauges = {
            name: GaugeMetricFamily(f"{PREFIX}{name}_timestamp_seconds", words, labels=labels)
            for name, (words, labels) in INSTANTS.items()
        }
        for (name, labels), instant in tally.instants().items():
            if name in gauges:
                gauges[name].add_metric(labels, instant)
        return [*counters.values(), *gauges.values(), *self._timed()]

    def _timed(self) -> Iterable[Metric]:
        families = {
            name: HistogramMetricFamily(f"{PREFIX}{name}_seconds", words, labels=labels)
            for name, (words, labels) in TIMINGS.items()
        }
        for (name, labels), (total, counts) in self.runtime.tally.timings().items():
            if name in families:
                so_far = [sum(counts[: place + 1]) for place in range(len(counts))]
                bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
                families[name].add_metric(labels, list(zip(bounds, so_far, strict=True)), total)
        return families.values()

    def _at_the_door(self) -> Iterable[Metric]:
        busy = self.gate.busy if self.gate else 0
        queue = self.gate.waiting if self.gate else 0
        yield GaugeMetricFamily(f"{PREFIX}threads_busy", "Requests at work", busy)
        yield GaugeMetricFamily(f"{PREFIX}queue_length", "Requests that wait for a thread", queue)
        yield GaugeMetricFamily(f"{PREFIX}workspaces", "Workspaces that are served", len(self.runtime.serves))

    def _in_the_database(self) -> Iterable[Metric]:
        found = self._look(now=self.runtime.now())
        yield GaugeMetricFamily(f"{PREFIX}database_up", "Whether the database answers", 0 if found is None else 1)
        if found is None:
            return
        rows = GaugeMetricFamily(f"{PREFIX}outbox_messages", "Messages in the outbox", labels=["state"])
        for state, count in found.by_state.items():
            rows.add_metric([state], count)
        yield rows
        about = "How long the message has been due that waits longest"
        yield GaugeMetricFamily(f"{PREFIX}outbox_oldest_due_seconds", about, found.oldest_due_seconds)

    def _look(self, *, now: datetime) -> Waiting | None:
        with self._lock:
            if self._known is None or monotonic() - self._known.at > KEPT:
                self._known = Known(monotonic(), self._ask(now))
            return self._known.waiting

    def _ask(self, now: datetime) -> Waiting | None:
        try:
            with self.runtime.database.look() as connection:
                return waiting(connection, now=now)
        except SQLAlchemyError:
            return None


class Exposition:
    """One for each runtime: what it knows of the database is kept between two scrapes."""

    def __init__(self, runtime: Runtime) -> None:
        self._registry = CollectorRegistry()
        self._collector = Collector(runtime)
        self._registry.register(self._collector)
        ProcessCollector(registry=self._registry)

    def __call__(self, gate: Gate | None) -> bytes:
        self._collector.gate = gate
        return generate_latest(self._registry)


def _build() -> Metric:
    build = GaugeMetricFamily(f"{PREFIX}build_info", "What runs", labels=["version", "python"])
    build.add_metric([tomllib.loads(PROJECT.read_text())["project"]["version"], python_version()], 1)
    return build
