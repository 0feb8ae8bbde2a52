"""What is done to a risk from Slack: `handlers.acts`, and what only risks have."""

import json
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.policy import OWNERS
from bot.notices import risk as notices
from bot.services import register_roles, risk_acts
from bot.services import risk as risks
from bot.views.blocks import field_of
from bot.views.risk_acts import risk_act_form
from bot.views.risk_form import Filled, risk_form, with_score
from bot.views.risk_receipt import risk_shared
from handlers.acts import Acts, opening_at
from handlers.feature import Ask, Feature, Reply, reads, writes
from handlers.meanwhile import values_after
from models.schemas.issue import HappenDraft
from models.schemas.message import View
from models.schemas.project import Place
from models.schemas.register import ReasonDraft
from models.schemas.risk import RiskCard
from models.schemas.risk_acts import (
    AcceptDraft,
    AssessDraft,
    EditDraft,
    ResponseDraft,
    ReviewDraft,
)

TITLE = 150


def _with_score(ask: Ask, again: Reply, place: Place | None) -> Reply:
    """The line below probability and impact says what they come to now."""
    view: View = again.answer["view"]
    if not any(field_of(block) == "impact" for block in view["blocks"]):
        return again
    blocks = with_score(view["blocks"], values_after(ask, view), place, is_new=False)
    return replace(again, answer=again.answer | {"view": view | {"blocks": blocks}})


ACTS = Acts(
    kind=risks.KIND,
    find_by_id=risks.find_by_id,
    check=risk_acts.check,
    act=risk_acts.act,
    at_once=("acknowledge", "monitor", "settle"),
    drafts={
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
    },
    form=risk_act_form,
    tell_changed=notices.tell_changed,
    tell_undone=notices.tell_undone,
    shared=risk_shared,
    too_late="Now it can be closed or rejected.",
    redrawn=_with_score,
)


@writes
def acknowledge(ask: Ask, session: Session) -> Reply:
    """Recorded at once; then the form asks for what is missing."""
    ACTS.do_at_once(ask, session, "acknowledge", ask.value)
    risk: RiskCard = ACTS.seen(ask, session, ask.value)
    held = register_roles.roles(session, risks.KIND, risk, ask.standing(session), now=ask.now)
    if risk.statement or not held & OWNERS:  # who stands in for the owner answers what is asked, and no more
        return Reply()
    return ACTS.open_form(ask, session, "assess", ask.value)


@reads
def log_again(ask: Ask, session: Session) -> Reply:
    """Undone by mistake, or to be said better: the form opens with the same words."""
    risk: RiskCard = ACTS.seen(ask, session, ask.value)
    start = opening_at(ask, session, risk.place, title=TITLE)
    filled = _filled(risk, ask.today(ask.standing(session).person.tz))
    metadata = json.dumps({"channel": start.channel})
    return Reply(form=risk_form(places=start.choices, here=start.here, metadata=metadata, filled=filled))


def _filled(risk: RiskCard, today: date) -> Filled:
    """What it was; dates that have passed are left out."""

    def ahead(day: date | None) -> date | None:
        return day if day is not None and day >= today else None

    return Filled(
        risk.owner.slack_id or "",
        title=risk.title,
        statement=risk.statement or "",
        probability=risk.probability,
        impact=risk.impact,
        category=risk.category,
        next_review_on=ahead(risk.next_review_on),
        proximity_on=ahead(risk.proximity_on),
        kind=risk.kind,
    )


FEATURE = Feature(
    actions=ACTS.actions() | {"risk.acknowledge": acknowledge, "risk.again": log_again},
    forms=ACTS.forms(),
)
