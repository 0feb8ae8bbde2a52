"""What all tables share: UTC instants, JSON, and the workspace that every row belongs to."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Stores UTC and gives back aware datetimes, also on databases without time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else cast(datetime, value).replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own attribute
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }

    id: Mapped[int] = mapped_column(primary_key=True)


class Owned(Base):
    """A row of one workspace. Its foreign keys hold the workspace too: the database refuses a cross-link."""

    __abstract__ = True

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))


def link(column: str, table: str) -> ForeignKeyConstraint:
    """`column` names a row of `table` in the same workspace."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def unique(*columns: str) -> UniqueConstraint:
    """`columns` are unique within the workspace."""
    return UniqueConstraint("workspace_id", *columns)


def constraints(*items: SchemaItem) -> tuple[SchemaItem, ...]:
    """Table arguments of an owned table; (workspace, id) is unique so that links can point to it, and its index."""
    return (unique("id"), *items)
