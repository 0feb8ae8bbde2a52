"""The whole window: the sandbox's page with its tools, and a first week."""

from playwright.sync_api import expect

from tests.pictures.stage import Stage

PROJECT, PROGRAM = "C0P104", "C0PRGNOVA"


def the_page(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    # It is posted as soon as the demo starts: whether it came before or after shows in everyone's sidebar.
    stage.sees("Payments Platform Renewal, week 13")
    for scene in (_a_risk_is_logged, _its_traffic, _somebody_is_asked, _a_week_goes_by, _what_waits):
        scene(stage)


def _a_risk_is_logged(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.say("/risk Vendor slips the API")
    stage.opened("Log a risk")
    stage.fill(probability="4", impact="5")
    expect(stage.form).to_contain_text("Extreme 20")
    stage.shoot("risk-form", stage.form.locator("[data-block-id=impact]"))
    stage.fill(category="vendor")
    stage.submit()
    stage.sees("New Extreme risk:")
    stage.shoot("risk-card", stage.sees("Logged R-"), "end")


def _its_traffic(stage: Stage) -> None:
    stage.page.locator("#inspector-toggle").click()
    row = stage.page.locator(".exchange-row", has_text="chat.postMessage").filter(has_text="New Extreme risk").first
    row.click()
    expect(stage.page.locator("#inspector .json").first).to_be_visible()
    stage.shoot("inspector", row, "start")
    stage.page.keyboard.press("Escape")


def _somebody_is_asked(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    stage.open_clock()
    stage.shoot("clock", stage.page.locator("#clock-ways"))
    stage.play(stage.page.locator("#upcoming button[aria-label*='luis.ortega is asked']").first)
    stage.messages_of("luis.ortega")
    ask = stage.message("Ledger Migration")
    expect(ask.locator("[data-action-id='status.open']")).to_be_visible()
    stage.shoot("daily-ask", ask, "end")


def _a_week_goes_by(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    stage.play_by("play-monday")
    rollup = stage.sees("Payments Platform Renewal, week 14")
    stage.shoot("rollup", rollup, "start")


def _what_waits(stage: Stage) -> None:
    home = stage.home_of("maya.chen")
    home.evaluate("node => { node.style.flex = ''; }")
    stage.shoot("home", home.locator("[data-block-id]").first)
