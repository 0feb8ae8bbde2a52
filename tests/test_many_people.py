"""A workspace of thousands: Slack gives its people page by page, and twenty pages in a minute."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.database import Database
from bot.jobs.people import PAGE, know_everyone, refresh_people
from bot.services import people
from models.tables import Person
from tests.faulty_slack import fails_with, refuses
from tests.post_office import PostOffice

IN_A_MINUTE = 20
MORE = 450


@pytest.fixture
def office(database: Database) -> PostOffice:
    office = PostOffice(database, rate_limits=True)
    for number in range(IN_A_MINUTE * PAGE + MORE):
        office.sandbox.add_person(f"U{number:05}", f"person.{number}")
    return office


def known(office: PostOffice) -> int:
    with office.runtime.database.read(1) as session:
        return session.query(Person).filter(Person.fetched_at.is_not(None)).count()


def is_done(office: PostOffice) -> bool:
    with office.runtime.database.read(1) as session:
        return people.is_synced(session)


def test_what_slack_gives_in_a_minute_is_kept_and_the_next_minute_goes_on_from_there(office):
    refresh_people(office.runtime)
    assert (known(office), is_done(office)) == (IN_A_MINUTE * PAGE, False)
    calls = office.slack.count("users.list")
    refresh_people(office.runtime)
    assert office.slack.count("users.list") == calls, "asked to wait, it does"
    office.clock.wait(60)
    refresh_people(office.runtime)
    assert is_done(office)
    assert known(office) == len(office.sandbox.workspace.world.members)
    assert office.slack.count("users.list") - calls == 3, "no page is read twice"


def test_two_processes_read_no_page_twice(office):
    other = replace(office.runtime)
    office.slack.will("users.list", lambda call, slack: (refresh_people(other), call())[1])
    refresh_people(office.runtime)
    assert office.slack.count("users.list") == IN_A_MINUTE + 1, "the last one was refused"


def test_a_process_that_died_at_a_page_is_followed_by_another(office):
    office.slack.will("users.list", fails_with(ConnectionResetError()))
    with pytest.raises(ConnectionResetError):
        refresh_people(office.runtime)
    refresh_people(office.runtime)
    assert known(office) == IN_A_MINUTE * PAGE


def test_a_place_that_slack_does_not_know_any_more_is_begun_anew(office):
    refresh_people(office.runtime)
    office.clock.wait(60)
    office.slack.will("users.list", refuses("invalid_cursor"))
    with pytest.raises(Exception, match="invalid_cursor"):
        refresh_people(office.runtime)
    office.clock.wait(60)
    refresh_people(office.runtime)
    office.clock.wait(60)
    refresh_people(office.runtime)
    assert is_done(office)


def test_an_import_waits_until_everybody_is_known(office):
    begun = office.clock.now()
    know_everyone(office.runtime, 1)
    assert is_done(office)
    assert office.clock.now() - begun >= timedelta(minutes=1)
