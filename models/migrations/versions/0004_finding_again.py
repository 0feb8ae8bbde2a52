"""finding again: full-text search, and indexes for lists

SQLite keeps a full-text table beside each table of records, by triggers; PostgreSQL an index over the same words.
A later migration that makes one of these tables anew (`batch_alter_table` on SQLite drops the old one, and its
triggers with it) ends with `alembic.context.script.get_revision("0004").module.keep_words(table)`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXTS = {
    "risk": ("title", "statement", "response_plan", "trigger", "status_reason"),
    "issue": ("title", "workaround", "status_reason"),
    "assumption": ("title", "status_reason"),
    "decision": ("title", "context", "rationale", "status_reason", "outcome"),
    "status_update": ("summary", "details", "path_to_green", "date_reason"),
}
LISTS = {"decision": ("options", "$[*].name"), "status_update": ("asks", "$[*]")}
"""JSON columns whose strings are searched too, and where in them these stand."""

INDEXES = (
    ("ix_risk_review", "risk", ["workspace_id", "next_review_on"], "worst_first IS NOT NULL"),
    ("ix_risk_state", "risk", ["workspace_id", "status", "worst_first", "next_review_on", "id"], None),
    ("ix_issue_state", "issue", ["workspace_id", "status", "severity", "opened_at", "id"], None),
    (
        "ix_issue_open",
        "issue",
        ["workspace_id", "severity", "opened_at", "id"],
        "status IN ('open', 'in_progress', 'blocked')",
    ),
    ("ix_decision_open", "decision", ["workspace_id", "due_on", "id"], "status IN ('proposed', 'in_review')"),
    ("ix_assumption_status", "assumption", ["workspace_id", "status", "validate_by", "id"], None),
)


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    for table in TEXTS:
        if is_sqlite():
            op.execute(
                f'CREATE VIRTUAL TABLE {table}_words USING fts5(words, tokenize="unicode61 remove_diacritics 2")'
            )
            op.execute(f"INSERT INTO {table}_words (rowid, words) SELECT id, {sqlite_words(table, table)} FROM {table}")
            keep_words(table)
        else:
            op.execute(f"CREATE INDEX ix_{table}_words ON {table} USING gin (({server_words(table)}))")


def downgrade() -> None:
    for table in TEXTS:
        if is_sqlite():
            for name in ("added", "changed", "removed"):
                op.execute(f"DROP TRIGGER {table}_words_{name}")
            op.execute(f"DROP TABLE {table}_words")
        else:
            op.execute(f"DROP INDEX ix_{table}_words")
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)


def keep_words(table: str) -> None:
    """SQLite: from now on the full-text table follows this one."""
    words, columns = f"{table}_words", ", ".join([*TEXTS[table], *LISTS.get(table, ())[:1]])
    op.execute(
        f"CREATE TRIGGER {words}_added AFTER INSERT ON {table} BEGIN"
        f" INSERT INTO {words} (rowid, words) VALUES (new.id, {sqlite_words(table, 'new')}); END"
    )
    op.execute(
        f"CREATE TRIGGER {words}_changed AFTER UPDATE OF {columns} ON {table} BEGIN"
        f" UPDATE {words} SET words = {sqlite_words(table, 'new')} WHERE rowid = new.id; END"
    )
    op.execute(
        f"CREATE TRIGGER {words}_removed AFTER DELETE ON {table} BEGIN DELETE FROM {words} WHERE rowid = old.id; END"
    )


def sqlite_words(table: str, row: str) -> str:
    """All words of a row as one text. A line break between columns, which the tokenizer takes for a blank."""
    texts = [f"coalesce({row}.{column}, '')" for column in TEXTS[table]]
    if table in LISTS:
        column, path = LISTS[table]
        value = "json_extract(value, '$.name')" if path.endswith("name") else "value"
        texts.append(f"coalesce((SELECT group_concat({value}, ' ') FROM json_each({row}.{column})), '')")
    return " || char(10) || ".join(texts)


def server_words(table: str) -> str:
    """PostgreSQL's expression over a row. `bot.services.search` asks with the very same one."""
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in TEXTS[table])
    words = f"to_tsvector('simple', {text})"
    if table in LISTS:
        column, path = LISTS[table]
        words += f" || to_tsvector('simple', jsonb_path_query_array(CAST({column} AS jsonb), '{path}'))"
    return words


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
