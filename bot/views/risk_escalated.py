"""What the card of a risk says once it has passed its owner."""

from datetime import date

from bot.views.blocks import button
from bot.views.text import day, name
from models.schemas.escalation import EscalationLink, Rule
from models.schemas.message import Block
from models.schemas.risk import RiskCard

WAS_DUE = {Rule.E1: "was to be acknowledged by", Rule.E2: "response was due", Rule.E3: "review was due"}
ENDS = {Rule.E1: "Acknowledging it", Rule.E2: "A planned response", Rule.E3: "A review"}


def escalated(escalation: EscalationLink, today: date) -> str:
    return f"{WAS_DUE[escalation.rule]} {day(escalation.deadline_on, today)}"


def ends_it(risk: RiskCard) -> Block:
    """The button of the act that answers it."""
    if risk.escalation is not None and risk.escalation.rule is Rule.E2:
        says = f"Plan the response of {risk.ref}"
        return button("Plan response", "risk.respond", str(risk.id), primary=True, says=says)
    return button("Review", "risk.review", str(risk.id), primary=True, says=f"Review {risk.ref}")


def show_escalation(escalation: EscalationLink) -> list[Block]:
    """A way to its thread, where that stands."""
    if escalation.link is None:
        return []
    shown = button("Show escalation", "escalation.show", escalation.ref, says=f"Show {escalation.ref}")
    return [shown | {"url": escalation.link}]


def what_ends_it(escalation: EscalationLink, today: date) -> str:
    ends = f"{ENDS[escalation.rule]} ends the escalation."
    if escalation.is_acknowledged:
        return f"{ends} {name(escalation.person)} has it."
    if escalation.next_person is None or escalation.next_on is None:
        return f"{ends} There is no further step."
    return f"{ends} Next step otherwise: {name(escalation.next_person)} on {day(escalation.next_on, today)}."


def sentence_case(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
