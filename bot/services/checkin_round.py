"""One round of a check-in, read as its channel is shown it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.checkin import mood_mean
from bot.domain.checkin_questions import asks_for_mood
from bot.domain.policy import Standing
from bot.errors import NotFound
from bot.services import blockers, likely, people
from bot.services import checkin as checkins
from models.schemas.checkin import AnswerState, Question
from models.schemas.checkin_round import AnswerCard, BlockerCard, Likely, RoundCard
from models.schemas.people import PersonCard
from models.tables import Blocker, CheckinAnswer, CheckinRound

LATE = datetime.max.replace(tzinfo=UTC)
ROUNDS_BACK = 10
MOST_REFRESHED = 3


def get(session: Session, round_id: int, *, now: datetime) -> RoundCard:
    found = find(session, round_id, now=now)
    if found is None:
        raise NotFound("this check-in")
    return found


def find(session: Session, round_id: int | None, *, now: datetime) -> RoundCard | None:
    """The same number of statements whatever the number of people, answers and blockers."""
    of = session.get(CheckinRound, round_id) if round_id is not None else None
    if of is None:
        return None
    card = checkins.get(session, of.checkin_id)
    rows = session.scalars(select(CheckinAnswer).where(CheckinAnswer.round_id == of.id)).all()
    who = people.cards(session, (row.person_id for row in rows))
    answers = sorted((_answer(row, who) for row in rows), key=_as_answered)
    questions = [Question.model_validate(question) for question in of.questions]
    said = {blocker for answer in answers for blocker in answer.blocker_ids}
    is_open = of.state == "open"
    seen_by = likely.everybody_in(session, card.channel, [*who.values(), *card.observers])
    return RoundCard(
        id=of.id,
        checkin_id=card.id,
        team=card.team,
        place=card.place,
        channel=card.channel,
        local_date=of.local_date,
        closes_at=of.closes_at,
        is_open=is_open,
        is_live=card.live,
        questions=questions,
        answers=answers,
        blockers=_blockers(session, said, seen_by, with_likely=not is_open, now=now),
        asks_mood=asks_for_mood(questions),
        mood=mood_mean(row.mood for row in rows if row.state == AnswerState.ANSWERED),
        version=of.version,
    )


def rounds_naming(session: Session, blocker_ids: Iterable[int]) -> list[int]:
    """The newest rounds whose messages name these blockers."""
    wanted = set(blocker_ids)
    found: defaultdict[int, list[int]] = defaultdict(list)
    whose = select(Blocker.checkin_id, Blocker.person_id).where(Blocker.id.in_(wanted)).distinct()
    columns = select(CheckinAnswer.round_id, CheckinAnswer.blocker_ids)
    for checkin_id, person_id in session.execute(whose) if wanted else ():
        theirs = columns.where(CheckinAnswer.checkin_id == checkin_id, CheckinAnswer.person_id == person_id)
        for row in session.execute(theirs.order_by(CheckinAnswer.round_id.desc()).limit(ROUNDS_BACK)):
            for blocker in wanted.intersection(row.blocker_ids or ()):
                found[blocker].append(row.round_id)
    return sorted({each for rounds in found.values() for each in rounds[:MOST_REFRESHED]})


def _blockers(
    session: Session, ids: Collection[int], seen_by: Standing, *, with_likely: bool, now: datetime
) -> list[BlockerCard]:
    """With the likeliest record of each that is open and linked to none, where this is told."""
    if not ids:
        return []
    found = blockers.cards(session, select(Blocker).where(Blocker.id.in_(ids)))
    found = _without_hidden_titles(session, found, seen_by)
    texts = {card.id: card.text for card in found if card.is_open and not card.record_ref}
    alike: Mapping[int, Likely] = likely.of_texts(session, texts, seen_by, now=now) if with_likely else {}
    return [card.model_copy(update={"likely": alike.get(card.id)}) for card in found]


def _without_hidden_titles(session: Session, found: Sequence[BlockerCard], seen_by: Standing) -> list[BlockerCard]:
    """A record that not everybody in the channel may see is named by its number alone."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for card in found:
        if card.record_kind and card.record_id:
            ids[card.record_kind].add(card.record_id)
    seen = {kind: likely.seen_records(session, kind, records, seen_by) for kind, records in ids.items()}
    return [card if _is_named(card, seen) else card.model_copy(update=NAMELESS) for card in found]


NAMELESS = {"record_title": None, "record_link": None}


def _is_named(card: BlockerCard, seen: Mapping[str, set[int]]) -> bool:
    return card.record_kind is None or card.record_id in seen.get(card.record_kind, ())


def _answer(row: CheckinAnswer, who: Mapping[int, PersonCard]) -> AnswerCard:
    return AnswerCard(
        id=row.id,
        person=who[row.person_id],
        state=AnswerState(row.state),
        local_date=row.local_date,
        close_at=row.close_at,
        answers={str(name): str(text) for name, text in (row.answers or {}).items()},
        blocker_ids=[int(blocker) for blocker in row.blocker_ids or ()],
        answered_at=row.answered_at,
        version=row.version,
    )


def _as_answered(answer: AnswerCard) -> tuple[datetime, str]:
    return answer.answered_at or LATE, answer.person.handle
