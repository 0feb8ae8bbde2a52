"""What people answer in a round: given, changed until their time is over, skipped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.domain.checkin_questions import PLANS
from bot.domain.reference import row_id
from bot.errors import NotFound, UserError
from bot.services import blockers
from bot.services import checkin as checkins
from models.schemas.checkin import AnswerState, OpenBlocker, Question
from models.schemas.checkin_round import AnswerDraft
from models.schemas.people import PersonCard
from models.tables import Blocker, CheckinAnswer, CheckinRound

ROUND = "round:"
"""How the value of a button in a channel begins, where everybody presses the same one."""


class Start(NamedTuple):
    """What somebody's form opens with."""

    answer_id: int
    team: str
    questions: list[Question]
    answers: Mapping[str, str]
    mood: int | None
    old: list[OpenBlocker]
    """That they are asked about."""
    own: OpenBlocker | None
    """That this answer named before."""
    planned: bool
    """Something in it is what they planned last time."""


class Saved(NamedTuple):
    answer_id: int
    round_id: int
    is_new: bool
    blocker_ids: set[int]
    """Whose state changed, those of older rounds too."""


def start(session: Session, ref: str, by: PersonCard, *, now: datetime) -> Start:
    row, of = _open_answer(session, ref, by, now, lock=False)
    return _start(session, row, of)


def held(session: Session, answer_id: int | None, by: PersonCard, *, now: datetime) -> Start:
    """The same with the round locked, so that nobody else writes into it."""
    return _start(session, *_open_answer(session, str(answer_id), by, now, lock=True))


def save(session: Session, answer_id: int, draft: AnswerDraft, *, by: PersonCard, now: datetime) -> Saved:
    """Raises UserError once their time is over."""
    row, of = _open_answer(session, str(answer_id), by, now, lock=True)
    begun = _start(session, row, of)
    asked = {blocker.id for blocker in begun.old}
    solved = {blocker_id for blocker_id in draft.solved if blocker_id in asked}
    still = [blocker_id for blocker_id in draft.still if blocker_id in asked - solved]
    for blocker_id in solved:
        _solve(session, blocker_id, row, by, now)
    blockers.say_again(session, still, on=row.local_date)
    named = _own_blocker(session, begun.own, draft.blocker, row, by, now)
    is_new = row.state != AnswerState.ANSWERED
    _write(session, row, draft, [*still, *named], is_new, now)
    bump(session, row.round_id)
    changed = solved | ({begun.own.id} if begun.own and begun.own.id not in named else set())
    return Saved(row.id, row.round_id, is_new, changed)


def skip(session: Session, ref: str, *, by: PersonCard, now: datetime) -> Saved | None:
    """None where they answered or skipped it already."""
    row, _ = _open_answer(session, ref, by, now, lock=True)
    if row.state in (AnswerState.ANSWERED, AnswerState.SKIPPED):
        return None
    change = update(CheckinAnswer).where(CheckinAnswer.id == row.id).values(state=AnswerState.SKIPPED.value)
    session.execute(change)
    bump(session, row.round_id)
    return Saved(row.id, row.round_id, False, set())


def bump(session: Session, round_id: int) -> None:
    """Its message shows something else now."""
    newer = {"version": CheckinRound.version + 1}
    session.execute(
        update(CheckinRound).where(CheckinRound.id == round_id).values(**newer),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def bump_answer(session: Session, answer_id: int) -> int:
    """The same of one answer. Returns its version."""
    newer = update(CheckinAnswer).where(CheckinAnswer.id == answer_id).values(version=CheckinAnswer.version + 1)
    version: int = session.execute(
        newer.returning(CheckinAnswer.version), execution_options={"synchronize_session": False}
    ).scalar_one()
    session.expire_all()
    return version


def waiting_of(session: Session, checkin_id: int, person_id: int) -> list[int]:
    """What they are asked now in this check-in."""
    asked = select(CheckinAnswer.id).where(
        CheckinAnswer.checkin_id == checkin_id,
        CheckinAnswer.person_id == person_id,
        CheckinAnswer.state == AnswerState.SENT,
    )
    return list(session.scalars(asked))


_COLUMNS = ("id", "round_id", "checkin_id", "person_id", "local_date", "close_at", "state", "answers", "mood")
_ANSWERS = select(*(getattr(CheckinAnswer, name) for name in (*_COLUMNS, "answered_at", "version")))
"""Plain rows: they stay as they were read, whatever is written after."""


def _open_answer(
    session: Session, ref: str, by: PersonCard, now: datetime, *, lock: bool
) -> tuple[Row[Any], CheckinRound]:
    found = _find(session, ref, by)
    if found is None:
        raise _not_in_it(session, ref)
    if lock:
        checkins.lock(session, found.checkin_id)
    of = session.get_one(CheckinRound, found.round_id, with_for_update=lock, populate_existing=True)
    row = session.execute(_ANSWERS.where(CheckinAnswer.id == found.id)).one() if lock else found
    if of.state != "open" or now >= row.close_at:
        raise UserError("Your time for this check-in is over. What you answered until then stands as it is.")
    return row, of


def _find(session: Session, ref: str, by: PersonCard) -> Row[Any] | None:
    """Their own alone, whatever the button says."""
    mine = _ANSWERS.where(CheckinAnswer.person_id == by.id)
    if ref.startswith(ROUND):
        of = row_id(ref.removeprefix(ROUND))
        return session.execute(mine.where(CheckinAnswer.round_id == of)).one_or_none()
    return session.execute(mine.where(CheckinAnswer.id == row_id(ref))).one_or_none()


def _not_in_it(session: Session, ref: str) -> UserError:
    round_id = row_id(ref.removeprefix(ROUND)) if ref.startswith(ROUND) else None
    if session.scalar(select(CheckinRound.id).where(CheckinRound.id == round_id)) is None:
        return NotFound("this check-in")
    return UserError("You are not asked in this round: who takes part was settled when it opened.")


def _start(session: Session, row: Row[Any], of: CheckinRound) -> Start:
    questions = [Question.model_validate(question) for question in of.questions]
    is_changed = row.state == AnswerState.ANSWERED
    answers = _said(row) if is_changed else _planned(session, row, questions)
    found = blockers.open_of(session, [(row.checkin_id, row.person_id)]).get((row.checkin_id, row.person_id), [])
    named_here = select(Blocker.id).where(Blocker.answer_id == row.id, Blocker.solved_at.is_(None))
    own_id = session.scalar(named_here.order_by(Blocker.id.desc()).limit(1)) if is_changed else None
    own = blockers.find(session, own_id)
    return Start(
        answer_id=row.id,
        team=checkins.get(session, row.checkin_id).team,
        questions=questions,
        answers=answers,
        mood=row.mood,
        old=[blocker for blocker in found if blocker.id != own_id],
        own=blockers.as_asked(own) if own else None,
        planned=bool(answers) and not is_changed,
    )


def _said(row: Row[Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in (row.answers or {}).items()}


def _planned(session: Session, row: Row[Any], questions: list[Question]) -> dict[str, str]:
    """What they said last time that they would do is what they may have done."""
    wanted = {done: plan for done, plan in PLANS.items() if any(question.id == done for question in questions)}
    if not wanted:
        return {}
    before = _ANSWERS.where(
        CheckinAnswer.checkin_id == row.checkin_id,
        CheckinAnswer.person_id == row.person_id,
        CheckinAnswer.state == AnswerState.ANSWERED,
        CheckinAnswer.local_date < row.local_date,
    )
    last = session.execute(before.order_by(CheckinAnswer.local_date.desc()).limit(1)).first()
    said = _said(last) if last else {}
    return {done: said[plan] for done, plan in wanted.items() if said.get(plan)}


def _solve(session: Session, blocker_id: int, row: Row[Any], by: PersonCard, now: datetime) -> None:
    card = blockers.hold(session, blocker_id)
    if card is not None:
        blockers.solve(session, card, by=by, on=row.local_date, now=now)


def _own_blocker(
    session: Session, own: OpenBlocker | None, text: str | None, row: Row[Any], by: PersonCard, now: datetime
) -> list[int]:
    """What they type is one blocker of this answer: changed words change it, none at all take it away."""
    if own is not None:
        card = blockers.hold(session, own.id)
        assert card is not None
        if text is None:
            blockers.solve(session, card, by=by, on=row.local_date, now=now)
            return []
        blockers.reword(session, card, text, by=by, now=now)
        return [own.id]
    if text is None:
        return []
    new = blockers.name_blocker(
        session,
        text,
        checkin_id=row.checkin_id,
        person_id=row.person_id,
        answer_id=row.id,
        on=row.local_date,
        now=now,
    )
    return [new]


def _write(
    session: Session, row: Row[Any], draft: AnswerDraft, blocker_ids: list[int], is_new: bool, now: datetime
) -> None:
    values: dict[str, Any] = {
        "state": AnswerState.ANSWERED.value,
        "answers": draft.answers,
        "mood": draft.mood,
        "blocker_ids": blocker_ids,
        "version": row.version if is_new else row.version + 1,
        "answered_at": now if is_new else row.answered_at,
    }
    session.execute(update(CheckinAnswer).where(CheckinAnswer.id == row.id).values(**values))
    session.expire_all()
