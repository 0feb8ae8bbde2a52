"""Small builders of Slack's blocks, so that the views read as what a person sees."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models.schemas.message import Block, Message, View

MOST_LABEL = 75


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    """`verbatim`: Slack makes no links or mentions of its own from it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, *, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def facts(*pairs: tuple[str, str] | None) -> Block:
    """`*Label* value`, two columns on a desktop and a list on a phone."""
    return {"type": "section", "fields": [mrkdwn(f"*{pair[0]}* {pair[1]}") for pair in pairs if pair]}


def context(*lines: str, block_id: str | None = None) -> Block:
    block: Block = {"type": "context", "elements": [mrkdwn(line) for line in lines]}
    return block | {"block_id": block_id} if block_id else block


def alert(text: str, *, block_id: str, level: str = "error") -> Block:
    """A word on top of a form."""
    return {"type": "alert", "block_id": block_id, "level": level, "text": mrkdwn(text)}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def divider() -> Block:
    return {"type": "divider"}


def button(label: str, action: str, value: str, *, primary: bool = False, says: str | None = None) -> Block:
    """`says` names the object for a screen reader where the label alone repeats."""
    element: Block = {"type": "button", "text": plain(label), "action_id": action, "value": value}
    if primary:
        element["style"] = "primary"
    return element | {"accessibility_label": says} if says else element


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def overflow(action: str, choices: Iterable[tuple[str, str]]) -> Block:
    """The dots: rarer acts, five at most. Each choice is a label and a value."""
    return {"type": "overflow", "action_id": action, "options": [option(label, value) for label, value in choices]}


def option(label: str, value: str, *, explained: str | None = None) -> Block:
    element: Block = {"text": plain(label[:MOST_LABEL]), "value": value}
    return element | {"description": plain(explained)} if explained else element


def select(options: Sequence[Block], *, chosen: str | None = None, placeholder: str = "Choose") -> Block:
    return {"type": "static_select", "options": list(options), "placeholder": plain(placeholder)} | _initial(
        options, chosen
    )


def radio(options: Sequence[Block], *, chosen: str | None = None) -> Block:
    return {"type": "radio_buttons", "options": list(options)} | _initial(options, chosen)


def person_select(chosen: str | None = None) -> Block:
    element: Block = {"type": "users_select", "placeholder": plain("Choose a person")}
    return element | {"initial_user": chosen} if chosen else element


def people_select() -> Block:
    return {"type": "multi_users_select", "placeholder": plain("Choose people")}


def date_select(chosen: date | None = None) -> Block:
    element: Block = {"type": "datepicker"}
    return element | {"initial_date": chosen.isoformat()} if chosen else element


def text_input(
    *,
    most: int,
    least: int | None = None,
    initial: str = "",
    example: str | None = None,
    multiline: bool = False,
    focus: bool = False,
) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    if multiline:
        element["multiline"] = True
    if least:
        element["min_length"] = least
    if initial:
        element["initial_value"] = initial[:most]
    if example:
        element["placeholder"] = plain(example)
    return element | {"focus_on_load": True} if focus else element


def field(
    name: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    live: bool = False,
) -> Block:
    """A form field. `name` is the field of the schema that reads it; `live` tells us of every change."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element | {"action_id": name.partition("@")[0]},
    }
    if hint:
        block["hint"] = plain(hint)
    if optional:
        block["optional"] = True
    return block | {"dispatch_action": True} if live else block


def field_of(block: Block) -> str:
    """The field that a block holds: `summary` of `summary@12`."""
    return str(block.get("block_id", "")).partition("@")[0]


def behind(name: str, blocks: Sequence[Block]) -> int:
    """Where what follows the field of this name stands; at the end of a form that has none."""
    return next((n for n, block in enumerate(blocks, 1) if field_of(block) == name), len(blocks))


def form(callback: str, title: str, submit: str, fields: Iterable[Block], *, metadata: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": list(fields),
        "private_metadata": metadata,
    }


def message(text: str, *blocks: Block | None, fallback: Sequence[Block] | None = None) -> Message:
    return Message(
        text=text,
        blocks=[block for block in blocks if block is not None],
        fallback=list(fallback) if fallback is not None else None,
    )


def cell(text: str) -> Block:
    return {"type": "raw_text", "text": text or "-"}


def rich_cell(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def _initial(options: Sequence[Block], chosen: str | None) -> dict[str, Any]:
    found = next((choice for choice in options if choice["value"] == chosen), None)
    return {"initial_option": found} if found else {}
