"""Copies of Slack's people: kept up to date, never confused with one another."""

from sqlalchemy import select

from bot.jobs.people import refresh_people
from bot.services import people, people_copies
from models.tables import Person


def handles(town) -> dict[str | None, str]:
    with town.database.read(1) as session:
        return {row.slack_id: row.handle for row in session.scalars(select(Person))}


def test_everyone_is_known_with_their_zone_and_standing(town):
    with town.database.read(1) as session:
        assert people.by_slack_id(session, "UKAVYA").tz == "Asia/Kolkata"
        assert people.by_slack_id(session, "UMAYA").is_admin
        assert people.by_slack_id(session, "UGUEST").is_guest
        assert people.by_slack_id(session, "UGONE").deleted
        assert people.default_zone(session) == "America/New_York", "where most people live"


def test_who_joins_is_known_at_once(town):
    town.sandbox.welcome_person("UNEW", "new.hire", tz="Europe/Berlin")
    assert handles(town)["UNEW"] == "new.hire"


def test_who_is_renamed_or_leaves_is_known_at_once(town):
    town.sandbox.change_person("UKAVYA", name="kavya.i")
    town.sandbox.change_person("UJONAS", deleted=True)
    assert handles(town)["UKAVYA"] == "kavya.i"
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    luis.submits({"probability": "1", "impact": "1", "category": "vendor", "owner": "UJONAS"}, force=True)
    assert luis.form_errors == {"owner": "This person is not in the workspace any more. Choose someone else."}


def test_two_people_of_one_name_are_told_apart(town):
    town.sandbox.welcome_person("UTWIN", "luis")
    assert handles(town)["ULUIS"] == "luis"
    assert handles(town)["UTWIN"] == "luis (UTWIN)"


def test_whoever_was_only_met_by_id_is_looked_up(town):
    town.sandbox.add_person("ULATE", "late.comer", tz="Asia/Kolkata")
    with town.database.write(1) as session:
        people.ensure(session, "ULATE")
    assert handles(town)["ULATE"] == "ULATE"
    refresh_people(town.runtime)
    assert handles(town)["ULATE"] == "late.comer"
    assert [call.method for call in town.sandbox.calls if call.method.startswith("users.")][-1] == "users.info"


def test_nothing_is_asked_of_slack_when_everyone_is_fresh(town):
    before = len(town.sandbox.calls)
    refresh_people(town.runtime)
    assert len(town.sandbox.calls) == before


def test_typed_codes_become_names(town):
    with town.database.read(1) as session:
        typed = "<@UKAVYA> &amp; <@UNOBODY|old.name> see <#C1|general>, <https://example.org|link> &lt;now&gt;"
        meant = "@kavya & @old.name see #general, link (https://example.org) <now>"
        assert people.readable(session, typed) == meant


def test_a_zone_that_nobody_knows_does_not_stop_the_clock(town):
    told = {"id": "ULUIS", "name": "luis", "tz": "Mars/Olympus_Mons"}
    with town.database.write(1) as session:
        people_copies.refresh(session, [told], now=town.clock.now())
        assert people.by_slack_id(session, "ULUIS").tz == "America/New_York"
    town.pass_time(days=4)
    assert town.person("ULUIS").direct_messages()
