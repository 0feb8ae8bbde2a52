"""What became of the rounds of a check-in, in numbers."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.domain.checkin import counts
from bot.services import delivery
from models.schemas.checkin import AnswerState
from models.schemas.checkin_setup import CheckinCard, CheckinShown, PastRound
from models.tables import CheckinAnswer, CheckinRound

MOST_ROUNDS = 5


def round_key(round_id: int) -> str:
    """Of the message in the channel under which a round stands."""
    return f"checkin.round:{round_id}"


def answer_key(answer_id: int) -> str:
    """Of the reply in its thread with what one person said."""
    return f"checkin.answer:{answer_id}"


def summary_key(round_id: int) -> str:
    return f"checkin.summary:{round_id}"


def shown(session: Session, card: CheckinCard, *, today: date) -> CheckinShown:
    return CheckinShown(checkin=card, rounds=last_rounds(session, card.id), today=today)


def last_rounds(session: Session, checkin_id: int, *, most: int = MOST_ROUNDS) -> list[PastRound]:
    """The newest first; three statements whatever the number of people."""
    newest = select(CheckinRound).where(CheckinRound.checkin_id == checkin_id).order_by(CheckinRound.local_date.desc())
    rounds = session.scalars(newest.limit(most)).all()
    links = delivery.links(session, (round_key(row.id) for row in rounds))
    said: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    columns = select(CheckinAnswer.round_id, CheckinAnswer.state, CheckinAnswer.blocker_ids)
    for answer in session.execute(columns.where(CheckinAnswer.round_id.in_([row.id for row in rounds]))):
        said[answer.round_id].append(answer)
    return [_past(row, said[row.id], links.get(round_key(row.id))) for row in rounds]


def _past(row: CheckinRound, said: list[Row[Any]], link: str | None) -> PastRound:
    number = counts(AnswerState(answer.state) for answer in said)
    return PastRound(
        id=row.id,
        local_date=row.local_date,
        is_open=row.state == "open",
        expected=number.expected,
        answered=number.answered,
        away=number.away,
        blockers=len({blocker for answer in said for blocker in answer.blocker_ids or ()}),
        link=link,
    )
