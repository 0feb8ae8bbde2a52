"""What an erasure and a redaction say before they are done, and afterwards."""

from typing import Any

from bot.views import erasure, redaction
from models.schemas.erasure import Erasure
from models.schemas.redaction import REASONS, Redactable
from tests.views.cast import DANA, HOSTILE

WHOLE = Erasure(person=DANA, owns=3, answers=12, absences=1)
UNKNOWN = Erasure(person=DANA.model_copy(update={"slack_id": None, "handle": HOSTILE}))
RISK = Redactable(
    kind="risk",
    id=12,
    ref="R-12",
    fields=["title", "statement", "response_plan", "trigger", "status_reason", "close_asked_reason", REASONS],
)
DECISION = RISK.model_copy(
    update={"kind": "decision", "ref": "D-4", "fields": ["title", "context", "rationale", "status_reason", "outcome"]}
)
STATUS = RISK.model_copy(
    update={"kind": "status", "ref": f"the status of {HOSTILE}", "fields": ["summary", "path_to_green", "asks"]}
)

SHOWN: dict[str, Any] = {
    "erasure-form": erasure.erase_form(WHOLE, metadata="{}"),
    "erasure-form-imported": erasure.erase_form(UNKNOWN, metadata="{}"),
    "erasure-done": erasure.erased(UNKNOWN),
    "erasure-done-owner": erasure.erased(WHOLE),
    "redaction-form": redaction.redact_form(RISK, metadata="{}"),
    "redaction-form-decision": redaction.redact_form(DECISION, metadata="{}"),
    "redaction-form-status": redaction.redact_form(STATUS, metadata="{}"),
    "redaction-done": redaction.redacted(RISK),
    "redaction-done-status": redaction.redacted(STATUS),
    "redaction-offered": redaction.with_redact(redaction.redacted(RISK), "risk", 12),
}
