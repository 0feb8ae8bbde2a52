"""Milestones, findings and check-ins as things that people owe."""

from sqlalchemy import and_, func, select

from bot.services import owed_facts
from bot.services.duties import Duty
from bot.services.home_lists import NOW, PROJECT, TODAY, columns
from bot.services.owed_parts import last_status, of_table
from models.schemas.finding import WITH_OWNER
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED
from models.schemas.project import State
from models.schemas.status import Health
from models.tables import Checkin, CheckinAnswer, Dependency, Finding, Milestone, Project
from models.tables.unit import THIS_WORKSPACE

_MILESTONE, _FINDING = Milestone.__table__, Finding.__table__
_ANSWER, _CHECKIN = CheckinAnswer.__table__, Checkin.__table__
_ITS_PROJECT = and_(PROJECT.c.id == _MILESTONE.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)
_HEALTH, _ = last_status(_MILESTONE.c.project_id)

_DEPENDENCY, _CONSUMER = Dependency.__table__, Project.__table__.alias("consumer")
_waits = (
    select(_CONSUMER.c.name)
    .select_from(
        _DEPENDENCY.join(
            _CONSUMER,
            and_(_CONSUMER.c.id == _DEPENDENCY.c.get_project_id, _CONSUMER.c.workspace_id == THIS_WORKSPACE),
        )
    )
    .where(
        _DEPENDENCY.c.workspace_id == THIS_WORKSPACE,
        _DEPENDENCY.c.provider_milestone_id == _MILESTONE.c.id,
        _DEPENDENCY.c.state.in_(OPEN_DEPENDENCY),
    )
    .order_by(_DEPENDENCY.c.needed_by, _DEPENDENCY.c.id)
    .limit(1)
    .correlate(_MILESTONE)
    .scalar_subquery()
)
"""The project that needs it first."""

MILESTONE = Duty(
    "M",
    [
        *columns(_MILESTONE, "due_on"),
        PROJECT.c.name.label("project_name"),
        PROJECT.c.owner_id.label("project_owner_id"),
        _waits.label("waits"),
    ],
    _MILESTONE.join(PROJECT, _ITS_PROJECT),
    [
        _MILESTONE.c.workspace_id == THIS_WORKSPACE,
        _MILESTONE.c.status.in_(UNACHIEVED),
        PROJECT.c.state == State.ACTIVE,
    ],
    whose=_MILESTONE.c.owner_id,
    project=_MILESTONE.c.project_id,
    program=PROJECT.c.program_id,
    key=_MILESTONE.c.id,
    begins=[_MILESTONE.c.due_on <= TODAY],
    due=_MILESTONE.c.due_on,
    overdue=_MILESTONE.c.due_on < TODAY,
    urgent=func.coalesce(_HEALTH, "") == Health.RED,
    facts=owed_facts.milestone,
)

FINDING = Duty(
    "AF",
    columns(_FINDING, "due_on", "severity"),
    _FINDING,
    [_FINDING.c.workspace_id == THIS_WORKSPACE, _FINDING.c.status.in_(WITH_OWNER)],
    **of_table(_FINDING),
    begins=[_FINDING.c.due_on <= TODAY],
    due=_FINDING.c.due_on,
    overdue=_FINDING.c.due_on < TODAY,
    facts=owed_facts.finding,
)

CHECK_IN = Duty(
    "CI",
    [
        _ANSWER.c.id,
        _CHECKIN.c.id.label("number"),
        _CHECKIN.c.name.label("title"),
        _ANSWER.c.ask_at,
        _ANSWER.c.close_at,
        _CHECKIN.c.questions,
    ],
    _ANSWER.join(_CHECKIN, and_(_CHECKIN.c.id == _ANSWER.c.checkin_id, _CHECKIN.c.workspace_id == THIS_WORKSPACE)),
    [_ANSWER.c.workspace_id == THIS_WORKSPACE, _ANSWER.c.state == "sent", _ANSWER.c.close_at > NOW],
    whose=_ANSWER.c.person_id,
    project=_CHECKIN.c.project_id,
    program=_CHECKIN.c.program_id,
    key=_ANSWER.c.id,
    due=_ANSWER.c.close_at,
    facts=owed_facts.check_in,
)
