"""A Slack whose every call takes a second, while people go on: how long they wait for an acknowledgement."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from bot.clock import SystemClock
from bot.config import SLACK_PATH
from bot.database import Database
from bot.migrate import migrate
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.sandbox.traffic import Exchange
from tests.bench.figures import Sample, Series, percentile
from tests.bench.office import PAGE
from tests.bench.processes import Server, says_ready
from tests.ports import free_port
from tests.town import Town

ACK, FORM = "slow_slack_ack_p99", "slow_slack_form_p99"
CALL = 1.0
"""Seconds that a call takes."""
BESIDES = 0.5
"""Seconds beyond the call that opening a form may take."""
LATEST = 3.0
"""Seconds after which Slack tells people that the app did not answer."""

A_SECOND = 50
"""Acts of people."""
ACTS = 300
PEOPLE = 60
TURNS = ("help", "list", "form", "submission", "button")
"""By turns, a person after the other."""
FILLED_IN = 25
"""So many people later the first of them submits their form: two and a half seconds."""
AT_ONCE = 250
"""Acts under way, at most: whoever waits long holds up nobody else."""

FORM_LINE = "/pm assumption The bank agrees"
RISK = {"title": "Vendor slips the API", "probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}

Speed = Literal["fast", "slow"]


@dataclass(frozen=True)
class Waits:
    """Seconds until the acknowledgement, of what opens no form and of what does."""

    acks: list[float]
    forms: list[float]


def measure_slow_slack(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    if not {ACK, FORM}.intersection(names):
        return {}
    acks, forms = Series(), Series()
    with _crowd(folder) as crowd:
        crowd.lives("fast")
        for number in range(rounds):
            order: tuple[Speed, ...] = ("slow", "fast") if number % 2 else ("fast", "slow")
            taken = {speed: crowd.lives(speed) for speed in order}
            acks.add(_p99(taken["slow"].acks), _p99(taken["fast"].acks))
            forms.add(_p99(taken["slow"].forms), Sample((CALL + BESIDES) * 1e3))
    return {name: series for name, series in ((ACK, acks), (FORM, forms)) if name in names}


def _p99(waits: Sequence[float]) -> Sample:
    return Sample(percentile(waits, 0.99) * 1e3)


class Crowd:
    """Sixty people of one channel, and the bot as it is started behind HTTP."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._people = [sandbox.person(f"UCROWD{number}") for number in range(PEOPLE)]
        self._acted = 0
        by = (sandbox.clock.now() + timedelta(days=30)).date()
        self._answers = {"owner": "ULUIS", "validate_by": by.isoformat()}

    def lives(self, speed: Speed) -> Waits:
        """Fifty acts a second, at their instants, however long those before take."""
        if speed == "slow":
            self._sandbox.faults.add(Fault("slow", seconds=CALL))
        before = self._sandbox.workspace.traffic.last
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            acts = []
            for place in range(ACTS):
                time.sleep(max(0.0, began + place / A_SECOND - time.monotonic()))
                acts.append(pool.submit(self._act, self._acted + place))
            for act in acts:
                act.result()
        self._acted += ACTS
        self._sandbox.faults.clear()
        return _waits(self._sandbox.workspace.traffic.exchanges(before))

    def _act(self, number: int) -> None:
        """Who has no form open when they would submit it, or no button yet, asks for help."""
        turn, place = TURNS[number % len(TURNS)], number // len(TURNS)
        person = self._people[place % PEOPLE]
        if turn == "submission":
            person = self._people[(place - FILLED_IN) % PEOPLE]
        match turn:
            case "list":
                person.types("CLEDGER", "/pm risks")
            case "form":
                person.types("CLEDGER", FORM_LINE)
            case "submission" if person.modals:
                person.submits(self._answers)
            case "button" if self._button:
                person.presses(self._button, "risk.acknowledge")
            case _:
                person.types("CLEDGER", "/pm help")

    @property
    def _button(self) -> dict[str, object] | None:
        return self._card

    def meet(self) -> None:
        """One risk whose card has a button that everybody sees."""
        first = self._people[0]
        first.types("CLEDGER", "/risk")
        first.submits(RISK)
        assert first.form_errors == {}
        until = time.monotonic() + 30
        while not (cards := [said for said in first.reads("CLEDGER") if "risk.acknowledge" in str(said["blocks"])]):
            assert time.monotonic() < until, "no card came"
            time.sleep(0.05)
        self._card = cards[-1]


def _waits(exchanges: Sequence[Exchange]) -> Waits:
    acks, forms = list[float](), list[float]()
    for each in exchanges:
        if each.to_app and each.method in ("slash_commands", "interactive"):
            assert each.error is None, f"{each.method}: {each.error}"
            seconds = (each.milliseconds or 0) / 1e3
            assert seconds < LATEST, each
            (forms if FORM_LINE.endswith(each.args.get("text") or "?") else acks).append(seconds)
    assert len(acks) + len(forms) == ACTS
    return Waits(acks, forms)


@contextmanager
def _crowd(folder: Path) -> Iterator[Crowd]:
    path = folder / "crowd.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    town = Town(database, now=SystemClock().now())
    for number in range(PEOPLE):
        town.sandbox.add_person(f"UCROWD{number}", f"crowd{number}")
    town.sandbox.add_channel(
        "CLEDGER", "p-ledger", ["ULUIS", *(f"UCROWD{number}" for number in range(PEOPLE)), town.sandbox.bot_user_id]
    )
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup Ledger Migration")
    luis.submits({"target_on": (town.clock.now() + timedelta(days=90)).date().isoformat()})
    assert luis.form_errors == {}
    database.close()
    town.clock.run()
    server = SandboxServer(town.sandbox, page_dir=PAGE)
    server.start()
    try:
        with _bot(town.sandbox, server, path, folder):
            crowd = Crowd(town.sandbox)
            crowd.meet()
            yield crowd
    finally:
        server.stop()


@contextmanager
def _bot(sandbox: Sandbox, slack: SandboxServer, database: Path, folder: Path) -> Iterator[None]:
    health = free_port()
    environment = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": f"{slack.url}/api/",
        "DATABASE_URL": f"sqlite:///{database}",
        "STATIONMASTER_HOST": "127.0.0.1",
        "ADMIN_HOST": "127.0.0.1",
        "ADMIN_PORT": str(health),
    }
    bot = Server(["bot", "start"], environment, folder=folder, port=free_port())
    bot.wait_until(lambda: says_ready(health))
    try:
        assert slack.deliver_to(f"http://127.0.0.1:{bot.port}{SLACK_PATH}", SystemClock().now)
        yield
    finally:
        bot.stop()
