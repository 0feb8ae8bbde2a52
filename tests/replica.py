"""A process of `./run start` behind a balancer that the test owns, as it is run where several share a database."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bot.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.answers import NobodyListens, NotTaken
from bot.sandbox.courier import Retry
from bot.sandbox.http_door import HttpDoor
from bot.sandbox.server import SandboxServer
from tests.ports import free_port
from tests.town import MANIFEST, MONDAY

ROOT = Path(__file__).parent.parent
PATIENCE = 90


class Place:
    """A workspace with luis and #ledger, as a server, and what a bot needs to find it."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.sandbox = Sandbox(MovableClock(MONDAY), MANIFEST)
        self.sandbox.add_person("ULUIS", "luis")
        self.sandbox.add_channel("CLEDGER", "ledger", ["ULUIS", self.sandbox.bot_user_id])
        self.luis = self.sandbox.person("ULUIS")
        self.server = SandboxServer(self.sandbox, page_dir=folder)
        self.server.start()
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "STATIONMASTER_"))
        } | {
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_API_URL": f"{self.server.url}/api/",
            "STATIONMASTER_HOST": "127.0.0.1",
            "STATIONMASTER_CLOCK_URL": f"{self.server.url}/sandbox/clock",
            "STATIONMASTER_DRAIN_SECONDS": "1",
        }

    def close(self) -> None:
        self.server.stop()


class Replica:
    """By HTTP, where it is told a signing secret; else by Socket Mode."""

    def __init__(self, place: Place, name: str, *words: str, over_http: bool = True, **settings: str) -> None:
        self.port, self.admin_port = free_port(), free_port()
        sandbox = place.sandbox
        door = {"SLACK_SIGNING_SECRET": sandbox.signing_secret} if over_http else {"SLACK_APP_TOKEN": sandbox.app_token}
        ports = {"PORT": str(self.port), "ADMIN_PORT": str(self.admin_port)}
        self._environment = place.environment | door | ports | settings
        self._words = words
        self._log = place.folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Replica":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "start", *self._words],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self.wait_until(lambda: self.is_ready)
        return self

    def asked_to_stop(self, number: int = signal.SIGTERM) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def ends(self) -> int:
        assert self._process is not None
        code = self._process.wait(PATIENCE)
        self._process = None
        return code

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def is_ready(self) -> bool:
        return self.asks("/readyz")[0] == 200

    @property
    def problems(self) -> list[str]:
        status, body = self.asks("/readyz")
        return list(json.loads(body)["problems"]) if status else []

    def asks(self, path: str) -> tuple[int, str]:
        """0 where nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.admin_port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        pause = threading.Event()
        came = any(condition() or self._has_ended() or pause.wait(0.05) for _ in range(PATIENCE * 20))
        assert came and condition(), self.log

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


class Balancer:
    """Shares out what Slack posts, one after the other, among those that say they are ready; a `Deliver`."""

    def __init__(self, place: Place, replicas: list[Replica]) -> None:
        secret = place.sandbox.signing_secret
        self._ways = [
            (replica, HttpDoor(f"http://127.0.0.1:{replica.port}/slack/events", secret, lambda: datetime.now(UTC)))
            for replica in replicas
        ]
        self._lock = threading.Lock()
        self.served: list[int] = []

    def __call__(self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None) -> Any:
        with self._lock:
            self._ways.append(self._ways.pop(0))
            ways = list(self._ways)
        for replica, door in ways:
            if not replica.is_ready:
                continue
            try:
                answer = door(kind, dict(payload), retry)
            except NotTaken as problem:
                if "refused" not in str(problem):
                    raise
                continue  # it closed its door a moment ago: another has it
            self.served.append(replica.port)
            return answer
        raise NobodyListens("no replica is ready")

    def close(self) -> None:
        for _, door in self._ways:
            door.close()
