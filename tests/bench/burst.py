"""Thousands of envelopes back to back over Socket Mode, to the bot as it is started."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bot.database import Database
from bot.migrate import migrate
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.bench.figures import Sample, Series
from tests.started_bot import StartedBot

ANSWERED, MEMORY = "burst_answered", "burst_memory"

FEW, BURST = 500, 5_000
COMMANDS = 10
"""Every how many-th is a command that is answered in words; the others are events that nobody listens to."""
PATIENCE = 60.0

_numbers = count(1)


@dataclass(frozen=True)
class Answered:
    once: int
    never: int
    again: int
    """Acknowledged more than once."""


def measure_burst(names: Sequence[str], folder: Path) -> dict[str, Series]:
    if not {ANSWERED, MEMORY}.intersection(names):
        return {}
    url = f"sqlite:///{folder / 'burst.db'}"
    database = Database(url)
    migrate(database)
    database.close()
    bot = StartedBot(url, folder)
    try:
        bot.start()
        burst(bot.sandbox, bot.server, FEW)
        before = bot.most_memory()
        answered = burst(bot.sandbox, bot.server, BURST)
        after = bot.most_memory()
    finally:
        bot.close()
    found = {
        ANSWERED: Series([Sample(BURST)], [Sample(answered.once or 0.1)]),
        MEMORY: Series([Sample(after)], [Sample(before)]),
    }
    return {name: series for name, series in found.items() if name in names}


def burst(sandbox: Sandbox, server: SandboxServer, envelopes: int = BURST) -> Answered:
    sent = [_command(sandbox) if place % COMMANDS == 0 else _event(sandbox) for place in range(envelopes)]
    times = server.door.burst(sent, PATIENCE)
    return Answered(times.count(1), times.count(0), len([each for each in times if each > 1]))


def _event(sandbox: Sandbox) -> tuple[str, dict[str, Any]]:
    number = next(_numbers)
    event = {"type": "reaction_added", "user": "ULUIS", "reaction": "eyes", "event_ts": f"{number}.0"}
    who = {"team_id": sandbox.team_id, "user_id": sandbox.bot_user_id, "is_bot": True}
    payload = {"type": "event_callback", "team_id": sandbox.team_id, "api_app_id": sandbox.app_id, "event": event}
    return "events_api", payload | {"event_id": f"Ev{number}", "event_time": number, "authorizations": [who]}


def _command(sandbox: Sandbox) -> tuple[str, dict[str, Any]]:
    place = {"team_id": sandbox.team_id, "team_domain": "example", "channel_id": "CLEDGER", "channel_name": "ledger"}
    who = {"user_id": "ULUIS", "user_name": "luis", "api_app_id": sandbox.app_id, "is_enterprise_install": "false"}
    said = {"command": "/pm", "text": "help", "trigger_id": f"{next(_numbers)}.1.burst"}
    return "slash_commands", place | who | said | {"response_url": "http://127.0.0.1/nowhere"}
