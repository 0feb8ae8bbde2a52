"""`./run pictures`: the page's pictures in docs/pictures/, taken anew from a demo that was never used before.

Each scene is shot in light and dark, wide and narrow, as NAME-light-1280.png. Two runs differ in their times only.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from tests.browsing import CHROMIUM, FLAGS, ROOT, RunningDemo, field, say, visit

PICTURES = ROOT / "docs" / "pictures"
WIDE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=390, height=844)
PLAYING = 120_000
"""Milliseconds that a week may take on a slow machine."""
GRACE, LUIS, MAYA = "U0GRACEKIM", "U0LUISORTEGA", "U0MAYACHEN"
PROJECT, PROGRAM = "C0P104", "C0PRGNOVA"
TOUR_DECLINED = {"name": "sandbox-tour", "value": '{"step":null,"seen":true}'}


@dataclass(frozen=True)
class Stage:
    """One window of the demo, in which the scenes follow one another."""

    page: Page
    url: str

    def shoot(self, name: str, shown: Locator, where: str = "nearest") -> None:
        """`shown` is what the picture is about: scrolled to its start or end, or only where out of sight."""
        self.page.mouse.move(0, 0)
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                shown.evaluate("(node, block) => node.scrollIntoView({ block })", where)
                path = PICTURES / f"{name}-{scheme}-{size['width']}.png"
                self.page.screenshot(path=path, animations="disabled", caret="hide")
        self.page.set_viewport_size(WIDE)

    def message(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.locator("#messages [data-ts]", has_text=text).last

    def play(self, button: Locator) -> None:
        button.click()
        expect(self.page.locator("#clock-progress")).to_be_visible()
        expect(self.page.locator("#clock-progress")).to_be_hidden(timeout=PLAYING)

    def opens_clock(self) -> None:
        self.page.locator("#clock-toggle").click()
        expect(self.page.locator("#upcoming button").first).to_be_visible()


def a_risk_is_logged(stage: Stage) -> None:
    visit(stage.page, stage.url, GRACE, PROJECT)
    say(stage.page, "/risk Vendor slips the API")
    field(stage.page, "probability").select_option("4")
    field(stage.page, "impact").select_option("5")
    dialog = stage.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Extreme 20")
    stage.shoot("risk-form", field(stage.page, "impact"))
    field(stage.page, "category").select_option("vendor")
    dialog.locator("button[type=submit]").click()
    expect(stage.message("New Extreme risk:")).to_be_visible()
    stage.shoot("risk-card", stage.message("Logged R-"), "end")


def its_traffic_is_looked_at(stage: Stage) -> None:
    stage.page.locator("#inspector-toggle").click()
    row = stage.page.locator(".exchange-row", has_text="chat.postMessage").filter(has_text="New Extreme risk").first
    row.click()
    expect(stage.page.locator("#inspector .json").first).to_be_visible()
    stage.shoot("inspector", row, "start")
    stage.page.keyboard.press("Escape")


def somebody_is_asked(stage: Stage) -> None:
    visit(stage.page, stage.url, MAYA, PROGRAM)
    stage.opens_clock()
    stage.shoot("clock", stage.page.locator("#clock-ways"))
    stage.play(stage.page.locator("#upcoming button[aria-label*='luis.ortega is asked']").first)
    stage.page.goto(f"{stage.url}/?as={LUIS}#/app/messages")
    ask = stage.message("Ledger Migration")
    expect(ask.locator("[data-action-id='status.open']")).to_be_visible()
    stage.shoot("daily-ask", ask, "end")


def a_week_goes_by(stage: Stage) -> None:
    visit(stage.page, stage.url, MAYA, PROGRAM)
    stage.opens_clock()
    stage.play(stage.page.locator("#play-monday"))
    stage.page.keyboard.press("Escape")
    stage.page.locator("#clock-toggle").blur()
    rollup = stage.message("Payments Platform Renewal, week 14")
    expect(rollup).to_be_visible()
    stage.shoot("rollup", rollup, "start")


def what_waits_is_on_home(stage: Stage) -> None:
    stage.page.goto(f"{stage.url}/?as={MAYA}#/app/home")
    home = stage.page.locator("#home")
    expect(home.locator("[data-block-id]").first).to_be_visible()
    stage.shoot("home", home, "start")


SCENES: tuple[Callable[[Stage], None], ...] = (
    a_risk_is_logged,
    its_traffic_is_looked_at,
    somebody_is_asked,
    a_week_goes_by,
    what_waits_is_on_home,
)


def take_pictures(context: BrowserContext, url: str) -> None:
    stage = Stage(context.new_page(), url)
    visit(stage.page, url, MAYA, PROGRAM)
    # It is posted as soon as the demo starts: whether it came before or after shows in everyone's sidebar.
    expect(stage.message("Payments Platform Renewal, week 13")).to_be_visible()
    for scene in SCENES:
        scene(stage)


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("The pictures are taken with Chromium, which is not on this machine.\n")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, sync_playwright() as playwright:
        demo = RunningDemo(Path(folder) / "kept")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            kept = {"cookies": [], "origins": [{"origin": demo.url, "localStorage": [TOUR_DECLINED]}]}
            take_pictures(browser.new_context(viewport=WIDE, device_scale_factor=1, storage_state=kept), demo.url)
            browser.close()
        finally:
            demo.stop()
    sys.stdout.write(f"The pictures are in {PICTURES.relative_to(ROOT)}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
