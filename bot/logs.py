"""What the log says: lines for people or JSON for machines, each with the request that it belongs to.

No line holds a token, a name or a text of anybody: of an exception it tells the kind and the place, not the words,
for these may be what a person typed, or a row of the database.
"""

import json
import logging
import re
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, TextIO

OURS = ("bot", "handlers")
"""Loggers whose level is a setting; those of libraries only warn."""

SECRETS = re.compile(r"xox[a-z]?(?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|https?://\S*/(?:commands|actions|services)/\S+")
"""Tokens, and addresses that are as good as one. Nobody logs them; this is the last door."""

MARKS = ("request", "kind", "capability", "workspace", "code", "duration_ms")
"""What a line says besides its words, where it is known."""

_current: ContextVar[dict[str, Any] | None] = ContextVar("stationmaster_log", default=None)


@contextmanager
def about(kind: str, **marks: Any) -> Iterator[None]:
    """All lines from here belong together: a request, a tick, a delivery."""
    token = _current.set({"request": secrets.token_hex(4), "kind": kind, "began": perf_counter(), **marks})
    try:
        yield
    finally:
        _current.reset(token)


def note(**marks: Any) -> None:
    """More is known by now of what these lines are about."""
    current = _current.get()
    if current is not None:
        current.update(marks)


@contextmanager
def noting(**marks: Any) -> Iterator[None]:
    """The same, until the end of the block."""
    before = _current.get()
    token = _current.set((before or {}) | marks)
    try:
        yield
    finally:
        _current.reset(token)


def set_up(level: str = "info", form: str = "text") -> None:
    """May be done again, when the settings are known. Whoever handles the log already goes on doing it."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(Lines())
    for handler in root.handlers:
        if isinstance(handler, Lines):
            handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


class Lines(logging.StreamHandler[TextIO]):
    """To the standard error, each with what it is about."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self.addFilter(_mark)


class TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """What was logged in one line stays in one line, but for the places of an exception."""
        marks = "".join(f" {name}={value}" for name, value in _marks(record).items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_one_line(_words(record))}"
        places = f"\n{_places(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else ""
        return _without_secrets(line + (f" [{marks[1:]}]" if marks else "") + places)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _words(record),
            **_marks(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__qualname__
            line["places"] = _places(record.exc_info[1])
        return _without_secrets(json.dumps(line, ensure_ascii=False, default=str))


def _mark(record: logging.LogRecord) -> bool:
    """In the thread that logs: it knows what it works on."""
    current = _current.get()
    if current is not None:
        for name in MARKS:
            if name in current and not hasattr(record, name):
                setattr(record, name, current[name])
        if "began" in current:
            record.duration_ms = round((perf_counter() - current["began"]) * 1000, 1)
    return True


def _marks(record: logging.LogRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in MARKS if getattr(record, name, None) is not None}


def _words(record: logging.LogRecord) -> str:
    """An exception that is an argument is told by its kind."""
    if isinstance(record.args, tuple):
        told = tuple(_kind(value) if isinstance(value, BaseException) else value for value in record.args)
        return str(record.msg) % told if told else str(record.msg)
    return record.getMessage()


def _kind(problem: BaseException) -> str:
    """With what a service says in one word, which is never a text of somebody's."""
    response, cause = getattr(problem, "response", None), getattr(problem, "orig", None)
    error = response.get("error") if response is not None and hasattr(response, "get") else None
    state = getattr(cause, "sqlstate", None)
    number = problem.errno if isinstance(problem, OSError) else None
    word = next((str(each) for each in (error, state, number) if each), "")
    return f"{type(problem).__qualname__}{f' ({word})' if word else ''}"


def _places(problem: BaseException) -> str:
    """As Python tells it, without the words of any exception."""
    lines, current, seen = [], problem, set[int]()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_kind(current))
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        following = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if following is not None:
            lines.append("which came of")
        current = following  # type: ignore[assignment]  # ends with None
    return "\n".join(lines)


def _one_line(words: str) -> str:
    return words.replace("\r", "\\r").replace("\n", "\\n")


def _without_secrets(line: str) -> str:
    return SECRETS.sub("[hidden]", line)
