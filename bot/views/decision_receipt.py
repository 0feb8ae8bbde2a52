"""What one person alone is told of a decision: its author, its approver, who is kept informed, who looks at options."""

from datetime import date

from bot.domain.decision_matrix import Comparison
from bot.views import decision_matrix as matrix
from bot.views.blocks import actions, context, facts, message, overflow, section
from bot.views.decision import (
    DOOR_WORDS,
    LABELS,
    act_button,
    choice_words,
    decided_by,
    decision_shown,
    named,
)
from bot.views.receipt import where
from bot.views.text import cut, day, escape, instant, link, mention, name, sentence, stopped, title
from models.schemas.decision import STATE_WORDS, DecisionCard, Option
from models.schemas.message import Block, Message

NO_OPTIONS = {
    True: "No options yet. Press *Edit* on the card to name them, one a line.",
    False: "It had no options.",
}
MOST_OPTION = 700
MOST_BACKGROUND = 1000


def decision_receipt(decision: DecisionCard, *, today: date) -> Message:
    """What its author sees at once, alone."""
    due = day(decision.due_on, today) if decision.due_on else "no date"
    acts = ("edit", "criteria", "undo") if decision.options else ("edit", "undo")
    return message(
        sentence(
            f"Logged {decision.ref}: {stopped(title(decision.title))} Needed by {due} from {name(decision.approver)}."
        ),
        section(f":white_check_mark: *Logged {link(decision.ref, decision.link)}: {title(decision.title)}*"),
        facts(
            ("Needed by", due),
            ("Decides", mention(decision.approver)),
            ("Prepared by", mention(decision.driver)),
            ("Project", title(decision.place.name)) if decision.place else None,
            ("Door", DOOR_WORDS[decision.reversibility]),
            ("Options", str(len(decision.options)) if decision.options else "none yet"),
        ),
        actions(*(act_button(decision, act) for act in acts)),
        context(f"Only you see this. {where(decision.place)}"),
    )


def decision_ask(decision: DecisionCard, *, today: date) -> Message:
    """The approver's own message, changed in place as the decision changes."""
    if not decision.is_open:
        return decision_shown(decision, today=today)
    due = f" by {day(decision.due_on, today)}" if decision.due_on else ""
    where = f" · {title(decision.place.name)}" if decision.place else ""
    show = [act_button(decision, "compare")] if decision.options else []
    dots = overflow("decision.more", [(LABELS[act], f"{act}:{decision.id}") for act in ("defer", "reject", "history")])
    about = (
        f"*{link(decision.ref, decision.link)} {title(decision.title)}*{where} · {DOOR_WORDS[decision.reversibility]}"
    )
    return message(
        sentence(
            f"Your decision is needed{due}: {decision.ref} {stopped(title(decision.title))} {matrix.verdict(decision)}."
        ),
        section(f"*Your decision is needed{due}*\n{about}"),
        *_ranking(decision),
        section(cut(escape(decision.context), MOST_BACKGROUND)) if decision.context else None,
        actions(act_button(decision, "decide", primary=True), *show, dots),
        context(_why_you(decision, today)),
    )


def decision_not_yours(decision: DecisionCard) -> Message:
    """What the message of an approver says after somebody else became it."""
    return message(
        sentence(f"{decision.ref} is decided by {name(decision.approver)} now: {title(decision.title)}"),
        section(f"*{name(decision.approver)} decides this one now*\n{named(decision)}"),
    )


def decision_told(decision: DecisionCard, *, today: date) -> Message:
    """One line for whoever is kept informed, when it is over."""
    what = choice_words(decision)
    state = f"{STATE_WORDS[decision.status]}{': ' + what if what else ''}"
    reason = decision.rationale or decision.status_reason
    why = f"\n*Why:* {cut(escape(reason), MOST_BACKGROUND)}" if reason else ""
    return message(
        sentence(f"{state}. {decision.ref} {stopped(title(decision.title))} {decided_by(decision, today)}."),
        section(f":white_check_mark: *{state}*\n{named(decision)}{why}"),
        context(f"By {decided_by(decision, today)}. You are told because the decision names you."),
    )


def decision_options(decision: DecisionCard, *, today: date) -> Message:
    """Every option with all that is known of it, and the acts that change it."""
    comparison = matrix.compared(decision)
    order = {option: at for at, option in enumerate(comparison.rank)} if isinstance(comparison, Comparison) else {}
    options = sorted(decision.options, key=lambda choice: order.get(choice.id, 0))
    result = None
    if isinstance(comparison, Comparison):
        result = section(matrix.sensitivity(comparison))
    elif comparison.missing:
        result = section(matrix.missing(comparison))
    acts = [act_button(decision, act) for act in ("score", "criteria", "details")] if decision.is_undecided else []
    return message(
        sentence(f"Options of {decision.ref} {title(decision.title)}: {matrix.verdict(decision)}. Only you see this."),
        section(f"*Options of {link(decision.ref, decision.link)} {title(decision.title)}*"),
        *(section(_option(choice, decision)) for choice in options),
        section(NO_OPTIONS[decision.is_undecided]) if not options else None,
        result,
        section(cut(f"*Background:* {escape(decision.context)}", MOST_BACKGROUND)) if decision.context else None,
        actions(*acts) if acts else None,
        context(f"{matrix.scale(decision)}Only you see this."),
    )


def frozen_text(decision: DecisionCard, *, today: date) -> list[Block]:
    """What was decided and why, below the history of a decision that was accepted once."""
    what = choice_words(decision)
    if decision.decided_at is None or not (what or decision.rationale):
        return []
    why = f"\n*Why:* {escape(decision.rationale)}" if decision.rationale else ""
    return [
        section(cut(f"*Decided{': ' + what if what else ''}* by {decided_by(decision, today)}{why}", 2900)),
        context(f"Logged {instant(decision.raised_at)}. Show options has the options as they were."),
    ]


def _ranking(decision: DecisionCard) -> list[Block]:
    comparison = matrix.compared(decision)
    if not isinstance(comparison, Comparison):
        return matrix.without_matrix(decision, comparison)
    totals, by_id = matrix.shown_totals(comparison), {option.id: option for option in decision.options}
    lines = [_ranked(by_id[option], totals[option], option in comparison.leaders) for option in comparison.rank]
    shown = lines[: matrix.MOST_OPTIONS]
    rest = [f"and {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
    return [section("\n".join([*shown, *rest])), section(matrix.sensitivity(comparison))]


def _ranked(option: Option, total: str, leads: bool) -> str:
    words = f"{escape(option.id)} {escape(option.name)}"
    return cut(f"*{words}* {total}" if leads else f"{words} {total}", matrix.MOST_LINE)


def _option(choice: Option, decision: DecisionCard) -> str:
    comparison = matrix.compared(decision)
    total = f" · {matrix.shown_totals(comparison)[choice.id]}" if isinstance(comparison, Comparison) else ""
    chosen = " · chosen" if choice.id == decision.chosen else ""
    scores = [f"{escape(each.id)} {choice.scores.get(each.id, 'missing')}" for each in decision.criteria]
    lines = [
        f"*{escape(choice.id)} {escape(choice.name)}*{total}{chosen}",
        *(f"{label}: {escape(words)}" for label, words in _said(choice) if words),
        *([", ".join(scores)] if scores else []),
    ]
    return cut("\n".join(lines), MOST_OPTION)


def _said(choice: Option) -> list[tuple[str, str | None]]:
    return [("For", choice.pros), ("Against", choice.cons), ("Cost", choice.cost)]


def _why_you(decision: DecisionCard, today: date) -> str:
    late = ""
    if decision.due_on and decision.place and decision.place.program_name:
        start = f"After {day(decision.due_on, today)}"
        late = f" {start} it stands as overdue in the rollup of {title(decision.place.program_name)}."
    return f"You are the approver.{late} Others are heard in the card's thread."
