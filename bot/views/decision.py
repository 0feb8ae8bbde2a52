"""How a decision looks: its one card, in every state."""

from datetime import date

from bot.domain.decision_matrix import Comparison, Incomparable
from bot.domain.wall_time import local_date
from bot.views import decision_matrix as matrix
from bot.views.blocks import actions, button, context, facts, message, overflow, section
from bot.views.text import cut, day, escape, instant, link, listed, mention, name, sentence, stopped, title
from models.schemas.decision import GRADE_WORDS, STATE_WORDS, DecisionCard, DecisionStatus, Reversibility
from models.schemas.message import Block, Message

S = DecisionStatus
DOOR_WORDS = {
    Reversibility.TWO_WAY: "two-way door, easy to undo",
    Reversibility.ONE_WAY: "one-way door, hard to undo",
}
MOST_PARAGRAPH = 2800
"""Escaped text of one section, with room for what stands around it (Slack takes 3,000)."""
LABELS = {
    "propose": "Propose",
    "review": "Take into review",
    "decide": "Decide",
    "reject": "Reject",
    "defer": "Defer",
    "resume": "Propose again",
    "withdraw": "Withdraw",
    "deprecate": "Mark outdated",
    "replace": "Supersede",
    "grade": "Review outcome",
    "edit": "Edit",
    "criteria": "Edit criteria",
    "details": "Edit options",
    "score": "Score options",
    "compare": "Show options",
    "history": "Show history",
    "undo": "Undo",
}
MORE = {
    S.DRAFT: ("withdraw", "history"),
    S.PROPOSED: ("review", "defer", "reject", "withdraw", "history"),
    S.IN_REVIEW: ("defer", "reject", "history"),
    S.DEFERRED: ("compare", "history"),
    S.ACCEPTED: ("replace", "grade", "deprecate", "history"),
    S.REJECTED: ("compare", "history"),
    S.WITHDRAWN: ("compare", "history"),
    S.SUPERSEDED: ("compare", "grade", "history"),
    S.DEPRECATED: ("compare", "grade", "history"),
}
"""What stands behind the dots, five at most; the rest is offered where the options are shown."""

SIGNS = {
    S.DEFERRED: ":calendar:",
    S.ACCEPTED: ":white_check_mark:",
    S.REJECTED: ":white_check_mark:",
    S.WITHDRAWN: ":leftwards_arrow_with_hook:",
    S.DEPRECATED: ":no_entry_sign:",
}


def decision_card(decision: DecisionCard, *, today: date) -> Message:
    """The one card of a decision in its project's channel, edited in place."""
    match decision.status:
        case S.DRAFT | S.PROPOSED | S.IN_REVIEW:
            return _open_card(decision, today)
        case S.ACCEPTED:
            return _decided_card(decision, today)
        case S.SUPERSEDED:
            return _superseded_card(decision, today)
        case _:
            return _folded_card(decision, today)


def decision_shown(decision: DecisionCard, *, today: date) -> Message:
    """The card for one reader: in lines, because a workspace that refuses tables is not noticed in private answers."""
    card = decision_card(decision, today=today)
    return card.model_copy(update={"blocks": card.fallback, "fallback": None}) if card.fallback else card


def act_button(decision: DecisionCard, action: str, *, primary: bool = False) -> Block:
    label = LABELS[action]
    says = f"{label} of {decision.ref}" if " " in label else f"{label} {decision.ref}"
    return button(label, f"decision.{action}", str(decision.id), primary=primary, says=says)


def more(decision: DecisionCard) -> Block:
    acts = [action for action in MORE[decision.status] if decision.options or action != "compare"]
    return overflow("decision.more", [(LABELS[action], f"{action}:{decision.id}") for action in acts])


def named(decision: DecisionCard) -> str:
    """The line that says which decision it is."""
    return f"*{link(decision.ref, decision.link)} {title(decision.title)}* · {DOOR_WORDS[decision.reversibility]}"


def choice_words(decision: DecisionCard) -> str:
    """'B, Dual write then switch', escaped; empty where nothing was chosen among options."""
    choice = decision.chosen_option
    return f"{escape(choice.id)}, {escape(choice.name)}" if choice else ""


def decided_by(decision: DecisionCard, today: date) -> str:
    approver = name(decision.approver)
    by = f"{name(decision.decided_by)} for {approver}" if decision.decided_by else approver
    at = decision.decided_at
    return f"{by}, {day(local_date(at, decision.zone), today)}" if at else by


def _open_card(decision: DecisionCard, today: date) -> Message:
    due = f" by {day(decision.due_on, today)}" if decision.due_on else ""
    state = "Draft of decision" if decision.status is S.DRAFT else "Decision"
    needed = f" needed{due} from {name(decision.approver)}"
    words = f"{state} {decision.ref}{needed}: {stopped(title(decision.title))} {matrix.verdict(decision)}."
    first = section(f":scales: {_want(decision, due)}\n{named(decision)}")
    last = [
        facts(
            ("Driver", name(decision.driver)),
            ("Contributors", listed([name(person) for person in decision.contributors], 5) or "none named"),
        ),
        actions(*_open_buttons(decision), more(decision)),
        context(_small_print(decision)),
    ]
    background = _background(decision)
    in_lines = [first, *matrix.in_lines(decision), *background, *last] if _has_matrix(decision) else None
    return message(sentence(words), first, *matrix.in_table(decision), *background, *last, fallback=in_lines)


def _want(decision: DecisionCard, due: str) -> str:
    if decision.status is S.DRAFT:
        return f"*Draft:* {name(decision.approver)} is not asked yet"
    start = "In review: decision needed" if decision.status is S.IN_REVIEW else "Decision needed"
    return f"*{start}{due}* from {mention(decision.approver)}"


def _open_buttons(decision: DecisionCard) -> list[Block]:
    first = (
        act_button(decision, "propose") if decision.status is S.DRAFT else act_button(decision, "decide", primary=True)
    )
    result = matrix.compared(decision)
    lacks_scores = isinstance(result, Incomparable) and result.missing
    third = [act_button(decision, "score" if lacks_scores else "compare")] if decision.options else []
    return [first, act_button(decision, "edit"), *third]


def _has_matrix(decision: DecisionCard) -> bool:
    return isinstance(matrix.compared(decision), Comparison)


def _background(decision: DecisionCard) -> list[Block]:
    """Where a matrix stands it says more; the background is then behind Show options."""
    if _has_matrix(decision) or not decision.context:
        return []
    return [section(cut(escape(decision.context), MOST_PARAGRAPH))]


def _small_print(decision: DecisionCard) -> str:
    if _has_matrix(decision):
        left_out = matrix.left_out(decision)
        start = f"{matrix.scale(decision)}{left_out + ' ' if left_out else ''}"
    else:
        source = f" from {link('a message', decision.source_url)}" if decision.source_url else ""
        start = f"Logged{source + ',' if source else ''} {instant(decision.raised_at)}. "
    old = decision.supersedes
    replaces = f"Supersedes {link(old.ref, old.link)} once it is decided. " if old else ""
    return f"{start}{replaces}Contributors: reply in the thread."


def _decided_card(decision: DecisionCard, today: date) -> Message:
    what = choice_words(decision)
    words = f"Decided: {decision.ref} {title(decision.title)}{' is ' + what if what else ''}."
    old = decision.supersedes
    replaced = f" It supersedes {link(old.ref, old.link)}." if old else ""
    show = [act_button(decision, "compare")] if decision.options else []
    return message(
        sentence(f"{words} {decided_by(decision, today)}."),
        section(f":white_check_mark: *Decided{': ' + what if what else ''}*\n{named(decision)}"),
        facts(*_decided_facts(decision, today)),
        section(cut(f"*Why:* {escape(decision.rationale)}", MOST_PARAGRAPH)) if decision.rationale else None,
        section(cut(f"*Outcome:* {escape(decision.outcome)}", MOST_PARAGRAPH)) if decision.outcome else None,
        actions(*show, more(decision)),
        context(f"The text is frozen. A change is a new decision.{replaced} Comments stay open in the thread."),
    )


def _decided_facts(decision: DecisionCard, today: date) -> list[tuple[str, str] | None]:
    grade = ("Turned out", GRADE_WORDS[decision.outcome_grade]) if decision.outcome_grade else None
    review = ("Review outcome on", day(decision.outcome_review_on, today)) if decision.outcome_review_on else None
    return [
        ("By", decided_by(decision, today)),
        grade or review,
        ("Asked for by", day(decision.due_on, today)) if decision.due_on else None,
        _chosen_score(decision),
    ]


def _chosen_score(decision: DecisionCard) -> tuple[str, str] | None:
    """'3.6, next best 3.4 (C)'."""
    comparison = matrix.compared(decision)
    if isinstance(comparison, Incomparable) or decision.chosen not in comparison.totals:
        return None
    totals = matrix.shown_totals(comparison)
    others = [option for option in comparison.rank if option != decision.chosen]
    is_best = decision.chosen in comparison.leaders
    rest = f", {'next best' if is_best else 'best'} {totals[others[0]]} ({escape(others[0])})" if others else ""
    return "Score", f"{totals[decision.chosen]}{rest}"


def _superseded_card(decision: DecisionCard, today: date) -> Message:
    new = decision.superseded_by
    if new is None:
        return _folded_card(decision, today)
    choice = f", {title(new.choice or new.title or '')}" if new.choice or new.title else ""
    replaced = f" Replaced {day(local_date(new.decided_at, decision.zone), today)}." if new.decided_at else ""
    return message(
        sentence(
            f"{decision.ref} {title(decision.title)} no longer applies. "
            f"It is superseded by {new.ref}{stopped(choice) if choice else '.'}"
        ),
        section(
            f":no_entry_sign: *No longer applies:* superseded by {link(new.ref, new.link)}{choice}\n"
            f"{link(decision.ref, decision.link)} {title(decision.title)}",
            accessory=button(f"Show {new.ref}", "decision.show", str(new.id)),
        ),
        actions(more(decision)),
        context(f"{_was(decision, today)}{replaced} The old text is kept."),
    )


def _was(decision: DecisionCard, today: date) -> str:
    what = choice_words(decision)
    return f"{f'Was: {what}. ' if what else ''}Decided by {decided_by(decision, today)}."


def _folded_card(decision: DecisionCard, today: date) -> Message:
    """Deferred, or over: what became of it, and why."""
    state = STATE_WORDS[decision.status]
    is_deferred = decision.status is S.DEFERRED
    until = f" to {day(decision.due_on, today)}" if is_deferred and decision.due_on else ""
    reason = decision.status_reason or decision.rationale
    by = f" By {decided_by(decision, today)}." if decision.status is S.REJECTED else ""
    returns = "On that day it is asked again by itself." if until else ""
    was = _was(decision, today) if decision.status in (S.DEPRECATED, S.SUPERSEDED) else ""
    buttons = [act_button(decision, "resume"), act_button(decision, "edit")] if is_deferred else []
    small = " ".join(part for part in (was, returns) if part)
    return message(
        sentence(f"{state}{until}: {decision.ref} {stopped(title(decision.title))}{by}"),
        section(f"{SIGNS.get(decision.status, ':no_entry_sign:')} *{state}{until}*\n{named(decision)}"),
        section(cut(f"*Why:* {stopped(escape(reason))}{by}", MOST_PARAGRAPH)) if reason else None,
        actions(*buttons, more(decision)),
        context(small) if small else None,
    )
