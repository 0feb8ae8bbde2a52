"""The forms of a decision's text: asking for one, editing it, and the one in which its approver decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.decision_matrix import Comparison
from bot.domain.wall_time import working_day_after
from bot.views import decision_matrix as matrix
from bot.views.blocks import (
    context,
    date_select,
    divider,
    field,
    form,
    option,
    people_select,
    person_select,
    radio,
    section,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import cut, escape, link, listed, title
from models.schemas.decision import DecisionCard, Reversibility
from models.schemas.message import Block, View
from models.schemas.people import PersonCard
from models.schemas.project import Place

DOORS = (
    option("Two-way door", Reversibility.TWO_WAY.value, explained="Easy to undo: decide quickly"),
    option("One-way door", Reversibility.ONE_WAY.value, explained="Hard to undo: take time, hear others"),
)
FREEZES = {
    Reversibility.TWO_WAY: "Two-way door: this freezes the text. A later change is a new decision.",
    Reversibility.ONE_WAY: "One-way door: this freezes the text. A later change is a new decision.",
}
REVIEW_AFTER = {Reversibility.ONE_WAY: timedelta(days=90)}
"""When the outcome of a decision is looked at unless the approver says otherwise."""
MOST_OPTIONS_TEXT = 1000
MOST_LABEL = 75


@dataclass(frozen=True)
class Start:
    """What a form starts with. People by their Slack ids."""

    driver: str | None
    due_on: date | None
    title: str = ""
    context: str = ""
    options: str = ""
    approver: str | None = None
    reversibility: Reversibility = Reversibility.TWO_WAY
    contributors: Sequence[str] = ()
    informed: Sequence[str] = ()


def like(decision: DecisionCard, *, due_on: date | None) -> Start:
    """As it is recorded; who is not in Slack cannot be chosen in a form."""
    return Start(
        driver=decision.driver.slack_id,
        due_on=due_on,
        title=decision.title,
        context=decision.context or "",
        options="\n".join(choice.name for choice in decision.options),
        approver=decision.approver.slack_id,
        reversibility=decision.reversibility,
        contributors=_in_slack(decision.contributors),
        informed=_in_slack(decision.informed),
    )


def decision_form(
    *, places: Sequence[Place], here: str | None, start: Start, metadata: str, old: DecisionCard | None = None
) -> View:
    """`old` is the decision that the new one will supersede."""
    first, *rest = _text_fields(start)
    above = [section(_supersedes(old))] if old else []
    fields = [*above, first, place_field(places, here), *rest]
    return form("decision.log", "Log a decision", "Log decision", fields, metadata=metadata)


def edit_fields(decision: DecisionCard) -> list[Block]:
    elsewhere = listed([escape(name) for name in decision.informed_elsewhere], 10)
    kept = [context(f"Also kept informed: {cut(elsewhere, 2000)}.")] if elsewhere else []
    return [*_text_fields(like(decision, due_on=decision.due_on)), *kept]


def decide_form(decision: DecisionCard, *, today: date, metadata: str) -> View:
    label = "Why" if decision.options else "What is decided, and why"
    example = "One or two sentences people can quote later"
    old = decision.supersedes
    fields = [
        section(
            f"*{link(decision.ref, decision.link)} {title(decision.title)}*\n{FREEZES[decision.reversibility]}"
            + (f" {link(old.ref, old.link)} no longer applies then." if old else "")
        ),
        *([field("chosen", "Your choice", radio(_choices(decision)))] if decision.options else []),
        field("rationale", label, text_input(most=1000, least=10, multiline=True, example=example)),
        field(
            "outcome_review_on",
            "Review the outcome on",
            date_select(_outcome_review(decision.reversibility, today)),
            hint="You are asked then whether it worked.",
            optional=True,
        ),
        context("To reject or defer, close this form and press ⋯ on the card."),
    ]
    return form("decision.decide", f"Decide {decision.ref}", "Decide", fields, metadata=metadata)


def _outcome_review(reversibility: Reversibility, today: date) -> date | None:
    """A working day: nobody looks at an outcome on a Sunday."""
    after = REVIEW_AFTER.get(reversibility)
    return working_day_after(today + after - timedelta(days=1), 1) if after else None


def _choices(decision: DecisionCard) -> list[Block]:
    comparison = matrix.compared(decision)
    totals = matrix.shown_totals(comparison) if isinstance(comparison, Comparison) else {}
    return [
        option(
            cut(f"{choice.id} {choice.name}", MOST_LABEL),
            choice.id,
            explained=f"Total {totals[choice.id]}" if choice.id in totals else None,
        )
        for choice in decision.options
    ]


def _supersedes(old: DecisionCard) -> str:
    return (
        f"*Supersedes {link(old.ref, old.link)} {title(old.title)}*\n"
        f"{old.ref} stays valid until the new decision is made. Its text is kept."
    )


def _text_fields(start: Start) -> list[Block]:
    return [
        field(
            "title",
            "What needs deciding?",
            text_input(most=150, least=5, initial=start.title, example="Cutover strategy", focus=True),
        ),
        field("due_on", "Needed by", date_select(start.due_on)),
        field("approver", "Who decides?", person_select(start.approver), hint="One person. They are asked directly."),
        field("driver", "Who prepares it?", person_select(start.driver)),
        field("reversibility", "How hard is it to undo?", radio(DOORS, chosen=start.reversibility.value)),
        divider(),
        field(
            "options",
            "Options",
            text_input(
                most=MOST_OPTIONS_TEXT,
                multiline=True,
                initial=start.options,
                example="Big bang\nDual write then switch\nTenant by tenant",
            ),
            hint="One a line.",
            optional=True,
        ),
        field("context", "Background", text_input(most=1000, multiline=True, initial=start.context), optional=True),
        field("contributors", "Who should be heard?", _people(start.contributors), optional=True),
        field(
            "informed",
            "Who is told the result?",
            _people(start.informed),
            hint="They get one line when it is decided.",
            optional=True,
        ),
    ]


def _people(chosen: Sequence[str]) -> Block:
    return people_select() | ({"initial_users": list(chosen)} if chosen else {})


def _in_slack(people: Sequence[PersonCard]) -> list[str]:
    return [person.slack_id for person in people if person.slack_id and not person.deleted]
