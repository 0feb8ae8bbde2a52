"""Full-text search over records and status updates, newest first: only what this person may see is ever matched."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.search_words import phrases
from bot.domain.wall_time import local_date
from bot.services import delivery, places, sight
from models.schemas import assumption, decision, issue, risk
from models.schemas.project import Place
from models.schemas.search import MOST_FOUND, PAGE, Found, Hit, Phrase, Results
from models.tables import Assumption, Decision, Issue, Risk, StatusUpdate
from models.tables.unit import workspace_of
from models.tables.words import server_words

_SIMPLE: Any = literal_column("'simple'::regconfig")


class Source:
    """How one kind is found and named."""

    def __init__(self, model: Any, letter: str, at: Any, title: str, state: Callable[[Any], str], key: str) -> None:
        self.model, self.letter, self.at, self.title, self.state, self.key = model, letter, at, title, state, key

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    def hit(self, kind: Found, row: Any, place: Place | None, links: Mapping[str, str], zone: str) -> Hit:
        return Hit(
            kind=kind,
            id=row.id,
            ref=f"{self.letter}-{row.number}" if self.letter else "",
            title=getattr(row, self.title),
            state=self.state(row),
            place=place.name if place else "",
            on=local_date(getattr(row, self.at.key), zone),
            link=links.get(self.key.format(row.id)),
        )


SOURCES: Mapping[Found, Source] = {
    Found.RISK: Source(
        Risk, "R", Risk.raised_at, "title", lambda row: risk.STATE_WORDS[risk.RiskStatus(row.status)], "risk.card:{}"
    ),
    Found.ISSUE: Source(
        Issue,
        "I",
        Issue.opened_at,
        "title",
        lambda row: issue.STATE_WORDS[issue.IssueStatus(row.status)],
        "issue.card:{}",
    ),
    Found.DECISION: Source(
        Decision,
        "D",
        Decision.raised_at,
        "title",
        lambda row: decision.STATE_WORDS[decision.DecisionStatus(row.status)],
        "decision.card:{}",
    ),
    Found.ASSUMPTION: Source(
        Assumption,
        "A",
        Assumption.raised_at,
        "title",
        lambda row: assumption.STATE_WORDS[assumption.AssumptionStatus(row.status)],
        "assumption.card:{}",
    ),
    Found.STATUS: Source(StatusUpdate, "", StatusUpdate.posted_at, "summary", lambda row: str(row.health), "status:{}"),
}


def find(session: Session, typed: str, by: Standing, *, page: int, now: datetime) -> Results:
    """The newest MOST_FOUND of each kind are looked at, so that no search reads the whole register."""
    today = local_date(now, by.person.tz)
    wanted = phrases(typed)
    found = _matches(session, wanted, by) if wanted else []
    last = max(1, -(-min(len(found), MOST_FOUND) // PAGE))
    page = min(max(page, 1), last)
    shown = found[:MOST_FOUND][(page - 1) * PAGE : page * PAGE]
    hits = _hits(session, shown, by.person.tz)
    return Results(typed=typed, hits=hits, found=min(len(found), MOST_FOUND + 1), page=page, today=today)


def holding_any(
    session: Session, words: Sequence[str], by: Standing, kinds: Collection[Found]
) -> dict[Found, set[int]]:
    """Ids of what holds one of these words or more, the newest MOST_FOUND of each kind."""
    wanted = [Phrase(words=word) for word in words]
    found: dict[Found, set[int]] = {kind: set() for kind in kinds}
    for kind, record in _matches(session, wanted, by, kinds=kinds, every=False) if wanted else ():
        found[kind].add(record)
    return found


def _matches(
    session: Session, wanted: Sequence[Phrase], by: Standing, *, kinds: Collection[Found] = SOURCES, every: bool = True
) -> list[tuple[Found, int]]:
    """Kind and id of what holds all these words, or one of them, the newest first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    match = _on_sqlite if is_sqlite else _on_server
    sees, workspace = sight.sight_of(session, by), workspace_of(session)
    parts: list[Select[Any]] = []
    for kind, source in SOURCES.items():
        if kind not in kinds:
            continue
        newest = match(kind, source, wanted, _seen(source, by, sees, workspace), every).subquery()
        parts.append(select(newest.c.kind, newest.c.id, newest.c.at))
    rows = session.execute(union_all(*parts)).all()
    order = {kind.value: place for place, kind in enumerate(Found)}
    rows = sorted(rows, key=lambda row: (-row.at.timestamp(), order[row.kind], -row.id))
    return [(Found(row.kind), row.id) for row in rows]


def _seen(source: Source, by: Standing, sees: sight.Sight, workspace: int) -> ColumnElement[bool]:
    """Names the workspace as well: a union is no query of one table, and nothing filters it by itself."""
    mine = source.model.workspace_id == workspace
    return and_(mine, sight.seen(source.model, by, sees))


def _newest(kind: Found, source: Source, seen: ColumnElement[bool]) -> Select[Any]:
    current = [StatusUpdate.superseded_by_id.is_(None)] if kind is Found.STATUS else []
    columns = (literal(kind.value).label("kind"), source.model.id.label("id"), source.at.label("at"))
    return select(*columns).where(seen, *current).limit(MOST_FOUND + 1)


def _on_sqlite(
    kind: Found, source: Source, wanted: Sequence[Phrase], seen: ColumnElement[bool], every: bool
) -> Select[Any]:
    """The full-text table leads, from its end; the plus keeps SQLite from asking it once for each record instead."""
    words = table(f"{source.name}_words", column("rowid"))
    holds = literal_column(words.name).op("MATCH")(literal(fts5_query(wanted, every=every)))
    return (
        _newest(kind, source, seen)
        .join_from(words, source.model, source.model.id == literal_column(f"+{words.name}.rowid"))
        .where(holds)
        .order_by(words.c.rowid.desc())
    )


def _on_server(
    kind: Found, source: Source, wanted: Sequence[Phrase], seen: ColumnElement[bool], every: bool
) -> Select[Any]:
    query: Any = None
    for phrase in wanted:
        part = _prefix(phrase) if phrase.begins else func.phraseto_tsquery(_SIMPLE, phrase.words)
        query = part if query is None else query.op("&&" if every else "||")(part)
    holds = literal_column(f"({server_words(source.name)})").op("@@")(query)
    return _newest(kind, source, seen).where(holds).order_by(source.model.id.desc())


def fts5_query(wanted: Sequence[Phrase], *, every: bool = True) -> str:
    """Words in quotation marks are words alone: nothing in them is syntax."""
    return (" AND " if every else " OR ").join(
        '"' + each.words.replace('"', '""') + '"' + ("*" if each.begins else "") for each in wanted
    )


def _prefix(phrase: Phrase) -> Any:
    quoted = phrase.words.replace("\\", "\\\\").replace("'", "''")
    return func.to_tsquery(_SIMPLE, f"'{quoted}':*")


def _hits(session: Session, shown: Sequence[tuple[Found, int]], zone: str) -> list[Hit]:
    rows: dict[tuple[Found, int], Any] = {}
    for kind, source in SOURCES.items():
        ids = [record for found, record in shown if found is kind]
        for row in session.scalars(select(source.model).where(source.model.id.in_(ids))):
            rows[kind, row.id] = row
    found = places.of_rows(session, list(rows.values()))
    links = delivery.links(session, (SOURCES[kind].key.format(record) for kind, record in shown))
    return [
        SOURCES[kind].hit(kind, row, found.get(places.ref_of(row)), links, zone)
        for kind, record in shown
        if (row := rows.get((kind, record))) is not None
    ]
