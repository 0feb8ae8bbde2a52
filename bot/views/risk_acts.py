"""The forms in which a risk is moved on: one for each act, everything known filled in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.views.blocks import (
    context,
    date_select,
    divider,
    field,
    form,
    option,
    person_select,
    radio,
    section,
    select,
    text_input,
)
from bot.views.risk_form import CATEGORIES, KINDS, impacts, probabilities, score_line
from bot.views.text import BAND_SIGN, link, score, title
from models.schemas.issue import Severity
from models.schemas.message import Block, View
from models.schemas.risk import STRATEGIES, Band, RiskCard, Strategy

HEADINGS = {
    "assess": ("Assess a risk", "Update"),
    "respond": ("Plan response", "Plan response"),
    "treat": ("Plan response", "Plan response"),
    "accept": ("Accept a risk", "Accept"),
    "resume": ("Treat again", "Treat again"),
    "happen": ("It happened", "Mark happened"),
    "close": ("Close a risk", "Close"),
    "reject": ("Reject a risk", "Reject"),
    "reopen": ("Reopen a risk", "Reopen"),
    "review": ("Review a risk", "Review"),
    "edit": ("Edit a risk", "Save"),
}
"""Title and submit of each form."""

STRATEGY_WORDS = {
    Strategy.AVOID: "so that it cannot happen",
    Strategy.TRANSFER: "somebody else bears it",
    Strategy.MITIGATE: "make it less likely or less bad",
    Strategy.ACCEPT: "live with it",
    Strategy.ESCALATE: "it is decided higher up",
    Strategy.EXPLOIT: "make sure that it happens",
    Strategy.SHARE: "use it together with others",
    Strategy.ENHANCE: "make it more likely or larger",
}
SEVERITIES = (
    option("sev1", Severity.SEV1.value, explained="Work stands still: resolved in 1 working day"),
    option("sev2", Severity.SEV2.value, explained="A date or a deliverable is lost: resolved in 5 working days"),
    option("sev3", Severity.SEV3.value, explained="It hurts, with a way around: resolved in 10 working days"),
    option("sev4", Severity.SEV4.value, explained="A nuisance: resolved in 30 working days"),
)


def risk_act_form(action: str, risk: RiskCard, *, today: date, metadata: str) -> View:
    heading, submit = HEADINGS[action]
    fields = [_about(risk), *FIELDS[action](risk, today)]
    return form("risk.act", heading, submit, fields, metadata=metadata)


def _about(risk: RiskCard) -> Block:
    points = score(risk.band, risk.points, risk.probability, risk.impact)
    return section(f"*{link(risk.ref, risk.link)} {title(risk.title)}*\n{BAND_SIGN[risk.band]} {points}")


def _reason(label: str, example: str, *, hint: str | None = None, initial: str = "") -> Block:
    element = text_input(most=500, least=5, multiline=True, example=example, initial=initial, focus=True)
    return field("reason", label, element, hint=hint)


def _close(risk: RiskCard, today: date) -> list[Block]:
    two = risk.band in (Band.HIGH, Band.EXTREME)
    asked = risk.close_asked_reason or ""
    hint = "An owner's word is confirmed by the project's owner or program manager." if two else None
    if risk.close_asked_by is not None:
        hint = f"{risk.close_asked_by.handle} asks for it. With your word it is closed."
    return [_reason("Why can it be closed?", "The date passed and nothing happened", hint=hint, initial=asked)]


def _reject(risk: RiskCard, today: date) -> list[Block]:
    return [_reason("Why is it no risk?", "Duplicate of R-7")]


def _reopen(risk: RiskCard, today: date) -> list[Block]:
    return [_reason("Why is it open again?", "The vendor moved the date again")]


def _resume(risk: RiskCard, today: date) -> list[Block]:
    return [_reason("Why is it treated again?", "The sign we watch has come")]


def _accept(risk: RiskCard, today: date) -> list[Block]:
    return [
        _reason("Why do we live with it?", "The cost of treating it is higher than the loss"),
        field(
            "next_review_on",
            "Accepted until",
            date_select(None),
            hint="On this day its owner is asked again. The state does not move by itself.",
        ),
    ]


def _statement(risk: RiskCard) -> Block:
    return field(
        "statement",
        "Cause and consequence",
        text_input(
            most=1000,
            least=10,
            multiline=True,
            initial=risk.statement or "",
            example="Given that ..., it is possible that ..., which would ...",
        ),
    )


def _strategy(risk: RiskCard, *, optional: bool = False) -> Block:
    choices = [option(each.title(), each.value, explained=STRATEGY_WORDS[each]) for each in STRATEGIES[risk.kind]]
    chosen = risk.response_strategy or None
    return field("response_strategy", "Response", select(choices, chosen=chosen), optional=optional)


def _plan(risk: RiskCard, *, optional: bool = False) -> Block:
    return field(
        "response_plan",
        "What is done, by whom, by when?",
        text_input(
            most=1000, multiline=True, initial=risk.response_plan or "", example="Rehearse the backfill on two tenants"
        ),
        optional=optional,
    )


def _next_review(risk: RiskCard, today: date, *, label: str = "Review on", optional: bool = False) -> Block:
    planned = risk.next_review_on if risk.next_review_on and risk.next_review_on >= today else None
    return field("next_review_on", label, date_select(planned), optional=optional)


def _assess(risk: RiskCard, today: date) -> list[Block]:
    urgent = risk.band in (Band.HIGH, Band.EXTREME)
    hint = context("A High or Extreme risk needs a response within days: plan it here, or later.") if urgent else None
    return [
        _statement(risk),
        *([hint] if hint else []),
        _strategy(risk, optional=True),
        _plan(risk, optional=True),
        _next_review(risk, today, optional=True),
    ]


def _respond(risk: RiskCard, today: date) -> list[Block]:
    trigger = text_input(most=200, initial=risk.trigger or "", example="Two builds fail in a week")
    chosen_p = str(risk.target_probability) if risk.target_probability else None
    chosen_i = str(risk.target_impact) if risk.target_impact else None
    return [
        *([_statement(risk)] if risk.statement is None else []),
        _strategy(risk),
        _plan(risk),
        _next_review(risk, today),
        divider(),
        field(
            "target_probability",
            "Probability afterwards",
            select(probabilities(risk.place), chosen=chosen_p),
            optional=True,
        ),
        field("target_impact", "Impact afterwards", select(impacts(risk.place), chosen=chosen_i), optional=True),
        field("trigger", "Which sign do you watch?", trigger, optional=True),
    ]


def _happen(risk: RiskCard, today: date) -> list[Block]:
    return [
        field("title", "What went wrong?", text_input(most=150, least=5, initial=risk.title, focus=True)),
        field("severity", "How bad is it?", radio(SEVERITIES)),
        field("owner", "Who works on it?", person_select(risk.owner.slack_id)),
    ]


def _rating(risk: RiskCard) -> list[Block]:
    line = score_line(str(risk.probability), str(risk.impact), risk.place, is_new=False)
    return [
        field("probability", "Probability", select(probabilities(risk.place), chosen=str(risk.probability)), live=True),
        field("impact", "Impact", select(impacts(risk.place), chosen=str(risk.impact)), live=True),
        *([line] if line else []),
    ]


def _review(risk: RiskCard, today: date) -> list[Block]:
    changed = text_input(most=500, multiline=True, example="The vendor confirmed the date")
    return [
        *_rating(risk),
        field("next_review_on", "Next review", date_select(None)),
        field("reason", "What changed?", changed, optional=True),
    ]


def _edit(risk: RiskCard, today: date) -> list[Block]:
    cost = "" if risk.cost_impact is None else str(abs(risk.cost_impact) // 100)
    days = "" if risk.schedule_days is None else str(risk.schedule_days)
    return [
        field("title", "What could happen?", text_input(most=150, least=5, initial=risk.title)),
        *_rating(risk),
        field("category", "Category", select(CATEGORIES, chosen=risk.category.value)),
        field("owner", "Owner", person_select(risk.owner.slack_id)),
        divider(),
        field(
            "statement",
            "Cause and consequence",
            text_input(most=1000, multiline=True, initial=risk.statement or ""),
            optional=True,
        ),
        field("trigger", "Which sign do you watch?", text_input(most=200, initial=risk.trigger or ""), optional=True),
        field("next_review_on", "Review on", date_select(risk.next_review_on), optional=True),
        field("proximity_on", "Earliest date it could happen", date_select(risk.proximity_on), optional=True),
        field(
            "cost_impact",
            "What would it cost?",
            text_input(most=15, initial=cost, example="180000"),
            hint="In the program's currency. What an opportunity would bring.",
            optional=True,
        ),
        field(
            "schedule_days",
            "How many working days would it cost?",
            text_input(most=3, initial=days, example="10"),
            hint="The most likely number. What an opportunity would save.",
            optional=True,
        ),
        field("kind", "Kind", radio(KINDS, chosen=risk.kind.value)),
    ]


FIELDS: Mapping[str, Callable[[RiskCard, date], Sequence[Block]]] = {
    "assess": _assess,
    "respond": _respond,
    "treat": _respond,
    "accept": _accept,
    "resume": _resume,
    "happen": _happen,
    "close": _close,
    "reject": _reject,
    "reopen": _reopen,
    "review": _review,
    "edit": _edit,
}
