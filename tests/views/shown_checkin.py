"""Check-ins: as somebody is asked, the forms, the round in its channel."""

from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from bot.views import checkin, checkin_answer, checkin_blockers, checkin_form, checkin_round, checkin_team
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
from models.schemas.checkin_round import AnswerCard, BlockerCard, Likely, RoundCard
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
LIKELY = Likely(kind="risk", id=12, ref="R-12", title=HOSTILE, fact=f"in treatment, {HOSTILE}", link=LINK)
IN_THE_WAY = BlockerCard(
    id=71,
    ref="B-71",
    checkin_id=4,
    answer_id=1,
    channel="C1",
    text=HOSTILE,
    person=LUIS,
    since_on=date(2026, 3, 26),
    solved_on=None,
    solved_by=None,
    record_kind=None,
    record_id=None,
    record_ref=None,
    record_title=None,
    record_link=None,
    linked_by=None,
    version=1,
    likely=LIKELY,
)
NEW_ONE = changed(IN_THE_WAY, id=72, ref="B-72", person=DANA, since_on=TODAY, likely=None, text="&" * 300)
TIED = changed(
    IN_THE_WAY,
    id=73,
    ref="B-73",
    record_kind="issue",
    record_id=7,
    record_ref="I-7",
    record_title="&" * 150,
    record_link=LINK,
    linked_by=DANA,
    likely=None,
)
GONE = changed(IN_THE_WAY, id=74, ref="B-74", text="", solved_on=TODAY, solved_by=DANA, likely=None)
SAID = AnswerCard(
    id=1,
    person=LUIS,
    state=AnswerState.ANSWERED,
    local_date=TODAY,
    close_at=CLOSES,
    answers={"finished": HOSTILE, "q1": "yes", "q2": "2.5"},
    blocker_ids=[71],
    answered_at=NOW,
    version=1,
)
SAYS_MUCH = changed(SAID, id=2, person=DANA, answers={"finished": "&" * 600, "q1": "no", "q2": "3"}, blocker_ids=[72])
SILENT = changed(SAID, id=3, person=PAPER, state=AnswerState.MISSED, answers={}, blocker_ids=[], answered_at=None)
AWAY = changed(SILENT, id=4, state=AnswerState.AWAY)
SKIPPED = changed(SILENT, id=5, state=AnswerState.SKIPPED)
ROUND = RoundCard(
    id=9,
    checkin_id=4,
    team=f"Ledger {HOSTILE}",
    place=PLACE,
    channel="C1",
    local_date=TODAY,
    closes_at=CLOSES,
    is_open=True,
    is_live=True,
    questions=QUESTIONS,
    answers=[SAID, SAYS_MUCH, SILENT, AWAY, SKIPPED],
    blockers=[IN_THE_WAY, NEW_ONE],
    asks_mood=True,
    mood=None,
    version=3,
)
ENDED = changed(ROUND, is_open=False, mood=Fraction(10, 3), blockers=[TIED, IN_THE_WAY, NEW_ONE, GONE])
QUIET = changed(
    ENDED, answers=[changed(SAID, blocker_ids=[])] * 5, blockers=[], asks_mood=False, mood=None, team="&" * 80
)
TEAM_OF_200 = changed(
    ENDED,
    answers=[changed(SAYS_MUCH, id=n, blocker_ids=[n] if n < 20 else []) for n in range(200)],
    blockers=[changed(IN_THE_WAY, id=n, text="&" * 300) for n in range(20)],
)
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
    "checkin-answer-form": checkin_answer.answer_form(
        team=TEAM.team,
        questions=QUESTIONS,
        answers={"finished": "&" * 600},
        mood=None,
        old=[BLOCKER, LINKED],
        own=None,
        planned=True,
        today=TODAY,
        metadata="{}",
    ),
    "checkin-answer-form-again": checkin_answer.answer_form(
        team=TEAM.team,
        questions=QUESTIONS,
        answers=SAYS_MUCH.answers,
        mood=4,
        old=[],
        own=LINKED,
        planned=False,
        today=TODAY,
        metadata="{}",
    ),
    "checkin-round-open": checkin_round.round_parent(ROUND, TODAY),
    "checkin-round-open-not-live": checkin_round.round_parent(changed(ROUND, is_live=False, blockers=[]), TODAY),
    "checkin-round-closed": checkin_round.round_parent(ENDED, TODAY),
    "checkin-round-quiet": checkin_round.round_parent(QUIET, TODAY),
    "checkin-round-nobody": checkin_round.round_parent(changed(ENDED, answers=[SILENT, AWAY], blockers=[]), TODAY),
    "checkin-reply": checkin_round.answer_reply(ROUND, SAID),
    "checkin-reply-long": checkin_round.answer_reply(ROUND, SAYS_MUCH),
    "checkin-reply-of-nothing": checkin_round.answer_reply(ROUND, changed(SAID, answers={}, blocker_ids=[])),
    "checkin-summary": checkin_round.round_summary(ENDED, TODAY),
    "checkin-summary-of-200": checkin_round.round_summary(TEAM_OF_200, TODAY),
    "checkin-summary-of-5": checkin_round.round_summary(QUIET, TODAY),
    "checkin-answers": checkin_round.answers_page(TEAM_OF_200, 2, TODAY),
    "checkin-answers-one-page": checkin_round.answers_page(ENDED, 1, TODAY),
    "checkin-missing": checkin_round.missing_message(ENDED, TODAY),
    "checkin-missing-nobody": checkin_round.missing_message(QUIET, TODAY),
    "checkin-blocker-alone": checkin_blockers.blocker_alone(TIED, TODAY),
    "checkin-blocker-solved": checkin_blockers.blocker_alone(GONE, TODAY),
    "checkin-dependency-form": checkin_blockers.dependency_form(
        IN_THE_WAY, projects=[PLACE], here=PLACE.ref, metadata="{}"
    ),
    "checkin-dependency-form-many": checkin_blockers.dependency_form(
        NEW_ONE, projects=[PLACE] * 101, here=None, metadata="{}"
    ),
}
