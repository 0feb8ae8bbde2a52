"""Erasing a person: their one row is blanked, and what told of them alone is deleted. What they did stays, as
somebody's: history, outbox and logs know people by id."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import String, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from bot.domain import erasure, slack_text
from bot.domain.pace import channel_bucket
from bot.domain.policy import Standing
from bot.domain.redaction import REDACTED
from bot.errors import NotFound, Refused
from bot.services import people
from bot.services.history import record_change
from models.schemas.checkin import AnswerState
from models.schemas.delivery import OutboxState
from models.schemas.erasure import Erasure
from models.schemas.people import PersonCard
from models.tables import (
    Absence,
    Blocker,
    Calendar,
    CheckinAnswer,
    CheckinMember,
    Decision,
    Desk,
    DoNotDisturb,
    History,
    Installation,
    Outbox,
    Pace,
    Person,
    PostedMessage,
    Project,
    Risk,
    Stakeholder,
    StoppedTarget,
)
from models.tables.unit import change_rows, this_workspace

KIND = "person"
ERASED = "erased"
UNSAID = (OutboxState.QUEUED, OutboxState.CLAIMED, OutboxState.FAILED)
THEIRS: tuple[type[Any], ...] = (Calendar, DoNotDisturb, Desk, CheckinMember)
"""Rows that tell of a person and of nothing else. Days off go too."""


def is_admin(by: Standing) -> bool:
    return by.is_admin and not (by.is_stranger or by.person.is_guest)


def require_admin(by: Standing, what: str) -> None:
    if not is_admin(by):
        raise Refused(
            f"Only an admin may {what}",
            "Ask one: Slack's admins and owners are, and whoever STATIONMASTER_ADMINS names.",
        )


def find(session: Session, text: str) -> PersonCard:
    """By mention, Slack id or handle, also somebody who has left. Raises NotFound."""
    named = slack_text.mentioned(text)
    handle = people.readable(session, text).strip().removeprefix("@")
    wanted = Person.slack_id.in_(named) if named else or_(Person.slack_id == handle, Person.handle == handle)
    rows = session.scalars(select(Person.id).where(wanted, Person.erased_at.is_(None))).all()
    if len(rows) != 1 or not handle:
        raise NotFound("this person. Say whom: /pm erase @person")
    return people.cards(session, rows)[rows[0]]


def foresee(session: Session, person: PersonCard) -> Erasure:
    """What an erasure would do."""
    owned = [
        select(func.count()).select_from(table).where(table.owner_id == person.id, condition)
        for table, condition in ((Risk, Risk.worst_first.is_not(None)), (Project, Project.state == "active"))
    ]
    said = (CheckinAnswer.person_id == person.id) & (CheckinAnswer.state == AnswerState.ANSWERED)
    return Erasure(
        person=person,
        owns=sum(session.scalar(statement) or 0 for statement in owned),
        answers=_count(session, CheckinAnswer, said & CheckinAnswer.forgotten_at.is_(None)),
        absences=_count(session, Absence, Absence.person_id == person.id),
    )


def erase(session: Session, person_id: int, *, reason: str | None, by_id: int | None, now: datetime) -> Erasure:
    """Raises NotFound where this was done already. `by_id` None: by an operator, in a shell."""
    row = session.scalars(select(Person).where(Person.id == person_id, Person.erased_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound("this person")
    foreseen = foresee(session, people.cards(session, [row.id])[row.id])
    if row.slack_id:
        _forget_addressed(session, row.slack_id)
        _forget_address(session, row.slack_id, erasure.address(row.id))
    _forget_told(session, row.id, now)
    _forget_named(session, row, now)
    number = _count(session, Person, Person.erased_at.is_not(None)) + 1
    blank = dict.fromkeys(("slack_id", "name", "tz", "dm_channel"))
    marks = {"erased_at": now, "handle": erasure.called(number), "deleted": True, "is_admin": False}
    if row.slack_id:
        marks["erased_mark"] = erasure.mark(row.slack_id, this_workspace(session).team_id)
    change_rows(session, Person, [{"key": row.id, **blank, **marks}])
    people.forget(session)
    record_change(session, KIND, person_id, at=now, actor_id=by_id, field=ERASED, new=True, reason=reason)
    return foreseen


def _forget_addressed(session: Session, slack_id: str) -> None:
    """Our copies of what was said to them alone. What still waits is not said."""
    to_them = or_(Outbox.target == slack_id, Outbox.reader == slack_id)
    _write(session, update(Outbox).where(to_them).values(body={}))
    unsaid = update(Outbox).where(to_them, Outbox.state.in_(UNSAID))
    _write(session, unsaid.values(body={}, state=OutboxState.SUPERSEDED.value))
    _write(session, update(Installation).where(Installation.installed_by == slack_id).values(installed_by=None))


def _forget_address(session: Session, slack_id: str, instead: str) -> None:
    """That something was said stays, and not to whom."""
    for column in (Outbox.target, Outbox.reader):
        _write(session, update(Outbox).where(column == slack_id).values({column: instead}))
    _write(session, delete(PostedMessage).where(PostedMessage.channel == slack_id))
    for column in (Outbox.key, Outbox.message_key, PostedMessage.key):
        named = update(column.class_).where(column.contains(slack_id, autoescape=True))
        _write(session, named.values({column: func.replace(column, slack_id, instead)}))
    _write(session, delete(StoppedTarget).where(StoppedTarget.target == slack_id))
    _write(session, delete(Pace).where(Pace.bucket == channel_bucket(slack_id)))


def _forget_told(session: Session, person_id: int, now: datetime) -> None:
    """Hours, days off, quiet times, and the words of check-ins. Whoever they were to cover for is covered by nobody."""
    for table in THEIRS:
        _write(session, delete(table).where(table.person_id == person_id))
    _write(session, update(Absence).where(Absence.delegate_id == person_id).values(delegate_id=None))
    _write(session, delete(Absence).where(Absence.person_id == person_id))
    words = {"answers": null(), "mood": None, "forgotten_at": now}
    _write(session, update(CheckinAnswer).where(CheckinAnswer.person_id == person_id).values(**words))
    _write(session, update(Blocker).where(Blocker.person_id == person_id).values(text=""))


def _forget_named(session: Session, row: Person, now: datetime) -> None:
    """Where a column holds a name and not an id: stakeholders, and who is kept informed of a decision."""
    about_them = or_(Stakeholder.person_id == row.id, Stakeholder.name.in_(_names(row)))
    blank = {"name": erasure.NOBODY, "notes": None}
    _write(session, update(Stakeholder).where(about_them).values(**blank))
    told = session.execute(select(Decision.id, Decision.informed).where(_holds(Decision.informed, row.handle))).all()
    renamed = [[erasure.NOBODY if name == row.handle else name for name in each.informed] for each in told]
    changes = [{"key": each.id, "informed": names} for each, names in zip(told, renamed, strict=True)]
    change_rows(session, Decision, changes)
    past = select(History.id).where(
        History.kind == "decision",
        History.field == "informed",
        or_(_holds(History.old, row.handle), _holds(History.new, row.handle)),
    )
    marks = {"old": REDACTED, "new": REDACTED, "redacted_at": now}
    _write(session, update(History).where(History.id.in_(past)).values(**marks))


def _names(row: Person) -> Collection[str]:
    return {name for name in (row.handle, row.name) if name}


def _holds(column: Any, handle: str) -> Any:
    """A list in JSON, which both databases keep as text."""
    return column.cast(String).contains(json.dumps(handle), autoescape=True)


def _count(session: Session, table: type[Any], condition: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _write(session: Session, change: Any) -> None:
    session.execute(change, execution_options={"synchronize_session": False})
