"""A risk from the line that logged it to its end: every card and every form."""

from playwright.sync_api import expect

from tests.pictures.stage import WIDE, Stage, slack_id

PROJECT = "C0P104"
LEDGER = "C0P101"


def one_line(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    receipt = stage.says("/risk Vendor slips the API p4 i5 #vendor @luis.ortega by Friday", "Logged R-")
    stage.crop("capture-receipt", receipt, phone=True)
    stage.press(receipt, "risk.share")
    stage.crop("capture-shared", stage.sees("Shared by grace.kim"), phone=True)
    stage.press(receipt, "risk.edit")
    stage.crop_form("risk-edit-form", "Edit a risk")
    stage.cancel()
    stage.say("/risk The test ledger <b> & <!channel> drifts p2 i3")
    second = stage.private("The test ledger")
    stage.crop("capture-receipt-guessed", second)
    stage.press(second, "risk.undo")
    stage.crop("capture-undone", stage.sees("Undone"), phone=True)
    stage.say("/risk Vendor slips the API p6 by someday")
    stage.crop_form("capture-not-understood", "Log a risk", phone=True)
    stage.tries()
    stage.crop_form("risk-form-errors", "Log a risk")
    stage.cancel()


def its_life(stage: Stage) -> None:
    stage.enter("maya.chen", LEDGER)
    title = "Vendor slips the API"
    stage.says(f"/risk {title} p4 i5 #vendor @tom.becker by Friday", "Logged R-")
    stage.crop("risk-card-new", stage.card(title, "New Extreme risk"), phone=True)
    _assessed(stage, title)
    _treated(stage, title)
    _reviewed(stage, title)
    _accepted(stage, title)


def _assessed(stage: Stage, title: str) -> None:
    stage.enter("tom.becker", LEDGER)
    stage.press(stage.card(title, "New Extreme risk"), "risk.acknowledge")
    stage.crop_form("risk-assess-form", "Assess a risk", phone=True)
    stage.cancel()
    stage.crop("risk-card-acknowledged", stage.card(title, "tom.becker has it"))
    stage.press(stage.card(title, "tom.becker has it"), "risk.assess")
    stage.opened("Assess a risk")
    stage.fill(statement="Given that the vendor has one team, it is possible that the API comes late, which moves us.")
    stage.submit()
    stage.crop("risk-card-assessed", stage.card(title, "assessed:"))


def _treated(stage: Stage, title: str) -> None:
    stage.press(stage.card(title, "assessed:"), "risk.respond")
    stage.opened("Plan response")
    stage.fill(
        response_strategy="mitigate",
        response_plan="Build against a recorded API until 20 Apr (tom.becker)",
        target_probability="2",
        target_impact="4",
        trigger="No sandbox by 10 Apr",
    )
    stage.crop_form("risk-respond-form", "Plan response", phone=True)
    stage.submit()
    card = stage.card(title, "in treatment")
    stage.crop("risk-card-treating", card, phone=True)
    card.locator("button.overflow").click()
    stage.crop("risk-card-more", stage.page.locator(".menu:popover-open"))
    stage.page.keyboard.press("Escape")


def _reviewed(stage: Stage, title: str) -> None:
    stage.press(stage.card(title, "in treatment"), "risk.review")
    stage.opened("Review a risk")
    stage.fill(probability="2", impact="3", next_review_on="2026-04-17", reason="The vendor showed a running sandbox")
    expect(stage.form).to_contain_text("Moderate 6")
    stage.crop_form("risk-review-form", "Review a risk", phone=True)
    stage.submit()
    stage.crop("risk-card-rescored", stage.card(title, "Moderate risk in treatment"))
    stage.choose(stage.card(title, "in treatment"), "Monitor")
    stage.crop("risk-card-monitored", stage.card(title, "monitored"))
    stage.choose(stage.card(title, "monitored"), "Treat again")
    stage.crop_form("risk-resume-form", "Treat again")
    stage.fill(reason="The sign we watch has come")
    stage.submit()


def _accepted(stage: Stage, title: str) -> None:
    stage.choose(stage.card(title, "in treatment"), "Accept")
    stage.crop("refused", stage.private("accept"), phone=True)
    stage.enter("luis.ortega", LEDGER)
    stage.choose(stage.card(title, "in treatment"), "Accept")
    stage.opened("Accept a risk")
    stage.fill(reason="A second vendor would cost more than the delay", next_review_on="2026-05-29")
    stage.crop_form("risk-accept-form", "Accept a risk", phone=True)
    stage.submit()
    stage.crop("risk-card-accepted", stage.card(title, "accepted until"), phone=True)
    stage.choose(stage.card(title, "accepted until"), "Show history")
    stage.crop("risk-history", stage.private("History of"), phone=True)
    stage.card(title, "accepted until").locator(".reply-bar").click()
    thread = stage.page.locator("#thread-messages")
    expect(thread).to_contain_text("accepted")
    stage.crop("risk-thread", stage.page.locator("#thread"), height=WIDE["height"])


def its_ends(stage: Stage) -> None:
    _asked_to_close(stage)
    _happened(stage)
    _rejected(stage)


def _asked_to_close(stage: Stage) -> None:
    title = "The bank changes its file format"
    stage.enter("tom.becker", LEDGER)
    stage.says(f"/risk {title} p3 i4 #vendor", "Logged R-")
    stage.choose(stage.card(title, "New High risk"), "Close")
    stage.opened("Close a risk")
    stage.fill(reason="The bank confirmed the old format until 2027")
    stage.crop_form("risk-close-form", "Close a risk")
    stage.submit()
    stage.crop("risk-card-to-be-closed", stage.card(title, "to be closed"), phone=True)
    stage.enter("luis.ortega", LEDGER)
    stage.press(stage.card(title, "to be closed"), "risk.close")
    stage.crop_form("risk-close-form-confirmed", "Close a risk")
    stage.submit()
    stage.crop("risk-card-closed", stage.card(title, "Closed:"), phone=True)
    stage.choose(stage.card(title, "Closed:"), "Reopen")
    stage.crop_form("risk-reopen-form", "Reopen a risk")
    stage.cancel()


def _happened(stage: Stage) -> None:
    title = "The backfill overruns the night"
    stage.enter("luis.ortega", LEDGER)
    stage.says(f"/risk {title} p4 i4 #schedule", "Logged R-")
    stage.choose(stage.card(title, "New Extreme risk"), "Mark happened")
    stage.opened("It happened")
    stage.fill(title="The backfill took eleven hours", severity="sev2", owner=slack_id("tom.becker"))
    stage.crop_form("risk-happen-form", "It happened", phone=True)
    stage.submit()
    stage.crop("risk-card-happened", stage.card(title, "It happened"), phone=True)
    stage.crop("issue-card-from-risk", stage.card("The backfill took eleven hours", "New sev2 issue"))


def _rejected(stage: Stage) -> None:
    title = "The office moves in the middle of it"
    stage.says(f"/risk {title} p1 i2 #resource", "Logged R-")
    stage.choose(stage.card(title, "New Low risk"), "Reject")
    stage.crop_form("risk-reject-form", "Reject a risk")
    stage.fill(reason="The move is next year")
    stage.submit()
    stage.crop("risk-card-rejected", stage.card(title, "Rejected:"))
