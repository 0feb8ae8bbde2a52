"""Whether each escalation climbed as its ladder says: read from the threads alone, in the calendars of the programs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.simulation.received import Call
from tests.simulation.world import START, Inhabitant, World

DAY = timedelta(days=1)
SUBJECT = re.compile(r"Milestone \d+|Risk of project \d+|Decision of project \d+|Project \d+")
MENTION = re.compile(r"<@(U\w+)>")
ENDED = ("Resolved", "Cancelled")
LADDER = {3: 2, 4: 5}
"""Working days after its date at which something is with the program manager, and with the sponsor."""


@dataclass
class Thread:
    """All that was said of one thing in its program's channel, from its opening to its end."""

    steps: list[tuple[datetime, int]] = field(default_factory=list)
    """(when, level): each a reply that mentions somebody."""
    opened: datetime | None = None
    ended: datetime | None = None


def ladder_faults(world: World, received: Sequence[Call]) -> tuple[list[str], list[str]]:
    """What was missed, and what was said twice."""
    missed: list[str] = []
    doubled: list[str] = []
    for program in world.portfolio["programs"]:
        threads = _threads(world, program, received)
        for subject, runs in threads.items():
            for thread in runs:
                doubled += [f"{program['name']}, {subject}: {line}" for line in _doubled(thread)]
        missed += _missed(world, program, threads)
    return missed, doubled


def _threads(world: World, program: Mapping[str, Any], received: Sequence[Call]) -> Mapping[str, list[Thread]]:
    channel = f"C{program['channel'].strip('#').upper().replace('-', '')}"
    found: defaultdict[str, list[Thread]] = defaultdict(list)
    for call in received:
        if call.channel != channel or not call.key.startswith("escalation"):
            continue
        for subject in dict.fromkeys(SUBJECT.findall(_about(call))):
            _note(found[subject], call, world, program)
    return found


def _about(call: Call) -> str:
    """A project is named beside what is its own, so only the first subject of a single thing counts."""
    words = call.words
    if "escalation.list" in call.key:
        return re.sub(r"\(Project \d+\)|· Project \d+", "", words)
    first = SUBJECT.search(words)
    return first.group() if first else ""


def _note(runs: list[Thread], call: Call, world: World, program: Mapping[str, Any]) -> None:
    if not runs or runs[-1].ended is not None:
        if call.text.startswith(ENDED):
            return
        runs.append(Thread())
    thread = runs[-1]
    if call.text.startswith(ENDED):
        thread.ended = call.at
        return
    thread.opened = thread.opened or call.at
    if call.is_new and call.body.get("thread_ts"):
        level = _level(call, world, program)
        if level is not None:
            thread.steps.append((call.at, level))


def _level(call: Call, world: World, program: Mapping[str, Any]) -> int | None:
    """By who is called: the sponsor, the program manager, or whoever answers for the project."""
    called = [world.by_id[user].handle for user in MENTION.findall(call.words) if user in world.by_id]
    if not called:
        return None
    return 4 if program["sponsor"] in called else 3 if program["manager"] in called else 2


def _doubled(thread: Thread) -> Iterator[str]:
    levels = [level for _, level in thread.steps]
    for level in sorted(set(levels)):
        if levels.count(level) > 1:
            yield f"level {level} called {levels.count(level)} times"
    if levels != sorted(levels):
        yield f"went down: {levels}"


def _missed(world: World, program: Mapping[str, Any], threads: Mapping[str, Sequence[Thread]]) -> Iterator[str]:
    """Milestones of the silent: nobody moves them, so each has to climb on its day."""
    for row in world.portfolio["milestones"]:
        project = next(each for each in world.portfolio["projects"] if each["id"] == row["project"])
        owner = world.people[row["owner"]]
        if project["program"] != program["id"] or owner.answers is not None or _was_away(owner):
            continue
        runs = threads.get(row["name"], ())
        for level, day in _expected(world, program, date.fromisoformat(row["due_on"])):
            said = [_day(world, program, at) for thread in runs for at, step in thread.steps if step == level]
            if _has_passed(world, program, day) and said != [day]:
                yield f"{program['name']}, {row['name']} due {row['due_on']}: level {level} of {day}, called {said}"


def _expected(world: World, program: Mapping[str, Any], due: date) -> Iterator[tuple[int, date]]:
    """Levels and their days: by the working days that have passed, then from step to step (domain 4.3)."""
    manager = world.people[program["manager"]]
    day = _when_up(world, program, _working_day(manager, due, 1))
    passed = sum(manager.works_on(due + n * DAY) for n in range(1, (day - due).days + 1))
    level = 2 if passed < LADDER[3] else 3 if passed < LADDER[4] else 4
    yield level, day
    if level == 2:
        level, day = 3, max(_working_day(manager, due, LADDER[3]), _working_day(manager, day, 1))
        day = _when_up(world, program, day)
        yield level, day
    if level == 3:
        yield 4, _when_up(world, program, _working_day(manager, day, LADDER[4] - LADDER[3]))


def _day(world: World, program: Mapping[str, Any], at: datetime) -> date:
    return world.people[program["manager"]].local(at).date()


def _was_away(owner: Inhabitant) -> bool:
    """Somebody else answers for them meanwhile."""
    return bool(owner.away)


def _working_day(manager: Inhabitant, due: date, number: int) -> date:
    """The `number`-th working day after `due` in the program's calendar, its manager's."""
    day = due
    while number:
        day += DAY
        number -= manager.works_on(day)
    return day


def _has_passed(world: World, program: Mapping[str, Any], day: date) -> bool:
    return START.date() + 3 * DAY < day and _day(world, program, world.end) > day + DAY


def _when_up(world: World, program: Mapping[str, Any], day: date) -> date:
    """While the bot was down nothing could be said: it is said on the first working day that begins after it."""
    manager = world.people[program["manager"]]
    down, up = world.outage
    begins = manager.at(day, manager.home.start)
    if not down <= begins < up:
        return day
    day = manager.local(up).date()
    while not manager.works_on(day) or manager.at(day, manager.home.end) <= up:
        day += DAY
    return day
