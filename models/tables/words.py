"""Where the words of records are kept for searching: no tables of ours, but what the database makes of theirs."""

import re
from collections.abc import Mapping
from typing import Any

SEARCHED: Mapping[str, str] = {
    "risk": "title statement response_plan trigger status_reason",
    "issue": "title workaround status_reason",
    "assumption": "title status_reason",
    "decision": "title context rationale status_reason outcome",
    "status_update": "summary details path_to_green date_reason",
}
"""Columns by table, as migration 0004 indexes them."""

LISTED: Mapping[str, tuple[str, str]] = {"decision": ("options", "$[*].name"), "status_update": ("asks", "$[*]")}
"""A JSON column, and where in it the words stand."""

_NAMES = re.compile(rf"(ix_)?({'|'.join(SEARCHED)})_words(_(data|idx|content|docsize|config))?")


def from_models(name: str | None, kind: str, parents: Any) -> bool:
    """For Alembic: false for SQLite's full-text tables and PostgreSQL's indexes over words, which no model has."""
    return not (kind in ("table", "index") and name and _NAMES.fullmatch(name))


def server_words(table: str) -> str:
    """The expression that PostgreSQL's index is over: word for word the one of the migration, or it is not used."""
    text = " || ' ' || ".join(f"coalesce({table}.{column}, '')" for column in SEARCHED[table].split())
    words = f"to_tsvector('simple', {text})"
    if table in LISTED:
        column, path = LISTED[table]
        words += f" || to_tsvector('simple', jsonb_path_query_array(CAST({table}.{column} AS jsonb), '{path}'))"
    return words
