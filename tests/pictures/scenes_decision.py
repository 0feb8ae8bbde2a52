"""A decision that is weighed, decided from the approver's messages and superseded; and the other ways it may go."""

import re

from tests.pictures.stage import Stage, slack_id

PROJECT = "C0P101"
TITLE = "Where the new ledger runs"


def weighed_and_decided(stage: Stage) -> None:
    _logged(stage)
    _weighed(stage)
    _decided(stage)
    _superseded(stage)


def _logged(stage: Stage) -> None:
    stage.enter("luis.ortega", PROJECT)
    stage.say(f"/decision {TITLE}")
    stage.opened("Log a decision")
    stage.fill(
        approver=slack_id("dana.whitfield"),
        reversibility="one_way",
        options="Own data centre\nCloud region in Ohio\nTwo regions at once",
        context="The lease of the data centre ends in September.",
        contributors=[slack_id("tom.becker"), slack_id("arjun.mehta")],
        due_on="2026-04-10",
    )
    stage.crop_form("decision-form", "Log a decision", phone=True)
    stage.submit()
    stage.crop("decision-receipt", stage.private("Logged D-"))
    stage.crop("decision-card-new", stage.card(TITLE, "Decision needed"), phone=True)


def _weighed(stage: Stage) -> None:
    stage.press(stage.card(TITLE, "Decision needed"), "decision.compare")
    shown = stage.private(TITLE)
    stage.crop("decision-options-unweighed", shown)
    stage.press(shown, "decision.criteria")
    stage.opened("Edit criteria")
    stage.fill(criteria="risk 40\ncost 20\nspeed 20\noperability 20")
    stage.crop_form("decision-criteria-form", "Edit criteria")
    stage.submit()
    stage.crop("decision-card-not-comparable", stage.card(TITLE, "missing"))
    stage.press(stage.card(TITLE, "Decision needed"), "decision.score")
    stage.opened("Score options")
    scores = ((3, 2, 4, 3), (4, 3, 4, 4), (5, 1, 3, 3))
    values = {f"score_{o}_{c}": str(n) for o, row in enumerate(scores) for c, n in enumerate(row)}
    for select, value in zip(stage.form.locator("select.element").all(), values.values(), strict=True):
        select.select_option(value)
    stage.crop_form("decision-score-form", "Score options", phone=True)
    stage.submit()
    stage.crop("decision-card-weighed", stage.card(TITLE, "Total"), phone=True)
    stage.press(stage.card(TITLE, "Total"), "decision.compare")
    stage.crop("decision-options", stage.private("Only you see this"), phone=True)


def _decided(stage: Stage) -> None:
    stage.press(stage.card(TITLE, "Total"), "decision.decide")
    stage.crop("decision-refused", stage.private("decides"))
    stage.messages_of("dana.whitfield")
    asked = stage.sees(TITLE)
    stage.crop("decision-approver-dm", asked, phone=True)
    stage.press(asked, "decision.decide")
    stage.fill(chosen="B", rationale="It costs a fifth less and we know the region. Risk decides, and B is close to C.")
    stage.crop_form("decision-decide-form", re.compile("Decide D-"), phone=True)
    stage.submit()
    stage.crop("decision-approver-dm-done", stage.sees(TITLE))
    stage.enter("luis.ortega", PROJECT)
    stage.crop("decision-card-decided", stage.card(TITLE, "Decided:"), phone=True)


def _superseded(stage: Stage) -> None:
    stage.choose(stage.card(TITLE, "Decided:"), "Supersede")
    stage.opened("Log a decision")
    stage.fill(title="Where the new ledger runs, second look")
    stage.crop_form("decision-supersede-form", "Log a decision")
    stage.submit()
    stage.enter("dana.whitfield", PROJECT)
    stage.press(stage.card("second look", "Decision needed"), "decision.decide")
    stage.fill(chosen="C", rationale="The regulator wants two regions from October on.")
    stage.submit()
    stage.crop("decision-card-second", stage.card("second look", "Decided:"))
    stage.crop("decision-card-superseded", stage.card(TITLE, "No longer applies"), phone=True)
    stage.choose(stage.card(TITLE, "No longer applies"), "Show history")
    stage.crop("decision-history", stage.private("History of"), phone=True)
    stage.choose(stage.card("second look", "Decided:"), "Review outcome")
    stage.crop_form("decision-grade-form", "Review outcome")
    stage.fill(outcome_grade="as_expected", outcome="Switched on 18 May without an outage")
    stage.submit()
    stage.crop("decision-card-graded", stage.card("second look", "Turned out"))


def its_other_ends(stage: Stage) -> None:
    title = "Which week is frozen"
    stage.enter("luis.ortega", PROJECT)
    stage.say(f"/decision {title}")
    stage.opened("Log a decision")
    stage.fill(approver=slack_id("maya.chen"), context="The switch needs three quiet days.")
    stage.submit()
    card = stage.card(title, "Decision needed")
    stage.choose(card, "Take into review")
    stage.crop("decision-card-in-review", stage.card(title, "In review"))
    stage.press(stage.card(title, "In review"), "decision.edit")
    stage.crop_form("decision-edit-form", "Edit a decision")
    stage.cancel()
    _deferred(stage, title)
    _refused(stage, title)


def _deferred(stage: Stage, title: str) -> None:
    stage.choose(stage.card(title, "In review"), "Defer")
    stage.opened("Defer a decision")
    stage.fill(due_on="2026-04-24", reason="The figures come at the end of the month")
    stage.crop_form("decision-defer-form", "Defer a decision")
    stage.submit()
    stage.crop("decision-card-deferred", stage.card(title, "Deferred to"), phone=True)
    stage.press(stage.card(title, "Deferred to"), "decision.resume")
    stage.choose(stage.card(title, "Decision needed"), "Withdraw")
    stage.crop_form("decision-withdraw-form", "Withdraw a decision")
    stage.cancel()


def _refused(stage: Stage, title: str) -> None:
    stage.enter("maya.chen", PROJECT)
    stage.choose(stage.card(title, "Decision needed"), "Reject")
    stage.opened("Reject a decision")
    stage.fill(reason="We do not freeze anything this spring")
    stage.crop_form("decision-reject-form", "Reject a decision")
    stage.submit()
    stage.crop("decision-card-rejected", stage.card(title, "Rejected"))
    stage.say("/pm D-3")
    stage.choose(stage.private("D-3"), "Mark outdated")
    stage.crop_form("decision-deprecate-form", "Mark outdated")
