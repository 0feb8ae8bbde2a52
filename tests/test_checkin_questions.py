"""The questions of a check-in as people type them."""

import pytest

from bot.domain.checkin_questions import MOOD_QUESTION, WrongQuestions, read_answer, read_questions, typed_questions
from models.schemas.checkin import DEFAULT_QUESTIONS, Question, QuestionKind

TYPED = "What did you finish?\nWhat is next?\nWhat is in your way?"


def test_the_usual_ones_are_known():
    assert tuple(read_questions(TYPED, mood=False)) == DEFAULT_QUESTIONS
    assert typed_questions(DEFAULT_QUESTIONS) == TYPED


def test_brackets_say_what_is_answered():
    typed = (
        " - Did the build pass? (Yes/No)\n2) Tickets closed (number)\n\nHow are you? ( mood 1–5 )\nBlocked (by whom)?"
    )
    found = read_questions(typed, mood=False)
    assert [(each.id, each.text, each.kind.value) for each in found] == [
        ("q1", "Did the build pass?", "yes_no"),
        ("q2", "Tickets closed", "number"),
        ("mood", "How are you?", "mood"),
        ("blocker", "Blocked (by whom)?", "text"),
    ]
    again = "Did the build pass? (yes/no)\nTickets closed (number)\nHow are you? (mood 1-5)\nBlocked (by whom)?"
    assert typed_questions(found) == again
    assert read_questions(again, mood=True, known=found) == found


def test_a_line_that_stays_keeps_its_id_and_a_new_one_takes_none_that_was_used():
    first = read_questions("One thing?\nAnother thing?\nBlocked?", mood=False)
    second = read_questions("Third thing?\nAnother thing?\nBlocked by what?", mood=False, known=first)
    assert [each.id for each in second] == ["q3", "q2", "blocker"]


def test_mood_is_added_where_nobody_wrote_a_line_for_it():
    found = read_questions(TYPED, mood=True)
    assert found[2] == MOOD_QUESTION
    assert typed_questions(found) == TYPED


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" \n ", "Write at least one question. The last one is about blockers."),
        ("a b\nc d\ne f\ng h\ni j", "These are 5 questions. Ask at most 4."),
        ("Ok\nBlocked?", "A question needs 3 letters or more."),
        ("x" * 141, "Keep each question under 140 characters."),
        ("Same?\nsame?", "Two of the questions are the same. Ask each once."),
        ("Blocked? (yes/no)", "The last question is about blockers, which are said in words: take its brackets away."),
        ("Good? (mood)\nFine? (mood 1-5)\nBlocked?", "Ask for mood once."),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(typed, words):
    with pytest.raises(WrongQuestions, match=words.replace("?", r"\?").replace("(", r"\(")):
        read_questions(typed, mood=False)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [("number", " 2,50 ", "2.5"), ("number", "1e3", "1000"), ("yes_no", "yes", "yes"), ("mood", "5", "5")],
)
def test_answers_are_kept_as_one_would_write_them(kind, typed, kept):
    assert read_answer(Question(id="q1", text="So?", kind=QuestionKind(kind)), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e99"),
        ("yes_no", "maybe"),
        ("mood", "6"),
        ("text", "x" * 601),
    ],
)
def test_other_answers_are_refused(kind, typed):
    with pytest.raises(WrongQuestions):
        read_answer(Question(id="q1", text="So?", kind=QuestionKind(kind)), typed)
