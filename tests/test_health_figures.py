"""Health, earned value, slips and data quality of programs, read from the database."""

import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from bot.services import health
from models.schemas.figures import Check, Figures, Signal
from models.schemas.plan import DependencyHealth, RollupMethod
from models.schemas.status import Freshness, Health, Trend
from models.tables import Milestone, Program, Project
from tests.importing.office import NOW, REFERENCE, Office
from tests.statements import statements_of


@pytest.fixture
def office(database) -> Office:
    return Office(database)


def ids(office: Office, table: type) -> dict[str, int]:
    return {row.external_id: row.id for row in office.all(table)}


def figures(office: Office, *programs: str, now: datetime = NOW) -> Figures:
    known = ids(office, Program)
    with office.database.read(office.workspace) as session:
        return health.of_programs(session, [known[name] for name in programs or known], now=now)


def test_what_was_said_and_what_the_figures_say_stand_side_by_side(office):
    office.takes(REFERENCE)
    found = figures(office)
    projects = {name: found.projects[row] for name, row in ids(office, Project).items()}
    onboarding = projects["P-104"]
    assert (onboarding.reported, onboarding.effective, onboarding.trend) == (Health.GREEN, Health.GREEN, Trend.STEADY)
    assert (onboarding.computed, onboarding.is_watermelon) == (Health.RED, True)
    assert onboarding.signals == [
        Signal("spi", Health.RED),
        Signal("cpi", Health.AMBER),
        Signal("milestone_slip", Health.AMBER),
    ]
    assert onboarding.quality is not None and onboarding.quality.score == 56
    assert Check.ACTUALS_RECENT in onboarding.quality.failed
    ledger = projects["P-101"]
    assert ledger.earned is not None
    assert (ledger.earned.spi, ledger.earned.cpi) == (Decimal("0.8000"), Decimal("0.8348"))
    assert Signal("spi", Health.AMBER) in ledger.signals  # exactly 0.80 is no red
    held, ended = projects["P-204"], projects["P-304"]
    assert (held.effective, held.computed, held.signals, held.max_slip_wd, held.quality) == (
        Health.ON_HOLD,
        Health.ON_HOLD,
        [],
        0,
        None,
    )
    assert (ended.effective, ended.computed) == (Health.COMPLETE, Health.COMPLETE)
    assert (projects["P-103"].freshness, projects["P-103"].effective) == (Freshness.DARK, Health.UNKNOWN)


def test_programs_keep_the_computed_health_beside_the_one_that_was_set(office):
    office.takes(REFERENCE)
    found = figures(office).programs
    nova, terra, helio = (found[row] for row in ids(office, Program).values())
    assert (nova.computed, nova.final, nova.override) == (Health.AMBER, Health.AMBER, None)
    assert nova.counts == {Health.GREEN: 1, Health.AMBER: 2, Health.RED: 0, Health.UNKNOWN: 1}
    assert (terra.computed, terra.final) == (Health.AMBER, Health.RED)
    assert terra.override is not None and terra.override.reason.startswith("Regulator moved")
    assert (helio.method, helio.override) == (RollupMethod.WEIGHTED, None)  # its override has run out
    assert helio.weighted_score == Decimal("1.125")
    assert helio.local_date == date(2026, 3, 31)


def test_slips_go_through_the_milestones_of_other_programs(office):
    office.takes(REFERENCE)
    alone = figures(office, "PRG-NOVA")
    together = figures(office)
    assert alone.projects == {row: told for row, told in together.projects.items() if row in alone.projects}
    by_name = {row.external_id: row.id for row in office.all(Milestone)}
    with office.database.write(office.workspace) as session:
        session.execute(update(Milestone).where(Milestone.id == by_name["M-201-2"]).values(remaining_likely=60))
    ledger = ids(office, Project)["P-101"]
    assert figures(office, "PRG-NOVA").projects[ledger].max_slip_wd > alone.projects[ledger].max_slip_wd + 30


def test_dependencies_and_late_milestones_are_told_with_their_numbers(office):
    office.takes(REFERENCE)
    found = figures(office)
    by_number = {one.number: one for one in found.dependencies.values()}
    assert by_number[13].health is DependencyHealth.BLOCKED and by_number[13].give_name == "Acme Bank"
    assert by_number[14].health is DependencyHealth.UNSCHEDULED
    assert by_number[12].health is by_number[15].health is by_number[16].health is DependencyHealth.CLOSED
    titles = {row.id: row.external_id for row in office.all(Milestone)}
    late = [(titles[one.id], one.overdue_wd) for one in found.milestones_overdue]
    assert late == [("M-302-2", 12), ("M-201-2", 6), ("M-101-2", 1)]


def test_money_of_two_currencies_is_not_added(office):
    data = copy.deepcopy(REFERENCE)
    data["budgets"][0]["currency"] = "EUR"
    office.takes(data)
    nova, terra, _ = figures(office).programs.values()
    assert nova.earned is None and terra.earned is not None


def test_a_project_by_itself_has_figures_too(office):
    data = copy.deepcopy(REFERENCE)
    project = next(one for one in data["projects"] if one["id"] == "P-104")
    project["program"] = None
    data |= {"audit_findings": [], "issues": [], "decisions": []}
    data["risks"] = [one for one in data["risks"] if one["project"] != "P-104"]
    office.takes(data)
    row = ids(office, Project)["P-104"]
    with office.database.read(office.workspace) as session:
        found = health.of_projects(session, [row], now=NOW)
    assert list(found.projects) == [row] and found.programs == {}
    assert found.projects[row].computed is Health.RED


def test_nothing_is_said_of_nothing(office):
    with office.database.read(office.workspace) as session:
        found = health.of_programs(session, [], now=NOW)
    assert found == Figures(programs={}, projects={}, milestones_overdue=[], dependencies={})


def test_silence_and_time_change_what_counts(office):
    office.takes(REFERENCE)
    later = figures(office, now=NOW + timedelta(days=60))
    assert {told.effective for told in later.projects.values()} <= {Health.UNKNOWN, Health.ON_HOLD, Health.COMPLETE}
    terra = later.programs[ids(office, Program)["PRG-TERRA"]]
    assert (terra.override, terra.final) == (None, Health.AMBER)


def test_the_number_of_statements_does_not_grow(office):
    small = {**REFERENCE, "programs": REFERENCE["programs"][:1]}
    kept = {project["id"] for project in REFERENCE["projects"] if project["program"] == "PRG-NOVA"}
    counts = []
    for data in (_only(small, kept), REFERENCE):
        office.takes(data)
        with statements_of(office.database.reader) as asked:
            figures(office, *[program["id"] for program in data["programs"]])
        counts.append(len([statement for statement in asked if "external_id IS NOT NULL" not in statement]))
    assert counts[0] == counts[1]


def _only(data: dict[str, Any], projects: set[str]) -> dict[str, Any]:
    def there(record: dict[str, Any]) -> bool:
        return record.get("project") in projects

    kept = {kind: [one for one in data[kind] if there(one)] for kind in ("status_updates", "budgets", "risks")}
    milestones = [{**one, "predecessors": []} for one in data["milestones"] if there(one)]
    left_out = ("dependencies", "allocations", "issues", "assumptions", "decisions", "stakeholders", "audit_findings")
    empty: dict[str, Any] = {kind: [] for kind in (*left_out, "checkins")} | {"checkin_team": {}}
    chosen = [one for one in data["projects"] if one["id"] in projects]
    return {**data, **kept, **empty, "projects": chosen, "milestones": milestones}
