"""The Home with any number of items: all are reachable, all fit, and each costs the same number of statements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import Database
from bot.services import home
from bot.slack_rules import check_view
from bot.views.home import home_view
from models.schemas.home import (
    AskKind,
    Home,
    HomeAsk,
    HomePlace,
    HomeProject,
    HomeWait,
    Part,
    Stretch,
)
from models.schemas.issue import IssueStatus, Severity
from models.schemas.people import PersonCard
from models.schemas.project import PlaceKind
from models.schemas.risk import Band
from models.schemas.status import Health
from tests.asking import sqlite_only
from tests.desk import HOSTILE, NOON, TODAY, add_decision, add_project, add_request, add_risk, one_of_each
from tests.desk import person as person_id
from tests.desk import project as project_row
from tests.statements import statements_of
from tests.test_home import buttons, offered, shown

MOST_BLOCKS = 80
"""Of the 100 that Slack takes, a fifth to spare; so with the 3,000 characters of a section."""
MOST_TEXT = 2400
MOST_VIEW = 200_000
"""Characters of the whole as JSON: Slack takes a quarter of a million."""


def fill(session: Any, times: int) -> None:
    luis, dana = person_id(session, "luis"), person_id(session, "dana")
    for number in range(times):
        one_of_each(session, 1 + number * 10, reader=luis, other=dana, place=project_row(session))


def test_three_hundred_asks_are_counted_and_each_is_reached_once(town):
    luis = town.person("ULUIS")
    with town.database.write(1) as session:
        me, dana = person_id(session, "luis"), person_id(session, "dana")
        for number in range(1, 151):
            late = TODAY - timedelta(days=number % 40)
            add_risk(session, number, owner=me, score=(5, 5) if number == 77 else (2, 2), next_review_on=late)
            add_decision(session, number, approver=me, driver=dana, due_on=TODAY - timedelta(days=number % 50 - 5))
    luis.opens_home()
    assert shown(luis.home)[0] == "300 asks wait for you"
    assert "R-77: Risk 77 &lt;!channel&gt;" in shown(luis.home)[2]
    assert "and 285 more" in shown(luis.home)
    front = [value for _, action, value in buttons(luis.home) if action in ("risk.review", "decision.decide")]
    assert len(front) == 15

    luis.presses("home", "home.list", value="asks:0")
    assert shown(luis.home)[:2] == ["300 asks wait for you", "1 to 30 of 300"]
    pages, seen = 0, []
    while True:
        pages += 1
        seen += [(action, value) for _, action, value in buttons(luis.home) if not action.startswith("home.")]
        following = offered(luis.home, "home.next")
        if not following:
            break
        luis.presses("home", "home.next", value=following[0])
    assert pages == 10 and len(seen) == len(set(seen)) == 300
    assert "271 to 300 of 300" in shown(luis.home)
    luis.presses("home", "home.previous", value="asks:240")
    assert "241 to 270 of 300" in shown(luis.home)
    luis.presses("home", "home.back", value="desk")
    assert "and 285 more" in shown(luis.home)


def test_what_is_answered_on_a_later_page_brings_the_desk_back_with_one_ask_less(town):
    luis = town.person("ULUIS")
    with town.database.write(1) as session:
        me = person_id(session, "luis")
        for number in range(1, 41):
            add_risk(session, number, owner=me, state="identified", acknowledged_at=None)
    luis.opens_home()
    luis.presses("home", "home.list", value="asks:0")
    luis.presses("home", "home.next", value="asks:30")
    assert "31 to 40 of 40" in shown(luis.home)
    luis.presses("home", "risk.acknowledge", value=offered(luis.home, "risk.acknowledge")[0])
    assert shown(luis.home)[0] == "39 asks wait for you"


@sqlite_only
def test_a_page_that_is_not_there_any_more_shows_what_is(town):
    with town.database.write(1) as session:
        fill(session, 1)
    luis = town.person("ULUIS")
    luis.opens_home()
    [block] = [block for block in luis.home["blocks"] if "risk.form" in str(block)]
    for value in ("asks:9999", "asks:²", "asks:-1", "asks", "", "nothing:3", "waits:60", "places:30", "x" * 99):
        town.deliver("interactive", press(town, luis.home, block["block_id"], value))
        assert "Log risk" in str(luis.home) or "Back" in str(luis.home)
        assert "Nothing is left here." not in shown(luis.home)


def press(town: Any, view: dict[str, Any], block_id: str, value: str) -> dict[str, Any]:
    action = {"type": "button", "action_id": "home.next", "block_id": block_id, "value": value, "action_ts": "1.1"}
    team = {"id": town.identity["team_id"], "domain": "example"}
    user = {"id": "ULUIS", "team_id": town.identity["team_id"]}
    return {
        "type": "block_actions",
        "user": user,
        "team": team,
        "view": view,
        "container": {"type": "view", "view_id": view["id"]},
        "actions": [action],
        "trigger_id": "1.1.a",
    }


def test_places_and_what_one_waits_for_have_their_pages_too(town):
    luis = town.person("ULUIS")
    with town.database.write(1) as session:
        me, dana = person_id(session, "luis"), person_id(session, "dana")
        for number in range(1, 46):
            add_project(session, 100 + number, owner=me, name=f"Project {number:02}")
            add_decision(session, number, approver=dana, driver=me)
    luis.opens_home()
    assert "and 36 more" in shown(luis.home) and "and 40 more" in shown(luis.home)
    luis.presses("home", "home.list", value="places:0")
    assert shown(luis.home)[:2] == ["Your programs and projects", "1 to 30 of 46"]
    assert len(offered(luis.home, "status.open")) == 30
    luis.presses("home", "home.next", value="places:30")
    assert "Project 45" in str(shown(luis.home))
    luis.presses("home", "home.back", value="desk")
    luis.presses("home", "home.list", value="waits:0")
    assert shown(luis.home)[:2] == ["You wait for others", "1 to 30 of 45"]


def statements(database: Database, part: Part | None, now: Any) -> int:
    with statements_of(database.reader) as asked, database.read(1) as session:
        home.build(session, "ULUIS", now=now, part=part)
    return len(asked)


def test_three_and_three_hundred_of_everything_take_the_same_statements(town):
    with town.database.write(1) as session:
        fill(session, 3)
    few = [statements(town.database, part, town.clock.now()) for part in (None, *Part)]
    with town.database.write(1) as session:
        luis, dana = person_id(session, "luis"), person_id(session, "dana")
        for number in range(3, 300):
            one_of_each(session, 1 + number * 10, reader=luis, other=dana, place=project_row(session))
    many = [statements(town.database, part, town.clock.now()) for part in (None, *Part)]
    assert few == many
    assert few[0] <= 32


@sqlite_only
def test_a_page_reads_no_more_rows_than_it_shows_of_each_kind(town):
    with town.database.write(1) as session:
        me = person_id(session, "luis")
        for number in range(1, 301):
            add_risk(session, number, owner=me, next_review_on=TODAY)
            own = add_project(session, 1000 + number, owner=me)
            add_request(session, own, owner=me, due_at=NOON)
    with statements_of(town.database.reader) as fetched, town.database.read(1) as session:
        built = home.build(session, "ULUIS", now=town.clock.now())
    assert built.asks.total == 600 and len(built.asks.items) == 15
    lists = [statement for statement in fetched if "total_overdue" in statement]
    assert len(lists) == 17 and all("LIMIT" in statement for statement in lists)


LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis", tz="America/New_York")
LINK = "https://a-workspace-with-a-long-name-indeed.slack.com/archives/C0123456789/p1774600100000000"


def full_home(many: int, part: Part | None, text: str) -> Home:
    """As much as is ever shown at once, everything as long as it can be."""
    most = {None: (15, 10, 5), Part.ASKS: (30, 0, 0), Part.PLACES: (0, 30, 0), Part.WAITS: (0, 0, 30)}[part]
    kinds = [AskKind.SETTLE, *AskKind]
    asks = [
        HomeAsk(
            kind=AskKind.SETTLE if number % 2 else kinds[number % len(kinds)],
            id=number,
            ref="project:999999999" if kinds[number % len(kinds)] is AskKind.STATUS else f"R-{10**9 + number}",
            title=text,
            link=LINK,
            due_at=NOON,
            is_overdue=number < 3,
            is_urgent=False,
            sorted_by=TODAY,
            band=Band.MODERATE,
            points="0.36",
            severity=Severity.SEV1,
            issue_status=IssueStatus.BLOCKED,
            health=Health.UNKNOWN,
            is_one_way=True,
            choice=text,
            asked_by=text[:80],
            reason=text,
        )
        for number in range(min(many, most[0]))
    ]
    project = HomeProject(name=text, health=Health.AMBER, was=Health.GREEN, days_silent=999, posted_on=TODAY, link=LINK)
    places = [
        HomePlace(
            kind=PlaceKind.PROGRAM if number % 2 else PlaceKind.PROJECT,
            id=number,
            name=text,
            channel="C0123456789",
            health=Health.RED,
            posted_on=TODAY,
            is_old=True,
            link=LINK,
            open_risks=999,
            extreme_risks=999,
            projects=[project] * 5 if number % 2 else [],
            other_projects=99,
        )
        for number in range(min(many, most[1]))
    ]
    waits = [
        HomeWait(
            kind=AskKind.CLOSE_RISK,
            id=number,
            ref=f"R-{10**9 + number}",
            title=text,
            link=LINK,
            person=LUIS,
            due_at=NOON,
            is_overdue=True,
            band=Band.MODERATE,
            points="0.36",
        )
        for number in range(min(many, most[2]))
    ]
    return Home(
        person=LUIS,
        today=TODAY,
        asks=Stretch(items=asks, total=many, start=many // 2 if part else 0),
        overdue=min(3, many),
        places=Stretch(items=places, total=many),
        waits=Stretch(items=waits, total=many),
        part=part,
    )


@pytest.mark.parametrize("part", [None, *Part])
@pytest.mark.parametrize("many", [0, 1, 15, 16, 300])
def test_any_number_of_anything_with_the_longest_names_fits_with_a_fifth_to_spare(many, part):
    view = home_view(full_home(many, part, f"{HOSTILE} " + "&<>" * 60))
    assert check_view(view) == []
    assert len(view["blocks"]) <= MOST_BLOCKS
    assert max(len(text) for text in shown(view)) <= MOST_TEXT
    assert len(json.dumps(view)) <= MOST_VIEW
    assert "<!channel>" not in str(shown(view))


@given(text=st.text(min_size=1, max_size=200), part=st.sampled_from([None, *Part]), many=st.integers(0, 40))
def test_no_words_break_the_home_or_call_anybody(text, part, many):
    view = home_view(full_home(many, part, text))
    assert check_view(view) == []
    assert "<!" not in str(shown(view)).replace("<!date^", "")
