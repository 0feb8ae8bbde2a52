"""The checker: written apart from what it checks. It reads what the sandbox received, and the seeded calendars.

It has its own arithmetic of weeks, holidays and ladders, and imports nothing of the bot.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.simulation.ladders import ladder_faults
from tests.simulation.received import Answered, Call
from tests.simulation.world import START, Inhabitant, World

DAY = timedelta(days=1)
NOT_ASKS = (".yours:", "escalation", "handed", "unreached", "covers", "rollup", "well:")
"""Direct messages that answer, or that name somebody at the moment it happens: they ask nothing by the clock."""

STATUS = re.compile(r"Update status of (Project \d+)")
ONCE = ("assumption.confirm", "milestone.achieve", "decision.decide")
"""What is answered for good."""


@dataclass
class Findings:
    """Every list but the first is empty where the bot keeps its promises."""

    per_day: Counter[tuple[str, date]] = field(default_factory=Counter)
    outside_working_hours: list[str] = field(default_factory=list)
    on_holiday_or_away: list[str] = field(default_factory=list)
    sent_twice: list[str] = field(default_factory=list)
    never_sent: list[str] = field(default_factory=list)
    ladder_steps_missed: list[str] = field(default_factory=list)
    ladder_steps_doubled: list[str] = field(default_factory=list)
    asked_after_answer: list[str] = field(default_factory=list)

    @property
    def most_a_day(self) -> int:
        return max(self.per_day.values(), default=0)


def check(world: World, received: Sequence[Call], answered: Sequence[Answered]) -> Findings:
    found = Findings()
    asks = [call for call in received if _asks(call)]
    for call in asks:
        if call.is_new:
            _check_hour(world, call, found)
    found.sent_twice = [f"{key} {times} times" for key, times in _keys(received).items() if times > 1]
    found.never_sent = [*_silent_requests(world, asks, answered), *_missing_rollups(world, received)]
    found.asked_after_answer = list(_asked_again(world, asks, answered))
    found.ladder_steps_missed, found.ladder_steps_doubled = ladder_faults(world, received)
    return found


def person_of(world: World, call: Call) -> Inhabitant | None:
    return world.by_id.get(f"U{call.channel[1:]}") if call.channel.startswith("D") else None


def _asks(call: Call) -> bool:
    return call.channel.startswith("D") and not any(word in call.key for word in NOT_ASKS)


def _keys(received: Iterable[Call]) -> Counter[str]:
    return Counter(call.key or f"{call.channel} {call.text}" for call in received if call.is_new)


def _check_hour(world: World, call: Call, found: Findings) -> None:
    person = person_of(world, call)
    if person is None:
        found.sent_twice.append(f"{call.key} went to nobody we know")
        return
    local = person.local(call.at)
    day = local.date()
    found.per_day[person.handle, day] += 1
    where = f"{person.handle} {local:%a %d %b %H:%M}: {call.text[:80]}"
    if person.is_away(day) or day in person.holidays:
        found.on_holiday_or_away.append(where)
    elif not person.works_on(day) or not (
        person.at(day, person.home.start) <= call.at < person.at(day, person.home.end)
    ):
        found.outside_working_hours.append(where)


@dataclass(frozen=True)
class Request:
    """One week's status of one project, as domain 4.1 dates it in its owner's calendar."""

    project: str
    owner: Inhabitant
    open_at: datetime
    close_at: datetime


def requests(world: World) -> Iterator[Request]:
    for row in world.portfolio["projects"]:
        owner = world.people[row["owner"]]
        opens = [_opens(owner, START.date() + timedelta(weeks=week)) for week in range(world.weeks + 1)]
        for open_at, close_at in pairwise(opens):
            yield Request(row["name"], owner, open_at, close_at)


def _opens(owner: Inhabitant, monday: date) -> datetime:
    """Thursday, due on Friday; both move back to a working day, and the opening to the one before where they meet."""
    due, opens = _back(owner, monday + 4 * DAY), _back(owner, monday + 3 * DAY)
    if opens >= due:
        opens = _back(owner, due - DAY)
    return owner.at(opens, "10:00")


def _back(owner: Inhabitant, day: date) -> date:
    while not owner.works_on(day):
        day -= DAY
    return day


def _silent_requests(world: World, asks: Sequence[Call], answered: Sequence[Answered]) -> Iterator[str]:
    """Whose opening passed while the bot ran, and of which nobody was told before it closed."""
    told: dict[str, list[datetime]] = defaultdict(list)
    names: dict[str, str] = {}
    for call in asks:
        rows = STATUS.findall(call.words)
        for name in rows:
            told[name].append(call.at)
        values = [value for action, value in call.buttons if action == "status.open"]
        names.update(zip(values, dict.fromkeys(rows), strict=False))
    done: dict[str, list[datetime]] = defaultdict(list)
    for act in answered:
        if act.action == "status.open" and act.value in names:
            done[names[act.value]].append(act.at)
    for request in requests(world):
        until = min(request.close_at, world.end)
        if request.open_at < START + DAY or until - request.open_at < 3 * DAY:
            continue
        said = any(request.open_at <= at < until for at in told[request.project] + done[request.project])
        if not said and not _nobody_there(world, request, until):
            yield f"{request.project} of {request.owner.handle}, opened {request.open_at:%a %d %b %H:%M}Z"


def _nobody_there(world: World, request: Request, until: datetime) -> bool:
    """The bot was down, or whoever is to be asked had no working hour in all that time."""
    down, up = world.outage
    moment = request.open_at
    while moment < until:
        person = _receiver(world, request.owner, moment)
        day = person.local(moment).date()
        hours = person.at(day, person.home.start) <= moment < person.at(day, person.home.end)
        if person.works_on(day) and hours and not person.is_away(day) and not down <= moment < up:
            return False
        moment += timedelta(minutes=30)
    return True


def _receiver(world: World, person: Inhabitant, moment: datetime) -> Inhabitant:
    for _ in range(3):
        day = person.local(moment).date()
        absence = next((each for each in person.away if each.covers(day)), None)
        if absence is None or absence.delegate is None:
            break
        person = world.people[absence.delegate]
    return person


def _missing_rollups(world: World, received: Sequence[Call]) -> Iterator[str]:
    posted: dict[str, list[datetime]] = defaultdict(list)
    for call in received:
        if call.is_new and call.key.startswith("rollup:") and "thread_ts" not in call.body:
            posted[call.channel].append(call.at)
    down, up = world.outage
    for row in world.portfolio["programs"]:
        manager = world.people[row["manager"]]
        channel = f"C{row['channel'].strip('#').upper().replace('-', '')}"
        for week in range(1, world.weeks):
            due = manager.at(START.date() + timedelta(weeks=week), "09:00")
            until = max(due, up) if down <= due <= up else due
            if not any(due <= at <= until + timedelta(minutes=30) for at in posted[channel]):
                yield f"rollup of {row['name']} due {due:%a %d %b %H:%M}Z"


def _asked_again(world: World, asks: Sequence[Call], answered: Sequence[Answered]) -> Iterator[str]:
    """A message that names what had been answered before it was sent."""
    done: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for act in answered:
        done[act.action, act.value].append(act.at)
    opens: dict[str, list[datetime]] = defaultdict(list)
    for request in requests(world):
        opens[request.project].append(request.open_at)
    for call in asks:
        names = dict(zip(_status_values(call), dict.fromkeys(STATUS.findall(call.words)), strict=False))
        for action, value in call.buttons:
            last = max((at for at in done.get((action, value), ()) if at < call.at), default=None)
            since = _asked_since(action, call.at, opens.get(names.get(value, ""), ()))
            if last is not None and since is not None and last >= since:
                yield f"{action} {value} at {call.at:%d %b %H:%M}Z, answered {last:%d %b %H:%M}Z"


def _asked_since(action: str, at: datetime, opens: Sequence[datetime]) -> datetime | None:
    """An answer from this instant on is one to what is asked `at`; None where that cannot be said."""
    if action in ONCE:
        return START
    if action == "risk.review":
        return at - timedelta(days=19)
    return max((opened for opened in opens if opened <= at), default=None) if action == "status.open" else None


def _status_values(call: Call) -> list[str]:
    return [value for action, value in call.buttons if action == "status.open"]
