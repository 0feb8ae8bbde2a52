"""Check-ins: as somebody is asked, the forms, the round in its channel."""

from datetime import UTC, date, datetime, time
from typing import Any

from bot.views import checkin, checkin_form, checkin_team
from bot.views.blocks import overflow
from models.schemas.checkin import (
    DEFAULT_QUESTIONS,
    AnswerState,
    CheckinAsk,
    CheckinState,
    OpenBlocker,
    Question,
    QuestionKind,
)
from models.schemas.checkin_setup import CheckinCard, CheckinReceipt, CheckinShown, PastRound
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PAPER, PLACE, TODAY, changed

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

QUESTIONS = [
    DEFAULT_QUESTIONS[0],
    Question(id="q1", text=f"Does {HOSTILE} build?", kind=QuestionKind.YES_NO),
    Question(id="q2", text="How many tickets?", kind=QuestionKind.NUMBER),
    Question(id="mood", text="How are you?", kind=QuestionKind.MOOD),
    DEFAULT_QUESTIONS[2],
]
TEAM = CheckinCard(
    id=4,
    team=f"Ledger {HOSTILE}",
    place=PLACE,
    channel="C1",
    questions=QUESTIONS,
    days=[1, 3, 5],
    at=time(9, 30),
    zone=None,
    window_hours=8,
    everyone=False,
    mood=True,
    live=True,
    state=CheckinState.ACTIVE,
    created_by=DANA,
    participants=[LUIS, DANA, PAPER],
    observers=[],
    next_on=date(2026, 4, 1),
    version=1,
)
EVERYBODY = changed(
    TEAM, everyone=True, participants=[], observers=[LUIS] * 10, zone="America/New_York", days=[1, 2, 3, 4, 5, 6, 7]
)
PAST = PastRound(
    id=9, local_date=date(2026, 3, 27), is_open=True, expected=5, answered=4, away=1, blockers=2, link=LINK
)
KNOWN = CheckinShown(checkin=TEAM, rounds=[PAST, changed(PAST, is_open=False, blockers=0, away=0)], today=TODAY)
PREVIEW = checkin_form.Preview("C1", date(2026, 4, 1), TODAY, time(9, 30), None, 5, 3)

SHOWN: dict[str, Any] = {
    "checkin-alone": checkin.checkin_alone(ASK, more=DOTS),
    "checkin-alone-blocked": checkin.checkin_alone(changed(ASK, open_blockers=[BLOCKER]), more=DOTS),
    "checkin-alone-blocked-often": checkin.checkin_alone(
        changed(ASK, team="&" * 80, open_blockers=[LINKED, BLOCKER, LINKED, LINKED])
    ),
    "checkin-alone-until-tomorrow": checkin.checkin_alone(
        changed(ASK, close_at=datetime(2026, 3, 31, 13, 30, tzinfo=UTC))
    ),
    "checkin-set-up-form": checkin_form.checkin_form(
        checkin_form.Filled(people=["ULUIS"]), zones=["Europe/Berlin"], preview=PREVIEW, metadata="{}"
    ),
    "checkin-edit-form": checkin_form.checkin_form(
        checkin_form.Filled.of(EVERYBODY),
        zones=["America/New_York"],
        preview=checkin_form.Preview("C1", date(2027, 4, 1), TODAY, time(16), "America/New_York", None, 7),
        metadata="{}",
        is_new=False,
    ),
    "checkin-shown": checkin_team.checkin_shown(KNOWN),
    "checkin-shown-paused": checkin_team.checkin_shown(
        changed(KNOWN, checkin=changed(EVERYBODY, state=CheckinState.PAUSED, next_on=None, created_by=None), rounds=[])
    ),
    "checkin-shown-ended": checkin_team.checkin_shown(
        changed(KNOWN, checkin=changed(TEAM, state=CheckinState.ENDED, next_on=None))
    ),
    "checkin-done": checkin_team.checkin_set_up(CheckinReceipt(checkin=TEAM, edited=False, at=NOW), KNOWN),
    "checkin-done-edited": checkin_team.checkin_set_up(CheckinReceipt(checkin=EVERYBODY, edited=True, at=NOW), KNOWN),
}
