"""Check-ins that wait for somebody's answer, as their daily message and their Home ask for them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.services import blockers, people, places
from models.schemas.checkin import AnswerState, CheckinAsk
from models.tables import Checkin, CheckinAnswer, CheckinRound


def of_people(session: Session, person_ids: Iterable[int], *, now: datetime) -> dict[int, list[CheckinAsk]]:
    """What each of these people is asked now, what closes first first; nothing of those who have answered."""
    waits = select(CheckinAnswer).where(
        CheckinAnswer.person_id.in_(list(person_ids)),
        CheckinAnswer.state == AnswerState.SENT,
        CheckinAnswer.close_at > now,
    )
    found: defaultdict[int, list[CheckinAsk]] = defaultdict(list)
    for ask in _asks(session, waits.order_by(CheckinAnswer.close_at, CheckinAnswer.id)):
        found[ask.person.id].append(ask)
    return dict(found)


def by_ids(session: Session, answer_ids: Collection[int]) -> dict[int, CheckinAsk]:
    """These, whatever became of them."""
    wanted = select(CheckinAnswer).where(CheckinAnswer.id.in_(answer_ids)).order_by(CheckinAnswer.id)
    return {ask.id: ask for ask in _asks(session, wanted)} if answer_ids else {}


def _asks(session: Session, statement: Select[CheckinAnswer]) -> list[CheckinAsk]:
    rows = session.scalars(statement).all()
    if not rows:
        return []
    teams, questions = _teams(session, rows), _questions(session, rows)
    who = people.cards(session, (row.person_id for row in rows))
    named = blockers.open_of(session, [(row.checkin_id, row.person_id) for row in rows])
    return [
        CheckinAsk(
            id=row.id,
            team=teams[row.checkin_id],
            person=who[row.person_id],
            questions=questions[row.round_id],
            minutes=(questions[row.round_id] + 1) // 2,
            close_at=row.close_at,
            local_date=row.local_date,
            state=AnswerState(row.state),
            open_blockers=named.get((row.checkin_id, row.person_id), []),
        )
        for row in rows
    ]


def _teams(session: Session, rows: Sequence[CheckinAnswer]) -> dict[int, str]:
    """By the name that the project has now."""
    asked = session.scalars(select(Checkin).where(Checkin.id.in_({row.checkin_id for row in rows}))).all()
    found = places.of_rows(session, [row for row in asked if row.project_id or row.program_id])
    return {row.id: place.name if (place := found.get(places.ref_of(row))) else row.name for row in asked}


def _questions(session: Session, rows: Sequence[CheckinAnswer]) -> dict[int, int]:
    """How many each round asks."""
    wanted = {row.round_id for row in rows}
    found = session.execute(select(CheckinRound.id, CheckinRound.questions).where(CheckinRound.id.in_(wanted)))
    return {round_id: max(1, len(questions)) for round_id, questions in found}
