"""What is forgotten by the clock, at any size: in parts, and only what is old enough."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bot.jobs.tidy import forget_old
from models.tables import HandledDelivery, Outbox
from models.tables.unit import add_rows

ROWS = 25
AT_ONCE = 10


@pytest.fixture
def full(town):
    """Old and new rows of every kind."""
    now = town.clock.now()
    shared = {"operation": "post", "target": "C1", "body": {"text": "A word"}, "version": 1}
    with town.database.write(1) as session:
        for days in (1, 3):
            old = now - timedelta(days=days)
            rows = [{"key": f"{days}:{n}", "at": old, "answer": {}} for n in range(ROWS)]
            add_rows(session, HandledDelivery, rows)
        for state, days in (("sent", 6), ("sent", 8), ("failed", 29), ("failed", 31), ("queued", 40)):
            at = now - timedelta(days=days)
            moments = {"created_at": at, "due_at": at, "sent_at": at if state == "sent" else None}
            keys = [f"{state}:{days}:{n}" for n in range(ROWS)]
            add_rows(
                session,
                Outbox,
                [{**shared, **moments, "state": state, "key": key, "message_key": key} for key in keys],
            )
    return town


def test_what_is_old_enough_goes_and_nothing_else(full):
    before = full.count(HandledDelivery)
    forget_old(full.runtime, at_once=AT_ONCE)
    assert full.count(HandledDelivery) == before - ROWS
    with full.database.read(1) as session:
        kept = select(Outbox.state, func.count()).where(Outbox.message_key.contains(":"), Outbox.target == "C1")
        words = session.execute(kept.where(Outbox.body["text"].as_string() == "A word").group_by(Outbox.state)).all()
        every = session.scalar(select(func.count()).select_from(Outbox).where(Outbox.target == "C1"))
    assert dict(map(tuple, words)) == {"sent": ROWS, "failed": ROWS, "queued": ROWS}
    assert every == 5 * ROWS, "what was once said is never said again: its row stays"


def test_a_part_at_a_time_so_that_others_can_write_between(full):
    units = []

    def note(connection):
        units.append(connection)

    event.listen(full.database.writer, "commit", note)
    try:
        forget_old(full.runtime, at_once=AT_ONCE)
    finally:
        event.remove(full.database.writer, "commit", note)
    assert len(units) >= 2 * ROWS // AT_ONCE
