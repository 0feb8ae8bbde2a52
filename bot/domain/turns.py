"""Whose turn it is: each place reads in order, each message is in one hand, and no bucket is emptied below nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.pace import IN_A_CHANNEL, LOOKING, METHOD_OF, Rates, channel_bucket
from models.schemas.delivery import Operation

WAIT_FOR_EARLIER = timedelta(seconds=2)
POSTS = frozenset({Operation.POST, Operation.PICTURE})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that is due."""

    id: int
    key: str
    operation: Operation
    target: str
    unsure_since: datetime | None
    """An earlier attempt may have arrived: what is posted is looked for first."""
    line_due: datetime | None
    """For what is posted: when the one before it in the same place is due, if that still waits."""
    post_due: datetime | None
    """For what changes a message: when that is due to be posted or removed, if that still waits."""

    @property
    def is_looked_for(self) -> bool:
        return self.unsure_since is not None and self.operation in POSTS


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A row that somebody has claimed, since `since` until `lease_until`."""

    key: str
    operation: Operation
    target: str
    since: datetime
    lease_until: datetime
    is_ours: bool
    """In this very process: when it ends it is known at once."""


@dataclass
class Turns:
    """One round: what is taken now, and until when each other is put off. What is neither waits as it does."""

    now: datetime
    rates: Rates
    free: dict[str, datetime]
    """By bucket; afterwards as it is to be kept."""
    limit: int
    most_posts: int
    taken: list[Waiting] = field(default_factory=list)
    put_off: dict[int, datetime] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    _lines: dict[str, datetime] = field(default_factory=dict)
    """By place: the turn of the last one that stands in its line."""
    _keys: dict[str, bool] = field(default_factory=dict)
    """By message that is in somebody's hand: whether it is ours."""
    _ahead: dict[str, datetime] = field(default_factory=dict)
    """By message when an earlier row of it has its turn: one that may have been posted is looked for before it is
    changed."""

    def give(self, rows: Iterable[Waiting], under_way: Iterable[UnderWay]) -> None:
        for claim in under_way:
            self._keys[claim.key] = claim.is_ours
            if claim.operation is Operation.POST:
                self._stand_in_line(claim.target, self._end_of(claim) - IN_A_CHANNEL.every)
        for row in sorted(rows, key=lambda row: row.id):
            self._consider(row)

    @property
    def kept(self) -> Mapping[str, datetime]:
        """The buckets that changed."""
        return {bucket: self.free[bucket] for bucket in self.touched}

    def _end_of(self, claim: UnderWay) -> datetime:
        """Whoever has it may have been killed: the longer it lasts the less often we look, until its lease ends."""
        if claim.is_ours:
            return self.now + IN_A_CHANNEL.every
        return min(claim.lease_until, self.now + max(WAIT_FOR_EARLIER, self.now - claim.since))

    def _consider(self, row: Waiting) -> None:
        if row.key in self._keys:
            if not self._keys[row.key]:
                self.put_off[row.id] = self.now + WAIT_FOR_EARLIER
            return
        first = max((at for at in (row.post_due, self._ahead.get(row.key)) if at is not None), default=None)
        if first is not None:
            self.put_off[row.id] = max(self.now + WAIT_FOR_EARLIER, first)
            return
        turn = self._turn(row) if row.operation in POSTS else self.now
        if row.operation in POSTS:
            self._stand_in_line(row.target, turn)
        if turn > self.now:
            self.put_off[row.id] = turn
        elif self._has_room(row):
            self._take(row)
            return
        self._ahead[row.key] = turn

    def _turn(self, row: Waiting) -> datetime:
        """In its place: after whoever stands before it, and not before the place takes a message again."""
        found = [self.now, self.free.get(channel_bucket(row.target), self.now)]
        if row.line_due is not None:
            found.append(max(self.now, row.line_due) + IN_A_CHANNEL.every)
        if row.target in self._lines:
            found.append(self._lines[row.target] + IN_A_CHANNEL.every)
        return max(found)

    def _stand_in_line(self, target: str, turn: datetime) -> None:
        self._lines[target] = max(turn, self._lines.get(target, turn))

    def _has_room(self, row: Waiting) -> bool:
        if len(self.taken) >= self.limit or (row.operation in POSTS and self.most_posts <= 0):
            return False
        if row.is_looked_for and not self._room(LOOKING):
            self.put_off[row.id] = self.free[LOOKING]
            return False
        return self._room(METHOD_OF[row.operation])

    def _room(self, method: str) -> bool:
        return self.rates.room(method, self.free.get(method), self.now, most=1) > 0

    def _take(self, row: Waiting) -> None:
        self.taken.append(row)
        self._keys[row.key] = True
        self._use(METHOD_OF[row.operation])
        if row.is_looked_for:
            self._use(LOOKING)
        if row.operation in POSTS:
            self.most_posts -= 1
            bucket = channel_bucket(row.target)
            self.free[bucket] = IN_A_CHANNEL.after(self.free.get(bucket), self.now)
            self.touched.add(bucket)

    def _use(self, method: str) -> None:
        rate = self.rates.of(method)
        if rate is not None:
            self.free[method] = rate.after(self.free.get(method), self.now)
            self.touched.add(method)
