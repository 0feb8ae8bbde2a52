"""What the pictures of the risk register are drawn from."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from models.schemas.risk import Band, Rating
from models.schemas.schema import Schema

MOST_WEEKS = 12
MOST_WEEKS_AHEAD = 26
"""Of a plan: further on, the measured weeks would be too narrow to read."""
FRIDAY = 4
PROBABILITIES = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACTS = ("Negligible", "Minor", "Moderate", "Major", "Severe")

Five = Annotated[tuple[Band, ...], Field(min_length=5, max_length=5)]
Places = Annotated[int, Field(ge=0, le=6)]
Count = Annotated[int, Field(ge=0)]


class HeatRisk(Schema):
    model_config = ConfigDict(frozen=True)

    ref: Annotated[str, Field(min_length=1, max_length=20)]
    """'R-12', as people name it."""
    probability: Rating
    impact: Rating
    link: str | None = None
    """Where its card stands in Slack, None where the reader cannot go."""


class HeatMap(Schema):
    model_config = ConfigDict(frozen=True)

    place: str
    """As it was typed; 'All programs' for the whole workspace."""
    as_of: date
    bands: Annotated[tuple[Five, ...], Field(min_length=5, max_length=5)]
    """`bands[probability - 1][impact - 1]`: data, since a workspace may set its own matrix."""
    scores: dict[Band, str] = Field(default_factory=dict)
    """What a band's scores are, '15-25', for the picture's key; a band without them has its name alone."""
    probabilities: Annotated[tuple[str, ...], Field(min_length=5, max_length=5)] = PROBABILITIES
    impacts: Annotated[tuple[str, ...], Field(min_length=5, max_length=5)] = IMPACTS
    """The words of steps 1 to 5, as the matrix has them: what follows a colon or a bracket is not drawn."""
    risks: tuple[HeatRisk, ...]
    """Open ones, worst first, in the order in which they are listed everywhere."""

    def band(self, probability: int, impact: int) -> Band:
        return self.bands[probability - 1][impact - 1]

    def cell(self, probability: int, impact: int) -> list[HeatRisk]:
        return [risk for risk in self.risks if (risk.probability, risk.impact) == (probability, impact)]

    def of_band(self, band: Band) -> list[HeatRisk]:
        return [risk for risk in self.risks if self.band(risk.probability, risk.impact) is band]

    @property
    def is_empty(self) -> bool:
        """Then there is nothing to draw: the message is a sentence."""
        return not self.risks


class Week(Schema):
    model_config = ConfigDict(frozen=True)

    week_end: date
    """The Friday at the end of which (UTC) the two numbers held."""
    open: Count
    score: Count


class PlannedScore(Schema):
    model_config = ConfigDict(frozen=True)

    on: date
    score: Count
    """The total if every response works by its date."""


class BurnDown(Schema):
    model_config = ConfigDict(frozen=True)

    place: str
    """As it was typed; 'All programs' for the whole workspace."""
    today: date
    weeks: Annotated[tuple[Week, ...], Field(max_length=MOST_WEEKS)]
    """Consecutive Fridays, the latest last."""
    planned: Annotated[tuple[PlannedScore, ...], Field(max_length=MOST_WEEKS_AHEAD)] = ()
    """What is still to come after the last week, the soonest first; empty where nothing is planned."""
    rank_places: Places = 0
    shown_places: Places = 0
    """Scores are the matrix's ranks, whole numbers; they are shown as it shows them, such as 402, or 4.02 with PMI."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        fridays = [week.week_end for week in self.weeks]
        if any(friday.weekday() != FRIDAY for friday in fridays):
            raise ValueError("a week ends on a Friday")
        if any(later - sooner != timedelta(weeks=1) for sooner, later in pairwise(fridays)):
            raise ValueError("weeks are consecutive, the latest last")
        days = [*fridays[-1:], *(point.on for point in self.planned)]
        if any(later <= sooner for sooner, later in pairwise(days)):
            raise ValueError("planned dates follow the last week, the soonest first")
        if days and days[-1] - days[0] > timedelta(weeks=MOST_WEEKS_AHEAD):
            raise ValueError(f"a plan is drawn for {MOST_WEEKS_AHEAD} weeks at most")
        return self

    @property
    def is_empty(self) -> bool:
        """Then there is nothing to draw: the message is a sentence."""
        return not any(week.open for week in self.weeks)
