"""Somebody moves, or the rules of the zones change: what is to come follows, what was sent is not sent again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.jobs.people import refresh_people
from bot.services import zones
from bot.zone_data import zone_data
from models.tables import Desk, Occurrence, ScheduleRule, Workspace
from tests.asking import GREEN, THURSDAY, asked, sqlite_only
from tests.town import Town

BERLIN = ZoneInfo("Europe/Berlin")


def rule(town: Town) -> ScheduleRule:
    with town.database.read(1) as session:
        return session.scalars(select(ScheduleRule).where(ScheduleRule.project_id.is_not(None))).one()


def test_who_moved_before_is_asked_in_the_new_zone(town):
    town.sandbox.change_person("ULUIS", tz="Europe/Berlin")
    assert rule(town).tz == "Europe/Berlin"
    town.play(THURSDAY + timedelta(days=1))
    [(user, at)] = asked(town)[:1]
    assert (user, at) == ("ULUIS", datetime(2026, 4, 2, 10, tzinfo=BERLIN))


def test_who_moves_after_the_message_is_not_asked_again_that_day_and_is_due_in_the_new_time(town):
    town.play(THURSDAY + timedelta(minutes=1))
    assert len(town.person("ULUIS").direct_messages()) == 1
    town.sandbox.change_person("ULUIS", tz="Europe/Berlin")
    with town.database.read(1) as session:
        due_at = session.scalars(select(Occurrence.due_at)).one()
    assert due_at == datetime(2026, 4, 3, 16, tzinfo=BERLIN)
    town.play(THURSDAY + timedelta(hours=8))
    assert len(town.person("ULUIS").direct_messages()) == 1


def test_a_move_is_looked_at_at_once_and_another_name_is_not(town):
    town.play(THURSDAY + timedelta(hours=1))
    with town.database.write(1) as session:
        session.execute(update(Desk).values(next_look_at=THURSDAY + timedelta(days=30)))
    town.sandbox.change_person("ULUIS", name="luis.ortega")
    assert _next_look(town) == THURSDAY + timedelta(days=30)
    town.sandbox.change_person("ULUIS", tz="Asia/Kolkata")
    assert _next_look(town) < THURSDAY + timedelta(days=5)


def _next_look(town: Town) -> datetime:
    with town.database.read(1) as session:
        return max(session.scalars(select(Desk.next_look_at)))


def test_new_rules_of_the_zones_move_what_is_to_come_and_repeat_nothing(town):
    town.play(THURSDAY + timedelta(hours=1))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits(GREEN)
    before = rule(town)
    with town.database.write(1) as session:
        wrong = before.next_due_at + timedelta(hours=1)  # as older rules had it
        session.execute(update(ScheduleRule).where(ScheduleRule.id == before.id).values(next_due_at=wrong))
        session.execute(update(Workspace).values(zone_data="1999z"))
    asks = len(asked(town))
    refresh_people(town.runtime)
    assert rule(town).next_due_at == before.next_due_at
    town.play(THURSDAY + timedelta(days=3))
    assert len(asked(town)) == asks
    with town.database.read(1) as session:
        assert not zones.are_newer(session, known=zone_data())


@sqlite_only
def test_with_the_same_rules_nothing_is_computed(town):
    refresh_people(town.runtime)
    with town.database.write(1) as session:
        session.execute(update(ScheduleRule).values(next_due_at=datetime(2026, 5, 1, tzinfo=UTC)))
    refresh_people(town.runtime)
    assert rule(town).next_due_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert zone_data()
