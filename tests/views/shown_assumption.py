"""Assumptions: cards, receipts, forms."""

from datetime import date
from typing import Any

from bot.views import assumption, assumption_form, assumption_receipt, undone
from models.schemas.assumption import UNDONE, AssumptionStatus
from tests.views.cast import ASSUMPTION, DANA, HOSTILE, LINK, NOW, PAPER, PLACE, PROGRAM, TODAY, changed

CONFIRMED = changed(ASSUMPTION, status=AssumptionStatus.VALIDATED, settled_at=NOW)
REFUTED = changed(ASSUMPTION, status=AssumptionStatus.INVALIDATED, settled_at=NOW, status_reason=HOSTILE)

SHOWN: dict[str, Any] = {
    "assumption-form": assumption_form.assumption_form(
        places=[PLACE, PROGRAM], here=PLACE.ref, owner="ULUIS", metadata="{}", initial_title=HOSTILE
    ),
    "assumption-card": assumption.assumption_card(ASSUMPTION, today=TODAY),
    "assumption-card-overdue": assumption.assumption_card(
        changed(ASSUMPTION, validate_by=date(2026, 3, 20), owner=PAPER, source_url=LINK), today=TODAY
    ),
    "assumption-card-reopened": assumption.assumption_card(changed(ASSUMPTION, status_reason="&" * 500), today=TODAY),
    "assumption-card-confirmed": assumption.assumption_card(CONFIRMED, today=TODAY),
    "assumption-card-refuted": assumption.assumption_card(REFUTED, today=TODAY),
    "assumption-card-imported": assumption.assumption_card(
        changed(CONFIRMED, settled_at=None, author=None, place=None, link=None), today=TODAY
    ),
    "assumption-card-undone": assumption.assumption_card(changed(REFUTED, status_reason=UNDONE), today=TODAY),
    "assumption-receipt": assumption_receipt.assumption_receipt(ASSUMPTION, today=TODAY),
    "assumption-yours": assumption_receipt.assumption_yours(ASSUMPTION, today=TODAY),
    "assumption-yours-settled": assumption_receipt.assumption_yours(CONFIRMED, today=TODAY),
    "assumption-undone": undone.undone("assumption", 3, "A-3"),
    "assumption-shared": assumption_receipt.assumption_shared(ASSUMPTION, DANA, today=TODAY),
    **{
        f"assumption-form-{action}": assumption_form.assumption_act_form(action, ASSUMPTION, today=TODAY, metadata="{}")
        for action in assumption_form.FIELDS
    },
}
