"""One's own calendar: what is shown, and its form."""

from datetime import date, time
from typing import Any

from bot.views import own_calendar
from models.schemas.calendar import WorkWeek
from models.schemas.own_calendar import Named, OwnCalendar, TurnedOff
from models.schemas.switches import PausedProgram
from tests.views.cast import HOSTILE, LUIS, TODAY, changed
from tests.views.shown_absence import AWAY, UNCOVERED

PLAIN = OwnCalendar(person=LUIS, today=TODAY, week=WorkWeek(), is_own=False, usual_hour=time(10))
FULL = changed(
    PLAIN,
    is_own=True,
    week=WorkWeek(start="08:00", end="24:00", working_days=(7, 1, 2), country="DE", region="BY", opens_at="11:30"),
    country=Named(name=f"Germany {HOSTILE}", code="DE"),
    region=Named(name=f"Bayern {HOSTILE}", code="BY"),
    regions=[Named(name=f"Region {n} {HOSTILE}", code=str(n)) for n in range(120)],
    next_holidays=[Named(name=f"Good Friday {HOSTILE}", on=date(2026, 4, 3))] * 3,
    absences=[AWAY, UNCOVERED, AWAY, AWAY, AWAY],
    paused=[PausedProgram(name=HOSTILE, until=date(2026, 4, 30))],
    turned_off=[TurnedOff(name=HOSTILE, kinds=["asks", "rollups"])],
)

SHOWN: dict[str, Any] = {
    "me": own_calendar.own_calendar(PLAIN),
    "me-full": own_calendar.own_calendar(FULL, saved=True),
    "me-unknown": own_calendar.own_calendar(changed(PLAIN, is_own=True, week=WorkWeek(country="<b>"))),
    "me-form": own_calendar.own_calendar_form(PLAIN, metadata="{}"),
    "me-form-full": own_calendar.own_calendar_form(FULL, metadata="{}"),
}
