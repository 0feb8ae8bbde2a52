"""The register as tables for a spreadsheet, and what is said about an export."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.views.blocks import message, section
from bot.views.text import cut, escape, sentence, title
from models.schemas import assumption, decision, issue, risk
from models.schemas.export import ExportedRecord, ExportKind
from models.schemas.message import Message

Cell = str | int | float | None
Column = tuple[str, Callable[[ExportedRecord], Cell]]

STARTS = frozenset("=+-@")
"""A cell that begins so is a formula to a spreadsheet."""
INVISIBLE = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff\x00-\x08]*")
APOSTROPHE = "'"
MOST_NAME = 40


def defused(text: str) -> str:
    """With an apostrophe in front where a spreadsheet would calculate: also after blanks, and in full-width signs."""
    blanks = INVISIBLE.match(text)
    start = blanks.end() if blanks else 0
    sign = unicodedata.normalize("NFKC", text[start : start + 1]).replace("\u2212", "-")
    dangerous = sign[:1] in STARTS if sign else False
    return APOSTROPHE + text if dangerous or any(blank in text[:start] for blank in "\t\r\n") else text


def header(kind: ExportKind) -> list[str]:
    return [name for name, _ in COLUMNS[kind]]


def row(kind: ExportKind, record: ExportedRecord) -> list[str | int | float]:
    """Numbers stay numbers; text cannot start a formula."""
    cells = [read(record) for _, read in COLUMNS[kind]]
    return ["" if cell is None else defused(cell) if isinstance(cell, str) else cell for cell in cells]


def file_name(*parts: str, day: date, ending: str) -> str:
    """'example-ledger-migration-risks-2026-03-30.csv': letters that every disk takes."""
    named = "-".join(part for part in map(_slug, parts) if part) or "export"
    return f"{named}-{day.isoformat()}.{ending}"


def export_coming() -> Message:
    return message("The export comes to your direct messages.", section("The export comes to your direct messages."))


def export_words(rows: Mapping[ExportKind, int], *, place: str | None, day: date) -> str:
    """Above the files. `place` is a name as typed."""
    counted = ", ".join(kind.counted(number) for kind, number in rows.items() if number)
    what = f"Export of {title(place)}" if place else "Export of the register"
    return (
        f"*{what}, {day.day} {day:%b %Y}*\n{counted}. It holds what you may see, and nothing else.\n"
        "One table a kind for spreadsheets. The JSON file holds every field with its history."
    )


def nothing_to_export(kinds: list[ExportKind], *, place: str | None) -> Message:
    words = f"Nothing to export: {title(place) if place else 'the register'} holds no records of this kind for you."
    words = words if len(kinds) == 1 else words.replace("records of this kind", "records")
    return message(sentence(words), section(words))


def not_exported(why: str) -> Message:
    """`why` is a sentence of ours."""
    words = f"*Nothing was exported.* {cut(escape(why), 500)}"
    return message(sentence(f"Nothing was exported. {escape(why)}"), section(words))


def scope_missing(scope: str) -> Message:
    words = (
        f"This app may not upload files: the scope {escape(scope)} is missing. Nothing left. "
        "An admin adds it at the app's page; ./run doctor says how."
    )
    return message(
        sentence(f"Nothing was exported: the scope {escape(scope)} is missing."),
        section(f"*Nothing was exported.* {words}"),
    )


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:MOST_NAME].strip("-")


def _of(name: str) -> Callable[[ExportedRecord], Cell]:
    """A field, wherever it stands."""
    return lambda record: _cell(record.record.get(name, record.more.get(name)))


def _within(outer: str, inner: str) -> Callable[[ExportedRecord], Cell]:
    def read(record: ExportedRecord) -> Cell:
        value = record.record.get(outer, record.more.get(outer))
        return _cell(value.get(inner)) if isinstance(value, dict) else None

    return read


def _word(name: str, words: Mapping[Any, str]) -> Callable[[ExportedRecord], Cell]:
    shown = {str(key): word for key, word in words.items()}
    return lambda record: shown.get(str(_of(name)(record)), str(_of(name)(record)))


def _options(record: ExportedRecord) -> Cell:
    options = record.record.get("options") or ()
    return "\n".join(str(option.get("name")) for option in options if isinstance(option, dict)) or None


def _chosen(record: ExportedRecord) -> Cell:
    options = record.record.get("options") or ()
    named = {option.get("id"): option.get("name") for option in options if isinstance(option, dict)}
    chosen = record.record.get("chosen")
    return _cell(named.get(chosen, chosen))


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str | int | float):
        return value
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


PLACED: tuple[Column, ...] = (
    ("Number", lambda record: record.ref),
    ("Id", _of("id")),
    ("Title", lambda record: _cell(record.record.get("title", record.record.get("text")))),
    ("Project", lambda record: record.project),
    ("Program", lambda record: record.program),
)

COLUMNS: Mapping[ExportKind, tuple[Column, ...]] = {
    ExportKind.RISKS: (
        *PLACED,
        ("Kind", _of("kind")),
        ("Category", _of("category")),
        ("Probability", _of("probability")),
        ("Impact", _of("impact")),
        ("Score", _of("score")),
        ("Band", _of("band")),
        ("Owner", _of("owner")),
        ("State", _word("status", risk.STATE_WORDS)),
        ("Cause and consequence", _of("statement")),
        ("Response", _of("response_strategy")),
        ("Plan", _of("response_plan")),
        ("Sign to watch", _of("trigger")),
        ("Target probability", _within("target", "probability")),
        ("Target impact", _within("target", "impact")),
        ("Cost", _of("cost_impact")),
        ("Could happen from", _of("proximity_on")),
        ("Review", _of("next_review_on")),
        ("Accepted by", _of("accepted_by")),
        ("Reason", _of("rejected_reason")),
        ("Raised", _of("raised_at")),
        ("Acknowledged", _of("acknowledged_at")),
        ("Closed", _of("closed_at")),
    ),
    ExportKind.DECISIONS: (
        *PLACED,
        ("State", _word("status", decision.STATE_WORDS)),
        ("Driver", _of("driver")),
        ("Approver", _of("approver")),
        ("Contributors", _of("contributors")),
        ("Door", _of("reversibility")),
        ("Background", _of("context")),
        ("Options", _options),
        ("Chosen", _chosen),
        ("Why", _of("rationale")),
        ("Needed by", _of("due_on")),
        ("Raised", _of("raised_at")),
        ("Decided", _of("decided_at")),
        ("Supersedes", _of("supersedes")),
        ("Superseded by", _of("superseded_by")),
        ("Outcome review", _of("outcome_review_on")),
        ("Outcome", _of("outcome")),
        ("Outcome grade", _of("outcome_grade")),
    ),
    ExportKind.ISSUES: (
        *PLACED,
        ("Severity", _of("severity")),
        ("Owner", _of("owner")),
        ("State", _word("status", issue.STATE_WORDS)),
        ("Workaround", _of("workaround")),
        ("From risk", _of("from_risk")),
        ("Reason", _of("status_reason")),
        ("Opened", _of("opened_at")),
        ("Acknowledged", _of("acknowledged_at")),
        ("Resolved", _of("resolved_at")),
        ("Closed", _of("closed_at")),
    ),
    ExportKind.ASSUMPTIONS: (
        *PLACED,
        ("Owner", _of("owner")),
        ("State", _word("status", assumption.STATE_WORDS)),
        ("Known by", _of("validate_by")),
        ("Reason", _of("status_reason")),
        ("Raised", _of("raised_at")),
        ("Settled", _of("settled_at")),
    ),
    ExportKind.STATUS: (
        ("Id", _of("id")),
        ("Project", lambda record: record.project),
        ("Program", lambda record: record.program),
        ("Week", _of("period")),
        ("Health", _of("health")),
        ("Summary", _of("summary")),
        ("Path to Green", _of("path_to_green")),
        ("Asks", _of("asks")),
        ("Author", _of("author")),
        ("Posted", _of("posted_at")),
        ("Old target date", _of("old_target_on")),
        ("New target date", _of("new_target_on")),
        ("Reason for the date", _of("date_reason")),
        ("Corrected", _of("is_corrected")),
    ),
}
