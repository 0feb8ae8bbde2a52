"""The select that says which project or program a record belongs to."""

from collections.abc import Sequence

from bot.views.blocks import field, option, plain, select
from models.schemas.message import Block
from models.schemas.project import Place, PlaceKind

MOST_CHOICES = 100
"""Options that one Slack select holds."""


def place_field(places: Sequence[Place], here: str | None, *, live: bool = False) -> Block:
    return field("project", "Project", places_select([place_option(place) for place in places], here), live=live)


def places_select(options: Sequence[Block], chosen: str | None, placeholder: str = "Choose") -> Block:
    """More than a select holds are asked for as one types."""
    if len(options) <= MOST_CHOICES:
        return select(options, chosen=chosen, placeholder=placeholder)
    return external_select(next((choice for choice in options if choice["value"] == chosen), None))


def external_select(chosen: Block | None, *, placeholder: str = "Type a name or number") -> Block:
    element: Block = {"type": "external_select", "placeholder": plain(placeholder), "min_query_length": 1}
    return element | {"initial_option": chosen} if chosen else element


def place_option(place: Place) -> Block:
    label = place.name if place.kind is PlaceKind.PROJECT else f"Whole program: {place.name}"
    return option(label, place.ref)
