"""What is said in an escalation's thread: each reply names one person at most, by a mention whose turn it is."""

from collections.abc import Sequence
from datetime import date

from bot.views.blocks import button, context, message, section
from bot.views.escalation import NOUNS, fired, missing, named, now_with, plainly, since
from bot.views.text import count, cut, day, escape, instant, link, mention, name, sentence, title
from models.schemas.escalation import EscalationCard, EscalationState, Level, Rule, Step
from models.schemas.message import Block, Message

MOST_LISTED = 40
"""Rows of a list, each with its button, within what a message holds."""

PAST = {
    Rule.E1: "past the time to acknowledge it",
    Rule.E2: "past the date of its response",
    Rule.E3: "past its review date",
    Rule.E5B: "without a commitment",
    Rule.E6: "since the second missing status",
}


def step_reply(card: EscalationCard, step: Step, *, today: date, in_list: bool = False) -> Message:
    """`in_list`: many share the thread, so that it says which one it means."""
    about = f"{named(card.subject)}: " if in_list else ""
    lines = [f"{mention(card.notify)} {about}{_turn(card, step)}", _otherwise(card, step, today)]
    return message(sentence(_step_words(card, step, today)), section("\n".join(line for line in lines if line)))


def list_reply(cards: Sequence[EscalationCard], *, today: date, small_print: str | None = None) -> Message:
    """One person, several escalations of one list: one summons."""
    person = cards[0].notify
    rows = [f"• {named(card.subject)}: {since(card, today)[0].lower()} {since(card, today)[1]}" for card in cards]
    more = [f"and {len(rows) - MOST_LISTED} more above"] if len(rows) > MOST_LISTED else []
    these = f"{len(cards)} of these are with you" if len(cards) > 1 else "one of these is with you"
    return message(
        sentence(f"{name(person)}: {these}. First: {plainly(cards[0])}."),
        section(cut("\n".join([f"{mention(person)} {these}:", *rows[:MOST_LISTED], *more]), 2900)),
        context(small_print) if small_print else None,
    )


def acknowledged_reply(card: EscalationCard, *, today: date) -> Message:
    assert card.acknowledged_by is not None
    who = name(card.acknowledged_by)
    note = f': _"{escape(" ".join(card.note.split()))}"_' if card.note else "."
    about = f"{named(card.subject)}: " if card.listed_on else ""
    until = f" and will bring a change by {day(card.reopens_on, today)}" if card.reopens_on else ""
    return message(
        sentence(f"{who} acknowledged {cut(title(card.subject.title), 80)}{until}."),
        section(f"{about}{who} has it{note}"),
    )


def ended_reply(card: EscalationCard, *, today: date) -> Message:
    """Without a mention: nobody has to act."""
    about = f"{named(card.subject)} " if card.listed_on else ""
    by = f" by {name(card.resolved_by)}" if card.resolved_by else ""
    if card.status is EscalationState.CANCELLED:
        why = f"\n{title(card.reason)}" if card.reason else ""
        return message(
            sentence(f"Cancelled{by}: {plainly(card)}."),
            section(f"{about}Cancelled{by}. Nobody is asked any more.{why}"),
        )
    quiet = "This thread stays quiet" + (" unless the new date passes." if _is_redated(card) else ".")
    kept = f" {_kept(card, today)}" if _is_redated(card) and _kept(card, today) else ""
    return message(
        sentence(f"Resolved: {plainly(card)} {card.outcome}{by}."),
        section(f"{about}Resolved: *{title(card.outcome or '')}.*{kept}\n{quiet}"),
    )


def escalation_list(cards: Sequence[EscalationCard], *, today: date, marks: tuple[str, ...] = ()) -> Message:
    """The fourth and further ones of one day in one channel; each gets a thread of its own when somebody asks."""
    waiting = [card for card in cards if card.is_open]
    ended = len(cards) - len(waiting)
    if not waiting:
        words = f"All {count(len(cards), 'further escalation')} of this day ended"
        return message(f"{words}.", section(f":white_check_mark: *{words}*"))
    head = f"{count(len(waiting), 'further record')} without an answer"
    lines = [f"{count(ended, 'other')} ended." if ended else "", *marks]
    if len(waiting) > MOST_LISTED:
        lines.insert(0, f"And {len(waiting) - MOST_LISTED} more: `/pm escalations` lists all.")
    small = [line for line in lines if line]
    return message(
        sentence(f"{head}. First: {plainly(waiting[0])}, now with {name(waiting[0].notify)}."),
        section(f":bell: *{head}:* each opens its own thread below"),
        *(_row(card, today) for card in waiting[:MOST_LISTED]),
        context(*small) if small else None,
    )


def escalation_moved(card: EscalationCard, where: str) -> Message:
    """At the head of a thread that goes on in another place. `where` is a mention of a channel, or a name."""
    return message(
        sentence(f"{plainly(card)} goes on elsewhere."),
        section(f"*This goes on {where}*\n{named(card.subject)} · {title(card.place.name)}"),
    )


def _row(card: EscalationCard, today: date) -> Block:
    label, value = since(card, today)
    has_it = card.status is EscalationState.ACKNOWLEDGED and card.acknowledged_by is not None
    now = f"{name(card.acknowledged_by)} has it" if has_it and card.acknowledged_by else f"now with {now_with(card)}"
    text = f"{named(card.subject)} · {title(card.place.name)}\n{fired(card)}. {label} {value} · {now}"
    return section(text, accessory=button("Open thread", "escalation.open", str(card.id), says=f"Open {card.ref}"))


def _turn(card: EscalationCard, step: Step) -> str:
    if step is Step.AGAIN:
        return "this is open again: nothing has changed since it was acknowledged."
    enough = " One of the buttons above is enough." if step is Step.BEGIN and not card.listed_on else ""
    if step is Step.BEGIN and card.level <= Level.LEAD:
        owns = card.subject.owner is not None and card.subject.owner.id == card.notify.id and card.rule is not Rule.E6
        if owns and not card.instead_of:
            return f"you own this {NOUNS[card.subject.kind]}.{enough}"
    where = f"for {missing(card.instead_of)}" if card.instead_of else f"as {card.role}"
    past = f": {_past(card)}" if card.elapsed else ""
    now = "now " if step is Step.CLIMB else ""
    return f"this is {now}with you, {where}{past}.{enough}"


def _past(card: EscalationCard) -> str:
    return f"{count(card.elapsed, 'working day')} {PAST.get(card.rule, 'past its date')}"


def _otherwise(card: EscalationCard, step: Step, today: date) -> str:
    """Who waits, from the second step on, and what comes next."""
    waits = next((each for each in card.subject.waits if each.needed_by), None)
    needs = ""
    if step is Step.CLIMB and waits and waits.needed_by:
        ref = f" ({link(waits.ref, waits.link)})" if waits.ref else ""
        needs = f"{title(waits.name)} needs it by {day(waits.needed_by, today)}{ref}. "
    if card.next_person is None or card.next_step_at is None or card.next_on is None:
        return f"{needs}There is no further step."
    if step is Step.CLIMB:
        return f"{needs}Without an answer it goes to {name(card.next_person)} on {day(card.next_on, today)}."
    return f"Without one it goes to {name(card.next_person)}, {instant(card.next_step_at)}."


def _step_words(card: EscalationCard, step: Step, today: date) -> str:
    who, about = name(card.notify), plainly(card, 50)
    if step is Step.AGAIN:
        return f"{who}: {about} is open again. Nothing has changed."
    if step is Step.CLIMB:
        past = f", {_past(card)}," if card.elapsed else ""
        return f"{who}: {about}{past} is now with you."
    who_next = f", or it goes to {name(card.next_person)}" if card.next_person else ""
    until = f" by {day(card.next_on, today)}{who_next}" if card.next_on else ""
    return f"{who}: {about}. {fired(card)}. Answer{until}."


def _is_redated(card: EscalationCard) -> bool:
    return (card.outcome or "").startswith("re-dated")


def _kept(card: EscalationCard, today: date) -> str:
    """Whether who waits for it can still have it in time."""
    waits, due = next((each for each in card.subject.waits if each.needed_by), None), card.subject.due_on
    if waits is None or waits.needed_by is None or due is None:
        return ""
    needed = f"{title(waits.name)} needs it by {day(waits.needed_by, today)}"
    ref = link(waits.ref or "", waits.link)
    if due <= waits.needed_by:
        return f"{needed}, so {ref} holds."
    return f"{needed}: {ref} does not hold, by {count((due - waits.needed_by).days, 'day')}."
