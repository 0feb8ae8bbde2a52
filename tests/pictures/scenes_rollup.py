"""A program's rollup: with its thread, as it would go out, unchanged; and the rollup of all programs."""

from playwright.sync_api import expect

from tests.pictures.stage import Stage

PROGRAM = "C0PRGTERRA"


def of_programs(stage: Stage) -> None:
    stage.enter("jonas.weber", PROGRAM)
    stage.say("/pm rollup")
    preview = stage.private("Send now")
    stage.crop("rollup-preview", preview)
    stage.press(preview, "rollup.send")
    posted = stage.card("Privacy and Data Residency, week", "Ask")
    stage.crop("rollup-program", posted, phone=True)
    posted.locator(".reply-bar").click()
    expect(stage.page.locator("#thread-messages")).to_contain_text("Burn-down")
    stage.crop("rollup-thread", stage.page.locator("#thread"))
    stage.page.keyboard.press("Escape")
    _unchanged(stage)
    _portfolio(stage)


def _unchanged(stage: Stage) -> None:
    stage.play_by("plus-day")
    stage.enter("jonas.weber", PROGRAM)
    stage.say("/pm rollup")
    stage.crop("rollup-unchanged", stage.private("Nothing changed"))


def _portfolio(stage: Stage) -> None:
    stage.enter("maya.chen", "C0LEADS")
    stage.say("/pm rollup portfolio")
    stage.crop_form("rollup-portfolio-form", "Portfolio rollup")
    stage.submit()
    stage.say("/pm rollup portfolio")
    stage.press(stage.private("Send now"), "portfolio.send")
    stage.crop("rollup-portfolio", stage.card("programs", "Ask"), phone=True)
