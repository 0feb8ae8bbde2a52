"""Capture where it is noticed: the menu of a message, and the form that keeps the way back."""

from tests.pictures.stage import Stage

WORDS = "The vendor says the sandbox will not be there before May. We planned to test in April."


def from_a_message(stage: Stage) -> None:
    stage.enter("luis.ortega", "C0P101")
    said = stage.says(WORDS, "The vendor says")
    said.hover()
    said.get_by_role("button", name="More actions").click()
    menu = stage.page.locator(".menu:popover-open")
    stage.crop("shortcut-menu", menu)
    menu.locator("[data-callback-id='risk.from_message']").click()
    stage.crop_form("shortcut-risk-form", "Log a risk", phone=True)
    stage.fill(probability="4", impact="4", category="vendor")
    stage.submit()
    stage.crop("shortcut-risk-card", stage.card("The vendor says the sandbox", "New Extreme risk"))
    said = stage.message(WORDS)
    said.hover()
    said.get_by_role("button", name="More actions").click()
    stage.page.locator(".menu:popover-open [data-callback-id='decision.from_message']").click()
    stage.crop_form("shortcut-decision-form", "Log a decision")
    stage.cancel()
    _private(stage)


def _private(stage: Stage) -> None:
    stage.enter("maya.chen", "C0LEADS")
    said = stage.says("Between us: the vendor may be sold in summer.", "Between us")
    said.hover()
    said.get_by_role("button", name="More actions").click()
    stage.page.locator(".menu:popover-open [data-callback-id='risk.from_message']").click()
    stage.crop_form("shortcut-private-form", "Log a risk")
