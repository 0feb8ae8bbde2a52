"""The workspace that the bench measures in: a local Slack, a migrated database with a project, a form to submit."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.database import Database
from bot.migrate import migrate
from bot.sandbox.server import SandboxServer
from tests.bench.payloads import Make, commands, submissions
from tests.town import Town

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
RISK = {
    "title": "Vendor slips the API",
    "probability": "4",
    "impact": "4",
    "category": "vendor",
    "owner": "ULUIS",
    "statement": "Given that the vendor reorganises, it is possible that it comes late, which would move the pilot.",
}
"""Of high score and somebody else's: its card names the owner, its author gets a receipt."""

ROWS_OF_A_RISK = {"risk": 1, "history": 2, "handled_delivery": 1, "outbox": 2}
"""The risk, what history says of it, the delivery that is not handled twice, its card and its author's receipt."""


@dataclass(frozen=True)
class Office:
    folder: Path
    slack_url: str
    token: str
    commands: Make
    line: Callable[[str, str], Make]
    """A command and what is typed behind it, in the project's channel."""
    submissions: Make

    def database(self, name: str) -> str:
        """One for every process, so that none pays for what another left behind."""
        path = self.folder / f"{name}.db"
        if not path.exists():
            shutil.copy(self.folder / "office.db", path)
        return f"sqlite:///{path}"

    def rows(self, name: str) -> dict[str, int]:
        """How many there are in each table that a risk writes to."""
        with closing(sqlite3.connect(self.folder / f"{name}.db")) as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ROWS_OF_A_RISK
            }


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{folder / 'office.db'}")
    migrate(database)
    town = Town(database, now=SystemClock().now())
    command, submission = live_a_little(town)
    database.close()
    server = SandboxServer(town.sandbox, page_dir=PAGE)
    server.start()
    try:
        yield Office(
            folder,
            f"{server.url}/api/",
            town.sandbox.bot_token,
            commands(command),
            partial(commands, command),
            submissions(submission),
        )
    finally:
        server.stop()


def live_a_little(town: Town) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A program, a project and one risk; answers the payloads of the command and of the form."""
    maya, delivered = town.person("UMAYA"), list[Mapping[str, Any]]()
    town.set_up_program()
    maya.types("CLEDGER", "/pm setup Ledger Migration")
    maya.submits({"owner": "ULUIS", "target_on": (town.clock.now() + timedelta(days=90)).date().isoformat()})
    assert maya.form_errors == {}

    def note(kind: str, payload: Mapping[str, Any], *more: Any) -> dict[str, Any] | None:
        delivered.append(payload)
        return town.deliver(kind, payload, *more)

    town.sandbox.deliver = note
    maya.types("CLEDGER", "/risk")
    maya.submits(RISK)
    assert maya.form_errors == {}
    return delivered[0], delivered[-1]
