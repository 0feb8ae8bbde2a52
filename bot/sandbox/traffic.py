"""What went over the wire, both ways: the one place where calls and deliveries are remembered."""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from bot.sandbox.answers import Answer, Json

KEPT = 5_000


@dataclass(frozen=True)
class Exchange:
    """A question and its answer. From the app: a Web API call, a POST to a response_url, an acknowledgement that
    could not be used (`ack:…`). To the app: a delivery; `method` is then its kind."""

    number: int
    """Exchanges are in the order in which they began."""
    version: int
    """Grows with every change of any exchange."""
    at: datetime
    to_app: bool
    method: str
    args: Json
    began: float
    answer: Answer | None = None
    error: str | None = None
    milliseconds: float | None = None
    """None while the answer is awaited."""

    @property
    def is_problem(self) -> bool:
        return self.error is not None


class Traffic:
    """Bounded: what is oldest is forgotten. Refusals are kept longer than what went well."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.refusals: list[Exchange] = []
        self.version = 0
        self.problems = 0
        self._now = now
        self._numbers = itertools.count(1)
        self._kept: dict[int, Exchange] = {}
        self._lock = threading.Lock()

    @property
    def calls(self) -> list[Exchange]:
        """What came from the app and was answered."""
        return [exchange for exchange in self.exchanges() if not exchange.to_app and exchange.answer]

    def exchanges(self, after: int = 0) -> list[Exchange]:
        """The oldest first; those that began after the one with this number."""
        with self._lock:
            if not after:
                return list(self._kept.values())
            newest = takewhile(lambda exchange: exchange.number > after, reversed(self._kept.values()))
            return list(newest)[::-1]

    @property
    def last(self) -> int:
        """The number of the exchange that began last."""
        with self._lock:
            return next(reversed(self._kept), 0)

    def find(self, number: int) -> Exchange | None:
        with self._lock:
            return self._kept.get(number)

    def begin(self, method: str, args: Mapping[str, Any], *, to_app: bool = False) -> Exchange:
        now, began = self._now(), time.perf_counter()
        with self._lock:
            self.version += 1
            exchange = Exchange(next(self._numbers), self.version, now, to_app, method, dict(args), began)
            self._kept[exchange.number] = exchange
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return exchange

    def end(self, exchange: Exchange, answer: Answer | None, error: str | None = None) -> None:
        """`error` where nobody answered, or where what was answered does not say itself what is wrong."""
        passed = (time.perf_counter() - exchange.began) * 1000
        with self._lock:
            self.version += 1
            ended = replace(
                exchange,
                version=self.version,
                answer=answer,
                error=error or _error_in(answer),
                milliseconds=round(passed, 1),
            )
            if ended.number in self._kept:
                self._kept[ended.number] = ended
            self._count(ended)

    def record(self, method: str, args: Mapping[str, Any], answer: Answer) -> None:
        """Something that took no time."""
        self.end(self.begin(method, args), answer)

    def _count(self, ended: Exchange) -> None:
        self.problems += ended.is_problem
        if ended.answer and ended.answer.body.get("ok") is False and not ended.to_app:
            self.refusals.append(ended)
            del self.refusals[:-KEPT]


def _error_in(answer: Answer | None) -> str | None:
    if answer is None:
        return None
    if answer.body.get("ok") is False:
        return str(answer.body.get("error", "unknown_error"))
    return f"HTTP {answer.status}" if answer.status >= 400 else None
