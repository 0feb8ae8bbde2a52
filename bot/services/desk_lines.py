"""What people owe, with who is asked for it and when: one line for each, for many people at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.domain.nudges import Nudge, allowed_at, newest
from bot.domain.reach import Reach
from bot.domain.routing import Duty, receiver
from bot.domain.wall_time import instant
from bot.services import asked, calendars, owed, parameters, people, places, switches
from bot.services.switches import Timeline
from models.schemas.asks import CONTINUING, PERSONAL, AskRow, AskState, Owed
from models.schemas.home import AskKind
from models.schemas.parameters import NudgeRules
from models.schemas.project import Place
from models.schemas.switches import MessageKind

LOOKS_AHEAD = timedelta(days=7)
"""What opens later is found by the look of a day before it."""
QUIET_AFTER_UPDATE = 5
"""Working days after which what goes on is asked about again."""


@dataclass(frozen=True)
class Line:
    """One thing that somebody owes."""

    what: Owed
    row: AskRow | None
    """What is remembered of it; None where it was not asked yet, or is asked anew."""
    earlier: AskRow | None
    """What was asked with the same key before, and is over."""
    receiver: int | None
    """Who is asked now. None: nobody can be."""
    is_dry: bool
    nudges: tuple[Nudge, ...]
    now: datetime
    reach: Reach | None
    """Of the receiver."""
    hour: datetime | None
    """The end of a snooze."""

    @property
    def newest(self) -> Nudge | None:
        closes_at = self.what.closes_at
        return None if closes_at and closes_at <= self.now else newest(self.nudges, self.now)

    @property
    def is_asked(self) -> bool:
        """It stands in the message of the receiver's day."""
        return self.receiver is not None and self.newest is not None and not self.is_snoozed

    @property
    def is_snoozed(self) -> bool:
        return self.hour is not None and self.now < self.hour

    @property
    def is_news(self) -> bool:
        """It makes a message go out: a reminder that was not sent, another person than before, the end of a snooze."""
        if not self.is_asked or self.newest is None:
            return False
        row = self.row
        if row is None or row.asked_id != self.receiver or self.newest.number > row.nudge:
            return True
        return row.snoozed_until is not None and row.asked_on < row.snoozed_until

    @property
    def next_time(self) -> datetime | None:
        """When there is something to do about it next."""
        coming = [nudge.at for nudge in self.nudges if nudge.at > self.now]
        if self.is_snoozed:
            return self.hour
        if self.is_news and self.reach is not None:
            return allowed_at(self.now, self.reach)
        return min(coming, default=None)


def lines_of(session: Session, owners: Collection[int], *, now: datetime) -> list[Line]:
    """Of what these people owe, all that is open or opens soon. A constant number of statements."""
    if not owners:
        return []
    duties = owed.owed(session, owners, until=now + LOOKS_AHEAD, now=now)
    latest = asked.of_keys(session, [each.key for each in duties])
    known = Known(session, duties, latest, owners, now)
    return [line for each in duties if (line := known.line(each, latest.get(each.key), now)) is not None]


class Known:
    """All that decides over these duties, read at once. It says what is asked of whom at any instant from now on."""

    def __init__(
        self,
        session: Session,
        duties: Collection[Owed],
        latest: Mapping[str, AskRow],
        owners: Iterable[int],
        now: datetime,
    ) -> None:
        programs = {each.program_id for each in duties}
        self._places = places.by_ids(
            session,
            project_ids={each.project_id for each in duties if each.project_id is not None},
            program_ids={program for program in programs if program is not None},
        )
        self._rules = parameters.of_programs(session, programs)
        self._switches = switches.timelines(session, programs, now=now)
        self._testers = _testers(session, self._switches.values())
        holders = {row.handed_to_id for row in latest.values()} - {None}
        named = {person for place in self._places.values() for person in (*ladder_of(place), place.backup_id)}
        wanted = {person for person in (*owners, *holders, *named, *self._testers.values()) if person is not None}
        self._times: dict[tuple[str, int], tuple[Nudge, ...]] = {}
        known = calendars.reaches_with_delegates(session, wanted, now=now)
        self.reaches = reachable(session, known)
        cards = people.cards(session, known)
        self._left = {person: known[person] for person in known.keys() - self.reaches.keys() if cards[person].deleted}

    def line(self, what: Owed, latest: AskRow | None, now: datetime) -> Line | None:
        """`latest` is what is remembered of it by then."""
        switch = self._switches[what.program_id].at(now)
        kind = MessageKind.CHECK_INS if what.kind is AskKind.CHECK_IN else MessageKind.ASKS
        if not switch.sends(kind) or self.reach_of(what.person_id) is None:
            return None
        row = latest if latest is not None and latest.state is AskState.OPEN else None
        if row is None and latest is not None and self._is_quiet(what, latest, now):
            return None
        to = self._testers.get(switch.dry_run_to) if switch.dry_run_to else self._receiver(what, row, now)
        rules = self._rules[what.program_id].nudge
        reach = self.reaches.get(to) if to is not None else None
        return Line(
            what=what,
            row=row,
            earlier=latest if row is None else None,
            receiver=to if reach is not None else None,
            is_dry=switch.dry_run_to is not None,
            nudges=self._nudges(what, to, rules) if reach and to is not None else (),
            now=now,
            reach=reach,
            hour=self._snoozed_until(row, reach, rules),
        )

    def reach_of(self, person: int) -> Reach | None:
        """Also of somebody who has left: what is theirs falls due as it did."""
        return self.reaches.get(person) or self._left.get(person)

    def may_be_asked(self, what: Owed, latest: AskRow | None) -> set[int]:
        """Everybody who could be asked for it at some time."""
        place = self._place(what)
        found = {what.person_id, *(ladder_of(place) if place else ()), *self._testers.values()}
        if place is not None and place.backup_id is not None and what.person_id in self._left:
            found.add(place.backup_id)
        if latest is not None and latest.handed_to_id is not None:
            found.add(latest.handed_to_id)
        new = found
        while new := self._covers(new) - found:
            found |= new
        return found

    def _covers(self, persons: Iterable[int]) -> set[int]:
        """Whom these named for their days off."""
        known = [reach for person in persons if (reach := self.reach_of(person)) is not None]
        return {away.delegate for reach in known for away in reach.away if away.delegate is not None}

    def _nudges(self, what: Owed, to: int, rules: NudgeRules) -> tuple[Nudge, ...]:
        """Once for each receiver: they do not depend on the instant at which one looks."""
        key = what.key, to
        if key not in self._times:
            owner = self.reach_of(what.person_id) or self.reaches[to]
            self._times[key] = owed.nudges(what, owner, self.reaches[to], rules)
        return self._times[key]

    def _receiver(self, what: Owed, row: AskRow | None, now: datetime) -> int | None:
        place = self._place(what)
        inside = place.people if place and place.restricted else None
        taken_by = row.taken_by if row else None
        if taken_by not in self.reaches or (inside is not None and taken_by not in inside):
            taken_by = None  # they have left, or may not know of it any more: it is its owner's again
        duty = Duty(
            person=what.person_id,
            ladder=ladder_of(place) if place else (),
            backup=place.backup_id if place else None,
            taken_by=taken_by,
            declined_by={row.declined_by_id} if row and row.declined_by_id else set(),
            only_within=inside,
            is_personal=what.kind in PERSONAL,
            is_ranked=what.kind is AskKind.CLOSE_RISK,
        )
        return receiver(duty, self.reaches, now, left=self._left)

    def _place(self, what: Owed) -> Place | None:
        if what.project_id is not None:
            return self._places.get(f"project:{what.project_id}")
        return self._places.get(f"program:{what.program_id}")

    def _is_quiet(self, what: Owed, latest: AskRow, now: datetime) -> bool:
        """It was answered for a while."""
        owner = self.reach_of(what.person_id)
        if what.kind not in CONTINUING or latest.answered_at is None or owner is None:
            return False
        hours = owner.hours
        answered_on = owner.today(latest.answered_at)
        return now < instant(hours.after(answered_on, QUIET_AFTER_UPDATE), time(), hours.zone)

    def _snoozed_until(self, row: AskRow | None, reach: Reach | None, rules: NudgeRules) -> datetime | None:
        if row is None or row.snoozed_until is None or reach is None:
            return None
        return reach.at(row.snoozed_until, owed.hour_of(reach, rules))


def ladder_of(place: Place) -> tuple[int, ...]:
    """Who answers for a place, the nearest first."""
    owner = place.owner.id if place.kind == "project" else None
    found = (owner, place.manager_id, place.sponsor_id)
    return tuple(dict.fromkeys(person for person in found if person is not None))


def reachable(session: Session, reaches: Mapping[int, Reach]) -> dict[int, Reach]:
    """Without those whom no message reaches."""
    cards = people.cards(session, reaches)
    return {
        person: reach
        for person, reach in reaches.items()
        if cards[person].slack_id and not cards[person].deleted and not cards[person].is_bot
    }


def today_of(line: Line) -> date:
    """Of its receiver."""
    assert line.reach is not None
    return line.reach.today(line.now)


def _testers(session: Session, found: Iterable[Timeline]) -> dict[str, int]:
    wanted = {each.now.dry_run_to for each in found if each.now.dry_run_to}
    cards = [people.by_slack_id(session, slack_id) for slack_id in sorted(wanted)]
    return {card.slack_id: card.id for card in cards if card and card.slack_id}
