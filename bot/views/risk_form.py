"""The form in which a risk is logged, with the score it comes to while one chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain import risk as rules
from bot.domain.risk_matrix import Preset, RiskMatrix, matrix
from bot.views.blocks import (
    alert,
    behind,
    context,
    date_select,
    divider,
    field,
    field_of,
    form,
    option,
    person_select,
    radio,
    select,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import BAND_SIGN, count, cut, escape
from models.schemas.message import Block, View
from models.schemas.parameters import DEFAULTS
from models.schemas.project import Place
from models.schemas.risk import Band, Category, Kind

STEPS = (5, 4, 3, 2, 1)
STEP_VALUES = {str(step) for step in STEPS}
CATEGORIES = tuple(option(category.title(), category.value) for category in Category)
KINDS = (option("Threat", Kind.THREAT.value), option("Opportunity", Kind.OPPORTUNITY.value))
PLACE_ACTION = "risk.project"
"""Of the project's select: another project may bring another scale."""
MOST_ALERT = 200
MOST_PROBLEMS = 3


@dataclass(frozen=True)
class Filled:
    """What is known of a risk before its form is opened."""

    owner: str
    title: str = ""
    statement: str = ""
    probability: int | None = None
    impact: int | None = None
    category: Category | None = None
    next_review_on: date | None = None
    proximity_on: date | None = None
    kind: Kind = Kind.THREAT


def probabilities(place: Place | None) -> list[Block]:
    """The steps of the scale in the words of the program's matrix, the likeliest first."""
    scale = _scale(place)
    return [option(f"{step} {scale.probability_words(step)}", str(step)) for step in STEPS]


def impacts(place: Place | None) -> list[Block]:
    scale = _scale(place)
    return [option(f"{step} {scale.impact_words(step)}", str(step)) for step in STEPS]


def score_line(
    probability: str | None, impact: str | None, place: Place | None, *, is_new: bool = True
) -> Block | None:
    """What the two come to; of a new risk also how soon the owner has to answer."""
    if not {probability, impact} <= STEP_VALUES:
        return None
    scale = _scale(place)
    likely, hard = int(probability or 0), int(impact or 0)
    band = scale.band(likely, hard)
    shown = f"{band.title()} {scale.shown(likely, hard)}"
    asked = f" The owner has {_time_to_answer(band, place)} to acknowledge." if is_new else ""
    return context(f"{BAND_SIGN[band]} *{shown}* (P{likely} × I{hard}).{asked}", block_id="score")


def _time_to_answer(band: Band, place: Place | None) -> str:
    """'4 working hours', from a whole day on in days."""
    hours = rules.hours_to_acknowledge(band, place.rules.risk if place else DEFAULTS.risk)
    days, rest = divmod(hours, rules.WORKING_HOURS_A_DAY)
    if days and not rest:
        return count(int(days), "working day")
    return "1 working hour" if hours == 1 else f"{hours:g} working hours"


def risk_form(
    *, places: Sequence[Place], here: str | None, metadata: str, filled: Filled, problems: Sequence[str] = ()
) -> View:
    """Required fields first; the project is the channel's, the owner is you. `problems` say on top what was typed and
    not understood."""
    place = next((place for place in places if place.ref == here), None)
    blocks = [*_problems(problems), *_required(places, place, filled), divider(), *_optional(filled)]
    rated = {"probability": _step(filled.probability) or "", "impact": _step(filled.impact) or ""}
    return form("risk.log", "Log a risk", "Log risk", with_score(blocks, rated, place), metadata=metadata)


def with_scale(view_blocks: Sequence[Block], rated: Mapping[str, Any], place: Place | None) -> list[Block]:
    """The form's blocks in the words of the place's matrix: another project was chosen. What was chosen stays."""
    words = {"probability": probabilities(place), "impact": impacts(place)}

    def in_its_words(block: Block) -> Block:
        name = field_of(block)
        if name not in words:
            return block
        old = {key: value for key, value in block["element"].items() if key not in ("options", "initial_option")}
        return block | {"element": old | select(words[name], chosen=rated.get(name))}

    return with_score([in_its_words(block) for block in view_blocks], rated, place)


def with_score(
    view_blocks: Sequence[Block], rated: Mapping[str, str], place: Place | None, *, is_new: bool = True
) -> list[Block]:
    """The form's blocks with the line that says what probability and impact come to in the place's matrix."""
    kept = [block for block in view_blocks if block.get("block_id") != "score"]
    line = score_line(rated.get("probability"), rated.get("impact"), place, is_new=is_new)
    after_impact = behind("impact", kept)
    return [*kept[:after_impact], *([line] if line else []), *kept[after_impact:]]


def _problems(problems: Sequence[str]) -> list[Block]:
    shown = list(problems[:MOST_PROBLEMS])
    if more := problems[MOST_PROBLEMS:]:
        shown[-1:] = [f"{count(len(more) + 1, 'more option')} could not be read and stand in the title."]
    return [
        alert(cut(escape(words), MOST_ALERT), block_id=f"problem@{n}", level="warning") for n, words in enumerate(shown)
    ]


def _required(places: Sequence[Place], place: Place | None, filled: Filled) -> list[Block]:
    title = text_input(most=150, least=5, initial=filled.title, example="Vendor slips the API", focus=True)
    likely = select(probabilities(place), chosen=_step(filled.probability))
    hard = select(impacts(place), chosen=_step(filled.impact))
    person = person_select(filled.owner)
    return [
        field("title", "What could happen?", title),
        _place(places, place),
        field("probability", "Probability", likely, live=True),
        field("impact", "Impact", hard, live=True),
        field("category", "Category", select(CATEGORIES, chosen=filled.category)),
        field("owner", "Owner", person, hint="The person who acts on it. You can choose yourself."),
    ]


def _place(places: Sequence[Place], place: Place | None) -> Block:
    block = place_field(places, place.ref if place else None, live=True)
    return block | {"element": block["element"] | {"action_id": PLACE_ACTION}}


def _step(rating: int | None) -> str | None:
    return str(rating) if rating else None


def _optional(filled: Filled) -> list[Block]:
    example = "Given that ..., it is possible that ..., which would ..."
    return [
        field(
            "statement",
            "Cause and consequence",
            text_input(most=1000, multiline=True, example=example, initial=filled.statement),
            optional=True,
        ),
        field(
            "next_review_on",
            "Review on",
            date_select(filled.next_review_on),
            hint="Left empty: in 1 week if it is Extreme, 2 if High, 4 if Moderate, 12 if Low.",
            optional=True,
        ),
        field("proximity_on", "Earliest date it could happen", date_select(filled.proximity_on), optional=True),
        field("kind", "Kind", radio(KINDS, chosen=filled.kind)),
    ]


def _scale(place: Place | None) -> RiskMatrix:
    return matrix(Preset(place.risk_matrix)) if place else matrix()
