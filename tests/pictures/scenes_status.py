"""A status: Green in one press, Amber with a path, a moved date, a correction, readers, and the ledger of slips."""

from playwright.sync_api import expect

from tests.pictures.stage import Stage, slack_id

PROJECT = "C0P104"
NAME = "Merchant Onboarding is"


def its_life(stage: Stage) -> None:
    _green(stage)
    _amber(stage)
    _moved(stage)
    _corrected(stage)


def _green(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.say("/update")
    stage.crop_form("status-form", "Update status", phone=True)
    stage.fill(health="green", summary="Pilot merchants are signed up. Training starts next week.", asks="")
    stage.submit()
    stage.crop("status-card-green", stage.card(NAME, "is Green"), phone=True)


def _amber(stage: Stage) -> None:
    stage.say("/update")
    stage.opened("Update status")
    stage.fill(health="amber", summary="The identity check of Texas needs another form. Two merchants wait for it.")
    expect(stage.form.locator("[data-block-id^=path_to_green]")).to_be_visible()
    stage.fill(path_to_green="short")
    stage.tries()
    stage.crop_form("status-form-errors", "Update status")
    stage.fill(
        path_to_green="Borrow one engineer from Fraud Signals until Fri 10 Apr (grace.kim)",
        asks="Release one engineer by Fri 3 Apr",
        ask_person=slack_id("maya.chen"),
    )
    stage.crop_form("status-form-amber", "Update status", phone=True)
    stage.submit()
    stage.crop("status-card-amber", stage.card(NAME, "is Amber"), phone=True)


def _moved(stage: Stage) -> None:
    stage.say("/update")
    stage.opened("Update status")
    stage.fill(new_target_on="2026-06-12")
    expect(stage.form).to_contain_text("Why does the date move?")
    stage.fill(date_reason="The identity check of Texas comes in June")
    stage.crop_form("status-form-date-moved", "Update status", phone=True)
    stage.submit()
    card = stage.card(NAME, "the date moved")
    stage.crop("status-card-date-moved", card, phone=True)
    stage.press(card, "status.slips")
    ledger = stage.private("slipped")
    stage.crop("slip-ledger", ledger, phone=True)
    stage.press(ledger, "status.slips_text")
    stage.page.wait_for_timeout(1000)
    stage.crop("slip-ledger-text", stage.private("slipped"))


def _corrected(stage: Stage) -> None:
    stage.enter("maya.chen", PROJECT)
    stage.press(stage.card(NAME, "the date moved"), "status.acknowledge")
    stage.choose(stage.card(NAME, "Acknowledged by"), "Let's talk")
    stage.crop("status-card-read", stage.card(NAME, "wants to talk"))
    stage.messages_of("grace.kim")
    stage.crop("status-answers", stage.sees("wants to talk"))
    stage.enter("grace.kim", PROJECT)
    stage.choose(stage.card(NAME, "the date moved"), "Correct")
    stage.opened("Correct status")
    stage.fill(summary="The identity check of Texas needs another form. One merchant waits for it.")
    stage.crop_form("status-form-correct", "Correct status")
    stage.submit()
    stage.crop("status-card-corrected", stage.sees("Replaced by a new status"), phone=True)
    stage.crop("status-card-correction", stage.card(NAME, "corrects the one before it"))
    stage.choose(stage.card(NAME, "corrects the one before it"), "Show history")
    stage.crop("status-history", stage.private("the newest first"))
