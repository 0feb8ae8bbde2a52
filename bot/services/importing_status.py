"""The status updates of a portfolio file, and how the health of its projects moved."""

from bisect import bisect_right, insort
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.history import record_change
from bot.services.importing_numbers import IMPORTED
from bot.services.importing_people import People
from models.schemas.portfolio import Portfolio, StatusRecord
from models.schemas.status import Health
from models.tables import StatusUpdate


def take_status_updates(
    session: Session, portfolio: Portfolio, *, known: Mapping[str, int], projects: Mapping[str, int], people: People
) -> None:
    """Each is compared with the one posted before it, in the file or here."""
    new = sorted(
        (record for record in portfolio.status_updates if record.id not in known), key=lambda record: record.posted_at
    )
    timelines = _Timelines(session, {projects[record.project] for record in new})
    rows = []
    for record in new:
        project_id = projects[record.project]
        before = timelines.follow(project_id, record)
        rows.append(_row(record, project_id, people.ids[record.author], before))
    session.add_all(rows)
    session.flush()
    for row in rows:
        _past(session, row)


class _Timelines:
    """For each project the health it reported, by when."""

    def __init__(self, session: Session, project_ids: set[int]) -> None:
        self._moments: dict[int, list[tuple[datetime, Health]]] = {project_id: [] for project_id in project_ids}
        statement = select(StatusUpdate.project_id, StatusUpdate.posted_at, StatusUpdate.health).where(
            StatusUpdate.project_id.in_(project_ids), StatusUpdate.superseded_by_id.is_(None)
        )
        for project_id, posted_at, health in session.execute(statement.order_by(StatusUpdate.posted_at)):
            if project_id is not None:
                self._moments[project_id].append((posted_at, Health(health)))

    def follow(self, project_id: int, record: StatusRecord) -> Health | None:
        """Put the update in its place; the health before it, None for the first."""
        moments = self._moments[project_id]
        place = bisect_right(moments, record.posted_at, key=lambda moment: moment[0])
        before = moments[place - 1][1] if place else None
        insort(moments, (record.posted_at, record.health), key=lambda moment: moment[0])
        return before


def _row(record: StatusRecord, project_id: int, author_id: int, before: Health | None) -> StatusUpdate:
    return StatusUpdate(
        external_id=record.id,
        project_id=project_id,
        author_id=author_id,
        previous_health=before,
        **record.model_dump(exclude={"id", "project", "author"}, exclude_none=True),
    )


def _past(session: Session, row: StatusUpdate) -> None:
    write = partial(record_change, session, at=row.posted_at, actor_id=row.author_id)
    write("status", row.id, new=IMPORTED)
    if row.project_id is not None and row.health != row.previous_health:
        write("project", row.project_id, field="health", old=row.previous_health, new=row.health)
