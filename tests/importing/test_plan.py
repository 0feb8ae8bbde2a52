"""Taking over what the clock and the figures work with: calendars, plans, budgets, rules, teams."""

from datetime import date, datetime

import pytest

from bot.services import calendars, parameters
from bot.services.importing_checks import problems_in
from bot.services.importing_problem import InvalidPortfolio
from bot.services.importing_reading import read_portfolio
from models.tables import (
    Absence,
    Allocation,
    Blocker,
    Budget,
    BudgetWeek,
    Calendar,
    Checkin,
    CheckinAnswer,
    CheckinMember,
    CheckinRound,
    Dependency,
    Finding,
    HealthOverride,
    Iteration,
    Milestone,
    MilestoneLink,
    OperatingParameters,
    Outbox,
    Person,
    Program,
    Project,
    Stakeholder,
)
from tests.importing.office import NOW


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_people_and_programs_work_by_their_calendars(office, data):
    office.takes(data)
    ruby = office.one(Person, handle="ruby.thompson")
    hours = office.one(Calendar, person_id=ruby.id)
    assert (hours.name, hours.start, hours.end, hours.working_days) == ("au", "09:00", "17:30", [1, 2, 3, 4, 5])
    helio = office.one(Program, external_id="PRG-HELIO")
    assert office.one(Calendar, program_id=helio.id).holidays == data["calendars"]["au"]["holidays"]
    [shared] = office.all(Calendar, person_id=None, program_id=None)
    assert (shared.name, shared.end, shared.holidays) == (
        "portfolio",
        "24:00",
        data["calendars"]["portfolio"]["holidays"],
    )
    assert len(office.all(Calendar)) == 24 + 3 + 1


def test_capacity_and_absences_go_with_the_person(office, data):
    office.takes(data)
    anita, vikram = office.one(Person, handle="anita.joshi"), office.one(Person, handle="vikram.rao")
    hours = office.one(Calendar, person_id=anita.id)
    assert (hours.capacity_pct, hours.capacity_overrides) == (100, {"2026-04": 55})
    assert office.one(Calendar, person_id=vikram.id).capacity_pct == 70
    away = office.one(Absence, person_id=anita.id)
    assert (away.start_on, away.end_on, away.delegate_id) == (date(2026, 4, 13), date(2026, 4, 24), vikram.id)
    with office.database.read(office.workspace) as session:
        reach = calendars.reaches(session, [anita.id], now=NOW)[anita.id]
    assert not reach.is_at_work(date(2026, 4, 20)) and reach.is_at_work(date(2026, 4, 27))


def test_whoever_set_their_own_hours_here_keeps_them(office, data):
    ruby = office.adds(Person(handle="ruby.thompson", slack_id="URUBY"))
    office.adds(Calendar(person_id=ruby, start="07:00", end="15:00"))
    office.takes(data, slack_ids={"ruby.thompson": "URUBY"})
    assert office.one(Calendar, person_id=ruby).start == "07:00"


def test_milestones_keep_what_they_wait_for_and_what_is_left(office, data):
    office.takes(data)
    rows = {row.external_id: row for row in office.all(Milestone)}
    row = rows["M-101-3"]
    assert (row.title, row.status, row.weight) == (data["milestones"][2]["name"], "planned", 35)
    assert (row.baseline_on, row.due_on, row.achieved_on) == (date(2026, 4, 24), date(2026, 4, 24), None)
    assert (row.remaining_optimistic, row.remaining_likely, row.remaining_pessimistic) == (8, 12, 22)
    before = {link.predecessor_id for link in office.all(MilestoneLink, milestone_id=row.id)}
    assert before == {rows["M-101-2"].id, rows["M-201-2"].id}
    achieved = office.past("milestone", rows["M-101-1"].id)
    assert [(change.at, change.field, change.new) for change in achieved] == [
        (instant("2026-02-10T05:00:00Z"), "status", "achieved"),  # midnight in New York
        (NOW, "", "imported"),
    ]


def test_a_lag_and_all_that_has_no_column_are_kept(office, data):
    milestone = data["milestones"][2]
    milestone["predecessors"] = [{"id": "M-101-2", "type": "FS", "lag_wd": 3}]
    milestone |= {"kind": "gate", "definition_of_done": ["signed"], "comms_plan": [{"audience": "all"}]}
    office.takes(data)
    row = office.one(Milestone, external_id="M-101-3")
    assert (row.kind, row.extra) == ("gate", {"definition_of_done": ["signed"], "comms_plan": [{"audience": "all"}]})
    assert office.one(MilestoneLink, milestone_id=row.id).lag == 3


def test_dependencies_tie_projects_milestones_and_people_outside(office, data):
    office.takes(data)
    inside, outside = office.one(Dependency, external_id="DEP-01"), office.one(Dependency, external_id="DEP-13")
    assert inside.give_project_id == office.one(Project, external_id="P-201").id
    assert inside.provider_milestone_id == office.one(Milestone, external_id="M-201-2").id
    assert (outside.give_project_id, outside.give_name, outside.state) == (None, "Acme Bank", "blocked")
    accepted = office.one(Dependency, external_id="DEP-12")
    change = next(change for change in office.past("dependency", accepted.id) if change.field == "state")
    assert (change.at, change.old, change.new) == (instant("2026-03-20T12:00:00Z"), "delivered", "accepted")


def test_budgets_are_kept_in_minor_units_week_by_week(office, data):
    office.takes(data)
    project = office.one(Project, external_id="P-101")
    budget = office.one(Budget, project_id=project.id)
    assert (budget.currency, budget.bac, budget.percent_complete) == ("USD", 120_000_000, 48)
    weeks = office.all(BudgetWeek, budget_id=budget.id)
    assert len(weeks) == 12
    assert (weeks[-1].week_end, weeks[-1].pv_cum, weeks[-1].ac_cum) == (date(2026, 3, 27), 72_000_000, 69_000_000)


def test_allocations_and_iterations(office, data):
    office.takes(data)
    assert len(office.all(Allocation)) == 95
    assert (office.all(Iteration)[0].name, office.all(Iteration)[0].end_on) == ("IT-1", date(2026, 4, 5))


def test_only_parameters_that_differ_from_ours_make_a_version(office, data):
    data["operating_parameters"]["status"] |= {"cadence_days": 14, "grace_days": 5}
    data["operating_parameters"]["risk"]["ack_sla_working_hours"]["high"] = 6
    data["programs"][0]["rollup"] = "counted"
    office.takes(data)
    nova = office.one(Program, external_id="PRG-NOVA")
    with office.database.read(office.workspace) as session:
        kept = parameters.of_programs(session, [nova.id], at=instant("2026-01-01T00:00:00Z"))[nova.id]
    assert (kept.health.rollup, kept.status.every, kept.status.cadence_days) == ("counted", 2, 14)
    assert (kept.status.grace_days, kept.risk.ack_high, kept.risk.ack_low) == (5, 6, 45)


def test_the_defaults_of_the_reference_are_ours(office, data):
    office.takes(data)
    [weighted] = office.all(OperatingParameters)
    assert weighted.program_id == office.one(Program, external_id="PRG-HELIO").id
    assert weighted.values["health"]["rollup"] == "weighted"


def test_health_that_was_set_by_hand_comes_with_its_end(office, data):
    office.takes(data)
    terra = office.one(Program, external_id="PRG-TERRA")
    override = office.one(HealthOverride, program_id=terra.id)
    assert (override.health, override.expires_at) == ("red", instant("2026-04-07T09:00:00Z"))
    assert override.set_by_id == office.one(Person, handle="jonas.weber").id


def test_stakeholders_and_findings_keep_their_owners(office, data):
    office.takes(data)
    dana = office.one(Stakeholder, external_id="S-01")
    assert (dana.person_id, dana.owner_id) == (
        office.one(Person, handle="dana.whitfield").id,
        office.one(Person, handle="maya.chen").id,
    )
    finding = office.one(Finding, external_id="AF-03")
    assert (finding.status, finding.closed_on) == ("closed", date(2026, 3, 10))
    assert [(change.field, change.new) for change in office.past("finding", finding.id)] == [
        ("", "imported"),
        ("status", "closed"),
    ]


def test_check_ins_come_with_their_team_and_ask_nobody(office, data):
    office.takes(data)
    [checkin] = office.all(Checkin)
    assert (checkin.external_id, checkin.state, checkin.next_step_at) == ("P-302", "paused", None)
    assert len(office.all(CheckinMember, checkin_id=checkin.id)) == 5
    answers = office.all(CheckinAnswer, checkin_id=checkin.id)
    assert len(answers) == 21 and {row.state for row in answers} == {"answered"}
    assert {row.state for row in office.all(CheckinRound)} == {"closed"}
    told = {record["blocker"] for record in data["checkins"] if record["blocker"]}
    blockers = {row.id: row for row in office.all(Blocker)}
    assert {row.text for row in blockers.values()} == told
    for answer in answers:
        assert [blockers[id].text for id in answer.blocker_ids] == [
            text for name, text in answer.answers.items() if name == "blocker"
        ]
    assert office.all(Outbox) == []


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("milestones", {"owner": "nobody"}, "milestones M-101-1, owner: 'nobody' is not among the people of this file"),
        (
            "milestones",
            {"predecessors": ["M-9"]},
            "milestones M-101-1, predecessors: 'M-9' is not among the milestones",
        ),
        ("milestones", {"predecessors": ["M-101-4"]}, None),
        ("milestones", {"status": "planned"}, "milestones M-101-1: has a date (achieved_on) and is not achieved"),
        ("milestones", {"achieved_on": None}, "milestones M-101-1: an achieved milestone needs its date (achieved_on)"),
        (
            "milestones",
            {"remaining_wd": {"o": 3, "m": 2, "p": 4}},
            "milestones M-101-1, remaining_wd: the best case (o), the likely one (m) and the worst (p) are out of",
        ),
        ("milestones", {"wieght": 3}, "milestones M-101-1, wieght: is not a field of this kind, so it would be lost"),
        ("dependencies", {"give": "P-999"}, "dependencies DEP-01, give: 'P-999' is not among the projects"),
        ("dependencies", {"give": "EXT:"}, "dependencies DEP-01, give: who is it that gives"),
        ("dependencies", {"give": "P-101"}, "dependencies DEP-01: a project does not depend on itself"),
        (
            "dependencies",
            {"provider_milestone": "M-102-1"},
            "dependencies DEP-01, provider_milestone: M-102-1 belongs to P-102, not to P-201",
        ),
        (
            "dependencies",
            {"state": "committed", "promised_on": None},
            "dependencies DEP-01: who commits says by when (promised_on)",
        ),
        ("dependencies", {"state": "rejected"}, "dependencies DEP-01: a refusal needs its reason"),
        ("budgets", {"project": "P-102"}, "budgets P-102, project: stands in the file 2 times"),
        ("budgets", {"percent_complete": None}, "budgets P-101: needs its percent_complete"),
        ("budgets", {"bac": 700_000}, "budgets P-101: more is planned (pv_cum) than the budget holds (bac)"),
        ("budgets", {"currency": "Euro"}, "budgets P-101, currency: "),
        ("allocations", {"percent": 0}, "allocations (row 1), percent: should be 1 or more"),
        ("allocations", {"person": "nobody"}, "allocations nobody, P-101, 2026-03, person: 'nobody' is not among"),
        ("stakeholders", {"power": 6}, "stakeholders S-01, power: should be 5 or less"),
        ("audit_findings", {"program": "PRG-TERRA"}, "audit_findings AF-01, program: its project P-104 belongs to"),
        ("iterations", {"end": "2026-03-01"}, "iterations IT-1: ends before it begins"),
        ("checkins", {"mood": 7}, "checkins (row 1), mood: should be 5 or less"),
        ("people", {"ooo": [{"start": "2026-04-02", "end": "2026-04-01"}]}, "people maya.chen, ooo.0: ends before"),
        (
            "people",
            {"ooo": [{"start": "2026-04-01", "end": "2026-04-02", "delegate": "maya.chen"}]},
            "people maya.chen, ooo.delegate: nobody stands in for themselves",
        ),
        (
            "people",
            {"ooo": [{"start": "2026-04-01", "end": "2026-04-02", "delegate": "nobody"}]},
            "people maya.chen, ooo.delegate: 'nobody' is not among the people of this file",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(data, kind, changes, problem):
    data[kind][0] |= changes
    try:
        found = [str(one) for one in problems_in(read_portfolio(data))]
    except InvalidPortfolio as refusal:
        found = [str(one) for one in refusal.problems]
    if problem is None:
        assert found == []
    else:
        assert len(found) == 1 and found[0].startswith(problem), found


def test_names_of_teams_and_overrides_are_looked_up_too(data):
    data["checkin_team"] = {"P-302": ["nobody"], "P-999": []}
    data["programs"][1]["override"]["by"] = "nobody"
    assert [str(problem) for problem in problems_in(read_portfolio(data))] == [
        "programs PRG-TERRA, override.by: 'nobody' is not among the people of this file",
        "checkin_team P-302: 'nobody' is not among the people of this file",
        "checkin_team P-999: 'P-999' is not among the projects of this file",
    ]


def test_a_circle_is_named(data):
    data["milestones"][1]["predecessors"] = ["M-101-4"]
    [problem] = [str(one) for one in problems_in(read_portfolio(data))]
    assert "M-101-2 → M-101-3 → M-101-4" in problem or "M-101-3 → M-101-4 → M-101-2" in problem
    assert problem.endswith(" wait for one another")


def test_a_circle_with_what_is_here_already_is_refused_and_nothing_stays(office, data):
    office.takes(data)
    before = office.everything()
    back = {"id": "DEP-99", "give": "P-101", "get": "P-201", "state": "committed", "summary": "The way back"}
    back |= {"provider_milestone": "M-101-3", "consumer_milestone": "M-201-2"}
    back |= {"needed_by": "2026-05-01", "promised_on": "2026-05-01"}
    for record in data["milestones"]:
        record["predecessors"] = []  # what is here stays as it is, whatever the file says now
    data["dependencies"] = [back]
    [problem] = office.problems_of(data)
    assert "M-201-2" in problem and "M-101-3" in problem and problem.endswith(" wait for one another")
    assert office.everything() == before
