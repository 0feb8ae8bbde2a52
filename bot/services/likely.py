"""Records that may say the same as a blocker does: open risks, issues and dependencies, across teams."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.likely import Candidate, likeliest, search_terms
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.services import delivery, people, places, search, sight
from models.schemas import issue, risk
from models.schemas.checkin_round import Likely
from models.schemas.dates import day_words
from models.schemas.people import PersonCard
from models.schemas.plan import OPEN_DEPENDENCY, DependencyState
from models.schemas.search import Found
from models.tables import Dependency, Issue, Risk

MOST_TERMS = 40
MOST_DEPENDENCIES = 500
SEARCHED = (Found.RISK, Found.ISSUE)
COMMITTED = {
    DependencyState.PROPOSED: "not committed",
    DependencyState.COMMITTED: "committed",
    DependencyState.IN_PROGRESS: "in progress",
    DependencyState.BLOCKED: "blocked",
}


def everybody_in(session: Session, channel: str | None, people_there: list[PersonCard]) -> Standing:
    """Who sees no more than anybody in this channel: nobody in particular, a guest where a guest reads along."""
    nobody = PersonCard(id=0, slack_id=None, handle="", tz=people.default_zone(session))
    guest = any(person.is_guest for person in people_there)
    return Standing(nobody.model_copy(update={"is_guest": guest}), channel=channel)


def of_texts(session: Session, texts: Mapping[int, str], by: Standing, *, now: datetime) -> dict[int, Likely]:
    """The likeliest for each of these texts; the same few statements however many they are."""
    terms = search_terms(texts.values(), most=MOST_TERMS)
    if not terms:
        return {}
    rows = _records(session, terms, by) | _dependencies(session, by)
    candidates = [Candidate(key, row.title) for key, row in sorted(rows.items(), key=lambda item: item[0])]
    found = {number: match.key for number, text in texts.items() if (match := likeliest(text, candidates))}
    if not found:
        return {}
    where = places.of_rows(session, [row for row in rows.values() if not isinstance(row, Dependency)])
    links = delivery.links(session, (f"{kind}.card:{record}" for kind, record in found.values()))
    today = local_date(now, by.person.tz)
    return {
        number: Likely(
            kind=key[0],
            id=key[1],
            ref=f"{LETTERS[key[0]]}-{rows[key].number}",
            title=rows[key].title,
            fact=_fact(rows[key], where, today.year),
            link=links.get(f"{key[0]}.card:{key[1]}"),
        )
        for number, key in found.items()
    }


LETTERS = {"risk": "R", "issue": "I", "dependency": "DEP"}


def seen_records(session: Session, kind: str, ids: set[int], by: Standing) -> set[int]:
    """Those of these records that this reader may see."""
    if kind == "dependency":
        return {record for _, record in _dependencies(session, by, ids=ids)}
    table: Any = {"risk": Risk, "issue": Issue}[kind]
    return set(session.scalars(select(table.id).where(table.id.in_(ids), sight.may_see(session, table, by))))


def _records(session: Session, terms: list[str], by: Standing) -> dict[tuple[str, int], Any]:
    ids = search.holding_any(session, terms, by, SEARCHED)
    risks = select(Risk).where(Risk.id.in_(ids[Found.RISK]), Risk.status.in_(risk.ACTIVE))
    issues = select(Issue).where(Issue.id.in_(ids[Found.ISSUE]), Issue.status.in_(issue.UNRESOLVED))
    found: dict[tuple[str, int], Any] = {("risk", row.id): row for row in session.scalars(risks)}
    return found | {("issue", row.id): row for row in session.scalars(issues)}


def _dependencies(session: Session, by: Standing, *, ids: set[int] | None = None) -> dict[tuple[str, int], Any]:
    """Open ones whose both ends this reader may see; a guest none of other projects than the channel's."""
    hidden, _ = sight.hidden_places(session, by)
    wanted = Dependency.id.in_(ids) if ids is not None else Dependency.state.in_(OPEN_DEPENDENCY)
    statement = select(Dependency).where(
        wanted,
        Dependency.get_project_id.not_in(hidden),
        or_(Dependency.give_project_id.is_(None), Dependency.give_project_id.not_in(hidden)),
    )
    if by.person.is_guest or by.is_stranger:
        here = places.of_channel(session, by.channel)
        statement = statement.where(Dependency.get_project_id == (here.id if here and here.kind == "project" else 0))
    newest = statement.order_by(Dependency.id.desc()).limit(MOST_DEPENDENCIES)
    return {("dependency", row.id): row for row in session.scalars(newest)}


def _fact(row: Any, where: Mapping[str, Any], year: int) -> str:
    if isinstance(row, Dependency):
        needed = day_words(row.needed_by).removesuffix(f" {year}")
        return f"needed {needed}, {COMMITTED.get(DependencyState(row.state), row.state)}"
    words = risk.STATE_WORDS[risk.RiskStatus(row.status)] if isinstance(row, Risk) else _issue_words(row)
    place = where.get(places.ref_of(row))
    return f"{words.lower()}, {place.name}" if place else words.lower()


def _issue_words(row: Issue) -> str:
    return issue.STATE_WORDS[issue.IssueStatus(row.status)]
