"""The forms in which a decision is moved on: one for each act, everything known filled in."""

from collections.abc import Callable, Mapping, Sequence

from bot.views.blocks import context, date_select, divider, field, form, option, radio, section, select, text_input
from bot.views.decision import DOOR_WORDS, choice_words
from bot.views.decision_form import edit_fields
from bot.views.text import cut, escape, link, title
from models.schemas.decision import GRADE_WORDS, DecisionCard, Option
from models.schemas.decision_acts import DETAILS, STEPS, detail_field, score_field
from models.schemas.message import Block, View

HEADINGS = {
    "edit": ("Edit a decision", "Save"),
    "criteria": ("Edit criteria", "Save"),
    "details": ("Edit options", "Save"),
    "score": ("Score options", "Save"),
    "reject": ("Reject a decision", "Reject"),
    "defer": ("Defer a decision", "Defer"),
    "withdraw": ("Withdraw a decision", "Withdraw"),
    "deprecate": ("Mark outdated", "Mark outdated"),
    "grade": ("Review outcome", "Save"),
}
"""Title and submit of each form."""

SCALE = tuple(option(step, step) for step in reversed(STEPS))
MOST_INPUTS = 25
"""Selects of one page of scores: five options by five criteria."""
MOST_LABEL = 150
DETAIL_LABELS = {"pros": "What speaks for it?", "cons": "What speaks against it?", "cost": "What does it cost?"}


def decision_act_form(action: str, decision: DecisionCard, *, metadata: str) -> View:
    heading, submit = HEADINGS[action]
    return form("decision.act", heading, submit, [_about(decision), *FIELDS[action](decision)], metadata=metadata)


def score_form(decision: DecisionCard, *, page: int, metadata: str) -> View:
    """Options by criteria, a select each; with many of them a page at a time."""
    heading, submit = HEADINGS["score"]
    last = page + 1 >= score_pages(decision)
    fields = [_about(decision), *_scores(decision, page)]
    return form("decision.act", heading, submit if last else "Save and go on", fields, metadata=metadata)


def score_pages(decision: DecisionCard) -> int:
    return max(1, -(-len(decision.options) // _on_a_page(decision)))


def page_of_options(decision: DecisionCard, page: int) -> list[Option]:
    size = _on_a_page(decision)
    return decision.options[page * size : (page + 1) * size]


def _on_a_page(decision: DecisionCard) -> int:
    return max(1, MOST_INPUTS // max(1, len(decision.criteria)))


def _about(decision: DecisionCard) -> Block:
    about = f"*{link(decision.ref, decision.link)} {title(decision.title)}*\n{DOOR_WORDS[decision.reversibility]}"
    return section(about)


def _reason(label: str, example: str) -> Block:
    return field("reason", label, text_input(most=500, least=5, multiline=True, example=example, focus=True))


def _reject(decision: DecisionCard) -> list[Block]:
    return [_reason("Why is it rejected?", "We cannot pay for any of these this year")]


def _withdraw(decision: DecisionCard) -> list[Block]:
    return [_reason("Why is it not needed?", "The vendor chose for us")]


def _deprecate(decision: DecisionCard) -> list[Block]:
    return [_reason("Why does it no longer apply?", "The product it was about is gone")]


def _defer(decision: DecisionCard) -> list[Block]:
    hint = "On this day it is asked again by itself."
    return [
        field("due_on", "Defer to", date_select(None), hint=hint),
        _reason("Why later?", "The figures come at the end of the month"),
    ]


def _edit(decision: DecisionCard) -> list[Block]:
    return edit_fields(decision)


def _criteria(decision: DecisionCard) -> list[Block]:
    lines = "\n".join(f"{criterion.id} {_plain(criterion.weight)}" for criterion in decision.criteria)
    return [
        field(
            "criteria",
            "What counts, and how much?",
            text_input(
                most=500,
                multiline=True,
                initial=lines,
                example="risk 40\ncost 20\nspeed 20\noperability 20",
                focus=True,
            ),
            hint="One a line, with its weight. Weights need no common sum. Empty takes the matrix away.",
            optional=True,
        )
    ]


def _plain(weight: object) -> str:
    text = str(weight)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scores(decision: DecisionCard, page: int) -> list[Block]:
    blocks: list[Block] = [context("5 is best: a low cost scores high. A missing score blocks the comparison.")]
    at = {option.id: number for number, option in enumerate(decision.options)}
    for choice in page_of_options(decision, page):
        blocks.append(section(f"*{_option_name(choice)}*"))
        blocks += [
            field(
                score_field(at[choice.id], number),
                cut(criterion.id, MOST_LABEL),
                select(SCALE, chosen=str(choice.scores.get(criterion.id, ""))),
                optional=True,
            )
            for number, criterion in enumerate(decision.criteria)
        ]
    return blocks


def _details(decision: DecisionCard) -> list[Block]:
    blocks: list[Block] = []
    for number, choice in enumerate(decision.options):
        blocks += [*([divider()] if number else []), section(f"*{_option_name(choice)}*")]
        blocks += [
            field(
                detail_field(name, number),
                DETAIL_LABELS[name],
                text_input(most=most, initial=" ".join((getattr(choice, name) or "").split())),
                optional=True,
            )
            for name, most in DETAILS.items()
        ]
    return blocks


def _option_name(choice: Option) -> str:
    return cut(f"{escape(choice.id)} {escape(choice.name)}", 2000)


def _grade(decision: DecisionCard) -> list[Block]:
    chosen = decision.outcome_grade.value if decision.outcome_grade else None
    grades = [option(words[:1].upper() + words[1:], grade.value) for grade, words in GRADE_WORDS.items()]
    what = choice_words(decision)
    example = "Switched on 18 May without an outage; two days later than planned"
    return [
        *([section(f"*Decided:* {cut(what, 2000)}")] if what else []),
        field("outcome_grade", "How did it turn out?", radio(grades, chosen=chosen)),
        field(
            "outcome",
            "What came of it?",
            text_input(most=500, least=5, multiline=True, initial=decision.outcome or "", example=example),
        ),
    ]


FIELDS: Mapping[str, Callable[[DecisionCard], Sequence[Block]]] = {
    "edit": _edit,
    "criteria": _criteria,
    "details": _details,
    "reject": _reject,
    "defer": _defer,
    "withdraw": _withdraw,
    "deprecate": _deprecate,
    "grade": _grade,
}
"""Of `decision_act_form`; scores have their own, with pages."""
