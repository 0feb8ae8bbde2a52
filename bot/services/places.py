"""Projects and programs: which one a channel is, which ones a person may choose, who may see them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Executable, Row, and_, bindparam, or_, select, true
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.services import people, run_rules, work_weeks
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.tables import Program, Project
from models.tables.ready import Ready
from models.tables.unit import THIS_WORKSPACE, fetch, read_ahead, rows_of

_PROJECT, _PROGRAM = Project.__table__, Program.__table__
_OF_PROGRAM = ("name", "tz", "manager_id", "sponsor_id", "risk_matrix")
_BESIDES = (*work_weeks.COLUMNS, *run_rules.COLUMNS)
_PROJECTS = (
    select(_PROJECT, *(_PROGRAM.c[name].label(f"program_{name}") for name in _OF_PROGRAM), *_BESIDES)
    .outerjoin(_PROGRAM, and_(_PROGRAM.c.id == _PROJECT.c.program_id, _PROGRAM.c.workspace_id == THIS_WORKSPACE))
    .outerjoin(work_weeks.CALENDAR, work_weeks.of_program(_PROJECT.c.program_id))
    .outerjoin(run_rules.VERSIONS, run_rules.of_program(_PROJECT.c.program_id))
    .where(_PROJECT.c.workspace_id == THIS_WORKSPACE)
)
_PROJECTS_BY_ID = Ready(_PROJECTS.where(_PROJECT.c.id.in_(bindparam("ids", expanding=True))))
_PROJECT_OF_CHANNEL = Ready(_PROJECTS.where(_PROJECT.c.channel == bindparam("channel")))
_PROGRAMS = (
    select(_PROGRAM, *_BESIDES)
    .outerjoin(work_weeks.CALENDAR, work_weeks.of_program(_PROGRAM.c.id))
    .outerjoin(run_rules.VERSIONS, run_rules.of_program(_PROGRAM.c.id))
    .where(_PROGRAM.c.workspace_id == THIS_WORKSPACE)
)
_PROGRAMS_BY_ID = Ready(_PROGRAMS.where(_PROGRAM.c.id.in_(bindparam("ids", expanding=True))))
_PROGRAM_OF_CHANNEL = Ready(_PROGRAMS.where(_PROGRAM.c.channel == bindparam("channel")))

DEFAULT_MATRIX = "npsa"
"""Of projects that belong to no program."""

MOST_CHOICES = 100
"""Options that one Slack select holds."""


def of_channel(session: Session, channel: str | None) -> Place | None:
    """The project or program that was set up in this channel."""
    if channel is None:
        return None
    projects = _projects(session, _PROJECT_OF_CHANNEL, channel=channel)
    if projects:
        return projects[0]
    programs = _programs(session, _PROGRAM_OF_CHANNEL, channel=channel)
    return programs[0] if programs else None


def by_ref(session: Session, ref: str) -> Place | None:
    """'project:12' or 'program:3', as forms and buttons carry it."""
    kind, _, number = ref.partition(":")
    place_id = row_id(number)
    if place_id is None:
        return None
    if kind == PlaceKind.PROJECT:
        return by_ids(session, project_ids=[place_id]).get(ref)
    return by_ids(session, program_ids=[place_id]).get(ref) if kind == PlaceKind.PROGRAM else None


def ask_soon(session: Session, ref: str) -> None:
    """As the first act of a unit, where `by_ref` follows for the same."""
    kind, _, number = ref.partition(":")
    place_id = row_id(number)
    by_id = {PlaceKind.PROJECT.value: _PROJECTS_BY_ID, PlaceKind.PROGRAM.value: _PROGRAMS_BY_ID}.get(kind)
    if place_id is not None and by_id is not None:
        read_ahead(session, by_id, ids=[place_id])


def get(session: Session, ref: str) -> Place:
    place = by_ref(session, ref)
    if place is None:
        raise NotFound("this project")
    return place


def by_ids(session: Session, *, project_ids: Iterable[int] = (), program_ids: Iterable[int] = ()) -> dict[str, Place]:
    """Places by their reference."""
    project_ids, program_ids = list(project_ids), list(program_ids)
    found: list[Place] = []
    if project_ids:
        found += _projects(session, _PROJECTS_BY_ID, ids=project_ids)
    if program_ids:
        found += _programs(session, _PROGRAMS_BY_ID, ids=program_ids)
    return {place.ref: place for place in found}


class Placed(Protocol):
    """A row that belongs to a project, or to a program as a whole."""

    project_id: Any
    program_id: Any


def ref_of(row: Placed) -> str:
    return f"project:{row.project_id}" if row.project_id is not None else f"program:{row.program_id}"


def of_rows(session: Session, rows: Sequence[Placed]) -> dict[str, Place]:
    """The places of these records, by reference."""
    return by_ids(
        session,
        project_ids={row.project_id for row in rows if row.project_id is not None},
        program_ids={row.program_id for row in rows if row.project_id is None and row.program_id is not None},
    )


def may_see(place: Place, person_id: int | None, channel: str | None) -> bool:
    """A restricted place shows itself in its own channel and to those who answer for it."""
    in_its_channel = place.channel is not None and place.channel == channel
    return not place.restricted or in_its_channel or person_id in place.people


def may_choose(session: Session, person: PersonCard | None, channel: str | None) -> list[Place]:
    """The open places a person may log to, their own first, all projects before whole programs.

    One more than a select holds, if there are so many: then the form asks for them as one types.
    """
    here = of_channel(session, channel)
    around = [] if here is None else _around(session, here, person, channel)
    if around:
        return around
    mine = _chosen(session, person, channel, _answers_for(_PROJECT), _answers_for(_PROGRAM))
    return mine or _chosen(session, person, channel, true(), true())


def programs(session: Session) -> list[Place]:
    """Those that everybody may see; one more than a select holds, if there are so many."""
    open_ones = _PROGRAMS.where(_PROGRAM.c.state.in_(OPEN), _PROGRAM.c.visibility != "restricted")
    return _programs(session, open_ones.order_by(_PROGRAM.c.name).limit(MOST_CHOICES + 1))


def projects_of_program(session: Session, program_id: int) -> list[Place]:
    """All projects of a program, ended ones too."""
    return _projects(session, _PROJECTS.where(_PROJECT.c.program_id == program_id).order_by(_PROJECT.c.name))


OPEN = (State.PROPOSED, State.ACTIVE, State.ON_HOLD)


def _around(session: Session, here: Place, person: PersonCard | None, channel: str | None) -> list[Place]:
    """What a channel is about: a project's program with all its projects, or the project alone."""
    if here.program_id is None:
        is_here: Any = _PROJECT.c.id == here.id
        return _chosen(session, person, channel, is_here, None)
    of_program, program = _PROJECT.c.program_id == here.program_id, _PROGRAM.c.id == here.program_id
    return _chosen(session, person, channel, of_program, program)


def _chosen(
    session: Session, person: PersonCard | None, channel: str | None, which_projects: Any, which_programs: Any
) -> list[Place]:
    """Open and visible ones of these, by name, as many as tell whether they fit a select. None: no program."""
    values = {"most": MOST_CHOICES + 1, "person": person.id if person else 0, "channel": channel or ""}
    wanted = _PROJECTS.where(_PROJECT.c.state.in_(OPEN), _seen(_PROJECT), which_projects)
    found = _projects(session, wanted.order_by(_PROJECT.c.name).limit(bindparam("most")), **values)
    if which_programs is None:
        return found
    wanted = _PROGRAMS.where(_PROGRAM.c.state.in_(OPEN), _seen(_PROGRAM), which_programs)
    found += _programs(session, wanted.order_by(_PROGRAM.c.name).limit(bindparam("most")), **values)
    return found[: MOST_CHOICES + 1]


def _answers_for(table: Any) -> Any:
    """`:person` is among `Place.people`."""
    own = ("owner_id", "backup_id") if table is _PROJECT else ()
    holders = [*(table.c[name] for name in own), _PROGRAM.c.manager_id, _PROGRAM.c.sponsor_id]
    return or_(*(column == bindparam("person") for column in holders))


def _seen(table: Any) -> Any:
    """`may_see` as a condition."""
    return or_(table.c.visibility != "restricted", table.c.channel == bindparam("channel"), _answers_for(table))


def _rows(session: Session, statement: Executable | Ready, values: Mapping[str, Any]) -> Sequence[Any]:
    if isinstance(statement, Ready):
        return rows_of(session, statement, **values)
    return fetch(session, statement, **values).all()


def _projects(session: Session, statement: Executable | Ready, **values: Any) -> list[Place]:
    rows = _rows(session, statement, values)
    owners = people.cards(session, (row.owner_id for row in rows))
    return [_project(session, row, owners[row.owner_id]) for row in rows]


def _project(session: Session, row: Row[Any], owner: PersonCard) -> Place:
    return Place(
        kind=PlaceKind.PROJECT,
        id=row.id,
        number=row.number,
        name=row.name,
        channel=row.channel,
        channel_name=row.channel_name,
        program_id=row.program_id,
        program_name=row.program_name,
        tz=row.program_tz or owner.tz,
        state=State(row.state),
        restricted=row.visibility == "restricted",
        owner=owner,
        backup_id=row.backup_id,
        manager_id=row.program_manager_id,
        sponsor_id=row.program_sponsor_id,
        target_on=row.target_on,
        baseline_on=row.baseline_on,
        on_hold_since=row.on_hold_since,
        completed_on=row.completed_on,
        risk_matrix=row.program_risk_matrix or DEFAULT_MATRIX,
        week=work_weeks.read(row),
        **run_rules.read(session, row),
    )


def _programs(session: Session, statement: Executable | Ready, **values: Any) -> list[Place]:
    rows = _rows(session, statement, values)
    managers = people.cards(session, (row.manager_id for row in rows))
    return [program(row, managers[row.manager_id], **run_rules.read(session, row)) for row in rows]


def program(row: Row[Any], manager: PersonCard, **rules: Any) -> Place:
    """Of a row with the columns of a program and its calendar."""
    return Place(
        kind=PlaceKind.PROGRAM,
        id=row.id,
        number=row.number,
        name=row.name,
        channel=row.channel,
        channel_name=row.channel_name,
        program_id=row.id,
        program_name=row.name,
        tz=row.tz,
        state=State(row.state),
        restricted=row.visibility == "restricted",
        owner=manager,
        manager_id=row.manager_id,
        sponsor_id=row.sponsor_id,
        target_on=row.target_on,
        risk_matrix=row.risk_matrix,
        week=work_weeks.read(row),
        **rules,
    )
