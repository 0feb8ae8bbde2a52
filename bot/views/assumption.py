"""How an assumption looks: its one card, in every state."""

from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, context, message, overflow, section
from bot.views.text import cut, day, escape, instant, link, name, sentence, stopped, title
from models.schemas.assumption import STATE_WORDS, AssumptionCard, AssumptionStatus
from models.schemas.message import Block, Message

LABELS = {
    "confirm": "Confirm",
    "refute": "Refute",
    "edit": "Edit",
    "reopen": "Reopen",
    "history": "Show history",
}
MORE = {
    AssumptionStatus.UNVALIDATED: ("history",),
    AssumptionStatus.VALIDATED: ("refute", "reopen", "history"),
    AssumptionStatus.INVALIDATED: ("reopen", "history"),
}
"""What stands behind the dots."""

MOST_PARAGRAPH = 2800


def assumption_card(assumption: AssumptionCard, *, today: date) -> Message:
    """The one card of an assumption in its project's channel, edited in place."""
    if assumption.status is not AssumptionStatus.UNVALIDATED:
        return _settled_card(assumption, today)
    who = name(assumption.owner)
    return message(
        sentence(f"{_named(assumption)} Not confirmed yet, {who} {find_out(assumption, today)}."),
        section(f":radio_button: *Not confirmed yet:* {who} {find_out(assumption, today)}\n{_titled(assumption)}"),
        _open_again(assumption),
        actions(*_buttons(assumption, today)),
        context(_small_print(assumption)),
    )


def zone_of(assumption: AssumptionCard) -> str:
    return assumption.place.tz if assumption.place else assumption.owner.tz


def find_out(assumption: AssumptionCard, today: date) -> str:
    """What its owner does, and by when."""
    if assumption.validate_by is None:
        return "to find out"
    late = assumption.validate_by < today
    return f"{'was ' if late else ''}to find out by {day(assumption.validate_by, today)}"


def act_button(action: str, assumption: AssumptionCard, *, primary: bool = False) -> Block:
    label = LABELS[action]
    says = f"{label} {assumption.ref}"
    return button(label, f"assumption.{action}", str(assumption.id), primary=primary, says=says)


def _titled(assumption: AssumptionCard) -> str:
    return f"*{link(assumption.ref, assumption.link)} {title(assumption.title)}*"


def _named(assumption: AssumptionCard) -> str:
    where = f" in {title(assumption.place.name)}" if assumption.place else ""
    return f"Assumption {assumption.ref}{where}: {stopped(title(assumption.title))}"


def _open_again(assumption: AssumptionCard) -> Block | None:
    if not assumption.status_reason:
        return None
    return section(f"*Open again:* {cut(escape(assumption.status_reason), MOST_PARAGRAPH)}")


def _buttons(assumption: AssumptionCard, today: date) -> list[Block]:
    due = assumption.validate_by is not None and assumption.validate_by <= today
    return [
        act_button("confirm", assumption, primary=due),
        act_button("refute", assumption),
        act_button("edit", assumption),
        _more(assumption),
    ]


def _more(assumption: AssumptionCard) -> Block:
    choices = [(LABELS[action], f"{action}:{assumption.id}") for action in MORE[assumption.status]]
    return overflow("assumption.more", choices)


def _small_print(assumption: AssumptionCard) -> str:
    logger = f"Logged by {name(assumption.author)}" if assumption.author else "Logged"
    source = f" from {link('a message', assumption.source_url)}" if assumption.source_url else ""
    return f"{logger}{source}{',' if assumption.author or source else ''} {instant(assumption.raised_at)}."


def _settled_card(assumption: AssumptionCard, today: date) -> Message:
    """What it turned out to be; a refuted one offers the record that follows from it."""
    undone = assumption.is_undone
    state = "Undone" if undone else STATE_WORDS[assumption.status]
    sign = {"Confirmed": ":white_check_mark:", "Undone": ":leftwards_arrow_with_hook:"}.get(state, ":no_entry_sign:")
    reason = f"{stopped(title(assumption.status_reason))} " if assumption.status_reason and not undone else ""
    settled = local_date(assumption.settled_at, zone_of(assumption)) if assumption.settled_at else None
    when = f", {day(settled, today)}" if settled else ""
    words = (
        f"{sign} *{state}:* {link(assumption.ref, assumption.link)} {title(assumption.title)}\n"
        f"{reason}Owner {name(assumption.owner)}{when}."
    )
    refuted = state == "Refuted"
    return message(
        sentence(f"{_named(assumption)} {state}{when}."),
        section(words, accessory=None if refuted else _more(assumption)),
        actions(*_consequences(assumption), _more(assumption)) if refuted else None,
        context("What follows from it can be logged at once.") if refuted else None,
    )


def _consequences(assumption: AssumptionCard) -> list[Block]:
    value, ref = str(assumption.id), assumption.ref
    return [
        button("Log risk", "risk.from_assumption", value, says=f"Log a risk from {ref}"),
        button("Log issue", "issue.from_assumption", value, says=f"Log an issue from {ref}"),
    ]
