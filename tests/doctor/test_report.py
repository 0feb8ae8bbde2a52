"""What the doctor says of this machine, and how it says things."""

import json
from datetime import timedelta
from io import StringIO

import pytest

from bot.doctor.finding import lasting, problem, right
from bot.doctor.machine import python_finding, zone_finding
from bot.doctor.report import Report


def test_an_old_python_and_missing_zones_are_problems():
    assert python_finding((3, 10)).words == "Python 3.10 is too old: 3.11 or newer is needed."
    assert zone_finding("Nowhere/Land").words.startswith("The time zone Nowhere/Land is not known here")


def test_programs_read_it_as_json(connected):
    code, said = connected.examine(as_json=True)
    report = json.loads(said)
    assert (report["host"], report["exit_code"], code) == ("127.0.0.1", 0, 0)
    assert [section["title"] for section in report["sections"]][:3] == ["This machine", "Settings", "Slack"]
    assert {found["level"] for section in report["sections"] for found in section["findings"]} == {
        "right",
        "note",
        "unchecked",
    }


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_color", "out", "painted"), [(None, Terminal(), True), (None, StringIO(), False),
                                                          ("1", Terminal(), False)])  # fmt: skip
def test_colours_are_for_terminals(monkeypatch, no_color, out, painted):
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    report = Report(out)
    report.open("Slack")
    report.add(problem("It rains.", "Wait."))
    assert ("\x1b[" in out.getvalue()) == painted
    assert "mend" in out.getvalue()


def test_secrets_are_taken_out_of_whatever_is_said():
    out = StringIO()
    report = Report(out, secrets=["xoxb-sandbox"])
    report.open("Slack")
    report.add(right("The token xoxb-sandbox is fine."))
    assert "The token (secret) is fine." in out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (119, "119 seconds"), (7_200, "2 hours"), (200_000, "2 days"), (-5, "0 seconds")],
)
def test_spans_are_told_in_their_largest_unit(seconds, words):
    assert lasting(timedelta(seconds=seconds)) == words
