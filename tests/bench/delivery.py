"""What delivery costs, how well it keeps Slack's pace, and what more replicas bring."""

import os
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import update

from bot.app import connect
from bot.clock import SystemClock
from bot.config import Settings
from bot.database import Database
from bot.domain.pace import MESSAGES, Rates
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.rate_limits import RateLimited, RateLimits
from bot.sandbox.server import SandboxServer
from bot.services import delivery
from bot.services import workspace as workspaces
from bot.slack_client import Connections, SlackClient
from bot.views.blocks import context, message, section
from models.schemas.message import Message
from models.tables import Person
from models.tables.unit import add_rows
from tests.bench.courier import deliver_all, runtime_by_tls
from tests.bench.faults_databases import MAKERS
from tests.bench.figures import Sample, Series
from tests.bench.office import PAGE
from tests.bench.processes import ROOT, Server, accepts
from tests.ports import free_port
from tests.slack_client import SandboxClient
from tests.tls import make_certificate
from tests.town import MANIFEST

UNDER_LIMIT, CPU = "nudge_under_limit", "nudge_cpu"
REPLICAS = {"deliver_replicas_2": 2, "deliver_replicas_3": 3}

OWNERS, A_MINUTE = 150, 240
LATENCY = 0.15
"""Seconds that Slack takes for a call."""
STRICT = timedelta(seconds=10)
MOST_REFUSED = 0.01

MESSAGES_FOR_CPU = 400
MESSAGES_FOR_REPLICAS = 1_500
LATENCY_FOR_REPLICAS = 0.05
A_MILLISECOND = 1.0
"""The reference of `nudge_cpu`: what is compared is the figure itself."""

numbers = count(1)


def measure_delivery(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    found: dict[str, Series] = {}
    if UNDER_LIMIT in names:
        found[UNDER_LIMIT] = _under_limit(folder)
    if CPU in names:
        found[CPU] = _cpu(rounds, folder)
    wanted = {name: number for name, number in REPLICAS.items() if name in names}
    return found | (_replicas(wanted, min(rounds, 3), folder) if wanted else {})


class StrictLimits(RateLimits):
    """Slack's own pace for a channel; of all messages a tenth more than we allow ourselves, within any ten seconds."""

    def __init__(self, clock: SystemClock) -> None:
        super().__init__(clock)
        rate = Rates(A_MINUTE).of(MESSAGES)
        assert rate is not None
        self._most = 1.1 * (STRICT / rate.every + rate.burst)
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def count(self, method: str, channel: str) -> None:
        now, recent = self.clock.now(), self._recent[method]
        while recent and now - recent[0] >= STRICT:
            recent.popleft()
        if method == MESSAGES and len(recent) >= self._most:
            raise RateLimited((recent[0] + STRICT - now).total_seconds())
        super().count(method, channel)
        recent.append(now)


def _under_limit(folder: Path) -> Series:
    """Seconds from the first claim to the last answer, against what the rate allows at best after a pause."""
    with MAKERS["sqlite"](folder / _new_folder(folder)) as make:
        database = make("limit")
        sandbox = Sandbox(SystemClock(), MANIFEST)
        owners = [f"UOWNER{number}" for number in range(OWNERS)]
        for owner in owners:
            sandbox.add_person(owner, owner.lower())
        server = SandboxServer(sandbox, page_dir=PAGE)
        server.start()
        try:
            seconds, refused = _deliver_under_limit(database, sandbox, server.url, owners)
        finally:
            server.stop()
            database.close()
    assert refused <= MOST_REFUSED, f"{refused:.1%} of the calls were answered 429"
    rate = Rates(A_MINUTE).of(MESSAGES)
    assert rate is not None
    best = (OWNERS - rate.burst) * rate.every.total_seconds() + LATENCY
    return Series([Sample(seconds, OWNERS / seconds)], [Sample(best, OWNERS / best)])


def _deliver_under_limit(database: Database, sandbox: Sandbox, url: str, owners: Sequence[str]) -> tuple[float, float]:
    """How long it took, and which share of the calls was refused for its pace."""
    slack = SlackClient(sandbox.bot_token, f"{url}/api/", Connections())
    runtime = Runtime(database=database, slack=slack, answer=lambda url, body: 404, senders=8, rates=Rates(A_MINUTE))
    connect(runtime)
    direct = SandboxClient(sandbox)
    places = {owner: direct.conversations_open(users=owner)["channel"]["id"] for owner in owners}
    _queue(database, 1, places)
    sandbox._web_api = replace(sandbox._web_api, limits=StrictLimits(SystemClock()))
    sandbox.faults.add(Fault("slow", (MESSAGES,), seconds=LATENCY))
    begun = time.perf_counter()
    deliver_all(runtime)
    seconds = time.perf_counter() - begun
    asked = [call for call in sandbox.calls if call.method == MESSAGES]
    assert len([call for call in asked if call.answer and call.answer.status == 200]) == len(owners)
    return seconds, len([call for call in asked if call.answer and call.answer.status == 429]) / len(asked)


def _cpu(rounds: int, folder: Path) -> Series:
    """Of this process, for each message: from the outbox to the record of where it stands."""
    series = Series()
    with _slack(folder, 0) as (certificate, url), MAKERS["sqlite"](folder / _new_folder(folder)) as make:
        database = make("cpu")
        workspace_id = _install(database)
        runtime = runtime_by_tls(_settings(url, database), certificate, workspace_id)
        runtime.slack.auth_test()
        for number in range(rounds + 1):
            _queue(database, workspace_id, _places(MESSAGES_FOR_CPU))
            before = time.process_time()
            deliver_all(runtime)
            spent = (time.process_time() - before) / MESSAGES_FOR_CPU * 1e3
            if number:
                series.add(Sample(spent), Sample(A_MILLISECOND))
        database.close()
    return series


def _replicas(wanted: dict[str, int], rounds: int, folder: Path) -> dict[str, Series]:
    """Milliseconds for each message through several processes, against one, on PostgreSQL."""
    found = {name: Series() for name in wanted}
    with _slack(folder, LATENCY_FOR_REPLICAS) as (certificate, url), MAKERS["postgres"](folder) as make:
        database = make("replicas")
        workspace_id = _install(database)
        settings = _settings(url, database)

        def take(replicas: int) -> Sample:
            _queue(database, workspace_id, _places(MESSAGES_FOR_REPLICAS))
            seconds = _through(replicas, settings, workspace_id, certificate)
            return Sample(seconds / MESSAGES_FOR_REPLICAS * 1e3, MESSAGES_FOR_REPLICAS / seconds)

        take(1)
        for _ in range(rounds):
            alone = take(1)
            for name, replicas in wanted.items():
                found[name].add(take(replicas), alone)
        database.close()
    return found


def _through(replicas: int, settings: Settings, workspace_id: int, certificate: Path) -> float:
    """Seconds until nothing waits any more."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": settings.database_url,
        "SLACK_API_URL": settings.slack_api_url,
        "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
    }
    words = [sys.executable, "-m", "tests.bench.courier", str(workspace_id), str(certificate)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with ExitStack() as stack:
        running = [stack.enter_context(subprocess.Popen(words, **pipes)) for _ in range(replicas)]
        for process in running:
            assert process.stdout.readline() == "ready\n"
        begun = time.perf_counter()
        for process in running:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            assert float(process.stdout.readline()) > 0
        return time.perf_counter() - begun


@contextmanager
def _slack(folder: Path, seconds: float) -> Iterator[tuple[Path, str]]:
    certificate = make_certificate(folder)
    words = ["tests.bench.slack_by_tls", str(certificate), str(seconds)]
    server = Server(words, {}, folder=folder, port=free_port())
    server.wait_until(lambda: accepts(server.port))
    try:
        yield certificate, f"https://localhost:{server.port}/api/"
    finally:
        server.stop()


def _settings(url: str, database: Database) -> Settings:
    return Settings(_env_file=None, slack_bot_token=SecretStr("xoxb-1"), slack_api_url=url, database_url=database.url)


def _install(database: Database) -> int:
    with database.everywhere() as session:
        known = workspaces.install(
            session, team_id="T1", name="Bench", url="https://bench.slack.com/", bot_user_id="UBOT"
        )
    return known.id


def _places(number: int) -> dict[str, str]:
    """People who were never written to, and their direct messages."""
    return {f"UOWNER{each}": f"D{each}" for each in (next(numbers) for _ in range(number))}


def _queue(database: Database, workspace_id: int, places: dict[str, str]) -> None:
    now = SystemClock().now()
    with database.write(workspace_id) as session:
        add_rows(session, Person, [{"slack_id": user, "handle": user.lower()} for user in places])
        for user, channel in places.items():
            session.execute(update(Person).where(Person.slack_id == user).values(dm_channel=channel))
            delivery.post(session, _nudge(user), key=f"nudge:{user}", to=user, now=now)


def _nudge(user: str) -> Message:
    """As long as a morning's asks."""
    asks = [section(f"*R-{number}* Vendor slips the API of wave {number}: review it by Friday") for number in range(5)]
    return message(f"5 asks wait for you, {user}", *asks, context("Why me? You own them."))


def _new_folder(folder: Path) -> str:
    name = f"delivery-{next(numbers)}"
    (folder / name).mkdir()
    return name
