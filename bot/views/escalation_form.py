"""The forms of escalations: a word with an acknowledgement, a new date with its effect, calling it off."""

from datetime import date

from bot.domain.numbers import ordinal
from bot.views.blocks import context, date_select, field, form, section, text_input
from bot.views.escalation import fired, named, since
from bot.views.text import count, day, title
from models.schemas.escalation import EscalationCard
from models.schemas.message import Block, View

EFFECT = "effect"
MOST_EFFECTS = 3


def note_form(card: EscalationCard, *, today: date, metadata: str) -> View:
    until = f" No change by {day(card.reopens_on, today)} opens it again." if card.reopens_on else ""
    text = text_input(most=300, least=2, example="The last gate is on Wednesday", multiline=True, focus=True)
    fields = [
        section(f"*You have it.* The climb is stopped.{until}\n{named(card.subject)} · {title(card.place.name)}"),
        field("note", "What happens next?", text, hint="Quoted in the thread. You can leave it empty.", optional=True),
    ]
    return form("escalation.note", "Acknowledged", "Add note", fields, metadata=metadata)


def cancel_form(card: EscalationCard, *, today: date, metadata: str) -> View:
    fields = [
        section(f"{named(card.subject)} · {title(card.place.name)}\n{fired(card)}."),
        field(
            "reason",
            "Why is it not pursued?",
            text_input(most=500, least=5, multiline=True, focus=True),
            hint="Stands in the thread. For this deadline nobody is asked again.",
        ),
    ]
    return form("escalation.cancel", "Cancel escalation", "Cancel escalation", fields, metadata=metadata)


def redate_form(
    card: EscalationCard, *, moves: int, effect: list[str], chosen: date | None, today: date, metadata: str
) -> View:
    """The effect of the new date is said before it is saved."""
    label, was = since(card, today)
    lines = f"{named(card.subject)} · {title(card.place.name)}\n{label} {was}. {_baseline(card, moves, today)}".rstrip()
    fields = [
        section(lines),
        field("new_due_on", "New date", date_select(chosen), live=bool(card.subject.kind == "milestone")),
        *([_effect(effect)] if effect else []),
        field("reason", "Why", text_input(most=300, least=10, multiline=True)),
    ]
    return form("escalation.redate", "Re-date", "Re-date", fields, metadata=metadata)


def with_effect(blocks: list[Block], effect: list[str]) -> list[Block]:
    """The form with the line of its effect as it is for the date chosen now."""
    kept = [block for block in blocks if block.get("block_id") != EFFECT]
    at = next(number for number, block in enumerate(kept) if block.get("block_id") == "new_due_on") + 1
    return [*kept[:at], *([_effect(effect)] if effect else []), *kept[at:]]


def effect_words(card: EscalationCard, new: date, *, moves: int, left: dict[str, int], today: date) -> list[str]:
    """The slip, and who waits: whether they can have it in time. `left` are working days by who follows it."""
    subject = card.subject
    if subject.baseline_on is None or subject.due_on is None:
        return []
    days = (new - subject.baseline_on).days
    which = f"{ordinal(moves + 1)} slip, " if new > subject.due_on else ""
    words = [f"*{which}{days:+d} day{'' if abs(days) == 1 else 's'}.*"]
    for each in subject.waits:
        if each.needed_by is not None:
            verdict = "holds" if new <= each.needed_by else f"{count((new - each.needed_by).days, 'day')} too late"
            words.append(f"{title(each.name)} needs it by {day(each.needed_by, today)}: {verdict}.")
        elif each.due_on is not None and each.name in left:
            has = f"has {count(left[each.name], 'working day')} left"
            words.append(f"{title(each.name)} ({day(each.due_on, today)}) {has}.")
    more = len(words) - 1 - MOST_EFFECTS
    return words[: MOST_EFFECTS + 1] + ([f"And {more} more wait for it."] if more > 0 else [])


def _baseline(card: EscalationCard, moves: int, today: date) -> str:
    baseline = card.subject.baseline_on
    return f"First baseline {day(baseline, today)}, moved {count(moves, 'time')}." if baseline else ""


def _effect(words: list[str]) -> Block:
    return context(" ".join(words), block_id=EFFECT)
