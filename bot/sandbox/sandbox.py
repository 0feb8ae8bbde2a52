"""The local Slack: a workspace in memory, behind the interfaces an app and its tests use."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from bot.sandbox import rooms, storage
from bot.sandbox.answers import Answer
from bot.sandbox.client import Client
from bot.sandbox.consent import Consent
from bot.sandbox.courier import Courier, Deliver
from bot.sandbox.fault_kinds import RESPONSE_URL, UPLOAD
from bot.sandbox.faults import Faults
from bot.sandbox.methods_dnd import status
from bot.sandbox.methods_files import take_bytes
from bot.sandbox.methods_users import shown
from bot.sandbox.payloads import Payloads
from bot.sandbox.person import Person, Result
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.state import EXAMPLE, Channel, Identity, Member
from bot.sandbox.tokens import Clock
from bot.sandbox.traffic import Exchange
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import Broadcast, Change, Mention, Workspace


class Sandbox:
    def __init__(
        self,
        clock: Clock,
        manifest: Mapping[str, Any],
        *,
        rate_limits: float = False,
        retry_events: bool = True,
        without_optional_scopes: bool = False,
        identity: Identity = EXAMPLE,
    ) -> None:
        """`rate_limits` True are Slack's own, a number is so many times as much of each method."""
        self.clock = clock
        self.identity = identity
        self.bot_token, self.app_token = identity.bot_token, identity.app_token
        self.signing_secret = identity.signing_secret
        self.team_id, self.app_id = identity.team_id, identity.app_id
        self.bot_user_id, self.bot_id = identity.bot_user_id, identity.bot_id
        self.workspace = Workspace(clock, manifest, without_optional_scopes=without_optional_scopes, identity=identity)
        self._web_api = WebApi(self.workspace, RateLimits(clock, rate_limits) if rate_limits else None)
        self._response_urls = ResponseUrls(self.workspace)
        self._payloads = Payloads(self.workspace, self._response_urls)
        self._courier = Courier(self.workspace, self._payloads, retry_events=retry_events)
        self.consent = Consent(self.workspace, self._courier)

    @property
    def deliver(self) -> Deliver | None:
        return self._courier.deliver

    @deliver.setter
    def deliver(self, deliver: Deliver | None) -> None:
        self._courier.deliver = deliver

    @property
    def stray_threads(self) -> bool:
        """Whether a reply without a parent is posted (True) or refused: Slack documents neither."""
        return self.workspace.stray_threads

    @stray_threads.setter
    def stray_threads(self, allowed: bool) -> None:
        self.workspace.stray_threads = allowed

    @property
    def looks_before_files_are_ready(self) -> int:
        """How often `files.info` says of a completed file that Slack is not done with it yet."""
        return self.workspace.looks_before_files_are_ready

    @looks_before_files_are_ready.setter
    def looks_before_files_are_ready(self, looks: int) -> None:
        self.workspace.looks_before_files_are_ready = looks

    @property
    def calls(self) -> list[Exchange]:
        return self.workspace.traffic.calls

    @property
    def refusals(self) -> list[Exchange]:
        """Every call answered `ok: false`, and every acknowledgement that could not be used."""
        return self.workspace.traffic.refusals

    @property
    def broadcasts(self) -> list[Broadcast]:
        return self.workspace.broadcasts

    @property
    def mentions(self) -> list[Mention]:
        return self.workspace.mentions

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.workspace.faults

    def api(self, method: str, args: Mapping[str, Any], *, token: str | None) -> Answer:
        """Raises ConnectionResetError where a fault says so."""
        return self.faults.around(method, partial(self._web_api.call, method, args, token))

    async def served_api(self, method: str, args: Mapping[str, Any], *, token: str | None) -> Answer | None:
        """As over a connection; None when that breaks."""
        answer = await self.faults.around_served(method, partial(self._web_api.call, method, args, token))
        return self._noted(answer, method, args)

    def respond(self, path: str, body: Mapping[str, Any]) -> Answer:
        """A POST to a response_url; `path` is the last part of the address."""
        return self.faults.around(RESPONSE_URL, partial(self._respond, path, body))

    async def served_respond(self, path: str, body: Mapping[str, Any]) -> Answer | None:
        answer = await self.faults.around_served(RESPONSE_URL, partial(self._respond, path, body))
        return self._noted(answer, RESPONSE_URL, body)

    def upload(self, address: str, data: bytes) -> Answer:
        """The bytes of a file, sent to an `upload_url`. No token is needed: whoever knows the address may."""
        return self.faults.around(UPLOAD, partial(self._upload, address, data))

    async def served_upload(self, address: str, data: bytes) -> Answer | None:
        answer = await self.faults.around_served(UPLOAD, partial(self._upload, address, data))
        return self._noted(answer, UPLOAD, {"bytes": len(data)})

    def _noted(self, answer: Answer | None, method: str, args: Mapping[str, Any]) -> Answer | None:
        """A connection that broke is a line of the traffic; what was done before that has a line of its own."""
        if answer is None:
            self.workspace.traffic.end(self.workspace.traffic.begin(method, args), None, "connection_broken")
        return answer

    def _respond(self, path: str, body: Mapping[str, Any], instead: Answer | None) -> Answer:
        exchange = self.workspace.traffic.begin(RESPONSE_URL, body)
        with self.workspace.changing():
            answer = instead or self._response_urls.answer(path, body)
        self.workspace.traffic.end(exchange, answer)
        return answer

    def _upload(self, address: str, data: bytes, instead: Answer | None) -> Answer:
        exchange = self.workspace.traffic.begin(UPLOAD, {"bytes": len(data)})
        with self.workspace.changing():
            answer = instead or take_bytes(self.workspace, address.rsplit("/", 1)[-1], data)
        self.workspace.traffic.end(exchange, answer)
        return answer

    def person(self, user_id: str) -> Person:
        if user_id not in self.workspace.world.members:
            raise LookupError(f"nobody is called {user_id}")
        return Person(Client(self.workspace, self._payloads, self._courier, user_id))

    def add_person(
        self,
        id: str,
        name: str,
        *,
        real_name: str | None = None,
        tz: str = "America/New_York",
        is_admin: bool = False,
        is_restricted: bool = False,
        is_bot: bool = False,
        deleted: bool = False,
    ) -> None:
        spoken = real_name or name.replace(".", " ").title()
        with self.workspace.changing() as world:
            member = Member(id, name, spoken, tz, is_admin, is_restricted, is_bot, deleted)
            world.members[id] = member
            self.workspace.changed(Change("membership"))

    def add_channel(self, id: str, name: str, members: Iterable[str], *, is_private: bool = False) -> None:
        """The bot is a member only if its id is among `members`."""
        channel = Channel(id, name.removeprefix("#"), "group" if is_private else "channel", list(members))
        channel.created = self.workspace.seconds()
        with self.workspace.changing() as world:
            world.channels[id] = channel
            self.workspace.changed(Change("membership"))

    def archive_channel(self, id: str) -> None:
        rooms.archive(self.workspace, self._courier, id, archived=True)

    def unarchive_channel(self, id: str) -> None:
        rooms.archive(self.workspace, self._courier, id, archived=False)

    def rename_channel(self, id: str, name: str) -> None:
        rooms.rename(self.workspace, self._courier, id, name)

    def delete_channel(self, id: str) -> None:
        rooms.delete(self.workspace, self._courier, id)

    def change_channel_id(self, id: str, new_id: str) -> None:
        rooms.change_id(self.workspace, self._courier, id, new_id)

    def welcome_person(self, id: str, name: str, **details: Any) -> None:
        """Somebody joins the workspace while the app is installed: `team_join`."""
        self.add_person(id, name, **details)
        self._tell_about(id, "team_join")

    def change_person(self, id: str, **changes: Any) -> None:
        """Another name, zone or role, or `deleted=True`: `user_change`."""
        with self.workspace.changing() as world:
            world.members[id] = replace(world.members[id], **changes)
            self.workspace.changed(Change("membership"))
        self._tell_about(id, "user_change")

    def set_quiet_time(self, id: str, quiet: tuple[datetime, datetime] | None) -> None:
        """Somebody's do-not-disturb, from and until, or off: `dnd_updated_user`."""
        seconds = (int(quiet[0].timestamp()), int(quiet[1].timestamp())) if quiet else None
        with self.workspace.changing() as world:
            world.members[id] = member = replace(world.members[id], quiet=seconds)
        self._courier.send_event({"type": "dnd_updated_user", "user": id, "dnd_status": status(member)}, id)

    def _tell_about(self, user: str, event: str) -> None:
        with self.workspace.reading() as world:
            member = shown(self.workspace, world.members[user])
        self._courier.send_event({"type": event, "user": member}, user)

    def repeat_last_delivery(self) -> Result:
        """Brings the last payload once more, unchanged, as Slack may."""
        last = self._courier.last
        if last is None:
            raise LookupError("nothing was delivered yet")
        return self.person(last.user).result_of(lambda: self._courier.repeat(last))

    def redeliver_events(self, *, only_due: bool = False) -> int:
        """Brings events again that were not acknowledged; answers how many still wait."""
        return self._courier.redeliver(only_due=only_due)

    def save(self, path: Path) -> None:
        with self.workspace.reading() as world:
            storage.save(world, path)

    @classmethod
    def load(cls, path: Path, clock: Clock, manifest: Mapping[str, Any], **options: Any) -> Self:
        sandbox = cls(clock, manifest, **options)
        sandbox.workspace.world = storage.load(path)
        return sandbox
