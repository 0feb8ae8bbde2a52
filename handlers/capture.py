"""Opening a form to log something: the channel tells the project, and what was typed is kept."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.services import people, places
from handlers.feature import Ask, guests_log_nothing
from models.schemas.project import Place, PlaceKind


@dataclass(frozen=True)
class Opening:
    """What a form starts with."""

    choices: list[Place]
    here: str | None
    """Reference of the chosen place, None where the person has to choose."""
    channel: str | None
    title: str
    rest: str
    """All that was typed, when it is too long for a title."""


def opening(ask: Ask, session: Session, *, title: int, rest: int) -> Opening:
    """`title` and `rest` are the most characters of the form's two text fields."""
    person = ask.person(session)
    if ask.is_stranger or (person is not None and (person.is_guest or person.is_bot)):
        raise guests_log_nothing()
    named = places.by_ref(session, ask.value) if ask.value else None
    if named is not None and not places.may_see(named, person.id if person else None, ask.channel):
        named = None
    channel = named.channel if named else ask.channel
    choices = places.may_choose(session, person, channel)
    if not choices:
        raise UserError("No project is set up yet. Go to the channel of a project and type /pm setup there.")
    here = next((place.ref for place in choices if place.channel == channel and _tells(place)), None)
    words = people.readable(session, ask.text)
    if len(words) <= title:
        return Opening(choices, here or _only(choices), channel, words, "")
    if len(words) > rest:
        raise UserError(f"That is too long for one record: {len(words)} characters, and {rest} is the most.")
    start = words[:title].rsplit(" ", 1)[0] or words[:title]
    return Opening(choices, here or _only(choices), channel, start, words)


def _tells(place: Place) -> bool:
    """A project's channel says which project; a program's channel leaves the choice."""
    return place.kind is PlaceKind.PROJECT


def _only(choices: list[Place]) -> str | None:
    return choices[0].ref if len(choices) == 1 else None
