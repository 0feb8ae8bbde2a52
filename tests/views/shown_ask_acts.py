"""Why somebody is asked, the forms besides the answers, and what was answered for whoever is back."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.views import ask_back, ask_forms, ask_handed, asks
from models.schemas.ask_acts import AskCard
from models.schemas.asks import AskRow, AskState, Done, WelcomeBack
from models.schemas.home import AskKind
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PAPER, PLACE, TODAY, changed
from tests.views.shown_asks import DONE, EXTREME, FIVE, STATUS

ROW = AskRow(
    id=77,
    key="review_risk:12",
    base_key="review_risk:12",
    kind=AskKind.REVIEW_RISK,
    record_id=12,
    program_id=3,
    project_id=7,
    person_id=LUIS.id,
    asked_id=LUIS.id,
    state=AskState.OPEN,
    nudge=0,
    first_asked_at=NOW,
    asked_on=TODAY,
    subject="R-12",
    snoozed_until=None,
    snoozes=0,
    snooze_reason=None,
    handed_to_id=None,
    handed_state=None,
    handed_note=HOSTILE,
    handed_whole=False,
    declined_at=None,
    declined_by_id=None,
    declined_reason=None,
    answered_at=None,
    answered_by_id=None,
    effect=None,
)
CARD = AskCard(
    row=ROW,
    what=EXTREME.what,
    place=PLACE,
    owner=LUIS,
    asked=LUIS,
    handed_to=DANA,
    dates=[TODAY + timedelta(days=1), TODAY + timedelta(days=4)],
    most_snoozes=2,
    watcher=DANA,
    next_on_ladder=DANA,
    set_by=PAPER,
    first_asked_at=datetime.fromisoformat("2026-03-27T14:00:00+00:00"),
    zone=LUIS.tz,
    today=TODAY,
)
OTHERS = changed(CARD, owner=DANA, row=changed(ROW, person_id=DANA.id), next_on_ladder=None, set_by=None, watcher=None)
WHOLE = changed(CARD, row=changed(ROW, handed_whole=True))
OF_STATUS = changed(CARD, row=changed(ROW, kind=AskKind.STATUS, handed_note=None), what=STATUS.what)
BACK = WelcomeBack(
    absence_id=5, start=date(2026, 3, 20), end=date(2026, 3, 27), done=[changed(each, by=DANA) for each in DONE] * 3
)
CHECKED = Done(kind=AskKind.CHECK_IN, record_id=4, subject=HOSTILE, link=None, effect="answered")

SHOWN: dict[str, Any] = {
    "ask-why": ask_forms.why_me(CARD, metadata="{}"),
    "ask-why-on-behalf": ask_forms.why_me(OTHERS, metadata="{}"),
    "ask-snooze-form": ask_forms.snooze_form(CARD, metadata="{}"),
    "ask-hand-over-form": ask_forms.hand_over_form(CARD, metadata="{}"),
    "ask-hand-over-form-status": ask_forms.hand_over_form(OF_STATUS, metadata="{}"),
    "ask-decline-form": ask_forms.decline_form(ask_forms.titled(CARD), metadata="{}"),
    "ask-handed": ask_handed.handed_over(CARD, by=LUIS),
    "ask-handed-whole": ask_handed.handed_over(WHOLE, by=LUIS),
    "ask-handed-status": ask_handed.handed_over(OF_STATUS, by=LUIS),
    "ask-taken": ask_handed.taken_over(CARD, by=LUIS),
    "ask-not-taken": ask_handed.not_taken(CARD, by=LUIS),
    "ask-told-taken": ask_handed.told_taken(CARD, by=DANA),
    "ask-told-declined": ask_handed.told_declined(CARD, by=DANA),
    "ask-back": ask_back.welcome_back(BACK, today=TODAY),
    "ask-back-and-asks": asks.daily_ask(changed(FIVE, back=BACK)),
    "ask-back-answers": ask_back.answers_shown(BACK, today=TODAY),
    "ask-answers": ask_back.answers_of_day([*DONE, CHECKED], today=TODAY),
    "ask-link": ask_handed.told_taken(changed(CARD, what=changed(CARD.what, link=LINK)), by=DANA),
}
