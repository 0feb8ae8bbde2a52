"""`./run report`: the figures of a portfolio, now and as they were."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.cli import main
from bot.config import Settings
from bot.domain.policy import Standing
from bot.domain.risk_burn_down import fridays_before
from bot.errors import UserError
from bot.report import run_report
from bot.services import people, risk_acts
from bot.services import workspace as workspaces
from bot.services.importing import import_portfolio
from bot.services.importing_reading import read_portfolio
from bot.services.report import report
from bot.services.report_names import id_order
from bot.views.report import report_page
from models.schemas.risk_acts import ReasonDraft, ReviewDraft
from models.tables import Person, Risk
from tests.importing.office import NOW, REFERENCE, Office
from tests.statements import statements_of

AS_OF = "2026-03-30T13:00:00Z"
HOSTILE = "<!channel> <b> & co"
CALENDARS = {
    "au": {"tz": "Australia/Sydney", "working_days": [1, 2, 3, 4, 5], "holidays": ["2026-03-09"]},
    "gulf": {"tz": "Asia/Dubai", "working_days": [7, 1, 2, 3, 4], "holidays": []},
}
PEOPLE = [{"handle": name, "tz": "Europe/Berlin"} for name in ("ann", "bob")]


@pytest.fixture
def office(database) -> Office:
    return Office(database)


def program(id: str = "PRG-A", **values: Any) -> dict[str, Any]:
    usual = {"id": id, "name": HOSTILE, "manager": "ann", "sponsor": "bob", "calendar": "au", "contingency": 1000.5}
    return usual | values


def risk(id: str, p: int, i: int, **values: Any) -> dict[str, Any]:
    usual = {
        "id": id,
        "program": "PRG-A",
        "title": HOSTILE,
        "category": "vendor",
        "probability": p,
        "impact": i,
        "owner": "ann",
        "status": "treating",
        "cost_impact": 100,
        "response_strategy": "mitigate",
        "response_plan": "as agreed",
        "raised_at": "2026-02-02T09:00:00Z",
        "acknowledged_at": "2026-02-02T10:00:00Z",
        "next_review_on": "2026-04-10",
    }
    return usual | values


def decision(id: str, **values: Any) -> dict[str, Any]:
    usual = {
        "id": id,
        "program": "PRG-A",
        "title": HOSTILE,
        "driver": "ann",
        "approver": "bob",
        "contributors": ["ann"],
        "reversibility": "two_way",
        "raised_at": "2026-03-06T09:00:00Z",
        "due_on": "2026-03-30",
        "status": "proposed",
    }
    return usual | values


def portfolio(**values: Any) -> dict[str, Any]:
    usual = {
        "format": REFERENCE.get("format"),
        "schema": REFERENCE["schema"],
        "as_of": AS_OF,
        "calendars": CALENDARS,
        "people": PEOPLE,
        "programs": [program()],
        "projects": [],
    }
    return {name: value for name, value in (usual | values).items() if value is not None}


def figures(office: Office, at: str = AS_OF) -> dict[str, Any]:
    """As a program reads them."""
    with office.database.read(office.workspace) as session:
        found: dict[str, Any] = json.loads(report(session, as_of=datetime.fromisoformat(at)).as_json())
    return found


def test_the_reference_portfolio_has_the_figures_that_follow_from_the_rules(office):
    office.takes(REFERENCE)
    told = figures(office)
    assert told["program_local_date"] == {
        "PRG-HELIO": "2026-03-31",
        "PRG-NOVA": "2026-03-30",
        "PRG-TERRA": "2026-03-30",
    }
    assert len(told["risks"]) == 41
    assert told["risks"]["R-041"] == {
        "score": 9,
        "band": "high",
        "target_score": told["risks"]["R-041"]["target_score"],
        "emv": -25000.0,
        "active": True,
    }
    outside = {"R-013", "R-026", "R-036", "R-040"}
    assert {name for name, known in told["risks"].items() if not known["active"]} == outside
    assert told["top_risks"] == [
        *("R-027", "R-022", "R-001", "R-014"),
        *("R-003", "R-028", "R-007", "R-002", "R-016", "R-010"),
    ]
    assert told["risk_band_counts"]["PRG-NOVA"] == {"extreme": 4, "high": 7, "moderate": 2, "low": 0}
    assert told["risk_emv"]["PRG-NOVA"] == {
        "threats": 614000.0,
        "opportunities": -25000.0,
        "net": 589000.0,
        "contingency": 150000,
        "coverage": 0.2443,
    }
    assert sum(map(sum, told["risk_heatmap_rows_p1_to_p5_cols_i1_to_i5"])) == 36
    assert len(told["risk_burndown"]) == 12
    assert told["risk_burndown"][-1] == {"week_end": "2026-03-27", "open": 36, "total_score": 402}
    latency = told["decision_latency"]
    assert (latency["count"], latency["median_days"], latency["mean_days"]) == (11, 14.25, 11.8)
    assert latency["median_working_days"] == {"one_way": 14, "two_way": 3}
    assert (latency["open"], latency["overdue"]) == (["D-04", "D-05", "D-10", "D-12"], ["D-04", "D-10", "D-12"])
    assert told["decision_matrices"]["D-02"]["tie_for_first"]
    assert told["decision_matrices"]["D-02"]["chosen_is_top"]


def test_what_was_not_yet_raised_is_absent_and_what_changed_since_is_as_it_was(office):
    office.takes(REFERENCE)
    told = figures(office, "2026-03-01T13:00:00Z")
    assert "R-007" not in told["risks"]
    assert told["risks"]["R-001"]["score"] == 15
    assert told["risks"]["R-013"]["active"]
    assert told["decision_latency"]["count"] == 8
    assert told["decision_latency"]["open"] == ["D-07", "D-09"]
    assert told["decision_matrices"]["D-07"]["chosen"] is None
    assert not told["decision_matrices"]["D-07"]["chosen_is_top"]


@pytest.mark.parametrize(("at", "reconstructed"), [("2026-03-30T12:59:59Z", True), (AS_OF, False)])
def test_an_instant_before_the_import_says_that_it_is_rebuilt(office, at, reconstructed):
    office.takes(REFERENCE)
    assert figures(office, at)["reconstructed"] is reconstructed


def test_nothing_is_counted_of_an_empty_program(office):
    office.takes(portfolio())
    told = figures(office)
    assert told["risk_band_counts"] == {"PRG-A": {"extreme": 0, "high": 0, "moderate": 0, "low": 0}}
    assert told["risk_emv"]["PRG-A"] == {
        "threats": 0.0,
        "opportunities": 0.0,
        "net": 0.0,
        "contingency": 1000.5,
        "coverage": None,
    }
    assert told["risk_heatmap_rows_p1_to_p5_cols_i1_to_i5"] == [[0] * 5] * 5
    assert [week["open"] for week in told["risk_burndown"]] == [0] * 12
    assert told["decision_latency"] == {
        "rows": [],
        "count": 0,
        "median_days": None,
        "mean_days": None,
        "median_working_days": {"one_way": None, "two_way": None},
        "open": [],
        "overdue": [],
    }


def test_equal_scores_go_by_impact_then_by_the_sooner_date_then_by_the_id(office):
    soon, later = {"proximity_on": "2026-04-01"}, {"proximity_on": "2026-05-01"}
    office.takes(
        portfolio(
            risks=[
                risk("R-10", 3, 4, **soon),
                risk("R-2", 3, 4, **soon),
                risk("R-3", 3, 4),
                risk("R-4", 3, 4, **later),
                risk("R-5", 4, 3, **soon),
                risk("R-6", 2, 5),
            ]
        )
    )
    assert figures(office)["top_risks"] == ["R-2", "R-10", "R-4", "R-3", "R-5", "R-6"]


def test_a_program_lists_five_and_the_portfolio_ten(office):
    office.takes(portfolio(risks=[risk(f"R-{number:02}", 3, 3) for number in range(1, 13)]))
    told = figures(office)
    assert told["top_risks"] == [f"R-{number:02}" for number in range(1, 11)]
    assert told["top_risks_by_program"] == {"PRG-A": ["R-01", "R-02", "R-03", "R-04", "R-05"]}


def test_an_opportunity_is_money_coming_in_and_stands_in_no_list_of_threats(office):
    office.takes(portfolio(risks=[risk("R-1", 4, 4, kind="opportunity", cost_impact=-333.33), risk("R-2", 2, 2)]))
    told = figures(office)
    assert told["top_risks"] == ["R-2"]
    assert told["risk_burndown"][-1]["total_score"] == 4
    assert told["risks"]["R-1"]["emv"] == -233.33
    assert told["risk_emv"]["PRG-A"] == {
        "threats": 30.0,
        "opportunities": -233.33,
        "net": -203.33,
        "contingency": 1000.5,
        "coverage": 33.35,
    }


def test_a_week_ends_with_its_friday_and_not_before(office):
    past = [
        {"at": "2026-03-06T23:59:59Z", "probability": 2, "impact": 2},
        {"at": "2026-03-13T23:59:59Z", "probability": 3, "impact": 3},
        {"at": "2026-03-21T00:00:00Z", "probability": 1, "impact": 1},
    ]
    given = risk("R-1", 1, 1, raised_at="2026-03-06T23:59:59Z", acknowledged_at="2026-03-07T08:00:00Z")
    closed = {"status": "closed", "closed_at": "2026-03-27T23:59:59Z"}
    office.takes(portfolio(risks=[given | closed | {"score_history": past}]))
    weeks = {week["week_end"]: week["total_score"] for week in figures(office)["risk_burndown"]}
    assert [weeks[f"2026-03-{day:02}"] for day in (6, 13, 20, 27)] == [4, 9, 9, 0]
    assert fridays_before(datetime(2026, 3, 27, 23, 59, 59, tzinfo=UTC))[-1] == date(2026, 3, 20)


def test_working_days_are_those_of_the_programs_own_calendar(office):
    """Friday evening in London is Saturday in Sydney; Monday 9 March is a holiday there, Friday is free in Dubai."""
    span = {"raised_at": "2026-03-06T14:00:00Z", "status": "accepted", "decided_at": "2026-03-13T09:00:00Z"}
    made = span | {"chosen": None, "rationale": "good enough", "due_on": "2026-03-12"}
    office.takes(
        portfolio(
            programs=[program(), program("PRG-B", name="Gulf", calendar="gulf")],
            decisions=[decision("D-1", **made), decision("D-2", **made | {"program": "PRG-B"})],
        )
    )
    rows = figures(office)["decision_latency"]["rows"]
    assert [(row["id"], row["days"], row["working_days"], row["within_target"]) for row in rows] == [
        ("D-1", 6.79, 4, True),
        ("D-2", 6.79, 5, True),
    ]
    assert all(row["late_vs_due"] for row in rows)


def test_a_decision_is_overdue_by_the_date_of_its_program(office):
    """It is 31 March in Sydney already."""
    office.takes(
        portfolio(
            programs=[program(), program("PRG-B", name="Gulf", calendar="gulf")],
            decisions=[decision("D-1"), decision("D-2", program="PRG-B")],
        )
    )
    assert figures(office)["decision_latency"]["overdue"] == ["D-1"]


def test_a_superseded_decision_was_accepted_until_its_successor_was(office):
    first = decision("D-1", status="superseded", decided_at="2026-03-10T09:00:00Z", rationale="first try")
    then = {"status": "accepted", "decided_at": "2026-03-20T09:00:00Z", "rationale": "second look"}
    office.takes(portfolio(decisions=[first, decision("D-2", **then, supersedes="D-1")]))
    for at, count in (("2026-03-09T09:00:00Z", 0), ("2026-03-15T09:00:00Z", 1), (AS_OF, 2)):
        assert figures(office, at)["decision_latency"]["count"] == count
    assert figures(office, "2026-03-09T09:00:00Z")["decision_latency"]["open"] == ["D-1", "D-2"]


@pytest.mark.parametrize(
    "criteria", [[], [{"id": "cost"}], [{"id": "cost", "weight": 0}], [{"id": "cost", "weight": "much"}], [{}]]
)
def test_what_cannot_be_weighed_has_no_matrix(office, criteria):
    options = [{"id": "A", "name": HOSTILE, "scores": {"cost": 3}}, {"id": "B", "name": "no", "scores": {"cost": 2}}]
    office.takes(portfolio(decisions=[decision("D-1", options=options, criteria=criteria)]))
    assert figures(office)["decision_matrices"] == {}


def test_a_missing_score_is_no_zero(office):
    options = [{"id": "A", "name": "yes", "scores": {"cost": 3}}, {"id": "B", "name": "no", "scores": {}}]
    office.takes(portfolio(decisions=[decision("D-1", options=options, criteria=[{"id": "cost", "weight": 0.1}])]))
    assert figures(office)["decision_matrices"] == {}


def test_what_people_do_in_slack_is_in_the_figures_from_then_on_and_not_before(town):
    """Without any import: rescored at ten, closed at eleven, reopened at noon; records by the number people use."""
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk")
    luis.submits({"title": HOSTILE, "probability": "2", "impact": "2", "category": "vendor", "owner": "ULUIS"})
    moments = [town.clock.now()]
    acts = [
        ("review", ReviewDraft(probability=4, impact=5, next_review_on=date(2026, 5, 1))),
        ("close", ReasonDraft(reason="it passed")),
        ("reopen", ReasonDraft(reason="it is back")),
    ]
    for action, draft in acts:
        town.pass_time(hours=1)
        with town.database.write(1) as session:
            by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
            risk_acts.act(session, 1, action, draft, by, now=town.clock.now())
        moments.append(town.clock.now())
    seen = []
    for moment in [moments[0] - timedelta(hours=1), *moments]:
        with town.database.read(1) as session:
            told = report(session, as_of=moment)
        seen.append([(known.score, known.active) for known in told.risks.values()])
        assert not told.reconstructed
    assert seen == [[], [(4, True)], [(20, True)], [(20, False)], [(20, True)]]
    assert list(told.risks) == ["R-1"]


def test_a_risk_that_was_closed_for_a_week_is_missing_in_that_week_alone(office):
    office.takes(portfolio(risks=[risk("R-1", 3, 3, status="assessed")]))
    ann, known = office.one(Person, handle="ann").id, office.one(Risk, external_id="R-1").id
    days = {"close": datetime(2026, 3, 12, tzinfo=UTC), "reopen": datetime(2026, 3, 19, tzinfo=UTC)}
    for action, day in days.items():
        with office.database.write(office.workspace) as session:
            by = Standing(people.cards(session, [ann])[ann])
            risk_acts.act(session, known, action, ReasonDraft(reason="for a reason"), by, now=day)
    assert [week["open"] for week in figures(office)["risk_burndown"]][-4:] == [1, 0, 1, 1]


def test_a_number_of_ours_and_the_same_id_of_a_file_are_two_records(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk")
    luis.submits({"title": "Ours is here", "probability": "2", "impact": "2", "category": "vendor", "owner": "ULUIS"})
    given = read_portfolio(portfolio(risks=[risk("R-1", 5, 5)]))
    with town.database.write(1) as session:
        import_portfolio(session, given, slack_ids={}, channel_ids={}, now=town.clock.now())
        told = report(session, as_of=town.clock.now())
    assert {name: known.score for name, known in told.risks.items()} == {"R-1": 25, "R-1 (logged here)": 4}


def test_ids_are_in_the_order_that_a_person_would_put_them_in():
    assert sorted(["R-10", "R-2", "D-1", "R-002", "R"], key=id_order) == ["D-1", "R", "R-2", "R-002", "R-10"]


def test_a_report_takes_the_same_few_statements_whatever_its_size(office):
    counts = []
    for many in (3, 60):
        office.takes(
            portfolio(
                risks=[risk(f"R-{number}", 3, 3) for number in range(1, many)],
                decisions=[decision(f"D-{number}") for number in range(1, many)],
            )
        )
        counts.append(_statements(office))
    assert counts[0] == counts[1] <= 34


def _statements(office: Office) -> int:
    with statements_of(office.database.reader) as asked:
        figures(office)
    return len(asked)


def test_the_command_prints_the_figures_for_programs_and_a_page_for_people(office, capsys):
    office.takes(REFERENCE)
    settings = Settings(_env_file=None, database_url=office.database.url)
    assert run_report(settings, as_of=AS_OF, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == figures(office)
    assert run_report(settings, as_of="2026-03-30T15:00:00+02:00", as_json=False) == 0
    page = capsys.readouterr().out
    assert page.startswith("As of Mon 30 Mar 2026 13:00 UTC.\n")
    assert "  R-027     20  Extreme       77,000.00" in page.splitlines()
    assert max(map(len, page.splitlines())) <= 80


def test_a_page_can_be_read_of_nothing_at_all(office):
    with office.database.read(office.workspace) as session:
        page = report_page(report(session, as_of=NOW))
    assert "Open: none. Overdue: none." in page


@pytest.mark.parametrize("as_of", ["yesterday", "2026-03-30", "2026-03-30T13:00:00", "2026-13-30T13:00:00Z"])
def test_an_instant_needs_its_zone(database, as_of):
    with pytest.raises(UserError, match="takes an instant with its zone"):
        run_report(Settings(_env_file=None, database_url=database.url), as_of=as_of, as_json=True)


def test_a_database_without_a_workspace_has_nothing_to_report(database, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database.url)
    assert main(["report", "--as-of", AS_OF]) == 1
    assert capsys.readouterr().out == "This database knows no workspace yet, so there is nothing to report on.\n"


def test_of_several_workspaces_one_is_named(office, capsys):
    with office.database.everywhere() as session:
        workspaces.install(session, team_id="T2", name="Two", url="https://two.slack.com/", bot_user_id="UBOT")
    office.takes(portfolio(risks=[risk("R-1", 3, 3)]))
    settings = Settings(_env_file=None, database_url=office.database.url)
    with pytest.raises(UserError, match=r"knows T1, T2\. Say which one with --workspace"):
        run_report(settings, as_of=AS_OF, as_json=True)
    counted = []
    for team in ("T1", "T2"):
        run_report(settings, as_of=AS_OF, as_json=True, workspace=team)
        counted.append(len(json.loads(capsys.readouterr().out)["risks"]))
    assert counted == [1, 0]
