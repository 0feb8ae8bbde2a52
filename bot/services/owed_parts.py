"""Pieces that several kinds of duties are made of."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select

from models.tables import Disagreement, StatusUpdate
from models.tables.unit import THIS_WORKSPACE

_UPDATE, _DISAGREEMENT = StatusUpdate.__table__, Disagreement.__table__


def last_status(project_id: ColumnElement[Any]) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """Health and instant of a project's current update."""
    last = _UPDATE.alias("last_status")

    def of(column: str) -> ScalarSelect[Any]:
        statement = select(last.c[column]).where(
            last.c.workspace_id == THIS_WORKSPACE, last.c.project_id == project_id, last.c.superseded_by_id.is_(None)
        )
        return statement.order_by(last.c.posted_at.desc()).limit(1).correlate(project_id.table).scalar_subquery()

    return of("health"), of("posted_at")


def open_disagreement(project_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    """What the figures of a project say where they are worse than its owner's word."""
    open_one = _DISAGREEMENT.alias("open_disagreement")
    statement = select(open_one.c.computed).where(
        open_one.c.workspace_id == THIS_WORKSPACE,
        open_one.c.project_id == project_id,
        open_one.c.ended_at.is_(None),
    )
    return statement.order_by(open_one.c.id.desc()).limit(1).correlate(project_id.table).scalar_subquery()


def of_table(table: Any, *, whose: ColumnElement[Any] | None = None) -> dict[str, Any]:
    """A record that names its owner, its project and its program."""
    return {
        "whose": table.c.owner_id if whose is None else whose,
        "project": table.c.project_id,
        "program": table.c.program_id,
        "key": table.c.id,
    }
