"""A short quarter, played through the real code; and the checker itself, which has to find what is planted."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.simulation.checker import check, requests
from tests.simulation.quarter import Quarter, play
from tests.simulation.received import Answered, Call
from tests.simulation.report import KEPT_AT_ZERO, told_of
from tests.simulation.world import World, build

OWNERS, WEEKS = 18, 4


@pytest.fixture(scope="module")
def quarter() -> Iterator[Quarter]:
    yield play(build(owners=OWNERS, weeks=WEEKS))


@pytest.mark.timeout(300)
def test_weeks_of_two_dozen_owners_keep_every_promise(quarter: Quarter) -> None:
    found = check(quarter.world, quarter.received, quarter.answered)

    told = told_of(quarter, found).figures

    assert {name: told[name] for name in KEPT_AT_ZERO} == dict.fromkeys(KEPT_AT_ZERO, 0), found
    assert told["asks_per_person_per_working_day_max"] == 1
    assert quarter.problems == []
    assert quarter.refusals == []
    assert told["posts_new"] > OWNERS * WEEKS / 2
    assert told["posts_updated"] > OWNERS
    assert len({act.person for act in quarter.answered}) > OWNERS / 2


WORLD = build(owners=12, weeks=4)


def ask(world: World, person: str, at: datetime, *, value: str = "project:1", name: str = "Project 000") -> Call:
    button = {"type": "button", "action_id": "status.open", "value": value, "text": {"text": "Update status"}}
    blocks = [
        {"type": "section", "text": {"text": f"*1. Update status of {name}*"}},
        {"type": "actions", "elements": [button]},
    ]
    body = {"text": "1 ask", "blocks": blocks, "metadata": {"event_payload": {"key": f"asks:{person}:{at:%Y-%m-%d}"}}}
    return Call(at, "chat.postMessage", f"D{world.people[person].id[1:]}", str(at.timestamp()), body)


NEW_YORKER = "owner.000"
NOON = datetime(2026, 2, 11, 17, tzinfo=UTC)
"""Of a Wednesday in New York."""


def found_in(*calls: Call, answered: list[Answered] | None = None) -> Any:
    return check(WORLD, calls, answered or [])


def test_a_message_in_hours_is_no_finding() -> None:
    found = found_in(ask(WORLD, NEW_YORKER, NOON))

    assert (found.outside_working_hours, found.on_holiday_or_away, found.sent_twice, found.most_a_day) == (
        [],
        [],
        [],
        1,
    )


@pytest.mark.parametrize("later", [timedelta(hours=6), timedelta(hours=-4), timedelta(days=3)])
def test_a_message_in_the_evening_at_night_or_on_a_saturday_is_found(later: timedelta) -> None:
    assert len(found_in(ask(WORLD, NEW_YORKER, NOON + later)).outside_working_hours) == 1


def test_a_message_on_a_public_holiday_is_found() -> None:
    presidents_day = datetime(2026, 2, 16, 17, tzinfo=UTC)

    assert len(found_in(ask(WORLD, NEW_YORKER, presidents_day)).on_holiday_or_away) == 1


def test_a_message_to_somebody_who_is_away_is_found() -> None:
    person = next(each for each in WORLD.people.values() if each.away)
    first = next(
        day
        for day in (person.away[0].start + timedelta(days=n) for n in range(12))
        if person.works_on(day) and person.is_away(day)
    )

    found = found_in(ask(WORLD, person.handle, person.at(first, "12:00")))

    assert len(found.on_holiday_or_away) == 1


def test_two_messages_on_one_day_and_one_message_twice_are_found() -> None:
    first = ask(WORLD, NEW_YORKER, NOON)
    other = replace(first, at=NOON + timedelta(hours=1), body={**first.body, "metadata": {}})

    assert found_in(first, other).most_a_day == 2
    assert len(found_in(first, replace(first, ts="2")).sent_twice) == 1


def test_a_question_that_was_answered_before_is_found() -> None:
    opened = next(each.open_at for each in requests(WORLD) if each.project == "Project 000" and each.open_at > NOON)
    answer = Answered(opened + timedelta(hours=1), WORLD.people[NEW_YORKER].id, "status.open", "project:1")

    before, after = (ask(WORLD, NEW_YORKER, opened + timedelta(hours=hours)) for hours in (0, 3))

    assert found_in(before, answered=[answer]).asked_after_answer == []
    assert len(found_in(before, after, answered=[answer]).asked_after_answer) == 1


def test_a_request_that_nobody_was_told_of_is_found() -> None:
    silent = found_in().never_sent
    told = found_in(
        *(
            ask(WORLD, each.owner.handle, each.open_at, name=each.project, value=each.project)
            for each in requests(WORLD)
        )
    ).never_sent

    assert sum("Project 000" in line for line in silent) >= 2
    assert not any(line.startswith("Project") for line in told)
    assert any(line.startswith("rollup") for line in told)


Make = Callable[..., World]


def test_the_world_of_one_seed_is_always_the_same() -> None:
    assert build(owners=12, weeks=4).portfolio == WORLD.portfolio
    assert build(owners=12, weeks=4, seed=7).portfolio != WORLD.portfolio
