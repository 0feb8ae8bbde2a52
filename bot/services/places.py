"""Projects and programs: which one a channel is, which ones a person may choose, who may see them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.services import people
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.tables import Program, Project

MOST_CHOICES = 100
"""Options that one Slack select holds."""


def of_channel(session: Session, channel: str | None) -> Place | None:
    """The project or program that was set up in this channel."""
    if channel is None:
        return None
    projects = _projects(session, session.scalars(select(Project).where(Project.channel == channel)).all())
    if projects:
        return projects[0]
    programs = _programs(session, session.scalars(select(Program).where(Program.channel == channel)).all())
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
        found += _projects(session, session.scalars(select(Project).where(Project.id.in_(project_ids))).all())
    if program_ids:
        found += _programs(session, session.scalars(select(Program).where(Program.id.in_(program_ids))).all())
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
    return not place.restricted or place.channel == channel or person_id in place.people


def may_choose(session: Session, person: PersonCard | None, channel: str | None) -> list[Place]:
    """The open places a person may log to, their own first, all projects before whole programs."""
    person_id = person.id if person else None
    projects = _projects(
        session, session.scalars(select(Project).where(Project.state.in_(_OPEN)).order_by(Project.name)).all()
    )
    programs = _programs(
        session, session.scalars(select(Program).where(Program.state.in_(_OPEN)).order_by(Program.name)).all()
    )
    here = of_channel(session, channel)
    near = [place for place in _around(here, projects, programs) if may_see(place, person_id, channel)]
    if not near:
        near = [place for place in projects + programs if may_see(place, person_id, channel)]
        mine = [place for place in near if person_id in place.people]
        near = mine or near
    return near[:MOST_CHOICES]


def programs(session: Session) -> list[Place]:
    statement = select(Program).where(Program.state.in_(_OPEN)).order_by(Program.name).limit(MOST_CHOICES)
    return _programs(session, session.scalars(statement).all())


def projects_of_person(session: Session, person_id: int) -> list[Place]:
    """The open projects a person owns or backs up."""
    statement = select(Project).where(
        (Project.owner_id == person_id) | (Project.backup_id == person_id), Project.state.in_(_OPEN)
    )
    return _projects(session, session.scalars(statement.order_by(Project.name)).all())


def programs_of_person(session: Session, person_id: int) -> list[Place]:
    statement = select(Program).where(
        (Program.manager_id == person_id) | (Program.sponsor_id == person_id), Program.state.in_(_OPEN)
    )
    return _programs(session, session.scalars(statement.order_by(Program.name)).all())


def projects_of_program(session: Session, program_id: int) -> list[Place]:
    """All projects of a program, ended ones too."""
    statement = select(Project).where(Project.program_id == program_id).order_by(Project.name)
    return _projects(session, session.scalars(statement).all())


_OPEN = (State.PROPOSED, State.ACTIVE, State.ON_HOLD)


def _around(here: Place | None, projects: list[Place], programs: list[Place]) -> list[Place]:
    """What a channel is about: a project's program with all its projects, or nothing."""
    program_id = None if here is None else here.id if here.kind is PlaceKind.PROGRAM else here.program_id
    if here is None:
        return []
    if program_id is None:
        return [here]
    return [p for p in projects if p.program_id == program_id] + [p for p in programs if p.id == program_id]


def _projects(session: Session, rows: Sequence[Project]) -> list[Place]:
    program_ids = {row.program_id for row in rows if row.program_id is not None}
    programs = {p.id: p for p in session.scalars(select(Program).where(Program.id.in_(program_ids)))} if rows else {}
    owners = people.cards(session, (row.owner_id for row in rows))
    return [_project(row, programs.get(row.program_id or 0), owners[row.owner_id]) for row in rows]


def _project(row: Project, program: Program | None, owner: PersonCard) -> Place:
    return Place(
        kind=PlaceKind.PROJECT,
        id=row.id,
        number=row.number,
        name=row.name,
        channel=row.channel,
        channel_name=row.channel_name,
        program_id=row.program_id,
        program_name=program.name if program else None,
        tz=program.tz if program else owner.tz,
        state=State(row.state),
        restricted=row.visibility == "restricted",
        owner=owner,
        backup_id=row.backup_id,
        manager_id=program.manager_id if program else None,
        sponsor_id=program.sponsor_id if program else None,
        target_on=row.target_on,
        baseline_on=row.baseline_on,
    )


def _programs(session: Session, rows: Sequence[Program]) -> list[Place]:
    managers = people.cards(session, (row.manager_id for row in rows))
    return [
        Place(
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
            owner=managers[row.manager_id],
            manager_id=row.manager_id,
            sponsor_id=row.sponsor_id,
            target_on=row.target_on,
        )
        for row in rows
    ]
