"""The page in a real browser: what the tests that look at it share.

A test module takes the fixtures with `pytest_plugins = ["tests.browsing"]` and its marks with `pytestmark = BROWSER`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.ports import free_port

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
# In milliseconds: long enough for a machine that is busy with something else.
expect.set_options(timeout=30_000)
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


class RunningDemo:
    """`./run demo` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command = [
            sys.executable,
            "-m",
            "tests.patient_demo",
            "demo",
            "--no-browser",
            "--port",
            str(self.port),
            "--folder",
            str(folder),
        ]
        environment = os.environ | {
            "SLACK_BOT_TOKEN": "xoxb-never-used-by-the-demo",
            "SLACK_SIGNING_SECRET": "nor-this",
        }
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
    """A window in which no script may fail."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def visit(page: Page, url: str, user: str, place: str) -> None:
    page.goto(f"{url}/?as={user}#/{place}")
    expect(page.locator("#composer")).to_be_enabled()


def say(page: Page, text: str) -> None:
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#modal [data-block-id='{name}'] [data-action-id='{name}']")
