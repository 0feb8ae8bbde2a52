"""`./run export`, and that what it wrote comes back whole into an empty database."""

import json

import pytest

from bot.cli import main
from bot.services import workspace as workspaces
from tests.asking import sqlite_only
from tests.importing.office import FILE as PORTFOLIO

KEPT_APART = {"as_of", "details", "workspace"}
"""The instant of the export, and what the format has no place for."""


def exported(url, file, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert main(["export", str(file)]) == 0
    return json.loads(file.read_text(encoding="utf-8"))


def imported(url, file, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert main(["import", str(file)]) == 0


def records(file):
    return {name: value for name, value in file.items() if name not in KEPT_APART}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_demos_portfolio_goes_round_without_a_loss(elsewhere, folder, monkeypatch, capsys):
    first_url, second_url = elsewhere(), elsewhere()
    imported(first_url, PORTFOLIO, monkeypatch)
    first = exported(first_url, folder / "first.json", monkeypatch)
    imported(second_url, folder / "first.json", monkeypatch)
    second = exported(second_url, folder / "second.json", monkeypatch)
    assert records(second) == records(first)
    assert all(len(first[name]) > 0 for name in ("risks", "decisions", "milestones", "budgets", "stakeholders"))


def test_a_lived_in_town_goes_round_without_a_loss(town, elsewhere, folder, monkeypatch, capsys):
    """Also what is restricted: whoever runs the bot holds it anyway."""
    live(town)
    town.restrict()
    first = exported(town.database.url, folder / "first.json", monkeypatch)
    assert [risk["title"] for risk in first["risks"]] == ["Vendor slips", "It rains"]
    url = elsewhere()
    imported(url, folder / "first.json", monkeypatch)
    second = exported(url, folder / "second.json", monkeypatch)
    assert records(second) == records(first)


def live(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    for title in ("Vendor slips", "It rains"):
        luis.types("CLEDGER", f"/risk {title}")
        luis.submits({"probability": "4", "impact": "3", "category": "vendor", "owner": "UKAVYA"})
    luis.types("CLEDGER", "/pm issue The ledger does not reconcile")
    luis.submits({"severity": "sev2", "owner": "ULUIS"})
    luis.types("CLEDGER", "/pm assumption The bank keeps its file format")
    luis.submits({"owner": "UKAVYA", "validate_by": "2026-04-20"})
    luis.types("CLEDGER", "/pm away 6 Apr to 8 Apr")
    maya.types("CLEDGER", "/decision Cutover strategy")
    maya.submits({"approver": "UDANA", "due_on": "2026-04-10"})
    assert (luis.form_errors, maya.form_errors) == ({}, {})


@sqlite_only
def test_an_export_takes_nobodys_place_and_is_private(town, folder, monkeypatch, capsys):
    exported(town.database.url, folder / "all.json", monkeypatch)
    assert (folder / "all.json").stat().st_mode & 0o777 == 0o600
    assert main(["export", str(folder / "all.json")]) == 1
    assert "is there already" in capsys.readouterr().out


@sqlite_only
def test_of_several_workspaces_one_is_named(town, folder, monkeypatch, capsys):
    with town.database.everywhere() as session:
        workspaces.install(session, team_id="TTWO", name="Two", url="https://two.example/", bot_user_id="UB")
    monkeypatch.setenv("DATABASE_URL", town.database.url)
    assert main(["export", str(folder / "all.json")]) == 1
    assert "--workspace" in capsys.readouterr().out
    assert main(["export", str(folder / "all.json"), "--workspace", "TTWO"]) == 0
    assert json.loads((folder / "all.json").read_text())["risks"] == []
