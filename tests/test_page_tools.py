"""The tools of the sandbox's page in a real browser: the clock's panel, traffic, trouble, the tour, unread marks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.browsing import BROWSER, ROOT, RunningDemo, field, say, visit
from tests.sandbox.conftest import LUIS, MANIFEST, MAYA, PROJECT, App, button, furnish, section
from tests.sandbox.test_clock import Controls

pytest_plugins = ["tests.browsing"]
pytestmark = BROWSER
LONG = 90_000
"""Milliseconds that a week may take on a slow machine."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    """A workspace at its very start, for each test its own."""
    demo = RunningDemo(tmp_path / "kept")
    yield demo
    assert demo.stop() == 0


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def show_me(page: Page) -> None:
    page.locator("#tour").get_by_role("button", name="Show me where").click()


def logs_the_risk(page: Page) -> None:
    expect(page.locator("#composer")).to_have_value("/risk Vendor slips the API")
    page.locator("#composer").press("Enter")
    field(page, "probability").select_option("4")
    field(page, "impact").select_option("5")
    field(page, "category").select_option("vendor")
    page.locator("#modal button[type=submit]").click()


def answers_the_ask(page: Page) -> None:
    page.keyboard.press("Enter")
    field(page, "summary").fill("Cutover rehearsed")
    field(page, "path_to_green").fill("Borrow one engineer until Friday 10 April")
    page.locator("#modal button[type=submit]").click()


def test_the_tour_goes_through_a_week_and_notices_each_step(demo: RunningDemo, newcomer: Page) -> None:
    page, tour = newcomer, newcomer.locator("#tour")
    page.goto(demo.url)
    tour.get_by_role("button", name="Take the tour").click()
    logs_the_risk(page)
    expect(tour).to_contain_text("Step 2 of 5")
    show_me(page)
    expect(page.get_by_role("button", name="luis.ortega is asked for the status of Ledger Migration")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tour).to_contain_text("Step 3 of 5", timeout=LONG)
    show_me(page)
    expect(page.locator("#messages [data-action-id='status.open']")).to_be_focused()
    answers_the_ask(page)
    expect(tour).to_contain_text("Step 4 of 5")
    show_me(page)
    expect(page.locator("#play-monday")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tour).to_contain_text("Step 5 of 5", timeout=LONG)
    show_me(page)
    expect(tour).to_contain_text("That was the tour.")
    expect(page.locator("#messages")).to_contain_text("Payments Platform Renewal, week 14")
    tour.get_by_role("button", name="Close").click()
    page.reload()
    expect(page.locator("#composer")).to_be_enabled()
    expect(tour).to_be_hidden()


def test_what_was_done_out_of_order_is_not_asked_for_again(demo: RunningDemo, newcomer: Page) -> None:
    page, tour = newcomer, newcomer.locator("#tour")
    page.goto(demo.url)
    tour.get_by_role("button", name="Take the tour").click()
    page.locator("#clock-toggle").click()
    page.locator("#play-monday").click()
    expect(page.locator("#clock")).to_contain_text("Mon 6 Apr 2026, 12:0", timeout=LONG)
    page.keyboard.press("Escape")
    expect(tour).to_contain_text("Step 1 of 5")
    show_me(page)
    logs_the_risk(page)
    expect(tour).to_contain_text("Step 3 of 5")
    show_me(page)
    expect(page.locator("#messages [data-action-id='status.open']")).to_be_focused()
    answers_the_ask(page)
    expect(tour).to_contain_text("Step 5 of 5")


def test_after_playing_to_monday_the_rollups_of_all_programs_are_there(demo: RunningDemo, page: Page) -> None:
    visit(page, demo.url, "U0MAYACHEN", "C0PRGNOVA")
    page.locator("#clock-toggle").click()
    expect(page.locator("#upcoming")).to_contain_text("Rollup of Payments Platform Renewal")
    page.locator("#play-monday").click()
    expect(page.locator("#clock")).to_contain_text("Mon 6 Apr 2026, 12:0", timeout=LONG)
    expect(page.locator("#upcoming")).not_to_contain_text("Monday, April 6")
    page.keyboard.press("Escape")
    expect(page.locator("#clock-toggle")).to_be_focused()
    for channel in ("C0PRGNOVA", "C0PRGTERRA", "C0PRGHELIO"):
        visit(page, demo.url, "U0MAYACHEN", channel)
        expect(page.locator("#messages [data-ts]", has_text="week 14")).to_have_count(1)


def test_the_tour_can_be_declined_and_taken_later(demo: RunningDemo, newcomer: Page) -> None:
    page, tour = newcomer, newcomer.locator("#tour")
    page.goto(demo.url)
    tour.get_by_role("button", name="Not now").click()
    expect(tour).to_be_hidden()
    page.locator("#tour-toggle").click()
    expect(tour).to_contain_text("Step 1 of 5")
    for step in range(2, 6):
        tour.get_by_role("button", name="Skip this step").click()
        expect(tour).to_contain_text(f"Step {step} of 5")
    tour.get_by_role("button", name="End the tour").click()
    expect(tour).to_be_hidden()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 3, 30, 13, tzinfo=UTC), running=False)


@pytest.fixture
def sandbox(clock: MovableClock) -> Sandbox:
    return furnish(Sandbox(clock, MANIFEST))


@pytest.fixture
def controls(clock: MovableClock) -> Controls:
    return Controls(clock)


@pytest.fixture
def town(sandbox: Sandbox, controls: Controls) -> Iterator[SandboxServer]:
    """A small workspace with the real page; the app is the test."""
    server = SandboxServer(sandbox, page_dir=ROOT / "bot" / "sandbox" / "page", controls=controls)
    server.start()
    yield server
    controls.may_end.set()
    server.stop()


@pytest.fixture
def app(town: SandboxServer, sandbox: Sandbox) -> App:
    return App(sandbox)


def opens_traffic(page: Page) -> None:
    page.locator("#inspector-toggle").click()
    expect(page.locator("#inspector")).to_be_visible()


def test_a_past_moment_is_refused_at_the_field_and_the_panel_gives_the_focus_back(
    town: SandboxServer, app: App, page: Page
) -> None:
    visit(page, town.url, LUIS, PROJECT)
    page.locator("#clock-toggle").press("Enter")
    page.locator("#jump-field").fill("2026-03-30T08:00")
    page.locator("#jump-go").click()
    expect(page.locator("#jump-error")).to_have_text("That is past already: the clock only goes forward.")
    page.keyboard.press("Escape")
    expect(page.locator("#clock-panel")).to_be_hidden()
    expect(page.locator("#clock-toggle")).to_be_focused()


def test_every_window_shows_that_the_clock_plays(
    town: SandboxServer, app: App, controls: Controls, page: Page, newcomer: Page
) -> None:
    visit(page, town.url, LUIS, PROJECT)
    visit(newcomer, town.url, MAYA, PROJECT)
    page.locator("#clock-toggle").click()
    page.locator("#plus-day").click()
    for window in (page, newcomer):
        expect(window.locator("#clock-progress")).to_be_visible()
    expect(newcomer.locator("#clock-target")).to_contain_text("Tue 31 Mar 2026, 18:30")
    expect(page.locator("#plus-week")).to_be_disabled()
    controls.may_end.set()
    for window in (page, newcomer):
        expect(window.locator("#clock-progress")).to_be_hidden()
    expect(page.locator("#plus-week")).to_be_enabled()
    expect(newcomer.locator("#clock")).to_contain_text("Tue 31 Mar 2026, 18:3")


def test_a_call_can_be_found_opened_and_read(town: SandboxServer, app: App, page: Page) -> None:
    visit(page, town.url, LUIS, PROJECT)
    opens_traffic(page)
    app.posts("Vendor slips", blocks=[section("Ledger cutover")])
    app.calls("chat.postMessage", channel="C0NOWHERE", text="hello")
    rows = page.locator(".exchange-row", has_text="chat.postMessage")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("channel_not_found")
    expect(page.locator("#inspector-count")).to_have_text("1")
    page.locator("#traffic-text").fill("ledger")
    expect(page.locator(".exchange-row")).to_have_count(1)
    rows.first.press("Enter")
    expect(page.locator(".json").first).to_contain_text('"text": "Ledger cutover"')
    rows.first.press("Enter")
    expect(page.locator(".json")).to_have_count(0)
    page.locator("#traffic-text").fill("")
    page.locator("#traffic-problems").check()
    expect(page.locator(".exchange-row")).to_have_count(1)


def test_the_traffic_can_be_paused_and_cleared(town: SandboxServer, app: App, page: Page) -> None:
    visit(page, town.url, LUIS, PROJECT)
    opens_traffic(page)
    app.posts("first")
    expect(page.locator(".exchange-row", has_text="first")).to_be_visible()
    page.locator("#traffic-pause").click()
    app.posts("second")
    expect(page.locator("#messages")).to_contain_text("second")
    expect(page.locator(".exchange-row", has_text="second")).to_have_count(0)
    page.locator("#traffic-pause").click()
    expect(page.locator(".exchange-row", has_text="second")).to_be_visible()
    page.locator("#traffic-clear").click()
    expect(page.locator(".exchange-row")).to_have_count(0)
    app.posts("third")
    expect(page.locator(".exchange-row", has_text="third")).to_be_visible()


def test_a_burst_of_thousands_leaves_the_page_usable(town: SandboxServer, app: App, page: Page) -> None:
    visit(page, town.url, LUIS, PROJECT)
    opens_traffic(page)
    for number in range(5_000):
        app.calls("users.info", user=MAYA, number=number)
    app.posts("after the burst")
    expect(page.locator(".exchange-row").first).to_contain_text("after the burst")
    expect(page.locator(".exchange-row")).to_have_count(200)
    say(page, "/risk still here")
    expect(page.locator(".exchange-row").first).to_contain_text("/risk still here")


def test_trouble_is_switched_on_seen_everywhere_and_ended(
    town: SandboxServer, app: App, page: Page, newcomer: Page
) -> None:
    visit(page, town.url, LUIS, PROJECT)
    visit(newcomer, town.url, MAYA, PROJECT)
    opens_traffic(page)
    page.locator("#trouble-toggle").click()
    page.locator("#fault-method").select_option("chat.postMessage")
    page.locator("#fault-times").fill("2")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults-active")).to_contain_text("Too many calls for chat.postMessage, 2 more times")
    expect(newcomer.locator("#inspector-trouble")).to_be_visible()
    assert app.calls("chat.postMessage", channel=PROJECT, text="hello")["error"] == "ratelimited"
    expect(page.locator("#faults-active")).to_contain_text("1 more time")
    expect(page.locator(".exchange-row").first).to_contain_text("429 ratelimited")
    page.locator("#faults-clear").click()
    for window in (page, newcomer):
        expect(window.locator("#inspector-trouble")).to_be_hidden()
    assert app.posts("well again")["ok"]


def test_a_mention_is_a_number_until_one_window_of_that_person_reads_it(
    town: SandboxServer, app: App, page: Page, newcomer: Page
) -> None:
    for window in (page, newcomer):
        visit(window, town.url, LUIS, "C0OPEN")
    app.posts("for everybody")
    entry = f"#places [data-channel='{PROJECT}']"
    for window in (page, newcomer):
        expect(window.locator(f"{entry} .dot")).to_be_visible()
    app.posts(f"<@{LUIS}> for you")
    for window in (page, newcomer):
        expect(window.locator(f"{entry} .badge")).to_have_text("1")
        expect(window).to_have_title("(1) #open · Example Workspace")
    newcomer.locator(entry).click()
    expect(page.locator(entry)).not_to_have_class("place unread")
    expect(page.locator(f"{entry} .badge")).to_have_count(0)
    app.posts(f"<@{LUIS}> while you look")
    expect(newcomer.locator("#messages")).to_contain_text("while you look")
    expect(newcomer.locator(f"{entry} .badge")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_narrow_window_nothing_runs_out_of_it(
    town: SandboxServer, app: App, browser: Browser, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 780}, color_scheme=scheme)
    visit(page, town.url, LUIS, PROJECT)
    app.posts("A" * 300, blocks=[section("B" * 300, accessory=button("risk.open"))])
    page.locator("#clock-toggle").click()
    expect(page.locator("#clock-panel")).to_be_in_viewport()
    assert fits(page)
    page.keyboard.press("Escape")
    opens_traffic(page)
    page.locator("#trouble-toggle").click()
    page.locator(".exchange-row").first.click()
    expect(page.locator(".json").first).to_be_visible()
    assert fits(page)
    page.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
