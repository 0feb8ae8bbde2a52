"""What people said in check-ins is forgotten after the days of the program's parameters; numbers stay."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, null, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.services import parameters
from bot.services.asked import day_key
from bot.services.checkin_past import answer_key, summary_key
from models.schemas.checkin import AnswerState
from models.schemas.delivery import OutboxState
from models.tables import Blocker, Checkin, CheckinAnswer, Outbox, Person

MOST_AT_ONCE = 500
"""Answers that one unit of work forgets; the next hour goes on."""


def forget_old(session: Session, *, now: datetime) -> None:
    """A few statements for each number of days that some program chose."""
    programs = session.execute(select(Checkin.id, Checkin.program_id)).all()
    if not programs:
        return
    rules = parameters.of_programs(session, {program for _, program in programs})
    by_days: defaultdict[int, list[int]] = defaultdict(list)
    for checkin_id, program in programs:
        by_days[rules[program].checkin.keep_days].append(checkin_id)
    for days, checkins in by_days.items():
        _forget(session, checkins, days, now)


def _forget(session: Session, checkins: list[int], days: int, now: datetime) -> None:
    before = now - timedelta(days=days)
    old = select(CheckinAnswer.id, CheckinAnswer.round_id).where(
        CheckinAnswer.checkin_id.in_(checkins),
        CheckinAnswer.state == AnswerState.ANSWERED,
        CheckinAnswer.forgotten_at.is_(None),
        CheckinAnswer.close_at <= before,
    )
    rows = session.execute(old.order_by(CheckinAnswer.id).limit(MOST_AT_ONCE)).all()
    nothing = {"answers": null(), "mood": None, "forgotten_at": now}
    answers, rounds = [row.id for row in rows], {row.round_id for row in rows}
    _write(session, update(CheckinAnswer).where(CheckinAnswer.id.in_(answers)).values(**nothing))
    over = or_(Blocker.solved_on <= before.date(), Blocker.last_said_on <= before.date())
    spoken = Blocker.checkin_id.in_(checkins), Blocker.text != ""
    repeated = _messages_that_name(session, *spoken, over)
    _write(session, update(Blocker).where(*spoken, over).values(text=""))
    keys = [*map(answer_key, answers), *map(summary_key, rounds), *repeated]
    _write(session, update(Outbox).where(Outbox.message_key.in_(keys), Outbox.state.in_(SAID)).values(body={}))


def _messages_that_name(session: Session, *which: Any) -> list[str]:
    """Messages of somebody's day that asked how these blockers stand, and what was said where one was solved."""
    named = session.execute(select(Blocker.id, Blocker.version, Blocker.checkin_id, Blocker.person_id).where(*which))
    found = named.all()
    if not found:
        return []
    asked_in = select(Person.slack_id, CheckinAnswer.local_date).join(Person, Person.id == CheckinAnswer.person_id)
    of_them = tuple_(CheckinAnswer.checkin_id, CheckinAnswer.person_id).in_(
        {(row.checkin_id, row.person_id) for row in found}
    )
    days = session.execute(asked_in.where(of_them)).all()
    return [
        *(day_key(slack_id, day + timedelta(days=later)) for slack_id, day in days for later in (0, 1)),
        *(f"blocker.changed:{row.id}@{version}" for row in found for version in range(row.version + 1)),
    ]


SAID = (OutboxState.SENT, OutboxState.SUPERSEDED, OutboxState.FAILED)
"""What stands in Slack is the team's; our copy of it goes."""


def _write(session: Session, change: Update) -> None:
    session.execute(change, execution_options={"synchronize_session": False})
