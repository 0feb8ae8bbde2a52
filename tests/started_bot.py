"""The whole bot as it is started, in a process that can be killed, on a sandbox that the test owns."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from bot.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from tests.town import MANIFEST, MONDAY

ROOT = Path(__file__).parent.parent
PATIENCE = 60


class StartedBot:
    """luis is in #ledger with it. Its clock is the sandbox's, and runs."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.clock = MovableClock(MONDAY)
        self.sandbox = Sandbox(self.clock, MANIFEST)
        self.sandbox.add_person("ULUIS", "luis")
        self.sandbox.add_channel("CLEDGER", "ledger", ["ULUIS", self.sandbox.bot_user_id])
        self.luis = self.sandbox.person("ULUIS")
        self.server = SandboxServer(self.sandbox, page_dir=folder)
        self.server.start()
        self._log = folder / "bot.log"
        self._environment = os.environ | {
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
            "SLACK_SIGNING_SECRET": "",
            "SLACK_API_URL": f"{self.server.url}/api/",
            "STATIONMASTER_CLOCK_URL": f"{self.server.url}/sandbox/clock",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "start"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        self.wait_until(lambda: self.luis.types("CLEDGER", "/pm help").acked)

    def hangs_next(self, kind: str | None, method: str) -> None:
        """The next call of the method gets no answer before the bot is killed."""
        if kind is not None:
            self.sandbox.faults.add(Fault(kind, (method,), times=1, seconds=PATIENCE))

    def is_hanging(self) -> bool:
        """As it was told to; also where it was not told to."""
        return not self.sandbox.faults.active()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        assert self._process.wait() == -signal.SIGKILL
        self._process = None
        self.sandbox.faults.clear()

    def most_memory(self) -> float:
        """MB that it ever held."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self.server.stop()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        pause = threading.Event()
        came = any(condition() or pause.wait(0.05) for _ in range(PATIENCE * 20))
        assert came, self._log.read_text()
