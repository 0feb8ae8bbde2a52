"""Status updates: what owners said, and what their projects count as."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain import status as rules
from bot.domain.wall_time import iso_week, local_date
from bot.services import delivery, people, places, risk
from bot.services.history import LOGGED, record_change
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.status import Health, StatusCard, StatusDraft
from models.tables import Occurrence, Project, StatusUpdate
from models.tables.unit import add_row


def card_key(update_id: int) -> str:
    return f"status:{update_id}"


def may_post(place: Place, person: PersonCard | None, admins: frozenset[str]) -> bool:
    """The owner, the backup, the program's manager and sponsor, and admins speak for a project."""
    if person is None or place.kind is not PlaceKind.PROJECT:
        return False
    return person.id in place.people or person.is_admin or person.slack_id in admins


def post_status(session: Session, draft: StatusDraft, *, place: Place, author: PersonCard, now: datetime) -> StatusCard:
    """A second update for the same week replaces the first, which stays in the records. One at a time a project."""
    session.execute(select(Project.id).where(Project.id == place.id).with_for_update())
    period = _period(session, place, now)
    before = latest(session, [place.id]).get(place.id)
    replaced = _current(session, place.id, period)
    if replaced is not None:  # out of the way of the unique index until the new row's id is known
        _replace(session, replaced.id, by=replaced.id)
    update_id = add_row(
        session,
        StatusUpdate,
        project_id=place.id,
        period=period,
        author_id=author.id,
        posted_at=now,
        health=draft.health.value,
        previous_health=before.health if before else None,
        summary=draft.summary,
        path_to_green=draft.path_to_green,
        asks=[draft.asks] if draft.asks else [],
    )
    if replaced is not None:
        _replace(session, replaced.id, by=update_id)
    record_change(session, "status", update_id, at=now, actor_id=author.id, new=LOGGED)
    if before is None or before.health != draft.health:
        old = before.health if before else None
        record_change(
            session, "project", place.id, at=now, actor_id=author.id, field="health", old=old, new=draft.health
        )
    return get(session, update_id)


def get(session: Session, update_id: int) -> StatusCard:
    return _card(session, session.scalars(select(StatusUpdate).where(StatusUpdate.id == update_id)).one())


def latest(session: Session, project_ids: Iterable[int]) -> dict[int, StatusUpdate]:
    """The current update of each project that has one."""
    newest = (
        select(StatusUpdate.project_id, func.max(StatusUpdate.posted_at).label("posted_at"))
        .where(StatusUpdate.project_id.in_(list(project_ids)), StatusUpdate.superseded_by_id.is_(None))
        .group_by(StatusUpdate.project_id, StatusUpdate.workspace_id)
        .subquery()
    )
    statement = select(StatusUpdate).join(
        newest,
        (newest.c.project_id == StatusUpdate.project_id) & (newest.c.posted_at == StatusUpdate.posted_at),
    )
    statement = statement.where(StatusUpdate.superseded_by_id.is_(None)).order_by(StatusUpdate.id)
    return {row.project_id: row for row in session.scalars(statement) if row.project_id is not None}


def health_of(place: Place, last: StatusUpdate | None, now: datetime) -> Health:
    """What the project counts as, silence included."""
    freshness = rules.freshness(last.posted_at if last else None, now)
    return rules.effective_health(place.state, Health(last.health) if last else None, freshness)


def _period(session: Session, place: Place, now: datetime) -> str:
    """The week that is asked for: a late answer belongs to the week before, until the next request opens."""
    asked_for = session.scalar(
        select(Occurrence.period)
        .where(Occurrence.project_id == place.id, Occurrence.open_at <= now, Occurrence.close_at > now)
        .order_by(Occurrence.open_at.desc())
        .limit(1)
    )
    return asked_for or iso_week(local_date(now, place.owner.tz))


def _current(session: Session, project_id: int, period: str) -> StatusUpdate | None:
    return session.scalar(
        select(StatusUpdate).where(
            StatusUpdate.project_id == project_id,
            StatusUpdate.period == period,
            StatusUpdate.superseded_by_id.is_(None),
        )
    )


def _replace(session: Session, update_id: int, *, by: int) -> None:
    session.execute(update(StatusUpdate).where(StatusUpdate.id == update_id).values(superseded_by_id=by))


def _card(session: Session, row: StatusUpdate) -> StatusCard:
    place = places.get(session, f"project:{row.project_id}")
    count, extreme = risk.open_counts(session, [place.id]).get(place.id, (0, 0))
    before = Health(row.previous_health) if row.previous_health else None
    return StatusCard(
        id=row.id,
        place=place,
        author=people.cards(session, [row.author_id])[row.author_id],
        period=row.period,
        posted_at=row.posted_at,
        health=Health(row.health),
        previous_health=before,
        trend=rules.trend(before, Health(row.health)),
        summary=row.summary,
        path_to_green=row.path_to_green,
        asks=list(row.asks),
        open_risks=count,
        extreme_risks=extreme,
        link=delivery.links(session, [card_key(row.id)]).get(card_key(row.id)),
    )
