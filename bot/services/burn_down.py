"""The burn-down of what somebody may see: open threats week by week, and where their responses should lead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.risk_burn_down import Planned, end_of, fridays_before, planned_line
from bot.services.heat_map import EVERYTHING, in_place, scale_of
from bot.services.report_risks import KnownRisk, risks_at, weeks
from bot.services.sight import may_see
from models.schemas.charts import MOST_WEEKS_AHEAD, BurnDown, PlannedScore, Week
from models.schemas.project import Place
from models.tables import Risk


def burn_down(session: Session, place: Place | None, by: Standing, *, today: date, now: datetime) -> BurnDown:
    """All scores by one matrix, so that they can be added up."""
    scale = scale_of(session, place)
    first = end_of(fridays_before(now)[0])
    counts = or_(Risk.closed_at.is_(None), Risk.closed_at > first)
    risks = risks_at(session, now, lambda _: scale, in_place(place), may_see(session, Risk, by), counts)
    measured = weeks(risks, now)
    return BurnDown(
        place=place.name if place else EVERYTHING,
        today=today,
        weeks=tuple(Week(week_end=week.week_end, open=week.open, score=week.total_score) for week in measured),
        planned=tuple(_planned([risk for risk in risks if risk.is_active_threat], measured[-1].week_end)),
        rank_places=scale.data.rank_places,
        shown_places=scale.data.shown_places,
    )


def _planned(threats: Sequence[KnownRisk], last: date) -> list[PlannedScore]:
    """The coming Fridays until the last response has worked: a response works by the day its risk could bite."""
    planned = [Planned(risk.score, risk.target_score, risk.proximity_on) for risk in threats]
    until = max((one.planned_on for one in planned if one.planned_on and one.target_score is not None), default=last)
    ahead = min(MOST_WEEKS_AHEAD, -(-(until - last).days // 7))
    fridays = [last + timedelta(weeks=week) for week in range(1, ahead + 1)]
    return [PlannedScore(on=day, score=score) for day, score in planned_line(planned, fridays)]
