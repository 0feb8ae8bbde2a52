"""Who is asked: whose it is, who took it over, who stands in, or the next on the ladder (domain 2.3, 4.4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.domain.reach import Reach, instead_of_left, stand_in


@dataclass(frozen=True)
class Duty:
    """What decides over one ask."""

    person: int
    """Whose it is."""
    ladder: Sequence[int]
    """Who answers for its place: project owner, program manager, sponsor."""
    backup: int | None = None
    """Who stands in for the owner of its project: asked before the ladder once its person has left for good."""
    taken_by: int | None = None
    declined_by: Collection[int] = ()
    only_within: Collection[int] | None = None
    """Of a restricted place: nobody else learns of it."""
    is_personal: bool = False
    """Nobody can answer it in their place."""
    is_ranked: bool = False
    """Only somebody on the ladder can."""


def receiver(
    duty: Duty, reaches: Mapping[int, Reach], now: datetime, *, left: Mapping[int, Reach] = MappingProxyType({})
) -> int | None:
    """Who is asked at this instant; None while it has to wait for its person. `left` are in Slack no more.

    Absence is read on each one's own local date. Of a chain of delegates that ends nowhere, or in somebody who may not
    know, the next on the ladder is asked; where the ladder ends too, it waits.
    """
    holder = duty.taken_by or duty.person
    if holder in left:
        return None if duty.is_personal else _for_good(duty, reaches, now, left[holder])
    if holder not in reaches:
        return None
    is_away = reaches[holder].absence(now) is not None
    if duty.is_personal:
        return None if is_away else holder
    if not is_away and holder not in duty.declined_by:
        return holder
    if is_away and not duty.is_ranked:
        delegate = stand_in(holder, reaches, now)
        if delegate is not None and delegate != duty.person and _may(delegate, duty):
            return delegate
    return next((person for person in duty.ladder if _is_there(person, duty, holder, reaches, now)), None)


def _for_good(duty: Duty, reaches: Mapping[int, Reach], now: datetime, left: Reach) -> int | None:
    """Nobody comes back to it: whoever covered for them, the backup, the ladder, until somebody else is named."""
    covering = () if duty.is_ranked else (instead_of_left(left, reaches, now), duty.backup)
    nearest = [person for person in (*covering, *duty.ladder) if person is not None]
    return next((person for person in nearest if _is_there(person, duty, duty.person, reaches, now)), None)


def _may(person: int, duty: Duty) -> bool:
    """Once somebody on the ladder declined, those below them are not asked again."""
    declined = max((duty.ladder.index(each) for each in duty.declined_by if each in duty.ladder), default=-1)
    if person in duty.declined_by or (declined >= 0 and person not in duty.ladder[declined + 1 :]):
        return False
    return duty.only_within is None or person in duty.only_within


def _is_there(person: int, duty: Duty, holder: int, reaches: Mapping[int, Reach], now: datetime) -> bool:
    if person in (duty.person, holder) or not _may(person, duty) or person not in reaches:
        return False
    return reaches[person].absence(now) is None
