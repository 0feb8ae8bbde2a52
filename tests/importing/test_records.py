"""Taking over a portfolio file: every record with its own past, its number and what has no column."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from bot.services.counter import next_number, reserve
from models.tables import (
    Counter,
    Decision,
    DecisionContributor,
    Outbox,
    Person,
    Program,
    Project,
    Risk,
    ScheduleRule,
    StatusUpdate,
)
from tests.importing.office import EVERYTHING, NOW


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_whole_reference_portfolio_is_taken(office, data):
    summary = office.takes(data)
    assert summary.added == EVERYTHING
    assert set(summary.unchanged.values()) == {0}
    with office.database.read(office.workspace) as session:
        counted = {
            table: session.scalar(select(func.count()).select_from(table)) for table in (Person, Risk, StatusUpdate)
        }
    assert counted == {Person: 24, Risk: 41, StatusUpdate: 131}


def test_what_has_no_table_yet_is_counted_and_named(office, data):
    data["calendars"]["uk"] = data["calendars"]["us"]
    assert office.takes(data).skipped == {"calendars": 1, "objectives": 2, "people.role": 24}


def test_an_import_announces_nothing(office, data):
    office.takes(data)
    assert office.all(Outbox) == []


def test_records_keep_their_ids_and_the_digits_become_their_numbers(office, data):
    office.takes(data)
    assert office.one(Project, external_id="P-101").number == 101
    assert office.one(Risk, external_id="R-001").number == 1
    assert office.one(Decision, external_id="D-15").number == 15
    assert [program.number for program in office.all(Program)] == [1, 2, 3]
    counters = {counter.kind: counter.n for counter in office.all(Counter)}
    assert counters == {
        "program": 3,
        "project": 304,
        "milestone": 45,
        "dependency": 17,
        "risk": 41,
        "issue": 8,
        "assumption": 5,
        "decision": 15,
        "stakeholder": 15,
        "finding": 6,
        "blocker": 3,
    }


def test_a_number_that_is_taken_is_replaced_by_the_next_one(office, data):
    office.takes(data | {"risks": data["risks"][:1], "issues": [], "decisions": []})
    mine = data["risks"][1] | {"id": "RSK-1"}
    big = data["risks"][2] | {"id": "JIRA-20260330123456"}
    office.takes(data | {"risks": [big, mine, data["risks"][4]], "issues": []})
    numbers = {risk.external_id: risk.number for risk in office.all(Risk)}
    assert numbers == {"R-001": 1, "R-005": 5, "JIRA-20260330123456": 6, "RSK-1": 7}
    with office.database.write(office.workspace) as session:
        assert next_number(session, "risk") == 8


def test_reserving_a_low_number_wastes_none(office):
    with office.database.write(office.workspace) as session:
        reserve(session, "risk", 7)
        reserve(session, "risk", 3)
        assert next_number(session, "risk") == 8


def test_a_program_keeps_its_zone_and_all_that_has_no_column(office, data):
    office.takes(data, channel_ids={"#prg-terra": "C0TERRA"})
    terra = office.one(Program, external_id="PRG-TERRA")
    assert (terra.tz, terra.channel, terra.channel_name) == ("Europe/Berlin", "C0TERRA", "prg-terra")
    assert (terra.horizon, terra.success_state, terra.state) == ("dated", "agreed", "active")
    source = next(program for program in data["programs"] if program["id"] == "PRG-TERRA")
    assert terra.extra == {name: source[name] for name in ("objective", "contingency", "charter")}


def test_a_project_on_hold_keeps_its_state_its_reason_and_its_baseline(office, data):
    office.takes(data)
    project = office.one(Project, external_id="P-204")
    assert (project.state, project.on_hold_since) == ("on_hold", date(2026, 3, 2))
    assert project.baseline_on == project.target_on == date(2026, 5, 29)
    assert (project.channel, project.channel_name) == (None, "p-204")
    assert project.hold_reason == "Sponsor moved the assessors to the residency work"
    assert project.hold_review_on == date(2026, 4, 20)
    assert office.one(ScheduleRule, project_id=project.id).next_due_at is None
    ended = office.one(Project, external_id="P-304")
    assert (ended.state, ended.completed_on) == ("completed", date(2026, 3, 20))


def test_every_place_gets_its_rule_and_one_that_is_due_now_is_due(office, data):
    office.takes(data)
    assert len(office.all(ScheduleRule)) == 15
    nova = office.one(Program, external_id="PRG-NOVA")
    assert office.one(ScheduleRule, program_id=nova.id).next_due_at == NOW  # Monday, 09:00 in New York


def test_a_project_in_a_private_channel_is_restricted(office, data):
    office.takes(data, channel_ids={"#p-101": "C1", "#p-102": "C2"}, private_channels={"C2"})
    visible = {project.external_id: project.visibility for project in office.all(Project)}
    assert (visible["P-101"], visible["P-102"]) == ("open", "restricted")


def test_the_past_of_a_risk_has_the_instants_of_its_source(office, data):
    office.takes(data)
    risk = office.one(Risk, external_id="R-027")
    assert (risk.probability, risk.impact) == (4, 5)
    assert (risk.inherent_probability, risk.inherent_impact) == (3, 5)
    assert [(row.at, row.field, row.old, row.new) for row in office.past("risk", risk.id)] == [
        (instant("2026-01-29T05:30:00Z"), "", None, "imported"),
        (instant("2026-01-29T05:30:00Z"), "score", None, {"probability": 3, "impact": 5}),
        (instant("2026-01-29T08:30:00Z"), "acknowledged_at", None, "2026-01-29T08:30:00+00:00"),
        (
            instant("2026-02-12T05:30:00Z"),
            "score",
            {"probability": 3, "impact": 5},
            {"probability": 5, "impact": 5},
        ),
        (
            instant("2026-03-12T05:30:00Z"),
            "score",
            {"probability": 5, "impact": 5},
            {"probability": 4, "impact": 5},
        ),
    ]


def test_a_rejected_risk_keeps_why_and_when(office, data):
    office.takes(data)
    risk = office.one(Risk, external_id="R-040")
    assert (risk.status, risk.status_reason) == ("rejected", "Duplicate of R-015 review")
    last = office.past("risk", risk.id)[-1]
    assert (last.at, last.field, last.new) == (instant("2026-02-13T11:00:00Z"), "status", "rejected")
    assert last.reason == "Duplicate of R-015 review"


def test_only_a_risk_that_waits_for_its_owner_has_a_time_to_acknowledge_it_by(office, data):
    office.takes(data)
    waiting = {risk.external_id: risk.acknowledge_by for risk in office.all(Risk) if risk.acknowledge_by}
    # Friday 10:30 in New York and four working hours; Tuesday 10:00 in Sydney, home at 17:30, and nine.
    assert waiting == {
        "R-007": instant("2026-03-27T18:30:00Z"),
        "R-031": instant("2026-03-24T23:30:00Z"),
    }


def test_money_is_kept_in_minor_units(office, data):
    data["risks"][1]["cost_impact"] = 0.29
    office.takes(data)
    assert office.one(Risk, external_id="R-001").cost_impact == 18_000_000
    assert office.one(Risk, external_id="R-002").cost_impact == 29
    assert office.one(Risk, external_id="R-041").cost_impact == -5_000_000


def test_a_decision_keeps_its_matrix_and_its_contributors(office, data):
    office.takes(data)
    decision, source = office.one(Decision, external_id="D-01"), data["decisions"][0]
    assert decision.options == source["options"]
    assert decision.criteria == source["criteria"]
    assert decision.informed == ["#prg-nova"]
    handles = {person.id: person.handle for person in office.all(Person)}
    contributors = office.all(DecisionContributor, decision_id=decision.id)
    assert [handles[row.person_id] for row in contributors] == ["tom.becker", "arjun.mehta"]
    decided = office.past("decision", decision.id)[-1]
    assert (decided.at, decided.field, decided.new) == (instant("2026-02-02T21:00:00Z"), "status", "accepted")
    assert handles[decided.actor_id] == "dana.whitfield"


def test_a_superseded_decision_and_its_successor_name_each_other(office, data):
    for decision in data["decisions"]:
        decision.pop("superseded_by")  # one of the two sides is enough
    office.takes(data)
    old, new = office.one(Decision, external_id="D-06"), office.one(Decision, external_id="D-07")
    assert (old.superseded_by_id, new.supersedes_id) == (new.id, old.id)
    assert (old.supersedes_id, new.superseded_by_id) == (None, None)
    assert [(row.at, row.new) for row in office.past("decision", old.id)] == [
        (instant("2026-01-08T09:00:00Z"), "imported"),
        (instant("2026-01-22T15:00:00Z"), "accepted"),
        (instant("2026-03-05T15:00:00Z"), "superseded"),
    ]


def test_updates_know_the_health_before_them_and_the_project_remembers_each_move(office, data):
    office.takes(data)
    project = office.one(Project, external_id="P-101")
    updates = sorted(office.all(StatusUpdate, project_id=project.id), key=lambda update: update.posted_at)
    source = sorted((u for u in data["status_updates"] if u["project"] == "P-101"), key=lambda u: u["posted_at"])
    healths = [update["health"] for update in source]
    assert [update.previous_health for update in updates] == [None, *healths[:-1]]
    moves = [row for row in office.past("project", project.id) if row.field == "health"]
    changes = [n for n, health in enumerate(healths) if n == 0 or healths[n - 1] != health]
    assert [(row.at, row.new) for row in moves] == [(instant(source[n]["posted_at"]), healths[n]) for n in changes]
    (logged,) = office.past("status", updates[0].id)
    assert (logged.at, logged.actor_id, logged.new) == (updates[0].posted_at, updates[0].author_id, "imported")


def test_an_update_that_was_left_out_at_first_finds_its_place(office, data):
    updates = [update for update in data["status_updates"] if update["project"] == "P-101"]
    late = next(update for update in updates if update["health"] != updates[0]["health"])
    office.takes(data | {"status_updates": [update for update in updates if update is not late]})
    office.takes(data | {"status_updates": updates})
    before = updates[updates.index(late) - 1]
    assert office.one(StatusUpdate, external_id=late["id"]).previous_health == before["health"]


def test_the_older_words_for_strategies_are_understood(office, data):
    data["risks"][0]["response_strategy"] = "treat"
    office.takes(data)
    assert office.one(Risk, external_id="R-001").response_strategy == "mitigate"


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_characters_that_no_database_takes_are_left_out(office, data, character):
    data["risks"][0] |= {"title": f"Vendor{character} slips", "statement": f"{character}It is late"}
    office.takes(data)
    risk = office.one(Risk, external_id=data["risks"][0]["id"])
    assert (risk.title, risk.statement) == ("Vendor slips", "It is late")
