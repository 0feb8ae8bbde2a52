"""Switching faults on and off from the page."""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.answers import Json
from bot.sandbox.bodies import json_body
from bot.sandbox.fault_kinds import FOR_LONG, KINDS, RESPONSE_URL, UPLOAD
from bot.sandbox.faults import ALL, Fault, Faults
from bot.sandbox.outage import Outage
from bot.sandbox.socket_door import WARNED_AHEAD, SocketDoor
from bot.sandbox.web_api import METHODS

NAMES = sorted([*METHODS, RESPONSE_URL, UPLOAD])
SOCKETS = [
    {
        "do": "renew",
        "title": "Renew the sockets",
        "words": "Slack warns the app, and closes its sockets after a while. It does so every few hours.",
        "seconds": WARNED_AHEAD,
    },
    {"do": "drop", "title": "Drop the sockets", "words": "They break without a word.", "seconds": None},
    {
        "do": "disable",
        "title": "Close the sockets",
        "words": "Slack says that Socket Mode was switched off, and closes them.",
        "seconds": None,
    },
    {
        "do": "refuse",
        "title": "Refuse connections",
        "words": f"For {FOR_LONG:g} seconds nobody reaches Slack: what was connected breaks, what is new is refused.",
        "seconds": FOR_LONG,
    },
]
MOST_SECONDS = 3_600


@dataclass(frozen=True)
class FaultsPage:
    faults: Faults
    door: SocketDoor
    outage: Outage
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def all(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/faults", self.show),
            Route("/sandbox/faults", self.change, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        active = [asdict(fault) for fault in self.faults.active()]
        catalogue = [_shown(name) for name in KINDS]
        return JSONResponse({"active": active, "catalogue": catalogue, "sockets": SOCKETS, "methods": NAMES})

    async def change(self, request: Request) -> Response:
        body = await json_body(request)
        try:
            self._change(body)
        except ValueError as problem:
            raise HTTPException(400, str(problem)) from None
        return await self.show(request)

    def _change(self, body: Json) -> None:
        match body:
            case {"add": {"kind": str()} as said}:
                self.faults.add(_fault(said))
            case {"clear": True}:
                self.faults.clear()
            case {"clear": str(kind)}:
                self.faults.clear(kind)
            case {"sockets": str(what)}:
                self._disturb(what, _seconds(body) or 0)
            case _:
                raise ValueError("say what to add, what to clear, or what happens to the sockets")

    def _disturb(self, what: str, seconds: float) -> None:
        """Answered at once: a renewal takes its time."""
        match what:
            case "renew":
                self._begin(self.door.refresh(seconds))
            case "drop":
                self._begin(self.door.drop())
            case "disable":
                self._begin(self.door.close())
            case "refuse":
                self._begin(self.outage.last(seconds))
            case _:
                raise ValueError(f"nobody knows how to {what} sockets")

    def _begin(self, step: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(step)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


def _shown(name: str) -> Json:
    kind = KINDS[name]
    said = {"title": kind.title, "words": kind.words, "seconds": kind.seconds, "seconds_mean": kind.seconds_mean}
    return {"kind": name, "about": kind.about, **said}


def _fault(said: Json) -> Fault:
    methods, times = said.get("methods", [ALL]), said.get("times")
    if not isinstance(methods, list) or not methods or any(name not in (ALL, *NAMES) for name in methods):
        raise ValueError(f"methods is a list of these: {ALL}, {', '.join(NAMES)}")
    if times is not None and (not isinstance(times, int) or isinstance(times, bool)):
        raise ValueError("times is a whole number, or null until it is cleared")
    return Fault(said["kind"], tuple(methods), times, _seconds(said))


def _seconds(said: Json) -> float | None:
    seconds = said.get("seconds")
    if seconds is None:
        return None
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds <= MOST_SECONDS:
        raise ValueError(f"seconds is a number up to {MOST_SECONDS}")
    return float(seconds)
