"""What one person alone is told of an assumption: the receipt, the line that names them, what was undone."""

from datetime import date

from bot.views.assumption import act_button, find_out
from bot.views.blocks import actions, context, facts, message, section
from bot.views.receipt import share_button, shared, undo_button, where
from bot.views.text import day, link, mention, name, sentence, stopped, title
from models.schemas.assumption import STATE_WORDS, AssumptionCard, AssumptionStatus
from models.schemas.message import Message
from models.schemas.people import PersonCard


def assumption_receipt(assumption: AssumptionCard, *, today: date) -> Message:
    """What its author sees at once, alone."""
    by = day(assumption.validate_by, today) if assumption.validate_by else "no date"
    return message(
        sentence(
            f"Logged {assumption.ref}: {stopped(title(assumption.title))} "
            f"{name(assumption.owner)} {find_out(assumption, today)}."
        ),
        section(f":white_check_mark: *Logged {link(assumption.ref, assumption.link)}: {title(assumption.title)}*"),
        facts(
            ("Owner", mention(assumption.owner)),
            ("Known by", by),
            ("Project", title(assumption.place.name)) if assumption.place else None,
        ),
        actions(
            act_button("edit", assumption),
            undo_button("assumption", assumption),
            share_button("assumption", assumption),
        ),
        context(f"Only you see this. {where(assumption.place)}"),
    )


def assumption_yours(assumption: AssumptionCard, *, today: date) -> Message:
    """One line at the moment somebody names you, with the answer at hand as long as there is none."""
    project = f"{title(assumption.place.name)} · " if assumption.place else ""
    logger = f" Logged by {mention(assumption.author)}." if assumption.author else ""
    open_still = assumption.status is AssumptionStatus.UNVALIDATED
    want = find_out(assumption, today) if open_still else STATE_WORDS[assumption.status].lower()
    return message(
        sentence(f"You own {assumption.ref} now: {stopped(title(assumption.title))} {want[0].upper()}{want[1:]}."),
        section(
            f"*You own {link(assumption.ref, assumption.link)} now: {title(assumption.title)}*\n"
            f"{project}{want}.{logger}"
        ),
        actions(act_button("confirm", assumption), act_button("refute", assumption)) if open_still else None,
    )


def assumption_shared(assumption: AssumptionCard, by: PersonCard, *, today: date) -> Message:
    """A short public copy; it is not updated."""
    state, owner = STATE_WORDS[assumption.status], f"owner {name(assumption.owner)}"
    known_by = f" · known by {day(assumption.validate_by, today)}" if assumption.validate_by else ""
    says = f"{state}, {owner}"
    line = f"{state} · {owner}{known_by}"
    return shared("assumption", assumption, by, says=says, line=line)
