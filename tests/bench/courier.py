"""One replica that delivers what is due, until nothing waits: its environment says where, as for the bot.

`python -m tests.bench.courier WORKSPACE CERTIFICATE` says that it is ready, waits for a line, delivers, and says how
much CPU that took.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

from bot.app import build_client, build_runtime
from bot.config import Settings
from bot.domain.pace import UNCOUNTED
from bot.jobs.delivery import Courier
from bot.runtime import Runtime
from bot.services import outbox
from bot.slack_client import Connections
from tests.tls import trusting

LONGEST = 0.2
"""Seconds between two looks where nothing is due."""


def runtime_by_tls(settings: Settings, certificate: Path, workspace_id: int) -> Runtime:
    """As the bot's own, but that it trusts the certificate and nobody counts its calls."""
    runtime = build_runtime(settings, wake=lambda: None)
    slack = build_client(settings, Connections(trusting(certificate)))
    runtime.serves.add(workspace_id)
    return replace(runtime, slack=slack, rates=UNCOUNTED)


def deliver_all(runtime: Runtime) -> None:
    """As the postman does it: until nothing waits, each as soon as it is due."""
    courier = Courier(runtime)
    while True:
        courier.deliver_due()
        with runtime.database.everywhere() as session:
            due = outbox.next_due(session, serves=runtime.serves)
        if due is None:
            return
        time.sleep(min(LONGEST, max(0.0, (due - runtime.now()).total_seconds())))


def main(workspace_id: int, certificate: Path) -> None:
    runtime = runtime_by_tls(Settings(_env_file=None), certificate, workspace_id)
    runtime.slack.auth_test()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    before = time.process_time()
    deliver_all(runtime)
    sys.stdout.write(f"{time.process_time() - before}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
