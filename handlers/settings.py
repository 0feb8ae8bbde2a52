"""`/pm settings`: how a program is run, shown to one reader, and changed part by part."""

import json

from sqlalchemy.orm import Session

from bot.errors import Refused, UserError
from bot.notices.settings import tell_saved
from bot.services import places, programs, settings
from bot.views.settings import settings_form, settings_history, settings_message
from bot.views.text import title
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from handlers.meanwhile import merged, remembering
from models.schemas.message import View
from models.schemas.project import Place
from models.schemas.settings import Board, SectionKey
from models.schemas.settings_drafts import DRAFTS


@reads
def show(ask: Ask, session: Session) -> Reply:
    board = _board(ask, session, _program(ask, session))
    return Reply(private=settings_message(board, zone=ask.standing(session).person.tz))


@reads
def show_history(ask: Ask, session: Session) -> Reply:
    board = _board(ask, session, _program(ask, session))
    found = settings.versions(session, board.program)
    return Reply(private=settings_history(board, found, zone=ask.standing(session).person.tz))


@reads
def edit(ask: Ask, session: Session) -> Reply:
    """The button's value is a section and a program, as 'status:program:3'."""
    key, _, ref = ask.value.partition(":")
    program = places.get(session, ref)
    settings.require_may_edit(session, program, ask.standing(session))
    return Reply(form=_form(ask, session, program, _section(key), ask.channel))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    program = places.get(session, str(ask.metadata.get("program")))
    settings.require_may_edit(session, program, by)
    program = settings.hold(session, program)
    key, channel = _section(str(ask.metadata.get("section"))), ask.metadata.get("channel")
    fresh = _form(ask, session, program, key, channel)
    if (again := merged(ask, fresh, what=title(program.name))) is not None:
        return again
    form = read_form(ask, session, DRAFTS[key], today=ask.today(by.person.tz), person=by.person)
    saved = settings.save(session, program, key, form.draft, by, now=ask.now)
    tell_saved(session, saved, key=ask.key, pressed_in=channel, now=ask.now)
    return Reply()


def _form(ask: Ask, session: Session, program: Place, key: SectionKey, channel: str | None) -> View:
    metadata = json.dumps({"program": program.ref, "section": key.value, "channel": channel})
    return remembering(settings_form(_board(ask, session, program), key, metadata=metadata))


def _board(ask: Ask, session: Session, program: Place) -> Board:
    by = ask.standing(session)
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        raise Refused("Guests do not see how a program is run", "Ask a member of this channel.")
    return settings.board(session, program, by, now=ask.now)


def _section(key: str) -> SectionKey:
    if key not in set(SectionKey):
        raise UserError("This part of the settings is not known any more. Type /pm settings to see them.")
    return SectionKey(key)


def _program(ask: Ask, session: Session) -> Place:
    """What a button names, else the channel's, else the only one of the asker."""
    if ask.value:
        return places.get(session, ask.value)
    found = programs.here(session, ask.channel)
    if found is not None:
        return found
    mine = programs.led(session, ask.standing(session))
    if len(mine) != 1:
        raise UserError("Type /pm settings in the channel of the program that it is about, or of a project of it.")
    return mine[0]


FEATURE = Feature(
    commands=(
        Command(
            word="settings",
            group="Set up",
            examples=(("/pm settings", "how this program is run: rhythm of status, escalations, limits, calendar"),),
            handler=show,
            button="Show settings",
        ),
    ),
    actions={"settings.show": show, "settings.history": show_history, "settings.edit": edit},
    forms={"settings.save": save},
)
