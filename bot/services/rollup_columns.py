"""The parts of one statement that reads records of several kinds, and how each of them fills its columns."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Date, FromClause, Integer, Select, String, and_, cast, literal, null, select

from models.tables import PostedMessage
from models.tables.base import UtcDateTime
from models.tables.unit import THIS_WORKSPACE

POSTED = PostedMessage.__table__

COLUMNS: Mapping[str, Any] = {
    "id": Integer(),
    "number": Integer(),
    "title": String(),
    "project_id": Integer(),
    "program_id": Integer(),
    "word": String(),
    "state": String(),
    "first": Integer(),
    "second": Integer(),
    "rank": Integer(),
    "on": Date(),
    "done_on": Date(),
    "at": UtcDateTime(),
    "done_at": UtcDateTime(),
    "old": JSON(),
    "new": JSON(),
    "person_id": Integer(),
    "slack_id": String(),
    "handle": String(),
    "tz": String(),
    "channel": String(),
    "ts": String(),
}
"""What a row of any part has; a part leaves the others empty. They have a type each: PostgreSQL wants to know."""


def part(name: str, source: FromClause, *conditions: Any, **columns: Any) -> Select[Any]:
    """One part of the union: its own columns under the common names."""
    filled = [columns.get(key, cast(null(), kind)).label(key) for key, kind in COLUMNS.items()]
    return select(literal(name, String()).label("part"), *filled).select_from(source).where(*conditions)


def with_card(source: FromClause, key: Any) -> FromClause:
    """Beside the message whose key is this, where it stands."""
    return source.outerjoin(POSTED, and_(POSTED.c.workspace_id == THIS_WORKSPACE, POSTED.c.key == key))


def card(start: str, column: Any) -> Any:
    """The key of a record's card."""
    return literal(start, String()) + cast(column, String())
