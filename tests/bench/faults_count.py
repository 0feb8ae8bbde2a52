"""What the sandbox received against what was queued: what is missing, what is there twice, what came too early."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """A channel, a person's direct messages, or one thread: it reads in order."""

    place: str
    under: str = ""
    """The key of the message that the thread stands under; empty for what stands in the place itself."""


@dataclass(frozen=True)
class Arrived:
    """A message as it stands in Slack: the key in its metadata and its words."""

    key: str
    words: str


@dataclass
class Queued:
    """All that has to arrive, line by line, in the order in which it was queued; and the newest words of each."""

    lines: dict[Line, list[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def add(self, line: Line, key: str, words: str) -> None:
        self.lines.setdefault(line, []).append(key)
        self.words[key] = words


@dataclass(frozen=True)
class Count:
    lost: int
    """Messages that stand nowhere, stand in another place, or stand in older words."""
    doubled: Counter[str]
    """How often each message stands there beyond once."""
    out_of_order: int
    """Messages that came after one that was queued later for the same line."""


def count(queued: Queued, arrived: Mapping[Line, Sequence[Arrived]]) -> Count:
    lost, out_of_order = 0, 0
    doubled: Counter[str] = Counter()
    for line in queued.lines.keys() | arrived.keys():
        due, standing = queued.lines.get(line, []), arrived.get(line, ())
        times = Counter(each.key for each in standing)
        up_to_date = {each.key for each in standing if each.words == queued.words.get(each.key)}
        lost += len([key for key in due if key not in up_to_date])
        doubled += Counter({key: number - 1 for key, number in times.items()})
        out_of_order += _overtaken(due, standing)
    return Count(lost, doubled, out_of_order)


def _overtaken(due: Sequence[str], standing: Iterable[Arrived]) -> int:
    """By first arrival: a message that stands there twice is counted as doubled, and not as late too."""
    turn = {key: number for number, key in enumerate(due)}
    latest, overtaken = -1, 0
    for key in dict.fromkeys(each.key for each in standing):
        mine = turn.get(key, latest)
        overtaken += mine < latest
        latest = max(latest, mine)
    return overtaken
