"""The words of a plan: milestones, dependencies, budgets, and the health that follows from them."""

from enum import StrEnum


class MilestoneStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    ACHIEVED = "achieved"
    MISSED = "missed"
    CANCELLED = "cancelled"


class DependencyState(StrEnum):
    PROPOSED = "proposed"
    COMMITTED = "committed"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NO_WORK = "no_work"
    CANCELLED = "cancelled"


class DependencyHealth(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    BLOCKED = "blocked"
    UNSCHEDULED = "unscheduled"
    CLOSED = "closed"


class EvMethod(StrEnum):
    """How the earned value of a project is measured."""

    PERCENT_COMPLETE = "percent_complete"
    WEIGHTED_MILESTONES = "weighted_milestones"
    ALL_OR_NOTHING = "0_100"
    HALF_AND_HALF = "50_50"
    LEVEL_OF_EFFORT = "level_of_effort"


class RollupMethod(StrEnum):
    """How the health of a program follows from those of its projects."""

    WORST_OF = "worst_of"
    WEIGHTED = "weighted"
    COUNTED = "counted"


AHEAD = (MilestoneStatus.PLANNED, MilestoneStatus.IN_PROGRESS)
"""What the network of milestones is made of."""

UNACHIEVED = (*AHEAD, MilestoneStatus.MISSED)
"""What is overdue once its date has passed."""

OPEN_DEPENDENCY = (
    DependencyState.PROPOSED,
    DependencyState.COMMITTED,
    DependencyState.IN_PROGRESS,
    DependencyState.BLOCKED,
)
