"""The command that imports: what it asks Slack, what it says, and how it ends."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import select

from bot.clock import MovableClock
from bot.config import Settings
from bot.database import Database
from bot.importing import load_portfolio, run_import
from bot.sandbox import Sandbox, seed_from_portfolio
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import EXAMPLE
from bot.services import workspace as workspaces
from models.tables import (
    Person,
    Project,
    Risk,
)
from tests.importing.office import FILE, NOW, ROOT

NEVER_OPENED = Settings(_env_file=None, database_url="sqlite:///none/none.db")


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings(_env_file=None, database_url=database.url, slack_bot_token=SecretStr(""))


@pytest.fixture
def slack(data: dict[str, Any]) -> Iterator[Sandbox]:
    """The portfolio's people and channels in a Slack that can be called."""
    sandbox = Sandbox(MovableClock(NOW, running=False), yaml.safe_load((ROOT / "manifest.yml").read_text()))
    seed_from_portfolio(sandbox, data)
    sandbox.add_channel("CSECRET", "secret", ["U0MAYACHEN", sandbox.bot_user_id], is_private=True)
    server = SandboxServer(sandbox, page_dir=ROOT / "bot" / "sandbox" / "page")
    server.start()
    yield sandbox
    server.stop()


def connected(settings: Settings, sandbox: Sandbox, token: str) -> Settings:
    url = f"{sandbox.workspace.base_url}/api/"
    return settings.model_copy(update={"slack_bot_token": SecretStr(token), "slack_api_url": url})


def test_the_command_says_what_it_took_and_what_it_left_out(office, settings, capsys):
    assert run_import(settings, FILE, people=None) == 0
    said = capsys.readouterr().out
    assert "  risks: 41 new, 0 known already" in said
    assert "  milestones: 45 new, 0 known already" in said
    assert "Left out, because there is no place for it yet: objectives (2), people.role (24)." in said
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
def test_a_people_file_that_cannot_be_meant_is_refused(tmp_path, capsys, content, words):
    file = tmp_path / "people.json"
    file.write_text(content)
    assert run_import(NEVER_OPENED, FILE, people=file) == 1
    assert words in capsys.readouterr().out


def test_a_portfolio_is_taken_over_before_there_is_any_workspace(settings, capsys):
    assert run_import(settings, FILE, people=None) == 0
    said = capsys.readouterr().out
    assert "  risks: 41 new, 0 known already" in said
    assert "belongs to no Slack workspace yet" in said
    assert run_import(settings, FILE, people=None) == 0
    assert "  risks: 0 new, 41 known already" in capsys.readouterr().out


def test_the_first_workspace_takes_over_what_was_imported_before(database, settings, slack, capsys):
    run_import(settings, FILE, people=None)
    assert run_import(connected(settings, slack, slack.bot_token), FILE, people=None) == 0
    assert "  risks: 0 new, 41 known already" in capsys.readouterr().out
    with database.everywhere() as session:
        (only,) = workspaces.all_workspaces(session)
    assert (only.team_id, only.url) == (EXAMPLE.team_id, EXAMPLE.url)


def test_a_database_of_several_workspaces_says_what_to_do(office, settings, database, capsys):
    with database.everywhere() as session:
        workspaces.install(session, team_id="T2", name="Two", url="https://two.slack.com/", bot_user_id="UBOT")
    assert run_import(settings, FILE, people=None) == 1
    assert "knows 2 workspaces: set SLACK_BOT_TOKEN" in capsys.readouterr().out


def test_with_a_token_slack_says_who_is_who_and_where(database, settings, slack, data, tmp_path, capsys):
    data["projects"][1]["channel"] = "#secret"
    file = tmp_path / "portfolio.json"
    file.write_text(json.dumps(data))
    assert run_import(connected(settings, slack, slack.bot_token), file, people=None) == 0
    said = capsys.readouterr().out
    assert slack.bot_token not in said
    assert "found" not in said
    with database.read(1) as session:
        projects = {project.external_id: project for project in session.scalars(select(Project))}
        maya = session.scalars(select(Person).where(Person.handle == "maya.chen")).one()
    assert maya.slack_id == "U0MAYACHEN"
    assert (projects["P-101"].channel, projects["P-101"].visibility) == ("C0P101", "open")
    assert (projects["P-102"].channel, projects["P-102"].visibility) == ("CSECRET", "restricted")


def test_a_token_that_slack_refuses_is_told_and_never_shown(settings, slack, capsys):
    assert run_import(connected(settings, slack, "xoxb-wrong"), FILE, people=None) == 1
    said = capsys.readouterr().out
    assert "Slack did not answer as it should: invalid_auth." in said
    assert "xoxb-wrong" not in said


def test_a_token_of_another_workspace_is_refused(office, settings, slack, capsys):
    assert run_import(connected(settings, slack, slack.bot_token), FILE, people=None) == 1
    assert "belongs to another workspace" in capsys.readouterr().out
    assert office.all(Risk) == []


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert run_import(NEVER_OPENED, tmp_path / "none.json", people=None) == 1
    assert "cannot be read: No such file or directory." in capsys.readouterr().out


def test_the_reference_file_loads():
    assert load_portfolio(FILE).as_of == NOW
