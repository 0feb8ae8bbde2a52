"""An issue from its form to its end."""

from tests.pictures.stage import Stage, slack_id

PROJECT = "C0P101"
TITLE = "The test ledger does not reconcile"


def its_life(stage: Stage) -> None:
    stage.enter("maya.chen", PROJECT)
    stage.say(f"/pm issue {TITLE}")
    stage.opened("Log an issue")
    stage.fill(severity="sev2", owner=slack_id("luis.ortega"), workaround="Reconcile by hand each evening")
    stage.crop_form("issue-form", "Log an issue", phone=True)
    stage.submit()
    stage.crop("issue-receipt", stage.private("Logged I-"), phone=True)
    stage.press(stage.private("Logged I-"), "issue.share")
    stage.crop("issue-shared", stage.sees("Shared by maya.chen"))
    stage.crop("issue-card-new", stage.card(TITLE, "New sev2 issue"), phone=True)
    _worked_on(stage)
    _resolved(stage)
    _dropped(stage)


def _worked_on(stage: Stage) -> None:
    stage.enter("luis.ortega", PROJECT)
    stage.press(stage.card(TITLE, "New sev2 issue"), "issue.acknowledge")
    stage.crop("issue-card-acknowledged", stage.card(TITLE, "issue open"))
    stage.press(stage.card(TITLE, "issue open"), "issue.start")
    stage.crop("issue-card-in-progress", stage.card(TITLE, "in progress"), phone=True)
    stage.choose(stage.card(TITLE, "in progress"), "Mark blocked")
    stage.opened("Mark blocked")
    stage.fill(reason="The vendor has to renew the certificate")
    stage.crop_form("issue-block-form", "Mark blocked")
    stage.submit()
    stage.crop("issue-card-blocked", stage.card(TITLE, "blocked"), phone=True)
    stage.press(stage.card(TITLE, "blocked"), "issue.edit")
    stage.crop_form("issue-edit-form", "Edit an issue")
    stage.cancel()
    stage.press(stage.card(TITLE, "blocked"), "issue.unblock")


def _resolved(stage: Stage) -> None:
    stage.press(stage.card(TITLE, "in progress"), "issue.resolve")
    stage.crop("issue-card-resolved", stage.card(TITLE, "Resolved:"), phone=True)
    stage.enter("maya.chen", PROJECT)
    stage.press(stage.card(TITLE, "Resolved:"), "issue.close")
    stage.crop("issue-card-closed", stage.card(TITLE, "Closed:"))
    stage.choose(stage.card(TITLE, "Closed:"), "Reopen")
    stage.crop_form("issue-reopen-form", "Reopen an issue")
    stage.fill(reason="It happened again on the second tenant")
    stage.submit()
    stage.crop("issue-card-reopened", stage.card(TITLE, "Open again"))


def _dropped(stage: Stage) -> None:
    stage.choose(stage.card(TITLE, "Open again"), "Show history")
    stage.crop("issue-history", stage.private("History of"))
    stage.choose(stage.card(TITLE, "Open again"), "Drop")
    stage.crop_form("issue-drop-form", "Drop an issue")
    stage.fill(reason="The old ledger is switched off in May")
    stage.submit()
    stage.crop("issue-card-dropped", stage.card(TITLE, "The old ledger is switched off"))
