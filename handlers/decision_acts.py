"""What is done to a decision from Slack: `handlers.acts`, and what only decisions have."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import UserError
from bot.notices import decision as notices
from bot.services import decision as decisions
from bot.services import decision_acts
from bot.services.decision_inputs import read_details, read_scores, require_same, require_scorable, shape_of
from bot.views.decision_acts import decision_act_form, score_form, score_pages
from bot.views.decision_form import decide_form, decision_form, like
from bot.views.decision_receipt import decision_options, frozen_text
from handlers.acts import Acts, opening_at
from handlers.capture import opening
from handlers.feature import Ask, Feature, Reply
from handlers.forms import form_values, read_form
from handlers.meanwhile import remembering
from models.schemas.decision import DecisionCard, EditDraft
from models.schemas.decision_acts import (
    CriteriaDraft,
    DecideDraft,
    DeferDraft,
    DetailsDraft,
    GradeDraft,
    ScoreDraft,
)
from models.schemas.message import View
from models.schemas.people import PersonCard
from models.schemas.register import ReasonDraft

TITLE, REST = 150, 1000
USUAL_TIME = timedelta(days=7)


class DecisionActs(Acts):
    """Several persons are named in a form, scores take several pages, and dates are those of the project."""

    def today(self, ask: Ask, card: DecisionCard, person: PersonCard) -> date:
        return ask.today(card.zone)

    def metadata(self, ask: Ask, action: str, card: DecisionCard) -> dict[str, Any]:
        return super().metadata(ask, action, card) | {"shape": shape_of(card), "page": 0}

    def require_current(self, ask: Ask, action: str, card: DecisionCard) -> None:
        if action in READS:
            require_same(card, ask.metadata.get("shape"))

    def read(
        self, ask: Ask, session: Session, action: str, card: DecisionCard, person: PersonCard
    ) -> tuple[BaseModel, dict[str, Any]]:
        if action in READS:
            return READS[action](card, form_values(ask)), {}
        form = read_form(ask, session, self.drafts[action], today=ask.today(person.tz), person=person)
        return form.draft, {"people": form.people}

    def then(self, ask: Ask, action: str, card: DecisionCard) -> Reply:
        page = int(ask.metadata.get("page") or 0) + 1
        if action != "score" or page >= score_pages(card):
            return Reply()
        metadata = json.dumps(self.metadata(ask, action, card) | {"page": page})
        following = remembering(score_form(card, page=page, metadata=metadata))
        return Reply(answer={"response_action": "update", "view": following})


READS: Mapping[str, Callable[..., BaseModel]] = {"score": read_scores, "details": read_details}
"""Forms whose fields are the decision's own options and criteria."""


def _form(action: str, decision: DecisionCard, *, today: date, metadata: str) -> View:
    if action == "decide":
        return decide_form(decision, today=today, metadata=metadata)
    if action == "score":
        require_scorable(decision)
        return score_form(decision, page=int(json.loads(metadata)["page"]), metadata=metadata)
    if action == "details" and not decision.options:
        raise UserError(f"{decision.ref} has no options yet. Press Edit on its card to name them, one a line.")
    return decision_act_form(action, decision, metadata=metadata)


def _open_replace(ask: Ask, session: Session, decision_id: str) -> Reply:
    """The form of a new decision, with the people and the door of the old one."""
    old = decision_acts.check(session, row_id(decision_id), "replace", ask.standing(session), now=ask.now)
    start = like(old, due_on=ask.today(old.zone) + USUAL_TIME)
    choices = [old.place] if old.place else opening(ask, session, title=TITLE, rest=REST, words=old.title).choices
    metadata = json.dumps({"channel": ask.channel, "supersedes": old.id})
    here = old.place.ref if old.place else None
    return Reply(form=decision_form(places=choices, here=here, start=start, metadata=metadata, old=old))


def _log_again(ask: Ask, session: Session, decision_id: str) -> Reply:
    """Undone by mistake, or to be said better: the form opens with the same words."""
    decision: DecisionCard = ACTS.seen(ask, session, decision_id)
    start = opening_at(ask, session, decision.place, title=TITLE)
    today = ask.today(decision.zone)
    due_on = decision.due_on if decision.due_on and decision.due_on >= today else today + USUAL_TIME
    metadata = json.dumps({"channel": start.channel})
    filled = like(decision, due_on=due_on)
    return Reply(form=decision_form(places=start.choices, here=start.here, start=filled, metadata=metadata))


def _show_options(ask: Ask, session: Session, decision_id: str) -> Reply:
    decision: DecisionCard = ACTS.seen(ask, session, decision_id)
    return Reply(private=decision_options(decision, today=ask.today(decision.zone)))


def _show_history(ask: Ask, session: Session, decision_id: str) -> Reply:
    """What was decided, and why, stands below: it is kept when the decision no longer applies."""
    decision: DecisionCard = ACTS.seen(ask, session, decision_id)
    said = ACTS.show_history(ask, session, decision_id).private
    assert said is not None
    blocks = [*said.blocks, *frozen_text(decision, today=ask.today(decision.zone))]
    return Reply(private=said.model_copy(update={"blocks": blocks}))


ACTS = DecisionActs(
    kind=decisions.KIND,
    find_by_id=decisions.find_by_id,
    check=decision_acts.check,
    act=decision_acts.act,
    at_once=("propose", "review", "resume", "supersede"),  # who tries to supersede by hand is told the way
    drafts={
        "decide": DecideDraft,
        "edit": EditDraft,
        "criteria": CriteriaDraft,
        "score": ScoreDraft,
        "details": DetailsDraft,
        "reject": ReasonDraft,
        "defer": DeferDraft,
        "withdraw": ReasonDraft,
        "deprecate": ReasonDraft,
        "grade": GradeDraft,
    },
    form=_form,
    tell_changed=notices.tell_changed,
    tell_undone=notices.tell_undone,
    too_late="Now it can be withdrawn.",
    opens={"replace": _open_replace, "again": _log_again, "compare": _show_options, "history": _show_history},
)

FEATURE = Feature(
    actions=ACTS.actions(),
    forms=ACTS.forms() | {"decision.decide": ACTS.forms()["decision.act"]},
)
