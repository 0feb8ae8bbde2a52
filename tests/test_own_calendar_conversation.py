"""`/pm me`: hours, days, public holidays and the hour of the daily message, shown and changed; what cannot be."""

from datetime import UTC, date, datetime

import pytest

from bot.services import calendars, people, public_holidays
from bot.views.own_calendar import days_words
from models.schemas.calendar import WorkWeek
from models.tables import Calendar, Desk, History, Program, ScheduleRule
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.deliveries import caught
from tests.town import MONDAY, Town


def reach(town: Town, user: str = "ULUIS"):
    with town.database.read(1) as session:
        return calendars.reach_of(session, people.by_slack_id(session, user), now=town.clock.now())


def shown(message) -> list[str]:
    return [field["text"] for block in message["blocks"] for field in block.get("fields", ())]


def change(town: Town, answers: dict[str, object], user: str = "ULUIS", **chosen: str) -> None:
    """The form is opened, filled and sent; `country` is typed and picked."""
    person = town.person(user)
    person.types("CLEDGER", "/pm me")
    person.presses(person.reads("CLEDGER")[-1], "me.change")
    if "country" in chosen:
        person.suggests("modal", "country", chosen["country"])
        person.fills({"country": chosen["code"]})
    person.submits(answers, force=True)


def test_nobody_has_to_set_anything(town):
    luis = town.person("ULUIS")
    [told] = luis.types("CLEDGER", "/pm me").shown
    assert told["text"] == "You are asked Monday to Friday, 09:00 to 18:00, New York time. One message a day, at 10:00."
    assert shown(told) == ["*Daily message* 10:00 _(default)_", "*Public holidays* none chosen", "*Days off* none set"]
    assert buttons(told) == ["me.change", "away.form"]
    assert town.count(Calendar) == 0


def test_hours_days_and_holidays_are_changed_in_one_form(town):
    luis = town.person("ULUIS")
    change(
        town,
        {
            "start": "08:00",
            "end": "14:30",
            "working_days": ["1", "2", "4"],
            "opens_at": "08:30",
            "region@DE": "BY",
        },
        country="germ",
        code="DE",
    )
    assert luis.form_errors == {}
    told = luis.direct_messages()[-1]
    assert told["text"].startswith("You are asked Monday, Tuesday and Thursday, 08:00 to 14:30, New York time.")
    assert shown(told)[:3] == [
        "*Daily message* 08:30",
        "*Public holidays* Germany, Bayern",
        "*Next holidays* Fri 3 Apr Good Friday, Mon 6 Apr Easter Monday, Fri 1 May Labor Day",
    ]
    own = reach(town)
    assert own.opens_at.isoformat() == "08:30:00"
    assert not own.hours.is_working(date(2026, 4, 6))
    assert own.hours.window(date(2026, 3, 31)) == (
        datetime(2026, 3, 31, 12, tzinfo=UTC),
        datetime(2026, 3, 31, 18, 30, tzinfo=UTC),
    )
    assert town.count(History, kind="calendar") == 6
    assert town.count(Desk) >= 1


def test_the_next_request_follows_at_once(town):
    """Thursday is no working day of his any more: he is asked on Wednesday."""
    change(town, {"working_days": ["1", "2", "3"]})
    with town.database.read(1) as session:
        rule = session.query(ScheduleRule).filter(ScheduleRule.project_id.is_not(None)).one()
    assert rule.next_due_at < datetime(2026, 4, 2, tzinfo=UTC)


def test_a_country_brings_its_regions_and_another_one_brings_others(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm me")
    luis.presses(luis.reads("CLEDGER")[-1], "me.change")
    assert [o["text"]["text"] for o in luis.suggests("modal", "country", "united k").ack["options"]] == [
        "No public holidays",
        "United Kingdom",
    ]
    luis.suggests("modal", "country", "Aus")
    luis.fills({"country": "AU"})
    assert [b["block_id"] for b in luis.modal["blocks"] if "region" in b.get("block_id", "")] == ["region@AU"]
    luis.suggests("modal", "country", "egy")
    luis.fills({"country": "EG"})
    assert [b["block_id"] for b in luis.modal["blocks"] if "region" in b.get("block_id", "")] == []
    luis.suggests("modal", "country", "x")
    luis.fills({"country": "none"})
    luis.submits({"end": "00:00"})
    assert luis.form_errors == {}
    assert reach(town).hours.end is None
    assert town.count(Calendar, country=None, end="24:00") == 1


@sqlite_only
@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"start": "18:00", "end": "09:00"}, {"end": "Your day ends before it begins. For midnight choose 00:00."}),
        ({"start": "09:00", "end": "09:00"}, {"end": "Your day ends before it begins. For midnight choose 00:00."}),
        ({"working_days": []}, {"working_days": "Choose at least one day on which you work."}),
        ({"opens_at": "08:59"}, {"opens_at": "Your hours are 09:00 to 18:00. Choose an hour inside them."}),
        ({"opens_at": "18:00"}, {"opens_at": "Your hours are 09:00 to 18:00. Choose an hour inside them."}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(town, answers, problems):
    change(town, answers)
    assert town.person("ULUIS").form_errors == problems
    assert town.count(Calendar) == 0


@sqlite_only
@pytest.mark.parametrize(
    ("country", "region", "problems"),
    [
        (
            "<!channel>",
            None,
            {"country": "I do not know the public holidays of this country. Choose one from the list."},
        ),
        ("AU", "BY", {"region@AU": "This region is not one of that country's. Choose one from the list."}),
    ],
)
def test_what_no_menu_offers_is_refused(town, country, region, problems):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm me")
    luis.presses(luis.reads("CLEDGER")[-1], "me.change")
    luis.suggests("modal", "country", "Aus")
    luis.fills({"country": "AU"})
    given = {"country": country} | ({"region@AU": region} if region else {})
    assert town.submit_unchecked("ULUIS", given)["errors"] == problems
    assert town.count(Calendar) == 0


def test_changing_again_changes_the_same_calendar_and_starts_from_it(town):
    change(town, {"start": "07:00"}, country="Indi", code="IN")
    change(town, {"end": "15:00"})
    assert town.count(Calendar) == 1
    own = reach(town).hours
    assert (own.start.hour, own.end.hour, date(2026, 8, 15) in own.holidays) == (7, 15, True)


def test_what_is_turned_off_in_ones_programs_is_said(town):
    with town.database.write(1) as session:
        session.query(Program).update({"muted": ["asks", "rollups"], "name": "Payments <!channel> & co"})
    [told] = town.person("ULUIS").types("CLEDGER", "/pm me").shown
    assert "Payments &lt;!channel&gt; &amp; co sends no asks, rollups." in str(told["blocks"])


def test_a_guest_has_hours_too_and_a_button_opens_ones_own_whoever_it_names(town):
    change(town, {"start": "10:00"}, user="UGUEST")
    assert town.person("UGUEST").form_errors == {}
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/pm me")
    press = caught(town, lambda: kavya.presses(kavya.reads("CLEDGER")[-1], "me.change"))
    press["actions"][0] |= {"action_id": "me.settings", "value": "ULUIS"}
    town.deliver("interactive", press)
    assert "Asia/Kolkata" in str(kavya.modal["blocks"])


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((1, 2, 3, 4, 5), "Monday to Friday"),
        ((7, 1, 2, 3, 4), "Sunday to Thursday"),
        ((1, 2, 4), "Monday, Tuesday and Thursday"),
        ((1, 2), "Monday and Tuesday"),
        ((3,), "Wednesday"),
        ((6, 7, 1), "Saturday to Monday"),
        (tuple(range(1, 8)), "every day"),
    ],
)
def test_days_in_words(days, words):
    assert days_words(WorkWeek(working_days=days)) == words


def test_countries_are_found_by_name_and_code():
    assert public_holidays.like("united s")[0].name == "United States"
    assert "DE" in [each.code for each in public_holidays.like("de")]
    assert public_holidays.like("zzz") == []
    assert public_holidays.coming("DE", "ZZ", date(2026, 3, 30), 3) == []
    assert public_holidays.coming("XX", None, date(2026, 3, 30), 3) == []
    assert MONDAY.year == 2026
