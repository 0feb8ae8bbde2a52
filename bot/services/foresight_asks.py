"""Which daily messages will go out, and what each will name: the desks are looked at ahead of time, without a trace."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush

from bot.domain.nudges import allowed_at
from bot.domain.wall_time import instant, local_date
from bot.services import owed
from bot.services.asked import Day
from bot.services.desk_lines import Known, Line, today_of
from models.schemas.asks import CONTINUING, AskRow, AskState, Owed
from models.schemas.parameters import DEFAULTS

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """A line of somebody's daily message."""

    to: int
    day: date
    at: datetime
    """When the message of that day goes out."""
    added_at: datetime
    """When this line is put into it."""
    what: Owed
    nudge: int
    is_news: bool
    """It makes the message go out, or is put into it; what is open still is named beside it."""


class Ahead:
    """The desks of some people from now on. `answers`: everything is answered as soon as it is asked.

    `looks`: when each desk is looked at next; what is still to be made has its desk looked at when it is.
    """

    def __init__(
        self,
        known: Known,
        duties: Collection[Owed],
        latest: Mapping[str, AskRow],
        stands: Collection[Day],
        looks: Mapping[int, datetime],
        *,
        now: datetime,
        until: datetime,
        answers: bool,
    ) -> None:
        self._known, self._now, self._until, self._answers, self._looks = known, now, until, answers, looks
        self._open = {each.key: each for each in duties}
        self._rows = dict(latest)
        self._messages: dict[Day, datetime] = dict.fromkeys(stands, now)
        self._named: set[tuple[Day, str]] = set()
        self._events: list[tuple[datetime, int]] = []
        self._looked: set[tuple[datetime, int]] = set()
        self._of_owner: defaultdict[int, list[str]] = defaultdict(list)
        self._for: defaultdict[int, list[str]] = defaultdict(list)
        for key, each in self._open.items():
            self._of_owner[each.person_id].append(key)
            for person in known.may_be_asked(each, self._rows.get(key)):
                self._for[person].append(key)
        self.sent: list[Sent] = []

    def run(self) -> list[Sent]:
        for owner, keys in self._of_owner.items():
            first = max(self._looks.get(owner, self._now), self._now)
            self._plan(owner, [first, *(at for at in self._openings(owner) if at >= first)])
            self._plan(owner, (what.opens_at for key in keys if (what := self._open[key]).record_id < 0))
        while self._events:
            at, owner = heappop(self._events)
            self._look(at, owner)
        return self.sent

    def _openings(self, owner: int) -> Iterable[datetime]:
        """A desk is looked at when a day of its owner opens, when they go and when they come back."""
        reach = self._known.reach_of(owner)
        if reach is None:
            return
        zone, hour = reach.hours.zone, owed.hour_of(reach, DEFAULTS.nudge)
        day, last = local_date(self._now, zone), local_date(self._until, zone)
        while day <= last:
            yield instant(day, hour, zone)
            day += DAY
        for away in reach.away:
            yield instant(away.start, time(), zone)
            yield instant(away.end + DAY, hour, zone)
        for key in self._of_owner[owner]:
            what = self._open[key]
            opens = owed.opening(what, reach, DEFAULTS.nudge)
            if opens is not None:
                yield opens

    def _plan(self, owner: int, instants: Iterable[datetime | None]) -> None:
        for at in instants:
            if at is not None and self._now <= at <= self._until and (at, owner) not in self._looked:
                self._looked.add((at, owner))
                heappush(self._events, (at, owner))

    def _look(self, at: datetime, owner: int) -> None:
        told: dict[int, date] = {}
        for key in list(self._of_owner[owner]):
            line = self._line(key, at)
            if line is None:
                continue
            self._plan(owner, (moment for moment in (line.next_time,) if moment is not None and moment > at))
            if line.is_news and line.reach is not None and line.receiver is not None:
                if allowed_at(at, line.reach) == at:
                    told[line.receiver] = today_of(line)
                else:
                    self._plan(owner, [allowed_at(at, line.reach)])
        for receiver, day in told.items():
            self._tell(receiver, day, at)

    def _line(self, key: str, at: datetime) -> Line | None:
        what = self._open.get(key)
        opens = what.opens_at if what is not None else None
        if what is None or (what.closes_at is not None and what.closes_at <= at) or (opens is not None and opens > at):
            return None
        return self._known.line(what, self._rows.get(key), at)

    def _tell(self, receiver: int, day: date, at: datetime) -> None:
        """All that waits for them stands in the message of their day, new or not."""
        message = self._messages.setdefault((receiver, day), at)
        for key in list(self._for[receiver]):
            line = self._line(key, at)
            if line is None or line.receiver != receiver or not line.is_asked or line.newest is None:
                continue
            nudge = line.newest.number
            if ((receiver, day), key) not in self._named:  # a reminder of the same day is put in silently
                self._named.add(((receiver, day), key))
                self.sent.append(Sent(receiver, day, message, at, line.what, nudge, line.is_news))
            self._note(line, receiver, day, nudge, at)

    def _note(self, line: Line, receiver: int, day: date, nudge: int, at: datetime) -> None:
        key = line.what.key
        if self._answers:
            answered = _row(line, receiver, day, nudge, at).model_copy(
                update={"state": AskState.ANSWERED, "answered_at": at, "answered_by_id": receiver}
            )
            self._rows[key] = answered
            if line.what.kind not in CONTINUING:
                del self._open[key]
            return
        self._rows[key] = _row(line, receiver, day, max(nudge, line.row.nudge) if line.row else nudge, at)
        self._plan(line.what.person_id, (each.at for each in line.nudges if each.at > at))


def _row(line: Line, receiver: int, day: date, nudge: int, at: datetime) -> AskRow:
    """What would be remembered of it."""
    if line.row is not None:
        return line.row.model_copy(update={"asked_id": receiver, "asked_on": day, "nudge": nudge})
    what = line.what
    return AskRow(
        id=0,
        key=what.key,
        base_key=what.key,
        kind=what.kind,
        record_id=what.record_id,
        program_id=what.program_id,
        project_id=what.project_id,
        person_id=what.person_id,
        asked_id=receiver,
        state=AskState.OPEN,
        nudge=nudge,
        first_asked_at=at,
        asked_on=day,
        subject=what.subject,
        snoozed_until=None,
        snoozes=0,
        snooze_reason=None,
        handed_to_id=None,
        handed_state=None,
        handed_note=None,
        handed_whole=False,
        declined_at=None,
        declined_by_id=None,
        declined_reason=None,
        answered_at=None,
        answered_by_id=None,
        effect=None,
    )
