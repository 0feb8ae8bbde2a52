"""Records of the register as a portfolio file holds them, batch by batch, with what such a file has no place for."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_origin

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services.export_places import Names
from bot.services.export_values import filled, money, plain, source_ids, within
from bot.services.sight import may_see
from models.schemas.export import ExportedRecord, ExportKind
from models.schemas.issue import UNRESOLVED, IssueStatus
from models.schemas.portfolio import Portfolio
from models.schemas.project import Place
from models.schemas.status import Health
from models.tables import Assumption, Decision, DecisionContributor, History, Issue, Risk, StatusUpdate

BATCH = 500
INTERNAL = frozenset({"id", "workspace_id", "external_id", "project_id", "program_id", "worst_first", "extra"})

FORMAT: Mapping[str, frozenset[str]] = {
    name: frozenset(get_args(field.annotation)[0].model_fields)
    for name, field in Portfolio.model_fields.items()
    if get_origin(field.annotation) is list
}
"""The fields that a portfolio file has for a record of each of its lists."""


@dataclass(frozen=True)
class Kind:
    table: type[Any]
    letter: str
    history: str
    fields: Callable[["Batch", Any], dict[str, Any]]
    """What the format calls differently from the table, or what hangs together with other rows."""

    @cached_property
    def persons(self) -> list[str]:
        """Columns that name somebody."""
        links = [link for link in self.table.__table__.foreign_key_constraints if link.referred_table.name == "person"]
        return sorted(name for link in links for name in link.column_keys if name != "workspace_id")

    @cached_property
    def columns(self) -> list[str]:
        """Columns that hold something of the record itself."""
        keys = (column.key for column in self.table.__table__.columns)
        return [key for key in keys if key not in INTERNAL and not key.endswith("_id")]


@dataclass
class Batch:
    """Some rows, and what their records hold from elsewhere."""

    rows: Sequence[Any]
    ids: Mapping[int, str]
    names: Names
    past: Mapping[int, list[History]]
    contributors: Mapping[int, list[str]]
    linked: Mapping[tuple[str, int], str]
    """Ids in the file of the records that these name, of those that are in it: by link and row id."""


class Register:
    """What one person may see of the register now, of one place or of all."""

    def __init__(self, session: Session, by: Standing, place: Place | None, kinds: Sequence[ExportKind]) -> None:
        self._session, self._by, self._place, self._kinds = session, by, place, kinds
        self.names = Names(session, by, place)

    def records(self, of: ExportKind) -> Iterator[ExportedRecord]:
        """In the order in which they came; only a batch of them is in memory."""
        kind, last = KINDS[of], 0
        while rows := self._rows(kind.table, kind.table.id > last, limit=BATCH):
            batch = self._batch(of, kind, rows)
            for row in rows:
                yield _exported(of, kind, batch, row)
            last = rows[-1].id
            self._session.expunge_all()

    def _rows(self, table: type[Any], *conditions: Any, limit: int | None = None) -> Sequence[Any]:
        seen = may_see(self._session, table, self._by)
        statement = select(table).where(seen, *within(table, self._place), *conditions)
        return self._session.scalars(statement.order_by(table.id).limit(limit)).all()

    def _batch(self, of: ExportKind, kind: Kind, rows: Sequence[Any]) -> Batch:
        ids = [row.id for row in rows]
        past = defaultdict(list)
        statement = select(History).where(History.kind == kind.history, History.record_id.in_(ids))
        for change in self._session.scalars(statement.order_by(History.at, History.id)):
            past[change.record_id].append(change)
        persons = {getattr(row, name) for row in rows for name in kind.persons}
        self.names.learn(persons | {change.actor_id for changes in past.values() for change in changes})
        heard = self._contributors(ids) if of is ExportKind.DECISIONS else {}
        found = source_ids(self._session, kind.table, kind.letter, rows)
        return Batch(rows, found, self.names, past, heard, self._linked(of, rows))

    def _contributors(self, ids: Sequence[int]) -> dict[int, list[str]]:
        statement = select(DecisionContributor).where(DecisionContributor.decision_id.in_(ids))
        rows = self._session.scalars(statement.order_by(DecisionContributor.id)).all()
        self.names.learn(row.person_id for row in rows)
        found = defaultdict(list)
        for row in rows:
            found[row.decision_id].append(self.names.person(row.person_id) or "")
        return found

    def _linked(self, of: ExportKind, rows: Sequence[Any]) -> dict[tuple[str, int], str]:
        """A record that they may not see, or that is not in this file, is not named."""
        links: dict[str, ExportKind] = {}
        if of is ExportKind.DECISIONS:
            links = {"supersedes_id": of, "superseded_by_id": of}
        if of is ExportKind.ISSUES and ExportKind.RISKS in self._kinds:
            links = {"from_risk_id": ExportKind.RISKS}
        found: dict[tuple[str, int], str] = {}
        for column, target in links.items():
            wanted = {getattr(row, column) for row in rows} - {None}
            table = KINDS[target].table
            there = self._rows(table, table.id.in_(wanted)) if wanted else ()
            ids = source_ids(self._session, table, KINDS[target].letter, there)
            found |= {(column, row_id): name for row_id, name in ids.items()}
        return found


def _exported(of: ExportKind, kind: Kind, batch: Batch, row: Any) -> ExportedRecord:
    everything = _columns(kind, batch.names, row) | kind.fields(batch, row)
    everything |= {"id": batch.ids[row.id], **batch.names.place_of(row)}
    known = FORMAT.get(of.section, frozenset(everything))
    history = [_change(kind, batch.names, change) for change in batch.past.get(row.id, ())]
    rest = {name: value for name, value in everything.items() if name not in known}
    return ExportedRecord(
        ref=f"{kind.letter}-{row.number}" if hasattr(row, "number") else batch.ids[row.id],
        record=filled({name: everything[name] for name in everything if name in known}),
        more=filled({**rest, "history": history}),
        is_taken=_is_taken(of, row),
        **batch.names.words_of(row),
    )


def _is_taken(of: ExportKind, row: Any) -> bool:
    if of is not ExportKind.STATUS:
        return True
    return row.superseded_by_id is None and row.project_id is not None and row.health != Health.UNKNOWN


def _columns(kind: Kind, names: Names, row: Any) -> dict[str, Any]:
    """Every column under its own name, people by handle; links to other records are the kind's own affair."""
    told = {name.removesuffix("_id"): names.person(getattr(row, name)) for name in kind.persons}
    return told | {name: getattr(row, name) for name in kind.columns}


def _change(kind: Kind, names: Names, change: History) -> dict[str, Any]:
    old, new = (_told(kind, names, change.field, value) for value in (change.old, change.new))
    told = {"at": change.at, "by": names.person(change.actor_id), "field": change.field, "reason": change.reason}
    return filled({**told, "old": old, "new": new})


def _told(kind: Kind, names: Names, field: str, value: Any) -> Any:
    if not field.endswith("_id"):
        return plain(value)
    if field in ("project_id", "program_id"):
        return names.seen_place(field, value)
    return names.person(value) if field in kind.persons and isinstance(value, int) else None


def _risk(batch: Batch, row: Risk) -> dict[str, Any]:
    first = {"at": row.raised_at, "probability": row.inherent_probability, "impact": row.inherent_impact}
    scored = [change for change in batch.past.get(row.id, ()) if change.field == "score"]
    scores = [{"at": change.at, **change.new} for change in scored if isinstance(change.new, dict)]
    target = {"probability": row.target_probability, "impact": row.target_impact}
    return {
        "cost_impact": money(row.cost_impact),
        "target": target if row.target_probability and row.target_impact else None,
        "rejected_reason": row.status_reason,
        "score_history": [{name: plain(value) for name, value in score.items()} for score in scores or [first]],
    }


def _decision(batch: Batch, row: Decision) -> dict[str, Any]:
    return {
        "contributors": batch.contributors.get(row.id, []),
        "supersedes": batch.linked.get(("supersedes_id", row.supersedes_id or 0)),
        "superseded_by": batch.linked.get(("superseded_by_id", row.superseded_by_id or 0)),
    }


def _issue(batch: Batch, row: Issue) -> dict[str, Any]:
    """As the format wants it: what is open again has no instant at which it was resolved."""
    over = row.status not in UNRESOLVED
    resolved = row.resolved_at or (row.closed_at if row.status == IssueStatus.CLOSED else None)
    return {
        "resolved_at": resolved if over else None,
        "from_risk": batch.linked.get(("from_risk_id", row.from_risk_id or 0)),
    }


def _assumption(batch: Batch, row: Assumption) -> dict[str, Any]:
    return {"text": row.title}


def _status(batch: Batch, row: StatusUpdate) -> dict[str, Any]:
    return {"is_corrected": True if row.superseded_by_id is not None else None}


KINDS: Mapping[ExportKind, Kind] = {
    ExportKind.RISKS: Kind(Risk, "R", "risk", _risk),
    ExportKind.DECISIONS: Kind(Decision, "D", "decision", _decision),
    ExportKind.ISSUES: Kind(Issue, "I", "issue", _issue),
    ExportKind.ASSUMPTIONS: Kind(Assumption, "A", "assumption", _assumption),
    ExportKind.STATUS: Kind(StatusUpdate, "SU", "status", _status),
}
