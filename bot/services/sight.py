"""Which records a person may see, as a condition on a query: the same rule as `policy.roles`, for many at once."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import places
from models.schemas.project import Place, PlaceKind
from models.tables import Decision, DecisionContributor, Program, Project

HOLDERS = ("owner_id", "author_id", "driver_id", "approver_id")
"""Columns by which a record names people: those see it wherever it belongs."""


class Sight(NamedTuple):
    """What the places of a workspace are to one person, read once for all kinds of records."""

    here: Place | None
    hidden_projects: set[int]
    hidden_programs: set[int]


def may_see(session: Session, table: type[Any], by: Standing) -> ColumnElement[bool]:
    """True for rows of a record's table (with `project_id` and `program_id`) that this person may see."""
    return seen(table, by, sight_of(session, by))


def sight_of(session: Session, by: Standing) -> Sight:
    is_guest = by.is_stranger or by.person.is_guest or by.person.is_bot
    here = places.of_channel(session, by.channel) if is_guest else None
    return Sight(here, *hidden_places(session, by))


def seen(table: type[Any], by: Standing, sight: Sight) -> ColumnElement[bool]:
    own = [getattr(table, name) == by.person.id for name in HOLDERS if hasattr(table, name)]
    if table is Decision:
        heard = select(DecisionContributor.decision_id).where(DecisionContributor.person_id == by.person.id)
        own.append(table.id.in_(heard))
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        return or_(*own, *([_in_place(table, sight.here, sight.hidden_projects)] if sight.here else []))
    projects, programs = sight.hidden_projects, sight.hidden_programs
    if not (projects or programs):
        return or_(table.id.is_not(None))
    open_project = and_(table.project_id.is_not(None), table.project_id.not_in(projects))
    of_program = and_(table.project_id.is_(None), or_(table.program_id.is_(None), table.program_id.not_in(programs)))
    return or_(open_project, of_program, *own)


def hidden_places(session: Session, by: Standing) -> tuple[set[int], set[int]]:
    """Ids of the restricted projects and programs that do not exist for this person."""
    if by.sees_all:
        return set(), set()
    found = places.by_ids(
        session,
        project_ids=session.scalars(select(Project.id).where(Project.visibility == "restricted")),
        program_ids=session.scalars(select(Program.id).where(Program.visibility == "restricted")),
    )
    hidden = [place for place in found.values() if not places.may_see(place, by.person.id, by.channel)]
    return (
        {place.id for place in hidden if place.kind == "project"},
        {place.id for place in hidden if place.kind == "program"},
    )


def _in_place(table: type[Any], place: Place, hidden_projects: set[int]) -> ColumnElement[bool]:
    """In a program's channel also its projects' records, but for those of restricted ones."""
    if place.kind is PlaceKind.PROJECT:
        return or_(table.project_id == place.id)
    open_to_all = or_(table.project_id.is_(None), table.project_id.not_in(hidden_projects))
    return and_(table.program_id == place.id, open_to_all)
