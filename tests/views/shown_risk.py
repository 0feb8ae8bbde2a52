"""Risks: cards, receipts, forms."""

from datetime import date
from typing import Any

from bot.views import risk, risk_acts, risk_form, risk_receipt, source, undone
from models.schemas.escalation import EscalationLink, Rule
from models.schemas.risk import Band, Category, IssueLink, Kind, RiskStatus
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PAPER, PLACE, PROGRAM, RISK, TODAY, TREATING, changed

ISSUE = IssueLink(id=3, ref="I-3", title=HOSTILE, severity="sev2", state="Open", is_over=False, owner=LUIS, link=LINK)
FORM = risk_form.risk_form(
    places=[PLACE, PROGRAM], here=PLACE.ref, metadata="{}", filled=risk_form.Filled("ULUIS", title=HOSTILE)
)
FROM_PRIVATE = FORM | {
    "blocks": [
        source.source_line(HOSTILE, None, is_shortened=True),
        source.readers_line("CSECRET", changed(PLACE, channel=None, name=HOSTILE)),
        *FORM["blocks"],
    ]
}

ESCALATED = EscalationLink(
    ref="ESC-31",
    rule=Rule.E3,
    deadline_on=date(2026, 3, 27),
    person=LUIS,
    is_acknowledged=False,
    next_person=DANA,
    next_on=date(2026, 3, 31),
    link=LINK,
)

SHOWN: dict[str, Any] = {
    "risk-card-escalated": risk.risk_card(changed(RISK, **TREATING, escalation=ESCALATED), today=TODAY),
    "risk-card-escalated-unread": risk.risk_card(
        changed(RISK, escalation=changed(ESCALATED, rule=Rule.E1, link=None)), today=TODAY
    ),
    "risk-card-escalated-taken": risk.risk_card(
        changed(RISK, **TREATING, escalation=changed(ESCALATED, rule=Rule.E2, is_acknowledged=True, next_person=None)),
        today=TODAY,
    ),
    "risk-form": risk_form.risk_form(
        places=[PLACE, PROGRAM], here=PLACE.ref, metadata="{}", filled=risk_form.Filled("ULUIS", title=HOSTILE)
    ),
    "risk-form-filled": risk_form.risk_form(
        places=[PLACE, PROGRAM],
        here=PLACE.ref,
        metadata="{}",
        filled=risk_form.Filled(
            "ULUIS",
            title=HOSTILE,
            statement=HOSTILE,
            probability=4,
            impact=5,
            category=Category.VENDOR,
            next_review_on=TODAY,
            kind=Kind.OPPORTUNITY,
        ),
        problems=[f"I do not know the date “{HOSTILE}”.", "Impact is 1 to 5. You typed i9.", HOSTILE, HOSTILE, HOSTILE],
    ),
    "risk-form-private": FROM_PRIVATE,
    "risk-card-new": risk.risk_card(RISK, today=TODAY),
    "risk-card-new-low": risk.risk_card(
        changed(RISK, probability=1, impact=2, score=2, points="2", band=Band.LOW), today=TODAY
    ),
    "risk-card-acknowledged": risk.risk_card(changed(RISK, acknowledged_at=NOW, statement=HOSTILE), today=TODAY),
    "risk-card-treating": risk.risk_card(changed(RISK, **TREATING), today=TODAY),
    "risk-card-accepted": risk.risk_card(changed(RISK, status=RiskStatus.ACCEPTED), today=TODAY),
    "risk-card-happened": risk.risk_card(changed(RISK, status=RiskStatus.MATERIALISED), today=TODAY),
    "risk-card-closed": risk.risk_card(
        changed(RISK, status=RiskStatus.CLOSED, status_reason=HOSTILE, closed_at=NOW), today=TODAY
    ),
    "risk-card-opportunity": risk.risk_card(changed(RISK, kind=Kind.OPPORTUNITY, owner=PAPER), today=TODAY),
    "risk-receipt": risk_receipt.risk_receipt(RISK, today=TODAY),
    "risk-yours": risk_receipt.risk_yours(RISK),
    "risk-card-happened-linked": risk.risk_card(
        changed(RISK, status=RiskStatus.MATERIALISED, issue=ISSUE), today=TODAY
    ),
    "risk-card-closing": risk.risk_card(
        changed(RISK, **TREATING, close_asked_by=LUIS, close_asked_reason=HOSTILE), today=TODAY
    ),
    "risk-receipt-typed": risk_receipt.risk_receipt(
        RISK, today=TODAY, typed=f"/risk {HOSTILE} p4 i4", guessed=("category",), defaults=("kind",), here=True
    ),
    "risk-taken-back": undone.taken_back(RISK.ref, RISK.title, DANA),
    "risk-undone": undone.undone("risk", RISK.id, RISK.ref),
    "risk-shared": risk_receipt.risk_shared(RISK, DANA, today=TODAY),
    **{
        f"risk-form-{action}": risk_acts.risk_act_form(
            action, changed(RISK, **TREATING, statement=HOSTILE), today=TODAY, metadata="{}"
        )
        for action in risk_acts.FIELDS
        if action != "treat"
    },
}
