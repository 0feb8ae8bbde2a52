"""Entering values as a client does: what it lets through, and what that becomes."""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.elements import KINDS, Found, Kind, kind_of, options_of, touchable
from bot.sandbox.state import Values
from bot.slack_rules.limits import INPUT_CHARACTERS

# What a picker's text must be readable as.
READ: dict[str, Callable[[str], object]] = {
    "datepicker": date.fromisoformat,
    "timepicker": time.fromisoformat,
    "datetimepicker": int,
    "number_input": Decimal,
}


Known = Callable[[Found], Sequence[Json]]
"""The options that a person was offered by the app in this menu."""


def choose(found: Found, plain: Any, known: Known) -> Json:
    """The state after a person entered `plain`; refuses what a client would not let them enter."""
    element = found.element
    kind = kind_of(element)
    if kind.many:
        chosen: Any = [_one(found, kind, item, known) for item in plain or ()]
        if len(chosen) > element.get("max_selected_items", len(chosen)):
            raise SlackRefused(f"{found.block_id}: at most {element['max_selected_items']} can be chosen")
    else:
        chosen = None if plain in (None, "") else _one(found, kind, plain, known)
    return {"type": element["type"], kind.key: chosen}


def _one(found: Found, kind: Kind, plain: Any, known: Known) -> Any:
    if kind.options:
        return _option(_offered(found, known), found.block_id, str(plain))
    if found.element["type"] == "rich_text_input":
        return plain if isinstance(plain, dict) else _rich_text(str(plain))
    text = str(plain)
    if found.element["type"] == "feedback_buttons":
        return _one_of_two(found, text)
    try:
        READ.get(found.element["type"], str)(text)
    except (ValueError, ArithmeticError):
        raise SlackRefused(f"{found.block_id}: {text!r} cannot be entered in a {found.element['type']}") from None
    most = found.element.get("max_length", INPUT_CHARACTERS)
    if len(text) > most:
        raise SlackRefused(f"{found.block_id}: at most {most} characters fit")
    return int(text) if found.element["type"] == "datetimepicker" else text


def _one_of_two(found: Found, value: str) -> str:
    if value not in [found.element[side]["value"] for side in ("positive_button", "negative_button")]:
        raise SlackRefused(f"{found.block_id}: neither button means {value!r}")
    return value


def _offered(found: Found, known: Known) -> list[Json]:
    element = found.element
    at_first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", ())
    return [*options_of(element), *at_first, *known(found)]


def _option(offered: Sequence[Json], block_id: str, value: str) -> Json:
    for option in offered:
        if option.get("value") == value:
            return option
    values = ", ".join(dict.fromkeys(str(option.get("value")) for option in offered))
    raise SlackRefused(f"{block_id}: {value!r} is not offered (only {values})")


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def plain_of(element: Json) -> Any:
    """The plain value in an element's state as a client sends it: the reverse of `choose`."""
    kind = kind_of(element)
    chosen = element.get(kind.key)
    if not kind.options or not chosen:
        return chosen
    return [option["value"] for option in chosen] if kind.many else chosen["value"]


def enter(blocks: Sequence[Json], values: Values, given: Values, known: Known) -> None:
    """Put a client's whole state into `values`; parts it does not know are left alone."""
    for found in touchable(blocks):
        state = given.get(found.block_id, {}).get(found.action_id)
        if state is not None and found.kind:
            plain = plain_of({**state, "type": found.element["type"]})
            values.setdefault(found.block_id, {})[found.action_id] = choose(found, plain, known)


def is_empty(state: Json) -> bool:
    return state[KINDS[state["type"]].key] in (None, "", [])


def unfinished(blocks: Sequence[Json], values: Values) -> str | None:
    """Why a client would not send this form yet."""
    for found in touchable(blocks):
        if found.block["type"] == "input":
            problem = _problem(found, values[found.block_id][found.action_id])
            if problem:
                return f"{found.block_id}: {problem}"
    return None


def _problem(found: Found, state: Json) -> str | None:
    if is_empty(state):
        return None if found.block.get("optional") else "is required"
    if found.element["type"] == "number_input":
        return _number_problem(found.element, Decimal(state["value"]))
    least = found.element.get("min_length", 0)
    return f"at least {least} characters are needed" if len(str(state.get("value") or "")) < least else None


def _number_problem(element: Json, number: Decimal) -> str | None:
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "must be a whole number"
    if number < Decimal(element.get("min_value", number)) or number > Decimal(element.get("max_value", number)):
        return f"must lie between {element.get('min_value')} and {element.get('max_value')}"
    return None
