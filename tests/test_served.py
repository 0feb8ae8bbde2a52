"""One token serves one workspace: what the database holds of others waits for whoever has theirs."""

from datetime import UTC, datetime

from sqlalchemy import select

from bot.jobs.people import refresh_people
from bot.services import delivery, people, people_copies, schedule
from models.schemas.project import Place, PlaceKind, State
from models.tables import Occurrence, Outbox, Person, Program, ScheduleRule
from tests.neighbours import install_neighbour
from tests.post_office import say
from tests.town import Town

PAST = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_neighbours_message_is_not_sent_with_our_token(town: Town) -> None:
    neighbour, _ = install_neighbour(town.database)
    with town.database.write(neighbour) as session:
        delivery.post(session, say("theirs"), key="theirs", to="CLEDGER", now=town.clock.now())
    before = len(town.sandbox.calls)
    town.pass_time(hours=2)
    assert len(town.sandbox.calls) == before
    with town.database.read(neighbour) as session:
        assert session.scalars(select(Outbox.state).where(Outbox.key == "theirs@1")).one() == "queued"


def test_a_neighbours_people_stay_as_they_are(town: Town) -> None:
    neighbour, ids = install_neighbour(town.database)
    town.clock.wait(2 * 24 * 3600)
    refresh_people(town.runtime)
    with town.database.read(neighbour) as session:
        assert len(session.scalars(select(Person)).all()) == 1
        assert people_copies.is_stale(session, before=town.clock.now())
        assert session.get_one(Person, ids["person"]).fetched_at is None


def test_a_neighbours_week_does_not_begin_with_us(town: Town) -> None:
    neighbour, ids = install_neighbour(town.database)
    with town.database.write(neighbour) as session:
        program = session.get_one(Program, ids["program"])
        manager = people.cards(session, [program.manager_id])[program.manager_id]
        place = Place(
            kind=PlaceKind.PROGRAM,
            id=program.id,
            number=1,
            name=program.name,
            channel="CPROG",
            channel_name=None,
            program_id=program.id,
            program_name=program.name,
            tz="UTC",
            state=State.ACTIVE,
            restricted=False,
            owner=manager,
        )
        schedule.ensure_rule(session, place, now=PAST)
        before = session.scalars(select(Occurrence)).all()
    town.pass_time(days=8)
    with town.database.read(neighbour) as session:
        assert len(session.scalars(select(Occurrence)).all()) == len(before)
        due = session.scalars(select(ScheduleRule.next_due_at).where(ScheduleRule.kind == "rollup")).all()
        assert all(moment is None or moment < town.clock.now() for moment in due)
