"""What this process has done, counted in memory: a dictionary and a lock, read by `/metrics` alone."""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, time_ns

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0)
"""Seconds; Slack waits three."""

Labels = tuple[str, ...]
"""Of a fixed few words each: never a person, a channel, a workspace or a text."""


class Timing:
    """How often, how long in all, and how many took up to each of the bounds."""

    def __init__(self) -> None:
        self.total = 0.0
        self.buckets = [0] * (len(BOUNDS) + 1)

    def add(self, seconds: float) -> None:
        self.total += seconds
        self.buckets[bisect_left(BOUNDS, seconds)] += 1


class Tally:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[tuple[str, Labels], int] = defaultdict(int)
        self._timings: defaultdict[tuple[str, Labels], Timing] = defaultdict(Timing)
        self._instants: dict[tuple[str, Labels], float] = {}

    def count(self, name: str, *labels: str, by: int = 1) -> None:
        with self._lock:
            self._counts[name, labels] += by

    def time(self, name: str, *labels: str, seconds: float) -> None:
        with self._lock:
            self._timings[name, labels].add(seconds)

    def mark(self, name: str, *labels: str) -> None:
        """That it happened now."""
        self._instants[name, labels] = time_ns() / 1e9

    @contextmanager
    def timing(self, name: str, *labels: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.time(name, *labels, seconds=perf_counter() - began)

    def counts(self) -> dict[tuple[str, Labels], int]:
        with self._lock:
            return dict(self._counts)

    def timings(self) -> dict[tuple[str, Labels], tuple[float, list[int]]]:
        """The seconds in all, and how many lie between one bound and the next."""
        with self._lock:
            return {key: (timing.total, list(timing.buckets)) for key, timing in self._timings.items()}

    def instants(self) -> dict[tuple[str, Labels], float]:
        return dict(self._instants)
