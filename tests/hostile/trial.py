"""One hostile payload after another, and what they must not do: be a fault of ours, change anything, tell anything."""

import json
import logging
import os
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.hostile.doors import SECRET as SIGNING_SECRET
from tests.hostile.doors import Answer, Socket, Web
from tests.hostile.mutations import Mutation, mutated
from tests.hostile.wire import INSIDERS, SECRET, Wire, restore, snapshot
from tests.neighbours import everything

COUNT = int(os.environ.get("STATIONMASTER_FUZZ", "2400"))
"""Payloads in all. `./run test --fuzz` sends 20,000 and keeps what it finds in the corpus."""
CORPUS = Path(__file__).parent / "corpus"

BESIDES = ("person", "calendar", "handled_delivery", "outbox", "posted_message", "history")
"""Who was met, what was told, and what was tried."""

TRACES = re.compile(
    r"Traceback|File \"|site-packages|sqlalchemy|sqlite3|psycopg|\bSELECT .* FROM\b|\bINSERT INTO\b"
    r"|xox[abp]-|xapp-|/(?:tmp|home|work|usr)/|\.py\b|Error\b(?!s)|" + SIGNING_SECRET
)
"""Of how it is made. In no word of ours."""
NEIGHBOURS = re.compile(r"neighbour \d+|Next door", re.IGNORECASE)


@dataclass
class Trial:
    wire: Wire
    log: list[logging.LogRecord]
    socket: Socket = field(init=False)
    web: Web = field(init=False)
    baseline: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.socket, self.web = Socket(self.wire.town), Web(self.wire.town)
        self._serves = frozenset(self.wire.town.runtime.serves)
        self.start = snapshot(self.wire.town.database)
        self._watch = sqlite3.connect(self.wire.town.database.url.removeprefix("sqlite:///"), isolation_level=None)
        self.settle()

    def close(self) -> None:
        self.start.close()
        self._watch.close()

    def reset(self) -> None:
        self.wire.town.runtime.serves.update(self._serves)
        restore(self.wire.town.database, self.start)
        self.settle()

    def settle(self) -> None:
        """From here on nothing may change."""
        self.baseline, self._version = self._rows(), self._data_version()

    def problems(self, payload: Any, door: str, *, is_quiet: bool) -> list[str]:
        """What one payload did that none may do."""
        send = self.socket.sends if door == "socket" else self.web.sends
        return self.found(lambda: send(payload), is_quiet=is_quiet, user=outsider_of(payload))

    def found(self, send: Callable[[], Answer], *, is_quiet: bool, user: str | None = None) -> list[str]:
        self.log.clear()
        before = len(self.wire.town.sandbox.calls)
        answer = send()
        said = [(call.method, call.args) for call in self.wire.town.sandbox.calls[before:]]
        found = [f"answered {answer.status}"] if answer.status >= 500 else []
        found += [f"{each.levelname} {each.getMessage()} {_why(each)}" for each in self.log if each.levelno >= 40]
        found += self._leaks(answer, said, user)
        if is_quiet:
            found += self._changes()
        if self.wire.town.runtime.serves != self._serves:
            found += ["removed the app"] if is_quiet else []
            self.reset()
        return found

    def _leaks(self, answer: Answer, said: list[Any], user: str | None) -> Iterator[str]:
        told = f"{answer.body} {answer.headers}"
        for part in (told, json.dumps(said, default=str)):
            if trace := NEIGHBOURS.search(part):
                yield f"tells of the neighbour: {trace[0]}"
        if trace := TRACES.search(told):
            yield f"tells how it is made: {trace[0]}"
        mine = told + json.dumps([args for method, args in said if method.startswith("views.")], default=str)
        if user is not None and SECRET in mine:
            yield f"tells {user} a secret"

    def _changes(self) -> list[str]:
        version = self._data_version()
        if version == self._version:
            return []
        after = self._rows()
        found = [f"changed {name}" for name, rows in after.items() if rows != self.baseline[name]]
        self.baseline, self._version = after, version
        return found

    def _rows(self) -> dict[str, list[Any]]:
        return {name: rows for name, rows in everything(self.wire.town.database).items() if name not in BESIDES}

    def _data_version(self) -> int:
        """Another number after each commit of others."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])


def _why(record: logging.LogRecord) -> str:
    return repr(record.exc_info[1])[:500] if record.exc_info else ""


@contextmanager
def listening(records: list[logging.LogRecord]) -> Iterator[None]:
    """All that any logger of this process says from a warning on."""

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keep = Keep(logging.WARNING)
    logging.getLogger().addHandler(keep)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(keep)


def run(trial: Trial, mutation: Mutation, seed: int, count: int) -> list[str]:
    """Half of them by each door; what was found, with what made it."""
    dice, found = random.Random(f"{mutation.name} {seed}"), []
    for number in range(count):
        kind, payload = mutated(mutation, trial.wire, dice, f"{seed}.{number}")
        door = dice.choice(("socket", "web"))
        if problems := trial.problems(payload, door, is_quiet=mutation.is_quiet):
            found.append(_kept(mutation, door, kind, payload, problems))
        if number % 50 == 49:
            tidy(trial)
    return found


def tidy(trial: Trial) -> None:
    for user in ("UKAVYA", "ULUIS", "UMAYA", "UGUEST"):
        trial.wire.close(user)


def outsider_of(payload: Any) -> str | None:
    """Who may not read the secret. Slack lets only members act in a channel; what they sent may come back to them."""
    if not isinstance(payload, dict):
        return None
    user = payload.get("user") or payload.get("user_id")
    named = user.get("id") if isinstance(user, dict) else user
    sent = json.dumps(payload, default=str)
    is_outside = isinstance(named, str) and named not in INSIDERS and "CSECRET" not in sent and SECRET not in sent
    return named if is_outside else None


def _kept(mutation: Mutation, door: str, kind: str, payload: Any, problems: list[str]) -> str:
    told = json.dumps({"what": problems, "door": door, "quiet": mutation.is_quiet, "payload": payload}, indent=1)
    if "STATIONMASTER_FUZZ_KEEP" in os.environ:
        name = re.sub(r"\W+", "-", f"{mutation.name} {kind} {crc32(told.encode()) % 10_000}")
        Path(os.environ["STATIONMASTER_FUZZ_KEEP"], f"{name}.json").write_text(told + "\n")
    return f"{mutation.name}, {kind} by {door}: {problems}: {told[:1500]}"
