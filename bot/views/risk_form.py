"""The form in which a risk is logged, with the score it comes to while one chooses."""

from collections.abc import Mapping, Sequence

from bot.domain import risk as rules
from bot.views.blocks import (
    context,
    date_select,
    divider,
    field,
    form,
    option,
    person_select,
    radio,
    select,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import BAND_SIGN
from models.schemas.message import Block, View
from models.schemas.project import Place
from models.schemas.risk import Category, Kind

PROBABILITIES = (
    option("5 Almost certain (over 80%)", "5"),
    option("4 Likely (60-80%)", "4"),
    option("3 Possible (40-60%)", "3"),
    option("2 Unlikely (20-40%)", "2"),
    option("1 Rare (under 20%)", "1"),
)
IMPACTS = (
    option("5 Severe: over 20% more time or 40% more cost", "5"),
    option("4 Major: up to 20% more time or 40% more cost", "4"),
    option("3 Moderate: up to 10% more time or 20% more cost", "3"),
    option("2 Minor: up to 5% more time or 10% more cost", "2"),
    option("1 Negligible", "1"),
)
CATEGORIES = tuple(option(category.title(), category.value) for category in Category)
KINDS = (option("Threat", Kind.THREAT.value), option("Opportunity", Kind.OPPORTUNITY.value))


def risk_form(
    *,
    places: Sequence[Place],
    here: str | None,
    owner: str,
    metadata: str,
    initial_title: str = "",
    initial_statement: str = "",
) -> View:
    """Required fields first; the project is the channel's, the owner is you."""
    fields = [*_required(places, here, owner, initial_title), divider(), *_optional(initial_statement)]
    return form("risk.log", "Log a risk", "Log risk", fields, metadata=metadata)


def with_score(view_blocks: Sequence[Block], rated: Mapping[str, str]) -> list[Block]:
    """The form's blocks with the line that says what probability and impact come to."""
    kept = [block for block in view_blocks if block.get("block_id") != "score"]
    line = _score_line(rated.get("probability"), rated.get("impact"))
    after_impact = next(n for n, block in enumerate(kept) if block.get("block_id") == "impact") + 1
    return [*kept[:after_impact], *([line] if line else []), *kept[after_impact:]]


def _required(places: Sequence[Place], here: str | None, owner: str, initial_title: str) -> list[Block]:
    return [
        field(
            "title",
            "What could happen?",
            text_input(most=150, least=5, initial=initial_title, example="Vendor slips the API", focus=True),
        ),
        place_field(places, here),
        field("probability", "Probability", select(PROBABILITIES), live=True),
        field("impact", "Impact", select(IMPACTS), live=True),
        field("category", "Category", select(CATEGORIES)),
        field("owner", "Owner", person_select(owner), hint="The person who acts on it. You can choose yourself."),
    ]


def _optional(initial_statement: str) -> list[Block]:
    example = "Given that ..., it is possible that ..., which would ..."
    return [
        field(
            "statement",
            "Cause and consequence",
            text_input(most=1000, multiline=True, example=example, initial=initial_statement),
            optional=True,
        ),
        field(
            "next_review_on",
            "Review on",
            date_select(),
            hint="Left empty: in 1 week if it is Extreme, 2 if High, 4 if Moderate, 12 if Low.",
            optional=True,
        ),
        field("proximity_on", "Earliest date it could happen", date_select(), optional=True),
        field("kind", "Kind", radio(KINDS, chosen=Kind.THREAT.value)),
    ]


def _score_line(probability: str | None, impact: str | None) -> Block | None:
    if not (probability and impact):
        return None
    band = rules.band(int(probability), int(impact))
    hours = rules.ACKNOWLEDGE_WORKING_HOURS[band]
    shown = f"{band.title()} {int(probability) * int(impact)}"
    return context(
        f"{BAND_SIGN[band]} *{shown}* (P{probability} × I{impact}). "
        f"The owner has {hours} working hours to acknowledge.",
        block_id="score",
    )
