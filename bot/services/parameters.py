"""The operating parameters of programs: versions that are never changed, the newest counts."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.services.history import record_change
from models.schemas.parameters import DEFAULTS, Parameters
from models.tables import OperatingParameters
from models.tables.unit import add_row

ALWAYS = datetime.min.replace(tzinfo=UTC)


def of_programs(
    session: Session, program_ids: Iterable[int | None], *, at: datetime | None = None
) -> dict[int | None, Parameters]:
    """Of each of these programs, and the defaults under None: what belongs to no program. `at` asks for what counted
    then; what an import brought counted before it, too."""
    wanted = set(program_ids)
    found: dict[int | None, Parameters] = dict.fromkeys({*wanted, None}, DEFAULTS)
    ids = [program for program in wanted if program is not None]
    if not ids:
        return found
    newest = select(OperatingParameters.program_id, func.max(OperatingParameters.version).label("version")).where(
        OperatingParameters.program_id.in_(ids)
    )
    if at is not None:
        brought = (OperatingParameters.version == 1) & OperatingParameters.set_by_id.is_(None)
        newest = newest.where((OperatingParameters.set_at <= at) | brought)
    last = newest.group_by(OperatingParameters.program_id, OperatingParameters.workspace_id).subquery()
    rows = select(OperatingParameters).join(
        last,
        (last.c.program_id == OperatingParameters.program_id) & (last.c.version == OperatingParameters.version),
    )
    return found | {row.program_id: Parameters.model_validate(row.values) for row in session.scalars(rows)}


def versions_of(session: Session, program_ids: Iterable[int]) -> dict[int, list[tuple[datetime, Parameters]]]:
    """All that ever counted for these programs, oldest first, since when. What an import brought counted before it."""
    rows = session.scalars(
        select(OperatingParameters)
        .where(OperatingParameters.program_id.in_(list(program_ids)))
        .order_by(OperatingParameters.program_id, OperatingParameters.version)
    )
    found: dict[int, list[tuple[datetime, Parameters]]] = {}
    for row in rows:
        brought = row.version == 1 and row.set_by_id is None
        since = ALWAYS if brought else row.set_at
        found.setdefault(row.program_id, []).append((since, Parameters.model_validate(row.values)))
    return found


def counted_at(versions: Iterable[tuple[datetime, Parameters]], moment: datetime) -> Parameters:
    """Of one program: by which something that began then is measured."""
    return next((kept for since, kept in reversed(list(versions)) if since <= moment), DEFAULTS)


def of_program(session: Session, program_id: int | None) -> Parameters:
    return of_programs(session, [program_id])[program_id]


def set_parameters(
    session: Session,
    program_id: int,
    parameters: Parameters,
    *,
    by_id: int | None,
    reason: str | None,
    now: datetime,
) -> int:
    """A new version, which counts for what begins from now on. Returns its number; the same values make none."""
    before = of_program(session, program_id)
    last = session.scalar(
        select(func.max(OperatingParameters.version)).where(OperatingParameters.program_id == program_id)
    )
    if parameters == before and last is not None:
        return last
    version = (last or 0) + 1
    values = parameters.model_dump(mode="json")
    add_row(
        session,
        OperatingParameters,
        program_id=program_id,
        version=version,
        set_at=now,
        set_by_id=by_id,
        reason=reason,
        values=values,
    )
    for part, old in before.model_dump(mode="json").items():
        for name, value in values[part].items():
            if old[name] != value:
                record_change(
                    session,
                    "program",
                    program_id,
                    at=now,
                    actor_id=by_id,
                    field=f"parameters.{part}.{name}",
                    old=old[name],
                    new=value,
                    reason=reason,
                )
    return version
