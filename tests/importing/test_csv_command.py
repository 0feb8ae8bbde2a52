"""The command that imports a spreadsheet: a dry run, all or nothing, and what it says of a file it cannot use."""

import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.config import Settings
from bot.csv_import import SheetOptions
from bot.database import Database
from bot.importing import run_import
from models.schemas.spreadsheet import SheetKind
from models.tables import Outbox, Person, Project, Risk
from tests.importing.office import FILE, NOW

NEVER_OPENED = Settings(_env_file=None, database_url="sqlite:///none/none.db")
GOOD = "Risk title,P,Impact,Category,Remark\nVendor slips,4,5,vendor,x\n"
MIXED = GOOD + "Budget is cut,often,2,budget,y\n"
MAPS = ("Risk title=title", "P=probability")


@pytest.fixture
def settings(office, database: Database) -> Settings:
    """A workspace in which luis runs the ledger."""
    luis = office.adds(Person(slack_id="U0LUIS", handle="luis"))
    office.adds(Project(number=101, name="Ledger Migration", owner_id=luis, created_at=NOW))
    return Settings(_env_file=None, database_url=database.url, slack_bot_token=SecretStr(""))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "risks.csv"
    path.write_text(MIXED)
    return path


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(office, settings, file, capsys):
    before = office.everything()
    assert run_import(settings, file, people=None, options=SheetOptions(MAPS, project="P-101", dry_run=True)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "row 2: new risk 'Vendor slips', Ledger Migration, Extreme 20",
        "row 3: rejected: probability 'often' is not 1 to 5 or one of rare, unlikely, possible, likely, almost certain",
        "A dry run, so nothing was written: 1 new, 0 known already, 1 rejected.",
        "Columns that nothing is read from: Remark.",
    ]
    assert office.everything() == before


def test_a_file_with_one_bad_row_is_not_taken_at_all(office, settings, file, capsys):
    assert run_import(settings, file, people=None, options=SheetOptions(MAPS, project="P-101")) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Nothing was imported."
    assert said[1].startswith("row 3: rejected: probability 'often'")
    assert said[2].endswith("Mend these rows, or import the others with --skip-rejected.")
    assert office.all(Risk) == []


def test_the_good_rows_are_taken_when_the_others_may_be_skipped(office, settings, file, capsys):
    options = SheetOptions(MAPS, project="Ledger Migration", skip_rejected=True)
    assert run_import(settings, file, people=None, options=options) == 0
    assert "  risks: 1 new, 0 known already, 1 rejected" in capsys.readouterr().out
    assert [risk.title for risk in office.all(Risk)] == ["Vendor slips"]
    assert office.all(Outbox) == []
    assert run_import(settings, file, people=None, options=options) == 0
    assert "  risks: 0 new, 1 known already, 1 rejected" in capsys.readouterr().out
    assert len(office.all(Risk)) == 1


def test_the_shell_hands_everything_over(settings, tmp_path, monkeypatch, capsys):
    file = tmp_path / "projects.tsv"
    file.write_text("Was\tOwner\tDeadline\nCore Banking\tluis\t2026-09-30\n")
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert main(["import", str(file), "--kind", "projects", "--map", "Was=name", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "row 2: new project 'Core Banking', owner luis"


def test_the_help_lists_the_columns(capsys):
    with pytest.raises(SystemExit) as end:
        main(["import", "--help"])
    assert end.value.code == 0
    assert "Cause and consequence [statement]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "people", "words"),
    [
        (SheetOptions(), FILE, "--people belongs to a portfolio file"),
        (SheetOptions(("A=b",)), None, '--map "A=b" should be column=field'),
    ],
)
def test_what_does_not_go_together_with_a_spreadsheet_is_told(file, capsys, options, people, words):
    assert run_import(NEVER_OPENED, file, people=people, options=options) == 1
    assert words in capsys.readouterr().out


def test_options_of_a_spreadsheet_are_refused_for_a_portfolio(capsys):
    assert run_import(NEVER_OPENED, FILE, people=None, options=SheetOptions(dry_run=True)) == 1
    assert "belong to a file like risks.csv or risks.tsv" in capsys.readouterr().out


def test_a_project_that_nobody_knows_is_told(settings, file, capsys):
    assert run_import(settings, file, people=None, options=SheetOptions(MAPS, project="Nowhere")) == 1
    assert "--project 'Nowhere' is no project here." in capsys.readouterr().out


def test_projects_have_no_project(settings, tmp_path, capsys):
    file = tmp_path / "projects.csv"
    file.write_text("Name,Owner\nCore Banking,luis\n")
    options = SheetOptions(kind=SheetKind.PROJECTS, project="P-101")
    assert run_import(settings, file, people=None, options=options) == 1
    assert "--project says where risks belong" in capsys.readouterr().out


def test_a_spreadsheet_that_is_not_there_is_told(tmp_path, capsys):
    assert run_import(NEVER_OPENED, tmp_path / "none.csv", people=None) == 1
    assert "cannot be read: No such file or directory." in capsys.readouterr().out
