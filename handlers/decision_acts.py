"""What is done to a decision from Slack: a button or the dots on its card open a form, or act at once."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, Refused, UserError
from bot.notices import decision as notices
from bot.services import decision as decisions
from bot.services import decision_acts, history, register
from bot.services.decision import KIND
from bot.services.decision_inputs import read_details, read_scores, require_same, require_scorable, shape_of
from bot.views.decision_acts import HEADINGS, decision_act_form, score_form, score_pages
from bot.views.decision_form import decide_form, decision_form, like
from bot.views.decision_receipt import decision_options, decision_undone, frozen_text
from bot.views.history import history_message
from handlers.capture import opening
from handlers.feature import Ask, Feature, Handler, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.meanwhile import merged, remembering
from models.schemas.decision import DecisionCard, EditDraft
from models.schemas.decision_acts import CriteriaDraft, DecideDraft, DeferDraft, GradeDraft, ReasonDraft
from models.schemas.message import View
from models.schemas.people import PersonCard
from models.schemas.register import UNDONE

DRAFTS: Mapping[str, type[BaseModel]] = {
    "decide": DecideDraft,
    "edit": EditDraft,
    "criteria": CriteriaDraft,
    "reject": ReasonDraft,
    "defer": DeferDraft,
    "withdraw": ReasonDraft,
    "deprecate": ReasonDraft,
    "grade": GradeDraft,
}
AT_ONCE = ("propose", "review", "resume", "supersede")
"""What needs no words. Nobody supersedes by hand: who tries is told the way, by the checks of every act."""
USUAL_TIME = timedelta(days=7)
TOO_LATE = (
    "{ref} can be undone for 30 minutes, until somebody else acts on it. Now it can be withdrawn. Nothing was changed."
)


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the decision, as 'defer:12'."""
    action, _, decision_id = ask.value.partition(":")
    return begin(ask, action, decision_id)


def button(action: str) -> Handler:
    return lambda ask: begin(ask, action, ask.value)


def begin(ask: Ask, action: str, decision_id: str) -> Reply:
    if action in AT_ONCE:
        return writes(lambda ask, session: _at_once(ask, session, action, decision_id))(ask)
    if action == "undo":
        return writes(lambda ask, session: _undo(ask, session, decision_id))(ask)
    opens = OPENS.get(action)
    if opens is None and action not in HEADINGS:
        raise NotFound("this decision")
    opens = opens or (lambda ask, session, decision_id: _open(ask, session, action, decision_id))
    return reads(lambda ask, session: opens(ask, session, decision_id))(ask)


def _at_once(ask: Ask, session: Session, action: str, decision_id: str) -> Reply:
    by = ask.acting(session)
    before = decisions.find_by_id(session, row_id(decision_id))
    after = decision_acts.act(session, row_id(decision_id), action, None, by, now=ask.now)
    assert before is not None
    notices.tell_changed(session, after, before=before, by=by.person, pressed_in=ask.channel, now=ask.now)
    return Reply()


def _undo(ask: Ask, session: Session, decision_id: str) -> Reply:
    """The receipt is replaced by the word that it is undone; pressed again it says the same."""
    by = ask.acting(session)
    before = _seen(ask, session, decision_id)
    is_mine = before.author is not None and before.author.id == by.person.id
    if is_mine and before.status_reason == UNDONE:
        return Reply(private=decision_undone(before), replaces=True)
    try:
        after = decision_acts.act(session, before.id, "undo", None, by, now=ask.now)
    except Refused as refused:
        if not is_mine:
            raise
        raise UserError(TOO_LATE.format(ref=before.ref), attempt=refused.attempt) from None
    notices.tell_undone(session, after, by=by.person, now=ask.now)
    return Reply(private=decision_undone(after), replaces=True)


def _open(ask: Ask, session: Session, action: str, decision_id: str) -> Reply:
    decision = decision_acts.check(session, row_id(decision_id), action, ask.standing(session), now=ask.now)
    if action == "score":
        require_scorable(decision)
        return Reply(form=_form(ask, action, decision))
    if action == "details" and not decision.options:
        raise UserError(f"{decision.ref} has no options yet. Press Edit on its card to name them, one a line.")
    return Reply(form=_form(ask, action, decision))


def _open_decide(ask: Ask, session: Session, decision_id: str) -> Reply:
    standing = ask.standing(session)
    decision = decision_acts.check(session, row_id(decision_id), "decide", standing, now=ask.now)
    return Reply(form=_form(ask, "decide", decision))


def _open_replace(ask: Ask, session: Session, decision_id: str) -> Reply:
    """The form of a new decision, with the people and the door of the old one."""
    standing = ask.standing(session)
    old = decision_acts.check(session, row_id(decision_id), "replace", standing, now=ask.now)
    start = like(old, due_on=_today(ask, old) + USUAL_TIME)
    choices = [old.place] if old.place else opening(ask, session, title=150, rest=1000, words=old.title).choices
    metadata = json.dumps({"channel": ask.channel, "supersedes": old.id})
    here = old.place.ref if old.place else None
    return Reply(form=decision_form(places=choices, here=here, start=start, metadata=metadata, old=old))


def _log_again(ask: Ask, session: Session, decision_id: str) -> Reply:
    """Undone by mistake, or to be said better: the form opens with the same words."""
    decision = _seen(ask, session, decision_id)
    start = opening(ask, session, title=150, rest=1000, words=decision.title)
    place = decision.place.ref if decision.place else None
    here = next((choice.ref for choice in start.choices if choice.ref == place), start.here)
    today = _today(ask, decision)
    due_on = decision.due_on if decision.due_on and decision.due_on >= today else today + USUAL_TIME
    metadata = json.dumps({"channel": start.channel})
    filled = like(decision, due_on=due_on)
    return Reply(form=decision_form(places=start.choices, here=here, start=filled, metadata=metadata))


def _show_options(ask: Ask, session: Session, decision_id: str) -> Reply:
    decision = _seen(ask, session, decision_id)
    return Reply(private=decision_options(decision, today=_today(ask, decision)))


def _show_history(ask: Ask, session: Session, decision_id: str) -> Reply:
    """What was decided, and why, stands below: it is kept when the decision no longer applies."""
    decision = _seen(ask, session, decision_id)
    zone, today = ask.standing(session).person.tz, _today(ask, decision)
    told = history.events(session, KIND, decision.id)
    names = history.names(session, told)
    said = history_message(
        KIND, decision.ref, decision.title, told, today=today, zone=zone, people=names, url=decision.link
    )
    return Reply(private=said.model_copy(update={"blocks": [*said.blocks, *frozen_text(decision, today=today)]}))


OPENS: Mapping[str, Callable[[Ask, Session, str], Reply]] = {
    "decide": _open_decide,
    "replace": _open_replace,
    "again": _log_again,
    "compare": _show_options,
    "history": _show_history,
}
"""What opens something else than a form of `HEADINGS`."""


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    action, decision_id = str(ask.metadata.get("action")), row_id(str(ask.metadata.get("decision")))
    register.hold(session, KIND, decision_id)
    before = decision_acts.check(session, decision_id, action, by, now=ask.now)
    if action in ("score", "details"):
        require_same(before, ask.metadata.get("shape"))
    fresh = _form(ask, action, before, page=_page(ask))
    if (again := merged(ask, fresh, what=before.ref)) is not None:
        return again
    draft, people = _read(ask, session, action, before, by.person)
    after = decision_acts.act(session, before.id, action, draft, by, now=ask.now, people=people)
    if before.version != after.version:
        pressed_in = ask.metadata.get("channel")
        notices.tell_changed(session, after, before=before, by=by.person, pressed_in=pressed_in, now=ask.now)
    return _next_page(ask, after) if action == "score" else Reply()


def _read(
    ask: Ask, session: Session, action: str, decision: DecisionCard, person: PersonCard
) -> tuple[BaseModel, Mapping[str, PersonCard]]:
    """What was filled in, and the people whom it names by their Slack ids."""
    if action == "score":
        return read_scores(decision, form_values(ask)), {}
    if action == "details":
        return read_details(decision, form_values(ask)), {}
    form = read_form(ask, session, DRAFTS[action], today=ask.today(person.tz), person=person)
    return form.draft, form.people


def _next_page(ask: Ask, decision: DecisionCard) -> Reply:
    page = _page(ask) + 1
    if page >= score_pages(decision):
        return Reply()
    return Reply(answer={"response_action": "update", "view": _form(ask, "score", decision, page=page)})


def _form(ask: Ask, action: str, decision: DecisionCard, *, page: int = 0) -> View:
    """The form of an act, filled with what is recorded."""
    metadata = _metadata(ask, action, decision, page=page)
    if action == "score":
        return remembering(score_form(decision, page=page, metadata=metadata))
    if action == "decide":
        return remembering(decide_form(decision, today=_today(ask, decision), metadata=metadata))
    return remembering(decision_act_form(action, decision, metadata=metadata))


def _page(ask: Ask) -> int:
    return int(ask.metadata.get("page") or 0)


def _metadata(ask: Ask, action: str, decision: DecisionCard, *, page: int = 0) -> str:
    place = decision.place.ref if decision.place else None
    channel = ask.channel or ask.metadata.get("channel")
    kept = {"decision": decision.id, "action": action, "channel": channel, "place": place}
    return json.dumps(kept | {"shape": shape_of(decision), "page": page})


def _seen(ask: Ask, session: Session, decision_id: str) -> DecisionCard:
    """The decision, where it exists for this person."""
    found = decisions.find_by_id(session, row_id(decision_id))
    return register.seen(session, KIND, found, ask.standing(session), now=ask.now)[0]


def _today(ask: Ask, decision: DecisionCard) -> date:
    """Dates of a decision are those of its project."""
    return ask.today(decision.zone)


FEATURE = Feature(
    actions={
        "decision.more": more,
        **{
            f"decision.{action}": button(action)
            for action in (*OPENS, *DRAFTS, "propose", "resume", "score", "details", "undo")
        },
    },
    forms={"decision.act": save, "decision.decide": save},
)
