"""What the page's tools ask for: moving the clock, and what went over the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.answers import Json
from bot.sandbox.bodies import json_body
from bot.sandbox.faults import Faults
from bot.sandbox.play import Player
from bot.sandbox.traffic_rows import TrafficRows

FARTHEST = timedelta(days=366)
WAYS = {"play_to": "play", "jump_to": "jump"}


class Impossible(Exception):
    """Said at the field that asked for it."""

    def __init__(self, status: int, field: str, text: str) -> None:
        super().__init__(text)
        self.answer = JSONResponse({"error": text, "field": field}, status)


@dataclass(frozen=True)
class Tools:
    player: Player
    traffic: TrafficRows
    faults: Faults

    def all(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/clock", self.clock),
            Route("/sandbox/clock", self.move_clock, methods=["POST"]),
            Route("/sandbox/upcoming", self.upcoming),
            Route("/sandbox/traffic", self.list_traffic),
            Route("/sandbox/traffic/{number:int}", self.open_traffic),
        ]

    def state(self) -> Json:
        return {"clock": self.player.state(), "traffic": self.news()}

    def news(self) -> Json:
        """Cheap enough to be told to every page: how far the traffic is, how much of it went wrong, what is on."""
        return {**self.traffic.news(), "faults": len(self.faults.active())}

    async def clock(self, request: Request) -> Response:
        return JSONResponse(self.player.state())

    async def upcoming(self, request: Request) -> Response:
        return JSONResponse({"upcoming": await run_in_threadpool(self.player.upcoming)})

    async def move_clock(self, request: Request) -> Response:
        body = await json_body(request)
        try:
            self._move(body)
        except Impossible as refused:
            return refused.answer
        return JSONResponse(self.player.state(), 202)

    async def list_traffic(self, request: Request) -> Response:
        asked = request.query_params
        after, text, only_problems = asked.get("after", "0"), asked.get("text", ""), asked.get("problems") == "1"
        if not after.isdecimal():
            raise HTTPException(400, "after must be a number")
        listed = self.traffic.listed
        return JSONResponse(await run_in_threadpool(listed, int(after), text, only_problems=only_problems))

    async def open_traffic(self, request: Request) -> Response:
        line = await run_in_threadpool(self.traffic.opened, request.path_params["number"])
        if line is None:
            raise HTTPException(404, "This line is forgotten: only the newest are kept.")
        return JSONResponse(line)

    def _move(self, body: dict[str, Any]) -> None:
        field = next((name for name in ("advance_seconds", *WAYS) if name in body), "")
        way, until = self._wish(field, body.get(field))
        if way not in self.player.ways:
            raise Impossible(501, field, "This clock cannot be moved that way.")
        if not self.player.start(way, until):
            raise Impossible(409, field, "The clock is moving already.")

    def _wish(self, field: str, wanted: Any) -> tuple[str, datetime]:
        now = self.player.now()
        if field == "advance_seconds":
            # Where nothing can be played, moving the clock is all that is left.
            way = "play" if "play" in self.player.ways else "jump"
            return way, _forward(field, now, now + timedelta(seconds=_seconds(wanted)))
        if field in WAYS:
            return WAYS[field], _forward(field, now, _instant(field, wanted))
        raise Impossible(400, "", "Say advance_seconds, play_to or jump_to.")


def _seconds(wanted: Any) -> float:
    is_number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if not is_number or not 0 < wanted <= FARTHEST.total_seconds():
        raise Impossible(400, "advance_seconds", "Give a positive number of seconds, a year's at most.")
    return float(wanted)


def _instant(field: str, wanted: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(wanted)
        in_utc = instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Impossible(400, field, "Give a date and a time.") from None
    if instant.tzinfo is None:
        raise Impossible(400, field, "Give the time's offset from UTC as well.")
    return in_utc


def _forward(field: str, now: datetime, until: datetime) -> datetime:
    if until <= now:
        raise Impossible(400, field, "That is past already: the clock only goes forward.")
    if until - now > FARTHEST:
        raise Impossible(400, field, "That is more than a year away: go there in steps.")
    return until
