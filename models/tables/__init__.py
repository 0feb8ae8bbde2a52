"""Every table, imported here so that `Base.metadata` is complete."""

from models.tables.asking import Ask, Desk
from models.tables.assumption import Assumption
from models.tables.base import Base, Owned
from models.tables.budget import Allocation, Budget, BudgetWeek
from models.tables.calendar import Absence, Calendar, DoNotDisturb
from models.tables.checkin import Blocker, Checkin, CheckinAnswer, CheckinMember, CheckinRound
from models.tables.decision import Decision, DecisionContributor
from models.tables.delivery import HandledDelivery, Outbox, Pace, PostedMessage, StoppedTarget
from models.tables.dependency import Dependency
from models.tables.escalation import Escalation, Watch
from models.tables.finding import Finding
from models.tables.history import History
from models.tables.installation import Installation, InstallState
from models.tables.issue import Issue
from models.tables.milestone import Iteration, Milestone, MilestoneLink
from models.tables.parameters import Disagreement, HealthOverride, OperatingParameters
from models.tables.project import Program, Project
from models.tables.risk import Risk
from models.tables.schedule import Occurrence, RollupReading, ScheduleRule
from models.tables.stakeholder import Stakeholder
from models.tables.status import StatusReading, StatusUpdate
from models.tables.workspace import Counter, Person, Workspace

__all__ = [
    "Absence",
    "Allocation",
    "Ask",
    "Assumption",
    "Base",
    "Blocker",
    "Budget",
    "BudgetWeek",
    "Calendar",
    "Checkin",
    "CheckinAnswer",
    "CheckinMember",
    "CheckinRound",
    "Counter",
    "Decision",
    "DecisionContributor",
    "Dependency",
    "Desk",
    "Disagreement",
    "DoNotDisturb",
    "Escalation",
    "Finding",
    "HandledDelivery",
    "HealthOverride",
    "History",
    "InstallState",
    "Installation",
    "Issue",
    "Iteration",
    "Milestone",
    "MilestoneLink",
    "Occurrence",
    "OperatingParameters",
    "Outbox",
    "Owned",
    "Pace",
    "Person",
    "PostedMessage",
    "Program",
    "Project",
    "Risk",
    "RollupReading",
    "ScheduleRule",
    "Stakeholder",
    "StatusReading",
    "StatusUpdate",
    "StoppedTarget",
    "Watch",
    "Workspace",
]
