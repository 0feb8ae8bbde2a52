"""A whole town for tests: a sandbox workspace, the bot with its real app and database, and a standing clock."""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from slack_bolt import App, BoltRequest, BoltResponse
from sqlalchemy import func, select, update

from bot.app import build_app, connect
from bot.clock import Clock, MovableClock
from bot.database import Database
from bot.jobs.people import refresh_people
from bot.runtime import Runtime
from bot.sandbox import Person, Sandbox
from bot.sandbox.courier import Retry
from bot.scheduler import Timetable
from models.tables import Project
from tests.slack_client import SandboxClient

MANIFEST = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text())
MONDAY = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
"""09:00 in New York, 15:00 in Berlin, 18:30 in Kolkata, midnight in Sydney."""

CAST = {
    "UMAYA": ("maya", "America/New_York"),
    "UDANA": ("dana", "America/New_York"),
    "ULUIS": ("luis", "America/New_York"),
    "UJONAS": ("jonas", "Europe/Berlin"),
    "UKAVYA": ("kavya", "Asia/Kolkata"),
    "URUBY": ("ruby", "Australia/Sydney"),
}


def one_channel(clock: Clock) -> Sandbox:
    """As little as a bot needs: luis, and #ledger with the bot in it."""
    sandbox = Sandbox(clock, MANIFEST)
    sandbox.add_person("ULUIS", "luis")
    sandbox.add_channel("CLEDGER", "ledger", ["ULUIS", sandbox.bot_user_id])
    return sandbox


class Town:
    """maya runs the program, dana sponsors it, luis owns a project, jonas, kavya and ruby live elsewhere."""

    def __init__(self, database: Database, *, now: datetime = MONDAY) -> None:
        self.clock = MovableClock(now, running=False)
        self.sandbox = Sandbox(self.clock, MANIFEST)
        self.database = database
        self.refused: set[str] = set()
        self.before_acknowledging: list[str] = []
        """What Slack was asked for while somebody waited for an acknowledgement, beside forms; for ever empty."""
        self._afterwards: list[Callable[[], object]] | None = None
        self.runtime = Runtime(
            database=database,
            slack=SandboxClient(self.sandbox),
            answer=lambda url, body: self.sandbox.respond(url.rpartition("/")[2], body).status,
            clock=self.clock,
            later=self.later,
            put_file=lambda url, stream, length: self.sandbox.upload(url, stream.read()).status,
        )
        self.people_the_place()
        self.identity = connect(self.runtime)
        self.app: App = build_app(self.runtime, self.identity)
        self.timetable = Timetable(self.runtime)
        self.sandbox.deliver = self.deliver
        refresh_people(self.runtime)

    def people_the_place(self) -> None:
        for user, (handle, zone) in CAST.items():
            self.sandbox.add_person(user, handle, tz=zone, is_admin=user == "UMAYA")
        self.sandbox.add_person("UGUEST", "guest", is_restricted=True)
        self.sandbox.add_person("UGONE", "gone", deleted=True)
        self.sandbox.add_person("UROBOT", "robot", is_bot=True)
        everyone = [*CAST, "UGUEST"]
        self.sandbox.add_channel("CPROG", "prg-nova", [*everyone, self.sandbox.bot_user_id])
        self.sandbox.add_channel("CLEDGER", "p-ledger", [*everyone, self.sandbox.bot_user_id])
        self.sandbox.add_channel("CFRAUD", "p-fraud", [*everyone, self.sandbox.bot_user_id])
        self.sandbox.add_channel("CEMPTY", "no-bot-here", everyone)
        self.sandbox.add_channel("CSECRET", "secret", ["UMAYA", "ULUIS", self.sandbox.bot_user_id], is_private=True)

    def deliver(self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None) -> dict[str, Any] | None:
        """As Socket Mode does: the acknowledgement's payload, then what was queued leaves."""
        response = self.acknowledge(payload)
        assert response.status == 200, response.body
        self.settle()
        body = response.body
        return json.loads(body) if body.startswith("{") else {"text": body} if body else {}

    def later(self, step: Callable[[], object]) -> None:
        """What follows an acknowledgement happens when that has left; what nobody waits for, at once."""
        if self._afterwards is None:
            step()
        else:
            self._afterwards.append(step)

    def acknowledge(self, payload: Mapping[str, Any]) -> BoltResponse:
        """The answer, then what follows it."""
        self._afterwards, before = [], self.sandbox.workspace.traffic.last
        try:
            response = self.app.dispatch(BoltRequest(mode="socket_mode", body=dict(payload)))
        finally:
            steps, self._afterwards = self._afterwards, None
            self.before_acknowledging += _asked(self.sandbox, before)
        for step in steps:
            step()
        return response

    def submit_unchecked(self, user: str, values: Mapping[str, str]) -> dict[str, Any] | None:
        """The open form, sent with values that no client would let one enter."""
        view = copy.deepcopy(self.person(user).modal)
        for block_id, text in values.items():
            (action_id, element), *_ = view["state"]["values"][block_id].items()
            chosen = {"selected_option": {"value": text}} if "selected_option" in element else {"value": text}
            view["state"]["values"][block_id][action_id] = element | chosen
        team = {"id": self.identity["team_id"], "domain": "example"}
        payload = {"type": "view_submission", "user": {"id": user}, "team": team, "view": view, "trigger_id": "1.1.a"}
        return self.deliver("interactive", payload)

    def settle(self) -> None:
        """What is due leaves, at Slack's pace of a message a second in a channel."""
        self.timetable.run_due()
        for _ in range(3):
            self.clock.wait(1)
            self.timetable.deliver_due()
        self.clock.wait(1)

    def person(self, user: str) -> Person:
        return self.sandbox.person(user)

    def play(self, until: datetime) -> None:
        self.timetable.play(self.clock, until)

    def pass_time(self, **span: float) -> None:
        self.play(self.clock.now() + timedelta(**span))

    def set_up_program(self) -> None:
        maya = self.person("UMAYA")
        maya.types("CPROG", "/pm setup Payments Renewal")
        maya.fills({"kind": "program"})
        maya.submits({"owner": "UMAYA", "sponsor": "UDANA"})
        assert maya.form_errors == {}

    def set_up_project(self, user: str = "ULUIS", channel: str = "CLEDGER", name: str = "Ledger Migration") -> None:
        owner = self.person(user)
        owner.types(channel, f"/pm setup {name}")
        programs = [b for b in owner.modal["blocks"] if b.get("block_id") == "program"]
        first = {"program": programs[0]["element"]["options"][0]["value"]} if programs else {}
        owner.submits({"target_on": "2026-05-22", **first})
        assert owner.form_errors == {}

    def count(self, table: type[Any], **values: object) -> int:
        """Rows of this table, those with these values."""
        with self.database.read(1) as session:
            return session.scalar(select(func.count()).select_from(table).filter_by(**values)) or 0

    def restrict(self, channel: str = "CLEDGER") -> None:
        """The project of this channel is shown to those who are in it alone."""
        with self.database.write(1) as session:
            session.execute(update(Project).where(Project.channel == channel).values(visibility="restricted"))

    def unexpected_refusals(self) -> list[str]:
        """What Slack refused, but for what a test said it would."""
        return [f"{call.method}: {call.answer}" for call in self.sandbox.refusals if call.method not in self.refused]

    def card(self, channel: str, start: str) -> dict[str, Any]:
        """The newest message of a channel whose notification begins so."""
        found = [m for m in self.person("UMAYA").reads(channel) if m["text"].startswith(start)]
        assert found, [m["text"] for m in self.person("UMAYA").reads(channel)]
        return found[-1]


def _asked(sandbox: Sandbox, after: int) -> list[str]:
    """Calls of the app's since then, but for those that show a form or a Home."""
    calls = [each for each in sandbox.workspace.traffic.exchanges(after) if not each.to_app]
    return [each.method for each in calls if not each.method.startswith("views.")]
