"""The check-ins of the teams of a portfolio file: who takes part, and what they said day by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.wall_time import WORKING_DAYS, instant
from bot.services import places
from bot.services.counter import next_number
from bot.services.importing_plan import midnight
from bot.services.importing_records import Owners
from models.schemas.checkin import BLOCKER, DEFAULT_QUESTIONS, FINISHED, NEXT, AnswerState, CheckinState
from models.schemas.portfolio import Portfolio
from models.schemas.portfolio_teams import CheckinRecord
from models.schemas.project import Place
from models.tables import Blocker, Checkin, CheckinAnswer, CheckinMember, CheckinRound

QUESTIONS = [question.model_dump(mode="json") for question in DEFAULT_QUESTIONS]
FIELDS = {FINISHED: "yesterday", NEXT: "today", BLOCKER: "blocker"}
"""What a file calls the answers to them."""

AT = time(9)
WINDOW = timedelta(hours=8)
STATE = CheckinState.PAUSED
"""An import asks nobody anything: somebody of the team starts its check-in again."""


def take_checkins(session: Session, portfolio: Portfolio, *, owners: Owners, now: datetime) -> int:
    """How many answers are new."""
    by_project: dict[str, list[CheckinRecord]] = {project: [] for project in portfolio.checkin_team}
    for record in portfolio.checkins:
        by_project.setdefault(record.project, []).append(record)
    found = places.by_ids(session, project_ids=(owners.projects[project] for project in by_project))
    added = 0
    for project, records in by_project.items():
        place = found[f"project:{owners.projects[project]}"]
        team = portfolio.checkin_team.get(project) or sorted({record.person for record in records})
        checkin = _checkin(session, project, place, team, records, owners, now)
        added += _take_answers(session, checkin, place, records, owners)
    return added


def _checkin(
    session: Session,
    project: str,
    place: Place,
    team: Sequence[str],
    records: Sequence[CheckinRecord],
    owners: Owners,
    now: datetime,
) -> Checkin:
    """The one that came from a file before, as it is."""
    known = session.scalars(select(Checkin).where(Checkin.external_id == project)).one_or_none()
    if known is not None:
        return known
    checkin = Checkin(
        external_id=project,
        name=place.name,
        channel=None if _has_one(session, place.channel) else place.channel,
        project_id=place.id,
        program_id=place.program_id,
        questions=QUESTIONS,
        days=sorted(WORKING_DAYS),
        at=AT.isoformat("minutes"),
        tz=None,
        mood=any(record.mood for record in records),
        state=STATE.value,
        created_at=now,
    )
    session.add(checkin)
    session.flush()
    people = dict.fromkeys(owners.people.ids[handle] for handle in team)
    session.add_all(CheckinMember(checkin_id=checkin.id, person_id=person_id) for person_id in people)
    session.flush()
    return checkin


def _has_one(session: Session, channel: str | None) -> bool:
    """A channel has one check-in: the one that was set up there by hand."""
    there = select(Checkin.id).where(Checkin.channel == channel, Checkin.state != CheckinState.ENDED)
    return channel is not None and session.scalar(there) is not None


def _take_answers(
    session: Session, checkin: Checkin, place: Place, records: Sequence[CheckinRecord], owners: Owners
) -> int:
    statement = select(CheckinAnswer.person_id, CheckinAnswer.local_date).where(CheckinAnswer.checkin_id == checkin.id)
    there = set(session.execute(statement))
    ids = owners.people.ids
    new = [record for record in records if (ids[record.person], record.date) not in there]
    rounds = _rounds(session, checkin, place, new)
    rows = [_answer(record, checkin, rounds[record.date], owners) for record in new]
    session.add_all(rows)
    session.flush()
    _take_blockers(session, checkin, [(record, row) for record, row in zip(new, rows, strict=True) if record.blocker])
    return len(new)


def _rounds(
    session: Session, checkin: Checkin, place: Place, records: Iterable[CheckinRecord]
) -> Mapping[date, CheckinRound]:
    """One for each date; what is over needs no step of the clock."""
    statement = select(CheckinRound).where(CheckinRound.checkin_id == checkin.id)
    found = {row.local_date: row for row in session.scalars(statement)}
    answered = defaultdict(list)
    for record in records:
        answered[record.date].append(record.answered_at)
    for day in sorted(answered.keys() - found.keys()):
        opens_at = min(instant(day, AT, place.tz), *answered[day])
        closes_at = max(opens_at + WINDOW, *answered[day])
        values: dict[str, Any] = {"checkin_id": checkin.id, "local_date": day, "state": "closed"}
        values["questions"] = QUESTIONS
        found[day] = CheckinRound(opens_at=opens_at, closes_at=closes_at, **values)
        session.add(found[day])
    session.flush()
    return found


def _answer(record: CheckinRecord, checkin: Checkin, of: CheckinRound, owners: Owners) -> CheckinAnswer:
    said = {question: getattr(record, field) for question, field in FIELDS.items()}
    return CheckinAnswer(
        round_id=of.id,
        checkin_id=checkin.id,
        person_id=owners.people.ids[record.person],
        local_date=record.date,
        ask_at=min(of.opens_at, record.answered_at),
        close_at=max(of.closes_at, record.answered_at),
        state=AnswerState.ANSWERED.value,
        answers={question: text for question, text in said.items() if text},
        mood=record.mood,
        answered_at=record.answered_at,
    )


def _take_blockers(session: Session, checkin: Checkin, said: Sequence[tuple[CheckinRecord, CheckinAnswer]]) -> None:
    """The same words of the same person are one blocker, from the first day to the last."""
    found: dict[tuple[str, str], Blocker] = {}
    for record, row in sorted(said, key=lambda pair: (pair[0].date, pair[0].person)):
        key = (record.person, record.blocker or "")
        if key not in found:
            values: dict[str, Any] = {"text": record.blocker, "since_on": record.date, "last_said_on": record.date}
            number = next_number(session, "blocker")
            found[key] = Blocker(
                number=number, checkin_id=checkin.id, person_id=row.person_id, answer_id=row.id, **values
            )
        solved_on = record.blocker_resolved_on
        found[key].last_said_on = record.date
        found[key].solved_on = solved_on
        found[key].solved_at = None if solved_on is None else midnight(solved_on, "UTC")
    session.add_all(found.values())
    session.flush()
    for record, row in said:
        ids = [found[record.person, record.blocker or ""].id]
        session.execute(update(CheckinAnswer).where(CheckinAnswer.id == row.id).values(blocker_ids=ids))
