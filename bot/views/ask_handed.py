"""What the other side sees when an ask is handed over: one line with its buttons, changed in place."""

from bot.views.ask_forms import titled
from bot.views.blocks import actions, button, context, message, section
from bot.views.home_asks import answer_buttons, facts_of
from bot.views.text import cut, escape, mention, name, sentence
from models.schemas.ask_acts import AskCard
from models.schemas.message import Message
from models.schemas.people import PersonCard

MOST_NOTE = 300


def handed_over(card: AskCard, *, by: PersonCard) -> Message:
    """At the moment somebody names them."""
    what = f"the {card.what_kind} {escape(card.ref)}" if card.row.handed_whole else escape(card.ref)
    note = (
        f"\n>{cut(escape(' '.join((card.row.handed_note or '').split())), MOST_NOTE)}" if card.row.handed_note else ""
    )
    says = cut(escape(card.ref), 50)
    own = f"You own it once you take over; {name(by)} has it until then."
    one = f"{name(by)} stays the owner, and has it until you take over."
    return message(
        sentence(f"{name(by)} asks you to take over {cut(what, 80)}."),
        section(f"*{mention(by)} asks you to take over {cut(what, 80)}*\n{titled(card)}{note}"),
        section(" · ".join(facts_of(card.what, card.today, behalf=True)) or "It has no date."),
        actions(
            button("Take over", "ask.take_over", str(card.row.id), primary=True, says=f"Take over {says}"),
            button("Decline", "ask.pass", str(card.row.id), says=f"Decline {says}"),
        ),
        context(own if card.row.handed_whole else one),
    )


def taken_over(card: AskCard, *, by: PersonCard) -> Message:
    """In the place of the line that asked: now it can be answered there."""
    return message(
        sentence(f"You took over {cut(escape(card.ref), 80)} from {name(by)}."),
        section(f":eyes: *You took it over from {name(by)}*\n{titled(card)}"),
        actions(*answer_buttons(card.what, primary=True)),
        context("It stands in your daily message and your Home from now on." if card.row.handed_whole else OWNED),
    )


OWNED = "You are asked for it from now on; its owner stays the owner."


def not_taken(card: AskCard, *, by: PersonCard) -> Message:
    """In the place of the line that asked, declined."""
    words = f"You declined {cut(escape(card.ref), 80)}"
    return message(
        sentence(f"{words}. It stays with {name(by)}."), section(f"*{words}*\nIt stays with {name(by)}. They are told.")
    )


def told_taken(card: AskCard, *, by: PersonCard) -> Message:
    words = f"{name(by)} took over {cut(escape(card.ref), 80)}"
    return message(sentence(f"{words}."), section(f":eyes: *{words}*\n{titled(card)}"))


def told_declined(card: AskCard, *, by: PersonCard) -> Message:
    words = f"{name(by)} declined {cut(escape(card.ref), 80)}"
    return message(
        sentence(f"{words}. It stays with you."),
        section(f"*{words}*\n{titled(card)}\nIt stays with you. Your daily message has its buttons."),
    )
