"""What stands behind `/pm risks`: words that narrow the list, a person, and a project's or program's name."""

from collections.abc import Container, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.domain import slack_text
from bot.domain.policy import Standing
from bot.errors import UserError
from bot.services import places, suggestions
from bot.services.suggestions import Choice
from models.schemas.lists import TYPED_LEVELS, Filters, Kind, typed_states

MINE, HERE = "mine", "here"
MOST_NAMED = 4
MOST_TYPED = 200
"""Characters that are looked at: no name is longer."""


def read(session: Session, kind: Kind, text: str, by: Standing) -> Filters:
    """Raises UserError where a word is not known or a name fits several places."""
    words, people, channels = _split(text)
    known = _known(kind, by)
    choices = suggestions.visible(session, by) if any(word.lower() not in known for word in words) else []
    taken, rest = taken_words(words, known, {suggestions.plain(choice.name) for choice in choices})
    changes: dict[str, Any] = {}
    for word in taken:
        changes |= known[word.lower()]
    if people:
        changes["owner"] = people[0]
    if rest:
        changes["place"] = _named(kind, choices, " ".join(rest), by)
    if channels or HERE in map(str.lower, taken):
        changes["place"] = _of_channel(session, channels[0] if channels else by.channel, by)
    return Filters(kind=kind).with_(**changes)


def taken_words(words: Sequence[str], known: Container[str], names: Container[str]) -> tuple[list[str], list[str]]:
    """Known words at either end are taken, until what is left is the whole name of a place, as 'Open Banking' is."""
    taken, left = [], list(words)
    while left:
        if len(left) > 1 and suggestions.plain(" ".join(left)) in names:
            break
        end = next((end for end in (0, -1) if left[end].lower() in known), None)
        if end is None:
            break
        taken.append(left.pop(end))
    return taken, left


def _known(kind: Kind, by: Standing) -> dict[str, dict[str, str]]:
    """What each word changes."""
    return {
        MINE: {"owner": by.person.slack_id or ""},
        HERE: {},
        **{word: {"level": level} for word, level in TYPED_LEVELS[kind].items()},
        **{word: {"state": state} for word, state in typed_states(kind).items()},
    }


def _split(text: str) -> tuple[list[str], list[str], list[str]]:
    """Words, Slack ids of people, ids of channels."""
    parts = slack_text.parts(text[:MOST_TYPED], in_command=True)
    typed = " ".join(
        slack_text.shown(part) for part in parts if not isinstance(part, slack_text.User | slack_text.Channel)
    )
    people = [part.id for part in parts if isinstance(part, slack_text.User)]
    channels = [part.id for part in parts if isinstance(part, slack_text.Channel)]
    return typed.translate(_QUOTES).split(), people, channels


_QUOTES = str.maketrans(dict.fromkeys('"“”„«»', " "))


def _named(kind: Kind, choices: Sequence[Choice], typed: str, by: Standing) -> str:
    fits = suggestions.named(suggestions.ranked(choices, typed), typed)
    if len(fits) == 1:
        return fits[0].ref
    quoted = slack_text.shortened(typed)
    if not fits:
        words = ", ".join(_known(kind, by))
        raise UserError(f"I do not know “{quoted}” here. Words are {words}, or the name of a project or program.")
    names = ", ".join(slack_text.shortened(choice.name) for choice in fits[:MOST_NAMED])
    more = f" and {len(fits) - MOST_NAMED} more" if len(fits) > MOST_NAMED else ""
    raise UserError(f"“{quoted}” fits several: {names}{more}. Type more of the name.")


def _of_channel(session: Session, channel: str | None, by: Standing) -> str:
    place = places.of_channel(session, channel)
    if place is None or not places.may_see(place, by.person.id, by.channel):
        raise UserError("This channel belongs to no project or program. Type a name instead.")
    return place.ref
