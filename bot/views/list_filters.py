"""What narrows a list: selects that act at once, and the buttons beside them.

The list's filters stand in the id of each block, so that a press tells them: a private message has no other memory.
"""

from collections.abc import Mapping

from bot.views.blocks import actions, button, option, plain, select
from bot.views.places import external_select
from bot.views.text import cut
from models.schemas.lists import LEVELS, STATES, Filters, Listed
from models.schemas.message import Block

MOST_OPTION = 60
"""Characters of a choice, with a fifth to spare (Slack takes 75)."""
MOST_STATIC = 80
ALL_PLACES = "all"


def filter_blocks(listed: Listed) -> list[Block]:
    filters = listed.filters
    kind = filters.kind
    levels = [_chooser(f"{kind}.filter_level", LEVELS[kind], filters.level)] if len(LEVELS[kind]) > 1 else []
    labels = {value: state.label for value, state in STATES[kind].items()}
    states = _chooser(f"{kind}.filter_state", labels, filters.state)
    return [
        remembering("filters", filters, *levels, states, _owner(listed)),
        remembering("places", filters, *_place(listed), *_buttons(listed)),
    ]


def remembering(name: str, filters: Filters, *elements: Block) -> Block:
    return actions(*elements) | {"block_id": f"{name}|{filters.encoded()}"}


def clear_button(filters: Filters) -> Block:
    return button("Clear filters", f"{filters.kind}.filter_clear", "all")


def _chooser(action: str, labels: Mapping[str, str], chosen: str) -> Block:
    options = [option(label, value) for value, label in labels.items()]
    return select(options, chosen=chosen, placeholder=options[0]["text"]["text"]) | {"action_id": action}


def _owner(listed: Listed) -> Block:
    element: Block = {
        "type": "users_select",
        "action_id": f"{listed.filters.kind}.filter_owner",
        "placeholder": plain("Any owner"),
    }
    chosen = listed.owner.slack_id if listed.owner else None
    return element | {"initial_user": chosen} if chosen else element


def _place(listed: Listed) -> list[Block]:
    """Nothing to choose among where there is one place at most."""
    if len(listed.places) < 2 and listed.place is None:
        return []
    action = {"action_id": f"{listed.filters.kind}.filter_place"}
    chosen = option(cut(listed.place.name, MOST_OPTION), listed.place.ref) if listed.place else None
    if len(listed.places) > MOST_STATIC:
        return [external_select(chosen, placeholder="All projects") | action]
    options = [option("All projects", ALL_PLACES)]
    options += [option(cut(label, MOST_OPTION), ref) for ref, label in listed.places]
    if chosen and all(choice["value"] != chosen["value"] for choice in options):
        options.insert(1, chosen)
    return [
        select(options, chosen=listed.place.ref if listed.place else ALL_PLACES, placeholder="All projects") | action
    ]


def _buttons(listed: Listed) -> list[Block]:
    """Never empty: a list without filters can always be narrowed to one's own."""
    filters = listed.filters
    mine = [button("Mine", f"{filters.kind}.filter_mine", "mine")] if filters.owner != listed.reader else []
    return [*mine, *([clear_button(filters)] if filters.are_set else [])]
