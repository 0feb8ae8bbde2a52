"""Decisions: cards, receipt, forms."""

from datetime import date
from typing import Any

from bot.views import decision
from models.schemas.decision import DecisionStatus
from tests.views.cast import DECIDED, DECISION, HOSTILE, PLACE, TODAY, changed

SHOWN: dict[str, Any] = {
    "decision-form": decision.decision_form(
        places=[PLACE], here=PLACE.ref, driver="ULUIS", due_on=date(2026, 4, 6), metadata="{}", initial_title=HOSTILE
    ),
    "decision-card-proposed": decision.decision_card(DECISION, today=TODAY),
    "decision-card-decided": decision.decision_card(changed(DECISION, **DECIDED), today=TODAY),
    "decision-card-superseded": decision.decision_card(
        changed(DECISION, **DECIDED | {"status": DecisionStatus.SUPERSEDED, "superseded_by": "D-9"}), today=TODAY
    ),
    "decision-receipt": decision.decision_receipt(DECISION, today=TODAY),
    "decision-decide-form": decision.decide_form(DECISION, metadata="{}"),
}
