"""What Slack delivers, kept for a while or delivered at once by several people."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from slack_bolt import BoltRequest

from tests.town import Town


def caught(town: Town, act: Callable[[], object]) -> dict[str, Any]:
    """The payload that an act ends with, kept from the app for now."""
    kept: list[dict[str, Any]] = []

    def keep(kind: str, payload: Any, retry: object) -> dict[str, Any]:
        kept.append(dict(payload))
        return {}

    town.sandbox.deliver = keep
    act()
    town.sandbox.deliver = town.deliver
    return kept[-1]


def at_once(town: Town, *payloads: dict[str, Any]) -> list[str]:
    """Each arrives in a thread of its own at the same moment; what the app answers."""
    start, answers = Barrier(len(payloads)), ["" for _ in payloads]

    def deliver(place: int, payload: dict[str, Any]) -> None:
        start.wait()
        response = town.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
        answers[place] = f"{response.status} {response.body}"

    threads = [Thread(target=deliver, args=item) for item in enumerate(payloads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    town.settle()
    return answers
