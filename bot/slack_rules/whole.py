"""Rules about a whole message or view. They read blocks that the tables have already found sound."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.slack_rules import limits
from bot.slack_rules.blocks import Surface
from bot.slack_rules.kinds import Object, Problem, too_long
from bot.slack_rules.rules import already_exists

Placed = tuple[Object, str]
"""An object and its pointer."""

_BLOCKS_IN = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}
_CHARACTERS = {
    "markdown": limits.MARKDOWN_TOTAL,
    "table": limits.TABLE_TOTAL,
    "data_table": limits.DATA_TABLE_TOTAL,
}
_COUNTS = {"table": limits.TABLES_IN_MESSAGE, "data_visualization": limits.CHARTS_IN_MESSAGE}


def problems_of_whole(blocks: Sequence[Object], at: str, surface: Surface) -> Iterator[Problem]:
    placed = list(_placed_blocks(blocks, at))
    yield from _repeated("block_id", placed)
    yield from _too_much_of_a_type(placed, at)
    focused: list[Placed] = []
    for block, pointer in placed:
        elements = list(_placed_elements(block, pointer))
        yield from _repeated("action_id", elements)
        if surface is not Surface.MODAL or block["type"] != "input":
            yield from _response_urls(elements)
        focused += [(element, place) for element, place in elements if element.get("focus_on_load")]
    if surface is not Surface.MESSAGE:
        for _, place in focused[1:]:
            yield Problem("only one `focus_on_load` is allowed in a view", f"{place}/focus_on_load")


def text_characters(part: Any) -> int:
    """The characters under every `text` in this part of a payload, to whatever depth."""
    size = 0
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            text = part.get("text")
            size += len(text) if isinstance(text, str) else 0
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
    return size


def first_input(blocks: Sequence[Object]) -> int | None:
    return next((index for index, block in enumerate(blocks) if block["type"] == "input"), None)


def _placed_blocks(blocks: Iterable[Object], at: str) -> Iterator[Placed]:
    for index, block in enumerate(blocks):
        pointer = f"{at}/{index}"
        yield block, pointer
        inside = _BLOCKS_IN.get(block["type"])
        if inside is not None:
            yield from _placed_blocks(block.get(inside, ()), f"{pointer}/{inside}")


def _placed_elements(block: Object, at: str) -> Iterator[Placed]:
    for name in ("accessory", "element"):
        if name in block:
            yield block[name], f"{at}/{name}"
    for name in ("elements", "actions"):
        for index, element in enumerate(block.get(name, ())):
            yield element, f"{at}/{name}/{index}"


def _repeated(field: str, placed: Iterable[Placed]) -> Iterator[Problem]:
    seen: set[str] = set()
    for part, pointer in placed:
        name = part.get(field)
        if name is None:
            continue
        if name in seen:
            yield Problem(already_exists(field, name), f"{pointer}/{field}")
        seen.add(name)


def _response_urls(elements: Iterable[Placed]) -> Iterator[Problem]:
    for element, pointer in elements:
        if "response_url_enabled" in element:
            yield Problem("invalid additional property: response_url_enabled", pointer)


def _too_much_of_a_type(placed: Iterable[Placed], at: str) -> Iterator[Problem]:
    characters: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for block, pointer in placed:
        name = block["type"]
        counts[name] += 1
        if name in _COUNTS and counts[name] > _COUNTS[name]:
            yield Problem(f"no more than {_COUNTS[name]} {name} blocks allowed", pointer)
        if name in _CHARACTERS:
            characters[name] += text_characters(block)
    for name, size in characters.items():
        if size > _CHARACTERS[name]:
            yield Problem(too_long(_CHARACTERS[name]), at)
