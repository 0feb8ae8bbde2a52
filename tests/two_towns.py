"""Two live workspaces on one bot and one database, in which everybody and every channel has the same id."""

from bot.app import build_app
from bot.clock import MovableClock
from bot.database import Database
from bot.jobs.people import refresh_people
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.sandbox.state import Identity
from bot.scheduler import Timetable
from bot.seal import Seal, new_key
from bot.services import installation as installations
from bot.tenants import Tenants
from models.schemas.installation import Grant
from tests.slack_client import SandboxClient
from tests.town import MANIFEST, MONDAY, Town

NORTH = Identity(
    team_id="T0NORTH", team_name="North", team_domain="north", bot_id="B0NORTH", bot_token="xoxb-north-sandbox"
)
SOUTH = Identity(
    team_id="T0SOUTH", team_name="South", team_domain="south", bot_id="B0SOUTH", bot_token="xoxb-south-sandbox"
)
"""Ids of people, channels and the bot are the same in both; only the teams, the tokens and the apps' bots differ."""


class Place(Town):
    """One of the two: all that a test does in a town, in this workspace alone."""

    def __init__(self, towns: "TwoTowns", sandbox: Sandbox) -> None:
        self.towns, self.sandbox = towns, sandbox
        self.clock, self.database, self.refused = towns.clock, towns.database, set()
        self.runtime, self.timetable, self.app = towns.runtime, towns.timetable, towns.app
        self.identity = {"team_id": sandbox.team_id, "user_id": sandbox.bot_user_id}
        self.people_the_place()
        sandbox.deliver = self.deliver

    @property
    def workspace_id(self) -> int:
        served = self.towns.tenants.served(self.sandbox.team_id)
        assert served is not None, f"{self.sandbox.team_id} is not served"
        return served.workspace_id


class TwoTowns:
    """`north` and `south`. Both are installed; a program and a project are set up in neither."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock(MONDAY, running=False)
        sandboxes = [Sandbox(self.clock, MANIFEST, identity=identity) for identity in (NORTH, SOUTH)]
        self.sandboxes = {sandbox.team_id: sandbox for sandbox in sandboxes}
        self.seal = Seal([new_key()])
        serves: set[int] = set()
        self.tenants = Tenants(database, self.clock, seal=self.seal, connect=self.connect, serves=serves)
        self.runtime = Runtime(
            database=database,
            slack=SandboxClient(sandboxes[0], token=""),  # nobody's: what is said must say in whose name
            answer=self._answer,
            clock=self.clock,
            put_file=self._put_file,
            serves=serves,
            client_of=self.tenants.client_of,
            tenants=self.tenants,
        )
        for sandbox in sandboxes:
            sandbox.workspace.base_url = f"http://127.0.0.1/{sandbox.team_id}"
            self.install(sandbox)
        self.app = build_app(self.runtime, None)
        self.timetable = Timetable(self.runtime)
        self.north, self.south = (Place(self, sandbox) for sandbox in sandboxes)
        refresh_people(self.runtime)

    def connect(self, token: str, *, team_id: str | None) -> SandboxClient:
        """Slack knows by the token which workspace is meant."""
        [sandbox] = [each for each in self.sandboxes.values() if each.workspace.tokens.knows(token)]
        return SandboxClient(sandbox, token=token)

    def install(self, sandbox: Sandbox, token: str | None = None) -> None:
        identity = sandbox.identity
        grant = Grant(
            slack_id=identity.team_id,
            enterprise_id=None,
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

    def _answer(self, url: str, body: dict[str, object]) -> int:
        return self._sandbox_at(url).respond(url.rsplit("/", 1)[1], body).status

    def _put_file(self, url: str, stream: object, length: int) -> int:
        return self._sandbox_at(url).upload(url, stream.read()).status  # type: ignore[attr-defined]

    def _sandbox_at(self, url: str) -> Sandbox:
        [sandbox] = [each for team, each in self.sandboxes.items() if f"/{team}/" in url]
        return sandbox
