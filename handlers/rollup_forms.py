"""The forms around a rollup: its hour, and `/pm override`, a health that is set by hand."""

import json

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.notices import rollup as notices
from bot.services import override, rollup_acts, rollup_hour, rollup_posting
from bot.views import rollup_forms as views
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.message import Message
from models.schemas.override import HourDraft, OverrideDraft
from models.schemas.project import Place


@reads
def open_hour(ask: Ask, session: Session) -> Reply:
    place = rollup_acts.program(session, row_id(ask.value), ask.standing(session))
    rollup_acts.require_act(place, ask.standing(session), "move")
    return Reply(form=views.hour_form(rollup_hour.of(session, place), place, metadata=_metadata(ask, place)))


@writes
def save_hour(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    place = rollup_acts.program(session, row_id(str(ask.metadata.get("program"))), by)
    rollup_acts.require_act(place, by, "move")
    form = read_form(ask, session, HourDraft, today=ask.today(place.tz), person=by.person)
    next_at = rollup_hour.save(session, place, form.draft, by=by.person, now=ask.now)
    said = views.hour_saved(place, next_at, ask.today(place.tz))
    notices.whisper(
        session, said, place=place, by=by.person, where=ask.metadata.get("channel"), key=ask.key, now=ask.now
    )
    return Reply()


def _tell(ask: Ask, session: Session, said: Message, place: Place) -> None:
    by, where = ask.acting(session).person, ask.metadata.get("channel")
    notices.whisper(session, said, place=place, by=by, where=where, key=ask.key, now=ask.now)


def _metadata(ask: Ask, place: Place) -> str:
    return json.dumps({"program": place.id, "channel": ask.channel})


@reads
def open_override(ask: Ask, session: Session) -> Reply:
    by = ask.standing(session)
    if ask.value:
        place = rollup_acts.program(session, row_id(ask.value), by)
    else:
        place = rollup_acts.program_of(session, ask.channel, by)
    override.require(place, by)
    card = override.card(session, place, by, now=ask.now)
    return Reply(form=views.override_form(card, today=ask.today(place.tz), metadata=_metadata(ask, place)))


@writes
def save_override(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    place = rollup_acts.program(session, row_id(str(ask.metadata.get("program"))), by)
    today = ask.today(place.tz)
    form = read_form(ask, session, OverrideDraft, today=today, person=by.person)
    card = override.save(session, place, form.draft, by, now=ask.now)
    rollup_posting.look_again(session, place.id, at=ask.now)
    said = views.override_saved(card, today)
    notices.whisper(
        session, said, place=place, by=by.person, where=ask.metadata.get("channel"), key=ask.key, now=ask.now
    )
    return Reply()


FEATURE = Feature(
    commands=(
        Command(
            word="override",
            group="Set up",
            examples=(("/pm override", "sets this program's health by hand, with a reason and an end"),),
            handler=open_override,
            button="Set health",
        ),
    ),
    actions={"rollup.hour": open_hour},
    forms={"rollup.save_hour": save_hour, "override.save": save_override},
)
