"""Open escalations for one reader: all that they may see, or those that are with them."""

from collections.abc import Sequence
from datetime import date

from bot.views.blocks import button, context, message, section
from bot.views.escalation import fired, named, next_step, now_with, plainly, since
from bot.views.text import count, cut, day, link, name, sentence, title
from models.schemas.escalation import EscalationCard, EscalationState, Level
from models.schemas.message import Block, Message

MOST_ROWS = 30
MOST_AT_HOME = 5


def escalation_rows(cards: Sequence[EscalationCard], *, where: str | None, today: date) -> Message:
    """Private. The highest first, then the oldest."""
    here = f" of {title(where)}" if where else ""
    if not cards:
        words = f"Nothing{here} is escalated"
        return message(f"{words}.", section(f"*{words}*\nWhat nobody answers in time would stand here."))
    at_top = sum(card.level is Level.SPONSOR for card in cards)
    taken = sum(card.status is EscalationState.ACKNOWLEDGED for card in cards)
    counts = [f"{at_top} with the sponsor"] if at_top else []
    counts += [f"{taken} acknowledged"] if taken else []
    head = f"{count(len(cards), 'open escalation')}{here}" + (f": {', '.join(counts)}" if counts else "")
    left = len(cards) - MOST_ROWS
    small = "The highest first, then the oldest. Only you see this."
    return message(
        sentence(f"{head}. First: {plainly(cards[0])}, now with {name(cards[0].notify)}."),
        section(f"*{head}*"),
        *(section(_row(card, today)) for card in cards[:MOST_ROWS]),
        context(small + (f" And {left} more." if left > 0 else "")),
    )


def with_you(cards: Sequence[EscalationCard], *, today: date) -> list[Block]:
    """In the Home of the person named, each with its button."""
    if not cards:
        return []
    rows = [section(_home_row(card, today), accessory=_acknowledge(card)) for card in cards[:MOST_AT_HOME]]
    left = len(cards) - MOST_AT_HOME
    more = [context(f"and {left} more: `/pm escalations` shows all.")] if left > 0 else []
    return [section(f"*Escalated to you: {len(cards)}*"), *rows, *more]


def _row(card: EscalationCard, today: date) -> str:
    label, value = since(card, today)
    thread = f" · {link('thread', card.link)}" if card.link else ""
    lines = [f"{named(card.subject)} · {title(card.place.name)}", f"{fired(card)}. {label} {value}"]
    if card.status is EscalationState.ACKNOWLEDGED and card.acknowledged_by is not None:
        until = f", a change by {day(card.reopens_on, today)}" if card.reopens_on else ""
        return "\n".join([*lines, f"{name(card.acknowledged_by)} has it{until}{thread}"])
    return "\n".join([*lines, f"Now with {now_with(card)} · next: {next_step(card, today)}{thread}"])


def _home_row(card: EscalationCard, today: date) -> str:
    label, value = since(card, today)
    thread = f" · {link('thread', card.link)}" if card.link else ""
    first = f"{named(card.subject)} · {title(card.place.name)}"
    return f"{first}\n{fired(card)}. {label} {value} · next: {next_step(card, today)}{thread}"


def _acknowledge(card: EscalationCard) -> Block:
    says = cut(f"Acknowledge {plainly(card)}", 75)
    return button("Acknowledge", "escalation.acknowledge", str(card.id), says=says)
