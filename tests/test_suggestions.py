"""Menus that ask for projects as one types, where there are more than a select holds."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.policy import Standing
from bot.services import people, places, suggestions
from models.tables import Program, Project
from models.tables.unit import add_rows
from tests.listing import headline, log_risks, restricted_project, shown
from tests.statements import statements_of
from tests.town import MONDAY, Town

HOSTILE = "<!channel> <b> & co"


def add_projects(town: Town, number: int, start: int = 500, **values: Any) -> None:
    with town.database.write(1) as session:
        dana = people.ensure(session, "UDANA")
        shared = {
            "owner_id": dana.id,
            "visibility": "open",
            "state": "active",
            "critical": False,
            "weight": 1,
            "created_at": MONDAY,
            "extra": {},
        }
        rows = [{"number": n, "name": f"Station {n}", **shared, **values} for n in range(start, start + number)]
        add_rows(session, Project, rows)


def options(town: Town, user: str, typed: str, action: str = "risk.project") -> list[str]:
    result = town.person(user).suggests("modal", action, typed)
    return [choice["text"]["text"] for choice in result.ack["options"]]


def project_field(town: Town, user: str) -> dict[str, Any]:
    blocks = town.person(user).modal["blocks"]
    return next(block["element"] for block in blocks if block.get("block_id") == "project")


@pytest.fixture
def big_town(town: Town) -> Town:
    restricted_project(town)
    add_projects(town, 120)
    add_projects(town, 1, 900, name=f"Zebra {HOSTILE} {'&' * 60}")
    add_projects(town, 1, 901, name="Größe der Anlage")
    add_projects(town, 1, 902, name="Station closed", state="completed")
    return town


def test_up_to_a_hundred_projects_are_a_select(town):
    add_projects(town, 98)
    town.person("UKAVYA").types("CEMPTY", "/risk Vendor slips the API")
    assert project_field(town, "UKAVYA")["type"] == "static_select"
    assert len(project_field(town, "UKAVYA")["options"]) == 100


def test_more_are_asked_for_as_one_types_and_can_be_logged_to(big_town):
    kavya = big_town.person("UKAVYA")
    kavya.types("CEMPTY", "/risk Vendor slips the API")
    element = project_field(big_town, "UKAVYA")
    assert (element["type"], element["min_query_length"]) == ("external_select", 1)
    assert options(big_town, "UKAVYA", "station 61") == [f"Station {n}" for n in range(610, 620)]
    assert options(big_town, "UKAVYA", "555")[0] == "Station 555"
    assert len(options(big_town, "UKAVYA", "station")) == 100
    assert options(big_town, "UKAVYA", "groß") == options(big_town, "UKAVYA", "ANLAGE") == ["Größe der Anlage"]
    chosen = kavya.suggests("modal", "risk.project", "station 612").ack["options"][0]["value"]
    kavya.submits({"project": chosen, "probability": "4", "impact": "5", "category": "vendor", "owner": "UKAVYA"})
    assert kavya.form_errors == {}
    assert kavya.types("CEMPTY", "/pm risks station 612").text.startswith("1 open risk of Station 612")


def test_restricted_and_ended_projects_are_not_offered(big_town):
    big_town.person("UKAVYA").types("CEMPTY", "/risk Vendor slips the API")
    assert options(big_town, "UKAVYA", "falcon") == []
    assert options(big_town, "UKAVYA", "station closed") == []
    big_town.person("ULUIS").types("CEMPTY", "/pm risks")
    big_town.person("UDANA").types("CEMPTY", "/risk Vendor slips the API")
    assert options(big_town, "UDANA", "falcon") == []


def test_the_people_of_a_restricted_project_are_offered_it(big_town):
    with big_town.database.write(1) as session:
        luis = people.ensure(session, "ULUIS")
    add_projects(big_town, 101, 2000, owner_id=luis.id)
    big_town.person("ULUIS").types("CEMPTY", "/risk Vendor slips the API")
    assert project_field(big_town, "ULUIS")["type"] == "external_select"
    assert options(big_town, "ULUIS", "falc") == ["Project Falcon"]


def test_a_choice_from_outside_is_looked_at_again(big_town):
    with big_town.database.read(1) as session:
        secret = session.scalar(select(Project.id).where(Project.name == "Project Falcon"))
    kavya = big_town.person("UKAVYA")
    kavya.types("CEMPTY", "/risk Vendor slips the API")
    kavya.suggests("modal", "risk.project", "station")
    kavya.fills({"probability": "4", "impact": "5", "category": "vendor", "owner": "UKAVYA"})
    big_town.submit_unchecked("UKAVYA", {"project": f"project:{secret}"})
    assert "This one is not open any more." in json.dumps(
        big_town.submit_unchecked("UKAVYA", {"project": f"project:{secret}"})
    )


def test_a_list_is_narrowed_by_a_typed_project(big_town):
    log_risks(big_town, 2)
    kavya = big_town.person("UKAVYA")
    kavya.types("CPROG", "/pm risks")
    listed = shown(big_town, "UKAVYA", "CPROG")
    offered = kavya.suggests(listed, "risk.filter_place", "ledger").ack["options"]
    assert [choice["text"]["text"] for choice in offered] == ["All projects", "Ledger Migration"]
    kavya.presses(listed, "risk.filter_place", option=offered[1]["value"])
    assert headline(shown(big_town, "UKAVYA", "CPROG")).startswith("2 open risks of Ledger Migration")
    hidden = kavya.suggests(shown(big_town, "UKAVYA", "CPROG"), "risk.filter_place", "falcon").ack["options"]
    assert [choice["value"] for choice in hidden] == ["all"]


@pytest.mark.parametrize("typed", [HOSTILE, "%", "_", "'", '"', "\\", "²", "🔥", "a" * 200, "  "])
def test_anything_may_be_typed(big_town, typed):
    big_town.person("UKAVYA").types("CEMPTY", "/risk Vendor slips the API")
    assert len(options(big_town, "UKAVYA", typed)) <= 100


def test_asking_costs_the_same_for_many_projects_as_for_few(big_town):
    asked = []
    for more in (1, 300):
        add_projects(big_town, more, 3000 + more)
        with big_town.database.read(1) as session:
            by = Standing(people.ensure(session, "UKAVYA"))
            with statements_of(session.connection()) as statements:
                assert len(suggestions.like(session, by, "station")) == 100
        asked.append(len(statements))
    assert asked[0] == asked[1] == 2


def test_more_than_a_hundred_programs_are_asked_for_too(big_town):
    with big_town.database.write(1) as session:
        dana = people.ensure(session, "UDANA")
        shared = {"manager_id": dana.id, "tz": "UTC", "state": "active", "horizon": "rolling", "created_at": MONDAY}
        shared |= {"success_state": "undefined", "extra": {}, "risk_matrix": "npsa"}
        open_ones = [{"number": n, "name": f"Line {n}", "visibility": "open", **shared} for n in range(700, 810)]
        hidden = {"number": 899, "name": "Line hidden", "visibility": "restricted", **shared}
        add_rows(session, Program, [*open_ones, hidden])
    kavya = big_town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Signals")
    assert options(big_town, "UKAVYA", "line 80", "program") == [f"Line {n}" for n in range(800, 810)]
    assert options(big_town, "UKAVYA", "hidden", "program") == []
    chosen = kavya.suggests("modal", "program", "line 805").ack["options"][0]["value"]
    kavya.submits({"program": chosen, "target_on": "2026-05-22"})
    assert kavya.form_errors == {}
    with big_town.database.read(1) as session:
        assert places.of_channel(session, "CFRAUD").program_name == "Line 805"
