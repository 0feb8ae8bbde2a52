"""What a stranger does first: starts the demo, logs a risk through the page, and sees its card in the channel."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


class RunningDemo:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "bot",
            "demo",
            "--no-browser",
            "--port",
            str(self.port),
            "--folder",
            str(folder),
        ]
        environment = os.environ | {"SLACK_BOT_TOKEN": "xoxb-never-used-by-the-demo"}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.url = self._wait_for_url()

    def _wait_for_url(self) -> str:
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                return found[0]
        raise AssertionError("the demo did not start:\n" + "".join(said))

    def stop(self) -> int:
        self.process.send_signal(2)
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[RunningDemo]:
    demo = RunningDemo(folder)
    yield demo
    if demo.process.poll() is None:
        demo.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def visit(page: Page, demo: RunningDemo, user: str, channel: str) -> None:
    page.goto(f"{demo.url}/?as={user}#/{channel}")
    expect(page.locator("#composer")).to_be_enabled()


def say(page: Page, text: str) -> None:
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#modal [data-block-id='{name}'] [data-action-id='{name}']")


def test_a_risk_typed_into_the_page_becomes_a_card_in_the_channel(demo, page):
    visit(page, demo, "U0GRACEKIM", "C0P104")
    say(page, "/risk Vendor slips the API")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    field(page, "probability").select_option("4")
    field(page, "impact").select_option("5")
    expect(dialog).to_contain_text("Extreme 20")
    field(page, "category").select_option("vendor")
    dialog.locator("button[type=submit]").click()
    card = page.locator("#messages [data-ts]", has_text="New Extreme risk:").last
    expect(card).to_contain_text("Vendor slips the API")
    expect(page.locator("#messages")).to_contain_text("Logged R-")


def test_an_error_is_shown_at_its_field_and_nothing_typed_is_lost(demo, page):
    visit(page, demo, "U0GRACEKIM", "C0P104")
    say(page, "/update")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amber: at risk").check()
    field(page, "summary").fill("Kept while the form complains")
    field(page, "path_to_green").fill("too short")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("Amber and Red need a path to Green: what happens, who does it, by when.")
    expect(field(page, "summary")).to_have_value("Kept while the form complains")
    field(page, "path_to_green").fill("Borrow one engineer until Friday 10 April")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#messages [data-ts]", has_text="Merchant Onboarding is Amber").last).to_be_visible()


def test_a_week_is_played_and_asks_and_rollups_go_by(demo, page):
    visit(page, demo, "U0MAYACHEN", "C0PRGNOVA")
    expect(page.locator("#messages")).to_contain_text("Payments Platform Renewal, week 13")
    page.locator("#plus-week").click()
    expect(page.locator("#clock-progress")).to_be_hidden(timeout=60_000)
    expect(page.locator("#messages")).to_contain_text("Payments Platform Renewal, week 14", timeout=60_000)
    page.goto(f"{demo.url}/?as=U0LUISORTEGA#/app/messages")
    expect(page.locator("#messages")).to_contain_text("Update status of Ledger Migration")


def test_the_demo_goes_on_where_it_was_after_a_restart(demo, folder, page):
    assert demo.stop() == 0
    again = RunningDemo(folder)
    try:
        visit(page, again, "U0GRACEKIM", "C0P104")
        expect(page.locator("#messages [data-ts]", has_text="Vendor slips the API").first).to_be_visible()
        say(page, "/pm R-43")
        expect(page.locator("#messages")).to_contain_text("I cannot find R-43")
    finally:
        assert again.stop() == 0
