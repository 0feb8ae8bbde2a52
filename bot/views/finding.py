"""How an audit finding looks to one reader, and the form in which its owner says what changed."""

from datetime import date

from bot.views.blocks import actions, button, context, facts, field, form, message, option, radio, section, text_input
from bot.views.home_asks import FINDING_SIGN
from bot.views.text import cut, day, escape, name, sentence, stopped, title
from models.schemas.finding import ITS_OWNERS, STATE_WORDS, WITH_OWNER, FindingCard, FindingStatus
from models.schemas.message import Block, Message, View

EXPLAINED = {
    FindingStatus.IN_REMEDIATION: "Work on it goes on",
    FindingStatus.READY_FOR_VERIFICATION: "Somebody else looks whether it is mended, and closes it",
}


def finding_shown(finding: FindingCard, *, today: date) -> Message:
    """For one reader: it has no card in a channel."""
    state, late = STATE_WORDS[finding.status], finding.due_on < today and finding.status in WITH_OWNER
    due = f"{'was due' if late else 'due'} {day(finding.due_on, today)}"
    severity = f"{FINDING_SIGN[finding.severity]} {finding.severity.capitalize()} finding"
    return message(
        sentence(f"{finding.ref}: {stopped(title(finding.title))} {finding.severity.capitalize()}, {state}, {due}."),
        section(f"*{finding.ref} {title(finding.title)}*\n{severity} · {state} · {due}"),
        facts(
            ("Owner", name(finding.owner)),
            ("Raised", day(finding.raised_on, today)),
            ("Project", title(finding.place.name)) if finding.place else None,
        ),
        section(f"*Last said:* {cut(escape(finding.status_reason), 500)}") if finding.status_reason else None,
        section(f"*Evidence:* {cut(escape(finding.evidence), 500)}") if finding.evidence else None,
        actions(*_buttons(finding)),
        context("Its owner mends it; somebody else closes it. Only you see this."),
    )


def finding_form(action: str, finding: FindingCard, *, today: date, metadata: str) -> View:
    was = "Was due" if finding.due_on < today else "Due"
    choices = [option(STATE_WORDS[state], state.value, explained=EXPLAINED[state]) for state in ITS_OWNERS]
    fields = [
        section(f"*{finding.ref} {title(finding.title)}*\n{was} {day(finding.due_on, today)}."),
        field("note", "What changed?", text_input(most=500, least=5, multiline=True, focus=True)),
        field("state", "How does it stand?", radio(choices, chosen=FindingStatus.IN_REMEDIATION)),
        field(
            "evidence",
            "Evidence",
            text_input(most=500, initial=finding.evidence or "", multiline=True),
            hint="Needed when it is ready: where it can be seen that it is mended.",
            optional=True,
        ),
    ]
    return form("finding.act", "Update", "Update", fields, metadata=metadata)


def _buttons(finding: FindingCard) -> list[Block]:
    update = button("Update", "finding.update", str(finding.id), says=f"Update {finding.ref}")
    history = button("Show history", "finding.history", str(finding.id), says=f"Show history of {finding.ref}")
    return [update, history] if finding.status in WITH_OWNER else [history]
