"""A spreadsheet of risks or projects: what is read, what is refused and why, and that it is taken once."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.risk_matrix import Preset, matrix
from bot.errors import UserError
from bot.services import csv_import_cells as cells
from bot.services.csv_import import take_projects, take_risks
from bot.services.csv_import_cells import Unread
from bot.services.csv_import_columns import match_columns
from bot.services.csv_import_known import Known
from bot.services.csv_import_plan import Frame, plan
from bot.services.csv_import_text import read_sheet
from models.schemas.project import PlaceKind
from models.schemas.spreadsheet import PlannedRow, SheetKind
from models.tables import Counter, Outbox, Person, Program, Project, Risk, ScheduleRule
from tests.asking import sqlite_only
from tests.importing.office import NOW, Office

TODAY = date(2026, 3, 30)
HOSTILE = "<!channel> <b> & co"


@pytest.fixture
def ledger(office: Office) -> Office:
    """luis and grace, a program with a matrix of its own, and two projects."""
    luis = office.adds(Person(slack_id="U0LUIS", handle="luis", name="Luis Ortega", tz="America/New_York"))
    office.adds(Person(slack_id="U0GRACE", handle="Grace.Kim", name="Grace Kim", tz="Europe/Berlin"))
    office.adds(Person(slack_id="U0GONE", handle="gone", deleted=True))
    office.adds(Person(slack_id="U0BOT", handle="robot", is_bot=True))
    program = {"manager_id": luis, "tz": "America/New_York", "created_at": NOW}
    nova = office.adds(Program(number=1, name="Nova", external_id="PRG-NOVA", **program))
    project = {"owner_id": luis, "created_at": NOW, "target_on": TODAY}
    office.adds(Project(number=101, name="Ledger Migration", external_id="L", program_id=nova, **project))
    office.adds(Project(number=102, name="Fraud Rules", **project))
    return office


def planned(
    office: Office, text: str | bytes, *maps: str, kind: SheetKind = SheetKind.RISKS, project: str | None = None
) -> list[PlannedRow]:
    """What a dry run says."""
    with office.database.read(office.workspace) as session:
        return list(plan(frame(session, text, maps, kind, project)))


def frame(session: Any, text: str | bytes, maps: Sequence[str], kind: SheetKind, project: str | None) -> Frame:
    sheet = read_sheet(text.encode() if isinstance(text, str) else text)
    known = Known(session)
    place = known.place(project, PlaceKind.PROJECT) if project else None
    return Frame(kind, sheet, match_columns(sheet.header, kind, maps), known, place, NOW)


def take(office: Office, text: str, *maps: str, kind: SheetKind = SheetKind.RISKS) -> list[PlannedRow]:
    with office.database.write(office.workspace) as session:
        rows = list(plan(frame(session, text, maps, kind, None)))
        drafts: Any = [row.draft for row in rows if row.draft is not None]
        (take_risks if kind is SheetKind.RISKS else take_projects)(session, drafts, now=NOW)
    return rows


def told(rows: Sequence[PlannedRow]) -> list[str]:
    return [f"row {row.row}: {row.words}" for row in rows]


RISKS = """Title,Project,Probability,Impact,Category,Owner
Vendor slips,Ledger Migration,4,5,vendor,luis
Budget is cut,P-102,possible,high,budget,@grace.kim
"""


def test_a_dry_run_lists_row_by_row_what_it_would_do(ledger):
    take(ledger, RISKS)
    more = RISKS + "Law changes,Ledger Migration,often,5,compliance,luis\nKey person leaves,l,2,2,resource,U0GRACE\n"
    assert told(planned(ledger, more)) == [
        "row 2: known as R-1, unchanged",
        "row 3: known as R-2, unchanged",
        "row 4: rejected: probability 'often' is not 1 to 5 or one of rare, unlikely, possible, likely, almost certain",
        "row 5: new risk 'Key person leaves', Ledger Migration, Moderate 4",
    ]
    assert len(ledger.all(Risk)) == 2


def test_rows_become_risks_with_a_past_and_nobody_hears_of_it(ledger):
    take(ledger, RISKS)
    risk = ledger.one(Risk, title="Budget is cut")
    assert (risk.number, risk.probability, risk.impact, risk.band) == (2, 3, 4, "high")
    assert risk.owner_id == ledger.one(Person, slack_id="U0GRACE").id
    assert risk.acknowledge_by > NOW
    assert [(row.field, row.new) for row in ledger.past("risk", risk.id)] == [
        ("", "imported"),
        ("score", {"probability": 3, "impact": 4}),
    ]
    assert ledger.all(Outbox) == []


def test_importing_twice_changes_nothing(ledger):
    take(ledger, RISKS)
    before = ledger.everything()
    assert {row.verdict for row in take(ledger, RISKS)} == {"known"}
    assert {k: v for k, v in ledger.everything().items() if k != "counter"} == {
        k: v for k, v in before.items() if k != "counter"
    }


def test_a_row_is_known_by_its_id_though_its_words_changed(ledger):
    text = "Id,Title,Project,P,I,Category\nRSK-014,Vendor slips,L,4,5,vendor\n"
    take(ledger, text, "P=probability", "I=impact")
    assert ledger.one(Risk).number == 1
    changed = text.replace("Vendor slips", "Vendor is late")
    assert told(planned(ledger, changed, "P=probability", "I=impact")) == ["row 2: known as R-1, unchanged"]


def test_a_number_of_its_source_is_kept_where_it_is_free(ledger):
    text = "Id,Title,Project,Probability,Impact,Category\n{},{},L,4,5,vendor\n"
    take(ledger, text.format("R-012", "Vendor slips"))
    take(ledger, text.format("R12", "Another one"))
    assert {risk.title: risk.number for risk in ledger.all(Risk)} == {"Vendor slips": 12, "Another one": 13}
    assert ledger.one(Counter, kind="risk").n == 13


def test_what_an_export_wrote_is_known_again(ledger):
    take(ledger, RISKS)
    text = "Number,Id,Title,Project,Probability,Impact,Category\nR-1,whatever,Vendor slips,Fraud Rules,1,1,vendor\n"
    assert told(planned(ledger, text)) == ["row 2: known as R-1, unchanged"]


def test_a_row_that_repeats_another_is_rejected(ledger):
    again = RISKS + "vendor  SLIPS,Ledger Migration,1,1,vendor,luis\n"
    assert told(planned(ledger, again))[-1] == "row 4: rejected: it repeats row 2"


def test_every_cell_that_is_wrong_is_named_at_once(ledger):
    text = "Title,Project,Probability,Impact,Owner,Category,Review,Cost\n,Nowhere,9,,nobody,weather,03/04/2026,much\n"
    [row] = planned(ledger, text)
    for words in (
        "title is missing",
        "project 'Nowhere' is no project here",
        "probability '9' is not 1 to 5",
        "impact is missing",
        "owner 'nobody' is no person here",
        "category 'weather' is not one of",
        "review '03/04/2026' is no date: Write 3 Apr 2026 or 4 Mar 2026",
        "cost 'much' is not an amount such as 12.50",
    ):
        assert words in row.words


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        ("LUIS", None),
        ("@luis", None),
        ("U0LUIS", None),
        ("<@U0LUIS|luis>", None),
        ("luis@example.com", None),
        ("Luis Ortega", None),
        ("gone", "owner 'gone' is not in the workspace any more"),
        ("robot", "owner 'robot' is an app, not a person"),
        ("maria@example.com", "owner 'maria@example.com' is no person here"),
        (HOSTILE, f"owner '{HOSTILE}' is no person here"),
    ],
)
def test_people_are_found_by_the_names_that_spreadsheets_hold(ledger, owner, words):
    text = f"Title,Project,Probability,Impact,Category,Owner\nVendor slips,L,4,5,vendor,{owner}\n"
    [row] = planned(ledger, text)
    assert row.words == (f"rejected: {words}" if words else "new risk 'Vendor slips', Ledger Migration, Extreme 20")


def test_the_owner_of_the_project_answers_for_what_names_nobody(ledger):
    take(ledger, "Title,Probability,Impact,Category,Project\nVendor slips,4,5,vendor,P-101\n")
    assert ledger.one(Risk).owner_id == ledger.one(Person, handle="luis").id


def test_rows_without_a_project_belong_to_the_one_that_is_named_beside_the_file(ledger):
    text = "Title,Probability,Impact,Category\nVendor slips,4,5,vendor\n"
    assert "--project NAME says which one" in planned(ledger, text)[0].words
    assert planned(ledger, text, project="fraud rules")[0].words == "new risk 'Vendor slips', Fraud Rules, Extreme 20"


def test_a_row_with_a_program_alone_belongs_to_the_program(ledger):
    take(ledger, "Title,Program,Probability,Impact,Category\nVendor slips,nova,4,5,vendor\n")
    risk = ledger.one(Risk)
    assert (risk.project_id, risk.program_id) == (None, ledger.one(Program).id)


def test_two_projects_of_one_name_are_told_apart_by_number(ledger):
    owner = ledger.one(Person, handle="luis").id
    ledger.adds(Project(number=103, name="Fraud Rules", owner_id=owner, created_at=NOW))
    [row] = planned(ledger, "Title,Project,Probability,Impact,Category\nVendor slips,Fraud Rules,4,5,vendor\n")
    assert row.words == "rejected: project 'Fraud Rules' is the name of 2; write the number or id"


def test_columns_are_named_as_people_like(ledger):
    text = "What could go wrong;Wo;Likelihood;Severity;Notes\nVendor slips;L;4;5;x\n"
    maps = ("What could go wrong=title", "Wo=Project", "Notes=Cause and consequence")
    [row] = planned(ledger, text, *maps, project=None)
    assert row.draft.statement == "x"
    assert row.draft.category == "vendor"


@pytest.mark.parametrize(
    ("header", "maps", "words"),
    [
        ("Title,Impact", (), "No column is called Probability. The file has: Title, Impact."),
        ("Title,Impact", ("Nope=probability",), "The column “Nope” is not in the file. It has: Title, Impact."),
        ("A,A,Title", ("A=impact",), "The column “A” is twice in the file."),
        ("A,B", ("A=colour",), '--map "A=colour" should be column=field, with one of these fields: id, number, title'),
        ("A,B", ("A",), '--map "A" should be column=field'),
        ("A,B", ("A=title", "B=title"), '--map "B=title" repeats a column or a field'),
        ("Risk,Title", (), "The columns “Risk” and “Title” both look like Title."),
    ],
)
def test_columns_that_cannot_be_matched_are_told_with_what_there_is(header, maps, words):
    with pytest.raises(UserError) as refusal:
        match_columns(header.split(","), SheetKind.RISKS, maps)
    assert str(refusal.value).startswith(words)


def test_projects_are_taken_with_their_first_baseline_and_their_rule(ledger):
    text = "Project,Program,Owner,Target date,Critical,Id\nCore Banking,Nova,grace.kim,2026-09-30,yes,P-7\n"
    assert told(take(ledger, text, kind=SheetKind.PROJECTS)) == [
        "row 2: new project 'Core Banking', Nova, owner Grace.Kim"
    ]
    project = ledger.one(Project, name="Core Banking")
    assert (project.number, project.baseline_on, project.critical) == (7, date(2026, 9, 30), True)
    assert ledger.one(ScheduleRule, project_id=project.id).next_due_at > NOW
    assert [row.new for row in ledger.past("project", project.id)] == ["imported"]
    assert told(take(ledger, text, kind=SheetKind.PROJECTS)) == ["row 2: known as P-7, unchanged"]


def test_a_project_without_a_date_is_rejected(ledger):
    [row] = planned(ledger, "Name,Owner\nCore Banking,luis\n", kind=SheetKind.PROJECTS)
    assert row.words == "rejected: target date is missing, and an active project needs one"


def test_an_accepted_risk_needs_who_accepted_it_and_until_when(ledger):
    text = "Title,Project,Probability,Impact,Category,State,Accepted by,Review\nVendor slips,L,4,5,vendor,accepted,{}\n"
    assert "needs who accepted it" in planned(ledger, text.format(","))[0].words
    [row] = planned(ledger, text.format("luis,2026-06-01"))
    assert row.draft.status == "accepted"


def test_the_older_words_for_strategies_are_understood(ledger):
    text = "Title,Project,Probability,Impact,Category,Response\nVendor slips,L,4,5,vendor,Treat\n"
    assert planned(ledger, text)[0].draft.response_strategy == "mitigate"


@sqlite_only
@pytest.mark.parametrize(
    "data",
    [
        RISKS.encode(),
        RISKS.encode("utf-8-sig"),
        RISKS.encode("utf-16"),
        RISKS.replace(",", ";").encode(),
        RISKS.replace(",", "\t").encode(),
        RISKS.replace("\n", "\r\n").encode(),
        b"sep=,\r\n" + RISKS.encode(),
        RISKS.replace("\n", "\r").encode(),
        b"sep=|\n" + RISKS.replace(",", "|").encode(),
    ],
)
def test_what_spreadsheets_save_is_read(ledger, data):
    assert [(row.row, row.verdict) for row in planned(ledger, data)] == [(2, "new"), (3, "new")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The first row should hold the names of the columns, and it is empty."),
        (b"\n\n", "The first row should hold the names"),
        (b"Title,Impact\n", "There is no row below the names of the columns."),
        (b"T\xe4tle,Impact\nx,1\n", "The file is not in UTF-8. Save it anew"),
        (b"PK\x03\x04\0\0", "The file holds NUL characters"),
        (b'Title\n"open\nand never closed\n', "Row 2 cannot be read"),
        (b"Title\n" + b"x" * 200_000, "Row 2 cannot be read"),
        (b"\xff\xfeT", "The file is not in UTF-8"),
        (b"Title\n" + b"x\n" * 100_001, "The file has more than 100,000 rows. Split it."),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data, words):
    with pytest.raises(UserError) as refusal:
        read_sheet(data)
    assert str(refusal.value).startswith(words)


def test_line_breaks_in_quotes_are_kept_and_rows_count_as_in_a_spreadsheet(ledger):
    text = 'Title,Project,Probability,Impact,Category,Plan\nA b c d,L,1,1,vendor,"one\r\ntwo"\n\nE f g,L,9,1,vendor,\n'
    first, second = planned(ledger, text)
    assert first.draft.response_plan == "one\ntwo"
    assert second.row == 4


def test_hostile_words_are_kept_as_they_are_and_shown_without_control_characters(ledger):
    title = f"{HOSTILE} \u202e\u2066"
    take(ledger, f"Title,Project,Probability,Impact,Category\n{title},L,4,5,vendor\n")
    assert ledger.one(Risk).title.startswith(HOSTILE)
    [row] = planned(ledger, "Title,Project,Probability,Impact,Category\n\x1b[31mred,L,4,5,vendor\n")
    assert row.words == "rejected: it holds control characters"


def test_a_defused_cell_gets_its_first_character_back(ledger):
    [row] = planned(ledger, "Title,Project,Probability,Impact,Category\n'=1+1 explodes,L,4,5,vendor\n")
    assert row.draft.title == "=1+1 explodes"


def test_thousands_of_rows_are_taken_at_once(ledger):
    rows = "".join(f"Risk number {n},L,{n % 5 + 1},{n % 5 + 1},vendor\n" for n in range(1234))
    take(ledger, f"Title,Project,Probability,Impact,Category\n{rows}")
    assert sorted(risk.number for risk in ledger.all(Risk)) == list(range(1, 1235))


@pytest.mark.parametrize(
    ("cell", "commas", "amount"),
    [
        ("1200", False, "1200"),
        ("1,200.50", False, "1200.50"),
        ("$ 1,200", False, "1200"),
        ("EUR 1.200,50", True, "1200.50"),
        ("1 200,5 €", True, "1200.5"),
        ("-50000", False, "-50000"),
        ("(50)", False, "-50"),
        ("1.234.567", True, "1234567"),
        ("0,29", True, "0.29"),
        ("1.234", True, None),
        ("1.234", False, None),
        ("1,23", False, None),
        ("1.5", True, None),
        ("99999999999999999", False, None),
        ("1e5", False, None),
        ("NaN", False, None),
        ("٣", False, None),
    ],
)
def test_amounts_are_read_or_refused_and_never_guessed(cell, commas, amount):
    if amount is None:
        with pytest.raises(Unread):
            cells.amount(cell, decimal_commas=commas)
    else:
        assert cells.amount(cell, decimal_commas=commas) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "preset", "step"),
    [
        ("4", Preset.NPSA, 4),
        ("4.0", Preset.NPSA, 4),
        ("P4", Preset.NPSA, 4),
        ("4/5", Preset.NPSA, 4),
        ("4 - Likely", Preset.NPSA, 4),
        ("LIKELY", Preset.NPSA, 4),
        ("Likely", Preset.DEFENCE, 3),
        ("high", Preset.PMI, 4),
        ("Almost  certain", Preset.AUSTRALIA, 5),
        ("0", Preset.NPSA, None),
        ("6", Preset.NPSA, None),
        ("45", Preset.NPSA, None),
        ("4.5", Preset.NPSA, None),
        ("70%", Preset.NPSA, None),
        ("often", Preset.NPSA, None),
    ],
)
def test_ratings_are_numbers_or_the_words_of_the_matrix(cell, preset, step):
    if step is None:
        with pytest.raises(Unread):
            cells.probability(cell, matrix(preset))
    else:
        assert cells.probability(cell, matrix(preset)) == step


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-04-03", date(2026, 4, 3)),
        ("2019-01-01", date(2019, 1, 1)),
        ("2026-04-03 00:00:00", date(2026, 4, 3)),
        ("3 Apr 2026", date(2026, 4, 3)),
        ("03/04/2026", None),
        ("0001-01-01", None),
        ("someday", None),
    ],
)
def test_dates_are_certain_or_refused(cell, day):
    if day is None:
        with pytest.raises(Unread):
            cells.day(cell, TODAY)
    else:
        assert cells.day(cell, TODAY) == day


def test_what_was_raised_tomorrow_is_refused():
    assert cells.moment("2026-03-30T09:00:00-04:00", NOW) == datetime.fromisoformat("2026-03-30T13:00:00Z")
    with pytest.raises(Unread):
        cells.moment("2026-03-31", NOW)


CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["=1+1", "'=x", "luis", "P-101", "Ledger Migration", "4", "likely", "03/04/2026", "9999-12-31", "٣"]
    ),
    st.text(alphabet="0123456789.,-/:T+ ()€\u2212", max_size=30),
)
TITLES = ["Title", "Project", "Probability", "Impact", "Owner", "Category", "Review", "Cost", "Raised", "State", "Id"]


@sqlite_only
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=13), max_size=6), delimiter=st.sampled_from(",;\t"))
def test_no_cell_raises_anything_and_each_row_is_judged(ledger, rows, delimiter):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([TITLES, *rows])
    try:
        found = planned(ledger, stream.getvalue().encode("utf-8", errors="ignore"))
    except UserError:
        return
    assert len(found) <= len(rows)
    assert all("\n" not in row.words and "\x1b" not in row.words for row in found)


@sqlite_only
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-16", "ignore"))))
def test_no_file_raises_anything_but_a_told_problem(ledger, data):
    for body in (data, b"Title,Project,Probability,Impact\n" + data, b"sep=;\n" + data):
        try:
            planned(ledger, body)
        except UserError as problem:
            assert str(problem)
