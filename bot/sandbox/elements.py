"""The parts of blocks a person can touch: where they are, and what stands in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.answers import Json
from bot.sandbox.state import Values

BUTTONS = frozenset({"button", "icon_button", "workflow_button"})


@dataclass(frozen=True)
class Kind:
    """How an element's state is named in payloads and in its own definition."""

    key: str
    initial: str
    many: bool = False
    options: bool = False
    asks: bool = False
    """Whether its options come from the app while a person types."""


KINDS = {
    "plain_text_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "static_select": Kind("selected_option", "initial_option", options=True),
    "radio_buttons": Kind("selected_option", "initial_option", options=True),
    "multi_static_select": Kind("selected_options", "initial_options", many=True, options=True),
    "checkboxes": Kind("selected_options", "initial_options", many=True, options=True),
    "external_select": Kind("selected_option", "initial_option", options=True, asks=True),
    "multi_external_select": Kind("selected_options", "initial_options", many=True, options=True, asks=True),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
}
# Pressed like a select or an input, but they keep nothing.
KEEP_NOTHING = {"overflow": Kind("selected_option", "", options=True), "feedback_buttons": Kind("value", "")}


TOUCHABLE = BUTTONS | KINDS.keys() | KEEP_NOTHING.keys()


@dataclass(frozen=True)
class Found:
    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def kind(self) -> Kind | None:
        return KINDS.get(self.element["type"])


def touchable(blocks: Sequence[Json]) -> Iterator[Found]:
    """Every button, menu, picker and input, in reading order."""
    for block in blocks:
        yield from touchable([*block.get("child_blocks", ()), *_cards(block)])
        for element in _elements(block):
            if element.get("type") in TOUCHABLE:
                yield Found(block, element)


def _elements(block: Json) -> list[Json]:
    single = [block[key] for key in ("accessory", "element") if key in block]
    listed = block.get("elements", ()) if block["type"] in ("actions", "context_actions") else ()
    card_actions = block.get("actions", ()) if block["type"] == "card" else ()
    return [*single, *listed, *card_actions]


def _cards(block: Json) -> list[Json]:
    return list(block.get("elements", ())) if block["type"] == "carousel" else []


def name_parts(blocks: Sequence[Json], next_id: Callable[[str], str]) -> None:
    """Gives ids to the blocks and elements that came without, as Slack does."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = next_id("b")
        name_parts([*block.get("child_blocks", ()), *_cards(block)], next_id)
    for found in touchable(blocks):
        if not found.element.get("action_id"):
            found.element["action_id"] = next_id("a")


def values_of(blocks: Sequence[Json], entered: Values) -> Values:
    """What stands in every input: what was entered under the same two ids, else what the app put there."""
    values: Values = {}
    for found in touchable(blocks):
        if found.kind:
            kept = entered.get(found.block_id, {}).get(found.action_id)
            values.setdefault(found.block_id, {})[found.action_id] = _kept(found, kept) or initial(found)
    return values


def _kept(found: Found, state: Json | None) -> Json | None:
    if state is None or state["type"] != found.element["type"]:
        return None
    kind = KINDS[state["type"]]
    chosen = state[kind.key]
    offered = options_of(found.element)
    fixed = kind.options and not kind.asks
    gone = fixed and any(one not in offered for one in (chosen if kind.many else [chosen] if chosen else []))
    return None if gone else state


def kind_of(element: Json) -> Kind:
    """How a person enters something in this element; a plain button has no such kind."""
    name = element["type"]
    return KEEP_NOTHING.get(name) or KINDS[name]


def initial(found: Found) -> Json:
    kind = KINDS[found.element["type"]]
    return {"type": found.element["type"], kind.key: found.element.get(kind.initial, [] if kind.many else None)}


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(option for group in groups for option in group["options"])]


def action_of(found: Found, state: Json, action_ts: str) -> Json:
    """The entry of `actions` in a block_actions payload."""
    element = found.element
    shown = ("text", "value", "style") if element["type"] in BUTTONS else ("placeholder",)
    starts = [kind.initial] if (kind := found.kind) and kind.initial != "initial_value" else []
    copied = {key: element[key] for key in (*shown, *starts) if key in element}
    named = {"type": element["type"], "block_id": found.block_id, "action_id": found.action_id}
    return {**named, **copied, **state, "action_ts": action_ts}
