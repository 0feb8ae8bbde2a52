"""The programs and projects of a portfolio file, with the rules of when they are asked and when they report."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.services import places, schedule, watch
from bot.services.history import record_change
from bot.services.importing_calendars import take_program_calendars
from bot.services.importing_numbers import IMPORTED, give_numbers
from bot.services.importing_people import People
from bot.services.importing_rules import take_overrides, take_parameters
from models.schemas.portfolio import Portfolio, ProgramRecord, ProjectRecord
from models.schemas.project import PlaceKind
from models.tables import Program, Project


@dataclass(frozen=True)
class Channels:
    """What is known of the channels a file names: their ids, and which of these are private."""

    ids: Mapping[str, str]
    private: Collection[str] = field(default_factory=frozenset)

    def columns(self, record: ProgramRecord | ProjectRecord) -> dict[str, Any]:
        """A place in a private channel is restricted, as if it had been set up there, or where its file says so."""
        name = record.channel
        channel = self.ids.get(name or "")
        return {
            "channel": channel,
            "channel_name": name.lstrip("#") if name else None,
            "visibility": "restricted" if channel in self.private else record.visibility,
        }


def take_programs(
    session: Session,
    portfolio: Portfolio,
    *,
    known: Mapping[str, int],
    people: People,
    channels: Channels,
    now: datetime,
) -> dict[str, int]:
    """Ids of all programs of the file, those that were there before included."""
    new = [record for record in portfolio.programs if record.id not in known]
    numbers = give_numbers(session, Program, "program", [record.id for record in new])
    rows = [
        Program(
            external_id=record.id,
            number=numbers[record.id],
            manager_id=people.ids[record.manager],
            sponsor_id=people.ids.get(record.sponsor or ""),
            tz=_program_zone(portfolio, record, people),
            created_at=now,
            extra=record.rest,
            **channels.columns(record),
            **record.model_dump(include={"name", "state", "horizon", "success_state", "target_on", "risk_matrix"}),
        )
        for record in new
    ]
    ids = _add(session, "program", new, rows, now)
    take_program_calendars(session, portfolio, new, ids)
    take_parameters(session, portfolio, new, ids, now=now)
    take_overrides(session, new, ids, people)
    _ensure_rules(session, "program", ids.values(), now)
    return {**known, **ids}


def take_projects(
    session: Session,
    portfolio: Portfolio,
    *,
    known: Mapping[str, int],
    programs: Mapping[str, int],
    people: People,
    channels: Channels,
    now: datetime,
) -> dict[str, int]:
    """Ids of all projects of the file. Their dates are their first baselines, unless the file knows older ones."""
    new = [record for record in portfolio.projects if record.id not in known]
    numbers = give_numbers(session, Project, "project", [record.id for record in new])
    same = {"name", "state", "critical", "weight", "start_on", "target_on", "completed_on"}
    same |= {"on_hold_since", "hold_reason", "hold_review_on"}
    rows = [
        Project(
            external_id=record.id,
            number=numbers[record.id],
            program_id=programs.get(record.program or ""),
            owner_id=people.ids[record.owner],
            backup_id=people.ids.get(record.backup or ""),
            baseline_on=record.baseline_on or record.target_on,
            created_at=now,
            extra=record.rest,
            **channels.columns(record),
            **record.model_dump(include=same),
        )
        for record in new
    ]
    ids = _add(session, "project", new, rows, now)
    _ensure_rules(session, "project", ids.values(), now)
    return {**known, **ids}


def _program_zone(portfolio: Portfolio, record: ProgramRecord, people: People) -> str:
    return portfolio.calendars[record.calendar].tz if record.calendar else people.zones[record.manager]


def _add(
    session: Session,
    kind: str,
    records: list[ProgramRecord] | list[ProjectRecord],
    rows: list[Program] | list[Project],
    now: datetime,
) -> dict[str, int]:
    session.add_all(rows)
    session.flush()
    ids = [row.id for row in rows]
    for row_id in ids:
        record_change(session, kind, row_id, at=now, actor_id=None, new=IMPORTED)
    return dict(zip((record.id for record in records), ids, strict=True))


def _ensure_rules(session: Session, kind: str, ids: Iterable[int], now: datetime) -> None:
    """After the calendars and parameters by which they are asked."""
    found = places.by_ids(session, **{f"{kind}_ids": ids}).values()
    schedule.ensure_rules(session, found, now=now)
    for place in found:
        if place.kind is PlaceKind.PROGRAM:
            watch.begin(session, place.id, now=now)
