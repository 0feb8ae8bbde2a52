"""A project's asks pause and go on, one request is waived, and a project is held, completed or ended."""

import json
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.date_words import UnknownDate, leading_date
from bot.errors import UserError
from bot.notices import rest as notices
from bot.services import people, places, rest
from bot.views.rest import pause_form, rest_receipt, state_form, waive_form
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.resume import same_view
from models.schemas.project import Place, PlaceKind, State
from models.schemas.rest import Rest, RestDraft, StateDraft, WaiveDraft

HINT = "Say the day from which it is asked again, as /pm pause until 3 May."


def pause_typed(ask: Ask, session: Session, place: Place) -> Reply:
    """`/pm pause until 3 May the vendor is away` in a project's channel; without all of it there is a form."""
    by = ask.acting(session)
    rest.require(session, place, by, "project.pause")
    today = ask.today(by.person.tz)
    until, reason = _until(people.readable(session, ask.text), today)
    if until is None or until <= today or len(reason) < 5:
        metadata = json.dumps({"channel": ask.channel, "project": place.ref})
        return Reply(form=pause_form(place, until=until, reason=reason, metadata=metadata))
    done = rest.pause(session, place, by, until=until, reason=reason[:500], now=ask.now)
    return _answered(ask, session, done)


def resume_typed(ask: Ask, session: Session, place: Place) -> Reply:
    """A pause ends; what is on hold or ended has a form, which asks why."""
    by = ask.acting(session)
    if place.state is State.ACTIVE:
        return _answered(ask, session, rest.resume(session, place, by, now=ask.now))
    rest.require(session, place, by, "project.state" if place.state is State.ON_HOLD else "project.end")
    metadata = json.dumps({"channel": ask.channel, "project": place.ref})
    return Reply(form=state_form([], place, state=State.ACTIVE, metadata=metadata))


@writes
def press_resume(ask: Ask, session: Session) -> Reply:
    place = places.get(session, ask.value)
    done = rest.resume(session, place, ask.acting(session), now=ask.now)
    notices.tell_others(session, done, key=ask.key, now=ask.now)
    return Reply(private=rest_receipt(done, today=ask.today(done.by.tz)), replaces=True)


@writes
def save_pause(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    place = places.get(session, str(ask.metadata.get("project")))
    draft = read_form(ask, session, RestDraft, today=ask.today(by.person.tz), person=by.person).draft
    done = rest.pause(session, place, by, until=draft.until, reason=draft.reason, now=ask.now)
    return _told(ask, session, done)


@reads
def open_waive(ask: Ask, session: Session) -> Reply:
    choices, place = _choices(ask, session, "project.waive")
    metadata = json.dumps({"channel": ask.channel, "project": place.ref if place else None})
    return Reply(form=waive_form(choices, place, reason=people.readable(session, ask.text)[:500], metadata=metadata))


@writes
def save_waive(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    form = read_form(ask, session, WaiveDraft, today=ask.today(by.person.tz), person=by.person, given=_given(ask))
    done = rest.waive(session, form.places["project"], by, reason=form.draft.reason, now=ask.now)
    return _told(ask, session, done)


@reads
def open_state(ask: Ask, session: Session) -> Reply:
    choices, place = _choices(ask, session, "project.state")
    metadata = json.dumps({"channel": ask.channel, "project": place.ref if place else None})
    reason = people.readable(session, ask.text)[:500]
    return Reply(form=state_form(choices, place, state=None, reason=reason, metadata=metadata))


@reads
def choose_state(ask: Ask, session: Session) -> Reply:
    """A hold needs a day, and what stops a project a reason."""
    values = form_values(ask)
    ref = ask.metadata.get("project")
    place = places.by_ref(session, str(ref)) if ref else None
    if place is not None and not places.may_see(place, ask.standing(session).person.id, ask.metadata.get("channel")):
        return Reply()
    choices = [] if place else _choices(ask, session, "project.state")[0]
    state = State(values["state"]) if values.get("state") in set(State) else None
    view = state_form(
        choices,
        place,
        state=state,
        reason=str(values.get("reason", "")),
        review_on=_date(values.get("review_on")),
        metadata=ask.kept_metadata,
    )
    return Reply(changed_form=same_view(ask.view, view["blocks"]))


@writes
def save_state(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    given = _given(ask)
    form = read_form(
        ask,
        session,
        StateDraft,
        today=ask.today(by.person.tz),
        person=by.person,
        given=given,
        kept=given.get("project"),
    )
    done = rest.change_state(session, form.places["project"], form.draft, by, now=ask.now)
    return _told(ask, session, done)


def _given(ask: Ask) -> dict[str, str]:
    project = ask.metadata.get("project")
    return {"project": str(project)} if project else {}


def _choices(ask: Ask, session: Session, permission: str) -> tuple[list[Place], Place | None]:
    """The projects of which this person may do it: the channel's or the button's alone where that is one."""
    by = ask.standing(session)
    channel = ask.channel or ask.metadata.get("channel")
    here = places.get(session, ask.value) if ":" in ask.value else places.of_channel(session, channel)
    if here is not None and here.kind is PlaceKind.PROJECT:
        rest.require(session, here, by, permission)
        return [here], here
    around = places.may_choose(session, ask.person(session), channel)
    mine = [place for place in around if place.kind is PlaceKind.PROJECT and rest.may(place, by, permission)]
    if not mine:
        raise UserError("There is no project here of which you may do this. Its owner or program manager can.")
    return mine, mine[0] if len(mine) == 1 else None


def _answered(ask: Ask, session: Session, done: Rest) -> Reply:
    notices.tell_others(session, done, key=ask.key, now=ask.now)
    return Reply(private=rest_receipt(done, today=ask.today(done.by.tz)))


def _told(ask: Ask, session: Session, done: Rest) -> Reply:
    notices.tell(session, done, key=ask.key, pressed_in=ask.metadata.get("channel"), now=ask.now)
    return Reply()


def _until(typed: str, today: date) -> tuple[date | None, str]:
    """'until 3 May the vendor is away': the day, and the reason behind it."""
    words = typed.split()
    if not words or words[0].lower() != "until":
        return None, typed
    said = leading_date(words[1:], today)
    if said is None:
        raise UserError(HINT)
    if isinstance(said.said, UnknownDate):
        raise UserError(str(said.said))
    return said.said, " ".join(words[1 + said.count :])


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


FEATURE = Feature(
    commands=(
        Command(
            word="waive",
            group="Set up",
            examples=(("/pm waive the team is at the offsite", "nobody is asked for this status request"),),
            handler=open_waive,
            button="Waive a request",
        ),
        Command(
            word="state",
            group="Set up",
            examples=(("/pm state", "puts a project on hold, completes, cancels or reopens it"),),
            handler=open_state,
            button="Change state",
        ),
    ),
    actions={"rest.resume": press_resume, "rest.open_state": open_state, "state": choose_state},
    forms={"rest.pause": save_pause, "rest.waive": save_waive, "rest.state": save_state},
)
