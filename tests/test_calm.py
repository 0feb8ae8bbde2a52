"""The price of attention: once a week, in one message a day, inside hours, whatever the clocks do."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.jobs.desk import take_due_desks
from bot.jobs.schedule import take_due_steps
from bot.scheduler import Timetable
from bot.slack_rules import check_message, text_size
from bot.views.asks import daily_ask
from models.schemas.asks import AskLine, DailyAsk, Done, Owed
from models.schemas.home import AskKind
from models.schemas.issue import IssueStatus, Severity
from models.schemas.people import PersonCard
from models.schemas.risk import Band
from models.schemas.status import Health
from models.tables import Occurrence, Project
from tests.asking import (
    FRIDAY,
    THURSDAY,
    asked,
    post_status,
    zone,
)
from tests.town import CAST, Town

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
        take_due_desks(town.runtime)
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
    for number in range(7):
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
        post_status(town, "URUBY", "CMANY3")
        town.play(monday + timedelta(days=7))

    posted = [(user, at) for user, at in asked(town)]
    assert {user for user, _ in posted} == set(owners)
    for user, at in posted:
        assert any(is_working(at.astimezone(place)) for place in zones_of[user]), (user, at)
    days = Counter((user, at.date()) for user, at in posted)
    assert max(days.values()) == 1
    assert len(posted) <= 5 * 4 * 4, "an ask and three reminders a week"


def is_working(local: datetime) -> bool:
    return local.isoweekday() <= 5 and time(9) <= local.time() < time(18)


LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis", tz="America/New_York")
LONG = "&<>" * 26
LINK = "https://a-workspace-with-a-long-name-indeed.slack.com/archives/C0123456789/p1774600100000000"


def ask_for(number: int, kind: AskKind) -> AskLine:
    """As long as such a line can be."""
    what = Owed(
        kind=kind,
        id=number,
        record_id=number,
        person_id=1,
        ref=f"R-{10**8 + number}",
        title=LONG * 2,
        link=LINK,
        due_at=FRIDAY,
        is_overdue=True,
        is_urgent=True,
        sorted_by=THURSDAY.date(),
        band=Band.EXTREME,
        points="0.36",
        severity=Severity.SEV1,
        issue_status=IssueStatus.BLOCKED,
        health=Health.RED,
        health_on=date(2025, 12, 24),
        place=LONG,
        waits=LONG,
        choice=LONG,
        asked_by=LONG,
        reason=LONG,
    )
    return AskLine(id=number, zone=LUIS.tz, what=what)


def done(number: int) -> Done:
    return Done(kind=AskKind.STATUS, subject=f"{number} {LONG}", link=LINK, effect=LONG, by=LUIS)


@pytest.mark.parametrize("kind", AskKind)
@pytest.mark.parametrize(("left", "done_today"), [(1, 0), (0, 1), (10, 10), (300, 0), (0, 300), (300, 300)])
def test_any_number_of_asks_fits_one_message_and_the_rest_is_counted(left, done_today, kind):
    daily = DailyAsk(
        person=LUIS,
        day=THURSDAY.date(),
        left=[ask_for(number, kind) for number in range(left)],
        done=[done(number) for number in range(done_today)],
    )
    message = daily_ask(daily)
    assert check_message({"channel": "D1", **message.payload()}) == []
    assert len(message.blocks) <= 45
    assert text_size(message.payload()) <= 10_000
    assert len(message.text) <= 150
    shown = str(message.blocks)
    assert ("and 290 more wait in your Home" in shown) is (left == 300)
    assert ("and 290 more'" in shown or "and 295 more'" in shown) is (done_today == 300)
