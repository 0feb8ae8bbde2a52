"""Two live workspaces on one bot and one database, in which everybody and every channel has the same id."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, BinaryIO

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.app import build_app
from bot.clock import MovableClock
from bot.config import Settings
from bot.database import Database
from bot.installing import Installing
from bot.jobs.people import refresh_people
from bot.manifest import for_http, for_several
from bot.oauth import OAuth
from bot.renewing import Renewing
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.sandbox.state import Identity
from bot.scheduler import Timetable
from bot.seal import Seal, new_key
from bot.services import installation as installations
from bot.tenant_client import Renewed
from bot.tenants import Tenants
from models.schemas.installation import Grant
from tests.slack_client import SandboxClient
from tests.town import MANIFEST, MONDAY, Town

ADDRESS = "https://bot.example.com"
NORTH = Identity(
    team_id="T0NORTH", team_name="North", team_domain="north", bot_id="B0NORTH", bot_token="xoxb-north-sandbox"
)
SOUTH = Identity(
    team_id="T0SOUTH", team_name="South", team_domain="south", bot_id="B0SOUTH", bot_token="xoxb-south-sandbox"
)
"""Ids of people, channels and the bot are the same in both; only the teams, the tokens and the apps' bots differ."""


def manifest(*, rotates: bool = False) -> dict[str, Any]:
    """Of an app that Slack calls over HTTP, as several workspaces need it."""
    changed: dict[str, Any] = copy.deepcopy(for_several(for_http(MANIFEST, ADDRESS)))
    changed["settings"]["token_rotation_enabled"] = rotates
    return changed


class TenantSandbox(Renewed, SandboxClient):
    """The client of one workspace, whose token may be renewed while it is in use."""


class AnySandbox(WebClient):
    """Without a token of its own: what is shown says which workspace is meant."""

    def __init__(self, sandboxes: Sequence[Sandbox]) -> None:
        super().__init__(token="", base_url="http://127.0.0.1/api/", retry_handlers=[])
        self._sandboxes = sandboxes

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        args: Mapping[str, Any] = request.get("data") or request.get("params") or {}
        known = [each for each in self._sandboxes if _is_meant(each, args)]
        return SandboxClient((known or self._sandboxes)[0], token="").api_call(api_method, **request)


def _is_meant(sandbox: Sandbox, args: Mapping[str, Any]) -> bool:
    tokens = [each for each in (sandbox.workspace.tokens, sandbox.workspace.tokens.wide) if each]
    code, refresh, token = (str(args.get(name) or "") for name in ("code", "refresh_token", "token"))
    return any(code in each.codes or each.gave(refresh) or each.knows(token) for each in tokens)


class Place(Town):
    """One of the two: all that a test does in a town, in this workspace alone."""

    def __init__(self, towns: "TwoTowns", sandbox: Sandbox) -> None:
        self.towns, self.sandbox = towns, sandbox
        self.clock, self.database, self.refused = towns.clock, towns.database, set()
        self.before_acknowledging, self._afterwards = [], None
        self.runtime, self.timetable, self.app = towns.runtime, towns.timetable, towns.app
        self.identity = {"team_id": sandbox.team_id, "user_id": sandbox.bot_user_id}
        self.people_the_place()
        sandbox.deliver = self.deliver

    @property
    def is_waiting(self) -> bool:
        return self._afterwards is not None

    @property
    def workspace_id(self) -> int:
        served = self.towns.tenants.served(self.sandbox.team_id)
        assert served is not None, f"{self.sandbox.team_id} is not served"
        return served.workspace_id


class TwoTowns:
    """`north` and `south`. Both are installed; a program and a project are set up in neither."""

    def __init__(
        self,
        database: Database,
        *,
        identities: Sequence[Identity] = (NORTH, SOUTH),
        rotates: bool = False,
        teams: str = "",
    ) -> None:
        self.database = database
        self.places: list[Place] = []
        self.clock = MovableClock(MONDAY, running=False)
        made = [Sandbox(self.clock, manifest(rotates=rotates), identity=identity) for identity in identities]
        self.sandboxes = {sandbox.team_id: sandbox for sandbox in made}
        self.settings = Settings(
            _env_file=None,
            slack_client_id=made[0].identity.client_id,
            slack_client_secret=made[0].identity.client_secret,
            slack_signing_secret=made[0].signing_secret,
            url=ADDRESS,
            keys=new_key(),
            teams=teams,
        )
        self.seal = Seal([key.get_secret_value() for key in self.settings.keys])
        self.oauth = OAuth(self.settings, AnySandbox(made))
        self.runtime, self.tenants = self.replica()
        for sandbox in made:
            sandbox.workspace.base_url = f"http://127.0.0.1/{sandbox.team_id}"
            if sandbox.bot_token:
                self.install(sandbox)
        self.app = build_app(self.runtime, None)
        self.timetable = Timetable(self.runtime)
        self.installing = Installing(
            self.runtime, self.settings, oauth=self.oauth, seal=self.seal, connect=self._client_with
        )
        self.places += [Place(self, sandbox) for sandbox in made]
        self.north, self.south = self.places[0], self.places[-1]
        refresh_people(self.runtime)

    def replica(self) -> tuple[Runtime, Tenants]:
        """What another process of the same bot would have made for itself."""
        serves: set[int] = set()
        renewing = Renewing(self.database, self.clock, self.seal, self.oauth)
        tenants = Tenants(
            self.database, self.clock, seal=self.seal, connect=self.connect, serves=serves, renewing=renewing
        )
        nobody = SandboxClient(next(iter(self.sandboxes.values())), token="")  # what is said must say in whose name
        runtime = Runtime(
            database=self.database,
            slack=nobody,
            answer=self._answer,
            clock=self.clock,
            later=self._later,
            put_file=self._put_file,
            serves=serves,
            client_of=tenants.client_of,
            tenants=tenants,
            install_url=self.settings.install_url,
            keeps=timedelta(days=self.settings.erase_after_days),
        )
        tenants.look()
        return runtime, tenants

    def connect(self, token: str, *, team_id: str | None, renewed: Callable[[str], str | None]) -> WebClient:
        """Slack knows by the token which workspace is meant; of an organisation's, the team is named too."""
        options = {"team_id": team_id} if team_id else {}
        client = TenantSandbox(self._sandbox_of(token, team_id), token=token, **options)
        client.renewed = renewed
        return client

    def install(self, sandbox: Sandbox, token: str | None = None) -> None:
        """By hand, as if somebody had agreed."""
        identity = sandbox.identity
        grant = Grant(
            slack_id=identity.team_id,
            enterprise_id=identity.enterprise_id,
            app_id=identity.app_id,
            bot_user_id=identity.bot_user_id,
            scopes="commands",
            token=self.seal.close(token or identity.bot_token),
            team_name=identity.team_name,
            team_url=identity.url,
        )
        with self.database.everywhere() as session:
            installations.remember(session, grant, now=self.clock.now())
        self.tenants.look()

    def settle(self) -> None:
        self.north.settle()

    def _later(self, step: Callable[[], object]) -> None:
        """Behind the acknowledgement that somebody waits for, if anybody does."""
        waiting = [place for place in self.places if place.is_waiting]
        waiting[0].later(step) if waiting else step()

    def _client_with(self, token: str) -> WebClient:
        return SandboxClient(self._sandbox_of(token, None), token=token)

    def _sandbox_of(self, token: str, team_id: str | None) -> Sandbox:
        knowing = [each for each in self.sandboxes.values() if each.workspace.tokens.knows(token)]
        return next((each for each in knowing if each.team_id == team_id), knowing[0])

    def _answer(self, url: str, body: dict[str, Any]) -> int:
        return self._sandbox_at(url).respond(url.rsplit("/", 1)[1], body).status

    def _put_file(self, url: str, stream: BinaryIO, length: int) -> int:
        return self._sandbox_at(url).upload(url, stream.read()).status

    def _sandbox_at(self, url: str) -> Sandbox:
        [sandbox] = [each for team, each in self.sandboxes.items() if f"/{team}/" in url]
        return sandbox
