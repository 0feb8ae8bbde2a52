"""How a decision looks: the form, the card, the receipt, and the form in which its approver decides."""

from collections.abc import Sequence
from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import (
    actions,
    button,
    context,
    date_select,
    divider,
    facts,
    field,
    form,
    message,
    option,
    people_select,
    person_select,
    radio,
    section,
    select,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import count, cut, day, escape, instant, link, listed, mention, name, sentence, stopped, title
from models.schemas.decision import OPEN, STATE_WORDS, DecisionCard, DecisionStatus, Reversibility
from models.schemas.message import Block, Message, View
from models.schemas.project import Place

DOORS = (
    option("Two-way door", Reversibility.TWO_WAY.value, explained="Easy to undo: decide quickly"),
    option("One-way door", Reversibility.ONE_WAY.value, explained="Hard to undo: take time, hear others"),
)
DOOR_WORDS = {
    Reversibility.TWO_WAY: "two-way door, easy to undo",
    Reversibility.ONE_WAY: "one-way door, hard to undo",
}
FROZEN = (DecisionStatus.ACCEPTED, DecisionStatus.SUPERSEDED, DecisionStatus.DEPRECATED)
MOST_PARAGRAPH = 2800
"""Escaped text of one section, with room for what stands around it (Slack takes 3,000)."""


def decision_form(
    *,
    places: Sequence[Place],
    here: str | None,
    driver: str,
    due_on: date,
    metadata: str,
    initial_title: str = "",
    initial_context: str = "",
) -> View:
    fields = [
        field(
            "title",
            "What needs deciding?",
            text_input(most=150, least=5, initial=initial_title, example="Cutover strategy", focus=True),
        ),
        place_field(places, here),
        field("due_on", "Needed by", date_select(due_on)),
        field("approver", "Who decides?", person_select(), hint="One person. They are asked on the card."),
        field("driver", "Who prepares it?", person_select(driver)),
        field("reversibility", "How hard is it to undo?", radio(DOORS, chosen=Reversibility.TWO_WAY.value)),
        divider(),
        field(
            "options",
            "Options",
            text_input(most=1000, multiline=True, example="Big bang\nDual write then switch\nTenant by tenant"),
            hint="One a line.",
            optional=True,
        ),
        field("context", "Background", text_input(most=1000, multiline=True, initial=initial_context), optional=True),
        field("contributors", "Who should be heard?", people_select(), optional=True),
    ]
    return form("decision.log", "Log a decision", "Log decision", fields, metadata=metadata)


def decide_form(decision: DecisionCard, *, metadata: str) -> View:
    choices = [option(f"{choice.id} {choice.name}", choice.id) for choice in decision.options]
    fields: list[Block] = [
        section(f"*{link(decision.ref, decision.link)} {title(decision.title)}* · {DOOR_WORDS[decision.reversibility]}")
    ]
    if choices:
        fields.append(field("chosen", "Decision", select(choices, placeholder="Choose an option")))
    label = "Why?" if choices else "What is decided, and why?"
    fields.append(
        field(
            "rationale",
            label,
            text_input(most=500, least=5, multiline=True, example="Lowest risk that still meets the May date"),
            hint="Everyone in the channel reads it. The text is frozen afterwards.",
        )
    )
    return form("decision.decide", "Decide", "Decide", fields, metadata=metadata)


def decision_card(decision: DecisionCard, *, today: date) -> Message:
    """The one card of a decision in its project's channel, edited in place."""
    if decision.status in OPEN:
        return _open_card(decision, today)
    return _decided_card(decision, today)


def decision_receipt(decision: DecisionCard, *, today: date) -> Message:
    channel = decision.place.channel if decision.place else None
    where = f"The card is in <#{channel}>." if channel else "It has no channel yet."
    due = day(decision.due_on, today) if decision.due_on else "no date"
    return message(
        sentence(
            f"Logged {decision.ref}: {stopped(title(decision.title))} Needed by {due} from {name(decision.approver)}."
        ),
        section(f":white_check_mark: *Logged {decision.ref}: {title(decision.title)}*"),
        facts(
            ("Needed by", due),
            ("Decides", mention(decision.approver)),
            ("Prepared by", mention(decision.driver)),
            ("Project", title(decision.place.name)) if decision.place else None,
            ("Door", DOOR_WORDS[decision.reversibility]),
            ("Options", str(len(decision.options)) if decision.options else "none yet"),
        ),
        context(f"Only you see this. {where}"),
    )


def _open_card(decision: DecisionCard, today: date) -> Message:
    due = f" by {day(decision.due_on, today)}" if decision.due_on else ""
    options = count(len(decision.options), "option") if decision.options else "No options yet"
    return message(
        sentence(
            f"Decision {decision.ref} needed{due} from {name(decision.approver)}: "
            f"{stopped(title(decision.title))} {options}."
        ),
        section(
            f":scales: *Decision needed{due}* from {mention(decision.approver)}\n"
            f"*{link(decision.ref, decision.link)} {title(decision.title)}* · {DOOR_WORDS[decision.reversibility]}"
        ),
        _options(decision),
        section(cut(escape(decision.context), MOST_PARAGRAPH)) if decision.context else None,
        facts(
            ("Driver", name(decision.driver)),
            ("Contributors", listed([name(person) for person in decision.contributors], 5) or "none named"),
        ),
        actions(
            button("Decide", "decision.decide", str(decision.id), primary=True, says=f"Decide {decision.ref}"),
        ),
        context(f"Logged {instant(decision.raised_at)}. Contributors: reply in the thread."),
    )


def _options(decision: DecisionCard) -> Block | None:
    if not decision.options:
        return None
    lines = [f"*{choice.id}* {escape(choice.name)}" for choice in decision.options]
    return section(cut("\n".join(lines), MOST_PARAGRAPH))


def _decided_on(decision: DecisionCard) -> date:
    assert decision.decided_at is not None
    return local_date(decision.decided_at, decision.place.tz if decision.place else decision.approver.tz)


def _decided_card(decision: DecisionCard, today: date) -> Message:
    choice = decision.chosen_option
    state = STATE_WORDS[decision.status]
    what = f"{choice.id}, {escape(choice.name)}" if choice else ""
    sign = ":white_check_mark:" if decision.status is DecisionStatus.ACCEPTED else ":no_entry_sign:"
    first = (
        f"{state} by {decision.superseded_by}" if decision.superseded_by else f"{state}{': ' + what if what else ''}"
    )
    decided = f", {day(_decided_on(decision), today)}" if decision.decided_at else ""
    words = f"{state}: {decision.ref} {title(decision.title)}{' is ' + what if what else ''}."
    return message(
        sentence(f"{words} {name(decision.approver)}{decided}."),
        section(
            f"{sign} *{first}*\n*{link(decision.ref, decision.link)} {title(decision.title)}* · "
            f"{DOOR_WORDS[decision.reversibility]}"
        ),
        facts(
            ("By", f"{name(decision.approver)}{decided}"),
            ("Asked for by", day(decision.due_on, today)) if decision.due_on else None,
        ),
        section(cut(f"*Why:* {escape(decision.rationale)}", MOST_PARAGRAPH)) if decision.rationale else None,
        context("The text is frozen. A change is a new decision. Comments stay open in the thread.")
        if decision.status in FROZEN
        else None,
    )
