"""The workspace of a simulated quarter: the real bot on a real database, against the sandbox with Slack's limits."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk.web import SlackResponse

from bot.app import build_app, connect
from bot.clock import MovableClock
from bot.database import Database
from bot.jobs.people import refresh_people
from bot.migrate import migrate
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.scheduler import Timetable
from bot.services.importing import import_portfolio
from bot.services.importing_reading import read_portfolio
from tests.simulation.received import Call
from tests.simulation.world import START, World
from tests.slack_client import SandboxClient
from tests.town import MANIFEST

SAID = ("chat.postMessage", "chat.update")


class Place:
    """Time moves by `play` (all that is due happens, in order) or `jump` (downtime)."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.clock = MovableClock(START, running=False)
        self.sandbox = Sandbox(self.clock, MANIFEST, rate_limits=True)
        self.received: list[Call] = []
        self.heard: Callable[[Call], None] = self.received.append
        _people_it(self.sandbox, world)
        self._database_url = f"sqlite:///{folder / 'simulation.db'}"
        self._open()
        migrate(self.database)
        self._import()

    def play(self, until: datetime) -> None:
        self.timetable.play(self.clock, until)

    def jump(self, until: datetime) -> None:
        self.timetable.jump(self.clock, until)

    def restart(self) -> None:
        """Nothing but the database and Slack remembers what was."""
        self.database.close()
        self._open()
        self._connect()

    def close(self) -> None:
        self.database.close()

    def hear(self, method: str, request: dict[str, Any], answer: SlackResponse) -> None:
        if method in SAID and answer.get("ok"):
            call = Call(self.clock.now(), method, str(answer["channel"]), str(answer["ts"]), request)
            self.received.append(call)
            self.heard(call)

    def _open(self) -> None:
        self.database = Database(self._database_url)
        self.runtime = Runtime(
            database=self.database,
            slack=_Ear(self.sandbox, self),
            answer=lambda url, body: self.sandbox.respond(url.rsplit("/", 1)[1], body).status,
            clock=self.clock,
            put_file=lambda url, stream, length: self.sandbox.upload(url, stream.read()).status,
        )

    def _connect(self) -> None:
        identity = connect(self.runtime)
        self.app: App = build_app(self.runtime, identity)
        self.timetable = Timetable(self.runtime)
        self.sandbox.deliver = self._deliver
        refresh_people(self.runtime)

    def _deliver(self, kind: str, payload: Any, retry: Any = None) -> dict[str, Any] | None:
        response = self.app.dispatch(BoltRequest(mode="socket_mode", body=dict(payload)))
        assert response.status == 200, response.body
        self.timetable.deliver_due()
        body = response.body
        return json.loads(body) if body.startswith("{") else {"text": body} if body else {}

    def _import(self) -> None:
        self._connect()
        portfolio = read_portfolio(self.world.portfolio)
        channels = {row["channel"]: _channel_id(row["channel"]) for row in _places(self.world)}
        with self.database.write(1) as session:
            import_portfolio(
                session,
                portfolio,
                slack_ids={person.handle: person.id for person in self.world.people.values()},
                channel_ids=channels,
                now=self.clock.now(),
            )


class _Ear(SandboxClient):
    """Keeps what was accepted."""

    def __init__(self, sandbox: Sandbox, place: Place) -> None:
        super().__init__(sandbox)
        self._place = place

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        answer = super().api_call(api_method, **request)
        args = request.get("json") or request.get("params") or request.get("data") or {}
        self._place.hear(api_method, dict(args), answer)
        return answer


def _people_it(sandbox: Sandbox, world: World) -> None:
    for person in world.people.values():
        sandbox.add_person(person.id, person.handle, tz=person.home.zone)
    everyone = [person.id for person in world.people.values()]
    for row in _places(world):
        sandbox.add_channel(_channel_id(row["channel"]), row["channel"], [*everyone, sandbox.bot_user_id])


def _places(world: World) -> list[dict[str, Any]]:
    return [*world.portfolio["programs"], *world.portfolio["projects"]]


def _channel_id(name: str) -> str:
    return f"C{name.strip('#').upper().replace('-', '')}"
