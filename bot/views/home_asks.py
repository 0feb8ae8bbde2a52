"""What waits for a person, and for what a person waits: each as one row or line of the Home."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from bot.views.blocks import actions, button, section
from bot.views.issue import SEVERITY_SIGN
from bot.views.text import (
    BAND_SIGN,
    HEALTH_SIGN,
    HEALTH_WORD,
    MOST_TITLE,
    count,
    cut,
    day,
    escape,
    instant,
    link,
    mention,
    title,
)
from models.schemas.finding import FindingSeverity
from models.schemas.home import AskKind, HomeAsk, HomeWait
from models.schemas.issue import IssueStatus
from models.schemas.message import Block

MOST_REASON = 120
MOST_NAME = 60
MOST_SAID = 75

FINDING_SIGN = {
    FindingSeverity.CRITICAL: ":large_red_square:",
    FindingSeverity.MAJOR: ":large_orange_diamond:",
    FindingSeverity.MINOR: ":large_yellow_circle:",
    FindingSeverity.OBSERVATION: ":large_green_circle:",
}
WANT = {
    AskKind.STATUS: "Update status of",
    AskKind.READ_RISK: "Acknowledge",
    AskKind.REVIEW_RISK: "Review",
    AskKind.CLOSE_RISK: "Close",
    AskKind.DECIDE: "Decide",
    AskKind.GRADE: "Review the outcome of",
    AskKind.READ_ISSUE: "Acknowledge",
    AskKind.SOLVE_ISSUE: "Resolve",
    AskKind.SETTLE: "Confirm or refute",
    AskKind.MILESTONE: "Re-date or achieve",
    AskKind.FINDING: "Update",
    AskKind.CHECK_IN: "Answer the check-in of",
    AskKind.READ_STATUS: "Read the Red status of",
}
BY_NAME = (AskKind.STATUS, AskKind.MILESTONE, AskKind.CHECK_IN, AskKind.READ_STATUS)
"""Known by their name; everything else by its number too."""
ANSWERS: Mapping[AskKind, Sequence[tuple[str, str]]] = {
    AskKind.STATUS: [("Update status", "status.open")],
    AskKind.READ_RISK: [("Acknowledge", "risk.acknowledge")],
    AskKind.REVIEW_RISK: [("Review", "risk.review")],
    AskKind.CLOSE_RISK: [("Close", "risk.close")],
    AskKind.DECIDE: [("Decide", "decision.decide")],
    AskKind.GRADE: [("Review", "decision.grade")],
    AskKind.READ_ISSUE: [("Acknowledge", "issue.acknowledge")],
    AskKind.SETTLE: [("Confirm", "assumption.confirm"), ("Refute", "assumption.refute")],
    AskKind.MILESTONE: [("Mark achieved", "milestone.achieve"), ("Re-date", "milestone.redate")],
    AskKind.FINDING: [("Update", "finding.update")],
    AskKind.CHECK_IN: [("Answer", "checkin.answer"), ("Skip today", "checkin.skip")],
    AskKind.READ_STATUS: [("Acknowledge", "status.acknowledge")],
}
NEXT_STEP = {
    IssueStatus.OPEN: ("Start", "issue.start"),
    IssueStatus.IN_PROGRESS: ("Mark resolved", "issue.resolve"),
    IssueStatus.BLOCKED: ("Mark unblocked", "issue.unblock"),
}
"""What brings an issue nearer to its end."""


def ask_row(ask: HomeAsk, *, today: date, primary: bool = False) -> list[Block]:
    """Two lines and the answer: a button beside them, or two below where both are likely."""
    text = section(f"*{want(ask)}*\n{' · '.join(facts_of(ask, today))}")
    buttons = answer_buttons(ask, primary=primary)
    return [text | {"accessory": buttons[0]}] if len(buttons) == 1 else [text, actions(*buttons)]


def answer_buttons(ask: HomeAsk, *, primary: bool) -> list[Block]:
    answers = ANSWERS.get(ask.kind) or [NEXT_STEP[ask.issue_status or IssueStatus.OPEN]]
    return [
        button(label, action, _value(ask), primary=primary and number == 0, says=said(label, ask))
        for number, (label, action) in enumerate(answers)
    ]


def want(ask: HomeAsk, most: int = MOST_TITLE) -> str:
    name = cut(escape(ask.title), most)
    if ask.kind in BY_NAME:
        return f"{WANT[ask.kind]} {name}"
    return f"{WANT[ask.kind]} {link(ask.ref, ask.link)}: {name}"


def _value(ask: HomeAsk) -> str:
    return ask.ref if ask.kind is AskKind.STATUS else str(ask.id)


def said(label: str, ask: HomeAsk) -> str:
    """What a screen reader names the button, whose label repeats."""
    return cut(f"{label} of {ask.title}" if ask.kind in BY_NAME else f"{label} {ask.ref}", MOST_SAID)


def facts_of(ask: HomeAsk, today: date, *, behalf: bool = False) -> list[str]:
    """Sign and word, date, why it is this person. On somebody's behalf it is nobody's own."""
    why = WHY[ask.kind](ask, behalf, today)
    return [fact for fact in (*signs(ask), _when(ask, today), why) if fact]


def signs(ask: HomeAsk) -> list[str]:
    if ask.band:
        return [f"{BAND_SIGN[ask.band]} {ask.band.title()} {ask.points}"]
    if ask.finding_severity:
        return [f"{FINDING_SIGN[ask.finding_severity]} {ask.finding_severity.capitalize()} finding"]
    if ask.kind is AskKind.MILESTONE:
        return [
            ":large_red_square: Milestone of a Red project" if ask.is_urgent else ":large_orange_diamond: Milestone"
        ]
    return [f"{SEVERITY_SIGN[ask.severity]} {ask.severity.capitalize()} issue"] if ask.severity else []


def _when(ask: HomeAsk, today: date) -> str | None:
    if ask.due_at:
        return _capital(f"{_due(ask.is_overdue)} {instant(ask.due_at)}", ask)
    if ask.due_on is None:
        return None
    when = day(ask.due_on, today)
    if ask.severity:
        return _resolve_by(ask.is_overdue, when)
    if ask.is_accepted:
        return f"accepted until {when}"
    when = "today" if ask.due_on == today and ask.kind is AskKind.MILESTONE else when
    what = "review " if ask.kind is AskKind.REVIEW_RISK else ""
    return _capital(f"{what}{_due(ask.is_overdue)} {when}", ask)


def _resolve_by(is_overdue: bool, when: str) -> str:
    return f"{'was to be' if is_overdue else 'to be'} resolved by {when}"


def _due(is_overdue: bool) -> str:
    return "was due" if is_overdue else "due"


def _capital(words: str, ask: HomeAsk) -> str:
    """It begins the line where no sign does."""
    return words if signs(ask) else words[0].upper() + words[1:]


def _last(ask: HomeAsk, behalf: bool, today: date) -> str:
    last = f"last {HEALTH_SIGN[ask.health]} {HEALTH_WORD[ask.health]}" if ask.health else "no update yet"
    last += f", {day(ask.health_on, today)}" if ask.health_on else ""
    last += f" · *the figures say {HEALTH_WORD[ask.figures]}*" if ask.figures else ""
    return last if behalf else f"you own it · {last}"


def _asked(ask: HomeAsk, behalf: bool, today: date) -> str:
    reason = f": {cut(escape(' '.join(ask.reason.split())), MOST_REASON)}" if ask.reason else ""
    return f"{cut(escape(ask.asked_by or 'its owner'), MOST_NAME)} asks you to confirm{reason}"


def _approver(ask: HomeAsk, behalf: bool, today: date) -> str:
    return " · ".join([*([] if behalf else ["you are the approver"]), *(["one-way door"] if ask.is_one_way else [])])


def _outcome(ask: HomeAsk, behalf: bool, today: date) -> str:
    return f"did {cut(escape(ask.choice), MOST_NAME)} work out?" if ask.choice else "how did it turn out?"


def _owner(ask: HomeAsk, behalf: bool, today: date) -> str:
    return "" if behalf else "you own it"


def _milestone(ask: HomeAsk, behalf: bool, today: date) -> str:
    place = cut(escape(ask.place or ""), MOST_NAME)
    waits = f" · {cut(escape(ask.waits), MOST_NAME)} waits for it" if ask.waits else ""
    return f"your project {place}{waits}" if ask.is_own_project and not behalf else f"{place}{waits}"


def _sponsor(ask: HomeAsk, behalf: bool, today: date) -> str:
    return "you are the sponsor"


WHY: Mapping[AskKind, Callable[[HomeAsk, bool, date], str]] = {
    AskKind.STATUS: _last,
    AskKind.READ_RISK: _owner,
    AskKind.REVIEW_RISK: _owner,
    AskKind.CLOSE_RISK: _asked,
    AskKind.DECIDE: _approver,
    AskKind.GRADE: _outcome,
    AskKind.READ_ISSUE: _owner,
    AskKind.SOLVE_ISSUE: _owner,
    AskKind.SETTLE: lambda ask, behalf, today: "assumption" if behalf else "assumption, you own it",
    AskKind.MILESTONE: _milestone,
    AskKind.FINDING: _owner,
    AskKind.CHECK_IN: lambda ask, behalf, today: count(ask.questions, "question"),
    AskKind.READ_STATUS: _sponsor,
}

WAITED_FOR = {
    AskKind.DECIDE: "decide",
    AskKind.READ_RISK: "acknowledge",
    AskKind.READ_ISSUE: "acknowledge",
    AskKind.CLOSE_RISK: "confirm the close of",
}


def wait_line(wait: HomeWait, *, today: date) -> str:
    """'@dana: decide D-4 Freeze window dates · due Mon 16 Mar'. In a Home a mention pings nobody."""
    what = f"{mention(wait.person)}: {WAITED_FOR[wait.kind]} {link(wait.ref, wait.link)} {title(wait.title)}"
    signs = (
        [f"{wait.band.title()} {wait.points}"] if wait.band else [wait.severity.capitalize()] if wait.severity else []
    )
    return " · ".join([f"• {what}", *signs, *_until(wait, today)])


def _until(wait: HomeWait, today: date) -> list[str]:
    until: date | datetime | None = wait.due_at or wait.due_on
    if until is None:
        return []
    when = instant(until) if isinstance(until, datetime) else day(until, today)
    return [_resolve_by(wait.is_overdue, when) if wait.severity else f"{_due(wait.is_overdue)} {when}"]
