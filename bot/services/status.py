"""Status updates: what owners said, and what their projects count as."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain import status as rules
from bot.domain.wall_time import iso_week, local_date
from bot.errors import UserError
from bot.services import delivery, people, places, risk, slips, status_readings
from bot.services.history import LOGGED, done_instead, record_change, record_instead
from models.schemas.parameters import StatusRules
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.status import Asked, Freshness, Health, StatusCard, StatusDraft, ask_parts, ask_text
from models.tables import Occurrence, Person, Project, StatusUpdate
from models.tables.unit import add_row

KIND = "status"


def card_key(update_id: int) -> str:
    return f"status:{update_id}"


def post_status(
    session: Session,
    draft: StatusDraft,
    *,
    place: Place,
    author: PersonCard,
    now: datetime,
    corrects: int | None = None,
    instead_of: PersonCard | None = None,
) -> StatusCard:
    """A second update for the same week, or a correction, takes the place of the first, which stays in the records.

    One at a time a project. A correction is compared with what stood before the words that it takes back.
    `instead_of` is the absent owner whom the author stands in for.
    """
    project = slips.lock(session, place.id)
    before = latest(session, [place.id]).get(place.id)
    period = _period(session, place, now) if corrects is None else _period_of(before, corrects)
    replaced = _current(session, place.id, period)
    reported = before.health if before else None
    values = {
        "project_id": place.id,
        "period": period,
        "author_id": author.id,
        "posted_at": now,
        "health": draft.health.value,
        "previous_health": replaced.previous_health if replaced and corrects is not None else reported,
        "summary": draft.summary,
        "path_to_green": draft.path_to_green,
        "asks": [ask_text(draft.asks, draft.ask_person)] if draft.asks else [],
        **_dates(draft, project, replaced),
    }
    if draft.moves_date and draft.new_target_on is not None and draft.new_target_on != project.target_on:
        slips.move(session, project, draft.new_target_on, reason=draft.date_reason, by=author, now=now)
    update_id = _take_place(session, replaced.id if replaced else None, values, by=author, now=now)
    if instead_of is not None:
        record_instead(session, KIND, update_id, by=author, of=instead_of, now=now)
    if reported != draft.health:
        record_change(
            session, "project", place.id, at=now, actor_id=author.id, field="health", old=reported, new=draft.health
        )
    return get(session, update_id)


def get(session: Session, update_id: int) -> StatusCard:
    return _card(session, session.scalars(select(StatusUpdate).where(StatusUpdate.id == update_id)).one())


def find_by_id(session: Session, update_id: int | None) -> StatusCard | None:
    """A project's update, current or replaced."""
    statement = select(StatusUpdate).where(StatusUpdate.id == update_id, StatusUpdate.project_id.is_not(None))
    row = session.scalar(statement)
    return _card(session, row) if row else None


def lock(session: Session, update_id: int | None) -> None:
    """Whoever else wants to answer or replace this update waits."""
    statement = select(StatusUpdate.id).where(StatusUpdate.id == update_id)
    session.execute(statement.with_for_update(), execution_options={"populate_existing": True})


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
    freshness = freshness_by(place.rules.status, last.posted_at if last else None, now)
    return rules.effective_health(place.state, Health(last.health) if last else None, freshness)


def freshness_by(asked: StatusRules, posted_at: datetime | None, now: datetime) -> Freshness:
    """By the rhythm and the grace of its program."""
    return rules.freshness(
        posted_at, now, asked.cadence_days, grace_days=asked.grace_days, stale_cadences=asked.stale_multiplier
    )


def asks_of(session: Session, rows: Iterable[StatusUpdate]) -> dict[int, list[Asked]]:
    """What these updates ask for, and from whom, by update."""
    parts = {row.id: [ask_parts(str(text)) for text in row.asks] for row in rows}
    ids = {slack_id for asks in parts.values() for _, slack_id in asks if slack_id}
    known = session.scalars(select(Person).where(Person.slack_id.in_(ids))).all() if ids else ()
    zone = people.default_zone(session) if known else ""
    who = {row.slack_id: people.card(row, zone) for row in known}
    return {key: [Asked(words=words, person=who.get(person)) for words, person in asks] for key, asks in parts.items()}


def _period(session: Session, place: Place, now: datetime) -> str:
    """The week that is asked for: a late answer belongs to the week before, until the next request opens."""
    asked_for = session.scalar(
        select(Occurrence.period)
        .where(Occurrence.project_id == place.id, Occurrence.open_at <= now, Occurrence.close_at > now)
        .order_by(Occurrence.open_at.desc())
        .limit(1)
    )
    return asked_for or iso_week(local_date(now, place.owner.tz))


def _period_of(last: StatusUpdate | None, corrects: int) -> str:
    """A correction stays in the week of what it corrects, which is the last word or no longer to be corrected."""
    if last is None or last.id != corrects:
        raise UserError("A newer status was posted meanwhile. Correct that one. Nothing was changed.")
    return last.period


def _current(session: Session, project_id: int | None, period: str) -> StatusUpdate | None:
    return session.scalar(
        select(StatusUpdate).where(
            StatusUpdate.project_id == project_id,
            StatusUpdate.period == period,
            StatusUpdate.superseded_by_id.is_(None),
        )
    )


def _dates(draft: StatusDraft, project: Project, replaced: StatusUpdate | None) -> dict[str, Any]:
    """Old and new date where the week's update moves it; what the replaced one moved stays said."""
    carried = replaced if replaced is not None and replaced.new_target_on is not None else None
    old = carried.old_target_on if carried else project.target_on
    new = draft.new_target_on if draft.moves_date else project.target_on
    if new is None or new == old:
        return {}
    reason = draft.date_reason if draft.moves_date else carried.date_reason if carried else None
    return {"old_target_on": old, "new_target_on": new, "date_reason": reason}


def _take_place(
    session: Session, replaced_id: int | None, values: dict[str, Any], *, by: PersonCard, now: datetime
) -> int:
    """Insert the update; a replaced one goes out of the way of the unique index until the new row's id is known."""
    if replaced_id is not None:
        _replace(session, replaced_id, by=replaced_id)
    update_id = add_row(session, StatusUpdate, **values)
    record_change(session, KIND, update_id, at=now, actor_id=by.id, new=LOGGED)
    if replaced_id is not None:
        _replace(session, replaced_id, by=update_id)
        record_change(
            session, KIND, replaced_id, at=now, actor_id=by.id, field="superseded_by_id", old=None, new=update_id
        )
    return update_id


def _replace(session: Session, update_id: int, *, by: int) -> None:
    session.execute(update(StatusUpdate).where(StatusUpdate.id == update_id).values(superseded_by_id=by))


def replaced_ids(session: Session, project_id: int | None, period: str) -> Sequence[int]:
    """The updates of a week whose place a newer one took."""
    same_week = (StatusUpdate.project_id == project_id, StatusUpdate.period == period)
    return session.scalars(select(StatusUpdate.id).where(*same_week, StatusUpdate.superseded_by_id.is_not(None))).all()


def _newest(session: Session, row: StatusUpdate) -> int | None:
    """The current update of the week of one that was replaced, however often; None for a current one."""
    current = _current(session, row.project_id, row.period) if row.superseded_by_id is not None else None
    return current.id if current else None


def _card(session: Session, row: StatusUpdate) -> StatusCard:
    place = places.get(session, f"project:{row.project_id}")
    count, extreme = risk.open_counts(session, [place.id]).get(place.id, (0, 0))
    before = Health(row.previous_health) if row.previous_health else None
    newer = _newest(session, row)
    links = delivery.links(session, [card_key(key) for key in (row.id, newer) if key is not None])
    instead = done_instead(session, KIND, [row.id]).get(row.id)
    who = people.cards(session, [row.author_id, instead[-1][2] if instead else None])
    return StatusCard(
        id=row.id,
        place=place,
        author=who[row.author_id],
        instead_of=who.get(instead[-1][2]) if instead else None,
        period=row.period,
        posted_at=row.posted_at,
        health=Health(row.health),
        previous_health=before,
        trend=rules.trend(before, Health(row.health)),
        summary=row.summary,
        path_to_green=row.path_to_green,
        asks=asks_of(session, [row])[row.id],
        old_target_on=row.old_target_on,
        new_target_on=row.new_target_on,
        date_reason=row.date_reason,
        slips=slips.of_place(session, place, at=row.posted_at),
        readings=status_readings.of_updates(session, [row.id]).get(row.id, []),
        corrects=newer is None and bool(replaced_ids(session, row.project_id, row.period)),
        replaced_by=newer,
        replaced_link=links.get(card_key(newer)) if newer is not None else None,
        open_risks=count,
        extreme_risks=extreme,
        link=links.get(card_key(row.id)),
    )
