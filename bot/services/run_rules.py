"""How a program is run, as it is read together with its places: no statement of its own."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import Session

from models.schemas.parameters import Parameters
from models.tables import OperatingParameters
from models.tables.unit import THIS_WORKSPACE

VERSIONS = OperatingParameters.__table__
_OLDER = VERSIONS.alias("older_parameters")
COLUMNS = (
    VERSIONS.c.id.label("rules_id"),
    VERSIONS.c.set_at.label("rules_since"),
    VERSIONS.c["values"].label("rules_values"),
)


def of_program(program_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Joins the newest version of each row's program."""
    newest = (
        select(func.max(_OLDER.c.version))
        .where(_OLDER.c.workspace_id == THIS_WORKSPACE, _OLDER.c.program_id == program_id)
        .scalar_subquery()
    )
    return and_(
        VERSIONS.c.workspace_id == THIS_WORKSPACE, VERSIONS.c.program_id == program_id, VERSIONS.c.version == newest
    )


def read(session: Session, row: Row[Any] | Any) -> dict[str, Any]:
    """Of a place: its rules, and since when; a version is never changed, so each is understood once in a unit."""
    if row.rules_id is None:
        return {}
    known: dict[int, Parameters] = session.info.setdefault("rules", {})
    if row.rules_id not in known:
        known[row.rules_id] = Parameters.model_validate(row.rules_values)
    return {"rules": known[row.rules_id], "rules_since": row.rules_since}
