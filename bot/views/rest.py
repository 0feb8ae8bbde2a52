"""A project that rests: the forms of its pause and state, and of a waived request; who did what, and what follows."""

from collections.abc import Sequence
from datetime import date

from bot.domain.rest import NEXT_STATES, needs_reason
from bot.views.blocks import (
    actions,
    button,
    context,
    date_select,
    field,
    form,
    message,
    option,
    radio,
    section,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import day, instant, name, sentence, stopped, title, week
from models.schemas.message import Block, Message, View
from models.schemas.project import Place, State
from models.schemas.rest import STATE_WORDS, Rest, RestAct

EXPLAINED = {
    State.ACTIVE: "Its owner is asked for its status",
    State.ON_HOLD: "Nobody is asked; somebody looks at it again on a day",
    State.COMPLETED: "Done: nobody is asked from tomorrow on",
    State.CANCELLED: "Not done, and not any more",
}
SIGNS = {
    State.ACTIVE: ":white_check_mark:",
    State.ON_HOLD: ":double_vertical_bar:",
    State.COMPLETED: ":white_check_mark:",
    State.CANCELLED: ":no_entry_sign:",
}


def pause_form(place: Place, *, until: date | None, reason: str, metadata: str) -> View:
    return form(
        "rest.pause",
        "Pause asks",
        "Pause",
        [
            section(f"Nobody is asked for the status of *{title(place.name)}* before this day."),
            field("until", "Goes on", date_select(until), hint="The first request opens on or after it."),
            _reason_field(reason, "Release freeze"),
            context("A request that waits and is not due yet is waived. One that is overdue can still be answered."),
        ],
        metadata=metadata,
    )


def waive_form(choices: Sequence[Place], place: Place | None, *, reason: str, metadata: str) -> View:
    of = f" of *{title(place.name)}*" if place else ""
    return form(
        "rest.waive",
        "Waive a request",
        "Waive",
        [
            section(f"The status request{of} that waits is waived; where none waits, the next one."),
            *([] if place else [place_field(choices, None)]),
            _reason_field(reason, "The whole team is at the offsite"),
            context("Nobody is asked for it, and it counts neither as answered nor as missed."),
        ],
        metadata=metadata,
    )


def state_form(
    choices: Sequence[Place],
    place: Place | None,
    *,
    state: State | None,
    reason: str = "",
    review_on: date | None = None,
    metadata: str,
) -> View:
    """What a state needs appears with it."""
    was = place.state if place else State.ACTIVE
    legal = [each for each in EXPLAINED if place is None or each in NEXT_STATES[was]]
    chosen = state if state in legal else None
    options = [option(STATE_WORDS[each], each.value, explained=EXPLAINED[each]) for each in legal]
    is_needed = chosen is not None and needs_reason(was, chosen)
    blocks = [
        section(f"*{title(place.name)}* is {STATE_WORDS[was].lower()}.") if place else place_field(choices, None),
        field("state", "From now on it is", radio(options, chosen=chosen.value if chosen else None), live=True),
        _reason_field(reason, "Waits for the vendor's contract", optional=not is_needed),
    ]
    if chosen is State.ON_HOLD:
        hint = "Until then nobody is asked for its status."
        blocks.append(field("review_on", "Look at it again on", date_select(review_on), hint=hint))
    return form("rest.state", "Change state", "Change", blocks, metadata=metadata)


def rest_receipt(rest: Rest, *, today: date) -> Message:
    """Private: what was done, and when somebody is asked next."""
    said = _said(rest, today)
    why = f"\nWhy: {stopped(title(rest.reason))}" if rest.reason else ""
    asked = f"Asked next: {instant(rest.next_ask_at)}" if rest.next_ask_at else "Nobody is asked for its status"
    buttons = _next_steps(rest)
    return message(
        sentence(f"{said}."),
        section(f"*{said}*{why}"),
        context(asked),
        actions(*buttons) if buttons else None,
    )


def state_post(rest: Rest, *, today: date) -> Message:
    """In the project's channel: everybody who works on it knows."""
    state = rest.place.state
    again = f", looked at again {day(rest.until, today)}" if rest.until else ""
    first = f"{SIGNS[state]} *{STATE_WORDS[state]}:* {title(rest.place.name)}{again}"
    why = f"\nWhy: {stopped(title(rest.reason))}" if rest.reason else ""
    was = f" · was {STATE_WORDS[rest.was]}" if rest.was else ""
    return message(
        sentence(f"{title(rest.place.name)} is {STATE_WORDS[state].lower()} now{again}."),
        section(f"{first}{why}"),
        context(f"{name(rest.by)}, {day(today, today)}{was}"),
    )


def _said(rest: Rest, today: date) -> str:
    project = title(rest.place.name)
    if rest.act is RestAct.PAUSED and rest.until:
        return f"{project} is not asked for its status before {day(rest.until, today)}"
    if rest.act is RestAct.RESUMED:
        return f"{project} is asked for its status again"
    if rest.act is RestAct.WAIVED and rest.period:
        return f"The request of {project} for {week(rest.period)} is waived"
    again = f", looked at again {day(rest.until, today)}" if rest.until else ""
    return f"{project} is {STATE_WORDS[rest.place.state].lower()} now{again}"


def _next_steps(rest: Rest) -> list[Block]:
    if rest.act is RestAct.PAUSED:
        return [button("Resume", "rest.resume", rest.place.ref)]
    if rest.act is RestAct.STATE and rest.place.state is not State.ACTIVE:
        return [button("Change state", "rest.open_state", rest.place.ref)]
    return []


def _reason_field(reason: str, example: str, *, optional: bool = False) -> Block:
    element = text_input(most=500, least=5, initial=reason, example=example)
    return field("reason", "Why?", element, optional=optional)
