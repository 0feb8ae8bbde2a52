"""What is done to a risk from Slack: a button or the dots on its card open a form, or act at once."""

import json
from collections.abc import Mapping

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.notices import risk as notices
from bot.services import risk as risks
from bot.services import risk_acts
from bot.views.risk_acts import HEADINGS, risk_act_form
from handlers.feature import Ask, Feature, Handler, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.risk import RiskCard
from models.schemas.risk_acts import (
    AcceptDraft,
    AssessDraft,
    EditDraft,
    HappenDraft,
    ReasonDraft,
    ResponseDraft,
    ReviewDraft,
)

DRAFTS: Mapping[str, type[BaseModel]] = {
    "assess": AssessDraft,
    "respond": ResponseDraft,
    "treat": ResponseDraft,
    "accept": AcceptDraft,
    "resume": ReasonDraft,
    "happen": HappenDraft,
    "close": ReasonDraft,
    "reject": ReasonDraft,
    "reopen": ReasonDraft,
    "review": ReviewDraft,
    "edit": EditDraft,
}
AT_ONCE = ("acknowledge", "monitor", "settle")
"""What needs no words."""

BUTTONS = ("acknowledge", "assess", "respond", "edit", "review", "close", "settle")


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the risk, as 'close:12'."""
    action, _, risk_id = ask.value.partition(":")
    return begin(ask, action, risk_id)


def button(action: str) -> Handler:
    return lambda ask: begin(ask, action, ask.value)


def begin(ask: Ask, action: str, risk_id: str) -> Reply:
    if action in AT_ONCE:
        return writes(lambda ask, session: _at_once(ask, session, action, risk_id))(ask)
    if action in HEADINGS:
        return reads(lambda ask, session: _open(ask, session, action, risk_id))(ask)
    raise NotFound("this risk")


def _at_once(ask: Ask, session: Session, action: str, risk_id: str) -> Reply:
    by = ask.acting(session)
    before = risks.find_by_id(session, row_id(risk_id))
    after = risk_acts.act(session, row_id(risk_id), action, None, by, now=ask.now)
    if before is None or before.version == after.version:
        return Reply()
    notices.tell_changed(session, after, before=before, by=by.person, pressed_in=ask.channel, now=ask.now)
    missing = action == "acknowledge" and after.statement is None and "trigger_id" in ask.payload
    return Reply(form=_form(ask, session, "assess", after)) if missing else Reply()


def _open(ask: Ask, session: Session, action: str, risk_id: str) -> Reply:
    risk = risk_acts.check(session, row_id(risk_id), action, ask.standing(session), now=ask.now)
    return Reply(form=_form(ask, session, action, risk))


def _form(ask: Ask, session: Session, action: str, risk: RiskCard) -> dict[str, object]:
    place = risk.place.ref if risk.place else None
    channel = ask.channel or ask.metadata.get("channel")
    metadata = json.dumps({"risk": risk.id, "action": action, "channel": channel, "place": place})
    return risk_act_form(action, risk, today=ask.today(ask.standing(session).person.tz), metadata=metadata)


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    action, risk_id = str(ask.metadata.get("action")), row_id(str(ask.metadata.get("risk")))
    before = risks.find_by_id(session, risk_id)
    risk_acts.check(session, risk_id, action, by, now=ask.now)
    form = read_form(ask, session, DRAFTS[action], today=ask.today(by.person.tz), person=by.person)
    chosen = getattr(form.draft, "owner", None)
    owner = form.people[chosen] if chosen else None
    after = risk_acts.act(session, risk_id, action, form.draft, by, now=ask.now, owner=owner)
    assert before is not None
    if before.version != after.version:
        pressed_in = ask.metadata.get("channel")
        notices.tell_changed(session, after, before=before, by=by.person, pressed_in=pressed_in, now=ask.now)
    return Reply()


FEATURE = Feature(
    actions={
        "risk.more": more,
        **{f"risk.{action}": button(action) for action in BUTTONS},
    },
    forms={"risk.act": save},
)
