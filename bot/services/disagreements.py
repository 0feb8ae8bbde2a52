"""Where figures are worse than an owner's word: noted when it begins, shown to the owner a day before anybody else
reads it, ended when either changes (domain 4.5)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.rollup import AFTER_SHOWN
from bot.domain.status import SEVERITY
from bot.services import health
from models.schemas.disagreement import Difference
from models.schemas.figures import ProjectFigures
from models.schemas.project import Place
from models.schemas.status import Health
from models.tables import Disagreement
from models.tables.unit import add_rows_once


def look(session: Session, project_ids: Collection[int], *, now: datetime) -> None:
    """Notes what has begun and what is over among these projects: a constant number of statements."""
    if project_ids:
        note(session, health.of_projects(session, project_ids, now=now).projects.values(), now=now)


def note(session: Session, figures: Iterable[ProjectFigures], *, now: datetime) -> None:
    told = {each.id: each for each in figures}
    known = {row.project_id: row for row in _open(session, told)}
    over = [row.id for row in known.values() if _is_over(row, told[row.project_id])]
    _end(session, over, now=now)
    begun = [
        {"project_id": each.id, "declared": each.reported, "computed": each.computed.value, "began_at": now}
        for each in told.values()
        if each.is_watermelon and (each.id not in known or known[each.id].id in over)
    ]
    add_rows_once(session, Disagreement, begun)  # what another process has noted meanwhile is that one's


def _is_over(row: Disagreement, told: ProjectFigures) -> bool:
    """Also where they have become worse: the owner has not seen that yet."""
    return not told.is_watermelon or SEVERITY[told.computed] > SEVERITY[Health(row.computed)]


def show_first(session: Session, project_id: int, *, now: datetime) -> None:
    """The form has shown it to its owner, who may be the first to see that there is anything."""
    look(session, [project_id], now=now)
    mark_shown(session, [project_id], now=now)


def mark_shown(session: Session, project_ids: Collection[int], *, now: datetime) -> None:
    """Their owners have it before their eyes, for the first time."""
    unseen = (
        Disagreement.project_id.in_(list(project_ids)),
        Disagreement.ended_at.is_(None),
        Disagreement.shown_at.is_(None),
    )
    session.execute(update(Disagreement).where(*unseen).values(shown_at=now))


def answered(session: Session, place: Place, *, now: datetime) -> None:
    """A status was posted: what it agrees with is over; who saw the figures and stays with their word keeps it."""
    rows = list(_open(session, [place.id]))
    if not rows:
        return
    told = health.of_projects(session, [place.id], now=now).projects[place.id]
    note(session, [told], now=now)
    kept = [row.id for row in rows if not _is_over(row, told) and row.shown_at is not None]
    if told.is_watermelon and kept:
        session.execute(update(Disagreement).where(Disagreement.id.in_(kept)).values(kept_at=now))


def of_project(session: Session, place: Place, reader: int, *, now: datetime) -> Difference | None:
    """What is shown beside the form; None where the figures agree or are better, and for a day to all but its owner
    and the backup."""
    told = health.of_projects(session, [place.id], now=now).projects.get(place.id)
    if told is None or not told.is_watermelon or told.reported is None:
        return None
    row = next(iter(_open(session, [place.id])), None)
    shown_at = row.shown_at if row is not None and not _is_over(row, told) else None
    told_from = shown_at + AFTER_SHOWN if shown_at else None
    if reader not in (place.owner.id, place.backup_id) and (told_from is None or told_from > now):
        return None
    return Difference(
        project_id=place.id,
        name=place.name,
        said=told.reported,
        figures=told,
        told_from=told_from,
    )


def _open(session: Session, project_ids: Iterable[int]) -> Iterable[Disagreement]:
    wanted = select(Disagreement).where(Disagreement.project_id.in_(list(project_ids)), Disagreement.ended_at.is_(None))
    return session.scalars(wanted.order_by(Disagreement.id)).all()


def _end(session: Session, ids: Collection[int], *, now: datetime) -> None:
    if ids:
        ended = update(Disagreement).where(Disagreement.id.in_(list(ids))).values(ended_at=now)
        session.execute(ended, execution_options={"synchronize_session": False})
