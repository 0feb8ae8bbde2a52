"""The desk of a program manager, of an owner of many asks, of one of none, and of a guest."""

from tests.pictures.stage import Stage, slack_id


def desks(stage: Stage) -> None:
    stage.crop("home-program-manager", stage.home_of("maya.chen"), phone=True)
    stage.crop("home-sponsor", stage.home_of("dana.whitfield"))
    stage.crop("home-owner", stage.home_of("luis.ortega"), phone=True)
    stage.crop("home-nothing", stage.home_of("nina.rossi"))
    stage.crop("home-guest", stage.home_of("sam.guest"))
    _many(stage)


def _many(stage: Stage) -> None:
    """New risks and issues, a decision, and a week without an answer: the desk is grouped."""
    stage.enter("maya.chen", "C0P104")
    for number, words in enumerate(("Texas asks for another form", "The pilot ends early", "Training has no room")):
        stage.says(f"/risk {words} p4 i{5 - number} #compliance @grace.kim", words)
    for words, severity in (("The test ledger does not reconcile", "sev2"), ("Two merchants cannot sign in", "sev3")):
        stage.say(f"/pm issue {words}")
        stage.opened("Log an issue")
        stage.fill(severity=severity, owner=slack_id("grace.kim"))
        stage.submit()
    stage.say("/decision Which merchants come first")
    stage.opened("Log a decision")
    stage.fill(approver=slack_id("grace.kim"), due_on="2026-04-14")
    stage.submit()
    stage.enter("maya.chen", "C0P104")
    stage.play_by("plus-week")
    stage.crop("home-many", stage.home_of("grace.kim"), phone=True)
