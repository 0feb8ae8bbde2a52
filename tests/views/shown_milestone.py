"""Milestones and audit findings, to whoever looks at one, and their forms."""

from datetime import date
from typing import Any

from bot.views import finding, milestone
from models.schemas.finding import FindingCard, FindingSeverity, FindingStatus
from models.schemas.milestone import MilestoneCard, MilestoneKind, Waiting
from models.schemas.plan import MilestoneStatus
from tests.views.cast import HOSTILE, LUIS, NOW, PLACE, TODAY, changed

MILESTONE = MilestoneCard(
    id=12,
    ref="M-12",
    place=PLACE,
    title=HOSTILE,
    owner=LUIS,
    kind=MilestoneKind.MILESTONE,
    status=MilestoneStatus.PLANNED,
    status_reason=None,
    baseline_on=date(2026, 3, 20),
    due_on=date(2026, 3, 20),
    achieved_on=None,
    slips=0,
    moves=0,
    created_at=NOW,
    version=1,
)
WAITING = [
    Waiting(name=HOSTILE, by=date(2026, 4, 7), is_milestone=False),
    Waiting(name="Wave 1", by=date(2026, 4, 17), is_milestone=True),
    Waiting(name="Late", by=date(2026, 3, 25), is_milestone=False),
    Waiting(name="More", by=date(2026, 5, 25), is_milestone=False),
]
MOVED = changed(MILESTONE, due_on=date(2026, 4, 7), slips=2, moves=3, waiting=WAITING, status_reason=HOSTILE, version=4)
ACHIEVED = changed(MOVED, status=MilestoneStatus.ACHIEVED, achieved_on=TODAY, waiting=[])
FINDING = FindingCard(
    id=2,
    ref="AF-2",
    place=PLACE,
    title=HOSTILE,
    owner=LUIS,
    severity=FindingSeverity.CRITICAL,
    status=FindingStatus.OPEN,
    status_reason=None,
    evidence=None,
    raised_on=date(2026, 2, 2),
    due_on=date(2026, 3, 19),
    raised_at=NOW,
    version=1,
)
READY = changed(
    FINDING, status=FindingStatus.READY_FOR_VERIFICATION, status_reason=HOSTILE, evidence=HOSTILE, place=None
)

SHOWN: dict[str, Any] = {
    "milestone": milestone.milestone_shown(MILESTONE, today=TODAY),
    "milestone-moved": milestone.milestone_shown(MOVED, today=TODAY),
    "milestone-achieved": milestone.milestone_shown(ACHIEVED, today=TODAY),
    "milestone-redate-form": milestone.redate_form("redate", MILESTONE, today=TODAY, metadata="{}"),
    "milestone-redate-form-moved": milestone.redate_form("redate", MOVED, today=TODAY, metadata="{}"),
    "finding": finding.finding_shown(FINDING, today=TODAY),
    "finding-ready": finding.finding_shown(READY, today=TODAY),
    "finding-form": finding.finding_form("update", FINDING, today=TODAY, metadata="{}"),
}
