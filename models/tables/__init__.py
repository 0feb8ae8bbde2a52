"""Every table, imported here so that `Base.metadata` is complete."""

from models.tables.assumption import Assumption
from models.tables.base import Base, Owned
from models.tables.decision import Decision, DecisionContributor
from models.tables.delivery import HandledDelivery, Outbox, PostedMessage
from models.tables.history import History
from models.tables.issue import Issue
from models.tables.project import Program, Project
from models.tables.risk import Risk
from models.tables.schedule import Occurrence, ScheduleRule
from models.tables.status import StatusReading, StatusUpdate
from models.tables.workspace import Counter, Person, Workspace

__all__ = [
    "Assumption",
    "Base",
    "Counter",
    "Decision",
    "DecisionContributor",
    "HandledDelivery",
    "History",
    "Issue",
    "Occurrence",
    "Outbox",
    "Owned",
    "Person",
    "PostedMessage",
    "Program",
    "Project",
    "Risk",
    "ScheduleRule",
    "StatusReading",
    "StatusUpdate",
    "Workspace",
]
