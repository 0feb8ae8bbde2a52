"""What happened to a record: one line in its thread for each act, and all of it in a private view."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.wall_time import local_date
from bot.views.blocks import context, message, section
from bot.views.text import count, cut, day, escape, link, name, sentence, stopped, title
from models.schemas import assumption, decision, finding, issue, milestone, redaction, risk
from models.schemas.history import INSTEAD_OF, Change, Event
from models.schemas.message import Message

MOST_EVENTS = 20
MOST_VALUE = 80

FIELD_WORDS = {
    "acceptance": "Acceptance",
    "achieved_on": "Achieved on",
    "acknowledged_at": "Acknowledged",
    "approver_id": "Approver",
    "category": "Category",
    "close_asked_by_id": "Asked to close it",
    "context": "Background",
    "contributors": "Contributors",
    "cost_impact": "Cost",
    "date_reason": "Reason for the date",
    "driver_id": "Driver",
    "due_on": "Needed by",
    "evidence": "Evidence",
    "health": "Health",
    "informed": "Kept informed",
    "kind": "Kind",
    "next_review_on": "Review",
    "options": "Options",
    "criteria": "Criteria",
    "outcome": "Outcome",
    "outcome_grade": "Outcome grade",
    "outcome_review_on": "Outcome review",
    "owner_id": "Owner",
    "proximity_on": "Could happen from",
    "response_plan": "Plan",
    "response_strategy": "Response",
    "reversibility": "Door",
    "schedule_impact": "Working days it would cost",
    "severity": "Severity",
    "statement": "Cause and consequence",
    "status": "State",
    "target_on": "Target date",
    "title": "Title",
    "trigger": "Sign to watch",
    "validate_by": "Known by",
    "workaround": "Workaround",
}
"""What a line says of; other columns follow from these and are left out."""

STATE_WORDS: Mapping[str, Mapping[str, str]] = {
    "risk": {state.value: words for state, words in risk.STATE_WORDS.items()},
    "issue": {state.value: words for state, words in issue.STATE_WORDS.items()},
    "assumption": {state.value: words for state, words in assumption.STATE_WORDS.items()},
    "decision": {state.value: words for state, words in decision.STATE_WORDS.items()},
    "milestone": {state.value: words for state, words in milestone.STATE_WORDS.items()},
    "finding": {state.value: words for state, words in finding.STATE_WORDS.items()},
}
LONG = (
    "evidence",
    "statement",
    "response_plan",
    "workaround",
    "options",
    "criteria",
    "context",
    "rationale",
    "outcome",
    "contributors",
    "informed",
)
"""Fields whose old and new text would drown the line: it says that they changed."""

CHOSEN = ("category", "health", "kind", "outcome_grade", "response_strategy", "reversibility")
"""Fields that hold one of a few words."""
TYPED = ("title", "trigger")
"""Fields whose new text stands in the line as it was typed: a colon says where it begins."""
FIRST = {"": 0, "status": 1, "score": 2}
"""Of the changes of one act: what matters stands first."""


def history_line(kind: str, event: Event, *, today: date, people: Mapping[int, str]) -> str | None:
    """'luis: State In treatment, was Assessed. Why: ...'; None where nothing in it is for people."""
    changes = sorted(event.changes, key=lambda change: FIRST.get(change.field, len(FIRST)))
    parts = [words for change in changes if (words := _change(kind, change, today, people))]
    if not parts:
        return None
    by = f"*{name(event.by)}*{_instead(event, people)}" if event.by else "*By itself*"
    why = f" Why: {stopped(title(event.reason))}" if event.reason else ""
    return f"{by}: {stopped(' · '.join(parts))}{why}"


def _instead(event: Event, people: Mapping[int, str]) -> str:
    absent = next((change.new for change in event.changes if change.field == INSTEAD_OF), None)
    return f" for {escape(people.get(absent, 'somebody'))}" if isinstance(absent, int) else ""


def history_reply(kind: str, ref: str, event: Event, *, today: date, people: Mapping[int, str]) -> Message | None:
    """The line as it stands in the thread of the record's card: names, no mention."""
    line = history_line(kind, event, today=today, people=people)
    if line is None:
        return None
    return message(sentence(f"{ref} changed. {line.replace('*', '')}"), section(cut(line, 2900)))


def history_message(
    kind: str,
    ref: str,
    label: str,
    events: Sequence[Event],
    *,
    today: date,
    zone: str,
    people: Mapping[int, str],
    url: str | None,
) -> Message:
    """Newest first, for one reader. `label` is the record's title as typed."""
    shown = [(event, history_line(kind, event, today=today, people=people)) for event in events]
    lines = [f"{_when(event.at, today, zone)} · {line}" for event, line in shown if line]
    rest = len(lines) - MOST_EVENTS
    blocks = [section(cut("\n".join(lines[start : start + 5]), 2900)) for start in range(0, min(len(lines), 20), 5)]
    return message(
        sentence(f"History of {ref}: {count(len(lines), 'entry', 'entries')}. Only you see this."),
        section(
            f"*History of {link(ref, url)}: {title(label)}*\n{count(len(lines), 'entry', 'entries')}, newest first."
        ),
        *blocks,
        context(f"and {rest} earlier ones; an export holds them all") if rest > 0 else None,
    )


def _when(moment: datetime, today: date, zone: str) -> str:
    return day(local_date(moment, zone), today)


def _change(kind: str, change: Change, today: date, people: Mapping[int, str]) -> str | None:
    if change.field == "":
        return "Imported" if change.new == "imported" else "Logged"
    if change.field == "refused":
        return f"Tried to {escape(str(change.new))} it and may not"
    if change.field == "score":
        return _score(change)
    if change.field == redaction.FIELD:
        return _redacted(change)
    label = "Due" if kind == "milestone" and change.field == "due_on" else FIELD_WORDS.get(change.field)
    if label is None:
        return None
    if change.field in ("acknowledged_at", "close_asked_by_id"):
        return label if change.new is not None else None
    if change.field in LONG:
        return f"{label} {_what_became(change)}"
    new, old = (_value(kind, change.field, value, today, people) for value in (change.new, change.old))
    label = f"{label}:" if change.field in TYPED else label
    return f"{label} {new}" + (f", was {old}" if change.old is not None else "")


def _what_became(change: Change) -> str:
    if not change.new:
        return "removed"
    return "changed" if change.old else "added"


def _redacted(change: Change) -> str:
    names = change.new if isinstance(change.new, list) else []
    return f"Words taken out of {', '.join(text_word(str(name)).lower() for name in names) or 'it'}"


def text_word(field: str) -> str:
    """How a text of a record is called."""
    return TEXT_WORDS.get(field) or FIELD_WORDS.get(field) or "Text"


TEXT_WORDS = {
    "status_reason": "Reason of its state",
    "close_asked_reason": "Reason to close it",
    "rationale": "Why it was decided",
    "summary": "Summary",
    "path_to_green": "Path to Green",
    "details": "Details",
    "asks": "What it asks for",
    redaction.REASONS: "Reasons in its history",
}


def _score(change: Change) -> str | None:
    if not isinstance(change.new, dict):
        return None
    new = f"Score P{change.new.get('probability')} × I{change.new.get('impact')}"
    if not isinstance(change.old, dict) or change.old == change.new:
        return new
    return f"{new}, was P{change.old.get('probability')} × I{change.old.get('impact')}"


def _value(kind: str, field: str, value: object, today: date, people: Mapping[int, str]) -> str:
    if value is None:
        return "none"
    if field == "status":
        return STATE_WORDS.get(kind, {}).get(str(value), str(value))
    if field.endswith("_id") and isinstance(value, int):
        return escape(people.get(value, "somebody"))
    if field.endswith("_on") or field == "validate_by":
        return day(date.fromisoformat(str(value)), today)
    if field in CHOSEN:
        words = str(value).replace("_", " ")
        return escape(words[:1].upper() + words[1:])
    if field == "cost_impact" and isinstance(value, int):
        return f"{abs(value) // 100:,}"
    if field == "schedule_impact" and isinstance(value, dict):
        return str(value.get("m"))
    return cut(escape(str(value)), MOST_VALUE)
