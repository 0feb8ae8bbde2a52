"""A round in its channel: one message for the round, a reply for each answer, and what stands in the way at its end."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from bot.domain.checkin import counts
from bot.views.blocks import actions, button, context, divider, message, section
from bot.views.checkin import blocker_words, clock_time
from bot.views.checkin_blockers import blocker_rows
from bot.views.text import count, cut, day, escape, instant, name, sentence, title
from models.schemas.checkin import BLOCKER, MOOD, AnswerState, Question, QuestionKind
from models.schemas.checkin_round import AnswerCard, BlockerCard, RoundCard
from models.schemas.message import Block, Message

FOLDS_FROM = 13
"""Answers, from which on those without a blocker are shown on press."""
MOST_BLOCKERS = 10
A_PAGE = 12
MOST_SAID = 1500
"""Of one answer in its reply, escaped."""
SUMMARY_SIZE = 5000
"""Characters of all answers in a summary together."""
SHORT = {"What did you finish?": "Done", "What is next?": "Next"}
YES_NO = {"yes": "Yes", "no": "No"}


def round_parent(card: RoundCard, today: date) -> Message:
    """Silence is counted, nobody who is silent is named."""
    if not card.is_open and not card.answered:
        return _nobody(card, today)
    heading = f"Check-in {day(card.local_date, today)}"
    found = f"{_blockers(card)}, {_answered(card)}"
    bold = f":speech_balloon: *{heading}: {_blockers(card)},* {_answered(card)}"
    return message(
        sentence(f"{heading}, {cut(title(card.team), 60)}: {found}.{_where(card)}"),
        section(f"{bold}\n{_below(card)}", accessory=_press(card)),
        context(_small_print(card)) if _small_print(card) else None,
    )


def answer_reply(card: RoundCard, answer: AnswerCard) -> Message:
    """What one person said, as it came; changed in place when they change it."""
    named = [blocker for blocker in card.blockers_of(answer) if blocker.text]
    who = name(answer.person)
    blocked = [f":no_entry: {_blocker_line(blocker)}" for blocker in named]
    said = [section(line) for line in _lines(card, answer, MOST_SAID)]
    start = f"{cut(who, 40)} answered the check-in of {cut(title(card.team), 50)}"
    return message(
        sentence(f"{start}: {count(len(named), 'blocker')}." if named else f"{start}: no blockers."),
        section(f"*{who}*"),
        *said,
        section("\n".join(blocked)) if blocked else None,
        section("Nothing in the way") if not (said or blocked) else None,
    )


def round_summary(card: RoundCard, today: date) -> Message:
    """Blockers first; then what was said, or the way to it where that is much."""
    shown = card.blockers[:MOST_BLOCKERS]
    first = next((blocker.id for blocker in shown if blocker.likely and blocker.is_open and not blocker.record_ref), 0)
    rows = [row for blocker in shown for row in blocker_rows(blocker, today, primary=blocker.id == first)]
    answered = card.answered
    folds = len(answered) >= FOLDS_FROM
    told = [answer for answer in answered if answer.blocker_ids][:A_PAGE] if folds else answered
    is_more = folds or len(card.blockers) > MOST_BLOCKERS
    return message(
        sentence(_summary_words(card, today)),
        section(f"*{_blockers(card).capitalize()}*{_more_blockers(card)}"),
        *rows,
        divider() if rows and told else None,
        *_said(card, told),
        actions(button("Show answers", "checkin.answers", f"{card.id}:1")) if is_more else None,
        context(_end(card)),
    )


def answers_page(card: RoundCard, page: int, today: date) -> Message:
    """To one reader: all blockers and all answers, a page at a time."""
    pages = max(1, -(-len(card.answered) // A_PAGE))
    page = min(max(page, 1), pages)
    shown = card.answered[(page - 1) * A_PAGE : page * A_PAGE]
    heading = f"Check-in {day(card.local_date, today)}, {cut(title(card.team), 60)}"
    turns = [("Previous 12", page - 1)] * (page > 1) + [("Next 12", page + 1)] * (page < pages)
    buttons = [button(label, f"checkin.page@{target}", f"{card.id}:{target}") for label, target in turns]
    return message(
        sentence(f"{heading}: {_answered(card)}."),
        section(f"*{heading}*\n{_answered(card)} · page {page} of {pages}"),
        *_said(card, shown, with_blockers=True),
        actions(*buttons) if buttons else None,
    )


def missing_message(card: RoundCard, today: date) -> Message:
    """To whoever may know: who did not answer, who skipped, who was away."""
    heading = f"Check-in {day(card.local_date, today)}, {cut(title(card.team), 60)}"
    groups = (("Did not answer", AnswerState.MISSED), ("Skipped it", AnswerState.SKIPPED), ("Away", AnswerState.AWAY))
    lines = [f"*{label}:* {_people(card, state)}" for label, state in groups if state in card.states]
    told = lines or ["Nobody is missing."]
    return message(sentence(f"{heading}: {_answered(card)}."), section("\n".join([f"*{heading}*", *told])))


def _people(card: RoundCard, state: AnswerState) -> str:
    named = [name(answer.person) for answer in card.answers if answer.state is state]
    return cut(", ".join(named), 800)


def _nobody(card: RoundCard, today: date) -> Message:
    heading = f"Check-in {day(card.local_date, today)}"
    return message(
        sentence(f"{heading}, {cut(title(card.team), 60)}: nobody answered in this round."),
        section(f":speech_balloon: *{heading}:* nobody answered in this round", accessory=_press(card)),
        context(_end(card)),
    )


def _blockers(card: RoundCard) -> str:
    number = len(card.open_blockers)
    return count(number, "blocker") if number else "no blockers"


def _answered(card: RoundCard) -> str:
    number = counts(card.states)
    return f"{number.answered} of {number.expected} answered"


def _below(card: RoundCard) -> str:
    if card.is_open and not card.is_live:
        return "Answers and blockers follow at the end."
    return "Answers and blockers are in the thread." if card.open_blockers else "Answers are in the thread."


def _where(card: RoundCard) -> str:
    return " Answers in the thread." if card.is_live or not card.is_open else ""


def _press(card: RoundCard) -> Block | None:
    if card.is_open:
        return button("Answer", "checkin.answer", f"round:{card.id}", says=f"Answer the check-in of {card.team[:40]}")
    if AnswerState.MISSED not in card.states:
        return None
    return button("Show missing", "checkin.missing", str(card.id), says="Show who did not answer")


def _small_print(card: RoundCard) -> str:
    if not card.is_open:
        return _mood(card.mood) if card.mood is not None else ""
    same_day = card.closes_at.date() == card.local_date
    return f"Open until {clock_time(card.closes_at) if same_day else instant(card.closes_at)}"


def _summary_words(card: RoundCard, today: date) -> str:
    start = f"Check-in {day(card.local_date, today)}: {_blockers(card)}."
    named = [f"{name(each.person)}: {blocker_words(each.text, 40)}" for each in card.open_blockers[:2]]
    return f"{start} {', '.join(named)}." if named else f"{start} {_answered(card)}."


def _more_blockers(card: RoundCard) -> str:
    left = len(card.blockers) - MOST_BLOCKERS
    return f", the {MOST_BLOCKERS} oldest here and {left} more in the answers" if left > 0 else ""


def _end(card: RoundCard) -> str:
    number = counts(card.states)
    parts = [_answered(card), *([f"{number.skipped} skipped"] if number.skipped else [])]
    parts.append(f"{number.away} away" if number.away else "nobody away")
    if not card.asks_mood:
        parts.append("mood is not asked")
    elif card.mood is not None:
        parts.append(_mood(card.mood))
    return " · ".join(parts)


def _mood(mood: Fraction) -> str:
    return f"mood {float(mood):.1f} of 5"


def _said(card: RoundCard, answers: Sequence[AnswerCard], *, with_blockers: bool = False) -> list[Block]:
    if not answers:
        return []
    most = max(60, min(300, SUMMARY_SIZE // (len(answers) * max(1, len(card.questions) - 1))))
    found = []
    for answer in answers:
        lines = [f"*{name(answer.person)}*", *_lines(card, answer, most)]
        if with_blockers:
            lines += [f":no_entry: {_blocker_line(blocker)}" for blocker in card.blockers_of(answer)]
        if len(lines) > 1:
            found.append(section("\n".join(lines)))
    return found


def _lines(card: RoundCard, answer: AnswerCard, most: int) -> list[str]:
    asked = [question for question in card.questions if question.id not in (MOOD, BLOCKER)]
    return [
        f"{_label(each)} {_words(each, answer.answers[each.id], most)}" for each in asked if each.id in answer.answers
    ]


def _label(question: Question) -> str:
    if question.text in SHORT:
        return f"{SHORT[question.text]}:"
    text = cut(escape(question.text), 140)
    return text if text.endswith(("?", ":", ".")) else f"{text}:"


def _words(question: Question, said: str, most: int) -> str:
    if question.kind is QuestionKind.YES_NO:
        return YES_NO.get(said, escape(said))
    return cut(escape(said), most)


def _blocker_line(blocker: BlockerCard) -> str:
    solved = "" if blocker.is_open else " (solved)"
    return f"{blocker_words(blocker.text)}{solved}"
