"""Two units that wait for each other: PostgreSQL undoes one, and whoever pressed does not hear of it."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError

from bot.services import people
from bot.services import workspace as workspaces
from handlers.feature import Ask, Reply, writes
from models.schemas.message import Message
from models.tables import Person
from tests.town import Town


def an_ask(town: Town, key: str) -> Ask:
    with town.database.everywhere() as session:
        workspace = workspaces.by_team(session, town.identity["team_id"])
    assert workspace is not None
    return Ask(
        runtime=town.runtime,
        workspace=workspace,
        kind="action",
        name="test",
        user="ULUIS",
        key=key,
        now=town.clock.now(),
        payload={},
    )


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_what_a_deadlock_has_undone_is_done_again(town):
    both_hold_one, tries, replies = Barrier(2), [], {}

    def holding(first: str, second: str) -> None:
        @writes
        def step(ask: Ask, session) -> Reply:
            tries.append(first)
            session.execute(select(Person.id).where(Person.slack_id == first).with_for_update())
            if tries.count(first) == 1:
                both_hold_one.wait()
            session.execute(select(Person.id).where(Person.slack_id == second).with_for_update())
            return Reply(private=Message(text=f"{first} is done", blocks=[]))

        replies[first] = step(an_ask(town, f"action:{first}"))

    threads = [Thread(target=holding, args=pair) for pair in (("ULUIS", "UMAYA"), ("UMAYA", "ULUIS"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert {reply.private.text for reply in replies.values()} == {"ULUIS is done", "UMAYA is done"}
    assert len(tries) == 3


def test_what_else_goes_wrong_is_not_tried_again(town):
    tries = []

    @writes
    def step(ask: Ask, session) -> Reply:
        tries.append(1)
        raise OperationalError("SELECT 1", {}, Exception("the disk is full"))

    with pytest.raises(OperationalError):
        step(an_ask(town, "action:other"))
    assert len(tries) == 1


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_what_was_cut_off_is_done_once(town):
    """The server ends all connections while a unit is under way, as where it is started anew; none of them serves."""
    tries = []

    @writes
    def step(ask: Ask, session) -> Reply:
        tries.append(people.ensure(session, "UNEW").id)
        if len(tries) == 1:
            _end_all_connections(town)
        return Reply(private=Message(text=f"met {people.ensure(session, 'UNEWER').handle}", blocks=[]))

    reply = step(an_ask(town, "action:cut"))
    again = step(an_ask(town, "action:cut"))
    assert reply.private.text == again.private.text == "met UNEWER"
    assert len(tries) == 2
    assert town.count(Person, slack_id="UNEW") == town.count(Person, slack_id="UNEWER") == 1


def _end_all_connections(town: Town) -> None:
    other = create_engine(town.database.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    other.dispose()
