"""Status updates: cards, receipt, forms."""

from datetime import date
from typing import Any

from bot.views import status
from models.schemas.status import Health, StatusCard, StatusStart, Trend
from tests.views.cast import HOSTILE, LUIS, NOW, PLACE, TODAY, changed

STATUS = StatusCard(
    id=9,
    place=PLACE,
    author=LUIS,
    period="2026-W13",
    posted_at=NOW,
    health=Health.AMBER,
    previous_health=Health.RED,
    trend=Trend.IMPROVING,
    summary=HOSTILE,
    path_to_green=HOSTILE,
    asks=[HOSTILE],
    open_risks=3,
    extreme_risks=2,
    link=None,
)
START = StatusStart(place=PLACE, choices=[PLACE], summary=HOSTILE, last_posted_on=date(2026, 3, 27))


SHOWN: dict[str, Any] = {
    "status-form": status.status_form(START, metadata="{}", today=TODAY),
    "status-form-amber": status.status_form(changed(START, health=Health.AMBER), metadata="{}", today=TODAY),
    "status-card-amber": status.status_card(STATUS, today=TODAY),
    "status-card-green": status.status_card(
        changed(STATUS, health=Health.GREEN, previous_health=Health.GREEN, path_to_green=None, asks=[]), today=TODAY
    ),
    "status-receipt": status.status_receipt(STATUS),
}
