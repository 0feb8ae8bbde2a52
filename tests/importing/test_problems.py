"""A file with problems: all of them are listed in words, and nothing is imported."""

import pytest

from bot.services.importing_checks import problems_in
from bot.services.importing_problem import InvalidPortfolio
from bot.services.importing_reading import read_portfolio
from models.tables import (
    Person,
    Project,
    Risk,
    StatusUpdate,
)
from tests.importing.office import NOW


def test_everything_that_is_wrong_is_listed_and_nothing_is_imported(office, data):
    before = office.everything()
    data["risks"][0] |= {"probability": 9, "category": "weather"}
    data["risks"][1]["raised_at"] = "2026-01-15T15:30:00"
    data["risks"][2]["ownr"] = "x"
    data["decisions"][0]["approver"] = "nobody.here"
    data["decisions"][1]["chosen"] = "Z"
    data["projects"][0]["owner"] = ""
    del data["status_updates"][0]["health"]
    data["people"][3]["tz"] = "Europe/Atlantis"
    data["programs"][0]["name"] = None
    problems = office.problems_of(data)
    assert sorted(problems) == [
        "decisions D-01, approver: 'nobody.here' is not among the people of this file",
        "decisions D-02, chosen: 'Z' is not one of its options (A, B, C)",
        "people grace.kim, tz: 'Europe/Atlantis' is not a time zone such as Europe/Berlin",
        "programs PRG-NOVA, name: should be text",
        "projects P-101, owner: is too short: 1 or more are needed",
        "risks R-001, category: should be 'schedule', 'requirements', 'stakeholder', 'resource', 'budget', 'technical',"
        " 'vendor', 'security', 'compliance', 'quality', 'external' or 'organizational'",
        "risks R-001, probability: should be 5 or less",
        "risks R-002, raised_at: should say its time zone, as 2026-03-30T13:00:00Z does",
        "risks R-003, ownr: is not a field of this kind, so it would be lost",
        "status_updates SU-101-02, health: is missing",
    ]
    assert office.everything() == before


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("risks", {"id": "R-002"}, "risks R-002, id: stands in the file 2 times"),
        ("risks", {"program": "PRG-TERRA"}, "risks R-001, program: its project P-101 belongs to PRG-NOVA"),
        ("risks", {"program": None, "project": None}, "risks R-001: needs a project or a program"),
        ("risks", {"cost_impact": 90_000_000_000_001}, "risks R-001, cost_impact: should be 90000000000000.00 or less"),
        ("risks", {"response_strategy": "pray"}, "risks R-001, response_strategy: should be 'avoid', 'transfer',"),
        (
            "decisions",
            {"supersedes": "D-06"},
            "decisions D-06, superseded_by: can be one decision only, not D-01, D-07",
        ),
        ("projects", {"channel": "#p-102"}, "projects P-102, channel: #p-102 is the channel of P-101"),
        ("projects", {"target_on": None}, "projects P-101: an active project needs a target date (target_on)"),
        (
            "status_updates",
            {"period": "2026-W03"},
            "status_updates SU-101-03, period: SU-101-02 is the update of P-101 for 2026-W03",
        ),
        ("status_updates", {"period": "2026-03"}, "status_updates SU-101-02, period: should be a week such as"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(data, kind, changes, problem):
    data[kind][0] |= changes
    try:
        problems = problems_in(read_portfolio(data))
    except InvalidPortfolio as refusal:
        problems = refusal.problems
    (found,) = problems
    assert str(found).startswith(problem)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ([], "file: should be an object"),
        ({}, "schema: is missing"),
        ({"schema": "other/1"}, "schema: should be 'stationmaster-portfolio/1'"),
        ({"schema": "stationmaster-portfolio/1", "risks": {}}, "risks: should be a list"),
        ({"schema": "stationmaster-portfolio/1", "people": [3]}, "people (row 1): should be an object"),
    ],
)
def test_something_else_than_a_portfolio_is_refused_in_words(data, problem):
    with pytest.raises(InvalidPortfolio) as refusal:
        read_portfolio(data)
    assert str(refusal.value) == problem


def test_a_channel_that_was_set_up_by_hand_is_a_problem_and_not_a_crash(office, data):
    owner = office.adds(Person(slack_id="U0LUIS", handle="luis"))
    office.adds(Project(number=1, name="By hand", owner_id=owner, channel="C0P101", created_at=NOW))
    problems = office.problems_of(data, channel_ids={"#p-101": "C0P101"})
    assert problems == [
        "projects P-101, channel: #p-101 was set up as 'By hand' already; name another channel, or none, in the file"
    ]
    assert office.all(Risk) == []


def test_one_account_cannot_be_two_people(office, data):
    assert office.problems_of(data, slack_ids={"maya.chen": "U1", "tom.becker": "U1"}) == [
        "people tom.becker, Slack id: U1 is that of maya.chen already"
    ]


def test_a_week_that_was_answered_here_is_not_answered_again(office, data):
    office.takes(data)
    project = office.one(Project, external_id="P-101")
    answer = {"author_id": project.owner_id, "posted_at": NOW, "health": "green", "summary": "Fine"}
    office.adds(StatusUpdate(project_id=project.id, period="2026-W14", **answer))
    data["status_updates"].append(data["status_updates"][0] | {"id": "SU-101-14", "period": "2026-W14"})
    assert office.problems_of(data) == [
        "status_updates SU-101-14, period: P-101 has an update for 2026-W14 here; take this one out of the file"
    ]
