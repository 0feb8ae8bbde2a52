"""Check-ins: as somebody is asked, the forms, the round in its channel."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import checkin
from bot.views.blocks import overflow
from models.schemas.checkin import AnswerState, CheckinAsk, OpenBlocker
from tests.views.cast import HOSTILE, LINK, LUIS, TODAY, changed

CLOSES = datetime(2026, 3, 30, 21, 30, tzinfo=UTC)
BLOCKER = OpenBlocker(id=71, ref="B-71", text=HOSTILE, since_on=date(2026, 3, 29))
LINKED = OpenBlocker(id=72, ref="B-72", text="&" * 300, since_on=date(2026, 3, 19), record_ref="R-12", record_link=LINK)
ASK = CheckinAsk(
    id=5,
    team=f"Ledger {HOSTILE}",
    person=LUIS,
    questions=3,
    minutes=2,
    close_at=CLOSES,
    local_date=TODAY,
    state=AnswerState.SENT,
)
DOTS = overflow("ask.more", [("Why me?", "why:5"), ("Snooze", "snooze:5")])

SHOWN: dict[str, Any] = {
    "checkin-alone": checkin.checkin_alone(ASK, more=DOTS),
    "checkin-alone-blocked": checkin.checkin_alone(changed(ASK, open_blockers=[BLOCKER]), more=DOTS),
    "checkin-alone-blocked-often": checkin.checkin_alone(
        changed(ASK, team="&" * 80, open_blockers=[LINKED, BLOCKER, LINKED, LINKED])
    ),
    "checkin-alone-until-tomorrow": checkin.checkin_alone(
        changed(ASK, close_at=datetime(2026, 3, 31, 13, 30, tzinfo=UTC))
    ),
}
