"""The daily message."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import asks
from models.schemas.asks import AskLine, Covered, DailyAsk, Done, Owed
from models.schemas.finding import FindingSeverity
from models.schemas.home import AskKind
from models.schemas.risk import Band
from models.schemas.status import Health
from tests.views import cast
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, PLACE, TODAY, changed
from tests.views.shown_checkin import ASK as CHECK_IN

FRIDAY, TUESDAY = date(2026, 3, 27), date(2026, 3, 31)
THIS_EVENING = datetime(2026, 3, 30, 21, tzinfo=UTC)


def line(
    kind: AskKind, ref: str, *, behalf_of: Any = None, check_in: Any = None, dry: Any = None, **values: Any
) -> AskLine:
    defaults = {
        "id": 12,
        "record_id": 12,
        "person_id": 1,
        "title": HOSTILE,
        "link": LINK,
        "is_urgent": False,
        "is_overdue": True,
        "sorted_by": TODAY,
        "due_on": None if "due_at" in values else FRIDAY,
    }
    what = Owed(kind=kind, ref=ref, **defaults | values)
    return AskLine(id=77, zone=LUIS.tz, what=what, check_in=check_in)


EXTREME = line(AskKind.REVIEW_RISK, "R-12", band=Band.EXTREME, points="20", is_urgent=True)
FINDING = line(AskKind.FINDING, "AF-2", link=None, finding_severity=FindingSeverity.CRITICAL)
MILESTONE = line(AskKind.MILESTONE, "M-3", link=None, place=PLACE.name, is_own_project=True)
TODAYS = line(AskKind.MILESTONE, "M-4", due_on=TODAY, is_overdue=False, link=None, place="Consent", waits=HOSTILE)
ASSUMPTION = line(AskKind.SETTLE, "A-5")
STATUS = line(
    AskKind.STATUS, PLACE.ref, link=None, due_at=THIS_EVENING, is_overdue=False, health=Health.AMBER, health_on=FRIDAY
)
TEAM = line(AskKind.CHECK_IN, "checkin:4", due_at=THIS_EVENING, is_overdue=False, check_in=CHECK_IN)
DECISION = line(AskKind.DECIDE, "D-3", is_one_way=True, is_overdue=False, due_on=TUESDAY)
DONE = [
    Done(kind=AskKind.REVIEW_RISK, subject="R-14", link=LINK, effect="reviewed: now High 12, next review Fri 17 Apr"),
    Done(kind=AskKind.STATUS, subject=HOSTILE, link=None, effect="status posted: Amber", by=DANA),
]
FIVE = DailyAsk(person=LUIS, day=TODAY, left=[EXTREME, FINDING, MILESTONE, ASSUMPTION, STATUS], done=[])
TEN = [line(AskKind.SETTLE, f"A-{number}") for number in range(12)]
FOR_DANA = [changed(each, behalf_of=DANA) for each in (EXTREME, TODAYS, STATUS)]
COVERS = Covered(person=DANA, until=date(2026, 4, 2), is_delegate=True)

SHOWN: dict[str, Any] = {
    "daily-ask": asks.daily_ask(FIVE),
    "daily-ask-after-2": asks.daily_ask(changed(FIVE, left=[MILESTONE, STATUS], done=DONE)),
    "daily-ask-all-done": asks.daily_ask(changed(FIVE, left=[], done=DONE)),
    "daily-ask-one-done": asks.daily_ask(changed(FIVE, left=[], done=DONE[:1])),
    "daily-ask-over": asks.daily_ask(changed(FIVE, left=[], done=DONE[:1], gone=1, snoozed=[("R-9", TUESDAY)])),
    "daily-ask-12": asks.daily_ask(changed(FIVE, left=TEN)),
    "daily-ask-check-in": asks.daily_ask(changed(FIVE, left=[TEAM, STATUS])),
    "daily-ask-check-in-alone": asks.daily_ask(changed(FIVE, left=[TEAM])),
    "daily-ask-decision": asks.daily_ask(changed(FIVE, left=[DECISION], decision=cast.DECISION)),
    "daily-ask-delegate": asks.daily_ask(changed(FIVE, left=[*FOR_DANA, ASSUMPTION], covered=[COVERS])),
    "daily-ask-dry-run": asks.daily_ask(changed(FIVE, left=[changed(EXTREME, dry_run_for=DANA)])),
}
