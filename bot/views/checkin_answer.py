"""The form in which somebody answers their check-in."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.checkin_questions import MOST_SAID, NO, YES
from bot.views.blocks import field, form, option, radio, section, text_input
from bot.views.checkin import since
from bot.views.text import cut, title
from models.schemas.checkin import BLOCKER, OpenBlocker, Question, QuestionKind
from models.schemas.checkin_round import MOST_BLOCKER
from models.schemas.message import Block, View

STATE_OF = "blocker_state."
"""How the fields of old blockers begin; the blocker's id follows."""
STILL, SOLVED = "still", "solved"
MOODS = tuple(
    option(label, value)
    for label, value in (
        ("5 Very good", "5"),
        ("4 Good", "4"),
        ("3 All right", "3"),
        ("2 Not good", "2"),
        ("1 Bad", "1"),
    )
)
YES_OR_NO = (option("Yes", YES), option("No", NO))
MOOD_HINT = "Shown only as an average of three or more people, never yours alone."
MOST_LABEL = 150


def answer_form(
    *,
    team: str,
    questions: Sequence[Question],
    answers: Mapping[str, str],
    mood: int | None,
    old: Sequence[OpenBlocker],
    own: OpenBlocker | None,
    planned: bool,
    today: date,
    metadata: str,
) -> View:
    """The first answer is filled from what was planned, an old blocker is a choice and not a text."""
    *others, about_blockers = questions
    fields = [_question(question, answers, mood, planned=planned, focus=n == 0) for n, question in enumerate(others)]
    fields += [_old_blocker(blocker, today) for blocker in old]
    label = "Anything else in your way?" if old else about_blockers.text
    text = text_input(
        most=MOST_BLOCKER, multiline=True, initial=own.text if own else "", example="Leave empty if nothing"
    )
    fields.append(field(BLOCKER, label, text, optional=True))
    return form("checkin.answer", "Check-in", "Post answers", [section(f"*{title(team)}*"), *fields], metadata=metadata)


def _question(question: Question, answers: Mapping[str, str], mood: int | None, *, planned: bool, focus: bool) -> Block:
    said = answers.get(question.id, "")
    if question.kind is QuestionKind.MOOD:
        chosen = str(mood) if mood else None
        return field(question.id, question.text, radio(MOODS, chosen=chosen), hint=MOOD_HINT, optional=True)
    if question.kind is QuestionKind.YES_NO:
        return field(question.id, question.text, radio(YES_OR_NO, chosen=said or None))
    if question.kind is QuestionKind.NUMBER:
        number = {"type": "number_input", "is_decimal_allowed": True} | ({"initial_value": said} if said else {})
        return field(question.id, question.text, number)
    hint = "From what you planned last time." if planned and said else None
    text = text_input(most=MOST_SAID, multiline=True, initial=said, focus=focus)
    return field(question.id, question.text, text, hint=hint)


def _old_blocker(blocker: OpenBlocker, today: date) -> Block:
    record = f" ({blocker.record_ref})" if blocker.record_ref else ""
    when = since(blocker.since_on, today)
    label = f"{cut(' '.join(blocker.text.split()), MOST_LABEL)}{record}, {when}"
    choices = (option("Still in my way", STILL), option("Solved", SOLVED))
    return field(f"{STATE_OF}{blocker.id}", label, radio(choices, chosen=STILL))
