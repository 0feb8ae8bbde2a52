"""The select that says which project or program a record belongs to."""

from collections.abc import Sequence

from bot.views.blocks import field, option, select
from models.schemas.message import Block
from models.schemas.project import Place, PlaceKind


def place_field(places: Sequence[Place], here: str | None, *, live: bool = False) -> Block:
    options = [place_option(place) for place in places]
    return field("project", "Project", select(options, chosen=here), live=live)


def place_option(place: Place) -> Block:
    label = place.name if place.kind is PlaceKind.PROJECT else f"Whole program: {place.name}"
    return option(label, place.ref)
