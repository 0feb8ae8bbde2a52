"""The Home and the daily message."""

from datetime import UTC, date, datetime
from typing import Any

from bot.views import asks, home
from models.schemas.home import Home, HomeProject
from models.schemas.status import Health
from tests.views.cast import ANSWERED, ASK, DECISION, LUIS, PLACE, PROGRAM, RISK, TODAY, changed

DESK = HomeProject(
    place=PLACE, health=Health.AMBER, last_posted_on=date(2026, 3, 27), open_risks=3, extreme_risks=1, mine=True
)
HOME = Home(
    person=LUIS,
    today=TODAY,
    statuses=[ASK],
    risks=[RISK],
    decisions=[DECISION],
    projects=[DESK],
    programs=[DESK.model_copy(update={"place": PROGRAM, "mine": False})],
    next_ask_at=datetime(2026, 4, 2, 14, tzinfo=UTC),
    next_ask_of=PLACE.name,
)
EMPTY_HOME = HOME.model_copy(update={"statuses": [], "risks": [], "decisions": [], "programs": []})

SHOWN: dict[str, Any] = {
    "daily-ask": asks.daily_ask([ASK, changed(ASK, id=3, last_health=None, last_posted_on=None)], today=TODAY),
    "daily-ask-after-1": asks.daily_ask([ASK, ANSWERED], today=TODAY),
    "daily-ask-all-done": asks.daily_ask([ANSWERED], today=TODAY),
    "home": home.home_view(HOME),
    "home-nothing": home.home_view(EMPTY_HOME),
    "home-guest": home.home_view(changed(HOME, person=changed(LUIS, is_guest=True))),
}
