"""The Home."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import home
from models.schemas.finding import FindingSeverity
from models.schemas.home import (
    AskKind,
    Home,
    HomeAsk,
    HomePlace,
    HomeProject,
    HomeWait,
    NextAsk,
    Part,
    Stretch,
)
from models.schemas.issue import IssueStatus, Severity
from models.schemas.project import PlaceKind
from models.schemas.risk import Band
from models.schemas.status import Health
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, PAPER, PLACE, PROGRAM, TODAY, changed

FRIDAY, TUESDAY = date(2026, 3, 27), date(2026, 3, 31)
THIS_EVENING = datetime(2026, 3, 30, 21, tzinfo=UTC)


def ask(kind: AskKind, ref: str, *, late: bool = False, **values: Any) -> HomeAsk:
    due = {} if "due_at" in values else {"due_on": FRIDAY if late else TUESDAY}
    defaults = {"id": 12, "title": HOSTILE, "link": LINK, "is_urgent": False, "sorted_by": TODAY}
    return HomeAsk(kind=kind, ref=ref, is_overdue=late, **defaults | due | values)


SCORED = {"band": Band.EXTREME, "points": "20"}
ASKS = [
    ask(AskKind.REVIEW_RISK, "R-12", late=True, **SCORED),
    ask(AskKind.SOLVE_ISSUE, "I-4", late=True, severity=Severity.SEV1, issue_status=IssueStatus.IN_PROGRESS),
    ask(AskKind.STATUS, PLACE.ref, late=True, title=PLACE.name, link=None, due_at=THIS_EVENING, health=Health.AMBER),
    ask(AskKind.SETTLE, "A-5", late=True),
    ask(AskKind.READ_RISK, "R-13", **{**SCORED, "band": Band.MODERATE, "points": "6"}, due_at=THIS_EVENING),
    ask(AskKind.CLOSE_RISK, "R-14", **SCORED, due_at=None, asked_by=LUIS.handle, reason=f"It is over\n{HOSTILE}"),
    ask(AskKind.READ_ISSUE, "I-5", severity=Severity.SEV3),
    ask(AskKind.DECIDE, "D-3", is_one_way=True),
    ask(AskKind.GRADE, "D-2", choice=HOSTILE),
    ask(AskKind.MILESTONE, "M-4", late=True, link=None, place=PLACE.name, is_own_project=True, waits=HOSTILE),
    ask(AskKind.FINDING, "AF-2", late=True, link=None, finding_severity=FindingSeverity.CRITICAL),
    ask(AskKind.CHECK_IN, "checkin:4", link=None, due_at=THIS_EVENING, questions=3),
    ask(AskKind.READ_STATUS, "project:7", due_on=None, health=Health.RED, health_on=FRIDAY, is_urgent=True),
]
LINES = [
    HomeProject(name=PLACE.name, health=Health.AMBER, was=Health.RED, days_silent=None, posted_on=FRIDAY, link=LINK),
    HomeProject(name="Fraud", health=Health.UNKNOWN, was=None, days_silent=21, posted_on=FRIDAY, link=LINK),
    HomeProject(name="New", health=Health.UNKNOWN, was=None, days_silent=None, posted_on=None, link=None),
]
RUN = HomePlace(
    kind=PlaceKind.PROGRAM,
    id=3,
    name=PROGRAM.name,
    channel="C2",
    health=Health.AMBER,
    open_risks=9,
    extreme_risks=2,
    projects=LINES,
    other_projects=1,
)
OWNED = HomePlace(
    kind=PlaceKind.PROJECT,
    id=7,
    name=PLACE.name,
    channel="C1",
    health=Health.AMBER,
    posted_on=date(2026, 3, 16),
    is_old=True,
    link=LINK,
    open_risks=3,
    extreme_risks=1,
)
WAITS = [
    HomeWait(
        kind=AskKind.DECIDE, id=4, ref="D-4", title=HOSTILE, link=LINK, person=DANA, due_on=FRIDAY, is_overdue=True
    ),
    HomeWait(kind=AskKind.READ_RISK, id=7, ref="R-7", title=HOSTILE, person=PAPER, is_overdue=False, **SCORED),
]
HOME = Home(
    person=LUIS,
    today=TODAY,
    asks=Stretch(items=ASKS, total=13),
    overdue=4,
    places=Stretch(items=[RUN, OWNED], total=2),
    waits=Stretch(items=WAITS, total=2),
)
NOTHING = Stretch[Any](items=[], total=0)
FEW = changed(HOME, asks=Stretch(items=ASKS[:3], total=3), overdue=3)
MANY = changed(HOME, asks=Stretch(items=ASKS, total=300), places=Stretch(items=[OWNED], total=40))
NEXT = NextAsk(kind=AskKind.STATUS, what=PLACE.name, at=datetime(2026, 4, 2, 14, tzinfo=UTC))
IDLE = changed(HOME, asks=NOTHING, overdue=0, places=Stretch(items=[OWNED], total=1), waits=NOTHING, next_ask=NEXT)
GUEST = changed(LUIS, is_guest=True)
FOR_GUEST = changed(HOME, person=GUEST, asks=Stretch(items=ASKS[:1], total=1), places=NOTHING, waits=NOTHING)

SHOWN: dict[str, Any] = {
    "home": home.home_view(HOME),
    "home-few": home.home_view(FEW),
    "home-many": home.home_view(MANY),
    "home-page": home.home_view(changed(MANY, part=Part.ASKS, asks=Stretch(items=ASKS, total=300, start=30))),
    "home-waits": home.home_view(changed(HOME, part=Part.WAITS)),
    "home-nothing": home.home_view(IDLE),
    "home-guest": home.home_view(FOR_GUEST),
}
