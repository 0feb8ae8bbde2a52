"""How an issue looks: its one card, in every state."""

from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, context, facts, message, overflow, section
from bot.views.text import cut, day, escape, instant, link, mention, name, sentence, stopped, title
from models.schemas.issue import STATE_WORDS, IssueCard, IssueStatus, Severity
from models.schemas.message import Block, Message

SEVERITY_SIGN = {
    Severity.SEV1: ":large_red_square:",
    Severity.SEV2: ":large_orange_diamond:",
    Severity.SEV3: ":large_yellow_circle:",
    Severity.SEV4: ":large_green_circle:",
}
"""The ramp of health and risk: square = act, diamond = watch, circle = fine."""

SUMMONS = (Severity.SEV1, Severity.SEV2)
"""What its owner is called to by the card, where they did not log it themselves."""

MOST_PARAGRAPH = 2800
"""Escaped text of one section, with room for what stands before it (Slack takes 3,000)."""

LABELS = {
    "acknowledge": "Acknowledge",
    "start": "Start",
    "block": "Mark blocked",
    "unblock": "Mark unblocked",
    "resolve": "Mark resolved",
    "close": "Close",
    "edit": "Edit",
    "drop": "Drop",
    "reopen": "Reopen",
    "history": "Show history",
}
MORE = {
    IssueStatus.OPEN: ("start", "drop", "history"),
    IssueStatus.IN_PROGRESS: ("block", "drop", "history"),
    IssueStatus.BLOCKED: ("history",),
    IssueStatus.RESOLVED: ("reopen", "history"),
    IssueStatus.CLOSED: ("reopen", "history"),
    IssueStatus.WONT_FIX: ("history",),
}
"""What stands behind the dots."""

NEXT_STEP = {
    IssueStatus.OPEN: "start",
    IssueStatus.IN_PROGRESS: "resolve",
    IssueStatus.BLOCKED: "unblock",
}


def issue_card(issue: IssueCard, *, today: date) -> Message:
    """The one card of an issue in its project's channel, edited in place."""
    if issue.status is IssueStatus.RESOLVED:
        return _resolved_card(issue, today)
    if not issue.is_open:
        return _folded_card(issue, today)
    sign = ":no_entry:" if issue.status is IssueStatus.BLOCKED else SEVERITY_SIGN[issue.severity]
    return message(
        sentence(_fallback(issue, today)),
        section(f"{sign} {_want(issue, today)}\n{_titled(issue)}"),
        facts(*_facts(issue, today)),
        _why(issue),
        actions(*_buttons(issue, today)),
        context(_small_print(issue)),
    )


def zone_of(issue: IssueCard) -> str:
    return issue.place.tz if issue.place else issue.owner.tz


def waits_for_owner(issue: IssueCard) -> bool:
    return issue.status is IssueStatus.OPEN and issue.acknowledged_at is None


def is_mentioned_on_card(issue: IssueCard) -> bool:
    """An owner is summoned once, by the card of a sev1 or sev2 that they did not log."""
    return waits_for_owner(issue) and issue.severity in SUMMONS


def act_button(action: str, issue: IssueCard, *, primary: bool = False) -> Block:
    label = LABELS[action]
    return button(label, f"issue.{action}", str(issue.id), primary=primary, says=f"{label}: {issue.ref}")


def until_words(issue: IssueCard, today: date) -> str:
    """When rule E7 wants it resolved."""
    by = issue.resolve_by
    return f"{'was to be' if by < today else 'to be'} resolved by {day(by, today)}"


def _titled(issue: IssueCard) -> str:
    return f"*{link(issue.ref, issue.link)} {title(issue.title)}*"


def _want(issue: IssueCard, today: date) -> str:
    if waits_for_owner(issue):
        who = mention(issue.owner) if is_mentioned_on_card(issue) else name(issue.owner)
        return f"*New {issue.severity} issue:* {who} to acknowledge"
    return f"*{issue.severity.capitalize()} issue {STATE_WORDS[issue.status].lower()}:* {until_words(issue, today)}"


def _facts(issue: IssueCard, today: date) -> list[tuple[str, str] | None]:
    opened = day(local_date(issue.opened_at, zone_of(issue)), today)
    return [  # what the first line does not say already
        ("Resolve by", day(issue.resolve_by, today)) if waits_for_owner(issue) else ("Owner", name(issue.owner)),
        ("Opened", opened),
        ("Was risk", link(issue.from_risk, issue.from_risk_link)) if issue.from_risk else None,
        None if issue.workaround else ("Workaround", "none yet"),
    ]


def _why(issue: IssueCard) -> Block | None:
    """What stands in the way, why it is open again, what one does meanwhile."""
    label = "Blocked" if issue.status is IssueStatus.BLOCKED else "Open again"
    parts = [(label, issue.status_reason), ("Workaround", issue.workaround)]
    lines = [f"*{label}:* {escape(words)}" for label, words in parts if words]
    return section(cut("\n".join(lines), MOST_PARAGRAPH)) if lines else None


def _buttons(issue: IssueCard, today: date) -> list[Block]:
    if waits_for_owner(issue):
        first = act_button("acknowledge", issue, primary=True)
    else:
        first = act_button(NEXT_STEP[issue.status], issue, primary=issue.resolve_by < today)
    return [first, act_button("edit", issue), _more(issue)]


def _more(issue: IssueCard) -> Block:
    choices = [
        (LABELS[action], f"{action}:{issue.id}")
        for action in MORE[issue.status]
        if action != "start" or waits_for_owner(issue)  # else it is the button
    ]
    return overflow("issue.more", choices)


def _small_print(issue: IssueCard) -> str:
    logger = f"Logged by {name(issue.author)}" if issue.author else "Logged"
    source = f" from {link('a message', issue.source_url)}" if issue.source_url else ""
    return f"{logger}{source}{',' if issue.author or source else ''} {instant(issue.opened_at)}."


def _resolved_card(issue: IssueCard, today: date) -> Message:
    resolved_on = local_date(issue.resolved_at, zone_of(issue)) if issue.resolved_at else None
    when = f", {day(resolved_on, today)}" if resolved_on else ""
    closes = f"closes by itself on {day(issue.closes_on, today)}" if issue.closes_on else "can be closed"
    logger = f"Logged by {name(issue.author)}. " if issue.author else ""
    return message(
        sentence(f"{_what(issue)} Resolved, {closes}."),
        section(
            f":white_check_mark: *Resolved:* {link(issue.ref, issue.link)} {title(issue.title)}\n"
            f"Was {issue.severity}, owner {name(issue.owner)}{when}."
        ),
        actions(act_button("close", issue), _more(issue)),
        context(f"{logger}It {closes}, unless it is reopened."),
    )


def _folded_card(issue: IssueCard, today: date) -> Message:
    state = "Undone" if issue.is_undone else STATE_WORDS[issue.status]
    sign = {"Closed": ":white_check_mark:", "Undone": ":leftwards_arrow_with_hook:"}.get(state, ":no_entry_sign:")
    reason = f"{stopped(title(issue.status_reason))} " if issue.status_reason and not issue.is_undone else ""
    when = f", {day(local_date(issue.closed_at, zone_of(issue)), today)}" if issue.closed_at else ""
    return message(
        sentence(f"{_what(issue)} {state}. It was {issue.severity}."),
        section(
            f"{sign} *{state}:* {link(issue.ref, issue.link)} {title(issue.title)}\n"
            f"{reason}Was {issue.severity}, owner {name(issue.owner)}{when}.",
            accessory=_more(issue),
        ),
    )


def _what(issue: IssueCard) -> str:
    where = f" in {title(issue.place.name)}" if issue.place else ""
    return f"{issue.ref}{where}: {stopped(title(issue.title))}"


def _fallback(issue: IssueCard, today: date) -> str:
    if waits_for_owner(issue):
        return f"New {issue.severity} issue {_what(issue)} {name(issue.owner)} to acknowledge."
    state = STATE_WORDS[issue.status]
    return f"{issue.severity.capitalize()} issue {_what(issue)} {state}, {until_words(issue, today)}."
