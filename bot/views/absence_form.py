"""The form of days off, with those that are set already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.views.absence import absence_line, days_words
from bot.views.blocks import (
    alert,
    button,
    date_select,
    divider,
    field,
    form,
    person_select,
    section,
    text_input,
)
from bot.views.text import cut, escape, name
from models.schemas.absence import MOST_NOTE, AbsenceCard
from models.schemas.message import Block, View
from models.schemas.people import PersonCard

MOST_LISTED = 10
MOST_ALERT = 300
LISTED = "absence@"


@dataclass(frozen=True)
class Filled:
    """What the form starts with."""

    start_on: date | None = None
    end_on: date | None = None
    delegate: str | None = None
    note: str = ""


def away_form(
    *,
    person: PersonCard,
    yours: bool,
    filled: Filled,
    listed: Sequence[AbsenceCard],
    today: date,
    metadata: str,
    problems: Sequence[str] = (),
) -> View:
    """`problems` say on top what was typed and not understood."""
    you = "you" if yours else name(person)
    blocks = [
        *(alert(cut(escape(words), MOST_ALERT), block_id=f"problem@{n}") for n, words in enumerate(problems)),
        *([] if yours else [section(f"*Days off for {name(person)}*")]),
        field("start_on", "First day away", date_select(filled.start_on)),
        field("end_on", "Last day away", date_select(filled.end_on)),
        field(
            "delegate",
            "Who covers?",
            person_select(filled.delegate),
            hint="They are told, and asked in your place. Left empty: the next on the ladder is asked.",
            optional=True,
        ),
        field(
            "note",
            "What should they know?",
            text_input(most=MOST_NOTE, initial=filled.note, multiline=True, example="The vendor calls on Tuesday"),
            hint="Only the person who covers reads it.",
            optional=True,
        ),
        *_listed(listed, you, today),
    ]
    return form("away.save", "Days off", "Set days off", blocks, metadata=metadata)


def _listed(listed: Sequence[AbsenceCard], you: str, today: date) -> list[Block]:
    if not listed:
        return []
    heading = section(f"*Set already for {you}*")
    rows = [
        section(
            absence_line(absence, today),
            accessory=button(
                "Cancel days off",
                "away.cancel",
                str(absence.id),
                says=f"Cancel the days off {days_words(absence, today)}",
            ),
        )
        | {"block_id": f"{LISTED}{absence.id}"}
        for absence in listed[:MOST_LISTED]
    ]
    more = [section(f"and {len(listed) - MOST_LISTED} more")] if len(listed) > MOST_LISTED else []
    return [divider(), heading, *rows, *more]
