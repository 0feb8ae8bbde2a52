"""What was not sent and why, of a workspace or of what concerns one person. Never what it says."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.stops import EVERYTHING, holders, holds, is_person
from bot.errors import Attempt, Refused
from bot.services import people, places, stops
from bot.services.delivery import STILL_NEWS
from bot.services.stops import TOO_OLD
from models.schemas.delivery import Operation, OutboxState
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.unsent import Stop, Target, Trouble, Unsent, Waiting, Why
from models.tables import Outbox, Person, Program, Project, StoppedTarget
from models.tables.unit import this_workspace

SOON = timedelta(minutes=1)
"""What leaves within it waits for nothing but Slack's pace."""
OLD = timedelta(days=2)
"""People are fetched once a day."""

Scope = Collection[str] | None
"""The targets that somebody may hear of; None: all."""


class _Group(NamedTuple):
    target: str
    operation: str
    error: str | None
    is_later: bool
    number: int
    oldest_at: datetime
    next_at: datetime


def report(session: Session, by: Standing | None, *, now: datetime) -> Unsent:
    """`by` None: for whoever runs the bot. A constant number of statements, whatever waits."""
    scope = _scope(session, by)
    stopped = [stop for stop in stops.all_of(session) if _concerns(stop.target, scope)]
    groups = [group for group in _waiting(session, now) if _is_in(group.target, scope)]
    failed = [row for row in _failed(session, now) if _is_in(row.target, scope)]
    names = _Names(session, by, {*(stop.target for stop in stopped), *(row.target for row in failed)})
    held, others = _sorted(groups, stopped)
    doubled, too_old = (
        _recent(session, now, scope, **which) for which in ({"is_doubled": True}, {"is_doubled": False})
    )
    synced: datetime | None = this_workspace(session).people_synced_at
    return Unsent(
        waiting=others,
        stopped=[_stopped(stop, held.get(stop.id, 0), names, by) for stop in stopped],
        failed=[_given_up(row, names) for row in failed],
        doubled=doubled,
        too_old=too_old,
        people_at=synced,
        people_are_old=synced is None or synced < now - OLD,
        is_whole=scope is None,
    )


def try_again(session: Session, target: str, by: Standing, *, now: datetime) -> int:
    """What was given up there is said again, and of what is stopped one message tries now. Returns how many wait."""
    stop = stops.find(session, target)
    if not _may_try(session, target, by):
        raise Refused(
            "You cannot have that tried again",
            "Who answers for the project or program can, and admins.",
            attempt=Attempt("target", 0, "try again"),
        )
    again = stops.try_failed_again(session, target, now=now)
    waiting = stops.waiting_for(session, stop) if stop is not None else again
    stops.probe_now(session, target, now=now)
    session.info["queued"] = True
    return waiting


def try_everything_again(session: Session, *, now: datetime) -> int:
    """For whoever runs the bot: as `try_again` of every target that has trouble. Returns how many targets that is."""
    targets = {stop.target for stop in stops.all_of(session)} | {row.target for row in _failed(session, now)}
    for target in sorted(targets):
        stops.try_failed_again(session, target, now=now)
        stops.probe_now(session, target, now=now)
    return len(targets)


def _waiting(session: Session, now: datetime) -> list[_Group]:
    later: Any = Outbox.due_at > now + SOON
    parts = (Outbox.target, Outbox.operation, Outbox.error, later)
    counted = select(*parts, func.count(Outbox.id), func.min(Outbox.created_at), func.min(Outbox.due_at)).where(
        Outbox.state.in_((OutboxState.QUEUED, OutboxState.CLAIMED))
    )
    return [_Group(*row) for row in session.execute(counted.group_by(*parts)).all()]


def _failed(session: Session, now: datetime) -> list[Any]:
    counted = select(
        Outbox.target, Outbox.error, func.count(Outbox.id).label("number"), func.min(Outbox.created_at).label("since")
    ).where(Outbox.state == OutboxState.FAILED, Outbox.created_at > now - STILL_NEWS, Outbox.due_at > now - STILL_NEWS)
    rows = session.execute(counted.group_by(Outbox.target, Outbox.error)).all()
    return sorted(rows, key=lambda row: (row.since, row.target))


def _recent(session: Session, now: datetime, scope: Scope, *, is_doubled: bool) -> int:
    doubled = and_(Outbox.state == OutboxState.SENT, Outbox.possibly_doubled, Outbox.sent_at > now - STILL_NEWS)
    old = and_(Outbox.state == OutboxState.SUPERSEDED, Outbox.error == TOO_OLD)
    counted = select(Outbox.target, func.count(Outbox.id)).where(
        doubled if is_doubled else old, Outbox.due_at > now - 2 * STILL_NEWS
    )
    return sum(number for target, number in session.execute(counted.group_by(Outbox.target)) if _is_in(target, scope))


def _sorted(groups: Iterable[_Group], stopped: Iterable[Stop]) -> tuple[dict[int, int], list[Waiting]]:
    """How many each stop holds, and the others by why they wait."""
    by_target = {stop.target: stop for stop in stopped}
    held: dict[int, int] = {}
    others: dict[Why, list[_Group]] = {}
    for group in groups:
        found = [by_target[key] for key in holders(group.operation, group.target) if key in by_target]
        holding = next((stop for stop in found if holds(stop.error, group.operation, stop.target)), None)
        if holding is not None:
            held[holding.id] = held.get(holding.id, 0) + group.number
        elif group.operation != Operation.PUBLISH_HOME:
            others.setdefault(_why(group), []).append(group)
    return held, [_summed(why, others[why]) for why in Why if why in others]


def _why(group: _Group) -> Why:
    if group.error is not None:
        return Why.REFUSED
    return Why.LATER if group.is_later else Why.PACE


def _summed(why: Why, groups: list[_Group]) -> Waiting:
    return Waiting(
        why=why,
        number=sum(group.number for group in groups),
        oldest_at=min(group.oldest_at for group in groups),
        next_at=min(group.next_at for group in groups),
    )


def _stopped(stop: Stop, waiting: int, names: "_Names", by: Standing | None) -> Trouble:
    may_try = by is None or by.is_admin or not stop.target.startswith(EVERYTHING)
    return Trouble(target=names.of(stop.target), error=stop.error, since=stop.since, waiting=waiting, may_try=may_try)


def _given_up(row: Any, names: "_Names") -> Trouble:
    return Trouble(target=names.of(row.target), error=row.error or "unknown", since=row.since, failed=row.number)


def _scope(session: Session, by: Standing | None) -> Scope:
    """Where their own projects and programs speak, who answers for these, themselves, and what they were told of."""
    if by is None or (by.is_admin and not by.is_stranger):
        return None
    own = {by.person.slack_id or ""}
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        return own
    led = _led(session, by.person)
    channels = {place.channel for place in led if place.channel}
    named = {person for place in led for person in place.people}
    cards = people.cards(session, named)
    told = session.scalars(select(StoppedTarget.target).where(StoppedTarget.told_id == by.person.id))
    return own | channels | {*told} | {card.slack_id for card in cards.values() if card.slack_id}


def _led(session: Session, person: PersonCard) -> list[Place]:
    mine = person.id
    programs = select(Program.id).where(or_(Program.manager_id == mine, Program.sponsor_id == mine))
    program_ids = session.scalars(programs).all()
    projects = select(Project.id).where(
        or_(Project.owner_id == mine, Project.backup_id == mine, Project.program_id.in_(program_ids))
    )
    found = places.by_ids(session, project_ids=session.scalars(projects), program_ids=program_ids)
    return list(found.values())


def _may_try(session: Session, target: str, by: Standing) -> bool:
    scope = _scope(session, by)
    if scope is None:
        return not _Names(session, by, {target}).of(target).is_hidden
    return target in scope


def _concerns(target: str, scope: Scope) -> bool:
    """What is wrong with the app as a whole concerns everybody."""
    return target.startswith(EVERYTHING) or _is_in(target, scope)


def _is_in(target: str, scope: Scope) -> bool:
    return scope is None or target in scope


class _Names:
    """How targets are called, for one reader."""

    def __init__(self, session: Session, by: Standing | None, targets: Collection[str]) -> None:
        channels = [target for target in targets if not is_person(target)]
        found = places.by_ids(
            session,
            project_ids=session.scalars(select(Project.id).where(Project.channel.in_(channels))),
            program_ids=session.scalars(select(Program.id).where(Program.channel.in_(channels))),
        )
        self._places = {place.channel: place for place in found.values()}
        zone = people.default_zone(session)
        known = session.scalars(
            select(Person).where(Person.slack_id.in_([each for each in targets if is_person(each)]))
        )
        self._people = {row.slack_id: people.card(row, zone) for row in known}
        self._by = by

    def of(self, target: str) -> Target:
        if is_person(target):
            return Target(id=target, person=self._people.get(target))
        if target.startswith(EVERYTHING):
            return Target(id=target)
        place = self._places.get(target)
        by = self._by
        if place is not None and by is not None and not places.may_see(place, by.person.id, by.channel):
            return Target(id="", is_hidden=True)
        return Target(id=target, channel=target, place=place.name if place else None)
