"""The clock's door: requests open, are reminded of and end; rollups are posted."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.jobs.each import in_each
from bot.notices import portfolio as portfolios
from bot.notices import rollup as rollups
from bot.runtime import Runtime
from bot.services import (
    delivery,
    desk,
    disagreements,
    due_rules,
    people,
    portfolio_posting,
    requests,
    rollup_posting,
    schedule,
    switches,
)
from models.schemas.schedule import RuleKind
from models.schemas.switches import MessageKind

logger = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=10)


def take_due_steps(runtime: Runtime) -> None:
    """Everything whose time has come: what opens is saved first, then whom it concerns is looked at."""
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = schedule.workspaces_due(connection, serves=runtime.serves, now=now)
    in_each(workspaces, partial(_take_steps, runtime, now=now))


def _take_steps(runtime: Runtime, workspace_id: int, *, now: datetime) -> None:
    while _open_batch(runtime, workspace_id, now=now):
        pass
    with runtime.database.write(workspace_id) as session:
        _look_at_desks(session, requests.take_steps(session, now=now), now=now)


def _look_at_desks(session: Session, concerned: set[int], *, now: datetime) -> None:
    """Those whom a request concerns now, or did before."""
    desk.look_soon(session, concerned, at=now)
    cards = people.cards(session, concerned)
    delivery.publish_home(session, [card.slack_id for card in cards.values()], now=now)


def _open_batch(runtime: Runtime, workspace_id: int, *, now: datetime) -> bool:
    """False once nothing more is due."""
    with runtime.database.write(workspace_id) as session:
        return open_due_rules(session, now=now) == due_rules.BATCH


def open_due_rules(session: Session, *, now: datetime) -> int:
    """Claim a batch of what is due, and open it: the requests together, each rollup by itself. Returns how many."""
    due = due_rules.take_due_rules(session, now=now)
    asking = [rule for rule in due if rule.kind is RuleKind.STATUS_REQUEST]
    if not _goes_well(session, partial(requests.open_requests, session, asking, now=now)):
        for rule in asking:
            _open_or_put_back(session, rule, partial(requests.open_requests, session, [rule], now=now), now)
    asked = [int(rule.place_ref.partition(":")[2]) for rule in asking]
    _goes_well(session, partial(disagreements.look, session, asked, now=now))
    for rule in due:
        if rule.kind is not RuleKind.STATUS_REQUEST:
            step = _open_rollup if rule.kind is RuleKind.ROLLUP else _open_portfolio
            _open_or_put_back(session, rule, partial(step, session, rule, now), now)
    return len(due)


def _open_or_put_back(session: Session, rule: schedule.DueRule, step: Callable[[], None], now: datetime) -> None:
    """A rule that cannot be opened is tried again soon; the others go on meanwhile."""
    if not _goes_well(session, step):
        logger.error("%s of %s on %s was not opened; again in %s", rule.kind, rule.place_ref, rule.day, TRY_AGAIN)
        due_rules.put_back(session, rule, until=now + TRY_AGAIN)


def _goes_well(session: Session, step: Callable[[], None]) -> bool:
    """False, and nothing of it done, where it did not; the log says why."""
    try:
        with session.begin_nested():
            step()
    except Exception:
        logger.exception("opening what is due failed")
        return False
    return True


def _open_rollup(session: Session, rule: schedule.DueRule, now: datetime) -> None:
    """A program that is paused, or wants no rollups, gets none; the next one compares with the last that stands."""
    program_id = int(rule.place_ref.partition(":")[2])
    if switches.of_program(session, program_id, now=now).sends(MessageKind.ROLLUPS):
        opened = rollup_posting.open_due(session, rule, now=now)
        if opened is not None:
            rollups.post(session, opened, now=now)
            disagreements.look(session, [row.place.id for row in opened.projects], now=now)


def _open_portfolio(session: Session, rule: schedule.DueRule, now: datetime) -> None:
    opened = portfolio_posting.open_due(session, rule, now=now)
    if opened is not None:
        portfolios.post(session, opened, now=now)
