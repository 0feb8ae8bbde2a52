"""The programs that somebody may look into as a whole: theirs to manage, sponsor or lead a project of."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing, roles
from bot.services import places
from models.schemas.project import Place, PlaceKind, State
from models.schemas.roles import Role
from models.tables import Program, Project

MOST = 25
LEADING = frozenset({Role.LEAD, Role.MANAGER, Role.SPONSOR, Role.ADMIN})


def here(session: Session, channel: str | None) -> Place | None:
    """The program of a channel: its own, or that of the project which the channel is."""
    place = places.of_channel(session, channel)
    if place is None or place.kind is PlaceKind.PROGRAM or place.program_id is None:
        return place if place is not None and place.kind is PlaceKind.PROGRAM else None
    return places.get(session, f"program:{place.program_id}")


def led(session: Session, by: Standing) -> list[Place]:
    """Running programs, by name. An admin's are all that they may see."""
    mine = by.person.id
    owned = select(Project.program_id).where(
        or_(Project.owner_id == mine, Project.backup_id == mine),
        Project.state.not_in((State.COMPLETED, State.CANCELLED)),
    )
    wanted = select(Program.id).where(Program.state.not_in((State.COMPLETED, State.CANCELLED)))
    if not by.is_admin:
        wanted = wanted.where(or_(Program.manager_id == mine, Program.sponsor_id == mine, Program.id.in_(owned)))
    found = places.by_ids(session, program_ids=session.scalars(wanted.order_by(Program.name).limit(MOST)))
    return sorted((place for place in found.values() if leads(session, place, by)), key=lambda place: place.name)


def running(session: Session) -> list[Place]:
    """All of them, by name: for who runs the installation."""
    wanted = select(Program.id).where(Program.state.not_in((State.COMPLETED, State.CANCELLED)))
    found = places.by_ids(session, program_ids=session.scalars(wanted))
    return sorted(found.values(), key=lambda place: place.name)


def by_external_id(session: Session, name: str) -> list[Place]:
    """As an import called it."""
    wanted = session.scalars(select(Program.id).where(Program.external_id == name))
    return list(places.by_ids(session, program_ids=wanted).values())


def leads(session: Session, program: Place, by: Standing) -> bool:
    """Manages or sponsors it, owns or backs up a project of it, or is an admin who may see it."""
    if roles(by, program) & LEADING:
        return True
    if by.is_stranger or by.person.is_guest:
        return False
    owned = select(Project.id).where(
        Project.program_id == program.id,
        or_(Project.owner_id == by.person.id, Project.backup_id == by.person.id),
        Project.state.not_in((State.COMPLETED, State.CANCELLED)),
    )
    return session.scalar(owned.limit(1)) is not None
