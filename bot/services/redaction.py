"""An admin takes words out of a record: out of its row, its history, and our copies of what was said with them."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.redaction import HEAD, LEAST, REDACTED, patterns, without
from bot.errors import UserError
from bot.services import register
from bot.services.history import record_change
from models.schemas.redaction import FIELD, REASONS, Redactable
from models.tables import Ask, HandledDelivery, History, Occurrence, Outbox
from models.tables.unit import THIS_WORKSPACE, change_rows, workspace_of

TEXTS: Mapping[str, Sequence[str]] = {
    "risk": ("title", "statement", "response_plan", "trigger", "status_reason", "close_asked_reason"),
    "issue": ("title", "workaround", "status_reason"),
    "assumption": ("title", "status_reason"),
    "decision": ("title", "context", "rationale", "status_reason", "outcome"),
    "milestone": ("title", "status_reason"),
    "finding": ("title", "evidence", "status_reason"),
}
"""Columns that hold what people typed. Names of options stay: decisions point to them."""

COPIES: Sequence[tuple[type[Any], Sequence[str]]] = (
    (Outbox, ("body",)),
    (HandledDelivery, ("answer",)),
    (Occurrence, ("snapshot",)),
    (Ask, ("subject", "effect")),
)
"""Where the same words may stand once more, as JSON or as they are."""


def redactable(session: Session, kind: str, ref: str, record_id: int) -> Redactable:
    """Raises UserError where there is nothing to take out."""
    row = session.get_one(register.TABLES[kind], record_id)
    filled = [name for name in TEXTS[kind] if getattr(row, name) not in (None, "", REDACTED)]
    past = select(History.id).where(*_of(kind, record_id), History.reason.is_not(None), History.reason != REDACTED)
    earlier = [name for name in TEXTS[kind] if name not in filled and _has_past(session, kind, record_id, name)]
    fields = [*filled, *earlier, *([REASONS] if session.scalar(past.limit(1)) else [])]
    if not fields:
        raise UserError(f"{ref} holds no words that could be taken out. Nothing was changed.")
    return Redactable(kind=kind, id=record_id, ref=ref, fields=fields)


def redact(
    session: Session, what: Redactable, fields: Collection[str], *, by_id: int, reason: str, now: datetime
) -> None:
    """Raises UserError where a field is none of its own. Its version rises: no open form brings the words back."""
    if not fields or not set(fields) <= set(what.fields):
        raise UserError("The texts of this record have changed. Open the form again; nothing was changed.")
    table = register.TABLES[what.kind]
    row = session.get_one(table, what.id)
    columns = [name for name in fields if name != REASONS]
    words = {str(getattr(row, name)) for name in columns if getattr(row, name)}
    words |= _take_out_of_history(session, what, columns, reasons=REASONS in fields, now=now)
    marks = {name: REDACTED for name in columns if getattr(row, name)}
    change_rows(session, table, [{"key": row.id, **marks, "version": row.version + 1}])
    take_out_of_copies(session, words)
    ordered = [name for name in what.fields if name in fields]
    record_change(session, what.kind, what.id, at=now, actor_id=by_id, field=FIELD, new=ordered, reason=reason)


def _take_out_of_history(
    session: Session, what: Redactable, columns: Sequence[str], *, reasons: bool, now: datetime
) -> set[str]:
    """What stood there. The database lets these columns alone be changed, and to this mark alone."""
    rows = session.scalars(select(History).where(*_of(what.kind, what.id))).all()
    words: set[str] = set()
    changed: list[int] = []
    for row in rows:
        values = [row.old, row.new] if row.field in columns else []
        words |= {value for value in [*values, row.reason if reasons else None] if isinstance(value, str)}
        if any(values) or (reasons and row.reason):
            changed.append(row.id)
    mark = {"redacted_at": now}
    _write(session, update(History).where(History.id.in_(changed)).values(**mark))
    of_fields = update(History).where(History.id.in_(changed), History.field.in_(columns))
    for column in (History.old, History.new):
        filled = of_fields.where(column.cast(String).not_in(("null", "")), column.is_not(None))
        _write(session, filled.values({column: REDACTED}))
    if reasons:
        _write(session, update(History).where(History.id.in_(changed)).values(reason=_mark_if_any()))
    return words


def _mark_if_any() -> Any:
    return case((History.reason.is_not(None), REDACTED), else_=None)


def take_out_of_copies(session: Session, words: Iterable[str]) -> None:
    found = patterns(words)
    needles = {head for text in words if (head := _plain_head(text))}
    if not needles:
        return
    for table, columns in COPIES:
        for name in columns:
            column = getattr(table, name)
            holds = or_(*(column.cast(String).contains(each, autoescape=True) for each in needles))
            rows = session.execute(select(table.id, column).where(holds)).all()
            _put(session, column, [{"row": key, "value": without(value, found)} for key, value in rows])


def _put(session: Session, column: Any, changes: Sequence[dict[str, Any]]) -> None:
    """In one statement, whatever the number of rows."""
    if changes:
        table = column.class_.__table__
        mine = table.c.id == bindparam("row"), table.c.workspace_id == THIS_WORKSPACE
        statement = table.update().where(*mine).values({column.key: bindparam("value")})
        workspace = workspace_of(session)
        session.connection().execute(statement, [{"this_workspace": workspace, **change} for change in changes])


def _plain_head(text: str) -> str:
    """Its longest beginning that stands the same in JSON, escaped, and on one line."""
    plain = re.split(r"[^ !#-%'-;=?-\[\]-~]", " ".join(text.split())[:HEAD], maxsplit=1)[0]
    return plain if len(plain) >= LEAST else json.dumps(text[:HEAD])[1:-1] if len(text) >= LEAST else ""


def _has_past(session: Session, kind: str, record_id: int, field: str) -> bool:
    said = select(History.id).where(*_of(kind, record_id), History.field == field, History.redacted_at.is_(None))
    return session.scalar(said.limit(1)) is not None


def _of(kind: str, record_id: int) -> tuple[Any, ...]:
    """Its rows of history, but those that tell of redactions."""
    return History.kind == kind, History.record_id == record_id, History.field != FIELD


def _write(session: Session, change: Any) -> None:
    session.execute(change, execution_options={"synchronize_session": False})
