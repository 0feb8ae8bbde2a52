"""A private PostgreSQL server for the tests, wherever its programs are found."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.ports import free_port


def programs() -> Path | None:
    """The folder of initdb and postgres: on the PATH, or where Debian puts them."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


class PostgresServer:
    """Listens on loopback and a socket folder of its own; gone with its data when it stops."""

    def __init__(self) -> None:
        found = programs()
        assert found is not None
        self._programs = found
        self._folder = Path(tempfile.mkdtemp(prefix="stationmaster-postgres-"))
        self._user = _unprivileged()
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()

    def start(self) -> None:
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "tests", "--no-sync", "-E", "UTF8", "--locale=C")
        self.go_on()

    def go_on(self) -> None:
        """After it broke off; what was committed is there."""
        data = str(self._folder / "data")
        address = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        settings = f"-F {address} -c max_connections=300 -c autovacuum=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self._folder / "log"), "-o", settings, "start")

    def break_off(self) -> None:
        """As a machine does that loses its power."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        self.break_off()
        shutil.rmtree(self._folder, ignore_errors=True)

    def cpu(self) -> float:
        """Seconds, of all its processes that live. For Linux."""
        first = (self._folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in children) / 1e9

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        command: Sequence[str] = [str(self._programs / program), *arguments]
        options = {"user": self._user} if self._user else {}
        subprocess.run(
            command, check=True, cwd=self._folder, capture_output=True, env=os.environ | {"LC_ALL": "C"}, **options
        )


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; Debian makes a user for it."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name
