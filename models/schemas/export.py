"""The register on its way out: what somebody asked for, and what one record is exported as."""

from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, Field

from models.schemas.schema import Schema


class ExportKind(StrEnum):
    RISKS = "risks"
    DECISIONS = "decisions"
    ISSUES = "issues"
    ASSUMPTIONS = "assumptions"
    STATUS = "status"

    @property
    def section(self) -> str:
        """Its list in a portfolio file."""
        return "status_updates" if self is ExportKind.STATUS else self.value

    def counted(self, rows: int) -> str:
        if self is ExportKind.STATUS:
            return f"{rows:,} status update{'' if rows == 1 else 's'}"
        return f"{rows:,} {self.value.removesuffix('s') if rows == 1 else self.value}"


class ExportOrder(Schema):
    """What to export and from where it was asked. Who may see what is decided when it is sent, not when it is asked."""

    model_config = ConfigDict(frozen=True)

    kinds: list[ExportKind] = Field(min_length=1)
    place: str | None = None
    """Reference of a project or program, None for the whole register."""
    channel: str | None = None
    is_stranger: bool = False


class ExportedRecord(Schema):
    """One record: as a portfolio file holds it, what that format has no place for, and what a table shows."""

    model_config = ConfigDict(frozen=True)

    ref: str
    """'R-12', as people say it."""
    record: dict[str, Any]
    more: dict[str, Any]
    """Every other field, and its history."""
    is_taken: bool = True
    """False: an import would not take it (a corrected status update, one of a program)."""
    project: str = ""
    program: str = ""
