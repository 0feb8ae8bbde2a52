"""What changed since the last rollup, in lines: health first, then dates, then records."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.views.rollup_words import short
from bot.views.text import HEALTH_WORD, count, day, link, listed
from models.schemas.rollup import Change, ChangeKind
from models.schemas.status import Health

MOST_LINES = 7
A_LINE = 3
"""Records of one line of the thread."""


def shown_lines(changes: Sequence[Change], today: date) -> tuple[list[str], list[str]]:
    """What stands in the post, and what is left for its thread. Records keep their lines: moves give way to them."""
    moves = [f"• {LINES[change.kind](change, today)}" for change in changes if change.kind in LINES]
    records = [f"• {line}" for line in _records(changes)]
    room = max(MOST_LINES - len(records), 1) if len(moves) + len(records) > MOST_LINES else len(moves)
    more = [f"and {len(moves) - room} more in the thread"] if moves[room:] else []
    return moves[:room] + records + more, moves[room:] + _left_records(changes)


def _health(change: Change, today: date) -> str:
    now = HEALTH_WORD[Health(change.now or "")]
    if change.was is None:
        return f"{short(change.name)}: first status, {now}"
    return f"{short(change.name)}: {HEALTH_WORD[Health(change.was)]} to {now}"


def _achieved(change: Change, today: date) -> str:
    late = f", {count(change.late, 'day')} late" if change.late else ""
    return f"{short(change.name)} achieved{late}"


def _passed(change: Change, today: date) -> str:
    return f"{short(change.name)} passed its date, {_day(change.now, today)}"


def _redated(change: Change, today: date) -> str:
    by = f"{count(abs(change.late), 'working day')} {'later' if change.late >= 0 else 'earlier'}"
    return f"{short(change.name)}: {_day(change.was, today)} to {_day(change.now, today)}, {by}"


def _target(change: Change, today: date) -> str:
    return _redated(change.model_copy(update={"name": f"Target of {change.name}"}), today)


def _joined(change: Change, today: date) -> str:
    return f"{short(change.name)}: new in this rollup"


def _day(when: str | None, today: date) -> str:
    return day(date.fromisoformat(when), today) if when else "no date"


LINES: Mapping[ChangeKind, Callable[[Change, date], str]] = {
    ChangeKind.HEALTH: _health,
    ChangeKind.JOINED: _joined,
    ChangeKind.ACHIEVED: _achieved,
    ChangeKind.PASSED: _passed,
    ChangeKind.REDATED: _redated,
    ChangeKind.TARGET_MOVED: _target,
}
"""What has a line to itself; all else is a record, named with others of its kind."""


RECORDS: Sequence[Sequence[tuple[ChangeKind, str, int]]] = (
    (
        (ChangeKind.RISK_NEW, "New", 4),
        (ChangeKind.RISK_RESCORED, "Re-scored", 2),
        (ChangeKind.RISK_CLOSED, "Closed", 3),
    ),
    ((ChangeKind.ISSUE_OPENED, "Issues opened", 3), (ChangeKind.ISSUE_RESOLVED, "Issues resolved", 3)),
    ((ChangeKind.DECISION_MADE, "Decided", 2), (ChangeKind.DECISION_RAISED, "Raised", 2)),
)
"""A line each, with how many of a kind are named in it."""


def _records(changes: Sequence[Change]) -> list[str]:
    lines = (
        _joined_parts(*((label, listed(_named(changes, kind), most)) for kind, label, most in line)) for line in RECORDS
    )
    return [line for line in lines if line]


def _left_records(changes: Sequence[Change]) -> list[str]:
    """All of a kind, where the post does not name them all."""
    found = []
    for kind, label, most in (each for line in RECORDS for each in line):
        names = _named(changes, kind)
        if len(names) > most:
            found += [f"• {label}: {', '.join(names[at : at + A_LINE])}" for at in range(0, len(names), A_LINE)]
    return found


def _named(changes: Sequence[Change], kind: ChangeKind) -> list[str]:
    words = WORDS.get(kind, _ref)
    return [words(change) for change in changes if change.kind is kind]


def _joined_parts(*parts: tuple[str, str]) -> str:
    return " · ".join(f"{label}: {words}" for label, words in parts if words)


def _ref(change: Change) -> str:
    return link(change.name, change.link)


def _with_now(change: Change) -> str:
    return f"{_ref(change)} {change.now}"


def _from_to(change: Change) -> str:
    return f"{_ref(change)} {change.was} to {change.now}"


def _titled(change: Change) -> str:
    return f"{_ref(change)} {short(change.now or '')}"


WORDS: Mapping[ChangeKind, Callable[[Change], str]] = {
    ChangeKind.RISK_NEW: _with_now,
    ChangeKind.RISK_RESCORED: _from_to,
    ChangeKind.ISSUE_OPENED: _with_now,
    ChangeKind.DECISION_MADE: _titled,
    ChangeKind.DECISION_RAISED: _titled,
}
