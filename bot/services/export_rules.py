"""How exported programs are run, and their health as it was set by hand last."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import parameters
from bot.services.export_values import filled
from models.schemas.parameters import DEFAULTS, Parameters
from models.tables import Absence, HealthOverride


class Rules:
    """Read once, for a whole file."""

    def __init__(self, session: Session, program_ids: Iterable[int]) -> None:
        self._session = session
        ids = list(program_ids)
        self._parameters = parameters.of_programs(session, ids)
        rows = session.scalars(select(HealthOverride).order_by(HealthOverride.set_at, HealthOverride.id))
        self._overrides = {row.program_id: row for row in rows}

    def of_program(self, program_id: int) -> dict[str, Any]:
        told = self._parameters.get(program_id, DEFAULTS)
        rollup = told.health.rollup
        return {"rollup": rollup, "parameters": _beyond(told, rollup)}

    def override(self, program_id: int) -> HealthOverride | None:
        return self._overrides.get(program_id)

    def absences(self, person_ids: Iterable[int]) -> dict[int, list[Absence]]:
        statement = select(Absence).where(Absence.person_id.in_(list(person_ids)), Absence.cancelled_at.is_(None))
        found: dict[int, list[Absence]] = {}
        for row in self._session.scalars(statement.order_by(Absence.start_on, Absence.id)):
            found.setdefault(row.person_id, []).append(row)
        return found


def _beyond(told: Parameters, rollup: str) -> dict[str, Any] | None:
    """Where they say something else than our defaults; how health is rolled up stands by itself."""
    usual = DEFAULTS.model_copy(update={"health": DEFAULTS.health.model_copy(update={"rollup": rollup})})
    return None if told == usual else told.model_dump(mode="json")


def override_told(row: HealthOverride, by: str | None) -> dict[str, Any] | None:
    told = {name: getattr(row, name) for name in ("health", "reason", "set_at", "expires_at")}
    return filled({**told, "by": by}) if by else None
