"""However much was ever sent, and however much waits: a round of delivery walks through none of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.database import Database
from models.tables import Outbox
from models.tables.unit import add_rows
from tests.post_office import PostOffice

SENT, WAITING = 30_000, 2_000


@pytest.fixture
def office(database: Database) -> PostOffice:
    office = PostOffice(database)
    now = office.clock.now()
    common = {"operation": "post", "body": {}, "version": 1, "possibly_doubled": False, "created_at": now}
    with database.write(1) as session:
        for start in range(0, SENT, 10_000):
            rows = [
                common
                | {"key": f"old:{each}@1", "message_key": f"old:{each % 50}", "target": f"C{each % 20}"}
                | {"state": "sent", "attempts": 1, "due_at": now, "sent_at": now}
                for each in range(start, start + 10_000)
            ]
            add_rows(session, Outbox, rows)
        later = now + timedelta(days=1)
        add_rows(
            session,
            Outbox,
            [
                common
                | {"key": f"late:{each}@1", "message_key": f"late:{each}", "target": f"C{each % 20}"}
                | {"state": "queued", "attempts": 0, "due_at": later}
                for each in range(WAITING)
            ],
        )
    with database.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    return office


def test_no_statement_of_a_round_walks_through_the_outbox(office):
    office.show("card", 1)
    office.post("line")
    office.deliver()
    office.show("card", 2)
    engine = office.runtime.database.writer
    plans: dict[str, str] = {}

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if "outbox" in statement and statement.lstrip()[:6] in ("SELECT", "UPDATE") and statement not in plans:
            plans[statement] = ""
            ask = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
            plan = connection.connection.cursor()
            plan.execute(ask + statement, parameters[0] if many else parameters)
            plans[statement] = "\n".join(str(row) for row in plan.fetchall())
            plan.close()

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        office.deliver(after=1)
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    assert office.said() == ["card v2", "line"]
    walks = ("SCAN outbox", "SCAN ahead", "SCAN first", "Seq Scan on outbox")
    walked = {statement: plan for statement, plan in plans.items() if any(walk in plan for walk in walks)}
    assert not walked, "\n\n".join(f"{statement}\n{plan}" for statement, plan in walked.items())
    assert len(plans) >= 6


def test_a_round_looks_at_few_of_many_that_wait_for_one_channel(office):
    for number in range(200):
        office.post(f"busy:{number}")
    office.deliver()
    moved = [office.row(f"busy:{number}").due_at for number in range(1, 61)]
    assert moved == sorted(moved), "each is put off to its turn"
    with_turn = office.slack.count("chat.postMessage")
    office.deliver(after=1)
    assert office.slack.count("chat.postMessage") == with_turn + 1
