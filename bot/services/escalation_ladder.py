"""Who stands on the ladder of a record, whose turn it is today, and where its thread stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import escalation as rules
from bot.domain.escalation import Chain
from bot.domain.reach import Reach, instead_of_left, stand_in
from bot.domain.wall_time import WorkingHours, local_date, next_working_instant
from bot.services import calendars, people, places
from models.schemas.escalation import Level, Rule
from models.schemas.project import Place, PlaceKind
from models.tables import Program


@dataclass(frozen=True)
class Whose:
    """Whose turn it is."""

    level: Level
    person: int
    instead_of: int | None = None
    informed: int | None = None


@dataclass(frozen=True)
class Grounds:
    """The places that escalations belong to, read once."""

    places: Mapping[str, Place]
    escalation_channels: Mapping[int, str | None]

    def place(self, program_id: int | None, project_id: int | None) -> Place:
        return self.places[f"project:{project_id}" if project_id is not None else f"program:{program_id}"]

    def chain(self, program_id: int | None, project_id: int | None) -> Chain:
        place = self.place(program_id, project_id)
        manager = place.manager_id or place.owner.id
        if place.kind is PlaceKind.PROGRAM:
            return Chain(None, manager, place.sponsor_id)
        return Chain(place.owner.id, manager, place.sponsor_id, place.backup_id)

    def channel(self, program_id: int | None, project_id: int | None) -> str | None:
        """A restricted project's stays in its own channel. None: whoever is named is told directly."""
        place = self.place(program_id, project_id)
        if place.kind is PlaceKind.PROJECT and place.restricted:
            return place.channel
        program = self.places[f"program:{program_id}"]
        return self.escalation_channels.get(program.id) or program.channel or place.channel


def grounds(session: Session, belongs_to: Iterable[tuple[int | None, int | None]]) -> Grounds:
    """Of (program, project) pairs; three statements, whatever their number."""
    pairs = set(belongs_to)
    programs = {program for program, _ in pairs if program is not None}
    projects = {project for _, project in pairs if project is not None}
    found = places.by_ids(session, project_ids=projects, program_ids=programs)
    statement = select(Program.id, Program.escalation_channel).where(Program.id.in_(programs))
    return Grounds(found, dict(session.execute(statement).all()))


class Reaches(NamedTuple):
    """When people can be reached; of those who have left Slack, who was to cover for them."""

    present: Mapping[int, Reach]
    left: Mapping[int, Reach]


def reachable(session: Session, person_ids: Iterable[int | None], *, now: datetime) -> Reaches:
    """Those whom Slack reaches, and whoever stands in for them."""
    wanted = {person for person in person_ids if person is not None}
    found = calendars.reaches_with_delegates(session, wanted, now=now)
    cards = people.cards(session, found)
    left = {person: reach for person, reach in found.items() if cards[person].deleted}
    present = {person: reach for person, reach in found.items() if cards[person].slack_id and person not in left}
    return Reaches(present, left)


def persons(chain: Chain, owner: int | None) -> set[int]:
    return {person for person in (chain.lead, chain.backup, chain.manager, chain.sponsor, owner) if person is not None}


def whose_turn(
    level: Level,
    chain: Chain,
    owner: int | None,
    reaches: Reaches,
    now: datetime,
    *,
    only_within: Collection[int] | None = None,
) -> Whose:
    """An absent person's delegate, else the next on the ladder; at its end there is nobody else. Who has left Slack is
    never named where there is anybody else.

    `only_within` is of a restricted place: no delegate beside those learns of it.
    """

    def present_for(person: int) -> int | None:
        left = reaches.left.get(person)
        found = instead_of_left(left, reaches.present, now) if left else stand_in(person, reaches.present, now)
        is_told = only_within is None or found == person or found in (owner, *only_within)
        return found if is_told else None

    def nearest(persons: Iterable[int | None]) -> int | None:
        return next((found for each in persons if each is not None and (found := present_for(each)) is not None), None)

    up = (chain.backup, chain.lead, chain.manager, chain.sponsor)
    if level is Level.OWNER:
        waits_for = owner or rules.named(Level.LEAD, chain, owner).person
        person = present_for(waits_for) or (waits_for in reaches.left and nearest(up)) or waits_for
        return Whose(level, person, waits_for if person != waits_for else None)
    while True:
        named = rules.named(level, chain, owner)
        present = present_for(named.person)
        if present is None and level is Level.LEAD and named.person in reaches.left:
            present = nearest([chain.backup])
        if present is not None or level >= chain.top:
            break
        level = Level(level + 1)
    person = present or (named.person in reaches.left and nearest(reversed(up))) or named.person
    informed = named.informed if named.informed != person else None
    return Whose(level, person, named.person if person != named.person else None, informed)


def held_until(whose: Whose, rule: Rule, hours: WorkingHours, reaches: Reaches, now: datetime) -> datetime:
    """When this person may be named: `now` itself inside the program's hours and their own.

    Where their hours begin later on the same day of the program, it waits for them, also past the program's own. Time
    to read a risk runs out at any hour: then also their own hours outside the program's will do.
    """
    opens, reach = next_working_instant(now, hours), reaches.present.get(whose.person)
    theirs = reach.next_instant(now) if reach else opens
    if opens > now:
        return min(opens, theirs) if rule is Rule.E1 or _has_begun(hours, now) else opens
    is_today = local_date(theirs, hours.zone) == local_date(now, hours.zone)
    return theirs if is_today else now


def _has_begun(hours: WorkingHours, now: datetime) -> bool:
    """The program's working day, whether or not it is over."""
    window = hours.window(local_date(now, hours.zone))
    return window is not None and window[0] <= now
