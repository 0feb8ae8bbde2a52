"""What a report tells of check-ins, week by week: how many answered, the mood of the team, what blocks it (2.15)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.numbers import half_up
from bot.domain.reach import Reach
from bot.domain.wall_time import instant, iso_week
from bot.services import calendars
from bot.services.report_known import AtInstant
from models.schemas.checkin import AnswerState
from models.schemas.report_clock import CheckinFigures
from models.tables import Blocker, Checkin, CheckinAnswer, CheckinMember

SHARE, MOOD = 4, 2
FEWEST = 3
"""Answers that a mean of moods is told of."""
WEEK = timedelta(days=7)


def checkin_figures(session: Session, of: AtInstant) -> dict[str, CheckinFigures]:
    """By project and ISO week, of every week in which somebody answered."""
    rows = session.scalars(select(Checkin).where(Checkin.project_id.is_not(None)).order_by(Checkin.id)).all()
    checkins = {row.id: row for row in rows if row.project_id in of.project_names}
    said = _answers(session, checkins, of.now)
    teams = _teams(session, checkins, said)
    reaches = _reaches(session, teams, said)
    named = select(Blocker).where(
        Blocker.checkin_id.in_(checkins), Blocker.text != ""
    )  # what was forgotten says nothing
    blockers = session.scalars(named.order_by(Blocker.id)).all()
    found = {}
    for (checkin_id, monday), answers in sorted(said.items()):
        checkin = checkins[checkin_id]
        name = of.project_names[checkin.project_id or 0]
        expected = _expected([reaches[person] for person in teams[checkin_id] if person in reaches], checkin, monday)
        open_ones = [one for one in blockers if one.checkin_id == checkin_id and _stands(one, monday, of.now)]
        found[f"{name}_{iso_week(monday)}"] = _figures(of, answers, expected, open_ones)
    return found


def _answers(
    session: Session, checkins: Iterable[int], now: datetime
) -> Mapping[tuple[int, date], Sequence[CheckinAnswer]]:
    """By check-in and the Monday of their week."""
    statement = select(CheckinAnswer).where(
        CheckinAnswer.checkin_id.in_(list(checkins)),
        CheckinAnswer.state == AnswerState.ANSWERED,
        CheckinAnswer.answered_at <= now,
    )
    found: dict[tuple[int, date], list[CheckinAnswer]] = defaultdict(list)
    for row in session.scalars(statement.order_by(CheckinAnswer.id)):
        monday = row.local_date - timedelta(days=row.local_date.weekday())
        found[row.checkin_id, monday].append(row)
    return found


def _teams(
    session: Session, checkins: Iterable[int], said: Mapping[tuple[int, date], Sequence[CheckinAnswer]]
) -> Mapping[int, set[int]]:
    """Those who take part; where a whole channel does, those who have answered."""
    statement = select(CheckinMember.checkin_id, CheckinMember.person_id).where(
        CheckinMember.checkin_id.in_(list(checkins)), CheckinMember.role == "participant"
    )
    found: dict[int, set[int]] = {checkin: set() for checkin in checkins}
    for checkin_id, person_id in session.execute(statement):
        found[checkin_id].add(person_id)
    for (checkin_id, _), answers in said.items():
        found[checkin_id] |= {row.person_id for row in answers}
    return found


def _reaches(
    session: Session, teams: Mapping[int, set[int]], said: Mapping[tuple[int, date], object]
) -> Mapping[int, Reach]:
    """With the absences of the first week that is told of, and all later ones."""
    if not said:
        return {}
    first = instant(min(monday for _, monday in said), time(), "UTC")
    return calendars.reaches(session, set().union(*teams.values()), now=first)


def _expected(team: Iterable[Reach], checkin: Checkin, monday: date) -> int:
    """People by the days of theirs on which they are asked: their working days, less the ones they are away."""
    days = [monday + timedelta(days=n) for n in range(7)]
    asked = [day for day in days if day.isoweekday() in checkin.days]
    return sum(reach.is_at_work(day) for reach in team for day in asked)


def _stands(blocker: Blocker, monday: date, now: datetime) -> bool:
    """It was said in this week and is not solved yet."""
    solved = blocker.solved_on is not None and blocker.solved_on <= now.date()
    return not solved and blocker.since_on < monday + WEEK and blocker.last_said_on >= monday


def _figures(
    of: AtInstant, answers: Sequence[CheckinAnswer], expected: int, blockers: Iterable[Blocker]
) -> CheckinFigures:
    moods: dict[date, list[int]] = defaultdict(list)
    for row in answers:
        if row.mood is not None:
            moods[row.local_date].append(row.mood)
    by_day = {day: _mean(values) for day, values in sorted(moods.items())}
    return CheckinFigures(
        expected=expected,
        answered=len(answers),
        participation=half_up(Fraction(len(answers), expected), SHARE) if expected else None,
        mood_mean=_mean([mood for values in moods.values() for mood in values]),
        mood_by_day={day: mean for day, mean in by_day.items() if mean is not None},
        open_blockers=sorted({f"{of.handle(one.person_id)}: {one.text}" for one in blockers}),
    )


def _mean(moods: Sequence[int]) -> Decimal | None:
    """Nobody's own mood can be read from it."""
    return half_up(Fraction(sum(moods), len(moods)), MOOD) if len(moods) >= FEWEST else None
