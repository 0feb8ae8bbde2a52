"""The servers under measurement: started, read (CPU, memory) and ended from here. For Linux."""

import ctypes
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
STOP_SECONDS = 10
POLL_SECONDS = 0.01

_libc = ctypes.CDLL(None, use_errno=True)

Ready = Callable[[], bool]


class Server:
    """One process, in a session of its own: Ctrl-C reaches the bench alone, which then ends its servers."""

    def __init__(self, module: Sequence[str], environment: Mapping[str, str], *, folder: Path, port: int) -> None:
        self.port = port
        self._log = folder / f"{port}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *module],
                env=_environment(folder) | dict(environment) | {"PORT": str(port)},
                cwd=folder,  # where no .env lies
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._clock = _cpu_clock(self._process.pid)

    def wait_until(self, ready: Ready) -> Self:
        """Itself, when it is ready; ended where it never is, or where nobody waits any longer."""
        try:
            self._wait(ready)
        except BaseException:
            self.stop()
            raise
        return self

    def _wait(self, ready: Ready) -> None:
        give_up = time.monotonic() + START_SECONDS
        while not ready():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"a server did not start:\n{self._log.read_text()}")
            time.sleep(POLL_SECONDS)

    def cpu(self) -> float:
        """Seconds, user and system, of all its threads since it was started, to the nanosecond."""
        return time.clock_gettime_ns(self._clock) / 1e9

    def resident(self) -> float:
        """MB of memory that it holds now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def says_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _environment(folder: Path) -> dict[str, str]:
    """Compiled code is kept beside the bench's files, and found there from the second start on."""
    ours = ("SLACK_", "STATIONMASTER_", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _cpu_clock(pid: int) -> int:
    clock = ctypes.c_int()
    problem = _libc.clock_getcpuclockid(pid, ctypes.byref(clock))
    if problem:
        raise OSError(problem, os.strerror(problem))
    return clock.value
