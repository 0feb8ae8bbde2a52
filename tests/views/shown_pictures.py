"""What is said around the pictures of the risk register. The charts themselves: `tests/test_pictures.py`."""

from datetime import date, timedelta
from typing import Any

from bot.views import pictures
from models.schemas.charts import BurnDown, HeatMap, HeatRisk, PlannedScore, Week
from models.schemas.risk import Band
from tests.views.cast import HOSTILE, LINK, LUIS, TODAY

FRIDAY = date(2026, 3, 27)
BANDS = tuple(
    tuple(Band.EXTREME if p * i >= 15 else Band.HIGH if p * i >= 8 else Band.LOW for i in range(1, 6))
    for p in range(1, 6)
)
MAP = HeatMap(
    place=HOSTILE,
    as_of=TODAY,
    bands=BANDS,
    risks=(
        HeatRisk(ref="R-12", probability=4, impact=5, link=LINK),
        HeatRisk(ref="R-7", probability=2, impact=2),
    ),
)
DOWN = BurnDown(
    place=HOSTILE,
    today=TODAY,
    weeks=tuple(Week(week_end=FRIDAY - timedelta(weeks=back), open=2, score=20 + back) for back in (1, 0)),
    planned=(PlannedScore(on=FRIDAY + timedelta(weeks=1), score=8),),
)
NOTHING = DOWN.model_copy(update={"weeks": (Week(week_end=FRIDAY, open=0, score=0),), "planned": ()})

SHOWN: dict[str, Any] = {
    "heat-map-coming": pictures.text_twin(MAP, "project:7", shareable=True, coming=True),
    "heat-map-in-a-message": pictures.text_twin(MAP, "all", shareable=False, coming=False),
    "heat-map-shared": pictures.picture(MAP, "F012ABC", "project:7", shared_by=LUIS),
    "heat-map-without-scope": pictures.instead_of_picture(MAP, shared_by=None, line=pictures.NO_SCOPE),
    "burn-down-coming": pictures.text_twin(DOWN, "program:3", shareable=True, coming=True),
    "burn-down-nothing": pictures.text_twin(NOTHING, "all", shareable=True, coming=False),
    "burn-down-picture": pictures.picture(DOWN, "F012ABC", "program:3", shared_by=None),
    "burn-down-too-early": pictures.too_early(NOTHING, FRIDAY + timedelta(weeks=1)),
    "picture-not-there": pictures.not_in_channel("C012ABC"),
}
