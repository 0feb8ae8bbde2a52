"""The bench of delivery under faults, in short; and that what it counts would be noticed."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.database import Database
from tests.bench.__main__ import options_of
from tests.bench.faults import LONG, SHORT, Result, Row, Run, as_json, rows, run
from tests.bench.faults_count import Arrived, Count, Line, Queued, count
from tests.bench.faults_page import line, summary
from tests.bench.faults_trouble import HANGS, MAKE_TROUBLE, Everything

LEDGER, THREAD, LUIS = Line("CLEDGER"), Line("CLEDGER", "a"), Line("ULUIS")


def kind(database: Database) -> str:
    return "sqlite" if make_url(database.url).get_backend_name() == "sqlite" else "postgres"


def test_killed_at_random_moments_couriers_lose_nothing_and_say_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    found = run(Row("kills", kind(database), messages=80, kills=4), database, tmp_path, seed=1)
    assert found.keeps_its_promise, found
    assert (found.result.kills, found.result.doubled) == (4, 0)


def test_without_the_right_to_look_a_kill_doubles_one_at_most_and_the_bot_knows_which(
    database: Database, tmp_path: Path
) -> None:
    row = Row("kills_without_history", kind(database), messages=80, kills=4, blind=True)
    found = run(row, database, tmp_path, seed=2)
    assert found.keeps_its_promise, found


def test_through_every_kind_of_trouble_and_kills_nothing_is_lost_or_said_twice(
    database: Database, tmp_path: Path
) -> None:
    trouble = Everything(share=len(MAKE_TROUBLE) / 80, timeout=HANGS / 2)
    found = run(Row("everything", kind(database), 80, kills=2), database, tmp_path, seed=3, trouble=trouble)
    assert found.keeps_its_promise, found
    assert found.given_up == {}
    assert found.troubles >= len(MAKE_TROUBLE)


def queued() -> Queued:
    all_of_it = Queued()
    for key in ("a", "b", "c"):
        all_of_it.add(LEDGER, key, key)
    for key in ("a1", "a2"):
        all_of_it.add(THREAD, key, key)
    all_of_it.add(LUIS, "card", "card v2")
    return all_of_it


def standing(**lines: str) -> dict[Line, list[Arrived]]:
    """As it was queued, but for the lines that are named."""
    names = {"ledger": LEDGER, "thread": THREAD, "luis": LUIS}
    words = {"ledger": "a b c", "thread": "a1 a2", "luis": "card"} | lines
    return {
        names[name]: [Arrived(key, "card v2" if key == "card" else key) for key in said.split()]
        for name, said in words.items()
    }


@pytest.mark.parametrize(
    ("arrived", "found"),
    [
        (standing(), Count(0, Counter(), 0)),
        (standing(ledger="a c"), Count(1, Counter(), 0)),
        (standing(luis=""), Count(1, Counter(), 0)),
        (standing(luis="") | {LUIS: [Arrived("card", "card v1")]}, Count(1, Counter(), 0)),
        (standing(ledger="a b c", thread=""), Count(2, Counter(), 0)),
        (standing(ledger="a b b b c"), Count(0, Counter({"b": 2}), 0)),
        (standing(ledger="a b c a"), Count(0, Counter({"a": 1}), 0)),
        (standing(ledger="b a c"), Count(0, Counter(), 1)),
        (standing(ledger="c a b"), Count(0, Counter(), 2)),
        (standing(thread="a2 a1"), Count(0, Counter(), 1)),
        (standing(ledger="a b c a2", thread="a1"), Count(1, Counter(), 0)),
    ],
    ids=[
        *("nothing", "lost", "lost in a direct message", "left in older words", "lost in a thread", "said three times"),
        *("said again at the end", "two changed places", "the last came first", "disorder in a thread", "elsewhere"),
    ],
)
def test_what_is_lost_doubled_or_out_of_order_is_counted(arrived: dict[Line, list[Arrived]], found: Count) -> None:
    assert count(queued(), arrived) == found


def shown(row: Row, *, kills: int = 3, uncounted: int = 0, **found: int) -> Run:
    counts = {"lost": 0, "doubled": 0, "out_of_order": 0} | found
    result = Result(row.name, row.database, row.replicas, kills, row.messages, **counts)
    return Run(row, result, seconds=2, uncounted=uncounted, given_up={}, troubles=0)


SEEING, BLIND = Row("kills", "sqlite", 100, 3), Row("kills_without_history", "postgres", 100, 3, blind=True)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (shown(SEEING), True),
        (shown(SEEING, lost=1), False),
        (shown(SEEING, doubled=1), False),
        (shown(SEEING, out_of_order=1), False),
        (shown(BLIND, doubled=3), True),
        (shown(BLIND, doubled=4), False),
        (shown(BLIND, doubled=1, uncounted=1), False),
    ],
)
def test_a_row_says_whether_it_keeps_its_promise(found: Run, kept: bool) -> None:
    assert found.keeps_its_promise == kept
    assert ("kept" if kept else "BROKEN") in line(found)
    assert f"{int(kept)} of 1 rows keep" in summary([found])


def test_the_json_of_the_faults_is_the_documented_shape_and_nothing_else() -> None:
    assert as_json([shown(BLIND, doubled=1)]) == {
        "faults": [
            {
                "name": "kills_without_history",
                "database": "postgres",
                "replicas": 3,
                "kills": 3,
                "messages": 100,
                "lost": 0,
                "doubled": 1,
                "out_of_order": 0,
            }
        ]
    }


def test_the_long_rows_are_two_hundred_kills_over_ten_thousand_messages() -> None:
    kills = [row for row in rows(LONG) if not row.trouble]
    assert {(row.database, row.replicas, row.blind) for row in kills} == {
        *(("postgres", 3, True), ("postgres", 3, False)),
        *(("sqlite", 1, True), ("sqlite", 1, False)),
    }
    assert {(row.messages, row.kills) for row in kills} == {(10_000, 200)}
    assert {row.trouble for row in rows(LONG)} == {"", *MAKE_TROUBLE}
    assert [(row.name, row.database) for row in rows(SHORT)] == [(row.name, row.database) for row in rows(LONG)]


def test_the_faults_are_measured_where_they_are_asked_for() -> None:
    assert [options_of(words).faults for words in ([], ["--long"], ["--faults"], ["--faults", "--long"])] == [
        *(False, False),
        *(True, True),
    ]
