"""Figures that are worse than what an owner said, as the owner is shown them."""

from datetime import datetime

from pydantic import ConfigDict

from models.schemas.figures import ProjectFigures
from models.schemas.schema import Schema
from models.schemas.status import Health


class Difference(Schema):
    model_config = ConfigDict(frozen=True)

    project_id: int
    name: str
    said: Health
    figures: ProjectFigures
    told_from: datetime | None
    """When everybody may read it; None before the owner was shown it."""
