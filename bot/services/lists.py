"""Lists of records, worst first: a page of what one person may see, and how many there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.services import delivery, people, places, sight, suggestions, workspace
from bot.services.list_sources import Source, source_of
from models.schemas.lists import MOST_COUNTED, MOST_LISTED, OPEN, PAGE, Counts, Filters, Listed, ListRow, pages
from models.schemas.people import PersonCard
from models.schemas.project import Place

MERE_MEMBER = PersonCard(id=0, slack_id=None, handle="", tz="UTC")
"""Of a channel, and nothing else: owns no record and answers for no place."""


def page(session: Session, filters: Filters, by: Standing, *, now: datetime) -> Listed:
    """Everything in `filters` is looked at anew: a place that does not exist for this person narrows nothing.

    A fixed number of statements, and of rows read, however long the register is.
    """
    today = local_date(now, by.person.tz)
    place = _place(session, filters.place, by)
    owner = people.by_slack_id(session, filters.owner) if filters.owner else None
    filters = filters.model_copy(update={"place": place.ref if place else ""})
    source = source_of(filters.kind, of_one_person=bool(filters.owner))
    seen = sight.may_see(session, source.table, by)
    narrowed = [seen, *_narrowed(source, filters, place, owner, today, by.person.tz)]
    counts = _counts(session, source, narrowed, seen, filters, today, by.person.tz)
    shown = min(filters.page, pages(counts.found))
    offset = (shown - 1) * PAGE
    statement = select(source.table).where(*narrowed).order_by(*source.order(filters.state))
    rows = session.scalars(statement.offset(offset).limit(min(PAGE, MOST_LISTED - offset))).all()
    return Listed(
        filters=filters.model_copy(update={"page": shown}),
        rows=_rows(session, source, rows, today, by.person.tz),
        counts=counts,
        today=today,
        owner=owner,
        place=place,
        reader=by.person.slack_id or "",
        places=[(choice.ref, choice.label) for choice in suggestions.offered(session, by)],
        takes_tables=not workspace.refuses_tables(session),
        shareable=may_share(by),
        may_log=not _is_outside(by),
    )


def may_share(by: Standing) -> bool:
    """In a channel, and no guest; a direct message has nobody to share with."""
    in_channel = by.channel is not None and not by.channel.startswith("D")
    return in_channel and not _is_outside(by)


def _is_outside(by: Standing) -> bool:
    return by.is_stranger or by.person.is_guest or by.person.is_bot


def public_page(session: Session, listed: Listed, channel: str) -> Listed:
    """The same page for a channel: its rows and counts without what a mere member of it may not see."""
    member = Standing(MERE_MEMBER.model_copy(update={"tz": people.default_zone(session)}), channel=channel)
    filters = listed.filters
    source = source_of(filters.kind, of_one_person=bool(filters.owner))
    place = _place(session, filters.place, member)
    seen = sight.may_see(session, source.table, member)
    narrowed = [seen, *_narrowed(source, filters, listed.place, listed.owner, listed.today, member.person.tz)]
    ids = [row.id for row in listed.rows]
    open_to_all = set(session.scalars(select(source.table.id).where(source.table.id.in_(ids), seen)))
    counts = _counts(session, source, narrowed, seen, filters, listed.today, member.person.tz)
    rows = [row for row in listed.rows if row.id in open_to_all]
    return listed.model_copy(update={"rows": rows, "counts": counts, "place": place})


def _place(session: Session, ref: str, by: Standing) -> Place | None:
    place = places.by_ref(session, ref) if ref else None
    return place if place is not None and places.may_see(place, by.person.id, by.channel) else None


def _narrowed(
    source: Source, filters: Filters, place: Place | None, owner: PersonCard | None, today: date, zone: str
) -> list[ColumnElement[bool]]:
    conditions = [*source.in_state(filters.state, today, zone), *source.of_level(filters.level, filters.state)]
    if filters.owner:
        conditions.append(source.held_by(owner.id if owner else 0))
    if place is not None:
        column = source.table.project_id if place.kind == "project" else source.table.program_id
        conditions.append(column == place.id)
    return conditions


def _counts(
    session: Session,
    source: Source,
    narrowed: Sequence[ColumnElement[bool]],
    seen: ColumnElement[bool],
    filters: Filters,
    today: date,
    zone: str,
) -> Counts:
    worst, overdue = source.worst(filters.state), source.overdue(today, zone)
    opened = source.in_state(OPEN, today, zone)
    found, bad, late = session.execute(
        select(
            _count(source, [*narrowed]),
            _count(source, [*narrowed, *worst]) if worst else literal(0),
            _count(source, [*narrowed, *opened, overdue]),
        )
    ).one()
    if found:
        return Counts(found=found, worst=bad, overdue=late, open=found, any=1)
    still_open, any_ = session.execute(select(_count(source, [seen, *opened]), _count(source, [seen], most=1))).one()
    return Counts(found=0, worst=0, overdue=0, open=still_open, any=any_)


def _count(source: Source, conditions: Sequence[ColumnElement[bool]], most: int = MOST_COUNTED + 1) -> Any:
    """At most `most`: what is beyond is not even read."""
    some = select(source.table.id).where(*conditions).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _rows(session: Session, source: Source, rows: Sequence[Any], today: date, zone: str) -> list[ListRow]:
    who = people.cards(session, (source.holder(row) for row in rows))
    found = places.of_rows(session, rows)
    links = delivery.links(session, (source.card_key(row) for row in rows))
    return [
        source.row(
            row,
            place=found.get(places.ref_of(row)),
            owner=who[source.holder(row)],
            link=links.get(source.card_key(row)),
            today=today,
            zone=zone,
        )
        for row in rows
    ]
