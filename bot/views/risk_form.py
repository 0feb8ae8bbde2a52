"""The form in which a risk is logged, with the score it comes to while one chooses."""

from collections.abc import Mapping, Sequence

from bot.domain import risk as rules
from bot.domain.risk_matrix import Preset, RiskMatrix, matrix
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

STEPS = (5, 4, 3, 2, 1)
CATEGORIES = tuple(option(category.title(), category.value) for category in Category)
KINDS = (option("Threat", Kind.THREAT.value), option("Opportunity", Kind.OPPORTUNITY.value))


def probabilities(place: Place | None) -> list[Block]:
    """The steps of the scale in the words of the program's matrix, the likeliest first."""
    scale = _scale(place)
    return [option(f"{step} {scale.probability_words(step)}", str(step)) for step in STEPS]


def impacts(place: Place | None) -> list[Block]:
    scale = _scale(place)
    return [option(f"{step} {scale.impact_words(step)}", str(step)) for step in STEPS]


def score_line(probability: str | None, impact: str | None, place: Place | None) -> Block | None:
    """What the two come to, and how soon the owner has to answer."""
    if not (probability and impact):
        return None
    scale = _scale(place)
    band = scale.band(int(probability), int(impact))
    hours = rules.ACKNOWLEDGE_WORKING_HOURS[band]
    shown = f"{band.title()} {scale.shown(int(probability), int(impact))}"
    return context(
        f"{BAND_SIGN[band]} *{shown}* (P{probability} × I{impact}). "
        f"The owner has {hours} working hours to acknowledge.",
        block_id="score",
    )


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
    place = next((place for place in places if place.ref == here), None)
    required = _required(places, place, owner, initial_title)
    fields = [*required, divider(), *_optional(initial_statement)]
    return form("risk.log", "Log a risk", "Log risk", fields, metadata=metadata)


def with_score(view_blocks: Sequence[Block], rated: Mapping[str, str], place: Place | None) -> list[Block]:
    """The form's blocks with the line that says what probability and impact come to in the place's matrix."""
    kept = [block for block in view_blocks if block.get("block_id") != "score"]
    line = score_line(rated.get("probability"), rated.get("impact"), place)
    after_impact = next(n for n, block in enumerate(kept) if block.get("block_id") == "impact") + 1
    return [*kept[:after_impact], *([line] if line else []), *kept[after_impact:]]


def _required(places: Sequence[Place], place: Place | None, owner: str, initial_title: str) -> list[Block]:
    return [
        field(
            "title",
            "What could happen?",
            text_input(most=150, least=5, initial=initial_title, example="Vendor slips the API", focus=True),
        ),
        place_field(places, place.ref if place else None),
        field("probability", "Probability", select(probabilities(place)), live=True),
        field("impact", "Impact", select(impacts(place)), live=True),
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


def _scale(place: Place | None) -> RiskMatrix:
    return matrix(Preset(place.risk_matrix)) if place else matrix()
