"""Which records a person may see, as a condition on a query: the same rule as `policy.roles`, for many at once."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import places
from models.tables import Decision, DecisionContributor, Program, Project

HOLDERS = ("owner_id", "author_id", "driver_id", "approver_id")
"""Columns by which a record names people: those see it wherever it belongs."""


def may_see(session: Session, table: type[Any], by: Standing) -> ColumnElement[bool]:
    """True for rows of a record's table (with `project_id` and `program_id`) that this person may see."""
    own = [getattr(table, name) == by.person.id for name in HOLDERS if hasattr(table, name)]
    if table is Decision:
        heard = select(DecisionContributor.decision_id).where(DecisionContributor.person_id == by.person.id)
        own.append(table.id.in_(heard))
    here = places.of_channel(session, by.channel)
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        return or_(*own, *([_in_place(table, here.ref)] if here else []))
    projects, programs = hidden_places(session, by)
    if not (projects or programs):
        return or_(table.id.is_not(None))
    open_project = and_(table.project_id.is_not(None), table.project_id.not_in(projects))
    of_program = and_(table.project_id.is_(None), or_(table.program_id.is_(None), table.program_id.not_in(programs)))
    return or_(open_project, of_program, *own)


def hidden_places(session: Session, by: Standing) -> tuple[set[int], set[int]]:
    """Ids of the restricted projects and programs that do not exist for this person."""
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


def _in_place(table: type[Any], ref: str) -> ColumnElement[bool]:
    kind, _, number = ref.partition(":")
    column = table.project_id if kind == "project" else table.program_id
    return or_(column == int(number))
