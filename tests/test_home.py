"""The Home: what waits for me, answerable right there, then what is mine."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.services.risk import score_values
from bot.slack_rules import check_view
from bot.views.home import home_view
from models.schemas.home import Home, HomeProject
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.schemas.risk import RiskStatus
from models.schemas.schedule import OccurrenceState, StatusAsk
from models.schemas.status import Health
from models.tables import Person, Project, Risk
from models.tables.unit import add_row
from tests.asking import sqlite_only

THURSDAY = datetime(2026, 4, 2, 14, tzinfo=UTC)
"""10:00 in New York."""


def shown(home: dict[str, Any] | None) -> list[str]:
    assert home is not None
    texts = []
    for block in home["blocks"]:
        if "text" in block:
            texts.append(block["text"]["text"])
        texts += [element["text"] for element in block.get("elements", ()) if block["type"] == "context"]
    return texts


def test_with_nothing_to_do_it_names_the_next_ask_and_its_time(town):
    home = town.person("ULUIS").opens_home()
    assert shown(home)[:2] == [
        "Nothing waits for you",
        "Next: the status of Ledger Migration, <!date^1775138400^{date_short_pretty} at {time}|2 Apr, 14:00 UTC>.",
    ]
    assert "*Ledger Migration is Unknown*\n<#CLEDGER> · 0 open risks" in shown(home)[2]


@sqlite_only
def test_a_backup_is_not_told_of_an_ask_that_another_person_gets(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"backup": "UKAVYA"})
    home = shown(town.person("UKAVYA").opens_home())
    assert "Next:" not in str(home)
    assert "Ledger Migration is Unknown" in str(home), "what one backs up is shown all the same"


def test_asks_of_every_kind_stand_with_buttons_that_work(town):
    kavya, luis, dana = town.person("UKAVYA"), town.person("ULUIS"), town.person("UDANA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    kavya.types("CLEDGER", "/decision Freeze window")
    kavya.submits({"approver": "ULUIS", "due_on": "2026-04-01"})
    assert kavya.form_errors == {}
    town.play(THURSDAY + timedelta(minutes=1))

    home = luis.opens_home()
    assert shown(home)[0] == "3 asks wait for you"
    asks = [block for block in home["blocks"] if block.get("accessory") and "is Unknown" not in str(block)]
    assert [b["accessory"]["text"]["text"] for b in asks] == ["Acknowledge", "Decide", "Update status"]
    assert "Was due Wed 1 Apr · you are the approver" in shown(home)[2]
    assert "Due <!date^1775246400^" in shown(home)[3]

    luis.presses("home", "risk.acknowledge", value=asks[0]["accessory"]["value"])
    assert shown(luis.home)[0] == "2 asks wait for you"
    luis.presses("home", "decision.decide", value=asks[1]["accessory"]["value"])
    assert "Freeze window" in str(luis.modal)
    luis.closes()
    [ask] = [block for block in luis.home["blocks"] if "Update status of" in str(block.get("text"))]
    luis.presses("home", "status.open", block_id=ask["block_id"])
    luis.submits({"health": "green", "summary": "Cutover rehearsed"})
    assert shown(luis.home)[0] == "1 ask waits for you"
    assert "Ledger Migration is Green" in str(shown(luis.home))
    assert dana.home is None, "nobody's Home is drawn who never opened it"


@sqlite_only
def test_what_one_notices_is_logged_from_the_home(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    titles = []
    for action in ("risk.form", "decision.form", "status.open"):
        luis.presses("home", action, value="home")
        titles.append(luis.modal["title"]["text"])
        luis.closes()
    assert titles == ["Log a risk", "Log a decision", "Update status"]


@sqlite_only
def test_a_missed_week_leaves_the_home_with_its_message(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    town.play(THURSDAY + timedelta(days=4))
    assert "Was due" in str(shown(luis.home))
    with town.database.write(1) as session:
        session.execute(update(Project).values(state="on_hold"))
    town.play(THURSDAY + timedelta(days=8))
    assert shown(luis.home)[0] == "Nothing waits for you"
    assert "Ledger Migration is On hold" in str(shown(luis.home))


def test_three_hundred_risks_are_counted_and_the_worst_stand_first(town):
    with town.database.write(1) as session:
        luis = session.scalars(select(Person.id).where(Person.handle == "luis")).one()
        for number in range(1, 301):
            add_row(
                session,
                Risk,
                number=number,
                title=f"Risk {number} <&>",
                category="vendor",
                probability=5 if number == 300 else 1,
                impact=5 if number == 300 else 1,
                **score_values(None, RiskStatus.IDENTIFIED, *((5, 5) if number == 300 else (1, 1))),
                inherent_probability=1,
                inherent_impact=1,
                owner_id=luis,
                raised_at=town.clock.now(),
            )
    home = town.person("ULUIS").opens_home()
    assert shown(home)[0] == "300 asks wait for you"
    assert "R-300: Risk 300 &lt;&amp;&gt;" in shown(home)[1]
    assert "and 285 more; they come up as you answer these" in shown(home)


@sqlite_only
def test_a_program_manager_sees_the_program_with_its_worst_health(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"health": "red", "summary": "Vendor stopped", "path_to_green": "Second vendor by Friday"})
    home = town.person("UMAYA").opens_home()
    assert ":large_red_square: *Payments Renewal is Red*" in str(shown(home))


@sqlite_only
def test_a_guest_reads_what_is_theirs_and_is_offered_nothing_they_may_not_do(town):
    home = town.person("UGUEST").opens_home()
    assert shown(home) == [
        "Nothing waits for you",
        "What is asked of you will stand here, with a button to answer it.",
        "You are a guest here: you see what is asked of you. Other projects are not shown.",
    ]
    assert not [block for block in home["blocks"] if block["type"] == "actions"]


LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis", tz="America/New_York")


@pytest.mark.parametrize("many", [0, 1, 15, 16, 300])
def test_any_number_of_asks_and_projects_with_any_names_fits(many):
    places = [
        Place(
            kind=PlaceKind.PROJECT,
            id=n,
            number=n,
            name="<!here> " + "&<>" * 60,
            channel="C1",
            channel_name=None,
            program_id=None,
            program_name=None,
            tz="UTC",
            state=State.ACTIVE,
            restricted=False,
            owner=LUIS,
        )
        for n in range(many)
    ]
    statuses = [
        StatusAsk(
            id=place.id,
            place=place,
            person=LUIS,
            period="2026-W14",
            due_at=THURSDAY,
            last_health=Health.AMBER,
            last_posted_on=date(2026, 3, 30),
            state=OccurrenceState.OVERDUE,
        )
        for place in places
    ]
    mine = [
        HomeProject(place=p, health=Health.RED, last_posted_on=None, open_risks=9, extreme_risks=9, mine=True)
        for p in places
    ]
    home = Home(
        person=LUIS,
        today=THURSDAY.date(),
        statuses=statuses,
        risks=[],
        decisions=[],
        projects=mine,
        programs=mine,
        next_ask_at=None,
        next_ask_of=None,
    )
    view = home_view(home)
    assert check_view(view) == []
    assert len(view["blocks"]) <= 90
    assert "<!here>" not in str(shown(view))
    if many > 15:
        assert f"and {many - 15} more; they come up as you answer these" in shown(view)
        assert f"and {2 * many - 10} more" in shown(view)
