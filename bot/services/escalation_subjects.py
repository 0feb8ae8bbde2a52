"""The records that escalations are about: a statement or two for each kind that there is, whatever their number."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.services import delivery, people
from models.schemas.escalation import Subject, Waiting
from models.schemas.plan import OPEN_DEPENDENCY
from models.tables import Decision, Dependency, Finding, Issue, Milestone, MilestoneLink, Project, Risk

Key = tuple[str, int]

SOMEBODY = "another project"
"""How a restricted project is called where others read."""


def find(session: Session, keys: Iterable[Key]) -> dict[Key, Subject]:
    """By kind and id."""
    wanted: dict[str, list[int]] = {}
    for kind, record_id in set(keys):
        wanted.setdefault(kind, []).append(record_id)
    found: dict[Key, Subject] = {}
    for kind, ids in sorted(wanted.items()):
        found |= {(kind, subject.id): subject for subject in KINDS[kind](session, ids)}
    return found


def _cards(session: Session, kind: str, ids: Iterable[int]) -> Mapping[int, str]:
    """Where their cards stand."""
    links = delivery.links(session, (f"{kind}.card:{id}" for id in ids))
    return {int(key.rpartition(":")[2]): url for key, url in links.items()}


def _risks(session: Session, ids: list[int]) -> list[Subject]:
    rows = session.execute(
        select(Risk.id, Risk.number, Risk.title, Risk.band, Risk.status, Risk.next_review_on, Risk.owner_id).where(
            Risk.id.in_(ids)
        )
    ).all()
    who, links = people.cards(session, (row.owner_id for row in rows)), _cards(session, "risk", ids)
    return [
        Subject(
            kind="risk",
            id=row.id,
            ref=f"R-{row.number}",
            title=row.title,
            link=links.get(row.id),
            grade=row.band.title(),
            state=row.status,
            due_on=row.next_review_on,
            owner=who.get(row.owner_id),
        )
        for row in rows
    ]


def _issues(session: Session, ids: list[int]) -> list[Subject]:
    rows = session.execute(
        select(Issue.id, Issue.number, Issue.title, Issue.severity, Issue.status, Issue.owner_id).where(
            Issue.id.in_(ids)
        )
    ).all()
    who, links = people.cards(session, (row.owner_id for row in rows)), _cards(session, "issue", ids)
    return [
        Subject(
            kind="issue",
            id=row.id,
            ref=f"I-{row.number}",
            title=row.title,
            link=links.get(row.id),
            grade=row.severity,
            state=row.status,
            owner=who.get(row.owner_id),
        )
        for row in rows
    ]


def _decisions(session: Session, ids: list[int]) -> list[Subject]:
    """Its driver waits for it."""
    rows = session.execute(
        select(Decision.id, Decision.number, Decision.title, Decision.status, Decision.due_on)
        .add_columns(Decision.approver_id, Decision.driver_id)
        .where(Decision.id.in_(ids))
    ).all()
    who = people.cards(session, (person for row in rows for person in (row.approver_id, row.driver_id)))
    links = _cards(session, "decision", ids)
    return [
        Subject(
            kind="decision",
            id=row.id,
            ref=f"D-{row.number}",
            title=row.title,
            link=links.get(row.id),
            state=row.status,
            due_on=row.due_on,
            owner=who.get(row.approver_id),
            waits=[Waiting(name=who[row.driver_id].handle)] if row.driver_id != row.approver_id else [],
        )
        for row in rows
    ]


def _dependencies(session: Session, ids: list[int]) -> list[Subject]:
    give = aliased(Project)
    rows = session.execute(
        select(Dependency.id, Dependency.number, Dependency.title, Dependency.state, Dependency.needed_by)
        .add_columns(Dependency.give_name, give.name.label("provider"), give.visibility)
        .outerjoin(give, give.id == Dependency.give_project_id)
        .where(Dependency.id.in_(ids))
    ).all()
    return [
        Subject(
            kind="dependency",
            id=row.id,
            ref=f"DEP-{row.number}",
            title=row.title,
            state=row.state,
            due_on=row.needed_by,
            provider=SOMEBODY if row.visibility == "restricted" else row.provider or row.give_name,
        )
        for row in rows
    ]


def _milestones(session: Session, ids: list[int]) -> list[Subject]:
    rows = session.scalars(select(Milestone).where(Milestone.id.in_(ids))).all()
    who, waits = people.cards(session, (row.owner_id for row in rows)), _waits(session, ids)
    return [
        Subject(
            kind="milestone",
            id=row.id,
            ref=None,
            title=row.title,
            state=row.status,
            due_on=row.due_on,
            baseline_on=row.baseline_on,
            owner=who.get(row.owner_id),
            waits=waits.get(row.id, []),
        )
        for row in rows
    ]


def _waits(session: Session, ids: list[int]) -> dict[int, list[Waiting]]:
    """Projects that were promised it, soonest need first, then the milestones that follow it."""
    found: dict[int, list[Waiting]] = {}
    promised = (
        select(Dependency.provider_milestone_id, Dependency.number, Dependency.needed_by, Project.name)
        .join(Project, Project.id == Dependency.get_project_id)
        .where(Dependency.provider_milestone_id.in_(ids), Dependency.state.in_(OPEN_DEPENDENCY))
        .where(Project.visibility != "restricted")
        .order_by(Dependency.needed_by, Dependency.id)
    )
    for milestone, number, needed_by, name in session.execute(promised):
        waiting = Waiting(name=name, ref=f"DEP-{number}", needed_by=needed_by)
        found.setdefault(milestone or 0, []).append(waiting)
    following = (
        select(MilestoneLink.predecessor_id, Milestone.title)
        .join(Milestone, Milestone.id == MilestoneLink.milestone_id)
        .join(Project, Project.id == Milestone.project_id)
        .where(MilestoneLink.predecessor_id.in_(ids), Project.visibility != "restricted")
        .order_by(Milestone.due_on, Milestone.id)
    )
    for milestone, title in session.execute(following):
        found.setdefault(milestone, []).append(Waiting(name=title))
    return found


def _projects(session: Session, ids: list[int]) -> list[Subject]:
    rows = session.execute(
        select(Project.id, Project.name, Project.state, Project.owner_id).where(Project.id.in_(ids))
    ).all()
    who = people.cards(session, (row.owner_id for row in rows))
    return [
        Subject(kind="project", id=row.id, ref=None, title=row.name, state=row.state, owner=who.get(row.owner_id))
        for row in rows
    ]


def _findings(session: Session, ids: list[int]) -> list[Subject]:
    rows = session.scalars(select(Finding).where(Finding.id.in_(ids))).all()
    who = people.cards(session, (row.owner_id for row in rows))
    return [
        Subject(
            kind="finding",
            id=row.id,
            ref=f"AF-{row.number}",
            title=row.title,
            grade=row.severity,
            state=row.status,
            due_on=row.due_on,
            owner=who.get(row.owner_id),
        )
        for row in rows
    ]


KINDS: Mapping[str, Callable[[Session, list[int]], list[Subject]]] = {
    "risk": _risks,
    "issue": _issues,
    "decision": _decisions,
    "dependency": _dependencies,
    "milestone": _milestones,
    "project": _projects,
    "finding": _findings,
}
