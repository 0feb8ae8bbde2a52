"""Days off: what was understood, who covers, and what those who cover are told."""

from collections.abc import Sequence
from datetime import date

from bot.domain.absence import Outcome
from bot.views.blocks import actions, button, context, facts, message, section
from bot.views.text import code, count, cut, day, escape, mention, name, sentence
from models.schemas.absence import AbsenceCard, Covering
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard

NEXT_ON_LADDER = "then asks go to the next on the ladder"
MOST_STRETCHES = 4


def days_words(absence: AbsenceCard, today: date) -> str:
    """'from Thu 24 Dec to Sat 2 Jan', 'on Tue 31 Mar'."""
    return _days(absence.start_on, absence.end_on, today)


def absence_set(
    absence: AbsenceCard, reader: PersonCard, *, today: date, by: PersonCard | None = None, typed: str | None = None
) -> Message:
    """What was understood. `by` is who set it for somebody else, where the reader is that person."""
    yours = absence.person.id == reader.id
    who, days = ("You are" if yours else f"{name(absence.person)} is"), days_words(absence, today)
    setter = f"{name(by)} set your days off. " if by else ""
    return message(
        sentence(f"{setter}{who} away {days}. {_covered_shortly(absence)}"),
        section(f":white_check_mark: *{setter}{who} away {days}*\n{_what_happens(absence, yours)}"),
        facts(
            ("Working days", str(absence.working_days)),
            ("Covers", mention(absence.delegate) if absence.delegate else "nobody"),
            ("Back", day(absence.back_on, today)),
        ),
        _exceptions(absence, yours, today),
        actions(*_buttons(absence, today)),
        context(*_small_print(absence, yours, typed)),
    )


def absence_cancelled(
    absence: AbsenceCard, reader: PersonCard, *, today: date, by: PersonCard | None = None
) -> Message:
    """Days that began already were not lost: they end the day before."""
    who = "Your" if absence.person.id == reader.id else f"{name(absence.person)}'s"
    setter = f"{name(by)} did it. " if by else ""
    what = "are cancelled" if absence.is_cancelled else f"ended on {day(absence.end_on, today)}"
    days = "" if not absence.is_cancelled else f" {days_words(absence, today)}"
    asked = "you are" if absence.person.id == reader.id else f"{name(absence.person)} is"
    return message(
        sentence(f"{who} days off{days} {what}. {setter}From now on {asked} asked again."),
        section(f":no_entry_sign: *{who} days off{days} {what}*\n{setter}From now on {asked} asked again."),
    )


def cover_line(absence: AbsenceCard, *, today: date) -> Message:
    """To who was named to cover: one line, and the way out of it."""
    who, days = name(absence.person), days_words(absence, today)
    note = f"\n{who} says: {escape(absence.note)}" if absence.note else ""
    return message(
        sentence(f"You cover for {who} {days}. What is asked of {who} comes to you then."),
        section(
            f"*You cover for {mention(absence.person)} {days}*\n"
            f"What is asked of {who} comes to you then, marked as theirs, in your own hours.{note}"
        ),
        actions(
            button("Decline", "away.decline", str(absence.id), says=f"Decline to cover for {absence.person.handle}")
        ),
    )


def cover_over(absence: AbsenceCard, *, today: date, declined: bool = False) -> Message:
    """That line, once it does not hold any more."""
    who, days = name(absence.person), days_words(absence, today)
    words = f"You do not cover for {who} {days}"
    why = f"You declined, and {who} was told." if declined else "It was changed or cancelled."
    return message(sentence(f"{words}. {why}"), section(f":no_entry_sign: *{words}*\n{why}"))


def cover_declined(absence: AbsenceCard, by: PersonCard, *, today: date) -> Message:
    """To the absent person: nobody covers now."""
    days = days_words(absence, today)
    return message(
        sentence(f"{name(by)} declined to cover for you {days}. Choose someone else."),
        section(
            f"*Choose who covers for you {days}*\n{name(by)} declined. "
            "Until then asks go to the next on the ladder while you are away."
        ),
        actions(button("Choose someone", "away.change", str(absence.id), primary=True)),
    )


def absence_line(absence: AbsenceCard, today: date) -> str:
    """One line of a list."""
    covers = f"{mention(absence.delegate)} covers" if absence.delegate else "nobody covers"
    days = days_words(absence, today)
    return f"*{days[0].upper()}{days[1:]}* · {count(absence.working_days, 'working day')} · {covers}"


def home_line(absence: AbsenceCard, today: date) -> Block:
    """On one's Home while one is away."""
    covers = f"{mention(absence.delegate)} covers" if absence.delegate else "nobody covers"
    change = button("Change", "away.change", str(absence.id), says="Change your days off")
    return section(f"*You are away until {day(absence.end_on, today)}*, {covers}.", accessory=change)


def _days(first: date, last: date, today: date) -> str:
    return f"on {day(first, today)}" if first == last else f"from {day(first, today)} to {day(last, today)}"


def _covered_shortly(absence: AbsenceCard) -> str:
    return f"{name(absence.delegate)} covers." if absence.delegate else "Nobody covers."


def _what_happens(absence: AbsenceCard, yours: bool) -> str:
    you = "you" if yours else name(absence.person)
    if not absence.working_days:
        return f"None of these is a working day: nobody asks {you} then anyway."
    if absence.delegate is None:
        return f"Nobody covers: what is asked of {you} goes to the next on the ladder then."
    return f"What is asked of {you} goes to {name(absence.delegate)} then, in their hours."


def _exceptions(absence: AbsenceCard, yours: bool, today: date) -> Block | None:
    """Days on which who was named is not who is asked."""
    lines = [words for covering in absence.coverings if (words := _exception(absence, covering, yours, today))]
    if not lines:
        return None
    more = [f"and {count(len(lines) - MOST_STRETCHES, 'more stretch', 'more stretches')}"]
    return section("\n".join(lines[:MOST_STRETCHES] + (more if len(lines) > MOST_STRETCHES else [])))


def _exception(absence: AbsenceCard, covering: Covering, yours: bool, today: date) -> str | None:
    away = covering.chain[:-1] if covering.outcome == Outcome.ASKED else covering.chain
    if absence.delegate is None or not away:
        return None
    names = _joined([name(person) for person in away])
    verb = "is" if len(away) == 1 else "are"
    start = f"{_days(covering.first, covering.last, today)} {names} {verb} away too"
    return f"{start[0].upper()}{start[1:]}: {_then(covering, away, 'you' if yours else name(absence.person))}."


def _then(covering: Covering, away: Sequence[PersonCard], you: str) -> str:
    last = name(away[-1])
    if covering.outcome == Outcome.ASKED:
        return f"{name(covering.chain[-1])} is asked, who covers for {last}"
    return {
        Outcome.CIRCLE: f"{last} named {you if len(away) == 1 else 'one of them'} to cover, {NEXT_ON_LADDER}",
        Outcome.TOO_LONG: f"that is a chain of more than 3 people, {NEXT_ON_LADDER}",
    }.get(Outcome(covering.outcome), f"nobody covers for {last}, {NEXT_ON_LADDER}")


def _joined(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _buttons(absence: AbsenceCard, today: date) -> list[Block]:
    days = days_words(absence, today)
    return [
        button("Change", "away.change", str(absence.id), says=f"Change the days off {days}"),
        button("Cancel days off", "away.cancel", str(absence.id), says=f"Cancel the days off {days}"),
    ]


def _small_print(absence: AbsenceCard, yours: bool, typed: str | None) -> list[str]:
    waits = "A summary waits on your first day back." if yours else "They are told."
    note = f" Note for who covers: {escape(absence.note)}" if absence.note else ""
    lines = [cut(f"{waits}{note}", 600)]
    return [*lines, f"You typed: `{cut(code(typed), 300)}`"] if typed else lines
