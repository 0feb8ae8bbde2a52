"""What the doctor looks at in a workspace: its channels, the people who cannot be asked, the outbox."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.escalation import FINDING_OVER
from bot.services import public_holidays
from bot.services.places import OPEN
from models.schemas.assumption import AssumptionStatus
from models.schemas.checkin import CheckinState
from models.schemas.decision import OPEN as OPEN_DECISIONS
from models.schemas.delivery import OutboxState
from models.schemas.doctor import OutboxSummary, SilentOwner, UnknownHolidays, UsedChannel
from models.schemas.issue import UNRESOLVED
from models.schemas.plan import UNACHIEVED
from models.schemas.risk import ACTIVE
from models.tables import (
    Assumption,
    Calendar,
    Checkin,
    Decision,
    Finding,
    Issue,
    Milestone,
    Outbox,
    Person,
    Program,
    Project,
    Risk,
)

OWNED = (
    ("programs", Program.manager_id, Program.state.in_(OPEN)),
    ("projects", Project.owner_id, Project.state.in_(OPEN)),
    ("risks", Risk.owner_id, Risk.status.in_(ACTIVE)),
    ("issues", Issue.owner_id, Issue.status.in_(UNRESOLVED)),
    ("assumptions", Assumption.owner_id, Assumption.status == AssumptionStatus.UNVALIDATED),
    ("decisions", Decision.approver_id, Decision.status.in_(OPEN_DECISIONS)),
    ("milestones", Milestone.owner_id, Milestone.status.in_(UNACHIEVED)),
    ("findings", Finding.owner_id, Finding.status.not_in(FINDING_OVER)),
)
"""What a person answers for as long as it is open."""


def used_channels(session: Session) -> list[UsedChannel]:
    programs = select(Program).where(Program.channel.is_not(None), Program.state.in_(OPEN)).order_by(Program.name)
    projects = select(Project).where(Project.channel.is_not(None), Project.state.in_(OPEN)).order_by(Project.name)
    places = [*map(_used, session.scalars(programs)), *map(_used, session.scalars(projects))]
    return [*places, *_teams(session, {channel.id for channel in places})]


def _teams(session: Session, known: Collection[str]) -> list[UsedChannel]:
    """Of check-ins in channels of no project: what is said there goes to nobody without the bot."""
    asking = select(Checkin).where(Checkin.channel.is_not(None), Checkin.state == CheckinState.ACTIVE)
    rows = [row for row in session.scalars(asking.order_by(Checkin.name)) if row.channel not in known]
    return [
        UsedChannel(
            id=str(row.channel),
            name=row.name.removeprefix("#") if row.name.startswith("#") else None,
            place="a check-in",
            is_private=not row.name.startswith("#"),
        )
        for row in rows
    ]


def silent_owners(session: Session) -> list[SilentOwner]:
    """Whoever owns something open and has no Slack id, or has left."""
    statement = select(Person).where(or_(Person.slack_id.is_(None), Person.deleted)).order_by(Person.handle)
    people = {row.id: row for row in session.scalars(statement)}
    owns: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for kind, owner, is_open in OWNED:
        counted = select(owner, func.count()).where(owner.in_(people), is_open).group_by(owner)
        for person, number in session.execute(counted):
            owns[person][kind] = number
    return [
        SilentOwner(handle=row.handle, name=row.name, has_left=row.deleted, owns=owns[row.id])
        for row in people.values()
        if row.id in owns
    ]


def unknown_holidays(session: Session) -> list[UnknownHolidays]:
    """Calendars whose country, or region of it, the library does not know."""
    statement = (
        select(Calendar.country, Calendar.region, Person.handle, Program.name)
        .outerjoin(Person, Person.id == Calendar.person_id)
        .outerjoin(Program, Program.id == Calendar.program_id)
        .where(Calendar.country.is_not(None))
        .order_by(Calendar.id)
    )
    return [
        UnknownHolidays(whose=str(row.handle or row.name), country=str(row.country), region=row.region)
        for row in session.execute(statement)
        if public_holidays.country(row.country) is None
        or (row.region is not None and public_holidays.region(row.country, row.region) is None)
    ]


def owners_without_zone(session: Session) -> list[str]:
    """Whoever answers for something open, can be asked, and has no zone of their own."""
    zoneless = select(Person).where(Person.tz.is_(None), Person.slack_id.is_not(None), ~Person.deleted, ~Person.is_bot)
    found = {row.id: row.handle for row in session.scalars(zoneless)}
    owning: set[int] = set()
    for _, owner, is_open in OWNED:
        owning.update(session.scalars(select(owner).where(owner.in_(found), is_open).distinct()))
    return sorted(found[person] for person in owning)


def outbox_summary(session: Session, *, now: datetime) -> OutboxSummary:
    waits = Outbox.state.in_((OutboxState.QUEUED, OutboxState.CLAIMED))
    waiting, oldest_at = session.execute(select(func.count(Outbox.id), func.min(Outbox.created_at)).where(waits)).one()
    late = select(func.min(Outbox.due_at)).where(Outbox.state == OutboxState.QUEUED, Outbox.due_at <= now)
    return OutboxSummary(
        waiting=waiting,
        oldest_at=oldest_at,
        late_since=session.scalar(late),
    )


def _used(row: Program | Project) -> UsedChannel:
    return UsedChannel(
        id=str(row.channel),
        name=row.channel_name,
        place=f"{type(row).__name__.lower()} {row.name}",
        is_private=row.visibility == "restricted",
    )
