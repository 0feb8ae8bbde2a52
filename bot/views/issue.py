"""How an issue looks."""

from datetime import date

from bot.views.blocks import facts, message, section
from bot.views.text import link, mention, name, sentence, stopped, title
from models.schemas.issue import STATE_WORDS, IssueCard
from models.schemas.message import Message


def issue_card(issue: IssueCard, *, today: date) -> Message:
    """The one card of an issue in its project's channel, edited in place."""
    state = STATE_WORDS[issue.status]
    return message(
        sentence(f"{issue.ref} {stopped(title(issue.title))} {state}, {issue.severity}, owner {name(issue.owner)}."),
        section(f"*{state} issue:* {name(issue.owner)} has it\n*{link(issue.ref, issue.link)} {title(issue.title)}*"),
        facts(("Severity", issue.severity), ("Owner", mention(issue.owner))),
    )
