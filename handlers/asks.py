"""What people press in their daily message besides the answers: why, snooze, hand over, decline, show."""

import json
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, UserError
from bot.notices import ask_acts as notices
from bot.notices import asks
from bot.services import asking, calendars, leave, people
from bot.views.ask_back import answers_of_day, answers_shown
from bot.views.ask_forms import decline_form, hand_over_form, snooze_form, titled, why_me
from bot.views.text import name
from handlers.feature import Ask, Feature, Reply, reads, writes
from handlers.forms import read_form
from handlers.record import show_record
from models.schemas.ask_acts import AskCard, DeclineDraft, HandOverDraft, SnoozeDraft
from models.schemas.home import AskKind


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the ask, as 'snooze:12'."""
    action, _, ask_id = ask.value.partition(":")
    if action not in OPENS:
        raise NotFound("this ask")
    return reads(lambda ask, session: OPENS[action](ask, session, ask_id))(ask)


def _opening(action: str) -> Callable[[Ask], Reply]:
    """A button of its own; its value is the ask."""
    return lambda ask: reads(lambda ask, session: OPENS[action](ask, session, ask.value))(ask)


def _why(ask: Ask, session: Session, ask_id: str) -> Reply:
    card = _seen(ask, session, ask_id)
    return Reply(form=why_me(card, metadata=_metadata(ask, card)))


def _snooze(ask: Ask, session: Session, ask_id: str) -> Reply:
    card = _seen(ask, session, ask_id)
    if not card.dates:
        raise UserError(f"{card.ref} cannot be put off any longer. Answer it, or hand it over.")
    return Reply(form=snooze_form(card, metadata=_metadata(ask, card)))


def _hand_over(ask: Ask, session: Session, ask_id: str) -> Reply:
    card = _seen(ask, session, ask_id)
    return Reply(form=hand_over_form(card, metadata=_metadata(ask, card)))


def _decline(ask: Ask, session: Session, ask_id: str) -> Reply:
    card = _seen(ask, session, ask_id)
    if card.is_own:
        raise UserError(f"{card.ref} is yours. Hand it over instead.")
    return Reply(form=decline_form(titled(card), metadata=_metadata(ask, card)))


def _show(ask: Ask, session: Session, ask_id: str) -> Reply:
    card = _seen(ask, session, ask_id)
    return show_record(ask, session, card.row.kind, card.what.id)


@reads
def decline_all(ask: Ask, session: Session) -> Reply:
    """All that comes in the place of one person, who is named by their id."""
    absent = people.cards(session, [row_id(ask.value)]).get(row_id(ask.value) or 0)
    if absent is None:
        raise NotFound("this person")
    what = f"*Decline to stand in for {name(absent)}*\nAll that you are asked in their place goes on."
    return Reply(form=decline_form(what, metadata=json.dumps({"absent": absent.id, "channel": ask.channel})))


@reads
def show_answers(ask: Ask, session: Session) -> Reply:
    """What was answered for them during one of their own absences."""
    person = ask.standing(session).person
    reach = calendars.reach_of(session, person, now=ask.now)
    found = leave.answers(session, row_id(ask.value), person.id, reach)
    if found is None:
        raise NotFound("these answers")
    return Reply(private=answers_shown(found, today=reach.today(ask.now)))


@reads
def edit_answers(ask: Ask, session: Session) -> Reply:
    """What they answered on that day, with the way to each record's own edit."""
    person = ask.standing(session).person
    try:
        on = date.fromisoformat(ask.value)
    except ValueError:
        raise NotFound("these answers") from None
    done = asking.answers_of_day(session, person, on)
    if not done:
        raise UserError("Nothing of that day was answered in your message.")
    return Reply(private=answers_of_day(done, today=on))


@reads
def show_answered(ask: Ask, session: Session) -> Reply:
    """The record of an answer, as 'review_risk:12'. Whether they may see it is asked there."""
    kind, _, record_id = ask.value.partition(":")
    if kind not in set(AskKind):
        raise NotFound("this record")
    return show_record(ask, session, AskKind(kind), row_id(record_id) or 0)


@writes
def save_snooze(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card = _held(ask, session)
    form = read_form(ask, session, SnoozeDraft, today=card.today, person=by.person)
    asking.snooze(session, card, form.draft)
    notices.tell_put_off(session, card, now=ask.now)
    return Reply()


@writes
def save_hand_over(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card = _held(ask, session)
    form = read_form(ask, session, HandOverDraft, today=card.today, person=by.person)
    asking.hand_over(session, card, form.draft, form.people[form.draft.to], now=ask.now)
    notices.tell_offered(session, _seen(ask, session, str(card.row.id)), by=by.person, now=ask.now)
    return Reply()


@writes
def save_decline(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    form = read_form(ask, session, DeclineDraft, today=ask.today(by.person.tz), person=by.person)
    if (absent := ask.metadata.get("absent")) is not None:
        rows = asking.decline_all(session, row_id(str(absent)), form.draft.reason, by, now=ask.now)
    else:
        card = _held(ask, session)
        rows = asking.decline(session, card, form.draft.reason, by, now=ask.now)
    asks.redraw(session, {(row.asked_id, row.asked_on) for row in rows}, now=ask.now)
    return Reply()


@writes
def take_over(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card = asking.offered(session, row_id(ask.value), by, now=ask.now)
    asking.take_over(session, card, by, now=ask.now)
    notices.tell_taken(session, card, by=by.person, giver=card.asked, now=ask.now)
    return Reply()


@writes
def pass_on(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card = asking.offered(session, row_id(ask.value), by, now=ask.now)
    asking.pass_on(session, card)
    notices.tell_passed(session, card, by=by.person, giver=card.asked, now=ask.now)
    return Reply()


def _seen(ask: Ask, session: Session, ask_id: str) -> AskCard:
    return asking.see(session, row_id(ask_id), ask.standing(session), now=ask.now)


def _held(ask: Ask, session: Session) -> AskCard:
    """That a form is about; nobody else changes it meanwhile."""
    ask_id = row_id(str(ask.metadata.get("ask")))
    return asking.see(session, ask_id, ask.standing(session), now=ask.now, lock=True)


def _metadata(ask: Ask, card: AskCard) -> str:
    return json.dumps({"ask": card.row.id, "channel": ask.channel or ask.metadata.get("channel")})


OPENS: Mapping[str, Callable[[Ask, Session, str], Reply]] = {
    "why": _why,
    "snooze": _snooze,
    "hand_over": _hand_over,
    "decline": _decline,
    "show": _show,
}

FEATURE = Feature(
    actions={
        "ask.more": more,
        "ask.why": _opening("why"),
        "ask.snooze": _opening("snooze"),
        "ask.hand_over": _opening("hand_over"),
        "ask.take_over": take_over,
        "ask.pass": pass_on,
        "delegate.decline": decline_all,
        "delegate.show": show_answers,
        "ask.edit_answers": edit_answers,
        "ask.show": show_answered,
    },
    forms={"ask.snooze": save_snooze, "ask.hand_over": save_hand_over, "ask.decline": save_decline},
)
