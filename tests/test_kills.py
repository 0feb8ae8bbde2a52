"""The bot killed with -9 again and again: nothing is lost or said twice, and what cannot be known is counted."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.services import delivery
from bot.services.outbox import LEASE
from models.tables import Outbox
from tests.depot import CHANNELS, PEOPLE, Depot
from tests.doomed import Fate, Moment
from tests.started_bot import StartedBot

KILLS = 20
DONE = {"sent", "superseded"}
A_LEASE = LEASE + timedelta(seconds=1)

MOMENTS = pytest.mark.parametrize(
    "moment", [pytest.param("before", id="between claim and send"), pytest.param("after", id="between send and record")]
)


@pytest.fixture
def depot(database: Database, tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(database, tmp_path)
    yield depot
    depot.close()


@pytest.fixture
def blind_depot(database: Database, tmp_path: Path) -> Iterator[Depot]:
    """Installed without the scopes that let it look for a message."""
    depot = Depot(database, tmp_path, without_optional_scopes=True)
    yield depot
    depot.close()


@pytest.fixture
def bot(database_url: str, tmp_path: Path) -> Iterator[StartedBot]:
    bot = StartedBot(database_url, tmp_path)
    yield bot
    bot.close()


def fill(depot: Depot) -> None:
    """More than one courier claims at a time, in places that get several each."""
    for number in range(30):
        depot.post(f"first:{number}", to=CHANNELS[number % len(CHANNELS)])


def add_news(depot: Depot, kill: int) -> None:
    """Meanwhile people go on: a message, and a card that is new or changes, a direct message, or a Home."""
    depot.post(f"news:{kill}", to=CHANNELS[kill % len(CHANNELS)])
    match kill % 3:
        case 0:
            depot.show(f"card:{kill % 2}", to=CHANNELS[kill % 2])
        case 1:
            depot.post(f"ask:{kill}", to=PEOPLE[kill % 4])
        case 2:
            depot.publish_home(PEOPLE[kill % 2])


def kill_again_and_again(depot: Depot, moment: Moment) -> Counter[str]:
    """Each time another process goes on at once. Returns at which calls they were killed."""
    chance = random.Random(moment)
    fill(depot)
    killed_at: Counter[str] = Counter()
    for kill in range(KILLS):
        add_news(depot, kill)
        killed_at[depot.kill_by(Fate(moment, chance.randint(1, 5)))] += 1
    depot.finish()
    return killed_at


def assert_all_is_recorded(depot: Depot) -> None:
    """Every row is sent, but for older words of a card; each stands in its newest words, and it is known where."""
    rows = depot.rows()
    sent = {(row.message_key, row.version) for row in rows if row.state == "sent"}
    assert sent >= depot.newest.items()
    assert {row.message_key for row in rows if row.state != "sent"} <= depot.newest.keys()
    assert {row.state for row in rows} <= DONE
    with depot.office.runtime.database.read(1) as session:
        known = delivery.posted(session, [key for keys in depot.queued.values() for key in keys])
    for place in depot.queued:
        for key, message in dict(depot.read(place)).items():
            assert known[key].ts == message["ts"]
            assert message["text"] == (f"{key} v{depot.newest[key]}" if key in depot.newest else key)
    drawn = [call for call in depot.office.sandbox.calls if call.method == "views.publish"]
    assert len(drawn) >= len([row for row in rows if row.operation == "publish_home"])


@MOMENTS
def test_killed_twenty_times_it_loses_nothing_and_says_nothing_twice(depot: Depot, moment: Moment) -> None:
    killed_at = kill_again_and_again(depot, moment)
    assert killed_at.total() == KILLS
    assert depot.arrived() == depot.queued, "all of it, once, in order"
    assert_all_is_recorded(depot)
    assert not any(row.possibly_doubled for row in depot.rows())
    assert not depot.office.sandbox.refusals


@MOMENTS
def test_without_the_right_to_look_the_one_in_flight_at_most_is_said_twice_and_counted(
    blind_depot: Depot, moment: Moment
) -> None:
    killed_at = kill_again_and_again(blind_depot, moment)
    arrived = blind_depot.arrived()
    assert {place: list(dict.fromkeys(keys)) for place, keys in arrived.items()} == blind_depot.queued
    assert_all_is_recorded(blind_depot)
    times = Counter(key for keys in arrived.values() for key in keys)
    doubled = Counter({key: count - 1 for key, count in times.items() if count > 1})
    assert killed_at.total() == KILLS
    assert doubled.total() <= KILLS, "one a kill: where it cannot look, no two are under way"
    counted = {row.message_key for row in blind_depot.rows() if row.possibly_doubled}
    assert doubled.keys() <= counted
    assert len(counted) <= KILLS


def test_killed_at_any_moment_it_loses_nothing_and_says_nothing_twice(depot: Depot) -> None:
    chance = random.Random(20)
    places = CHANNELS + PEOPLE
    for number in range(200):
        depot.post(f"message:{number}", to=places[number % len(places)])
    depot.office.clock.run()
    caught = 0
    for _ in range(KILLS):
        depot.kill_after(chance.uniform(0, 0.8))
        caught += any(row.state == "claimed" for row in depot.rows())
        depot.office.clock.move_to(depot.office.clock.now() + A_LEASE)
    assert caught, "killed with something under way"
    depot.finish()
    assert depot.arrived() == depot.queued
    assert_all_is_recorded(depot)
    assert not any(row.possibly_doubled for row in depot.rows())


def test_a_bot_killed_after_it_acknowledged_a_risk_posts_its_card_once(bot: StartedBot, database: Database) -> None:
    """At once; while it waits for Slack, who did nothing; while it waits for Slack, who posted the card."""

    def all_is_said() -> bool:
        with database.read(1) as session:
            return set(session.scalars(select(Outbox.state))) <= DONE

    bot.start()
    bot.luis.types("CLEDGER", "/pm setup Ledger Migration")
    bot.luis.submits({"target_on": "2026-05-22"})
    for number, hang in enumerate((None, "hang", "hang_done"), start=1):
        bot.wait_until(all_is_said)
        bot.luis.types("CLEDGER", f"/risk Vendor {number} slips the API")
        bot.hangs_next(hang, "chat.postMessage")
        submitted = bot.luis.submits({"probability": "4", "impact": "5", "category": "vendor"})
        bot.wait_until(bot.is_hanging)
        bot.kill()
        assert (submitted.acked, submitted.error, bot.luis.form_errors) == (True, None, {})
        bot.clock.move_to(bot.clock.now() + A_LEASE)
        bot.start()
    bot.wait_until(all_is_said)
    heard = [said for said in bot.luis.reads("CLEDGER") + bot.luis.direct_messages() if said.get("metadata")]
    cards = [said["text"] for said in heard if said["text"].startswith("New Extreme risk")]
    assert [card.split(" in ")[0] for card in cards] == [f"New Extreme risk R-{number}" for number in (1, 2, 3)]
    times = Counter(said["metadata"]["event_payload"]["key"] for said in heard)
    assert set(times.values()) == {1}
