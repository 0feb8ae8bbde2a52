"""Taking over a portfolio file: all of it or nothing, with its own past, and never twice."""

import copy
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.clock import MovableClock
from bot.config import Settings
from bot.database import Database
from bot.importing import load_portfolio, run_import
from bot.sandbox import Sandbox, seed_from_portfolio
from bot.sandbox.server import SandboxServer
from bot.services import workspace as workspaces
from bot.services.counter import next_number, reserve
from bot.services.importing import Summary, import_portfolio
from bot.services.importing_checks import InvalidPortfolio
from bot.services.importing_reading import read_portfolio
from models.tables import (
    Base,
    Counter,
    Decision,
    DecisionContributor,
    History,
    Outbox,
    Owned,
    Person,
    Program,
    Project,
    Risk,
    ScheduleRule,
    StatusUpdate,
)

ROOT = Path(__file__).parent.parent
FILE = ROOT / "bot" / "sandbox" / "data" / "portfolio.json"
REFERENCE = json.loads(FILE.read_text())
NOW = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
EVERYTHING = {"people": 24, "programs": 3, "projects": 12, "risks": 41, "decisions": 15, "status_updates": 131}


class Office:
    """A workspace that somebody imports into."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.everywhere() as session:
            self.workspace = workspaces.install(
                session, team_id="T1", name="Office", url="https://office.slack.com/", bot_user_id="UBOT"
            ).id

    def takes(self, data: dict[str, Any], **known: Any) -> Summary:
        given = {"slack_ids": {}, "channel_ids": {}, "now": NOW} | known
        with self.database.write(self.workspace) as session:
            return import_portfolio(session, read_portfolio(data), **given)

    def adds(self, row: Owned) -> int:
        with self.database.write(self.workspace) as session:
            session.add(row)
            session.flush()
            return row.id

    def one(self, table: type, **wanted: Any) -> Any:
        with self.database.read(self.workspace) as session:
            return session.scalars(select(table).filter_by(**wanted)).one()

    def all(self, table: type, **wanted: Any) -> list[Any]:
        with self.database.read(self.workspace) as session:
            return list(session.scalars(select(table).filter_by(**wanted).order_by(table.id)))

    def past(self, kind: str, record_id: int) -> list[History]:
        return sorted(self.all(History, kind=kind, record_id=record_id), key=lambda row: (row.at, row.id))

    def problems_of(self, data: dict[str, Any], **known: Any) -> list[str]:
        with pytest.raises(InvalidPortfolio) as refusal:
            self.takes(data, **known)
        return [str(problem) for problem in refusal.value.problems]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, as it stands."""
        with self.database.everywhere() as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(REFERENCE)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_whole_reference_portfolio_is_taken_in_less_than_two_seconds(office, data):
    started = time.monotonic()
    summary = office.takes(data)
    assert time.monotonic() - started < 2
    assert summary.added == EVERYTHING
    assert set(summary.unchanged.values()) == {0}
    with office.database.read(office.workspace) as session:
        counted = {
            table: session.scalar(select(func.count()).select_from(table)) for table in (Person, Risk, StatusUpdate)
        }
    assert counted == {Person: 24, Risk: 41, StatusUpdate: 131}


def test_what_has_no_table_yet_is_counted_and_named(office, data):
    skipped = office.takes(data).skipped
    assert skipped["milestones"] == 45
    assert skipped["dependencies"] == 17
    assert skipped["issues"] == 8
    assert skipped["people.ooo"] == 2
    assert not {"schema", "as_of", "workspace", *EVERYTHING} & skipped.keys()


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
    assert counters == {"program": 3, "project": 304, "risk": 41, "decision": 15}


def test_a_number_that_is_taken_is_replaced_by_the_next_one(office, data):
    office.takes(data | {"risks": data["risks"][:1], "decisions": []})
    mine = data["risks"][1] | {"id": "RSK-1"}
    big = data["risks"][2] | {"id": "JIRA-20260330123456"}
    office.takes(data | {"risks": [big, mine, data["risks"][4]]})
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
    kept = ("rollup", "objective", "contingency", "charter", "override", "calendar")
    assert terra.extra == {name: source[name] for name in kept}


def test_a_project_on_hold_keeps_its_state_its_reason_and_its_baseline(office, data):
    office.takes(data)
    project = office.one(Project, external_id="P-204")
    assert (project.state, project.on_hold_since) == ("on_hold", date(2026, 3, 2))
    assert project.baseline_on == project.target_on == date(2026, 5, 29)
    assert (project.channel, project.channel_name) == (None, "p-204")
    assert project.extra["hold_reason"] == "Sponsor moved the assessors to the residency work"
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
    # Friday 10:30 in New York and four working hours; Tuesday 10:00 in Sydney and nine.
    assert waiting == {
        "R-007": instant("2026-03-27T18:30:00Z"),
        "R-031": instant("2026-03-24T23:00:00Z"),
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


def test_a_second_import_changes_nothing(office, data):
    slack_ids, channel_ids = {"maya.chen": "U0MAYA"}, {"#p-101": "C0P101"}
    first = office.takes(data, slack_ids=slack_ids, channel_ids=channel_ids)
    before = office.everything()
    second = office.takes(data, slack_ids=slack_ids, channel_ids=channel_ids, now=instant("2026-04-20T08:00:00Z"))
    assert office.everything() == before
    assert second.added == dict.fromkeys(EVERYTHING, 0)
    assert second.unchanged == EVERYTHING
    assert (second.skipped, second.unmatched_people) == (first.skipped, first.unmatched_people)


def test_a_file_with_one_more_risk_adds_exactly_that(office, data):
    office.takes(data)
    before = office.everything()
    data["risks"].append(data["risks"][0] | {"id": "R-042", "title": "Scheme certificate expires"})
    data["risks"][3]["title"] = "Renamed at the source"
    summary = office.takes(data)
    after = office.everything()
    assert summary.added == dict.fromkeys(EVERYTHING, 0) | {"risks": 1}
    added = {name: len(after[name]) - len(before[name]) for name in after if len(after[name]) != len(before[name])}
    assert added == {"risk": 1, "history": 4}
    assert after["risk"][:-1] == before["risk"]
    assert office.one(Risk, external_id="R-042").number == 42


def test_a_person_whom_slack_told_us_of_is_not_doubled(office, data):
    met = office.adds(Person(slack_id="U0LUIS", handle="Luis O.", tz="America/Chicago"))
    named_so = office.adds(Person(slack_id="U0TOM", handle="tom.becker"))
    summary = office.takes(data, slack_ids={"luis.ortega": "U0LUIS", "maya.chen": "U0MAYA"})
    assert summary.added["people"] == 22
    assert len(summary.unmatched_people) == 21
    assert not {"luis.ortega", "maya.chen", "tom.becker"} & set(summary.unmatched_people)
    luis, tom = office.one(Person, id=met), office.one(Person, id=named_so)
    assert (luis.handle, luis.tz) == ("Luis O.", "America/Chicago")
    assert tom.tz == "America/New_York"
    assert office.one(Project, external_id="P-101").owner_id == met
    assert office.one(Person, slack_id="U0MAYA").handle == "maya.chen"


def test_a_person_found_later_gets_their_slack_id(office, data):
    office.takes(data)
    summary = office.takes(data, slack_ids={"maya.chen": "U0MAYA"})
    assert office.one(Person, handle="maya.chen").slack_id == "U0MAYA"
    assert "maya.chen" not in summary.unmatched_people
    assert len(office.all(Person)) == 24


def test_a_handle_that_somebody_else_has_in_slack_stays_theirs(office, data):
    namesake = office.adds(Person(slack_id="UOTHER", handle="maya.chen"))
    for _ in range(2):
        office.takes(data, slack_ids={"maya.chen": "U0MAYA"})
    assert office.one(Person, id=namesake).slack_id == "UOTHER"
    assert office.one(Person, slack_id="U0MAYA").handle == "maya.chen (U0MAYA)"


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
        "projects P-101, owner: is too short, at least 1 characters are needed",
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
        ("risks", {"cost_impact": 30_000_000}, "risks R-001, cost_impact: should be 21474836.47 or less"),
        ("risks", {"response_strategy": "pray"}, "risks R-001, response_strategy: should be 'avoid', 'transfer',"),
        ("decisions", {"supersedes": "D-06"}, "decisions D-06, superseded_by: can be one decision only, not D-01, D-07"),
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
def test_a_file_that_contradicts_itself_is_refused(office, data, kind, changes, problem):
    data[kind][0] |= changes
    (found,) = office.problems_of(data)
    assert found.startswith(problem)


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


def test_the_older_words_for_strategies_are_understood(office, data):
    data["risks"][0]["response_strategy"] = "treat"
    office.takes(data)
    assert office.one(Risk, external_id="R-001").response_strategy == "mitigate"


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


# The command.


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings(_env_file=None, database_url=database.url, slack_bot_token=SecretStr(""))


@pytest.fixture
def slack(data: dict[str, Any]) -> Iterator[SandboxServer]:
    sandbox = Sandbox(MovableClock(NOW, running=False), yaml.safe_load((ROOT / "manifest.yml").read_text()))
    seed_from_portfolio(sandbox, data)
    sandbox.add_channel("CSECRET", "p-204", ["U0MAYACHEN", sandbox.bot_user_id], is_private=True)
    server = SandboxServer(sandbox, page_dir=ROOT / "bot" / "sandbox" / "page")
    server.start()
    yield server
    server.stop()


def test_the_command_says_what_it_took_and_what_it_left_out(office, settings, capsys):
    assert run_import(settings, FILE, people=None) == 0
    said = capsys.readouterr().out
    assert "  risks: 41 new, 0 known already" in said
    assert "milestones (45)" in said
    assert "Not found in Slack, so shown by name and sent nothing: maya.chen, dana.whitfield" in said


def test_the_command_lists_the_problems_and_ends_with_one(office, settings, data, tmp_path, capsys):
    file = tmp_path / "broken.json"
    data["risks"][0]["impact"] = 0
    data["risks"][1]["owner"] = "nobody"
    file.write_text(json.dumps(data))
    assert run_import(settings, file, people=None) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Nothing was imported.",
        "risks R-001, impact: should be 1 or more",
        "risks R-002, owner: 'nobody' is not among the people of this file",
    ]
    assert office.all(Risk) == []


def test_the_command_matches_the_people_that_a_file_names(office, settings, tmp_path, capsys):
    office.adds(Person(slack_id="U0LUIS", handle="Luis O."))
    file = tmp_path / "people.json"
    named = {"luis.ortega": "@Luis O.", "maya.chen": "U0MAYA", "tom.becker": "tom@example.com", "grace.kim": "gracie"}
    file.write_text(json.dumps(named))
    assert run_import(settings, FILE, people=file) == 0
    said = capsys.readouterr().out
    assert office.one(Project, external_id="P-101").owner_id == office.one(Person, slack_id="U0LUIS").id
    assert office.one(Person, handle="maya.chen").slack_id == "U0MAYA"
    assert "tom.becker was not matched: matching by e-mail is not supported yet" in said
    assert "grace.kim was not matched: nobody here is called 'gracie'" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"maya": "U1"}', "people.json names people who are not in the portfolio: maya."),
        ("[]", "people.json should map handles to Slack ids"),
        ("{", "people.json is not JSON"),
    ],
)
def test_a_people_file_that_cannot_be_meant_is_refused(office, settings, tmp_path, capsys, content, words):
    file = tmp_path / "people.json"
    file.write_text(content)
    assert run_import(settings, FILE, people=file) == 1
    assert words in capsys.readouterr().out


def test_a_database_without_a_workspace_says_what_to_do(settings, capsys):
    assert run_import(settings, FILE, people=None) == 1
    assert "set SLACK_BOT_TOKEN" in capsys.readouterr().out


def test_with_a_token_slack_says_who_is_who_and_where(database, settings, slack, capsys):
    token = slack.bot_token
    connected = settings.model_copy(
        update={"slack_bot_token": SecretStr(token), "slack_api_url": f"{slack.url}/api/"}
    )
    assert run_import(connected, FILE, people=None) == 0
    said = capsys.readouterr().out
    assert token not in said
    assert "Not found" not in said
    assert "not found" not in said
    with database.read(1) as session:
        projects = {project.external_id: project for project in session.scalars(select(Project))}
        maya = session.scalars(select(Person).where(Person.handle == "maya.chen")).one()
    assert maya.slack_id == "U0MAYACHEN"
    assert projects["P-101"].channel == "C0P101"


def test_a_token_that_slack_refuses_is_told_and_never_shown(settings, slack, capsys):
    wrong = settings.model_copy(
        update={"slack_bot_token": SecretStr("xoxb-wrong"), "slack_api_url": f"{slack.url}/api/"}
    )
    assert run_import(wrong, FILE, people=None) == 1
    said = capsys.readouterr().out
    assert "Slack did not answer as it should: invalid_auth." in said
    assert "xoxb-wrong" not in said


def test_a_file_that_is_not_there_is_told(settings, tmp_path, capsys):
    assert run_import(settings, tmp_path / "none.json", people=None) == 1
    assert "cannot be read: No such file or directory." in capsys.readouterr().out


def test_the_reference_file_loads():
    assert load_portfolio(FILE).as_of == NOW
