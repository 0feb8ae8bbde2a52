"""Where the threads of escalations stand: in a channel, or with the person named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from bot.domain.wall_time import instant, local_date
from bot.services import escalation, escalation_ladder, switches
from models.schemas.escalation import EscalationCard, EscalationState

OWN_THREADS = 3
"""New ones of a channel on one day; the others stand on one list."""


@dataclass(frozen=True)
class Where:
    """`target` is a channel, or a person's Slack id; None reaches nobody."""

    target: str | None
    is_dry_run: bool = False

    @property
    def has_thread(self) -> bool:
        """With a person there is one message for each time that they are named."""
        return self.is_dry_run or (self.target is not None and not self.target.startswith(("U", "W")))


def targets(session: Session, cards: Sequence[EscalationCard], *, now: datetime) -> dict[int, Where]:
    """By escalation. Under a dry run everything goes to the one who looks at it."""
    programs = {card.place.program_id for card in cards}
    sends = switches.of_programs(session, programs, now=now)
    grounds = escalation_ladder.grounds(session, (_belongs_to(card) for card in cards))
    found = {}
    for card in cards:
        dry_run_to = sends[card.place.program_id].dry_run_to
        channel = grounds.channel(*_belongs_to(card))
        found[card.id] = Where(dry_run_to or channel or card.notify.slack_id, is_dry_run=dry_run_to is not None)
    return found


def day_of(card: EscalationCard, now: datetime) -> date:
    return local_date(now, card.zone)


def settle(session: Session, cards: Sequence[EscalationCard], *, now: datetime) -> None:
    """New ones get their places: the first three of a channel's day a thread each, the others that day's list."""
    where = targets(session, cards, now=now)
    by_target: dict[str | None, list[EscalationCard]] = {}
    for card in cards:
        by_target.setdefault(where[card.id].target, []).append(card)
    for target, new in by_target.items():
        day = day_of(new[0], now)
        free = OWN_THREADS
        if target is not None:
            since = instant(day, time(), new[0].zone)
            free -= escalation.opened_on(session, target, since, but=[card.id for card in new])
        in_order = sorted(new, key=lambda card: card.status is not EscalationState.PENDING)
        for number, card in enumerate(in_order):
            on_list = number >= free and where[card.id].target is not None
            escalation.place_in(session, card.id, channel=target, listed_on=day if on_list else None)


def _belongs_to(card: EscalationCard) -> tuple[int | None, int | None]:
    place = card.place
    return place.program_id, place.id if place.kind == "project" else None
