"""The critical path of activities that wait for one another (domain 5.4): forward and backward pass, and the floats.

Times are days since the start; links are finish-to-start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeAlias

Days: TypeAlias = int | Fraction


class Link(NamedTuple):
    """What has to be finished before, and how many days have to pass after that."""

    id: str
    lag: int = 0


@dataclass(frozen=True)
class Activity:
    id: str
    duration: Days
    predecessors: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Timing:
    duration: Days
    es: Days
    ef: Days
    ls: Days
    lf: Days
    ff: Days
    """How far it can move without moving what follows."""
    independent: Days
    """How far it can move even when what comes before is as late, and what follows as early, as it can be."""

    @property
    def tf(self) -> Days:
        """How far it can move without moving the end."""
        return self.ls - self.es


class Cycle(ValueError):
    """Activities that wait for one another for ever; `path` goes round once and ends where it began."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__("these wait for one another: " + " → ".join(path))
        self.path = list(path)


@dataclass(frozen=True)
class Schedule:
    duration: Days
    timings: Mapping[str, Timing]
    links: Mapping[str, tuple[Link, ...]]
    """The predecessors of each activity."""

    def critical(self, within: Days = 0) -> list[str]:
        """What has no float, or `within` at most: by its start, then by its id."""
        ids = [id for id, timing in self.timings.items() if timing.tf <= within]
        return sorted(ids, key=lambda id: (self.timings[id].es, id))

    def is_critical(self, before: str, after: str) -> bool:
        """Whether this link is part of a critical path."""
        first, second = self.timings[before], self.timings[after]
        lags = [link.lag for link in self.links[after] if link.id == before]
        return any(first.tf == second.tf == 0 and first.ef + lag == second.es for lag in lags)

    def critical_paths(self) -> Iterator[list[str]]:
        """Every chain from a start to the end without float. There may be very many: take as many as can be read."""
        ends = [id for id, timing in self.timings.items() if timing.tf == 0 and timing.ef == self.duration]
        unfinished = [[id] for id in reversed(ends)]
        while unfinished:
            chain = unfinished.pop()
            before = dict.fromkeys(link.id for link in self.links[chain[0]] if self.is_critical(link.id, chain[0]))
            if not before:
                yield chain
            unfinished += [[id, *chain] for id in reversed(before)]


def schedule(activities: Iterable[Activity]) -> Schedule:
    """Raises Cycle, and KeyError for a predecessor that is no activity."""
    known = {activity.id: activity for activity in activities}
    order = in_order({id: [link.id for link in activity.predecessors] for id, activity in known.items()})
    early: dict[str, tuple[Days, Days]] = {}
    for id in order:
        start = max((early[link.id][1] + link.lag for link in known[id].predecessors), default=0)
        early[id] = (start, start + known[id].duration)
    end = max((finish for _, finish in early.values()), default=0)
    following = _following(known)
    late: dict[str, tuple[Days, Days]] = {}
    for id in reversed(order):
        finish = min((late[link.id][0] - link.lag for link in following[id]), default=end)
        late[id] = (finish - known[id].duration, finish)
    timings = {id: _timing(known[id], early, late, following[id], end) for id in known}
    return Schedule(end, timings, {id: activity.predecessors for id, activity in known.items()})


def in_order(predecessors: Mapping[str, Iterable[str]]) -> list[str]:
    """Each after all that it waits for. Raises Cycle, naming it."""
    try:
        return list(TopologicalSorter(predecessors).static_order())
    except CycleError as error:
        raise Cycle(error.args[1]) from None


def _following(known: Mapping[str, Activity]) -> dict[str, list[Link]]:
    following: dict[str, list[Link]] = {id: [] for id in known}
    for activity in known.values():
        for link in activity.predecessors:
            following[link.id].append(Link(activity.id, link.lag))
    return following


def _timing(
    activity: Activity,
    early: Mapping[str, tuple[Days, Days]],
    late: Mapping[str, tuple[Days, Days]],
    following: Sequence[Link],
    end: Days,
) -> Timing:
    es, ef = early[activity.id]
    ls, lf = late[activity.id]
    next_start = min((early[link.id][0] - link.lag for link in following), default=end)
    latest_before = max((late[link.id][1] + link.lag for link in activity.predecessors), default=0)
    independent = max(0, next_start - latest_before - activity.duration)
    return Timing(activity.duration, es, ef, ls, lf, next_start - ef, independent)
