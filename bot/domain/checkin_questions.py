"""Questions of a check-in as people type them, one a line: what each asks for, and what may be answered."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from models.schemas.checkin import BLOCKER, DEFAULT_QUESTIONS, FINISHED, MOOD, NEXT, Question, QuestionKind

MOST_QUESTIONS = 4
MOST_LENGTH = 140
MOST_SAID = 600
YES, NO = "yes", "no"

MOOD_QUESTION = Question(id=MOOD, text="How are you today?", kind=QuestionKind.MOOD)
"""Where mood is asked for and no line of theirs asks."""

KINDS = {
    "yes/no": QuestionKind.YES_NO,
    "number": QuestionKind.NUMBER,
    "mood": QuestionKind.MOOD,
    "mood 1-5": QuestionKind.MOOD,
}
MARKS = {QuestionKind.YES_NO: "yes/no", QuestionKind.NUMBER: "number", QuestionKind.MOOD: "mood 1-5"}
"""What stands in brackets behind a question; nothing behind one that is answered in words."""

_BULLET = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_MARK = re.compile(r"\(([^()]*)\)$")

PLANS = {FINISHED: NEXT}
"""What was planned is what may be finished: the answer of one is where the next round's other one starts."""


class WrongQuestions(ValueError):
    """In words for whoever typed them."""


def read_questions(typed: str, *, mood: bool, known: Sequence[Question] = DEFAULT_QUESTIONS) -> list[Question]:
    """`known` are those that stood there before: a line that stays keeps its id, so that its answers stay its own."""
    lines = [line for raw in typed.splitlines() if (line := _BULLET.sub("", " ".join(raw.split())))]
    asked = [_read(line) for line in lines]
    _require_sound(asked)
    *others, (about_blockers, _) = asked
    found = _named(others, known)
    if mood and not any(question.kind is QuestionKind.MOOD for question in found):
        found.append(MOOD_QUESTION)
    return [*found, Question(id=BLOCKER, text=about_blockers)]


def typed_questions(questions: Iterable[Question]) -> str:
    """As they would be typed. The one that the option for mood adds is not a line of theirs."""
    return "\n".join(_typed(question) for question in questions if question != MOOD_QUESTION)


def asks_for_mood(questions: Iterable[Question]) -> bool:
    return any(question.kind is QuestionKind.MOOD for question in questions)


def read_answer(question: Question, typed: str) -> str:
    """As it is kept. Raises WrongQuestions with what would be right."""
    if question.kind is QuestionKind.NUMBER:
        return _number(typed)
    if question.kind is QuestionKind.YES_NO and typed not in (YES, NO):
        raise WrongQuestions("Choose yes or no.")
    if question.kind is QuestionKind.MOOD and typed not in {"1", "2", "3", "4", "5"}:
        raise WrongQuestions("Choose from 1 to 5, or leave it.")
    if len(typed) > MOST_SAID:
        raise WrongQuestions(f"Keep it under {MOST_SAID} characters.")
    return typed


def _number(typed: str) -> str:
    try:
        number = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        raise WrongQuestions("Write a number, as 3 or 2.5.") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise WrongQuestions("Write a number, as 3 or 2.5.")
    return f"{number.normalize():f}"


def _read(line: str) -> tuple[str, QuestionKind]:
    mark = _MARK.search(line)
    kind = KINDS.get(" ".join(mark[1].lower().replace("–", "-").split())) if mark else None
    return (line[: mark.start()].rstrip(), kind) if mark and kind else (line, QuestionKind.TEXT)


def _require_sound(asked: Sequence[tuple[str, QuestionKind]]) -> None:
    if not asked:
        raise WrongQuestions("Write at least one question. The last one is about blockers.")
    if len(asked) > MOST_QUESTIONS:
        raise WrongQuestions(f"These are {len(asked)} questions. Ask at most {MOST_QUESTIONS}.")
    texts = [text.casefold() for text, _ in asked]
    if any(len(text) < 3 for text in texts):
        raise WrongQuestions("A question needs 3 letters or more.")
    if any(len(text) > MOST_LENGTH for text in texts):
        raise WrongQuestions(f"Keep each question under {MOST_LENGTH} characters.")
    if len(set(texts)) < len(texts):
        raise WrongQuestions("Two of the questions are the same. Ask each once.")
    if asked[-1][1] is not QuestionKind.TEXT:
        raise WrongQuestions("The last question is about blockers, which are said in words: take its brackets away.")
    if sum(kind is QuestionKind.MOOD for _, kind in asked) > 1:
        raise WrongQuestions("Ask for mood once.")


def _named(asked: Sequence[tuple[str, QuestionKind]], known: Sequence[Question]) -> list[Question]:
    ids = {(question.text, question.kind): question.id for question in (*DEFAULT_QUESTIONS[:2], *known)}
    taken = {question.id for question in known}
    free = (name for n in range(1, 1000) if (name := f"q{n}") not in taken)
    found: list[Question] = []
    for text, kind in asked:
        kept = ids.get((text, kind))
        own = next(free) if kept in (None, BLOCKER) else kept
        found.append(Question(id=MOOD if kind is QuestionKind.MOOD else str(own), text=text, kind=kind))
    return found


def _typed(question: Question) -> str:
    mark = MARKS.get(question.kind)
    return f"{question.text} ({mark})" if mark else question.text
