"""The form in which a check-in is set up or changed, with what comes of it while one chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.domain.checkin_questions import MOST_QUESTIONS, typed_questions
from bot.views.blocks import context, divider, field, form, option, people_select, select, text_input
from bot.views.text import count, day
from models.schemas.checkin import DEFAULT_QUESTIONS
from models.schemas.checkin_setup import (
    EVERYONE_OPTION,
    LIVE_OPTION,
    MOOD_OPTION,
    OWN_TIME,
    WEEKDAYS,
    WINDOWS,
    CheckinCard,
)
from models.schemas.message import Block, View

PREVIEW = "checkin.preview"
"""Of each field that changes the line at the end."""
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
USUAL_DAYS, USUAL_TIME, USUAL_WINDOW = (1, 3, 5), time(9, 30), 8
OPTIONS = {
    EVERYONE_OPTION: "All members of this channel take part",
    MOOD_OPTION: "Ask for mood, shown only as a team average",
    LIVE_OPTION: "Post answers in a thread as they arrive",
}
MOST_ZONES = 99


@dataclass(frozen=True)
class Filled:
    """What the form opens with."""

    people: Sequence[str] = ()
    days: Sequence[int] = USUAL_DAYS
    at: time = USUAL_TIME
    zone: str | None = None
    window_hours: int = USUAL_WINDOW
    questions: str = typed_questions(DEFAULT_QUESTIONS)
    options: Sequence[str] = (LIVE_OPTION,)
    observers: Sequence[str] = ()

    @classmethod
    def of(cls, card: CheckinCard) -> "Filled":
        chosen = {EVERYONE_OPTION: card.everyone, MOOD_OPTION: card.mood, LIVE_OPTION: card.live}
        return cls(
            people=[person.slack_id for person in card.participants if person.slack_id],
            days=card.days,
            at=card.at,
            zone=card.zone,
            window_hours=card.window_hours,
            questions=typed_questions(card.questions),
            options=[name for name, is_on in chosen.items() if is_on],
            observers=[person.slack_id for person in card.observers if person.slack_id],
        )


@dataclass(frozen=True)
class Preview:
    """What would come of the form as it stands."""

    channel: str
    first_on: date
    today: date
    at: time
    zone: str | None
    people: int | None
    """None: all members of the channel, however many they are."""
    a_week: int


def checkin_form(
    filled: Filled, *, zones: Iterable[str], preview: Preview | None, metadata: str, is_new: bool = True
) -> View:
    fields = [
        _people(filled.people),
        _live(field("days", "Days", _boxes(_days(), [WEEKDAYS[number - 1] for number in filled.days]))),
        _live(_at(filled.at)),
        _live(field("zone", "In whose time?", _zones(zones, filled.zone))),
        field("window_hours", "Open for", _windows(filled.window_hours)),
        field("questions", "Questions, one a line", _questions(filled.questions), hint=QUESTIONS_HINT),
        _live(field("options", "Also", _boxes(OPTIONS.items(), filled.options), optional=True)),
        divider(),
        field("observers", "Who reads along?", _chosen_people(filled.observers), hint=OBSERVERS_HINT, optional=True),
        *([preview_line(preview)] if preview else []),
    ]
    heading, submit = ("Set up a check-in", "Start check-in") if is_new else ("Edit the check-in", "Save")
    return form("checkin.set_up", heading, submit, fields, metadata=metadata)


QUESTIONS_HINT = (
    f"At most {MOST_QUESTIONS}. The last one is always about blockers. Answered in words, unless a line ends with "
    "(yes/no), (number) or (mood 1-5)."
)
OBSERVERS_HINT = "They are asked nothing. They can see who is missing when a round is over."


def preview_line(preview: Preview) -> Block:
    return context(_preview(preview), block_id="preview")


def with_preview(blocks: Sequence[Block], preview: Preview | None) -> list[Block]:
    kept = [block for block in blocks if block.get("block_id") != "preview"]
    return [*kept, *([preview_line(preview)] if preview else [])]


def _preview(preview: Preview) -> str:
    when = f"{day(preview.first_on, preview.today)}, {preview.at:%H:%M}{_city(preview.zone)}"
    who = "All members of the channel" if preview.people is None else count(preview.people, "person", "people")
    often = count(preview.a_week, "message")
    return (
        f"Posts to <#{preview.channel}>. First round: {when}. "
        f"{who}, {often} a week each, in their daily message when there is one."
    )


def _city(zone: str | None) -> str:
    return f" {city(zone)}" if zone else ""


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _people(chosen: Sequence[str]) -> Block:
    """Not required by Slack: all members of the channel may take part instead."""
    return _live(field("people", "Who takes part?", _chosen_people(chosen), optional=True))


def _chosen_people(chosen: Sequence[str]) -> Block:
    return people_select() | ({"initial_users": list(chosen)} if chosen else {})


def _at(at: time) -> Block:
    element = {"type": "timepicker", "initial_time": f"{at:%H:%M}"}
    return field("at", "Ask at", element, hint="Never outside a person's hours, holidays or time off.")


def _days() -> list[tuple[str, str]]:
    return list(zip(WEEKDAYS, DAY_NAMES, strict=True))


def _boxes(choices: Iterable[tuple[str, str]], chosen: Sequence[str]) -> Block:
    options = [option(label, value) for value, label in choices]
    ticked = [each for each in options if each["value"] in chosen]
    return {"type": "checkboxes", "options": options} | ({"initial_options": ticked} if ticked else {})


def _zones(zones: Iterable[str], chosen: str | None) -> Block:
    known = list(dict.fromkeys([*([chosen] if chosen else []), *zones]))[:MOST_ZONES]
    options = [option("Each person's own", OWN_TIME), *(option(f"{city(zone)} ({zone})", zone) for zone in known)]
    return select(options, chosen=chosen or OWN_TIME)


def _windows(chosen: int) -> Block:
    return select([option(count(hours, "hour"), str(hours)) for hours in WINDOWS], chosen=str(chosen))


def _questions(typed: str) -> Block:
    return text_input(most=600, multiline=True, initial=typed)


def _live(block: Block) -> Block:
    """All of them tell us of a change by one name, beside their own."""
    element: dict[str, Any] = block["element"] | {"action_id": PREVIEW}
    return block | {"element": element, "dispatch_action": True}
