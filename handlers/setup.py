import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.slack_text import storable
from bot.errors import Refused, UserError
from bot.notices import setup as notices
from bot.services import channels, people, places, setup
from bot.views.moving import NEW, move_here, moved_here
from bot.views.setup import setup_form
from bot.views.text import title
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.meanwhile import merged, remembering
from models.schemas.message import View
from models.schemas.project import Place, PlaceKind, SetupDraft

NAMELESS = {"directmessage", "privategroup", "mpdm"}
"""What Slack sends for the name of a conversation that it keeps to itself."""
OF_SEVERAL = "mpdm-"
"""How the name of a direct message of several begins; those of its people follow."""


@dataclass(frozen=True)
class Channel:
    id: str
    name: str | None
    is_private: bool


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    channel = _channel(ask)
    _require_no_guest(ask, session)
    place = places.of_channel(session, channel.id)
    metadata = json.dumps({"channel": channel.id, "name": channel.name, "private": channel.is_private})
    if place is None and ask.name != NEW and (stopped := channels.homeless(session, ask.standing(session))):
        return Reply(private=move_here(stopped))
    if place is None:
        suggested = people.readable(session, ask.text) or _from_channel_name(channel.name)
        view = setup_form(
            PlaceKind.PROJECT,
            programs=_programs(session),
            metadata=metadata,
            owner=ask.user,
            suggested_name=suggested,
        )
        return Reply(form=view)
    setup.require_may_change(place, ask.standing(session))
    return Reply(form=_edit_form(session, place))


@reads
def choose_kind(ask: Ask, session: Session) -> Reply:
    """A project has a date and a backup, a program a sponsor; what was typed stays."""
    is_program = form_values(ask).get("kind") == PlaceKind.PROGRAM
    kind = PlaceKind.PROGRAM if is_program else PlaceKind.PROJECT
    view = setup_form(kind, programs=_programs(session), metadata=ask.kept_metadata, owner=ask.user)
    return Reply(changed_form=view)


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.member(session)
    metadata = ask.metadata
    place = places.by_ref(session, str(metadata.get("place")))
    if place is not None:
        place = setup.hold(session, place)
        setup.require_may_change(place, ask.standing(session, by))
        if (again := merged(ask, _edit_form(session, place), what=title(place.name))) is not None:
            return again
    if place is None and not metadata.get("channel"):
        raise UserError("This form does not say for which channel it is. Type /pm setup there once more")
    given = {"kind": place.kind.value} if place else {}
    today = ask.today(by.tz)
    if place is not None and place.target_on is not None:
        today = min(today, place.target_on)  # a late project keeps its date until somebody moves it
    kept = f"program:{place.program_id}" if place and place.program_id else None
    form = read_form(ask, session, SetupDraft, today=today, person=by, given=given, kept=kept)
    program = form.places.get("program")
    if program is not None and program.kind is not PlaceKind.PROGRAM:
        raise UserError("Choose a program.", field="program")
    if place is None:
        receipt = setup.set_up(
            session,
            form.draft,
            channel=str(metadata["channel"]),
            channel_name=metadata.get("name"),
            restricted=bool(metadata.get("private")),
            who=form.people,
            program=program,
            by=by,
            now=ask.now,
        )
    else:
        receipt = setup.change(session, form.draft, place=place, who=form.people, program=program, by=by, now=ask.now)
    notices.tell_set_up(session, receipt, by=by, key=ask.key, now=ask.now)
    return Reply()


def _require_no_guest(ask: Ask, session: Session) -> None:
    person = ask.person(session)
    if ask.is_stranger or (person is not None and person.is_guest):
        raise Refused("Guests cannot set up a channel", "Ask a member of this channel to do it.")


def _channel(ask: Ask) -> Channel:
    """From a command its own channel; from a button the channel that it stands in or names."""
    if ask.channel is None:
        raise UserError("Type /pm setup in the channel of a project or program.")
    name = storable(str(ask.payload.get("channel_name") or _name_of(ask.payload) or ""))
    if name == "directmessage" or ask.channel.startswith("D"):
        raise UserError("A direct message cannot be a project. Type /pm setup in the channel of a project or program.")
    is_private = name in NAMELESS or name.startswith(OF_SEVERAL) or ask.channel.startswith("G")
    return Channel(ask.channel, None if is_private else name, is_private)


def _name_of(payload: Mapping[str, Any]) -> str | None:
    return (payload.get("channel") or {}).get("name")


def _from_channel_name(name: str | None) -> str:
    return (name or "").replace("-", " ").replace("_", " ").capitalize()


def _programs(session: Session) -> list[Place]:
    return places.programs(session)


def _edit_form(session: Session, place: Place) -> View:
    programs = _programs(session)
    if place.kind is PlaceKind.PROJECT and place.program_id is not None:
        present = places.by_ref(session, f"program:{place.program_id}")
        programs += [present] if present is not None and present not in programs else []
    view = setup_form(
        place.kind,
        programs=programs,
        metadata=json.dumps({"channel": place.channel, "place": place.ref}),
        owner=place.owner.slack_id or "",
        place=place,
        people=setup.other_people(session, place),
    )
    return remembering(view)


@reads
def open_edit(ask: Ask, session: Session) -> Reply:
    _require_no_guest(ask, session)
    place = places.get(session, ask.value)
    setup.require_may_change(place, ask.standing(session))
    return Reply(form=_edit_form(session, place))


@writes
def move(ask: Ask, session: Session) -> Reply:
    """The place whose channel is gone speaks here from now on."""
    here, by = _channel(ask), ask.acting(session)
    _require_no_guest(ask, session)
    place, lifted = channels.move(
        session,
        places.get(session, ask.value),
        channel=here.id,
        name=here.name,
        is_private=here.is_private,
        by=by,
        now=ask.now,
    )
    notices.tell_moved(session, place, lifted, by=by.person, now=ask.now)
    return Reply(private=moved_here(place, lifted), replaces=True)


@writes
def joined(ask: Ask, session: Session) -> Reply:
    """The bot was invited somewhere: what waited for that is said, a new channel gets one line."""
    if ask.user == ask.workspace.bot_user_id and ask.channel:
        inviter = ask.payload["event"].get("inviter")
        place = places.of_channel(session, ask.channel)
        notices.tell_joined(session, ask.channel, place=place, inviter=inviter, now=ask.now)
    return Reply()


FEATURE = Feature(
    commands=(
        Command(
            word="setup",
            group="Set up",
            examples=(("/pm setup", "makes this channel a project or a program, or changes it"),),
            handler=open_form,
            button="Set up",
        ),
    ),
    actions={"setup.open": open_form, NEW: open_form, "setup.move": move, "setup.edit": open_edit, "kind": choose_kind},
    forms={"setup.save": save},
    events={"member_joined_channel": joined},
)
