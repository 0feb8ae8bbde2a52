"""What the clock will do next can be seen before it happens, and happens then."""

from datetime import UTC, datetime, timedelta

from bot.services.upcoming import upcoming
from bot.views.upcoming import upcoming_line
from tests.town import Town

THURSDAY_TEN = datetime(2026, 4, 2, 14, 0, tzinfo=UTC)


def listed(town: Town) -> list[tuple[str, str]]:
    with town.database.read(1) as session:
        events = upcoming(session, now=town.clock.now())
    return [(event.at.strftime("%a %H:%M"), upcoming_line(event)) for event in events]


def test_a_week_is_announced_in_order(town: Town):
    assert listed(town) == [
        ("Thu 14:00", "luis is asked for the status of Ledger Migration"),
        ("Mon 13:00", "Rollup of Payments Renewal"),
    ]


def test_an_open_request_tells_its_next_step(town: Town):
    town.play(THURSDAY_TEN)
    assert listed(town)[0] == ("Fri 18:00", "luis is reminded of the status of Ledger Migration")
    town.pass_time(days=1, hours=4)
    assert listed(town)[0] == ("Fri 20:00", "The status of Ledger Migration becomes overdue")
    town.pass_time(hours=2)
    assert "The status of Ledger Migration counts as missed" in dict(reversed(line) for line in listed(town))


def test_what_is_answered_is_announced_no_more(town: Town):
    town.play(THURSDAY_TEN)
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"health": "green", "summary": "On track"})
    assert luis.form_errors == {}
    assert [line for _, line in listed(town)] == [
        "Rollup of Payments Renewal",
        "luis is asked for the status of Ledger Migration",
    ]


def test_a_jump_is_downtime_only_the_newest_request_is_asked(town: Town):
    """Two Thursdays pass while nobody is there: one message asks, for the newest week."""
    before = len(town.person("ULUIS").direct_messages())
    town.timetable.jump(town.clock, THURSDAY_TEN + timedelta(days=7, minutes=5))
    town.settle()
    assert len(town.person("ULUIS").direct_messages()) == before + 1


def test_a_message_that_waits_for_its_hour_is_announced(town: Town):
    """Ruby lives in Sydney: what is asked of her at our noon waits for her morning."""
    ruby = town.person("URUBY")
    ruby.types("CFRAUD", "/pm setup Fraud Rules")
    programs = next(block for block in ruby.modal["blocks"] if block.get("block_id") == "program")
    ruby.submits({"target_on": "2026-05-22", "program": programs["element"]["options"][0]["value"]})
    assert ruby.form_errors == {}
    assert ("Wed 23:00", "ruby is asked for the status of Fraud Rules") in listed(town)
