"""A status as something that people owe: its owner to say it, a sponsor to read a Red one."""

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_

from bot.services import owed_facts, status
from bot.services.duties import Duty
from bot.services.home_lists import NOW, PROGRAM, PROJECT
from bot.services.owed_parts import last_status, open_disagreement
from bot.services.requests import WAIVING_STATES
from models.schemas.project import State
from models.schemas.schedule import OPEN_REQUEST, OccurrenceState
from models.schemas.status import Health
from models.tables import Occurrence, RollupReading, StatusReading, StatusUpdate
from models.tables.unit import THIS_WORKSPACE

_REQUEST, _UPDATE = Occurrence.__table__, StatusUpdate.__table__
_ITS_PROJECT = and_(PROJECT.c.id == _REQUEST.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)
ENDED = (State.COMPLETED, State.CANCELLED)
"""Of such a project nobody has to read the last Red any more."""
_OF_PROJECT = (PROJECT.c.id, PROJECT.c.number, PROJECT.c.name.label("title"))


def _is_last_word() -> ColumnElement[bool]:
    """No other status of the project was posted after it."""
    newer = _UPDATE.alias("newer")
    return ~exists().where(
        newer.c.workspace_id == THIS_WORKSPACE,
        newer.c.project_id == _UPDATE.c.project_id,
        newer.c.superseded_by_id.is_(None),
        or_(
            newer.c.posted_at > _UPDATE.c.posted_at,
            and_(newer.c.posted_at == _UPDATE.c.posted_at, newer.c.id > _UPDATE.c.id),
        ),
    )


def _sponsor_has_read() -> ColumnElement[bool]:
    """The status itself, or a rollup that was posted after it."""
    reading, rollup, of_rollup = StatusReading.__table__, RollupReading.__table__, Occurrence.__table__.alias("rollup")
    itself = exists().where(
        reading.c.workspace_id == THIS_WORKSPACE,
        reading.c.update_id == _UPDATE.c.id,
        reading.c.person_id == PROGRAM.c.sponsor_id,
    )
    later = exists().where(
        rollup.c.workspace_id == THIS_WORKSPACE,
        of_rollup.c.workspace_id == THIS_WORKSPACE,
        of_rollup.c.id == rollup.c.occurrence_id,
        rollup.c.person_id == PROGRAM.c.sponsor_id,
        of_rollup.c.program_id == PROGRAM.c.id,
        of_rollup.c.open_at >= _UPDATE.c.posted_at,
    )
    return or_(itself, later)


_STATUS_HEALTH, _STATUS_AT = last_status(_REQUEST.c.project_id)
_RED_PROJECT = func.coalesce(_STATUS_HEALTH, "") == Health.RED

_DISAGREES = open_disagreement(_REQUEST.c.project_id)

STATUS = Duty(
    "P",
    [
        *_OF_PROJECT,
        *(_REQUEST.c[name] for name in ("open_at", "due_at", "close_at")),
        _STATUS_HEALTH.label("health"),
        _STATUS_AT.label("health_at"),
        _DISAGREES.label("figures"),
    ],
    _REQUEST.join(PROJECT, _ITS_PROJECT),
    [
        _REQUEST.c.workspace_id == THIS_WORKSPACE,
        _REQUEST.c.state.in_(OPEN_REQUEST),
        PROJECT.c.state.not_in(WAIVING_STATES),
    ],
    whose=_REQUEST.c.person_id,
    project=_REQUEST.c.project_id,
    program=PROJECT.c.program_id,
    due=_REQUEST.c.due_at,
    overdue=or_(_REQUEST.c.state == OccurrenceState.OVERDUE, _REQUEST.c.due_at <= NOW),
    urgent=_RED_PROJECT,
    key=_REQUEST.c.id,
    facts=owed_facts.status,
)

READ_STATUS = Duty(
    "P",
    [_UPDATE.c.id, PROJECT.c.id.label("number"), PROJECT.c.name.label("title"), _UPDATE.c.posted_at],
    _UPDATE.join(PROJECT, and_(PROJECT.c.id == _UPDATE.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)).join(
        PROGRAM, and_(PROGRAM.c.id == PROJECT.c.program_id, PROGRAM.c.workspace_id == THIS_WORKSPACE)
    ),
    [
        _UPDATE.c.workspace_id == THIS_WORKSPACE,
        _UPDATE.c.superseded_by_id.is_(None),
        _UPDATE.c.health == Health.RED,
        _UPDATE.c.author_id != PROGRAM.c.sponsor_id,
        PROJECT.c.state.not_in(ENDED),
        _is_last_word(),
        ~_sponsor_has_read(),
    ],
    whose=PROGRAM.c.sponsor_id,
    project=_UPDATE.c.project_id,
    program=PROJECT.c.program_id,
    begins=[_UPDATE.c.posted_at < bindparam("unread_before")],
    due=_UPDATE.c.posted_at,
    urgent=_UPDATE.c.health == Health.RED,
    key=_UPDATE.c.id,
    facts=owed_facts.read_status,
    card_key=status.card_key,
)
