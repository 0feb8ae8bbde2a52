"""The people, places and records that the views are shown with.

All names and texts are hostile on purpose: they must be shown as typed and ping nobody.
"""

from datetime import UTC, date, datetime
from typing import Any

from models.schemas.assumption import AssumptionCard, AssumptionStatus
from models.schemas.decision import DecisionCard, DecisionStatus, Option, Reversibility
from models.schemas.issue import IssueCard, IssueStatus, Severity
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.schemas.risk import Band, Category, Kind, RiskCard, RiskStatus

TODAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 13, tzinfo=UTC)
HOSTILE = "<!channel> <b> & co"
LINK = "https://example-workspace.slack.com/archives/C1/p1774600100000000"

LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis<x>", tz="America/New_York")
DANA = PersonCard(id=2, slack_id="UDANA", handle="dana", tz="America/New_York")
PAPER = PersonCard(id=3, slack_id=None, handle="not.in.slack", tz="Europe/Berlin")
PLACE = Place(
    kind=PlaceKind.PROJECT,
    id=7,
    number=101,
    name=f"Ledger {HOSTILE}",
    channel="C1",
    channel_name="p-101",
    program_id=3,
    program_name=f"Payments {HOSTILE}",
    tz="America/New_York",
    state=State.ACTIVE,
    restricted=False,
    owner=LUIS,
    target_on=date(2026, 6, 10),
    baseline_on=date(2026, 4, 30),
)
PROGRAM = PLACE.model_copy(update={"kind": PlaceKind.PROGRAM, "id": 3, "name": f"Payments {HOSTILE}"})

RISK = RiskCard(
    id=12,
    ref="R-12",
    place=PLACE,
    kind=Kind.THREAT,
    title=HOSTILE,
    statement=None,
    category=Category.STAKEHOLDER,
    probability=4,
    impact=4,
    score=16,
    points="16",
    band=Band.EXTREME,
    previous_points=None,
    rescored_at=None,
    target_probability=None,
    target_impact=None,
    target_band=None,
    target_points=None,
    owner=LUIS,
    author=DANA,
    status=RiskStatus.IDENTIFIED,
    response_strategy=None,
    response_plan=None,
    trigger=None,
    proximity_on=date(2026, 4, 20),
    raised_at=NOW,
    acknowledge_by=datetime(2026, 3, 30, 17, tzinfo=UTC),
    acknowledged_at=None,
    next_review_on=date(2026, 4, 6),
    status_reason=None,
    accepted_by=None,
    close_asked_by=None,
    close_asked_reason=None,
    cost_impact=None,
    source_url=None,
    issue=None,
    closed_at=None,
    version=1,
    link=LINK,
)
TREATING = {
    "status": RiskStatus.TREATING,
    "target_probability": 2,
    "target_impact": 4,
    "target_band": Band.HIGH,
    "target_points": "8",
    "previous_points": "12",
    "rescored_at": NOW,
    "response_strategy": "mitigate",
    "response_plan": HOSTILE,
    "trigger": HOSTILE,
    "acknowledged_at": NOW,
}
ISSUE = IssueCard(
    id=3,
    ref="I-3",
    place=PLACE,
    title=HOSTILE,
    severity=Severity.SEV2,
    owner=LUIS,
    author=DANA,
    status=IssueStatus.OPEN,
    opened_at=NOW,
    acknowledged_at=None,
    resolved_at=None,
    closed_at=None,
    resolve_by=date(2026, 4, 6),
    closes_on=None,
    from_risk=None,
    from_risk_id=None,
    from_risk_link=None,
    workaround=None,
    status_reason=None,
    source_url=None,
    version=1,
    link=LINK,
)
ASSUMPTION = AssumptionCard(
    id=2,
    ref="A-2",
    place=PLACE,
    title=HOSTILE,
    owner=LUIS,
    author=DANA,
    status=AssumptionStatus.UNVALIDATED,
    validate_by=date(2026, 4, 15),
    raised_at=NOW,
    settled_at=None,
    status_reason=None,
    source_url=None,
    version=1,
    link=LINK,
)
DECISION = DecisionCard(
    id=4,
    ref="D-4",
    place=PLACE,
    title=HOSTILE,
    context=HOSTILE,
    driver=LUIS,
    approver=DANA,
    contributors=[LUIS, PAPER],
    reversibility=Reversibility.ONE_WAY,
    options=[Option(id="A", name=HOSTILE), Option(id="B", name="Dual write")],
    raised_at=NOW,
    due_on=date(2026, 4, 10),
    status=DecisionStatus.PROPOSED,
    chosen=None,
    rationale=None,
    decided_at=None,
    superseded_by=None,
    version=1,
    link=LINK,
)
DECIDED = {"status": DecisionStatus.ACCEPTED, "chosen": "A", "rationale": HOSTILE, "decided_at": NOW}


def changed(card: Any, **values: Any) -> Any:
    return card.model_copy(update=values)
