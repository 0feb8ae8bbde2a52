"""The people of a portfolio file, matched with those that Slack told us of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.services.people import default_zone
from models.schemas.portfolio import PersonRecord, Portfolio
from models.tables import Person


@dataclass
class People:
    """The rows behind the handles of a file."""

    ids: dict[str, int] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    """By handle: Slack's zone where it has told one."""
    unmatched: list[str] = field(default_factory=list)
    added: int = 0


def take_people(session: Session, portfolio: Portfolio, slack_ids: Mapping[str, str]) -> People:
    found, new = People(), []
    known = _Known(session, portfolio, slack_ids)
    fallback = default_zone(session)
    for record in portfolio.people:
        slack_id = slack_ids.get(record.handle)
        zone = record.tz or (portfolio.calendars[record.calendar].tz if record.calendar else None)
        row = known.row(record.handle, slack_id)
        if row is None:
            handle = known.free_handle(record.handle, slack_id)
            new.append((record, Person(handle=handle, slack_id=slack_id, tz=zone)))
        else:
            _complete(session, row, slack_id=slack_id, zone=zone)
            _remember(found, record, row, row.slack_id or slack_id, row.tz or zone or fallback)
    session.add_all(row for _, row in new)
    session.flush()
    for record, row in new:
        _remember(found, record, row, row.slack_id, row.tz or fallback)
    found.added = len(new)
    return found


class _Known:
    """Rows that are there before the import, by both of their names."""

    def __init__(self, session: Session, portfolio: Portfolio, slack_ids: Mapping[str, str]) -> None:
        handles = [record.handle for record in portfolio.people]
        mapped = [slack_ids[handle] for handle in handles if handle in slack_ids]
        named = or_(Person.handle.in_(handles), Person.slack_id.in_(mapped))
        rows = session.scalars(select(Person).where(named)).all()
        self._by_handle = {row.handle: row for row in rows}
        self._by_slack_id = {row.slack_id: row for row in rows if row.slack_id is not None}

    def row(self, handle: str, slack_id: str | None) -> Person | None:
        if slack_id in self._by_slack_id:
            return self._by_slack_id[slack_id]
        row = self._by_handle.get(handle)
        somebody_else = row is not None and slack_id is not None and row.slack_id is not None
        return None if somebody_else else row

    def free_handle(self, handle: str, slack_id: str | None) -> str:
        """Handles are unique here; in Slack display names are not."""
        return f"{handle} ({slack_id})" if handle in self._by_handle else handle


def _complete(session: Session, row: Person, *, slack_id: str | None, zone: str | None) -> None:
    """Fill in what nobody has told yet; what Slack told stands."""
    told = {"slack_id": row.slack_id or slack_id, "tz": row.tz or zone}
    new = {name: value for name, value in told.items() if value != getattr(row, name)}
    if new:
        session.execute(update(Person).where(Person.id == row.id).values(**new))


def _remember(found: People, record: PersonRecord, row: Person, slack_id: str | None, zone: str) -> None:
    found.ids[record.handle] = row.id
    found.zones[record.handle] = zone
    if slack_id is None:
        found.unmatched.append(record.handle)
