"""Issues: cards, receipts, forms."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import issue, issue_form, issue_receipt, undone
from models.schemas.issue import UNDONE, IssueStatus, Severity
from tests.views.cast import DANA, HOSTILE, ISSUE, LINK, NOW, PAPER, PLACE, PROGRAM, TODAY, changed

LONG_AGO = datetime(2026, 3, 2, 14, tzinfo=UTC)
WORKED_ON = changed(
    ISSUE,
    status=IssueStatus.IN_PROGRESS,
    acknowledged_at=NOW,
    workaround=HOSTILE,
    from_risk="R-12",
    from_risk_id=12,
    from_risk_link=LINK,
    source_url=LINK,
)
RESOLVED = changed(WORKED_ON, status=IssueStatus.RESOLVED, resolved_at=NOW, closes_on=date(2026, 4, 6))

SHOWN: dict[str, Any] = {
    "issue-form": issue_form.issue_form(
        places=[PLACE, PROGRAM], here=PLACE.ref, owner="ULUIS", metadata="{}", initial_title=HOSTILE
    ),
    "issue-form-again": issue_form.issue_form(
        places=[PLACE],
        here=PLACE.ref,
        owner=None,
        metadata="{}",
        initial_title="&" * 150,
        initial_workaround="&" * 1000,
        severity=Severity.SEV1,
    ),
    "issue-card-new": issue.issue_card(ISSUE, today=TODAY),
    "issue-card-new-mild": issue.issue_card(
        changed(ISSUE, severity=Severity.SEV4, resolve_by=date(2026, 5, 11), owner=PAPER), today=TODAY
    ),
    "issue-card-acknowledged": issue.issue_card(changed(ISSUE, acknowledged_at=NOW), today=TODAY),
    "issue-card-reopened": issue.issue_card(changed(ISSUE, acknowledged_at=NOW, status_reason=HOSTILE), today=TODAY),
    "issue-card-in-progress": issue.issue_card(WORKED_ON, today=TODAY),
    "issue-card-overdue": issue.issue_card(
        changed(WORKED_ON, opened_at=LONG_AGO, resolve_by=date(2026, 3, 9)), today=TODAY
    ),
    "issue-card-blocked": issue.issue_card(
        changed(WORKED_ON, status=IssueStatus.BLOCKED, status_reason="&" * 500, workaround="&" * 1000), today=TODAY
    ),
    "issue-card-resolved": issue.issue_card(RESOLVED, today=TODAY),
    "issue-card-closed": issue.issue_card(changed(RESOLVED, status=IssueStatus.CLOSED, closed_at=NOW), today=TODAY),
    "issue-card-dropped": issue.issue_card(
        changed(ISSUE, status=IssueStatus.WONT_FIX, status_reason=HOSTILE, closed_at=NOW), today=TODAY
    ),
    "issue-card-undone": issue.issue_card(
        changed(ISSUE, status=IssueStatus.WONT_FIX, status_reason=UNDONE, closed_at=NOW), today=TODAY
    ),
    "issue-card-nowhere": issue.issue_card(changed(ISSUE, place=None, author=None, link=None), today=TODAY),
    "issue-receipt": issue_receipt.issue_receipt(ISSUE, today=TODAY),
    "issue-yours": issue_receipt.issue_yours(ISSUE, today=TODAY),
    "issue-yours-acknowledged": issue_receipt.issue_yours(changed(ISSUE, acknowledged_at=NOW), today=TODAY),
    "issue-undone": undone.undone("issue", 3, "I-3"),
    "issue-taken-back": undone.taken_back("I-3", HOSTILE, DANA),
    "issue-shared": issue_receipt.issue_shared(WORKED_ON, DANA, today=TODAY),
    **{
        f"issue-form-{action}": issue_form.issue_act_form(action, WORKED_ON, today=TODAY, metadata="{}")
        for action in issue_form.FIELDS
    },
}
