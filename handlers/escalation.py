"""What is pressed in an escalation's thread: it is taken, re-dated, called off; and who asks sees all that is open."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.notices import decision as decision_notices
from bot.notices import escalation as notices
from bot.notices import risk as risk_notices
from bot.services import escalation as escalations
from bot.services import escalation_acts, places, redating
from bot.services.escalation_acts import WHAT
from bot.views.escalation_form import cancel_form, note_form, redate_form
from bot.views.escalation_rows import escalation_rows
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.escalation import EscalationCard, NoteDraft, RedateDraft
from models.schemas.register import ReasonDraft

USUAL_TIME = timedelta(days=7)


@writes
def acknowledge(ask: Ask, session: Session) -> Reply:
    """Recorded at once; then a form takes a word about what happens next, if there is one."""
    by = ask.acting(session)
    before = escalation_acts.seen(session, row_id(ask.value), by, now=ask.now)
    card = escalation_acts.acknowledge(session, row_id(ask.value), by, now=ask.now)
    if card.version == before.version:
        return Reply()
    notices.tell_acknowledged(session, card, now=ask.now)
    return Reply(form=note_form(card, today=ask.today(card.zone), metadata=_metadata(ask, card)))


@writes
def save_note(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    draft = read_form(ask, session, NoteDraft, today=ask.today(by.person.tz), person=by.person).draft
    if draft.note:
        card = escalation_acts.add_note(session, _escalation(ask), draft.note, by, now=ask.now)
        notices.tell_acknowledged(session, card, now=ask.now)
    return Reply()


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the escalation, as 'cancel:12'."""
    action, _, escalation_id = ask.value.partition(":")
    if action != "cancel":
        raise NotFound(WHAT)
    return reads(lambda ask, session: _open_cancel(ask, session, escalation_id))(ask)


@writes
def save_cancel(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    draft = read_form(ask, session, ReasonDraft, today=ask.today(by.person.tz), person=by.person).draft
    card = escalation_acts.cancel(session, _escalation(ask), draft.reason, by, now=ask.now)
    notices.tell_cancelled(session, card, now=ask.now)
    return Reply()


@reads
def open_redate(ask: Ask, session: Session) -> Reply:
    card = _to_redate(ask, session, row_id(ask.value))
    today = ask.today(card.zone)
    form = redate_form(card, chosen=today + USUAL_TIME, today=today, metadata=_metadata(ask, card))
    return Reply(form=form)


@writes
def save_redate(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card = escalation_acts.seen(session, _escalation(ask), by, now=ask.now)
    escalation_acts.require_going_on(card, "redate")
    draft = read_form(ask, session, RedateDraft, today=ask.today(card.zone), person=by.person).draft
    moved = redating.redate(session, card, draft, by, now=ask.now)
    if moved is not None:
        TOLD[moved.kind](session, moved.after, before=moved.before, by=by.person, pressed_in=None, now=ask.now)
    return Reply()


def follow(ask: Ask) -> Reply:
    """The button is a link to the thread: Slack opens it, and tells us that it was pressed."""
    return Reply()


@writes
def open_thread(ask: Ask, session: Session) -> Reply:
    """What stands on a list gets a thread of its own; pressed again nothing changes."""
    card = escalation_acts.seen(session, row_id(ask.value), ask.acting(session), now=ask.now)
    notices.open_thread(session, card, now=ask.now)
    return Reply()


@reads
def show_list(ask: Ask, session: Session) -> Reply:
    """Of this channel's program; elsewhere, or with 'all', of every program that the reader may see."""
    here = places.of_channel(session, ask.channel) if ask.text.strip().lower() != "all" else None
    programs = None if here is None or here.program_id is None else [here.program_id]
    by = ask.standing(session)
    cards = escalation_acts.visible(escalations.open_of(session, program_ids=programs, now=ask.now), by)
    where = here.program_name if here is not None else None
    return Reply(private=escalation_rows(cards, where=where, today=ask.today(by.person.tz)))


def _open_cancel(ask: Ask, session: Session, escalation_id: str) -> Reply:
    by = ask.standing(session)
    card = escalation_acts.check_cancel(session, row_id(escalation_id), by, now=ask.now)
    return Reply(form=cancel_form(card, today=ask.today(card.zone), metadata=_metadata(ask, card)))


def _to_redate(ask: Ask, session: Session, escalation_id: int | None) -> EscalationCard:
    by = ask.standing(session)
    card = escalation_acts.seen(session, escalation_id, by, now=ask.now)
    escalation_acts.require_going_on(card, "redate")
    redating.check(session, card, by, now=ask.now)
    return card


def _metadata(ask: Ask, card: EscalationCard) -> str:
    return json.dumps({"escalation": card.id, "channel": ask.channel})


def _escalation(ask: Ask) -> int | None:
    return row_id(str(ask.metadata.get("escalation")))


TOLD: Mapping[str, Callable[..., None]] = {
    "risk": risk_notices.tell_changed,
    "decision": decision_notices.tell_changed,
}

FEATURE = Feature(
    commands=(
        Command(
            word="escalations",
            group="See",
            examples=(("/pm escalations", "shows what nobody answered, and with whom it is; all for every program"),),
            handler=show_list,
            button="Show escalations",
        ),
    ),
    actions={
        "escalation.acknowledge": acknowledge,
        "escalation.redate": open_redate,
        "escalation.more": more,
        "escalation.open": open_thread,
        "escalation.show": follow,
    },
    forms={
        "escalation.note": save_note,
        "escalation.cancel": save_cancel,
        "escalation.redate": save_redate,
    },
)
