"""`./run report` on status, health, plans, money and what nobody answers: the reference portfolio, worked out apart
from this code, and the corners of the rules."""

import copy
import json
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from bot.services.history import record_change
from bot.services.report import report
from models.tables import CheckinAnswer, Milestone, Program, Project
from tests.importing.office import REFERENCE, Office

AS_OF = "2026-03-30T13:00:00Z"


@pytest.fixture
def office(database) -> Office:
    return Office(database)


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(REFERENCE)


def told(office: Office, at: str = AS_OF) -> dict[str, Any]:
    with office.database.read(office.workspace) as session:
        found: dict[str, Any] = json.loads(report(session, as_of=datetime.fromisoformat(at)).as_json())
    return found


def one(data: dict[str, Any], kind: str, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(record for record in data[kind] if record.get("id") == id)
    return found


def test_statuses_of_the_reference(office):
    office.takes(REFERENCE)
    status = told(office)["status"]
    assert status["P-103"] == {
        "state": "active",
        "reported": "green",
        "last_posted_at": "2026-03-09T05:50:00Z",
        "age_days": 21.3,
        "freshness": "dark",
        "effective": "unknown",
        "updates_in_current_health": 8,
        "trend": "steady",
        "required": 12,
        "on_time": 7,
        "late": 1,
        "missed": 3,
        "overdue": 1,
        "on_time_rate": 0.5833,
        "consecutive_missing": 3,
        "second_missing_due": "2026-03-20T10:30:00Z",
    }
    held, ended = status["P-204"], status["P-304"]
    assert (held["effective"], held["required"], held["on_time_rate"]) == ("on_hold", 8, 1.0)
    assert (ended["effective"], ended["trend"], ended["reported"]) == ("completed", "n/a", "complete")
    assert status["P-203"]["late"] == 3  # one of them was posted on Monday and belongs to the week before


def test_what_is_overdue_by_the_hour(office):
    office.takes(REFERENCE)
    assert [(line["project"], line["overdue_hours"]) for line in told(office)["overdue_updates"]] == [
        ("P-103", 74.5),
        ("P-202", 70.0),
        ("P-303", 80.0),
    ]


def test_money_is_summed_before_it_is_divided(office):
    office.takes(REFERENCE)
    found = told(office)
    assert (found["evm_projects"]["P-101"]["spi"], found["evm_projects"]["P-201"]["spi"]) == (0.8, 0.9)
    assert found["evm_programs"]["PRG-NOVA"]["cpi"] == 0.9191
    together = found["evm_portfolio"]
    assert (together["bac"], together["ev"], together["ac"], together["cpi"]) == (7680000, 4073300, 4466900, 0.9119)
    assert len(found["evm_projects"]) == 12  # on hold and completed ones too


def test_the_plan_goes_through_all_programs(office):
    office.takes(REFERENCE)
    plan = told(office)["cpm"]
    assert (plan["day0"], plan["duration_wd"], plan["finish_on"]) == ("2026-03-30", 42, "2026-05-29")
    assert plan["critical_path"] == ["M-201-2", "M-201-3", "M-201-4", "M-203-4"]
    assert plan["critical_dependencies"] == ["DEP-17"]
    assert plan["activities"]["M-101-3"] == {
        "dur": 12,
        "es": 7,
        "ef": 19,
        "ls": 12,
        "lf": 24,
        "tf": 5,
        "ff": 1,
        "finish_on": "2026-04-27",
        "slip_wd": 1,
    }
    assert "M-204-2" not in plan["activities"]  # on hold
    assert plan["program_finish"]["PRG-TERRA"] == {"ef": 42, "finish_on": "2026-05-29"}


def test_health_is_told_as_it_was_said_as_it_counts_and_by_the_figures(office):
    office.takes(REFERENCE)
    found = told(office)
    assert found["watermelons"] == ["P-103", "P-104", "P-201", "P-303"]
    assert found["computed_health"]["P-104"] == {
        "computed": "red",
        "signals": [["spi", "red"], ["cpi", "amber"], ["milestone_slip", "amber"]],
        "max_slip_wd": 6,
    }
    assert found["computed_health"]["P-204"] == {"computed": "on_hold", "signals": [], "max_slip_wd": 0}
    assert found["program_health"]["PRG-HELIO"] == {
        "method": "weighted",
        "children": {"P-301": "green", "P-302": "red", "P-303": "amber"},
        "counts": {"green": 1, "amber": 1, "red": 1, "unknown": 0},
        "weighted_score": 1.125,
        "computed": "amber",
        "override_active": False,
        "final": "amber",
    }
    assert found["portfolio_health"] == "red"
    assert found["data_quality"]["P-104"]["score"] == 56
    assert found["data_quality_program"] == {"PRG-HELIO": 72, "PRG-NOVA": 68, "PRG-TERRA": 78}


def test_what_nobody_answered_stands_by_rule_and_record_with_whose_turn_it_is(office):
    office.takes(REFERENCE)
    lines = told(office)["escalations"]
    assert [(line["rule"].split("_")[0], line["object"], line["elapsed_wd"], line["level"]) for line in lines] == [
        ("E1", "R-007", 1, 3),
        ("E1", "R-031", 4, 3),
        ("E2", "R-005", 5, 4),
        ("E2", "R-016", 1, 3),
        ("E2", "R-023", 4, 3),
        ("E2", "R-039", 1, 2),
        ("E3", "R-002", 2, 4),
        ("E3", "R-006", 8, 4),
        ("E3", "R-014", 1, 3),
        ("E3", "R-017", 3, 3),
        ("E3", "R-028", 6, 4),
        ("E3", "R-032", 1, 2),
        ("E4", "D-04", 10, 4),
        ("E4", "D-10", 1, 2),
        ("E4", "D-12", 5, 4),
        ("E5", "DEP-05", 1, 2),
        ("E5", "DEP-13", 4, 3),
        ("E5b", "DEP-09", 0, 2),
        ("E6", "P-103", 6, 4),
        ("E7", "I-01", 3, 3),
        ("E7", "I-06", 1, 2),
        ("E8", "M-101-2", 1, 2),
        ("E8", "M-201-2", 6, 4),
        ("E8", "M-302-2", 12, 4),
        ("E9", "AF-02", 7, 4),
        ("E9", "AF-04", 15, 4),
    ]
    assert lines[13] == {
        "rule": "E4_decision_overdue",
        "object": "D-10",
        "program": "PRG-TERRA",
        "deadline_on": "2026-03-27",
        "elapsed_wd": 1,
        "level": 2,
        "notify": "jonas.weber",  # it belongs to no project
    }


def test_what_one_person_owes_is_one_message_at_their_hour(office):
    office.takes(REFERENCE)
    nudges = told(office)["nudges"]
    assert nudges["marco.bianchi"] == {
        "deliver_at": "2026-03-30T13:00:00Z",
        "now": True,
        "asks": [
            {"kind": "risk_review", "object": "R-017", "on_behalf_of": "amelie.laurent"},
            {"kind": "status_update", "object": "P-202/2026-W13", "on_behalf_of": "amelie.laurent"},
        ],
    }
    assert (nudges["kavya.iyer"]["deliver_at"], nudges["kavya.iyer"]["now"]) == ("2026-03-31T04:00:00Z", False)
    assert nudges["grace.kim"]["now"]  # 09:00 sharp
    assert [ask["object"] for ask in nudges["ben.carter"]["asks"]] == ["R-031", "P-303/2026-W13", "R-032"]


def test_without_a_delegate_the_next_on_the_ladder_is_asked(office, data):
    amelie = next(person for person in data["people"] if person["handle"] == "amelie.laurent")
    amelie["ooo"][0]["delegate"] = None
    office.takes(data)
    nudges = told(office)["nudges"]
    assert "amelie.laurent" not in nudges
    lines = [(ask["object"], ask["on_behalf_of"]) for ask in nudges["jonas.weber"]["asks"]]
    assert ("P-202/2026-W13", "amelie.laurent") in lines


def test_the_last_seven_days(office):
    office.takes(REFERENCE)
    assert told(office)["changes_last_7_days"] == {
        "from": "2026-03-23T13:00:00Z",
        "to": AS_OF,
        "health_changes": [
            {"project": "P-101", "from": "red", "to": "amber"},
            {"project": "P-203", "from": "green", "to": "amber"},
        ],
        "risks_new": ["R-007", "R-016", "R-031"],
        "risks_closed": ["R-013"],
        "risks_rescored": [{"risk": "R-038", "from": 4, "to": 2}],
        "issues_opened": ["I-04"],
        "issues_resolved": [],
        "decisions_raised": ["D-15"],
        "decisions_made": ["D-15"],
        "milestones_achieved": ["M-104-2"],
        "updates_posted": 7,
    }


def test_a_round_of_check_ins_is_a_share_and_a_mean_of_three_or_more(office):
    office.takes(REFERENCE)
    found = told(office)["checkins_P-302_2026-W13"]
    assert (found["expected"], found["answered"], found["participation"], found["mood_mean"]) == (25, 21, 0.84, 3.62)
    assert found["mood_by_day"]["2026-03-27"] == 2.75
    assert found["open_blockers"] == [
        "isla.murray: Search index rebuild slot",
        "rohan.das: Waiting for consent signal schema (DEP-09)",
    ]
    with office.database.write(office.workspace) as session:
        session.execute(update(CheckinAnswer).values(mood=None))  # forgotten, after their days
    found = told(office)["checkins_P-302_2026-W13"]
    assert (found["answered"], found["mood_mean"], found["mood_by_day"]) == (21, None, {})


def test_an_earlier_instant_is_rebuilt(office):
    office.takes(REFERENCE)
    found = told(office, "2026-02-27T12:00:00Z")
    assert found["status"]["P-204"]["state"] == "active"
    assert found["status"]["P-304"]["state"] == "active"
    assert not [line for line in found["escalations"] if line["object"] == "R-007"]
    late = {line["id"]: line["overdue_wd"] for line in found["milestones_overdue"]}
    assert late == {"M-201-1": 5}  # achieved on 3 March
    assert found["evm_projects"]["P-101"]["pv"] == 453600
    assert "checkins_P-302_2026-W13" not in found
    assert found["program_health"]["PRG-TERRA"]["override_active"] is False


def test_what_changed_here_counts_from_then_on(office):
    office.takes(REFERENCE)
    with office.database.write(office.workspace) as session:
        row = office.one(Milestone, external_id="M-101-2")
        moved = datetime.fromisoformat("2026-03-31T12:00:00Z")
        new = datetime.fromisoformat("2026-04-20T00:00:00Z").date()
        session.execute(update(Milestone).where(Milestone.id == row.id).values(due_on=new))
        record_change(
            session, "milestone", row.id, at=moved, actor_id=None, field="due_on", old=row.due_on, new=new, reason="x"
        )
    assert "M-101-2" in {line["id"] for line in told(office)["milestones_overdue"]}
    later = told(office, "2026-04-01T13:00:00Z")
    assert "M-101-2" not in {line["id"] for line in later["milestones_overdue"]}


def test_a_project_that_was_held_and_goes_on_is_told_as_it_was(office):
    office.takes(REFERENCE)
    with office.database.write(office.workspace) as session:
        row = office.one(Project, external_id="P-204")
        resumed = datetime.fromisoformat("2026-04-13T09:00:00Z")
        session.execute(update(Project).where(Project.id == row.id).values(state="active", on_hold_since=None))
        write = partial(record_change, session, "project", row.id, at=resumed, actor_id=None)
        write(field="state", old="on_hold", new="active")
        write(field="on_hold_since", old=row.on_hold_since, new=None)
    then, now = told(office)["status"]["P-204"], told(office, "2026-04-14T09:00:00Z")["status"]["P-204"]
    assert (then["effective"], then["required"]) == ("on_hold", 8)
    assert now["effective"] == "unknown"


def test_nothing_is_required_of_a_cancelled_project(office, data):
    one(data, "projects", "P-203")["state"] = "cancelled"
    office.takes(data)
    status = told(office)["status"]["P-203"]
    assert (status["state"], status["effective"], status["required"], status["on_time_rate"]) == (
        "cancelled",
        "cancelled",
        0,
        None,
    )


def test_a_project_by_itself_is_told_and_climbs_nowhere(office, data):
    data |= {"issues": [], "decisions": [], "audit_findings": []}
    data["risks"] = [risk for risk in data["risks"] if risk["project"] != "P-104"]
    one(data, "projects", "P-104")["program"] = None
    office.takes(data)
    found = told(office)
    assert found["computed_health"]["P-104"]["computed"] == "red"
    assert "P-104" not in found["program_health"]["PRG-NOVA"]["children"]
    assert not [line for line in found["escalations"] if line["object"] == "DEP-05"]


def test_a_program_whose_projects_all_wait_has_no_health(office, data):
    for project in data["projects"]:
        if project["program"] == "PRG-HELIO":
            project |= {"state": "on_hold", "on_hold_since": "2026-03-01"}
    data["programs"][2]["override"] = None
    office.takes(data)
    found = told(office)
    assert found["program_health"]["PRG-HELIO"]["final"] == "no_active_projects"
    assert "PRG-HELIO" not in found["data_quality_program"]
    assert found["portfolio_health"] == "red"  # Terra's, set by hand


def test_nothing_at_all_is_told_of_an_empty_workspace(office):
    found = told(office)
    assert (found["portfolio_health"], found["evm_portfolio"]) == ("no_active_projects", None)
    assert (found["cpm"]["duration_wd"], found["escalations"], found["nudges"]) == (0, [], {})


def test_parameters_of_a_program_are_used(office, data):
    data["operating_parameters"]["evm_thresholds"]["spi_red"] = 0.85
    data["operating_parameters"]["escalation_ladder_working_days"]["default"] = [0, 1, 20]
    data["programs"][0]["rollup"] = "counted"
    office.takes(data)
    found = told(office)
    assert found["computed_health"]["P-101"]["computed"] == "red"
    assert {line["level"] for line in found["escalations"] if line["object"] in ("D-04", "M-201-2")} == {3}
    assert found["program_health"]["PRG-NOVA"]["method"] == "counted"
    assert office.one(Program, external_id="PRG-NOVA").extra.get("rollup") is None
