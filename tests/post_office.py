"""The delivery line alone: an outbox, couriers, a Slack that fails when told to, and a standing clock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.app import connect
from bot.clock import MovableClock
from bot.database import Database
from bot.domain.pace import UNCOUNTED, Rates
from bot.jobs.delivery import Courier
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.services import delivery
from bot.views.blocks import message, section
from models.schemas.message import Message
from models.tables import Outbox
from tests.faulty_slack import FaultySlack
from tests.town import MANIFEST, MONDAY


class PostOffice:
    """luis and the bot are in #ledger and #fraud; ruby is in neither; the bot is not in #closed."""

    def __init__(
        self,
        database: Database,
        *,
        without_optional_scopes: bool = False,
        rate_limits: bool = False,
        rates: Rates = UNCOUNTED,
    ) -> None:
        self.clock = MovableClock(MONDAY, running=False)
        self.sandbox = Sandbox(
            self.clock, MANIFEST, without_optional_scopes=without_optional_scopes, rate_limits=rate_limits
        )
        for user in ("ULUIS", "URUBY"):
            self.sandbox.add_person(user, user[1:].lower())
        for channel in ("CLEDGER", "CFRAUD"):
            self.sandbox.add_channel(channel, channel[1:].lower(), ["ULUIS", self.sandbox.bot_user_id])
        self.sandbox.add_channel("CCLOSED", "closed", ["ULUIS"])
        self.slack = FaultySlack(self.sandbox)
        self.runtime = Runtime(
            database=database,
            slack=self.slack,
            answer=lambda url, body: 404,
            serves={1},
            clock=self.clock,
            rates=rates,
        )
        connect(self.runtime)
        self.courier = Courier(self.runtime)

    def restart(self, database: Database | None = None) -> Courier:
        """Another process: it knows what the database knows."""
        self.courier = Courier(replace(self.runtime, database=database or self.runtime.database))
        return self.courier

    def goes_wrong(self, method: str, *kinds: str, seconds: float | None = None) -> None:
        """The next calls of the method, one fault each. What only a client can meet, `slack.will` does."""
        for kind in kinds:
            self.sandbox.faults.add(Fault(kind, (method,), times=1, seconds=seconds))

    def post(self, key: str, *, to: str = "CLEDGER", words: Message | None = None) -> None:
        with self.runtime.database.write(1) as session:
            delivery.post(session, words or say(key), key=key, to=to, now=self.clock.now())

    def show(self, key: str, version: int, *, to: str = "CLEDGER", words: Message | None = None) -> None:
        with self.runtime.database.write(1) as session:
            shown = words or say(f"{key} v{version}")
            delivery.show(session, shown, key=key, to=to, version=version, now=self.clock.now())

    def remove(self, key: str, version: int, *, to: str = "CLEDGER") -> None:
        with self.runtime.database.write(1) as session:
            delivery.remove(session, key=key, to=to, version=version, now=self.clock.now())

    def whisper(self, key: str, *, to: str, reader: str) -> None:
        with self.runtime.database.write(1) as session:
            delivery.whisper(session, say(key), key=key, to=to, reader=reader, now=self.clock.now())

    def deliver(self, *, after: float = 0) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=after))
        self.courier.deliver_due()

    def settle(self, seconds: int = 4) -> None:
        for _ in range(seconds):
            self.deliver()
            self.clock.wait(1)

    def said(self, channel: str = "CLEDGER") -> list[str]:
        """The channel as luis sees it, or (a person's id) that person's direct messages."""
        if channel.startswith("U"):
            return [shown["text"] for shown in self.sandbox.person(channel).direct_messages()]
        return [shown["text"] for shown in self.sandbox.person("ULUIS").reads(channel)]

    def rows(self, key: str) -> list[Outbox]:
        with self.runtime.database.read(1) as session:
            return list(session.scalars(select(Outbox).where(Outbox.message_key == key).order_by(Outbox.id)))

    def row(self, key: str) -> Outbox:
        [row] = self.rows(key)
        return row

    def states(self, key: str) -> list[str]:
        return [row.state for row in self.rows(key)]

    def calls(self, method: str) -> list[Any]:
        return [call for call in self.sandbox.calls if call.method == method]


def say(words: str) -> Message:
    return message(words, section(words))
