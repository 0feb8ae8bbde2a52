"""What all records of the register have in common: who may act on one, how it changes, and that history keeps it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.machine import Illegal, Machine, Transition
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import Attempt, NotFound, NotPossible, Refused
from bot.services import people, watch
from bot.services.history import record_change, record_instead
from bot.services.register_roles import names, roles
from models.schemas.dates import day_words
from models.schemas.people import PersonCard
from models.schemas.register import Card, Record
from models.schemas.roles import Role
from models.tables import Assumption, Decision, Finding, History, Issue, Milestone, Risk

SHOWN_IN_FORMS = {
    "title": 150,
    "trigger": 200,
    "statement": 1000,
    "response_plan": 1000,
    "workaround": 1000,
    "context": 1000,
}
"""Characters that a form takes of a text; an import may have brought more, of which it shows the beginning."""


class Row(Protocol):
    """A row of a record's table."""

    id: Any
    version: Any
    status: Any


TABLES: Mapping[str, type[Any]] = {
    "risk": Risk,
    "issue": Issue,
    "assumption": Assumption,
    "decision": Decision,
    "milestone": Milestone,
    "finding": Finding,
}

Found = TypeVar("Found", bound=Row)
Shown = TypeVar("Shown", bound=Record)


def seen(
    session: Session,
    kind: str,
    card: Shown | None,
    by: Standing,
    *,
    now: datetime,
    what: str | None = None,
    action: str = "see",
) -> tuple[Shown, frozenset[Role]]:
    """The record, and what this person is to it. Raises NotFound in the same words where there is none and where it
    does not exist for them. `what` is how they asked for it, if not as 'this risk'."""
    what = what or f"this {kind}"
    if card is None:
        raise NotFound(what)
    held = roles(session, kind, card, by, now=now)
    require_sight(kind, card, held, what, action=action)
    return card, held


def require_sight(kind: str, card: Card, held: Collection[Role], what: str, *, action: str = "see") -> None:
    """Raises NotFound, in the words for what is not there, where the record does not exist for this person."""
    if Role.OUTSIDER in held:
        raise NotFound(what, attempt=Attempt(kind, card.id, action))


def require(
    session: Session,
    kind: str,
    card: Card,
    held: Collection[Role],
    allowed: Collection[Role],
    *,
    action: str,
    verb: str,
) -> None:
    """Raises Refused with who may. `verb` says what they wanted to do: 'close', or 'mark {ref} as happened'."""
    if not set(held) & set(allowed):
        who = policy.who_may(allowed, card.place, names(session, card))
        raise Refused(
            f"You cannot {verb.format(ref=card.ref) if '{ref}' in verb else f'{verb} {card.ref}'}",
            f"{who[0].upper()}{who[1:]} can.",
            attempt=Attempt(kind, card.id, action),
        )


def step(session: Session, machine: Machine, card: Card, action: str, state_words: Mapping[Any, str]) -> Transition:
    """The transition, or NotPossible: since when it is as it is, by whom, and what can be done instead."""
    try:
        return machine.step(card.status, action)
    except Illegal:
        raise not_possible(session, machine, card, action, state_words) from None


def not_possible(
    session: Session, machine: Machine, card: Card, action: str, state_words: Mapping[Any, str]
) -> NotPossible:
    """Since when it is as it is, by whom, and what the state allows."""
    return NotPossible(
        card.ref,
        state_words[card.status].lower(),
        link=card.link,
        since=_since(session, machine.kind, card),
        legal=machine.verbs(card.status),
        attempt=Attempt(machine.kind, card.id, action),
    )


def lock(session: Session, table: type[Found], record_id: int | None) -> Found | None:
    """The row as it is now; whoever else wants to change it waits. SQLite has one writer at a time anyway."""
    statement = select(table).where(table.id == record_id).with_for_update()
    return session.scalar(statement, execution_options={"populate_existing": True})


def hold(session: Session, kind: str, record_id: int | None) -> None:
    """Until this unit ends nobody else changes the record: what is read of it from now on stays so."""
    lock(session, TABLES[kind], record_id)


def change(
    session: Session,
    kind: str,
    row: Row,
    values: Mapping[str, object],
    *,
    by: PersonCard | None,
    now: datetime,
    reason: str | None = None,
    instead_of: PersonCard | None = None,
) -> bool:
    """Write what differs, a row of history for each field of it, and raise the version. False: nothing differed.
    `instead_of` is the absent person in whose place it is done.

    The reason stands with the change of state, else with the first change. `row` stays as it was read before.
    """
    changed = {name: value for name, value in values.items() if _differs(name, getattr(row, name), value)}
    if not changed:
        return False
    first = "status" if "status" in changed else next(iter(changed))
    for name, value in changed.items():
        record_change(
            session,
            kind,
            row.id,
            at=now,
            actor_id=by.id if by else None,
            field=name,
            old=getattr(row, name),
            new=value,
            reason=reason if name == first else None,
        )
    if instead_of is not None and by is not None:
        record_instead(session, kind, row.id, by=by, of=instead_of, now=now)
    table = type(row)
    session.execute(
        update(table).where(table.id == row.id).values(**changed, version=table.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.expunge(row)
    session.expire_all()
    watch.look_at_record(session, kind, row.id, now=now)
    return True


def _differs(column: str, known: object, value: object) -> bool:
    """The beginning of a longer text, left as a form showed it, is no change of it."""
    most = SHOWN_IN_FORMS.get(column)
    if most and isinstance(known, str) and isinstance(value, str) and len(known) > most:
        return value != known and known[:most].split() != value.split()
    return known != value


def record_refusal(session: Session, attempt: Attempt, *, by: PersonCard, now: datetime) -> None:
    """That somebody tried what they may not do is kept with the record."""
    record_change(session, attempt.kind, attempt.record_id, at=now, actor_id=by.id, field="refused", new=attempt.action)


def _since(session: Session, kind: str, card: Card) -> str:
    """', by grace, Thu 26 Mar 2026': from the history, empty where it does not say."""
    last = session.scalar(
        select(History)
        .where(History.kind == kind, History.record_id == card.id, History.field == "status")
        .order_by(History.at.desc(), History.id.desc())
        .limit(1)
    )
    if last is None:
        return ""
    day = day_words(local_date(last.at, card.place.tz if card.place else "UTC"))
    by = people.cards(session, [last.actor_id]).get(last.actor_id or 0)
    return f", by {by.handle}, {day}" if by else f", {day}"
