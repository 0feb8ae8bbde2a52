"""A channel's check-in from Slack: set up, shown, changed, paused, ended."""

import json
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.checkin import Timing, first_round
from bot.domain.reference import row_id
from bot.domain.slack_text import storable
from bot.errors import NotFound, Refused, UserError
from bot.notices import checkin as notices
from bot.services import checkin as checkins
from bot.services import checkin_past, checkin_people, people, places
from bot.views.checkin_form import PREVIEW, Filled, Preview, checkin_form, with_preview
from bot.views.checkin_team import checkin_shown
from bot.views.text import title
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.meanwhile import merged, remembering
from handlers.resume import same_view
from models.schemas.checkin import CheckinState
from models.schemas.checkin_setup import (
    EVERYONE_OPTION,
    OWN_TIME,
    WEEKDAYS,
    CheckinCard,
    CheckinDraft,
    CheckinReceipt,
    is_zone,
)
from models.schemas.message import View
from models.schemas.people import PersonCard

KEPT_TO_ITSELF = ("directmessage", "privategroup", "mpdm")
"""How what Slack sends for the name of a private conversation begins."""


@reads
def open_here(ask: Ask, session: Session) -> Reply:
    """The one that goes on in this channel, else the form for a new one."""
    channel = _channel(ask)
    person = _member(ask, session)
    card = checkins.of_channel(session, channel)
    if card is not None:
        return _shown(ask, session, card, person)
    metadata = json.dumps({"channel": channel, "name": _name(ask, session, channel)})
    filled = Filled(people=_likely_people(ask, session, channel))
    view = _form(ask, session, filled, channel, metadata, person)
    return Reply(form=view)


@reads
def preview(ask: Ask, session: Session) -> Reply:
    """Somebody chose: the line at the end says what comes of it."""
    channel = str(ask.metadata.get("channel"))
    line = _preview(ask, session, form_values(ask), channel, ask.standing(session).person)
    return Reply(changed_form=same_view(ask.view, with_preview(ask.blocks, line)))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.member(session)
    channel, checkin_id = str(ask.metadata.get("channel")), row_id(str(ask.metadata.get("checkin")))
    card = _held(session, checkin_id, channel) if "checkin" in ask.metadata else None
    if card is not None and (again := merged(ask, _edit_form(ask, session, card, by), what=_called(card))) is not None:
        return again
    form = read_form(ask, session, CheckinDraft, today=ask.today(by.tz), person=by)
    if card is None:
        name = str(ask.metadata.get("name") or "this channel")
        saved = checkins.set_up(session, form.draft, channel=channel, name=name, who=form.people, by=by, now=ask.now)
    else:
        saved = checkins.change(session, card, form.draft, who=form.people, by=by, now=ask.now)
    receipt = CheckinReceipt(checkin=saved, edited=card is not None, at=ask.now)
    notices.tell_set_up(session, receipt, by=by, key=ask.key, now=ask.now)
    return Reply()


@reads
def show(ask: Ask, session: Session) -> Reply:
    person = _member(ask, session)
    return _shown(ask, session, _here(ask, session), person)


@reads
def edit(ask: Ask, session: Session) -> Reply:
    person = _member(ask, session)
    card = _here(ask, session)
    if card.state is CheckinState.ENDED:
        raise UserError(f"{_called(card)} has ended. Type /checkin to set up another.")
    return Reply(form=_edit_form(ask, session, card, person))


def _turning(state: CheckinState) -> Handler:
    @writes
    def step(ask: Ask, session: Session) -> Reply:
        """What the button stood in is replaced; pressed twice it says the same."""
        by = ask.member(session)
        card = checkins.hold(session, _here(ask, session).id)
        if card.state is CheckinState.ENDED and state is not CheckinState.ENDED:
            raise UserError(f"{_called(card)} has ended. Type /checkin to set up another.")
        after = checkins.set_state(session, card, state, by=by, now=ask.now)
        if after.state is CheckinState.ENDED and card.state is not CheckinState.ENDED:
            notices.tell_ended(session, after, now=ask.now)
        return _shown(ask, session, after, by, replaces=True)

    return step


def _shown(ask: Ask, session: Session, card: CheckinCard, person: PersonCard, *, replaces: bool = False) -> Reply:
    shown = checkin_past.shown(session, card, today=ask.today(person.tz))
    return Reply(private=checkin_shown(shown), replaces=replaces)


def _member(ask: Ask, session: Session) -> PersonCard:
    """Members of the channel alone; in a reading unit too, where nobody is made known."""
    person = ask.standing(session).person
    if ask.is_stranger or person.is_guest or person.is_bot:
        raise Refused("Guests answer check-ins, and set none up", "Ask a member of this channel to type /checkin here.")
    return person


def _here(ask: Ask, session: Session) -> CheckinCard:
    """Seen in its own channel alone."""
    card = checkins.find(session, row_id(ask.value))
    if card is None or card.channel is None or card.channel != ask.channel:
        raise NotFound("this check-in here")
    return card


def _held(session: Session, checkin_id: int | None, channel: str) -> CheckinCard:
    card = checkins.find(session, checkin_id)
    if card is None or card.channel != channel:
        raise NotFound("this check-in")
    card = checkins.hold(session, card.id)
    if card.state is CheckinState.ENDED:
        raise UserError(f"{_called(card)} was ended meanwhile. Close this form and type /checkin to set up another.")
    return card


def _called(card: CheckinCard) -> str:
    return f"The check-in of {title(card.team)}"


def _channel(ask: Ask) -> str:
    name = str(ask.payload.get("channel_name") or "")
    if ask.channel is None or ask.channel.startswith("D") or name == "directmessage":
        raise UserError("A check-in belongs to a channel. Type /checkin in the channel of your team.")
    return ask.channel


def _name(ask: Ask, session: Session, channel: str) -> str:
    place = places.of_channel(session, channel)
    name = storable(str(ask.payload.get("channel_name") or ""))
    if place is not None or not name or name.startswith(KEPT_TO_ITSELF):
        return place.name if place else "this channel"
    return f"#{name}"


def _likely_people(ask: Ask, session: Session, channel: str) -> list[str]:
    """Who sets it up, and who answers for the project: the others are for them to choose."""
    place = places.of_channel(session, channel)
    known = people.cards(session, place.people if place else ())
    likely = [place.owner.id, place.backup_id] if place and place.kind == "project" else []
    named = [known[person].slack_id for person in likely if person in known]
    return list(dict.fromkeys([ask.user, *(slack_id for slack_id in named if slack_id)]))


def _edit_form(ask: Ask, session: Session, card: CheckinCard, person: PersonCard) -> View:
    metadata = json.dumps({"channel": card.channel, "checkin": card.id})
    view = _form(ask, session, Filled.of(card), str(card.channel), metadata, person, is_new=False)
    return remembering(view)


def _form(
    ask: Ask,
    session: Session,
    filled: Filled,
    channel: str,
    metadata: str,
    person: PersonCard,
    *,
    is_new: bool = True,
) -> View:
    values = {
        "people": filled.people,
        "days": [WEEKDAYS[day - 1] for day in filled.days],
        "at": f"{filled.at:%H:%M}",
        "zone": filled.zone,
        "options": filled.options,
    }
    line = _preview(ask, session, values, channel, person)
    zones = dict.fromkeys([person.tz, *checkin_people.known_zones(session)])
    return checkin_form(filled, zones=zones, preview=line, metadata=metadata, is_new=is_new)


def _preview(ask: Ask, session: Session, values: Mapping[str, Any], channel: str, person: PersonCard) -> Preview | None:
    """None while something that it follows from is missing."""
    days = [WEEKDAYS.index(day) + 1 for day in values.get("days") or () if day in WEEKDAYS]
    chosen: Sequence[str] = values.get("people") or ()
    everyone = EVERYONE_OPTION in (values.get("options") or ())
    if not days or not values.get("at") or not (chosen or everyone):
        return None
    zone = values.get("zone")
    common = zone if zone and zone != OWN_TIME else None
    try:
        at = time.fromisoformat(values["at"])
    except ValueError:
        return None
    if common is not None and not is_zone(common):
        return None
    known = checkin_people.known_as(session, chosen)
    zones = [each.tz for each in known] or [person.tz]
    first = first_round(Timing(frozenset(days), at, common, timedelta()), zones, ask.now)
    number = None if everyone else len(chosen)
    return Preview(channel, first, ask.today(person.tz), at, common, number, a_week=len(set(days)))


FEATURE = Feature(
    commands=(
        Command(
            word="checkin",
            alias="/checkin",
            group="Set up",
            examples=(("/checkin", "sets up this channel's check-in, or shows it"),),
            handler=open_here,
            button="Set up check-in",
        ),
    ),
    actions={
        PREVIEW: preview,
        "checkin.show": show,
        "checkin.edit": edit,
        "checkin.pause": _turning(CheckinState.PAUSED),
        "checkin.resume": _turning(CheckinState.ACTIVE),
        "checkin.end": _turning(CheckinState.ENDED),
    },
    forms={"checkin.set_up": save},
)
