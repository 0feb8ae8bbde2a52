"""Days off: the form, what was understood, what who covers is told."""

from datetime import date
from typing import Any

from bot.views import absence, absence_form
from models.schemas.absence import AbsenceCard, Covering
from tests.views.cast import DANA, HOSTILE, LUIS, PAPER, TODAY, changed

AWAY = AbsenceCard(
    id=4,
    person=LUIS,
    start_on=date(2026, 12, 24),
    end_on=date(2027, 1, 2),
    delegate=DANA,
    note=HOSTILE,
    working_days=6,
    back_on=date(2027, 1, 4),
)
UNCOVERED = changed(AWAY, delegate=None, note=None, end_on=date(2026, 12, 24), working_days=1)


def also_away(outcome: str, *chain: Any) -> AbsenceCard:
    covering = Covering(first=date(2026, 12, 28), last=date(2026, 12, 30), chain=list(chain), outcome=outcome)
    return changed(AWAY, coverings=[covering])


SHOWN: dict[str, Any] = {
    "away-form": absence_form.away_form(
        person=LUIS, yours=True, filled=absence_form.Filled(), listed=[], today=TODAY, metadata="{}"
    ),
    "away-form-filled": absence_form.away_form(
        person=LUIS,
        yours=False,
        filled=absence_form.Filled(date(2026, 12, 24), date(2027, 1, 2), "UDANA", HOSTILE),
        listed=[changed(AWAY, id=n) for n in range(12)],
        today=TODAY,
        metadata="{}",
        problems=[f"I do not know the date “{HOSTILE}”. Write it like Friday."],
    ),
    "away-set": absence.absence_set(AWAY, LUIS, today=TODAY, typed=f"/pm away 24 Dec to 2 Jan {HOSTILE}"),
    "away-set-for-somebody": absence.absence_set(AWAY, DANA, today=TODAY),
    "away-set-by-somebody": absence.absence_set(changed(AWAY, person=PAPER), PAPER, today=TODAY, by=LUIS),
    "away-set-uncovered": absence.absence_set(UNCOVERED, LUIS, today=TODAY),
    "away-set-weekend": absence.absence_set(changed(UNCOVERED, working_days=0), LUIS, today=TODAY),
    "away-set-chain": absence.absence_set(also_away("asked", DANA, PAPER), LUIS, today=TODAY),
    "away-set-circle": absence.absence_set(also_away("circle", DANA), LUIS, today=TODAY),
    "away-set-far-circle": absence.absence_set(also_away("circle", DANA, PAPER), LUIS, today=TODAY),
    "away-set-nobody": absence.absence_set(also_away("nobody", DANA, PAPER), DANA, today=TODAY),
    "away-set-too-long": absence.absence_set(also_away("too_long", DANA, PAPER, LUIS), LUIS, today=TODAY),
    "away-cancelled": absence.absence_cancelled(changed(AWAY, is_cancelled=True), LUIS, today=TODAY, by=DANA),
    "away-ended": absence.absence_cancelled(changed(AWAY, end_on=date(2026, 3, 29)), DANA, today=TODAY),
    "away-cover": absence.cover_line(AWAY, today=TODAY),
    "away-cover-over": absence.cover_over(AWAY, today=TODAY),
    "away-cover-declined": absence.cover_over(AWAY, today=TODAY, declined=True),
    "away-declined": absence.cover_declined(AWAY, DANA, today=TODAY),
}
