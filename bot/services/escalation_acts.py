"""What people do to an escalation itself: whose turn it is takes it, a manager calls it off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Involved, Standing
from bot.domain.wall_time import local_date
from bot.errors import Attempt, NotFound, NotPossible, Refused
from bot.services import calendars, escalation_ladder, escalation_outcome, people, register, watch
from bot.services.escalation import KIND, find_by_id
from bot.services.escalation_look import start_of
from bot.services.history import record_change
from models.schemas.dates import day_words
from models.schemas.escalation import EscalationCard, EscalationState, Level
from models.schemas.parameters import Ladder
from models.schemas.roles import Role
from models.tables import Escalation

WHAT = "this escalation"


def seen(session: Session, escalation_id: int | None, by: Standing, *, now: datetime) -> EscalationCard:
    """Raises NotFound where it does not exist for this person."""
    found = find_by_id(session, escalation_id, now=now)
    return register.seen(session, KIND, found, by, now=now, what=WHAT)[0]


def visible(cards: Sequence[EscalationCard], by: Standing) -> list[EscalationCard]:
    """Those that exist for this person."""
    return [
        card
        for card in cards
        if Role.OUTSIDER not in policy.roles(by, card.place, Involved({Role.OWNER: {p.id for p in card.named}}))
    ]


def acknowledge(session: Session, escalation_id: int | None, by: Standing, *, now: datetime) -> EscalationCard:
    """The climb is stopped. Whoever presses second sees who has it."""
    row = _lock(session, escalation_id)
    card = seen(session, escalation_id, by, now=now)
    assert row is not None
    require_going_on(card, "acknowledge")
    _require_turn(session, row, card, by)
    if card.status is EscalationState.ACKNOWLEDGED:
        return card
    hours = calendars.of_programs(session, [row.program_id or 0], now=now)[row.program_id or 0]
    window = Ladder.model_validate(row.ladder).ack_window
    reopens_on = hours.after(local_date(now, hours.zone), window)
    record_change(
        session, KIND, row.id, at=now, actor_id=by.person.id, field="state", old=row.state, new="acknowledged"
    )
    _save(
        session,
        card.id,
        state=EscalationState.ACKNOWLEDGED.value,
        acknowledged_by_id=by.person.id,
        acknowledged_at=now,
        reopens_on=reopens_on,
        next_step_at=start_of(hours, reopens_on),
    )
    return _get(session, card.id, now)


def add_note(session: Session, escalation_id: int | None, note: str, by: Standing, *, now: datetime) -> EscalationCard:
    """In the words of whoever has it."""
    row = _lock(session, escalation_id)
    card = seen(session, escalation_id, by, now=now)
    assert row is not None
    require_going_on(card, "acknowledge")
    if row.acknowledged_by_id != by.person.id:
        who = f"{card.acknowledged_by.handle} has it." if card.acknowledged_by else "Nobody has it any more."
        raise Refused(f"You cannot say more on {card.ref}", who, attempt=Attempt(KIND, card.id, "note"))
    _save(session, card.id, acknowledge_note=note)
    return _get(session, card.id, now)


def check_cancel(session: Session, escalation_id: int | None, by: Standing, *, now: datetime) -> EscalationCard:
    found = find_by_id(session, escalation_id, now=now)
    card, held = register.seen(session, KIND, found, by, now=now, what=WHAT)
    allowed = policy.allowed("escalation.cancel")
    register.require(session, KIND, card, held, allowed, action="cancel", verb="cancel")
    require_going_on(card, "cancel")
    return card


def cancel(session: Session, escalation_id: int | None, reason: str, by: Standing, *, now: datetime) -> EscalationCard:
    """It is not opened again for the same deadline."""
    row = _lock(session, escalation_id)
    card = check_cancel(session, escalation_id, by, now=now)
    assert row is not None
    escalation_outcome.end(
        session, row, EscalationState.CANCELLED, by_id=by.person.id, reason=reason, now=now, outcome="cancelled"
    )
    watch.look_soon(session, row.program_id, at=now)
    session.expire_all()
    return _get(session, card.id, now)


def _lock(session: Session, escalation_id: int | None) -> Escalation | None:
    """The row as it is now; a look at its program waits."""
    statement = select(Escalation).where(Escalation.id == escalation_id).with_for_update()
    return session.scalar(statement, execution_options={"populate_existing": True})


def _require_turn(session: Session, row: Escalation, card: EscalationCard, by: Standing) -> None:
    """The person named, and everybody above."""
    chain = escalation_ladder.grounds(session, [(row.program_id, row.project_id)]).chain(row.program_id, row.project_id)
    above = [chain.at(level) for level in Level if level is not Level.OWNER and level >= row.level]
    backup = chain.backup if row.level == Level.LEAD else None
    allowed = [row.notify_id, row.instead_of_id, backup, *above]
    if by.person.id in allowed or (by.is_admin and not by.is_stranger):
        return
    names = people.cards(session, allowed)
    told = list(dict.fromkeys(names[person].handle for person in allowed if person in names))
    who = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    attempt = Attempt(KIND, card.id, "acknowledge")
    raise Refused(f"You cannot acknowledge {card.ref}", f"{who} can: it is their turn, or above.", attempt=attempt)


def require_going_on(card: EscalationCard, action: str) -> None:
    """Raises NotPossible: since when it is over, and by whom."""
    if card.is_open:
        return
    by = f", by {card.resolved_by.handle}" if card.resolved_by else ""
    since = f"{by}, {day_words(card.resolved_on)}" if card.resolved_on else by
    raise NotPossible(card.ref, card.status.value, link=card.link, since=since, attempt=Attempt(KIND, card.id, action))


def _save(session: Session, escalation_id: int, **values: object) -> None:
    statement = update(Escalation).where(Escalation.id == escalation_id)
    session.execute(
        statement.values(version=Escalation.version + 1, **values), execution_options={"synchronize_session": False}
    )
    session.expire_all()


def _get(session: Session, escalation_id: int, now: datetime) -> EscalationCard:
    found = find_by_id(session, escalation_id, now=now)
    if found is None:
        raise NotFound(WHAT)
    return found
