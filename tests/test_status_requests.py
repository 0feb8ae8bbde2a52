"""The weekly request for a status: who is asked, when, how often, and what becomes of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.database import Database
from bot.jobs.schedule import take_due_steps
from bot.scheduler import Timetable
from bot.slack_rules import check_message, text_size
from bot.views.asks import daily_ask
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.schemas.schedule import OccurrenceState, StatusAsk
from models.schemas.status import Health
from models.tables import Occurrence, Person, Project
from tests.town import CAST, Town

GREEN = {"health": "green", "summary": "Cutover rehearsed twice"}
AMBER = {"health": "amber", "summary": "Vendor is late", "path_to_green": "Second vendor signed by Friday"}
NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 4, 2, 10, tzinfo=NEW_YORK)
FRIDAY = THURSDAY + timedelta(days=1)


def asked(town: Town) -> list[tuple[str, datetime]]:
    """Every new direct message that asks, with its receiver and instant, in their zone."""
    owner = {town.person(user).dm: user for user in CAST}
    return [
        (owner[call.args["channel"]], call.at.astimezone(zone(town, owner[call.args["channel"]])))
        for call in town.sandbox.calls
        if call.method == "chat.postMessage" and key_of(call.args).startswith("asks:")
    ]


def key_of(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key", ""))


def zone(town: Town, user: str) -> ZoneInfo:
    return ZoneInfo(town.sandbox.workspace.world.members[user].tz)


def times_asked(town: Town, user: str) -> list[str]:
    return [f"{at:%a %d %b %H:%M}" for receiver, at in asked(town) if receiver == user]


def requests(town: Town, project: str = "Ledger Migration") -> list[Occurrence]:
    with town.database.read(1) as session:
        statement = select(Occurrence).join(Project, Project.id == Occurrence.project_id)
        return list(session.scalars(statement.where(Project.name == project).order_by(Occurrence.local_date)))


def states(town: Town, project: str = "Ledger Migration") -> list[str]:
    return [request.state for request in requests(town, project)]


def set_state(town: Town, state: State, name: str = "Ledger Migration") -> None:
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.name == name).values(state=state.value))


def post_status(town: Town, user: str = "ULUIS", channel: str = "CLEDGER", **answers: str) -> None:
    person = town.person(user)
    person.types(channel, "/update")
    person.submits(GREEN | answers)
    assert person.form_errors == {}


def hand_over(town: Town, new_owner: str) -> None:
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm setup")
    maya.submits({"owner": new_owner})
    assert maya.form_errors == {}


def test_all_projects_of_a_person_are_asked_for_in_one_message_in_their_own_morning(town):
    town.set_up_project("ULUIS", "CFRAUD", "Fraud Signals")
    town.sandbox.add_channel("CVENDOR", "p-vendor", [*CAST, town.sandbox.bot_user_id])
    town.set_up_project("UKAVYA", "CVENDOR", "Vendor Assessments")
    town.play(THURSDAY + timedelta(hours=1))

    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]
    assert times_asked(town, "UKAVYA") == ["Thu 02 Apr 10:00"]
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == (
        "2 asks for today. First: update the status of Ledger Migration, due Fri 3 Apr. Then 1 more."
    )
    shown = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert "*1. Update status of Ledger Migration*\nDue <!date^1775246400^" in shown[1]
    assert "*2. Update status of Fraud Signals*" in shown[2]
    styles = [b["elements"][0].get("style") for b in message["blocks"] if b["type"] == "actions"]
    assert styles == ["primary", None], "only the first ask is primary"


def test_the_button_opens_the_last_words_and_posting_quiets_the_message_and_the_home(town):
    post_status(town, **AMBER)
    town.play(THURSDAY)
    luis = town.person("ULUIS")
    assert "1 ask waits for you" in str(luis.opens_home())
    [ask] = luis.direct_messages()
    assert "last :large_orange_diamond: Amber, Mon 30 Mar" in str(ask["blocks"])

    luis.presses(ask, "status.open")
    filled = {b["block_id"]: b["element"].get("initial_value") for b in luis.modal["blocks"] if "element" in b}
    assert filled["summary"] == AMBER["summary"]
    assert filled["path_to_green"] == AMBER["path_to_green"]
    luis.submits({"summary": "The second vendor signed"})

    [message] = luis.direct_messages()
    assert message["text"] == "Your ask is answered. Nothing more today."
    assert "edited" in message
    assert "Ledger Migration status posted: Amber" in str(message["blocks"])
    assert "Nothing waits for you" in str(luis.home)
    assert states(town) == ["submitted"]
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"], "silence after an answer"


def test_one_answer_of_two_folds_and_the_other_takes_the_primary(town):
    town.set_up_project("ULUIS", "CFRAUD", "Fraud Signals")
    town.play(THURSDAY)
    post_status(town, "UMAYA", "CLEDGER")  # the program's manager may speak for the project too
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == "1 ask left. First: update the status of Fraud Signals, due Fri 3 Apr."
    [row] = [block for block in message["blocks"] if block["type"] == "actions"]
    assert row["elements"][0]["style"] == "primary"
    assert states(town) == ["submitted"]


def test_who_does_not_answer_is_reminded_once_and_the_older_message_lets_go(town):
    town.play(THURSDAY + timedelta(days=6, hours=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 14:00"]
    first, reminder = town.person("ULUIS").direct_messages()
    assert first["text"] == "Nothing waits in this message any more."
    assert not [block for block in first["blocks"] if block["type"] == "actions"]
    assert reminder["text"] == "1 ask for today. First: update the status of Ledger Migration, due Fri 3 Apr."
    assert states(town) == ["overdue"]

    town.person("ULUIS").presses(reminder, "status.open")
    town.person("ULUIS").submits(GREEN)
    assert states(town) == ["submitted_late"]
    assert town.person("ULUIS").direct_messages()[-1]["text"] == "Your ask is answered. Nothing more today."


def test_an_answer_at_the_due_instant_is_in_time_and_a_second_later_is_late(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    due = FRIDAY.replace(hour=16)
    town.play(due - timedelta(seconds=30))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills(GREEN)
    town.clock.move_to(due)
    luis.submits()
    assert states(town) == ["submitted"]
    post_status(town, "UKAVYA", "CFRAUD")
    assert states(town, "Fraud Signals") == ["submitted_late"]


def test_a_week_without_answer_is_missed_when_the_next_one_opens(town):
    town.play(THURSDAY + timedelta(days=7))
    assert states(town) == ["missed", "open"]
    messages = town.person("ULUIS").direct_messages()
    assert [m["text"].partition(".")[0] for m in messages[1:]] == [
        "Nothing waits in this message any more",
        "1 ask for today",
    ]
    post_status(town)
    assert states(town) == ["missed", "submitted"]


def test_a_message_of_that_friday_is_the_reminder(town):
    """Luis takes a second project over on Friday morning: the message about it names the first one too."""
    town.set_up_project("UDANA", "CFRAUD", "Fraud Signals")
    town.play(FRIDAY.replace(hour=11))
    dana = town.person("UDANA")
    dana.types("CFRAUD", "/pm setup")
    dana.submits({"owner": "ULUIS"})
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 11:00"]
    assert town.person("ULUIS").direct_messages()[-1]["text"].startswith("2 asks for today.")
    assert times_asked(town, "UDANA") == ["Thu 02 Apr 10:00"]


@pytest.mark.parametrize("state", [State.ON_HOLD, State.COMPLETED, State.CANCELLED])
def test_a_project_that_rests_is_not_asked(town, state):
    set_state(town, state)
    town.play(THURSDAY + timedelta(days=2))
    assert states(town) == ["waived"]
    assert times_asked(town, "ULUIS") == []


def test_a_project_put_on_hold_after_the_ask_is_not_reminded(town):
    town.play(THURSDAY)
    set_state(town, State.ON_HOLD)
    town.play(FRIDAY.replace(hour=23))
    assert states(town) == ["waived"]
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == "Nothing waits in this message any more."


def test_who_moves_before_the_ask_is_asked_in_the_new_zone(town):
    town.sandbox.change_person("ULUIS", tz="America/Los_Angeles")
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 14:00"]
    assert [at.astimezone(UTC).hour for _, at in asked(town)] == [17, 21]


def test_who_moves_after_the_ask_is_not_asked_twice_and_has_the_new_zones_time(town):
    town.play(THURSDAY + timedelta(minutes=30))
    town.sandbox.change_person("ULUIS", tz="America/Los_Angeles")
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 07:00", "Fri 03 Apr 14:00"]
    [request] = requests(town)
    pacific = ZoneInfo("America/Los_Angeles")
    assert request.due_at == datetime(2026, 4, 3, 16, tzinfo=pacific)
    assert request.close_at == datetime(2026, 4, 9, 10, tzinfo=pacific)
    town.play(THURSDAY + timedelta(days=7, hours=4))
    assert states(town) == ["missed", "open"]


def test_who_moves_over_the_asks_own_date_is_asked_late_and_not_left_out(town):
    """Thursday 09:30 in New York is half past midnight on Friday in Sydney."""
    town.play(THURSDAY.replace(hour=9, minute=30))
    town.sandbox.change_person("ULUIS", tz="Australia/Sydney")
    town.play(THURSDAY + timedelta(days=7))
    assert times_asked(town, "ULUIS") == ["Fri 03 Apr 09:00", "Thu 09 Apr 10:00"]
    assert states(town) == ["missed", "open"]


def test_a_move_takes_no_time_away(town):
    """Friday noon in New York is Saturday in Sydney, where the request would have been due long ago."""
    town.play(FRIDAY.replace(hour=12))
    town.sandbox.change_person("ULUIS", tz="Australia/Sydney")
    town.play(FRIDAY.replace(hour=13))
    [request] = requests(town)
    assert (request.state, request.due_at) == ("open", FRIDAY.replace(hour=16))


def test_a_new_owner_is_asked_instead_in_their_own_hours(town):
    town.play(THURSDAY + timedelta(hours=1))
    hand_over(town, "UKAVYA")
    town.play(FRIDAY.replace(hour=1))
    assert times_asked(town, "UKAVYA") == ["Fri 03 Apr 09:00"]
    [old] = town.person("ULUIS").direct_messages()
    assert old["text"] == "Nothing waits in this message any more."
    assert "1 ask waits for you" in str(town.person("UKAVYA").opens_home())
    post_status(town, "UKAVYA")
    assert states(town) == ["submitted"]
    town.play(FRIDAY.replace(hour=23))
    assert len(asked(town)) == 2


def test_a_new_owner_of_an_overdue_request_is_asked_too(town):
    town.play(THURSDAY + timedelta(days=4))
    hand_over(town, "UDANA")
    town.play(THURSDAY + timedelta(days=5))
    assert times_asked(town, "UDANA") == ["Mon 06 Apr 10:00"]
    [message] = town.person("UDANA").direct_messages()
    assert message["text"].endswith("was due Fri 3 Apr.")
    assert states(town) == ["overdue"]


def test_an_owner_without_slack_or_who_has_left_gets_nothing_and_stops_nobody(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    with town.database.write(1) as session:
        session.execute(update(Person).where(Person.handle == "luis").values(slack_id=None))
    town.sandbox.change_person("UKAVYA", deleted=True)
    town.play(THURSDAY + timedelta(days=7))
    assert asked(town) == []
    assert states(town) == states(town, "Fraud Signals") == ["missed", "open"]


def test_after_three_weeks_of_downtime_only_the_newest_is_asked_on_the_next_working_morning(town):
    town.play(THURSDAY)
    sunday = datetime(2026, 4, 26, 20, tzinfo=NEW_YORK)
    town.clock.move_to(sunday)
    town.timetable.run_due()
    assert [(r.local_date, r.state) for r in requests(town)] == [
        (date(2026, 4, 2), "missed"),
        (date(2026, 4, 23), "overdue"),
    ]
    assert len(asked(town)) == 1, "not on a Sunday evening"
    assert "1 ask waits for you" in str(town.person("ULUIS").opens_home())
    town.play(sunday + timedelta(days=2))
    assert times_asked(town, "ULUIS")[1:] == ["Mon 27 Apr 09:00"]


def test_what_is_answered_before_it_could_be_asked_is_not_asked(town):
    town.clock.move_to(datetime(2026, 4, 4, 12, tzinfo=NEW_YORK))  # down from Monday to Saturday
    town.timetable.run_due()
    post_status(town)
    town.play(datetime(2026, 4, 7, 12, tzinfo=NEW_YORK))
    assert states(town) == ["submitted_late"]
    assert town.person("ULUIS").direct_messages() == []


SEASONS = {
    "spring": (
        datetime(2026, 3, 2, 15, tzinfo=UTC),
        {
            "Ledger Migration": ["03-05T15", "03-12T14", "03-19T14", "03-26T14", "04-02T14"],
            "Fraud Signals": ["03-05T09", "03-12T09", "03-19T09", "03-26T09", "04-02T08"],
            "": ["03-09T13", "03-16T13", "03-23T13", "03-30T13"],
        },
    ),
    "autumn": (
        datetime(2026, 10, 12, 15, tzinfo=UTC),
        {
            "Ledger Migration": ["10-15T14", "10-22T14", "10-29T14", "11-05T15", "11-12T15"],
            "Fraud Signals": ["10-15T08", "10-22T08", "10-29T09", "11-05T09", "11-12T09"],
            "": ["10-19T13", "10-26T13", "11-02T14", "11-09T14"],
        },
    ),
}
"""When a request opens in New York and Berlin, and a rollup in New York: instants in UTC."""


def tick_around(town: Town, moment: datetime, *, late: bool) -> None:
    """Every minute, twice, and after a restart; or only once, when the bot comes back."""
    minutes = (50,) if late else (-1, 0, 0, 1)
    for minute in minutes:
        town.clock.move_to(moment + timedelta(minutes=minute))
        take_due_steps(town.runtime)
    Timetable(town.runtime).run_due()


@pytest.mark.parametrize("season", SEASONS)
def test_each_local_date_is_met_once_over_the_change_of_clocks(database: Database, season):
    start, expected = SEASONS[season]
    town = Town(database, now=start)
    town.set_up_program()
    for user, channel, name in (("ULUIS", "CLEDGER", "Ledger Migration"), ("UJONAS", "CFRAUD", "Fraud Signals")):
        town.person(user).types(channel, f"/pm setup {name}")
        town.person(user).submits({"target_on": "2027-01-29"})
    instants = {
        name: [datetime.fromisoformat(f"2026-{hour}:00:00+00:00") for hour in hours] for name, hours in expected.items()
    }
    for week, moment in enumerate(sorted(moment for moments in instants.values() for moment in moments)):
        tick_around(town, moment, late=week % 4 == 3)
    with town.database.read(1) as session:
        rows = session.execute(
            select(Project.name, Occurrence.local_date, Occurrence.open_at).outerjoin_from(
                Occurrence, Project, Project.id == Occurrence.project_id
            )
        ).all()
    assert Counter((name or "", opened) for name, _, opened in rows) == Counter(
        (name, moment) for name, moments in instants.items() for moment in moments
    )
    assert {day.isoweekday() for name, day, _ in rows if name} == {4}


@pytest.fixture
def small_town(tmp_path: Path, sqlite_template: Path) -> Iterator[Town]:
    """On SQLite only: what is played here is long, and the same on both databases."""
    path = tmp_path / "small.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Town(database, now=datetime(2026, 3, 16, 13, tzinfo=UTC))
    database.close()


def test_over_weeks_nobody_is_written_to_outside_their_hours_or_twice_a_day(small_town):
    """Five zones, both spring changes, a journey, a hand-over, downtime, and owners who answer or do not."""
    town = small_town
    town.set_up_program()
    owners = ["ULUIS", "UJONAS", "UKAVYA", "URUBY", "UDANA"]
    town.sandbox.change_person("UDANA", tz="Pacific/Auckland")
    for number in range(10):
        channel = f"CMANY{number}"
        town.sandbox.add_channel(channel, f"p-{number}", [*CAST, town.sandbox.bot_user_id])
        town.set_up_project(owners[number % 5], channel, f"Project {number}")
    zones_of = {user: {zone(town, user)} for user in owners}

    for week in range(4):
        monday = datetime(2026, 3, 16, 13, tzinfo=UTC) + timedelta(weeks=week)
        if week == 1:
            town.sandbox.change_person("ULUIS", tz="Asia/Tokyo")
            zones_of["ULUIS"].add(ZoneInfo("Asia/Tokyo"))
        if week == 2:
            town.clock.move_to(monday + timedelta(days=5, hours=3))  # down until Saturday
        town.play(monday + timedelta(days=3, hours=18))
        post_status(town, "URUBY", f"CMANY{3 if week % 2 else 8}")
        town.play(monday + timedelta(days=7))

    posted = [(user, at) for user, at in asked(town)]
    assert {user for user, _ in posted} == set(owners)
    for user, at in posted:
        assert any(is_working(at.astimezone(place)) for place in zones_of[user]), (user, at)
    days = Counter((user, at.date()) for user, at in posted)
    assert max(days.values()) == 1
    assert len(posted) <= 5 * 2 * 4, "an ask and a reminder a week"


def is_working(local: datetime) -> bool:
    return local.isoweekday() <= 5 and time(9) <= local.time() < time(18)


LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis", tz="America/New_York")


def ask_for(number: int, state: OccurrenceState = OccurrenceState.OPEN, name: str = "&<>" * 26) -> StatusAsk:
    place = Place(
        kind=PlaceKind.PROJECT,
        id=number,
        number=number,
        name=name,
        channel=None,
        channel_name=None,
        program_id=None,
        program_name=None,
        tz="UTC",
        state=State.ACTIVE,
        restricted=False,
        owner=LUIS,
    )
    return StatusAsk(
        id=number,
        place=place,
        person=LUIS,
        period="2026-W14",
        due_at=FRIDAY,
        last_health=Health.RED,
        last_posted_on=date(2025, 12, 24),
        state=state,
    )


@pytest.mark.parametrize(("left", "done"), [(1, 0), (0, 1), (10, 10), (300, 0), (0, 300), (300, 300)])
def test_any_number_of_asks_fits_one_message_and_the_rest_is_counted(left, done):
    asks = [ask_for(n) for n in range(left)] + [ask_for(n, OccurrenceState.SUBMITTED) for n in range(done)]
    message = daily_ask(asks, today=THURSDAY.date())
    assert check_message({"channel": "D1", **message.payload()}) == []
    assert len(message.blocks) <= 45
    assert text_size(message.payload()) <= 10_000
    assert len(message.text) <= 150
    shown = str(message.blocks)
    assert ("and 290 more wait in your Home" in shown) is (left == 300)
    assert ("and 290 more'" in shown) is (done == 300)
