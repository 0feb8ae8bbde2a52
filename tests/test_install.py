"""Somebody adds the app to a workspace in their browser; it is removed there, forgotten, and comes back."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update
from starlette.applications import Starlette

from bot.database import Database
from bot.install_web import COOKIE, InstallPages, Turnstile
from bot.jobs.installation import erase_left, look_after_tokens
from bot.sandbox import Sandbox
from bot.views.install_page import done_page
from bot.web_server import WebServer
from models.tables import Base, HandledDelivery, Installation, InstallState, Outbox, Workspace
from models.tables.unit import add_rows
from tests.neighbours import everything, fill
from tests.two_towns import ADDRESS, NORTH, SOUTH, Place, TwoTowns

NEWCOMERS = (replace(NORTH, bot_token=""), replace(SOUTH, bot_token=""))
OWNED = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.columns]


class Answered:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()
        cookie = SimpleCookie(response.headers.get("Set-Cookie", ""))
        self.cookie = cookie[COOKIE].value if COOKIE in cookie else None

    @property
    def link(self) -> str:
        return self.text.partition('class="act" href="')[2].partition('"')[0].replace("&amp;", "&")


class Browser:
    """Somebody's, with its cookies."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cookie: str | None = None

    def opens(self, address: str) -> Answered:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        headers = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        answered = Answered(connection.getresponse())
        connection.close()
        self.cookie = answered.cookie or self.cookie
        return answered

    def begins(self) -> str:
        """The address of Slack's page."""
        return self.opens("/slack/install").link

    def adds(self, sandbox: Sandbox, user: str = "UMAYA", **how: bool) -> Answered:
        return self.opens(sandbox.consent.allowed(user, self.begins(), **how))


class Newcomers(TwoTowns):
    """Two workspaces that the app is in neither of, and the bot's pages."""

    def __init__(self, database: Database, **options: object) -> None:
        super().__init__(database, **{"identities": NEWCOMERS, **options})  # type: ignore[arg-type]
        pages = InstallPages(self.installing, self.settings, Turnstile(1000, 1000))
        self.server = WebServer(Starlette(routes=list(pages.routes())), host="127.0.0.1", port=0)
        self.server.start()

    def browser(self) -> Browser:
        return Browser(self.server.port)

    def rows(self, workspace: int | None = None) -> dict[str, int]:
        """By table, those of one workspace or all."""
        with self.database.everywhere() as session:
            counted = {}
            for table in OWNED:
                query = select(func.count()).select_from(table)
                mine = query if workspace is None else query.where(table.c.workspace_id == workspace)
                counted[table.name] = session.connection().execute(mine).scalar_one()
            return counted

    def close(self) -> None:
        self.server.stop()


@pytest.fixture
def towns(database: Database) -> Iterator[Newcomers]:
    towns = Newcomers(database)
    yield towns
    towns.close()
    for place in (towns.north, towns.south):
        assert not place.sandbox.broadcasts
        assert not place.unexpected_refusals()
        assert not place.before_acknowledging


def sets_up(place: Place, name: str) -> None:
    place.set_up_program()
    place.set_up_project(name=name)
    luis = place.person("ULUIS")
    luis.types("CLEDGER", f"/risk {name} slips")
    luis.submits({"probability": "4", "impact": "5", "category": "vendor"})
    assert luis.form_errors == {}
    assert name in place.card("CLEDGER", "New Extreme risk")["text"]


def test_two_workspaces_add_the_app_one_removes_it_and_comes_back(towns):
    """The whole story: both work, one goes and the other goes on, it comes back and all is there as it was."""
    north, south = towns.north, towns.south
    done = towns.browser().adds(north.sandbox)
    assert (done.status, "Stationmaster is in North" in done.text) == (200, True)
    assert done.link == "https://slack.com/app_redirect?app=A0SANDBOX&team=T0NORTH"
    assert "Stationmaster is in South" in towns.browser().adds(south.sandbox, "ULUIS").text
    towns.settle()
    assert "Set up your first program" in str(north.person("UMAYA").reads(north.person("UMAYA").dm))
    assert "Set up your first program" in str(south.person("ULUIS").reads(south.person("ULUIS").dm))
    sets_up(north, "Bridge")
    sets_up(south, "Harbour")

    number = north.workspace_id
    before = towns.rows(number)
    north.sandbox.consent.remove()
    assert number not in towns.runtime.serves
    calls = len(north.sandbox.calls)
    north.pass_time(days=3)
    assert len(north.sandbox.calls) == calls, "asked or told something where the app was removed"
    assert north.person("ULUIS").types("CLEDGER", "/pm R-1").text.startswith("Stationmaster is not installed")
    assert "Harbour slips" in south.person("ULUIS").types("CLEDGER", "/pm R-1").text

    towns.browser().adds(north.sandbox)
    assert north.workspace_id == number
    assert {table: count for table, count in towns.rows(number).items() if count < before[table]} == {}
    assert "Bridge slips" in north.person("ULUIS").types("CLEDGER", "/pm R-1").text
    with towns.database.everywhere() as session:
        known = session.get_one(Workspace, number)
        assert (known.uninstalled_at, known.erase_at) == (None, None)
    greeted = [m for m in north.person("UMAYA").reads(north.person("UMAYA").dm) if "first program" in m["text"]]
    assert len(greeted) == 1


@pytest.mark.parametrize(
    "events",
    [
        ("app_uninstalled", "tokens_revoked"),
        ("tokens_revoked", "app_uninstalled"),
        ("app_uninstalled",),
        ("tokens_revoked",),
        ("app_uninstalled", "app_uninstalled", "tokens_revoked", "tokens_revoked"),
    ],
)
def test_in_whatever_order_slack_says_it_the_tokens_are_gone_at_once(towns, events):
    towns.browser().adds(towns.north.sandbox)
    number = towns.north.workspace_id
    towns.north.sandbox.consent.remove(*events)
    with towns.database.everywhere() as session:
        installation = session.scalars(select(Installation)).one()
        workspace = session.get_one(Workspace, number)
    assert (installation.token, installation.refresh_token) == ("", None)
    assert installation.revoked_at == workspace.uninstalled_at
    assert workspace.erase_at == workspace.uninstalled_at + timedelta(days=10)
    assert towns.runtime.serves == set()


def test_what_was_queued_where_the_app_was_removed_is_nobodys_and_leaves_when_it_comes_back(towns):
    towns.browser().adds(towns.north.sandbox)
    number = towns.north.workspace_id
    with towns.database.write(number) as session:
        until = towns.clock.now() + timedelta(minutes=1)
        session.execute(update(Outbox).values(state="claimed", lease_until=until))
    towns.north.sandbox.consent.remove()
    with towns.database.read(number) as session:
        assert {row.state for row in session.scalars(select(Outbox))} <= {"queued", "sent"}
    towns.browser().adds(towns.north.sandbox)
    towns.settle()
    with towns.database.read(number) as session:
        assert {row.state for row in session.scalars(select(Outbox))} == {"sent"}


def test_another_process_stops_serving_it_too(towns):
    towns.browser().adds(towns.north.sandbox)
    other, tenants = towns.replica()
    assert other.serves == towns.runtime.serves != set()
    towns.north.sandbox.consent.remove()
    tenants.look()
    assert other.serves == set()


def test_a_removal_that_slack_tells_late_is_not_about_the_installation_after_it(towns):
    towns.browser().adds(towns.north.sandbox)
    told = towns.north.sandbox.consent._told("app_uninstalled", towns.north.sandbox.workspace.tokens)[1]
    towns.clock.wait(60)
    towns.browser().adds(towns.north.sandbox)
    towns.north.deliver("events_api", told)
    assert towns.north.workspace_id in towns.runtime.serves


def test_what_is_known_of_a_workspace_is_deleted_in_its_time_and_nothing_of_another(towns):
    for place in (towns.north, towns.south):
        towns.browser().adds(place.sandbox)
        with towns.database.everywhere() as session:
            fill(session, place.workspace_id)
    north, south = towns.north.workspace_id, towns.south.workspace_id
    towns.north.sandbox.consent.remove()
    kept, others = towns.rows(north), everything(towns.database, workspace=south)
    assert 0 not in kept.values(), "a table without a row would prove nothing"
    with towns.database.everywhere() as session:
        over = session.get_one(Workspace, north).erase_at
    towns.clock.wait((over - towns.clock.now()).total_seconds() - 1)
    erase_left(towns.runtime)
    assert towns.rows(north) == kept
    towns.clock.wait(1)
    erase_left(towns.runtime)
    assert set(towns.rows(north).values()) == {0}
    assert everything(towns.database, workspace=south) == others
    with towns.database.everywhere() as session:
        assert session.get(Workspace, north) is None
        assert [row.slack_id for row in session.scalars(select(Installation))] == ["T0SOUTH"]
    towns.browser().adds(towns.north.sandbox)
    assert towns.north.person("ULUIS").types("CLEDGER", "/pm R-1").text.startswith("I cannot find")


def test_more_rows_than_a_batch_go_too(towns):
    towns.browser().adds(towns.north.sandbox)
    sets_up(towns.north, "Bridge")
    number = towns.north.workspace_id
    with towns.database.write(number) as session:
        add_rows(
            session, HandledDelivery, [{"key": f"k{n}", "at": towns.clock.now(), "answer": {}} for n in range(1100)]
        )
    towns.north.sandbox.consent.remove()
    towns.clock.wait(timedelta(days=11).total_seconds())
    erase_left(towns.runtime)
    assert set(towns.rows(number).values()) == {0}


def test_whoever_says_no_in_slack_is_told_that_nothing_happened(towns):
    browser = towns.browser()
    answered = browser.opens(towns.north.sandbox.consent.refused(browser.begins()))
    assert (answered.status, "Nothing was installed" in answered.text) == (200, True)
    assert answered.link == f"{ADDRESS}/slack/install"
    assert _count(towns, InstallState) == _count(towns, Installation) == 0


def test_a_return_is_good_once_in_one_browser_for_ten_minutes(towns):
    browser, other = towns.browser(), towns.browser()
    back = towns.north.sandbox.consent.allowed("UMAYA", browser.begins())
    assert other.opens(back).status == 400, "without the cookie of the browser that began"
    other.begins()
    assert other.opens(back).status == 400, "with another browser's cookie"
    assert browser.opens(back).status == 200
    again = browser.opens(back)
    assert (again.status, "or it was used already" in again.text) == (400, True)

    late = towns.north.sandbox.consent.allowed("UMAYA", browser.begins())
    towns.clock.wait(601)
    assert browser.opens(late).status == 400
    browser.begins()
    assert _count(towns, InstallState) == 1, "what was begun and is too old is deleted"


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied", "?code=%00&state=%ff"]
)
def test_what_slack_never_sends_is_answered_with_a_page_that_says_what_to_do(towns, query):
    browser = towns.browser()
    browser.begins()
    answered = browser.opens(f"/slack/oauth_redirect{query}")
    assert answered.status in (200, 400)
    assert f'href="{ADDRESS}/slack/install"' in answered.text
    assert _count(towns, Installation) == 0


def test_a_code_that_slack_does_not_take_installs_nothing(towns):
    browser = towns.browser()
    [state] = parse_qs(urlsplit(browser.begins()).query)["state"]
    towns.north.refused.add("oauth.v2.access")
    answered = browser.opens(f"/slack/oauth_redirect?code=code-invented&state={state}")
    assert (answered.status, "Slack did not confirm" in answered.text) == (400, True)


def test_a_return_without_a_code_spends_what_was_begun(towns):
    browser = towns.browser()
    [state] = parse_qs(urlsplit(browser.begins()).query)["state"]
    assert browser.opens(f"/slack/oauth_redirect?state={state}").status == 400
    assert _count(towns, InstallState) == 0


def test_the_pages_keep_to_themselves(towns):
    """Nothing is cached, loaded, framed or told to where a link leads; the cookie is for this server alone."""
    browser = towns.browser()
    page = browser.opens("/slack/install")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    [cookie] = page.headers.get_all("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    done = browser.opens(towns.north.sandbox.consent.allowed("UMAYA", page.link))
    with towns.database.everywhere() as session:
        sealed = session.scalars(select(Installation.token)).one()
    token = towns.seal.open(sealed, whose="")
    assert token.startswith("xoxb-")
    assert sealed not in done.text
    assert token not in done.text
    assert token not in sealed


def test_two_tabs_of_one_browser_do_not_spoil_each_other(towns):
    browser = towns.browser()
    first, second = browser.begins(), browser.begins()
    assert browser.opens(towns.south.sandbox.consent.allowed("UMAYA", second)).status == 200
    assert browser.opens(towns.north.sandbox.consent.allowed("UMAYA", first)).status == 200


def test_slacks_page_is_asked_for_all_scopes_and_sends_back_to_our_address(towns):
    query = parse_qs(urlsplit(towns.browser().begins()).query)
    assert query["redirect_uri"] == [f"{ADDRESS}/slack/oauth_redirect"]
    assert set(query["scope"][0].split(",")) == towns.north.sandbox.workspace.installed.scopes
    assert "team" not in query


def test_who_begins_again_and_again_has_to_wait(towns):
    pages = InstallPages(towns.installing, towns.settings, Turnstile(0, 2))
    server = WebServer(Starlette(routes=list(pages.routes())), host="127.0.0.1", port=0)
    server.start()
    try:
        browser = Browser(server.port)
        assert [browser.opens("/slack/install").status for _ in range(3)] == [200, 200, 429]
    finally:
        server.stop()


def test_strangers_are_turned_away_where_the_workspaces_are_named(database):
    towns = Newcomers(database, teams="T0NORTH")
    try:
        assert parse_qs(urlsplit(towns.browser().begins()).query)["team"] == ["T0NORTH"]
        answered = towns.browser().adds(towns.south.sandbox)
        assert (answered.status, "Not for this workspace" in answered.text) == (403, True)
        assert _count(towns, Installation) == 0
        assert not towns.south.sandbox.workspace.tokens.is_installed, "its token was given back"
        assert towns.browser().adds(towns.north.sandbox).status == 200
    finally:
        towns.close()


def test_an_installation_without_what_is_needed_is_not_one(towns):
    browser = towns.browser()
    address = browser.begins().replace("chat%3Awrite%2C", "")
    answered = browser.opens(towns.north.sandbox.consent.allowed("UMAYA", address))
    assert (answered.status, "Something needed was not allowed" in answered.text) == (400, True)
    assert _count(towns, Installation) == 0


def test_a_removal_that_nobody_heard_of_is_found_out(towns):
    towns.browser().adds(towns.north.sandbox)
    sets_up(towns.north, "Bridge")
    number = towns.north.workspace_id
    towns.north.sandbox.workspace.tokens.end_all()
    towns.north.refused |= {
        "chat.postMessage",
        "auth.test",
        "users.list",
        "views.open",
        "chat.postEphemeral",
        "dnd.teamInfo",
    }
    towns.north.person("ULUIS").types("CLEDGER", "/risk Another one p4 i5 @luis by Friday")
    look_after_tokens(towns.runtime)
    assert number in towns.runtime.serves, "once is not enough"
    towns.clock.wait(601)
    look_after_tokens(towns.runtime)
    assert towns.runtime.serves == set()


def _count(towns: TwoTowns, table: type[Base]) -> int:
    with towns.database.everywhere() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_workspaces_name_stays_text_in_the_page():
    page = done_page("<script>alert(1)</script> & Co", 'https://slack.com/x?a=1&b="2', is_org_wide=False)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "b=&quot;2" in page
