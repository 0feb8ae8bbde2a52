"""Decisions: cards, receipt, forms, messages to one person."""

from datetime import date
from decimal import Decimal
from typing import Any

from bot.views import decision, decision_acts, decision_form, decision_receipt
from models.schemas.decision import Criterion, DecisionLink, DecisionStatus, Grade, Option
from tests.views.cast import DANA, DECIDED, DECISION, HOSTILE, LINK, LUIS, NOW, PAPER, PLACE, TODAY, changed

NEW_ONE = DecisionLink(id=9, ref="D-9", title=HOSTILE, choice=HOSTILE, decided_at=NOW, link=LINK)
ELSEWHERE = NEW_ONE.model_copy(update={"title": None, "choice": None, "link": None})
CRITERIA = [
    Criterion(id=name, weight=Decimal(weight))
    for name, weight in (("risk", 40), ("cost", 20), ("speed", 20), ("operability", 20))
]


def option(letter: str, name: str, *scores: int, **details: str) -> Option:
    names = [criterion.id for criterion in CRITERIA]
    return Option(id=letter, name=name, scores=dict(zip(names, scores, strict=False)), **details)


CUTOVER = [
    option("A", "Big bang", 2, 5, 5, 2),
    option("B", "Dual write then switch", 4, 3, 3, 4, pros=HOSTILE, cons=HOSTILE, cost=HOSTILE),
    option("C", "Tenant by tenant", 5, 2, 1, 4),
]
WEIGHED = changed(
    DECISION,
    title="Cutover strategy",
    options=CUTOVER,
    criteria=CRITERIA,
    informed=[DANA],
    informed_elsewhere=[HOSTILE],
)
GAP = changed(WEIGHED, options=[*CUTOVER[:2], option("C", "Tenant by tenant", 5, 2, 1)])
TIED = changed(WEIGHED, options=[option("A", HOSTILE, 3, 3, 3, 3), *CUTOVER[2:], option("D", HOSTILE, 3, 3, 3, 3)])
NAMES = [f"criterion {n} <b> & co"[:20] for n in range(5)]
LONG = "<b> & co " * 30
LARGE = changed(
    DECISION,
    options=[
        Option(
            id=letter,
            name=LONG[:80],
            pros=LONG[:200],
            cons=LONG[:200],
            cost=LONG[:60],
            scores=dict.fromkeys(NAMES, 1 + number % 5),
        )
        for number, letter in enumerate("ABCDEFGHIJ")
    ],
    criteria=[Criterion(id=name, weight=Decimal("0.25") * (1 + n)) for n, name in enumerate(NAMES)],
    contributors=[LUIS, DANA, PAPER] * 4,
)
ACCEPTED = changed(WEIGHED, **DECIDED | {"chosen": "B", "outcome_review_on": date(2026, 6, 28)})

SHOWN: dict[str, Any] = {
    "decision-form": decision_form.decision_form(
        places=[PLACE],
        here=PLACE.ref,
        start=decision_form.Start(driver="ULUIS", due_on=date(2026, 4, 6), title=HOSTILE),
        metadata="{}",
    ),
    "decision-form-supersede": decision_form.decision_form(
        places=[PLACE],
        here=PLACE.ref,
        start=decision_form.like(ACCEPTED, due_on=date(2026, 4, 6)),
        metadata="{}",
        old=ACCEPTED,
    ),
    "decision-card-proposed": decision.decision_card(DECISION, today=TODAY),
    "decision-card-matrix": decision.decision_card(WEIGHED, today=TODAY),
    "decision-card-gap": decision.decision_card(GAP, today=TODAY),
    "decision-card-tied": decision.decision_card(TIED, today=TODAY),
    "decision-card-large": decision.decision_card(LARGE, today=TODAY),
    "decision-card-no-options": decision.decision_card(
        changed(DECISION, options=[], contributors=[], source_url=LINK), today=TODAY
    ),
    "decision-card-draft": decision.decision_card(changed(DECISION, status=DecisionStatus.DRAFT), today=TODAY),
    "decision-card-in-review": decision.decision_card(
        changed(WEIGHED, status=DecisionStatus.IN_REVIEW, supersedes=NEW_ONE), today=TODAY
    ),
    "decision-card-deferred": decision.decision_card(
        changed(DECISION, status=DecisionStatus.DEFERRED, status_reason=HOSTILE), today=TODAY
    ),
    "decision-card-rejected": decision.decision_card(
        changed(DECISION, status=DecisionStatus.REJECTED, status_reason=HOSTILE, decided_at=NOW), today=TODAY
    ),
    "decision-card-withdrawn": decision.decision_card(
        changed(DECISION, status=DecisionStatus.WITHDRAWN, status_reason=HOSTILE), today=TODAY
    ),
    "decision-card-decided": decision.decision_card(changed(DECISION, **DECIDED), today=TODAY),
    "decision-card-decided-for": decision.decision_card(changed(DECISION, **DECIDED, decided_by=LUIS), today=TODAY),
    "decision-card-decided-matrix": decision.decision_card(ACCEPTED, today=TODAY),
    "decision-card-graded": decision.decision_card(
        changed(ACCEPTED, outcome=HOSTILE, outcome_grade=Grade.WORSE, supersedes=NEW_ONE), today=TODAY
    ),
    "decision-card-superseded": decision.decision_card(
        changed(DECISION, **DECIDED | {"status": DecisionStatus.SUPERSEDED, "superseded_by": NEW_ONE}), today=TODAY
    ),
    "decision-card-superseded-elsewhere": decision.decision_card(
        changed(DECISION, **DECIDED | {"status": DecisionStatus.SUPERSEDED, "superseded_by": ELSEWHERE}), today=TODAY
    ),
    "decision-card-deprecated": decision.decision_card(
        changed(DECISION, **DECIDED | {"status": DecisionStatus.DEPRECATED, "status_reason": HOSTILE}), today=TODAY
    ),
    "decision-shown": decision.decision_shown(WEIGHED, today=TODAY),
    "decision-receipt": decision_receipt.decision_receipt(DECISION, today=TODAY),
    "decision-ask": decision_receipt.decision_ask(WEIGHED, today=TODAY),
    "decision-ask-plain": decision_receipt.decision_ask(DECISION, today=TODAY),
    "decision-ask-large": decision_receipt.decision_ask(LARGE, today=TODAY),
    "decision-not-yours": decision_receipt.decision_not_yours(DECISION),
    "decision-told": decision_receipt.decision_told(ACCEPTED, today=TODAY),
    "decision-options": decision_receipt.decision_options(WEIGHED, today=TODAY),
    "decision-options-large": decision_receipt.decision_options(LARGE, today=TODAY),
    "decision-options-none": decision_receipt.decision_options(changed(DECISION, options=[]), today=TODAY),
    "decision-decide-form": decision_form.decide_form(DECISION, today=TODAY, metadata="{}"),
    "decision-decide-form-matrix": decision_form.decide_form(
        changed(WEIGHED, supersedes=NEW_ONE), today=TODAY, metadata="{}"
    ),
    "decision-decide-form-large": decision_form.decide_form(LARGE, today=TODAY, metadata="{}"),
    "decision-form-score": decision_acts.score_form(WEIGHED, page=0, metadata="{}"),
    "decision-form-score-large": decision_acts.score_form(LARGE, page=1, metadata="{}"),
    "decision-form-details-large": decision_acts.decision_act_form("details", LARGE, metadata="{}"),
    **{
        f"decision-form-{action}": decision_acts.decision_act_form(action, ACCEPTED, metadata="{}")
        for action in decision_acts.FIELDS
    },
}
