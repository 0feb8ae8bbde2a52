"""The pages for people stay true: the commands, settings and files that they name are there."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from bot.cli import _parser
from bot.config import Settings
from bot.metrics import Exposition

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FOR_OPERATORS = [ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
OF_OTHERS = {"POSTGRES_PASSWORD", "PGPASSFILE", "HTTPS_PROXY"}
"""Read by the programs beside us."""


def _run() -> Any:
    loader = SourceFileLoader("run", str(ROOT / "run"))
    spec = spec_from_loader("run", loader)
    assert spec
    run = module_from_spec(spec)
    loader.exec_module(run)
    return run


def _commands() -> set[str]:
    """As `./run` knows them."""
    run = _run()
    return {run.SET_UP, *run.TO_RUN, *run.TO_DEVELOP}


def _settings() -> set[str]:
    return {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}


def test_run_hands_on_every_command_of_the_bot():
    (commands,) = (each.choices for each in _parser()._subparsers._group_actions)  # type: ignore[union-attr]
    assert set(commands) == set(_run().TO_RUN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_one(page):
    named = set(re.findall(r"\./run ([a-z]+)", page.read_text()))
    assert named - _commands() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page):
    linked = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in linked if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", FOR_OPERATORS, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_is_one(page):
    named = set(re.findall(r"`((?:[A-Z]+_)+[A-Z]+)(?:=[^`]*)?`", page.read_text()))
    assert named - _settings() - OF_OTHERS == set()


def test_every_figure_that_is_to_be_watched_is_told(town):
    page = (ROOT / "docs" / "operations.md").read_text()
    named = set(re.findall(r"`(stationmaster_\w+)", page))
    told = Exposition(town.runtime)(None).decode()
    assert {name for name in named if f"# TYPE {name} " not in told} == set()
    assert len(named) > 3


def test_some_page_names_every_command():
    text = "".join(page.read_text() for page in PAGES)
    assert {command for command in _commands() if f"./run {command}" not in text} == set()


def test_one_table_of_the_readme_holds_every_setting():
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == _settings()
