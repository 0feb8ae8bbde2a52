"""The shapes in which people write dates, and what each says: a date, or a refusal with a hint."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.wall_time import WORKING_DAYS, next_weekday

YEARS_BACK, YEARS_AHEAD = 1, 20

HINT = "Write it like Friday, 3 Apr, in 2 weeks or 2026-04-03."

_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS = {name[:n]: day for day, name in enumerate(_WEEKDAY_NAMES, 1) for n in (3, len(name))}
WEEKDAYS |= {"tues": 2, "thur": 4, "thurs": 4}
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:n]: month for month, name in enumerate(_MONTH_NAMES, 1) for n in (3, len(name))} | {"sept": 9}
_NUMBER_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {"a": 1, "an": 1} | {name: number for number, name in enumerate(_NUMBER_NAMES, 1)}

_W = f"(?P<weekday>{'|'.join(WEEKDAYS)})"
_D = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_M = f"(?P<month>{'|'.join(MONTHS)})"
_Y = r"(?:[ -]'?(?P<year>[0-9]{2,}))?"
_YEAR = "(?:[ -]?(?P<year4>[0-9]{4}))?"
_END = "(?:the )?end of (?:the )?"
_N = f"(?P<n>[1-9][0-9]{{0,3}}|{'|'.join(_NUMBERS)})"

Reader = Callable[[re.Match[str], date], date]


class Refused(Exception):
    """With a hint: the shape is known, the date is not."""


def in_range(day: date, today: date) -> date:
    if not today.year - YEARS_BACK <= day.year <= today.year + YEARS_AHEAD:
        raise Refused(range_hint(today))
    return day


def range_hint(today: date) -> str:
    return f"Write a year from {today.year - YEARS_BACK} to {today.year + YEARS_AHEAD}."


def _exact(year: int, month: int, day: int, today: date) -> date:
    if not today.year - YEARS_BACK <= year <= today.year + YEARS_AHEAD:
        raise Refused(range_hint(today))
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise Refused(f"{_MONTH_NAMES[month - 1].title()} {year} has {days} days.")
    return date(year, month, day)


def _of_year(month: int, day: int, today: date) -> int:
    """The year of a date without one: this year's, next year's when this year's is past."""
    return today.year + ((month, day) < (today.month, today.day))


def _day_and_month(found: re.Match[str], today: date) -> date:
    day, month, year = int(found["day"]), MONTHS[found["month"]], found["year"]
    if year and len(year) != len("2026"):
        raise Refused("Write the year with four digits.")
    return _agreeing(found, _exact(int(year) if year else _of_year(month, day, today), month, day, today))


def _iso(found: re.Match[str], today: date) -> date:
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    if not 1 <= month <= 12:
        raise Refused("A year has 12 months. Write it like 3 Apr or 2026-04-03.")
    return _agreeing(found, _exact(year, month, day, today))


def _agreeing(found: re.Match[str], day: date) -> date:
    """A weekday beside a date is checked against it."""
    weekday = found["weekday"]
    if weekday and WEEKDAYS[weekday] != day.isoweekday():
        raise Refused(f"{_written(day)} is a {day:%A}.")
    return day


def _written(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def _weekday(found: re.Match[str], today: date) -> date:
    return next_weekday(today + timedelta(days=1), WEEKDAYS[found["weekday"]])


def _this_weekday(found: re.Match[str], today: date) -> date:
    name = found["weekday"]
    day = _monday(today) + timedelta(days=WEEKDAYS[name] - 1)
    if day < today:
        raise Refused(f"That day is past. Write {_WEEKDAY_NAMES[WEEKDAYS[name] - 1].title()} for the next one.")
    return day


def _next_weekday(found: re.Match[str], today: date) -> date:
    return _monday(today) + timedelta(days=7 + WEEKDAYS[found["weekday"]] - 1)


def _monday(today: date) -> date:
    """Of the ISO week that `today` lies in."""
    return today - timedelta(days=today.isoweekday() - 1)


def _in_days(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_number(found))


def _in_weeks(found: re.Match[str], today: date) -> date:
    return today + timedelta(weeks=_number(found))


def _in_working_days(found: re.Match[str], today: date) -> date:
    weeks, left = divmod(_number(found), len(WORKING_DAYS))
    day = today
    if weeks and not left:  # a whole number of weeks ends on a working day, also from a weekend
        weeks, left = weeks - 1, len(WORKING_DAYS)
    day += timedelta(weeks=weeks)
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() in WORKING_DAYS
    return day


def _number(found: re.Match[str]) -> int:
    return _NUMBERS.get(found["n"]) or int(found["n"])


def _end_of_week(found: re.Match[str], today: date) -> date:
    """Friday: of the coming week from a Saturday or Sunday on."""
    return next_weekday(today, 5)


def _end_of_next_week(found: re.Match[str], today: date) -> date:
    return _monday(today) + timedelta(days=7 + 4)


def _end_of_month(found: re.Match[str], today: date) -> date:
    return _last(today.year, today.month)


def _end_of_next_month(found: re.Match[str], today: date) -> date:
    return _last(today.year + today.month // 12, today.month % 12 + 1)


def _end_of_named_month(found: re.Match[str], today: date) -> date:
    month = MONTHS[found["month"]]
    year = int(found["year4"]) if found["year4"] else today.year + (month < today.month)
    return _last(year, month)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _quarter(found: re.Match[str], today: date) -> date:
    month = 3 * int(found["quarter"])
    year = int(found["year4"]) if found["year4"] else today.year + (month < today.month)
    raise Refused(f"A quarter is not a day. Write its last day, {_written(_last(year, month))}.")


def _numeric(found: re.Match[str], today: date) -> date:
    """Refused: which number is the day depends on where one grew up."""
    numbers = [int(n) for n in re.findall("[0-9]+", found[0])]
    if len(numbers) == 3 and numbers[0] > 31:
        written = [_reading(numbers[2], numbers[1], numbers[0], today)]
    else:
        year = _full_year(numbers[2]) if len(numbers) == 3 else None
        written = [_reading(numbers[0], numbers[1], year, today), _reading(numbers[1], numbers[0], year, today)]
    instead = " or ".join(dict.fromkeys(words for words in written if words))
    raise Refused(f"Write {instead}." if instead else HINT)


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _reading(day: int, month: int, year: int | None, today: date) -> str | None:
    try:
        when = in_range(date(year or _of_year(month, day, today), month, day), today)
    except (Refused, ValueError):
        return None
    return _written(when) if year else f"{when.day} {when:%b}"


def _refusing(hint: str) -> Reader:
    def refuse(found: re.Match[str], today: date) -> date:
        raise Refused(hint)

    return refuse


SHAPES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        ("today", lambda found, today: today),
        ("tomorrow", lambda found, today: today + timedelta(days=1)),
        (_W, _weekday),
        (f"this {_W}", _this_weekday),
        (f"{_W} this week", _this_weekday),
        (f"next {_W}", _next_weekday),
        (f"{_W} next week", _next_weekday),
        (f"(?:{_W} )?{_D}[ -]?(?:of )?{_M}{_Y}", _day_and_month),
        (f"(?:{_W} )?{_M} {_D}{_Y}", _day_and_month),
        (f"(?:{_W} )?(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})", _iso),
        (f"in {_N} days?", _in_days),
        (f"in {_N} weeks?", _in_weeks),
        (f"in {_N} (?:working|business) days?", _in_working_days),
        (f"{_END}(?:this )?week|eow", _end_of_week),
        (f"{_END}next week", _end_of_next_week),
        (f"{_END}(?:this )?month|eom", _end_of_month),
        (f"{_END}next month", _end_of_next_month),
        (f"{_END}{_M}{_YEAR}", _end_of_named_month),
        (f"(?:{_END})?q(?P<quarter>[1-4]){_YEAR}", _quarter),
        (f"(?:{_W} )?[0-9]{{1,4}}[/.-][0-9]{{1,2}}(?:[/.-][0-9]{{1,4}})?", _numeric),
        (f"{_M}{_YEAR}", _refusing("A month is not a day. Write a day of it, or end of that month.")),
        ("(?:this|next) (?:week|month|quarter|year)", _refusing("Write a day, such as next Friday or end of month.")),
        (f"{_END}(?:the |this |next )?(?:quarter|year)|eoy|eoq", _refusing("Write the day, such as 31 Dec.")),
        (f"in {_N} (?:months?|quarters?|years?)", _refusing("Count in days or weeks, or write the date.")),
        ("in [0-9]+ (?:(?:working |business )?days?|weeks?)", _refusing("Write the date, such as 3 Apr.")),
    )
)
