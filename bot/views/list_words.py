"""How lists speak: of what, how many, in which order. Typed text is escaped here."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.views.text import cut, escape, name
from models.schemas.lists import (
    ANY,
    CLOSED,
    LEVELS,
    MOST_COUNTED,
    OPEN,
    OVERDUE,
    STATES,
    Counts,
    Filters,
    Kind,
    Listed,
)

MOST_NAME = 60


class Words(NamedTuple):
    """How one kind is spoken of."""

    one: str
    many: str
    show: str
    """The placeholder of the select that opens a card."""
    columns: tuple[str, str, str, str]
    date: str
    """Before a date in a line."""
    late: str
    """After a number: what is overdue."""
    order: str
    log: tuple[str, str]
    """Label and value of the button that logs one."""
    ask: str
    """What to think about where there is none."""


WORDS: Mapping[Kind, Words] = {
    Kind.RISK: Words(
        "risk",
        "risks",
        "Show a risk",
        ("Score", "Risk", "Review", "Owner"),
        "review",
        "past their review date",
        "Worst first",
        ("Log risk", "risk.form"),
        "What could go wrong?",
    ),
    Kind.ISSUE: Words(
        "issue",
        "issues",
        "Show an issue",
        ("Severity", "Issue", "Due", "Owner"),
        "due",
        "overdue",
        "Worst first",
        ("Log issue", "issue.form"),
        "What has gone wrong?",
    ),
    Kind.ASSUMPTION: Words(
        "assumption",
        "assumptions",
        "Show an assumption",
        ("State", "Assumption", "Known by", "Owner"),
        "known by",
        "overdue",
        "Oldest date first",
        ("Log assumption", "assumption.form"),
        "What is taken for true?",
    ),
    Kind.DECISION: Words(
        "decision",
        "decisions",
        "Show a decision",
        ("State", "Decision", "Needed by", "Approver"),
        "needed by",
        "overdue",
        "Oldest date first",
        ("Log decision", "decision.form"),
        "What needs deciding?",
    ),
}


def headline(listed: Listed) -> str:
    """'36 open risks: 9 Extreme, 5 past their review date'. Escaped."""
    findings = _findings(listed.counts, listed.filters)
    return subject(listed) + (f": {', '.join(findings)}" if findings else "")


def subject(listed: Listed) -> str:
    """'9 open risks of Ledger, Extreme, owned by luis'."""
    filters, words = listed.filters, WORDS[listed.filters.kind]
    found = listed.counts.found
    state = f"{filters.state} " if filters.state in (OPEN, OVERDUE, CLOSED) else ""
    number = number_of(found)
    start = f"{number[0].upper()}{number[1:]} {state}{words.one if found == 1 else words.many}"
    of = f" of {cut(escape(listed.place.name), MOST_NAME)}" if listed.place else ""
    return ", ".join([f"{start}{of}", *_narrowed(listed)])


def _narrowed(listed: Listed) -> list[str]:
    filters = listed.filters
    label = STATES[filters.kind][filters.state].label.lower()
    own = filters.state not in (OPEN, OVERDUE, CLOSED)
    owner = cut(name(listed.owner), MOST_NAME) if listed.owner else "somebody unknown"
    return [
        *([LEVELS[filters.kind][filters.level]] if filters.level != ANY else []),
        *([label] if own else []),
        *([f"owned by {owner}"] if filters.owner else []),
    ]


def _findings(counts: Counts, filters: Filters) -> list[str]:
    if not STATES[filters.kind][filters.state].is_open:
        return []
    worst = list(LEVELS[filters.kind].values())[1:2]
    return [
        *(f"{number_of(counts.worst)} {label}" for label in worst if counts.worst and filters.level == ANY),
        *([_late(counts.overdue, filters.kind)] if counts.overdue and filters.state != OVERDUE else []),
    ]


def _late(overdue: int, kind: Kind) -> str:
    words = WORDS[kind].late
    return f"{number_of(overdue)} {words.replace('their', 'its') if overdue == 1 else words}"


def number_of(count: int) -> str:
    return f"over {MOST_COUNTED:,}" if count > MOST_COUNTED else f"{count:,}"


def order(listed: Listed) -> str:
    is_open = STATES[listed.filters.kind][listed.filters.state].is_open
    return WORDS[listed.filters.kind].order if is_open else "Newest first"


def span(listed: Listed) -> str:
    last = listed.first + len(listed.rows) - 1
    return f"{listed.first}-{last} of {number_of(listed.counts.found)}"
