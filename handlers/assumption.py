"""Logging an assumption, and the risk that a refuted one leads to."""

import json
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.message_title import headed
from bot.notices import assumption as notices
from bot.services import assumption as assumptions
from bot.services import assumption_acts
from bot.views.assumption_form import assumption_act_form, assumption_form
from bot.views.assumption_receipt import assumption_shared
from bot.views.risk_form import Filled, risk_form
from handlers.acts import Acts, opening_at
from handlers.capture import Opening, opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.assumption import AssumptionCard, AssumptionDraft
from models.schemas.assumption_acts import AssumptionEditDraft
from models.schemas.register import ReasonDraft

TITLE = 150

ACTS = Acts(
    kind=assumptions.KIND,
    find_by_id=assumptions.find_by_id,
    check=assumption_acts.check,
    act=assumption_acts.act,
    at_once=("confirm",),
    drafts={"refute": ReasonDraft, "reopen": ReasonDraft, "edit": AssumptionEditDraft},
    form=assumption_act_form,
    tell_changed=notices.tell_changed,
    tell_undone=notices.tell_undone,
    shared=assumption_shared,
    too_late="Now it can be refuted.",
)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    start = opening(ask, session, title=TITLE, rest=TITLE)
    return Reply(form=_form(ask, start, start.title))


@reads
def log_again(ask: Ask, session: Session) -> Reply:
    """What was undone, once more in the form."""
    assumption: AssumptionCard = ACTS.seen(ask, session, ask.value)
    start = opening_at(ask, session, assumption.place, title=TITLE)
    owner, by = assumption.owner.slack_id, assumption.validate_by
    by = by if by and by >= ask.today(ask.standing(session).person.tz) else None
    return Reply(form=_form(ask, start, assumption.title, owner=owner, validate_by=by))


@reads
def risk_from(ask: Ask, session: Session) -> Reply:
    """What was taken for true is not so: the risk's form starts with what showed it, which may do harm now."""
    assumption: AssumptionCard = ACTS.seen(ask, session, ask.value)
    start = opening_at(ask, session, assumption.place, title=TITLE)
    why = f" {assumption.status_reason}" if assumption.status_reason else ""
    shown = headed(assumption.status_reason or assumption.title, most_title=TITLE, most_rest=TITLE)
    filled = Filled(
        title=shown.title,
        owner=assumption.owner.slack_id or ask.user,
        statement=f"{assumption.ref} is not so: {assumption.title}.{why}",
    )
    metadata = json.dumps({"channel": start.channel})
    view = risk_form(places=start.choices, here=start.here, metadata=metadata, filled=filled)
    return Reply(form=view)


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, AssumptionDraft, today=ask.today(author.tz), person=author)
    logged = assumptions.log_assumption(
        session,
        form.draft,
        place=form.places["project"],
        owner=form.people[form.draft.owner],
        author=author,
        now=ask.now,
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    return Reply()


def _form(
    ask: Ask, start: Opening, title: str, *, owner: str | None = None, validate_by: date | None = None
) -> dict[str, Any]:
    return assumption_form(
        places=start.choices,
        here=start.here,
        owner=owner or ask.user,
        metadata=json.dumps({"channel": start.channel}),
        initial_title=title,
        validate_by=validate_by,
    )


FEATURE = Feature(
    commands=(
        Command(
            word="assumption",
            group="Log",
            examples=(("/pm assumption The bank keeps its file format", "logs what is taken for true"),),
            handler=open_form,
            button="Log assumption",
        ),
    ),
    actions={
        "assumption.form": open_form,
        "assumption.again": log_again,
        "risk.from_assumption": risk_from,
        **ACTS.actions(),
    },
    forms={"assumption.log": save, **ACTS.forms()},
)
