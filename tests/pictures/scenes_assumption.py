"""An assumption: logged, confirmed, refuted, and the risk that follows."""

from tests.pictures.stage import Stage

PROJECT = "C0P104"
TITLE = "The bank keeps its file format"


def its_life(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.say(f"/pm assumption {TITLE}")
    stage.crop_form("assumption-form", "Log an assumption", phone=True)
    stage.fill(validate_by="2026-04-24")
    stage.submit()
    stage.crop("assumption-receipt", stage.private("Logged A-"))
    stage.crop("assumption-card", stage.card(TITLE, "Not confirmed yet"), phone=True)
    stage.press(stage.card(TITLE, "Not confirmed yet"), "assumption.edit")
    stage.crop_form("assumption-edit-form", "Edit an assumption")
    stage.cancel()
    stage.press(stage.card(TITLE, "Not confirmed yet"), "assumption.confirm")
    stage.crop("assumption-card-confirmed", stage.card(TITLE, "Confirmed"), phone=True)
    _refuted(stage)


def _refuted(stage: Stage) -> None:
    stage.choose(stage.card(TITLE, "Confirmed"), "Refute")
    stage.page.wait_for_timeout(1500)
    if stage.form.is_visible():
        stage.fill(reason="The bank announced a new format for June")
        stage.crop("assumption-refute-form", stage.form)
        stage.submit()
    card = stage.card(TITLE, "Refuted")
    stage.crop("assumption-card-refuted", card, phone=True)
    card.locator("button.element:not(.overflow)").first.click()
    stage.crop_form("assumption-risk-form", "Log a risk")
    stage.fill(probability="4", impact="4", category="vendor")
    stage.submit()
    stage.crop("assumption-receipt-of-risk", stage.private("Logged R-"))
    stage.choose(card, "Reopen")
    stage.crop_form("assumption-reopen-form", "Reopen an assumption")
