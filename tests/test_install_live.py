"""The bot as it is started, with real calls: two workspaces install it in a browser, and each is served as itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from bot.clock import MovableClock, SystemClock
from bot.config import Settings
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.seal import new_key
from bot.start import Bot
from tests.ports import free_port
from tests.test_install import Browser
from tests.town import MONDAY
from tests.two_towns import NORTH, SOUTH, manifest


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Live:
    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock(MONDAY, running=False)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        made = manifest(rotates=True)
        made["oauth_config"]["redirect_urls"] = [f"{self.address}/slack/oauth_redirect"]
        identities = (replace(NORTH, bot_token=""), replace(SOUTH, bot_token=""))
        self.north, self.south = (Sandbox(self.clock, made, identity=identity) for identity in identities)
        for sandbox in (self.north, self.south):
            sandbox.add_person("ULUIS", "luis")
            sandbox.add_channel("CLEDGER", "ledger", ["ULUIS", sandbox.bot_user_id])
        self.server = SandboxServer(self.north, page_dir=folder, also=[self.south])
        self.server.start()
        self.settings = Settings(
            _env_file=None,
            slack_client_id=NORTH.client_id,
            slack_client_secret=NORTH.client_secret,
            slack_signing_secret=NORTH.signing_secret,
            slack_api_url=f"{self.server.url}/api/",
            url=self.address,
            keys=new_key(),
            host="127.0.0.1",
            port=port,
            admin_port=0,
            database_url=f"sqlite:///{folder / 'bot.db'}",
        )
        self.browser = Browser(port)

    def start(self) -> None:
        self.bot = Bot(self.settings, clock=self.clock)
        self.bot.prepare()
        self.bot.start()
        assert self.server.deliver_to(f"{self.address}/slack/events", SystemClock().now)

    def agrees(self, page: str, team: str) -> str:
        """Somebody says yes on Slack's page; the address that their browser is sent to."""
        body = urlencode({"who": f"{team}/ULUIS", "answer": "allow"}).encode()
        request = Request(page, data=body, headers={"Origin": self.server.url}, method="POST")
        try:
            build_opener(_Stays).open(request, timeout=5)
        except HTTPError as redirect:
            assert redirect.status == 303
            return redirect.headers["Location"]
        raise AssertionError("not sent back")

    def stop(self) -> None:
        self.bot.stop()
        self.server.stop()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    live = Live(tmp_path)
    live.start()
    yield live
    live.stop()


def test_two_workspaces_behind_one_address_install_the_app_and_are_served(live):
    for sandbox, name in ((live.north, "Ledger Migration"), (live.south, "Harbour Works")):
        done = live.browser.opens(live.agrees(live.browser.begins(), sandbox.team_id))
        assert f"Stationmaster is in {sandbox.identity.team_name}" in done.text
        luis = sandbox.person("ULUIS")
        luis.types("CLEDGER", f"/pm setup {name}")
        luis.submits({"target_on": "2026-05-22"})
        assert luis.form_errors == {}
        luis.types("CLEDGER", f"/risk {name} slips p4 i5 @luis by Friday")
        live.bot.timetable.deliver_due()
        assert f"{name} slips" in str(luis.reads("CLEDGER"))
    assert "Harbour" not in str(live.north.person("ULUIS").reads("CLEDGER"))
    assert "Ledger Migration" not in str(live.south.person("ULUIS").reads("CLEDGER"))

    live.north.consent.remove()
    assert "not installed" in live.north.person("ULUIS").types("CLEDGER", "/pm R-1").text
    live.bot.stop()
    live.start()
    assert len(live.bot.runtime.serves) == 1, "a process that starts knows who is left"
    assert "Harbour Works slips" in live.south.person("ULUIS").types("CLEDGER", "/pm R-1").text
