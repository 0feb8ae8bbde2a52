"""What the data say of projects and programs, beside what people say."""

from enum import StrEnum
from typing import NamedTuple

from models.schemas.status import Health


class Signal(NamedTuple):
    """Something that speaks against a project: 'spi', 'cpi' or 'milestone_slip', and how much."""

    name: str
    level: Health


class Check(StrEnum):
    """What is looked at in how a project keeps its records, in the order in which it is told."""

    OWNER_SET = "owner_set"
    STATUS_FRESH = "status_fresh"
    PATH_TO_GREEN = "path_to_green"
    RISK_OWNER_AND_REVIEW = "risk_owner_and_review"
    RISK_RESPONSE = "risk_response"
    MILESTONES_CURRENT = "milestones_current"
    DEPENDENCIES_COMMITTED = "dependencies_committed"
    ACTUALS_RECENT = "actuals_recent"
