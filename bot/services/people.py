"""The people of a workspace, as far as we know them."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.domain import slack_text
from bot.services import work_weeks
from models.schemas.people import PersonCard, one_line
from models.tables import Person, Workspace
from models.tables.ready import Ready
from models.tables.unit import (
    THIS_WORKSPACE,
    add_row_once,
    fetch,
    read_ahead,
    rows_of,
    this_workspace,
)

_PERSON = Person.__table__
_OF_ALL = Workspace.__table__
_SHOWN = ("id", "slack_id", "handle", "tz", "is_admin", "is_guest", "is_bot", "deleted")
_ANYONE = (
    select(*(_PERSON.c[name] for name in _SHOWN), *work_weeks.COLUMNS, _OF_ALL.c.default_tz)
    .join(_OF_ALL, _OF_ALL.c.id == _PERSON.c.workspace_id)
    .outerjoin(work_weeks.CALENDAR, work_weeks.of_person(_PERSON))
    .where(_PERSON.c.workspace_id == THIS_WORKSPACE)
)
_EVERYBODY = Ready(_ANYONE)
_BY_ID = Ready(_ANYONE.where(_PERSON.c.id.in_(bindparam("ids", expanding=True))))
_BY_SLACK_ID = Ready(_ANYONE.where(_PERSON.c.slack_id.in_(bindparam("slack_ids", expanding=True))))
_BY_HANDLE = Ready(
    _ANYONE.where(func.lower(_PERSON.c.handle) == bindparam("lower"), ~_PERSON.c.deleted).order_by(
        _PERSON.c.handle != bindparam("handle"), _PERSON.c.id
    )
)
_DIRECT = select(_PERSON.c.slack_id, _PERSON.c.dm_channel).where(
    _PERSON.c.workspace_id == THIS_WORKSPACE,
    _PERSON.c.slack_id.in_(bindparam("slack_ids", expanding=True)),
    _PERSON.c.dm_channel.is_not(None),
)


def card(row: Person | Row[Any], default_tz: str) -> PersonCard:
    """A table object brings no calendar along: whose hours count is read by `cards`."""
    return PersonCard(
        id=row.id,
        slack_id=row.slack_id,
        handle=row.handle,
        tz=row.tz or default_tz,
        is_admin=row.is_admin,
        is_guest=row.is_guest,
        is_bot=row.is_bot,
        deleted=row.deleted,
        week=work_weeks.read(row),
    )


def _card(row: Any) -> PersonCard:
    return card(row, row.default_tz)


def cards(session: Session, ids: Iterable[int | None]) -> dict[int, PersonCard]:
    """Cards by person id, in one query at most: whom this unit has met before is not looked up again."""
    wanted, known = {person for person in ids if person is not None}, _met(session)
    if missing := wanted - known.keys():
        known.update((row.id, _card(row)) for row in rows_of(session, _BY_ID, ids=list(missing)))
    return {person: known[person] for person in wanted if person in known}


def everybody(session: Session) -> dict[int, PersonCard]:
    """All cards of the workspace, for what tells of all of it."""
    return {row.id: _card(row) for row in rows_of(session, _EVERYBODY)}


def by_slack_id(session: Session, slack_id: str) -> PersonCard | None:
    known = _met(session)
    if found := next((met for met in known.values() if met.slack_id == slack_id), None):
        return found
    meet(session, [slack_id])
    return next((met for met in known.values() if met.slack_id == slack_id), None)


def meet(session: Session, slack_ids: Iterable[str]) -> None:
    """Look all of them up in one query: whoever of them is asked for later is known."""
    known = _met(session)
    wanted = sorted({*slack_ids}.difference(met.slack_id for met in known.values() if met.slack_id))
    if wanted:
        known.update((row.id, _card(row)) for row in rows_of(session, _BY_SLACK_ID, slack_ids=wanted))


def meet_soon(session: Session, slack_ids: Iterable[str]) -> None:
    """As the first act of a unit, where `meet` follows for the same."""
    read_ahead(session, _BY_SLACK_ID, slack_ids=sorted({*slack_ids}))


def forget(session: Session) -> None:
    """What this unit read of people may be old: they were changed, or locked."""
    session.info.pop("people", None)


def _met(session: Session) -> dict[int, PersonCard]:
    met: dict[int, PersonCard] = session.info.setdefault("people", {})
    return met


def ensure(session: Session, slack_id: str) -> PersonCard:
    """The person behind a Slack id; one we never met is remembered by id until the job has fetched them."""
    known = by_slack_id(session, slack_id)
    if known is None:
        add_row_once(session, Person, slack_id=slack_id, handle=slack_id)  # another unit may meet them as well
        known = by_slack_id(session, slack_id)
    assert known is not None
    return known


def readable(session: Session, text: str) -> str:
    """A command's text as one line that a person would read: Slack's codes for people, channels and links are names."""
    return one_line(slack_text.plain(text, mentioned(session, text), in_command=True))


def said(session: Session, text: str) -> str:
    """A message's text as a person would read it, with its line breaks."""
    return slack_text.plain(text, mentioned(session, text))


def mentioned(session: Session, text: str) -> dict[str, str]:
    """Handles of the people whom a text names, by Slack id, as far as we know them."""
    ids = slack_text.mentioned(text)
    known = session.scalars(select(Person).where(Person.slack_id.in_(ids))) if ids else ()
    return {row.slack_id: row.handle for row in known if row.slack_id}


def by_handle(session: Session, handle: str) -> PersonCard | None:
    """Who is called so, in capitals or not; an exact match first. Who has left is not meant."""
    rows = rows_of(session, _BY_HANDLE, handle=handle, lower=handle.lower())
    return _card(rows[0]) if rows else None


def choose(session: Session, slack_id: str) -> PersonCard | str:
    """The person that somebody chose in a form, or why they cannot be chosen, in words."""
    known = by_slack_id(session, slack_id)
    return _problem(session, known) or known or ensure(session, slack_id)


def problem_with(session: Session, slack_id: str) -> str | None:
    """Why this person cannot be chosen, in words; None if they can."""
    return _problem(session, by_slack_id(session, slack_id))


def _problem(session: Session, person: PersonCard | None) -> str | None:
    if person is None:
        return (
            "I do not know this person yet. Choose someone else, or try again in a minute."
            if is_synced(session)
            else None
        )
    if person.deleted:
        return "This person is not in the workspace any more. Choose someone else."
    return "This is an app, not a person. Choose someone else." if person.is_bot else None


def default_zone(session: Session) -> str:
    return str(this_workspace(session).default_tz)


def direct_channel(session: Session, slack_id: str) -> str | None:
    """The direct message that was opened with this person."""
    return session.scalar(select(Person.dm_channel).where(Person.slack_id == slack_id))


def direct_channels(session: Session, slack_ids: Collection[str]) -> dict[str, str]:
    """By person the direct messages that were opened with them."""
    if not slack_ids:
        return {}
    return {row.slack_id: row.dm_channel for row in fetch(session, _DIRECT, slack_ids=list(slack_ids))}


def remember_direct_channel(session: Session, slack_id: str, channel: str) -> None:
    session.execute(update(Person).where(Person.slack_id == slack_id).values(dm_channel=channel))


def is_synced(session: Session) -> bool:
    """The copies of everyone were taken once."""
    return this_workspace(session).people_synced_at is not None
