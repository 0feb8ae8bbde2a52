"""Check-ins answered from Slack: in a form, skipped, changed; what came of a round for those who read it."""

import json
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.checkin_questions import WrongQuestions, read_answer
from bot.domain.reference import row_id
from bot.errors import InvalidForm, NotFound, Refused
from bot.notices import checkin as notices
from bot.services import checkin as checkins
from bot.services import checkin_answers, checkin_round
from bot.services.checkin_answers import Start
from bot.views.checkin_answer import SOLVED, STATE_OF, answer_form
from bot.views.checkin_round import answers_page, missing_message
from bot.views.text import title
from handlers.feature import Ask, Feature, Reply, reads, writes
from handlers.forms import form_values
from handlers.meanwhile import merged, remembering
from models.schemas.checkin import BLOCKER, Question, QuestionKind
from models.schemas.checkin_round import MOST_BLOCKER, AnswerDraft, RoundCard
from models.schemas.message import View
from models.schemas.people import PersonCard

EMPTY = {
    QuestionKind.TEXT: "Write an answer; a word is enough.",
    QuestionKind.NUMBER: "Write a number, as 3 or 2.5.",
    QuestionKind.YES_NO: "Choose yes or no.",
}


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    person = _known(ask, session)
    start = checkin_answers.start(session, ask.value, person, now=ask.now)
    return Reply(form=_form(ask, start, person))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session).person
    start = checkin_answers.held(session, row_id(str(ask.metadata.get("answer"))), by, now=ask.now)
    if (again := merged(ask, _form(ask, start, by), what=f"The check-in of {title(start.team)}")) is not None:
        return again
    draft = _read(form_values(ask), start)
    saved = checkin_answers.save(session, start.answer_id, draft, by=by, now=ask.now)
    notices.tell_answered(session, saved, by=by, now=ask.now)
    return Reply()


@writes
def skip(ask: Ask, session: Session) -> Reply:
    """Pressed twice it is skipped once; who has answered keeps their answer."""
    by = ask.acting(session).person
    saved = checkin_answers.skip(session, ask.value, by=by, now=ask.now)
    if saved is not None:
        notices.tell_skipped(session, saved, by=by, now=ask.now)
    return Reply()


@reads
def show_answers(ask: Ask, session: Session) -> Reply:
    return _page(ask, session, replaces=False)


@reads
def turn_page(ask: Ask, session: Session) -> Reply:
    return _page(ask, session, replaces=True)


@reads
def show_missing(ask: Ask, session: Session) -> Reply:
    """To who set it up, who reads along and the program manager: nobody else reads a name."""
    card = _seen(ask, session, ask.value)
    person = ask.standing(session).person
    checkin = checkins.get(session, card.checkin_id)
    manager = (card.place.manager_id or card.place.owner.id) if card.place else None
    may = {person.id for person in (checkin.created_by, *checkin.observers) if person} | {manager}
    if person.id not in may:
        raise Refused(
            "Who is missing is shown to who set up the check-in, who reads along, and the program manager",
            f"Ask {title(checkin.created_by.handle)}." if checkin.created_by else "Ask them.",
        )
    return Reply(private=missing_message(card, ask.today(person.tz)))


def _page(ask: Ask, session: Session, *, replaces: bool) -> Reply:
    round_id, _, page = ask.value.partition(":")
    card = _seen(ask, session, round_id)
    shown = answers_page(card, row_id(page) or 1, ask.today(ask.standing(session).person.tz))
    return Reply(private=shown, replaces=replaces)


def _seen(ask: Ask, session: Session, round_id: str) -> RoundCard:
    """In its channel, or by those who are in it or read along."""
    card = checkin_round.find(session, row_id(round_id), now=ask.now)
    person = ask.standing(session).person
    if card is not None and card.channel is not None and card.channel == ask.channel:
        return card
    if card is None or person.id not in _readers(session, card):
        raise NotFound("this check-in")
    return card


def _readers(session: Session, card: RoundCard) -> set[int]:
    taking_part = {answer.person.id for answer in card.answers}
    return taking_part | {person.id for person in checkins.get(session, card.checkin_id).observers}


def _known(ask: Ask, session: Session) -> PersonCard:
    """Whom we have never met is asked nothing."""
    person = ask.person(session)
    if person is None:
        raise NotFound("this check-in")
    return person


def _form(ask: Ask, start: Start, person: PersonCard) -> View:
    view = answer_form(
        team=start.team,
        questions=start.questions,
        answers=start.answers,
        mood=start.mood,
        old=start.old,
        own=start.own,
        planned=start.planned,
        today=ask.today(person.tz),
        metadata=json.dumps({"answer": start.answer_id}),
    )
    return remembering(view)


def _read(values: dict[str, Any], start: Start) -> AnswerDraft:
    """Everything that is wrong is said at once, each at its field."""
    answers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in start.questions[:-1]:
        try:
            said = _said(question, values.get(question.id))
        except WrongQuestions as wrong:
            problems[question.id] = str(wrong)
        else:
            answers |= {question.id: said} if said is not None else {}
    blocker = values.get(BLOCKER)
    if blocker is not None and len(blocker) > MOST_BLOCKER:
        problems[BLOCKER] = f"Keep it under {MOST_BLOCKER} characters."
    if problems:
        raise InvalidForm(problems)
    moods = [answers.pop(question.id) for question in start.questions if _is_mood(question) and question.id in answers]
    solved = [old.id for old in start.old if values.get(f"{STATE_OF}{old.id}") == SOLVED]
    still = [old.id for old in start.old if old.id not in solved]
    mood = int(moods[0]) if moods else None
    return AnswerDraft(answers=answers, mood=mood, still=still, solved=solved, blocker=blocker)


def _said(question: Question, typed: Any) -> str | None:
    """Mood is theirs to leave."""
    if typed is not None:
        return read_answer(question, str(typed))
    if _is_mood(question):
        return None
    raise WrongQuestions(EMPTY[question.kind])


def _is_mood(question: Question) -> bool:
    return question.kind is QuestionKind.MOOD


FEATURE = Feature(
    actions={
        "checkin.answer": open_form,
        "checkin.skip": skip,
        "checkin.answers": show_answers,
        "checkin.page": turn_page,
        "checkin.missing": show_missing,
    },
    forms={"checkin.answer": save},
)
