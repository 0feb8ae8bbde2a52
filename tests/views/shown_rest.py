"""A project that rests: its forms, who did what, and the line in its channel."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import rest
from models.schemas.project import Place, State
from models.schemas.rest import Rest, RestAct
from tests.views.cast import DANA, HOSTILE, PLACE, TODAY

ASKED = datetime(2026, 4, 30, 14, tzinfo=UTC)
OTHER = PLACE.model_copy(update={"id": 8, "name": "Fraud Signals"})


def in_state(state: State) -> Place:
    return PLACE.model_copy(update={"state": state})


PAUSED = Rest(act=RestAct.PAUSED, place=PLACE, by=DANA, reason=HOSTILE, until=date(2026, 4, 24), next_ask_at=ASKED)
HELD = Rest(
    act=RestAct.STATE,
    place=in_state(State.ON_HOLD),
    by=DANA,
    reason=HOSTILE,
    until=date(2026, 5, 12),
    was=State.ACTIVE,
)
ENDED = Rest(act=RestAct.STATE, place=in_state(State.CANCELLED), by=DANA, reason=HOSTILE, was=State.ON_HOLD)
DONE = Rest(act=RestAct.STATE, place=in_state(State.COMPLETED), by=DANA, was=State.ACTIVE)

SHOWN: dict[str, Any] = {
    "rest-pause-form": rest.pause_form(PLACE, until=date(2026, 4, 24), reason=HOSTILE, metadata="{}"),
    "rest-waive-form": rest.waive_form([PLACE], PLACE, reason=HOSTILE, metadata="{}"),
    "rest-waive-form-which": rest.waive_form([PLACE, OTHER], None, reason="", metadata="{}"),
    "rest-state-form": rest.state_form([], PLACE, state=None, metadata="{}"),
    "rest-state-form-hold": rest.state_form([], PLACE, state=State.ON_HOLD, reason=HOSTILE, metadata="{}"),
    "rest-state-form-which": rest.state_form([PLACE, OTHER], None, state=State.COMPLETED, metadata="{}"),
    "rest-state-form-reopen": rest.state_form([], in_state(State.CANCELLED), state=State.ACTIVE, metadata="{}"),
    "rest-paused": rest.rest_receipt(PAUSED, today=TODAY),
    "rest-resumed": rest.rest_receipt(Rest(act=RestAct.RESUMED, place=PLACE, by=DANA, next_ask_at=ASKED), today=TODAY),
    "rest-waived": rest.rest_receipt(
        Rest(act=RestAct.WAIVED, place=PLACE, by=DANA, reason=HOSTILE, period="2026-W14", next_ask_at=ASKED),
        today=TODAY,
    ),
    "rest-held": rest.rest_receipt(HELD, today=TODAY),
    "rest-held-in-channel": rest.state_post(HELD, today=TODAY),
    "rest-cancelled-in-channel": rest.state_post(ENDED, today=TODAY),
    "rest-completed-in-channel": rest.state_post(DONE, today=TODAY),
}
