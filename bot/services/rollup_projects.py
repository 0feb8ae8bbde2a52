"""What a rollup says of each project: one statement, however many there are and however long their past is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, String, and_, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.services.rollup_columns import POSTED, with_card
from bot.services.rollup_program import is_named, person, person_columns
from models.schemas.plan import UNACHIEVED, MilestoneStatus
from models.schemas.project import Place, PlaceKind, State
from models.tables import Absence, Disagreement, Milestone, Person, Project, StatusUpdate
from models.tables.unit import THIS_WORKSPACE, fetch

SHOWN = (State.ACTIVE, State.ON_HOLD, State.COMPLETED)

_PROJECT, _MILESTONE, _UPDATE = (t.__table__ for t in (Project, Milestone, StatusUpdate))
_DISAGREEMENT, _ABSENCE = Disagreement.__table__, Absence.__table__
_OWNER, _AUTHOR = Person.__table__.alias("owner"), Person.__table__.alias("author")
_SAID, _PLAN, _DIFFERS = _UPDATE.alias("said"), _MILESTONE.alias("plan"), _DISAGREEMENT.alias("differs")
"""Of which one is chosen: the newest, the next, the one that is open."""

_MINE = and_(_SAID.c.workspace_id == THIS_WORKSPACE, _SAID.c.project_id == _PROJECT.c.id)


def _last(column: Any, *conditions: Any) -> Any:
    """Of the project's newest update of these: read from the end of an index, however long its past is."""
    newest = (_SAID.c.posted_at.desc(), _SAID.c.id.desc())
    return select(column).where(_MINE, *conditions).order_by(*newest).limit(1).scalar_subquery()


def _until(name: str) -> Any:
    return _SAID.c.posted_at <= bindparam(name, type_=_SAID.c.posted_at.type)


_CURRENT = _last(_SAID.c.id, _SAID.c.superseded_by_id.is_(None), _until("now"))
_MILESTONES = and_(_PLAN.c.workspace_id == THIS_WORKSPACE, _PLAN.c.project_id == _PROJECT.c.id)
_NEXT = select(_PLAN.c.id).where(_MILESTONES, _PLAN.c.status.in_(UNACHIEVED)).order_by(_PLAN.c.due_on, _PLAN.c.id)
_DONE = (
    select(_PLAN.c.id)
    .where(_MILESTONES, _PLAN.c.status == MilestoneStatus.ACHIEVED)
    .order_by(_PLAN.c.achieved_on.desc(), _PLAN.c.id.desc())
)
_TOLD_MILESTONE = case(
    (_PROJECT.c.state == State.COMPLETED, _DONE.limit(1).scalar_subquery()), else_=_NEXT.limit(1).scalar_subquery()
)
_COVERED = (
    select(func.max(_ABSENCE.c.end_on))
    .where(
        _ABSENCE.c.workspace_id == THIS_WORKSPACE,
        _ABSENCE.c.person_id == _PROJECT.c.owner_id,
        _ABSENCE.c.start_on <= bindparam("today"),
        _ABSENCE.c.end_on >= bindparam("today"),
        _ABSENCE.c.cancelled_at.is_(None),
        _ABSENCE.c.delegate_id.is_not(None),
    )
    .scalar_subquery()
)
_OPEN_DISAGREEMENT = (
    select(func.max(_DIFFERS.c.id))
    .where(
        _DIFFERS.c.workspace_id == THIS_WORKSPACE,
        _DIFFERS.c.project_id == _PROJECT.c.id,
        _DIFFERS.c.ended_at.is_(None),
    )
    .scalar_subquery()
)
_OF_PROJECT = ("id", "number", "name", "channel", "channel_name", "state", "visibility", "critical", "weight")
_DATES = ("target_on", "baseline_on", "hold_review_on", "completed_on", "created_at", "backup_id", "program_id")
_PROJECTS = (
    select(
        *(_PROJECT.c[name] for name in (*_OF_PROJECT, *_DATES)),
        *person_columns(_OWNER, "owner"),
        *(_UPDATE.c[name].label(f"update_{name}") for name in ("id", "posted_at", "summary", "asks", "health")),
        _AUTHOR.c.handle.label("author"),
        POSTED.c.channel.label("card_channel"),
        POSTED.c.ts.label("card_ts"),
        *(_MILESTONE.c[name].label(f"next_{name}") for name in ("title", "due_on", "achieved_on")),
        *(_DISAGREEMENT.c[name].label(f"seen_{name}") for name in ("computed", "shown_at", "kept_at")),
        _COVERED.label("covered_until"),
        _last(_SAID.c.health, _until("start")).label("health_from"),
        _last(_SAID.c.health, _until("end")).label("health_to"),
    )
    .select_from(
        with_card(
            _PROJECT.join(_OWNER, is_named(_OWNER, _PROJECT.c.owner_id))
            .outerjoin(_UPDATE, is_named(_UPDATE, _CURRENT))
            .outerjoin(_AUTHOR, is_named(_AUTHOR, _UPDATE.c.author_id))
            .outerjoin(_MILESTONE, is_named(_MILESTONE, _TOLD_MILESTONE))
            .outerjoin(_DISAGREEMENT, is_named(_DISAGREEMENT, _OPEN_DISAGREEMENT)),
            literal("status:", String()) + cast(_UPDATE.c.id, String()),
        )
    )
    .where(
        _PROJECT.c.workspace_id == THIS_WORKSPACE,
        _PROJECT.c.program_id.in_(bindparam("programs", expanding=True)),
        _PROJECT.c.state.in_(SHOWN),
    )
    .order_by(_PROJECT.c.name, _PROJECT.c.id)
)
OPEN_TO_ALL = or_(
    _PROJECT.c.id.is_(None), _PROJECT.c.visibility != "restricted", _PROJECT.c.channel == bindparam("here")
)
"""Of a project's records: what those who read this channel may see."""


def projects(
    session: Session, program_ids: Sequence[int], *, start: datetime, end: datetime, today: date, now: datetime
) -> Sequence[Row[Any]]:
    """All of them, restricted ones too. `health_from` and `health_to` are what was reported at the window's ends."""
    return fetch(session, _PROJECTS, programs=list(program_ids), start=start, end=end, today=today, now=now).all()


def place(row: Row[Any], program: Place, default_tz: str) -> Place:
    owner = person(row, "owner", default_tz)
    assert owner is not None
    return Place(
        kind=PlaceKind.PROJECT,
        id=row.id,
        number=row.number,
        name=row.name,
        channel=row.channel,
        channel_name=row.channel_name,
        program_id=program.id,
        program_name=program.name,
        tz=program.tz,
        state=State(row.state),
        restricted=row.visibility == "restricted",
        owner=owner,
        backup_id=row.backup_id,
        manager_id=program.manager_id,
        sponsor_id=program.sponsor_id,
        target_on=row.target_on,
        baseline_on=row.baseline_on,
        risk_matrix=program.risk_matrix,
        week=program.week,
    )
