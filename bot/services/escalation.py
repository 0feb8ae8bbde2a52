"""Escalations as people see them: finding, listing. `escalation_look` makes them, `escalation_acts` acts on them."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.domain import escalation as rules
from bot.domain.escalation import Chain
from bot.domain.wall_time import WorkingHours, local_date
from bot.services import calendars, delivery, escalation_ladder, escalation_subjects, people
from bot.services.escalation_ladder import Grounds
from models.schemas.escalation import EscalationCard, EscalationState, Level, Rule, Subject
from models.schemas.parameters import Ladder
from models.schemas.people import PersonCard
from models.schemas.project import PlaceKind
from models.tables import Escalation
from models.tables.unit import THIS_WORKSPACE, fetch

KIND = "escalation"
OPEN = (EscalationState.PENDING, EscalationState.OPEN, EscalationState.ACKNOWLEDGED)
_PERSONS = ("notify_id", "instead_of_id", "informed_id", "acknowledged_by_id", "resolved_by_id")


def parent_key(escalation_id: int, posts: int) -> str:
    """Of the message at the head of its thread; a thread in another place is another message."""
    return f"escalation:{escalation_id}:{posts}"


def list_key(channel: str, day: date) -> str:
    return f"escalation.list:{channel}:{day}"


def step_key(escalation_id: int, stepped_at: datetime) -> str:
    """Of the reply that names somebody."""
    return f"escalation.step:{escalation_id}:{int(stepped_at.timestamp())}"


def thread_key(card: EscalationCard) -> str:
    """Under which its replies stand."""
    if card.listed_on is not None and card.channel is not None:
        return list_key(card.channel, card.listed_on)
    return parent_key(card.id, card.posts)


def by_ids(session: Session, ids: Collection[int], *, now: datetime) -> list[EscalationCard]:
    """In the order in which they are told: the highest first, then the oldest deadline."""
    if not ids:
        return []
    order = (Escalation.level.desc(), Escalation.deadline_on, Escalation.id)
    return cards(session, select(Escalation).where(Escalation.id.in_(ids)).order_by(*order), now=now)


def find_by_id(session: Session, escalation_id: int | None, *, now: datetime) -> EscalationCard | None:
    return next(iter(cards(session, select(Escalation).where(Escalation.id == escalation_id), now=now)), None)


def listed(session: Session, channel: str, day: date, *, now: datetime) -> list[EscalationCard]:
    """Those that stand on this day's list in this channel."""
    of_list = (Escalation.channel == channel, Escalation.listed_on == day)
    order = (Escalation.level.desc(), Escalation.deadline_on, Escalation.id)
    return cards(session, select(Escalation).where(*of_list).order_by(*order), now=now)


def opened_on(session: Session, channel: str, since: datetime, *, but: Collection[int]) -> int:
    """How many threads were opened in this channel since then."""
    new = (Escalation.channel == channel, Escalation.opened_at >= since, Escalation.id.not_in(but))
    return session.scalar(select(func.count()).select_from(Escalation).where(*new)) or 0


def open_of(session: Session, *, program_ids: Collection[int] | None, now: datetime) -> list[EscalationCard]:
    """Of these programs, or of all."""
    statement = select(Escalation).where(Escalation.resolved_at.is_(None))
    if program_ids is not None:
        statement = statement.where(Escalation.program_id.in_(program_ids))
    return cards(session, statement.order_by(Escalation.level.desc(), Escalation.deadline_on, Escalation.id), now=now)


def with_person(session: Session, person_id: int, *, now: datetime) -> list[EscalationCard]:
    """Open ones whose turn it is. Most often there is none: that costs one plain statement."""
    ids = fetch(session, _WITH, person=person_id).scalars().all()
    return by_ids(session, ids, now=now)


_ROWS = Escalation.__table__
_WITH = select(_ROWS.c.id).where(
    _ROWS.c.workspace_id == THIS_WORKSPACE,
    _ROWS.c.notify_id == bindparam("person"),
    _ROWS.c.state == EscalationState.OPEN.value,
)


def place_in(
    session: Session, escalation_id: int, *, channel: str | None, listed_on: date | None, moves: bool = False
) -> None:
    """Where its thread stands from now on."""
    values = {"channel": channel, "listed_on": listed_on}
    more = {"posts": Escalation.posts + 1} if moves else {}
    session.execute(
        update(Escalation).where(Escalation.id == escalation_id).values(**values, **more),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def cards(session: Session, statement: Select[Escalation], *, now: datetime) -> list[EscalationCard]:
    """Cards of these rows, in their order: a fixed number of statements whatever their number."""
    rows = session.scalars(statement).all()
    if not rows:
        return []
    subjects = escalation_subjects.find(session, ((row.kind, row.record_id) for row in rows))
    rows = [row for row in rows if (row.kind, row.record_id) in subjects]
    grounds = escalation_ladder.grounds(session, ((row.program_id, row.project_id) for row in rows))
    hours = calendars.of_programs(session, {row.program_id for row in rows if row.program_id is not None}, now=now)
    chains = {row.id: grounds.chain(row.program_id, row.project_id) for row in rows}
    above = (person for chain in chains.values() for person in (chain.lead, chain.manager, chain.sponsor, chain.backup))
    who = people.cards(session, [*(getattr(row, name) for row in rows for name in _PERSONS), *above])
    links = delivery.links(session, {key for row in rows for key in standing_keys(row)})
    make = _Maker(grounds, hours, who, links, now)
    return [make.card(row, chains[row.id], subjects[row.kind, row.record_id]) for row in rows]


def standing_keys(row: Escalation) -> list[str]:
    """The messages that tell of it: its own thread, else the list that names it."""
    own = [parent_key(row.id, row.posts)]
    return own + ([list_key(row.channel, row.listed_on)] if row.channel and row.listed_on else [])


class _Maker:
    """What many rows share."""

    def __init__(
        self,
        grounds: Grounds,
        hours: dict[int, WorkingHours],
        who: dict[int, PersonCard],
        links: dict[str, str],
        now: datetime,
    ) -> None:
        self.grounds, self.hours, self.who, self.links, self.now = grounds, hours, who, links, now

    def card(self, row: Escalation, chain: Chain, subject: Subject) -> EscalationCard:
        place = self.grounds.place(row.program_id, row.project_id)
        hours = self.hours.get(row.program_id or 0) or WorkingHours(place.tz)
        until = local_date(row.resolved_at or self.now, hours.zone)
        level, next_step = Level(row.level), row.next_step_at
        coming = self._next(level, chain, subject.owner)
        is_reopening = row.state == EscalationState.ACKNOWLEDGED
        return EscalationCard(
            id=row.id,
            ref=f"ESC-{row.number}",
            rule=Rule(row.rule),
            subject=subject,
            place=place,
            status=EscalationState(row.state),
            level=level,
            opened_at=row.opened_at,
            deadline_on=row.deadline_on,
            deadline_at=row.deadline_at,
            elapsed=rules.elapsed(row.deadline_on, until, hours),
            notify=self.who[row.notify_id or place.owner.id],
            role=_role(row, chain, place.kind),
            instead_of=self.who.get(row.instead_of_id or 0),
            informed=self.who.get(row.informed_id or 0),
            next_person=coming if next_step is not None and not is_reopening else None,
            next_step_at=next_step,
            next_on=local_date(next_step, hours.zone) if next_step else None,
            climbs=row.climbs,
            stepped_at=row.stepped_at,
            acknowledged_by=self.who.get(row.acknowledged_by_id or 0),
            acknowledged_at=row.acknowledged_at,
            note=row.acknowledge_note,
            reopens_on=row.reopens_on,
            ack_window=Ladder.model_validate(row.ladder).ack_window,
            resolved_on=local_date(row.resolved_at, hours.zone) if row.resolved_at else None,
            resolved_by=self.who.get(row.resolved_by_id or 0),
            outcome=row.outcome,
            outcome_more=row.outcome_more,
            reason=row.reason,
            zone=hours.zone,
            channel=row.channel,
            listed_on=row.listed_on,
            posts=row.posts,
            version=row.version,
            link=next((self.links[key] for key in standing_keys(row) if key in self.links), None),
        )

    def _next(self, level: Level, chain: Chain, owner: PersonCard | None) -> PersonCard | None:
        """Of those above, whom it can come to: who has left Slack is passed over."""
        above = [Level(each) for each in range(level + 1, chain.top + 1)]
        coming = [self.who.get(rules.named(each, chain, owner.id if owner else None).person) for each in above]
        return next((person for person in coming if person is not None and not person.deleted), None)


def _role(row: Escalation, chain: Chain, kind: PlaceKind) -> str:
    """What the named person is to it; whoever stands in, what the absent one is."""
    person = row.instead_of_id or row.notify_id
    if row.level == Level.OWNER:
        return "owner"
    if row.level == Level.LEAD and kind is PlaceKind.PROJECT:
        return "backup" if person == chain.backup and person != chain.lead else "project owner"
    return "sponsor" if row.level == Level.SPONSOR else "program manager"
