"""The issues and assumptions of a portfolio file."""

from datetime import UTC, date, datetime

import pytest

from bot.services import assumption as assumptions
from bot.services import issue as issues
from bot.services import issue_acts
from models.tables import Assumption, Issue, Outbox, Program, Project, Risk
from tests.importing.office import NOW


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_issue_keeps_its_place_its_owner_and_its_past(office, data):
    office.takes(data)
    row, project = office.one(Issue, external_id="I-03"), office.one(Project, external_id="P-104")
    assert (row.number, row.severity, row.status, row.project_id) == (3, "sev1", "resolved", project.id)
    assert row.program_id == office.one(Program, external_id="PRG-NOVA").id
    assert (row.opened_at, row.resolved_at) == (instant("2026-03-11T14:00:00Z"), instant("2026-03-12T19:00:00Z"))
    assert [(past.at, past.field, past.new) for past in office.past("issue", row.id)] == [
        (instant("2026-03-11T14:00:00Z"), "", "imported"),
        (instant("2026-03-12T19:00:00Z"), "status", "resolved"),
    ]
    with office.database.read(office.workspace) as session:
        card = issues.find(session, 3)
    assert (card.owner.handle, card.place.name, card.author) == ("grace.kim", project.name, None)


def test_a_closed_issue_knows_when_and_a_risk_that_happened_is_linked(office, data):
    data["issues"][0] |= {
        "status": "closed",
        "resolved_at": "2026-03-20T10:00:00Z",
        "closed_at": "2026-03-25T10:00:00Z",
        "acknowledged_at": "2026-03-18T15:00:00Z",
        "from_risk": "R-002",
        "workaround": "By hand <b> & co",
    }
    office.takes(data)
    row = office.one(Issue, external_id="I-01")
    assert row.from_risk_id == office.one(Risk, external_id="R-002").id
    assert (row.closed_at, row.workaround) == (instant("2026-03-25T10:00:00Z"), "By hand <b> & co")
    assert [(past.field, past.old, past.new) for past in office.past("issue", row.id)] == [
        ("", None, "imported"),
        ("acknowledged_at", None, "2026-03-18T15:00:00+00:00"),
        ("status", None, "resolved"),
        ("status", "resolved", "closed"),
    ]


def test_an_assumption_is_taken_for_true_since_the_instant_of_the_file(office, data):
    office.takes(data, now=datetime(2026, 5, 1, tzinfo=UTC))
    row = office.one(Assumption, external_id="A-03")
    assert (row.number, row.title, row.validate_by) == (3, "Legal accepts pseudonymised analytics", date(2026, 3, 31))
    assert (row.raised_at, row.settled_at) == (NOW, None)
    assert [(past.field, past.new) for past in office.past("assumption", row.id)] == [
        ("", "imported"),
        ("status", "validated"),
    ]
    with office.database.read(office.workspace) as session:
        card = assumptions.find(session, 3)
    assert (card.owner.handle, card.place.kind) == ("jonas.weber", "program")


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("issues", {"severity": "sev9"}, "issues I-01, severity: should be 'sev1', 'sev2', 'sev3' or 'sev4'"),
        ("issues", {"owner": "nobody"}, "issues I-01, owner: 'nobody' is not among the people of this file"),
        ("issues", {"from_risk": "R-999"}, "issues I-01, from_risk: 'R-999' is not among the risks of this file"),
        ("issues", {"status": "resolved"}, "issues I-01: a resolved issue needs its instant (resolved_at)"),
        (
            "issues",
            {"resolved_at": "2026-03-20T10:00:00Z"},
            "issues I-01: has an instant (resolved_at) and is not resolved",
        ),
        (
            "issues",
            {"status": "resolved", "resolved_at": "2026-03-01T10:00:00Z"},
            "issues I-01: was resolved before it was opened",
        ),
        ("issues", {"program": "PRG-TERRA"}, "issues I-01, program: its project P-101 belongs to PRG-NOVA"),
        ("issues", {"id": "I-02"}, "issues I-02, id: stands in the file 2 times"),
        ("assumptions", {"program": None}, "assumptions A-01: needs a project or a program"),
        ("assumptions", {"text": ""}, "assumptions A-01, text: is too short: 1 or more are needed"),
        ("assumptions", {"status": "maybe"}, "assumptions A-01, status: should be 'unvalidated', 'validated'"),
        ("assumptions", {"validate_by": "soon"}, "assumptions A-01, validate_by: should be a date such as 2026-03-30"),
    ],
)
def test_what_is_wrong_is_told_in_words(office, data, kind, changes, problem):
    data[kind][0] |= changes
    (found,) = office.problems_of(data)
    assert found.startswith(problem)


def test_what_was_resolved_long_ago_is_closed_by_the_clock_without_a_word_of_the_import(office, data):
    office.takes(data)
    with office.database.write(office.workspace) as session:
        closed = [after.ref for _, after in issue_acts.close_due(session, now=NOW)]
    resolved = {
        row["id"] for row in data["issues"] if row["status"] == "resolved" and row["resolved_at"] < "2026-03-20"
    }
    assert {ref.replace("-", "-0") for ref in closed} >= resolved
    assert office.all(Outbox) == []
