"""Opening a form to log something: the channel tells the project, and what was typed or said is kept."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.domain.message_title import headed
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
    is_told: bool
    """The channel or the button told the place; else it is the only one there is."""
    channel: str | None
    title: str
    rest: str
    """All that was typed, when it is too long for a title; what a message says besides its first sentence."""

    @property
    def place(self) -> Place | None:
        return next((place for place in self.choices if place.ref == self.here), None)


def opening(ask: Ask, session: Session, *, title: int, rest: int, words: str | None = None) -> Opening:
    """`title` and `rest` are the most characters of the form's two text fields. `words` are what is left of the typed
    line where its options were read already."""
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
    told = next((place.ref for place in choices if place.channel == channel and _tells(place)), None)
    start, left = _texts(ask, session, title, rest, words)
    return Opening(choices, told or _only(choices), told is not None, channel, start, left)


def kept_source(ask: Ask, place: Place) -> str | None:
    """The link back to the message that a form was opened from, as `handlers.shortcuts` wrote it into the form.

    From a private conversation it is kept only where the same people, and nobody else, read the record.
    """
    url, private = ask.metadata.get("source"), ask.metadata.get("private")
    if private and not (place.restricted and place.channel == private):
        return None
    return str(url) if url else None


def message_of(ask: Ask) -> dict[str, object]:
    """The message from whose menu a shortcut was chosen; empty for everything else."""
    message = ask.payload.get("message") if ask.kind == "shortcut" else None
    return message if isinstance(message, dict) else {}


def _texts(ask: Ask, session: Session, title: int, rest: int, words: str | None) -> tuple[str, str]:
    if message := message_of(ask):
        said = headed(people.said(session, str(message.get("text") or "")), most_title=title, most_rest=rest)
        return said.title, said.rest
    words = people.readable(session, ask.text) if words is None else words
    if len(words) <= title:
        return words, ""
    if len(words) > rest:
        raise UserError(f"That is too long for one record: {len(words)} characters, and {rest} is the most.")
    return words[:title].rsplit(" ", 1)[0] or words[:title], words


def _tells(place: Place) -> bool:
    """A project's channel says which project; a program's channel leaves the choice."""
    return place.kind is PlaceKind.PROJECT


def _only(choices: list[Place]) -> str | None:
    return choices[0].ref if len(choices) == 1 else None
