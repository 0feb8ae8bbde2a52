"""`/pm away` in one line: which days, who covers, who is away; nothing typed is lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.away_words import ONE_STRETCH, read_away

MONDAY = date(2026, 3, 30)
JONAS, LUIS = "<@UJONAS|jonas>", "<@ULUIS|luis>"


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("24 Dec to 2 Jan", "2026-12-24", "2027-01-02"),
        ("24 Dec - 2 Jan", "2026-12-24", "2027-01-02"),
        ("Dec 24 through Jan 2", "2026-12-24", "2027-01-02"),
        ("from 24 Dec until 2 Jan 2027", "2026-12-24", "2027-01-02"),
        ("24 to 28 Dec", "2026-12-24", "2026-12-28"),
        ("24-28 Dec", "2026-12-24", "2026-12-28"),
        ("30 to 2 Apr", "2026-03-30", "2026-04-02"),
        ("2026-12-24 to 2027-01-02", "2026-12-24", "2027-01-02"),
        ("today", "2026-03-30", "2026-03-30"),
        ("tomorrow", "2026-03-31", "2026-03-31"),
        ("on Friday", "2026-04-03", "2026-04-03"),
        ("until Fri", "2026-03-30", "2026-04-03"),
        ("till the end of next week", "2026-03-30", "2026-04-10"),
        ("this week", "2026-03-30", "2026-04-05"),
        ("next week", "2026-04-06", "2026-04-12"),
        ("today until next week", "2026-03-30", "2026-04-12"),
        ("Mon to Wed", "2026-04-06", "2026-04-08"),
        ("Friday to Monday", "2026-04-03", "2026-04-06"),
        ("Mon and Tue", "2026-04-06", "2026-04-07"),
        ("Wed for 3 days", "2026-04-01", "2026-04-03"),
        ("from Monday for two weeks", "2026-04-06", "2026-04-19"),
        ("for a week", "2026-03-30", "2026-04-05"),
    ],
)
def test_days_as_people_write_them(line, first, last):
    said = read_away(line, MONDAY)
    assert (said.start, said.end) == (date.fromisoformat(first), date.fromisoformat(last))
    assert (said.note, said.problems, said.is_complete) == ("", [], True)


@pytest.mark.parametrize(
    ("line", "delegate", "person", "note"),
    [
        (f"tomorrow {JONAS} covers", "UJONAS", None, ""),
        (f"{JONAS} covers, tomorrow", "UJONAS", None, ""),
        (f"{JONAS} covers for me tomorrow", "UJONAS", None, ""),
        (f"tomorrow, covered by {JONAS}", "UJONAS", None, ""),
        (f"tomorrow {JONAS}", "UJONAS", None, ""),
        (f"tomorrow with {JONAS}, dentist", "UJONAS", None, "dentist"),
        (f"{LUIS} tomorrow", None, "ULUIS", ""),
        (f"{LUIS} tomorrow {JONAS} covers", "UJONAS", "ULUIS", ""),
        (f"{LUIS} tomorrow cover by {JONAS}", "UJONAS", "ULUIS", ""),
        ("sick tomorrow", None, None, "sick"),
        ("<!channel> <b> &amp; co tomorrow", None, None, "<!channel> <b> & co"),
    ],
)
def test_names_and_what_is_left(line, delegate, person, note):
    said = read_away(line, MONDAY)
    assert (said.delegate, said.person, said.note, said.end) == (delegate, person, note, date(2026, 3, 31))


def test_names_that_slack_did_not_resolve_are_looked_up():
    said = read_away("@luis.ortega tomorrow @jonas covers", MONDAY)
    assert (said.person_words, said.delegate_words, said.is_complete) == ("luis.ortega", "jonas", True)


@pytest.mark.parametrize(
    ("line", "start", "note", "problem"),
    [
        ("whenever", None, "whenever", None),
        ("from 24 Dec", "2026-12-24", "", None),
        ("24 Dec to", "2026-12-24", "to", None),
        ("until", None, "until", None),
        ("3/4 to 5/4", None, "3/4 to 5/4", "I do not know the date “3/4”. Write 3 Apr or 4 Mar."),
        (
            "until 31 Feb",
            "2026-03-30",
            "until 31 Feb",
            "I do not know the date “31 Feb”. February 2027 has 28 days.",
        ),
        (
            "1 May to 31 Apr",
            "2026-05-01",
            "1 May to 31 Apr",
            "I do not know the date “31 Apr”. April 2026 has 30 days.",
        ),
        ("Mon and Fri", "2026-04-06", "Mon and Fri", ONE_STRETCH),
    ],
)
def test_what_is_not_certain_is_not_guessed(line, start, note, problem):
    said = read_away(line, MONDAY)
    assert said.start == (date.fromisoformat(start) if start else None)
    assert (said.note, said.problems) == (note, [problem] if problem else [])
    assert not said.is_complete


def test_an_end_before_the_start_is_a_slip_and_not_nearly_a_year():
    said = read_away("10 Apr to 6 Apr", MONDAY)
    assert (said.start, said.end) == (date(2026, 4, 10), date(2026, 4, 6))


WORDS = st.lists(
    st.sampled_from([JONAS, LUIS, "covers", "by", "to", "-", "until", "for", "3", "24", "Dec", "Fri", "next", "week"])
    | st.text(max_size=6),
    max_size=9,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_any_line_is_read_without_a_fault(line):
    said = read_away(line, MONDAY)
    assert said.end is None or said.start is not None
