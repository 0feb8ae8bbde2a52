"""What the data say of programs and their projects, beside what people say (domain 4.5, 4.7, 5.1, 5.4)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from models.schemas.figures import Figures


def of_programs(session: Session, program_ids: Collection[int], *, now: datetime) -> Figures:
    """Of these programs and all their projects, in a constant number of statements (five)."""
    raise NotImplementedError


def of_projects(session: Session, project_ids: Collection[int], *, now: datetime) -> Figures:
    """Of these projects, which may belong to no program; `programs` is empty."""
    raise NotImplementedError
