"""What one person alone is told of an issue: the receipt of logging it, the line that names them, what was undone."""

from datetime import date

from bot.views.blocks import actions, context, facts, message, section
from bot.views.issue import SEVERITY_SIGN, act_button, until_words, waits_for_owner
from bot.views.receipt import share_button, shared, undo_button, where
from bot.views.text import day, link, mention, name, sentence, stopped, title
from models.schemas.issue import STATE_WORDS, IssueCard
from models.schemas.message import Message
from models.schemas.people import PersonCard


def issue_receipt(issue: IssueCard, *, today: date) -> Message:
    """What its author sees at once, alone."""
    by = day(issue.resolve_by, today)
    waits = f" {name(issue.owner)} is asked to acknowledge it." if waits_for_owner(issue) else ""
    return message(
        sentence(
            f"Logged {issue.ref}: {stopped(title(issue.title))} {issue.severity.capitalize()}, "
            f"owner {name(issue.owner)}, to be resolved by {by}."
        ),
        section(f":white_check_mark: *Logged {link(issue.ref, issue.link)}: {title(issue.title)}*"),
        facts(
            ("Severity", f"{SEVERITY_SIGN[issue.severity]} {issue.severity}"),
            ("Owner", mention(issue.owner)),
            ("Resolve by", by),
            ("Project", title(issue.place.name)) if issue.place else None,
        ),
        actions(
            act_button("edit", issue),
            undo_button("issue", issue),
            share_button("issue", issue),
        ),
        context(f"Only you see this. {where(issue.place)}{waits}"),
    )


def issue_yours(issue: IssueCard, *, today: date) -> Message:
    """One line at the moment somebody names you."""
    project = f" in {title(issue.place.name)}" if issue.place else ""
    logger = f" Logged by {mention(issue.author)}." if issue.author else ""
    what = f"{issue.severity.capitalize()}{project}"
    return message(
        sentence(f"You own {issue.ref} now: {stopped(title(issue.title))} {what}."),
        section(
            f"*You own {link(issue.ref, issue.link)} now: {title(issue.title)}*\n"
            f"{SEVERITY_SIGN[issue.severity]} {what}, {until_words(issue, today)}.{logger}",
            accessory=act_button("acknowledge", issue) if waits_for_owner(issue) else None,
        ),
    )


def issue_shared(issue: IssueCard, by: PersonCard, *, today: date) -> Message:
    """A short public copy; it is not updated."""
    state, owner = STATE_WORDS[issue.status], f"owner {name(issue.owner)}"
    until = f", {until_words(issue, today)}" if issue.is_open else ""
    says = f"{state}, {issue.severity}, {owner}"
    line = f"{SEVERITY_SIGN[issue.severity]} {issue.severity}, {state.lower()} · {owner}{until}"
    return shared("issue", issue, by, says=says, line=line)
