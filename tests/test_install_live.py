"""The bot as it is started, with real calls: two workspaces install it in a browser, and each is served as itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest

from bot.clock import MovableClock, SystemClock
from bot.config import Settings
from bot.local_slack import LocalSlack
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


def agrees(page: str, who: str) -> str:
    """Somebody says yes on Slack's page; the address that their browser is sent to."""
    parts = urlsplit(page)
    body = urlencode({"who": who, "answer": "allow"}).encode()
    headers = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    try:
        build_opener(_Stays).open(Request(page, data=body, headers=headers, method="POST"), timeout=5)
    except HTTPError as redirect:
        assert redirect.status == 303
        return redirect.headers["Location"]
    raise AssertionError("not sent back")


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
        done = live.browser.opens(agrees(live.browser.begins(), f"{sandbox.team_id}/ULUIS"))
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


def test_it_can_be_rehearsed_with_the_local_slack(tmp_path, monkeypatch):
    """`./run sandbox --several` prints all that `./run start` needs, and its page lets the app in."""
    monkeypatch.chdir(tmp_path)
    port = free_port()
    slack = LocalSlack(port=0, request_url=f"http://127.0.0.1:{port}/slack/events", several=True)
    slack.start()
    given = slack.settings | {"PORT": str(port), "STATIONMASTER_HOST": "127.0.0.1", "ADMIN_PORT": "0"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    bot = Bot(Settings(_env_file=None))
    try:
        bot.prepare()
        bot.start()
        page = Browser(port).begins()
        with urlopen(page, timeout=5) as asked:
            assert "asks to come into your workspace" in asked.read().decode()
        browser = Browser(port)
        back = agrees(browser.begins(), "T0OTHER/U0MAYACHEN")
        assert "Stationmaster is in Other Workspace" in browser.opens(back).text
    finally:
        bot.stop()
        slack.stop()


def test_the_rehearsal_of_several_needs_an_address():
    with pytest.raises(ValueError, match="--several needs --request-url"):
        LocalSlack(port=0, several=True)
