"""Dates as people write them: understood exactly, or refused with what to write instead."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.date_words import Leading, UnknownDate, leading_date, read_date

MONDAY = date(2026, 3, 30)
SATURDAY = date(2026, 4, 4)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-03-30"),
        ("Tomorrow.", "2026-03-31"),
        ("Friday", "2026-04-03"),
        ("fri", "2026-04-03"),
        ("Fri.", "2026-04-03"),
        ("tues", "2026-03-31"),
        ("monday", "2026-04-06"),
        ("this monday", "2026-03-30"),
        ("this fri", "2026-04-03"),
        ("this sunday", "2026-04-05"),
        ("next monday", "2026-04-06"),
        ("next friday", "2026-04-10"),
        ("Friday next week", "2026-04-10"),
        ("3 Apr", "2026-04-03"),
        ("3 April", "2026-04-03"),
        ("Apr 3", "2026-04-03"),
        ("April 3rd", "2026-04-03"),
        ("April 3, 2026", "2026-04-03"),
        ("Apr. 3", "2026-04-03"),
        ("3rd of April", "2026-04-03"),
        ("the 3rd of April 2026", "2026-04-03"),
        ("3. April", "2026-04-03"),
        ("3-Apr-2027", "2027-04-03"),
        ("3apr", "2026-04-03"),
        ("1 Sept", "2026-09-01"),
        ("30 Mar", "2026-03-30"),
        ("29 Mar", "2027-03-29"),
        ("3 Jan 2026", "2026-01-03"),
        ("29 Feb 2028", "2028-02-29"),
        ("2026-04-03", "2026-04-03"),
        ("2026‑04–03", "2026-04-03"),
        ("Fri 3 Apr", "2026-04-03"),
        ("Friday, 3 April 2026", "2026-04-03"),
        ("Fri 2026-04-03", "2026-04-03"),
        ("in 3 days", "2026-04-02"),
        ("in one day", "2026-03-31"),
        ("in 2 weeks", "2026-04-13"),
        ("in a week", "2026-04-06"),
        ("in two\u00a0weeks,", "2026-04-13"),
        ("in 10 working days", "2026-04-13"),
        ("in 5 business days", "2026-04-06"),
        ("in 1 working day", "2026-03-31"),
        ("end of week", "2026-04-03"),
        ("eow", "2026-04-03"),
        ("the end of the week", "2026-04-03"),
        ("end of next week", "2026-04-10"),
        ("end of month", "2026-03-31"),
        ("EOM", "2026-03-31"),
        ("end of next month", "2026-04-30"),
        ("end of April", "2026-04-30"),
        ("end of February", "2027-02-28"),
        ("end of Feb 2028", "2028-02-29"),
        ("“Friday”", "2026-04-03"),
        ("  FRIDAY \n", "2026-04-03"),
    ],
)
def test_a_date_is_understood(words, day):
    assert read_date(words, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("saturday", "2026-04-11"),
        ("sunday", "2026-04-05"),
        ("this sat", "2026-04-04"),
        ("next sat", "2026-04-11"),
        ("next mon", "2026-04-06"),
        ("end of week", "2026-04-10"),
        ("in 1 working day", "2026-04-06"),
        ("in 5 working days", "2026-04-10"),
        ("in 6 working days", "2026-04-13"),
    ],
)
def test_from_a_saturday_the_week_that_comes_is_meant(words, day):
    assert read_date(words, SATURDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("today", "words", "day"),
    [
        ("2026-12-31", "end of next month", "2027-01-31"),
        ("2026-12-31", "end of month", "2026-12-31"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "1 Jan", "2027-01-01"),
        ("2027-06-01", "29 Feb", "2028-02-29"),
        ("2028-01-30", "end of next month", "2028-02-29"),
        ("2027-01-03", "next monday", "2027-01-04"),
    ],
)
def test_years_and_months_end(today, words, day):
    assert read_date(words, date.fromisoformat(today)) == date.fromisoformat(day)


GENERAL = "Write it like Friday, 3 Apr, in 2 weeks or 2026-04-03."
YEARS = "Write a year from 2025 to 2046."


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("3/4", "Write 3 Apr or 4 Mar."),
        ("1/4", "Write 1 Apr or 4 Jan."),
        ("25/12", "Write 25 Dec."),
        ("4/4", "Write 4 Apr."),
        ("03.04.2026", "Write 3 Apr 2026 or 4 Mar 2026."),
        ("3-4-26", "Write 3 Apr 2026 or 4 Mar 2026."),
        ("2026/4/3", "Write 3 Apr 2026."),
        ("2026-4-3", "Write 3 Apr 2026."),
        ("13/13", GENERAL),
        ("03.04.1926", GENERAL),
        ("31 Feb", "February 2027 has 28 days."),
        ("29 Feb 2027", "February 2027 has 28 days."),
        ("29 Feb", "February 2027 has 28 days."),
        ("2027-02-29", "February 2027 has 28 days."),
        ("0 April", "April 2026 has 30 days."),
        ("2026-13-01", "A year has 12 months. Write it like 3 Apr or 2026-04-03."),
        ("3 Apr 1926", YEARS),
        ("2047-01-01", YEARS),
        ("2024-12-31", YEARS),
        ("0000-01-01", YEARS),
        ("in 9999 weeks", YEARS),
        ("3 Apr 27", "Write the year with four digits."),
        ("3 Apr '27", "Write the year with four digits."),
        ("3 Apr 20260", "Write the year with four digits."),
        ("Thu 3 Apr", "3 Apr 2026 is a Friday."),
        ("Q1 2027", "A quarter is not a day. Write its last day, 31 Mar 2027."),
        ("end of Q2", "A quarter is not a day. Write its last day, 30 Jun 2026."),
        ("April", "A month is not a day. Write a day of it, or end of that month."),
        ("May 2027", "A month is not a day. Write a day of it, or end of that month."),
        ("next week", "Write a day, such as next Friday or end of month."),
        ("end of year", "Write the day, such as 31 Dec."),
        ("in a month", "Count in days or weeks, or write the date."),
        ("in 0 days", "Write the date, such as 3 Apr."),
        ("in 99999 days", "Write the date, such as 3 Apr."),
        ("soon", GENERAL),
        ("asap", GENERAL),
        ("friday or monday", GENERAL),
        ("٣ April", GENERAL),
        ("", GENERAL),
    ],
)
def test_what_is_not_certain_is_refused_with_what_to_write(words, hint):
    with pytest.raises(UnknownDate) as refused:
        read_date(words, MONDAY)
    assert refused.value.hint == hint
    assert refused.value.words == words
    assert str(refused.value) == f"I do not know the date “{words}”. {hint}"


def test_a_day_of_this_week_that_is_past_is_refused():
    with pytest.raises(UnknownDate, match=r"That day is past\. Write Monday for the next one\."):
        read_date("this mon", SATURDAY)


def test_a_refusal_quotes_no_more_than_a_line():
    with pytest.raises(UnknownDate) as refused:
        read_date("x" * 3000, MONDAY)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("words", "count", "day"),
    [
        ("Friday the vendor leaves", 1, "2026-04-03"),
        ("3 April 2027 the vendor leaves", 3, "2027-04-03"),
        ("Friday, 3 April the vendor", 3, "2026-04-03"),
        ("the end of the next month we", 6, "2026-04-30"),
        ("Friday 3 vendors leave", 1, "2026-04-03"),
    ],
)
def test_the_longest_date_at_the_beginning_counts(words, count, day):
    assert leading_date(words.split(), MONDAY) == Leading(count, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("Friday week", "Friday week"),
        ("Monday or Tuesday", "Monday or"),
        ("Monday after next", "Monday after"),
        ("3/4 the vendor", "3/4"),
        ("31 Feb 2027 the vendor", "31 Feb 2027"),
        ("3 vendors", "3"),
        ("May Chen", "May"),
    ],
)
def test_what_looks_like_a_date_and_is_none_is_refused(words, refused):
    found = leading_date(words.split(), MONDAY)
    assert found is not None
    assert isinstance(found.said, UnknownDate)
    assert found.said.words == refused


@pytest.mark.parametrize("words", ["vendor late", "the vendor", "", "monsoon rains", "marching orders", "sunlight"])
def test_other_words_are_not_taken_for_a_date(words):
    assert leading_date(words.split(), MONDAY) is None


FORMATS = [
    "{d:%Y-%m-%d}",
    "{d.day} {d:%b} {d.year}",
    "{d.day} {d:%B} {d.year}",
    "{d:%b} {d.day} {d.year}",
    "{d:%B} {d.day}, {d.year}.",
    "{d:%a} {d.day} {d:%b} {d.year}",
    "{d:%A}, {d.day} {d:%B} {d.year}",
    "the {d.day}th of {d:%B} {d.year}",
    "{d:%d}-{d:%b}-{d.year}",
]
CASES = st.sampled_from([str.upper, str.lower, str.title, str])


@given(DAYS, st.integers(-300, 7000), st.sampled_from(FORMATS), CASES)
def test_a_written_date_is_read_as_itself(today, away, form, case):
    day = today + timedelta(days=away)
    assume(today.year - 1 <= day.year <= today.year + 20)
    assert read_date(case(form.format(d=day)), today) == day


@given(DAYS, st.integers(0, 364), st.sampled_from(["{d.day} {d:%b}", "{d:%B} {d.day}", "{d:%a} {d.day} {d:%b}"]))
def test_a_date_without_a_year_is_the_next_such_day(today, away, form):
    day = today + timedelta(days=away)
    assume((day.month, day.day) != (2, 29))
    assert read_date(form.format(d=day), today) == day


@given(DAYS, st.integers(1, 7))
def test_a_weekday_lies_in_the_next_seven_days(today, away):
    day = today + timedelta(days=away)
    assert read_date(f"{day:%A}", today) == read_date(f"{day:%a}", today) == day
    assert read_date(f"next {day:%a}", today).isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


@given(DAYS, st.integers(1, 300))
def test_working_days_are_counted_one_by_one(today, number):
    day = today
    for _ in range(number):
        day += timedelta(days=1)
        while day.isoweekday() > 5:
            day += timedelta(days=1)
    assert read_date(f"in {number} working days", today) == day
    assert read_date(f"in {number} days", today) == today + timedelta(days=number)


PIECES = [
    *("today", "friday", "fri", "this", "next", "the", "of", "end", "in", "a", "or", "after", "eow", "eom", "q1"),
    *("3", "31", "0", "3rd", "2026", "'27", "2027-02-30", "3/4", "03.04.2026", "apr", "feb", "april,"),
    *("days", "weeks", "working", "month", "week", "–", "“", "²", "٣"),
]
WORDS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.integers(0, 10**12).map(str), st.text(max_size=6)),
    max_size=7,
)


@given(WORDS, st.dates())
@example(["in", "9999", "weeks"], date.max)
@example(["1", "Jan"], date.max)
@example(["monday"], date.max)
@example(["end", "of", "next", "month"], date.max)
@example(["0001-01-01"], date.min)
@example(["9" * 5000], date.min)
@example(["3", "apr", "9" * 5000], date.min)
def test_nothing_raises_but_a_refusal(words, today):
    leading_date(words, today)
    try:
        day = read_date(" ".join(words), today)
    except UnknownDate as refused:
        assert refused.hint.endswith(".")
    else:
        assert today.year - 1 <= day.year <= today.year + 20
