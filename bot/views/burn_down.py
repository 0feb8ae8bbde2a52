"""The burn-down of open risks: the message with the picture, and its twin in text."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from bot.domain.numbers import half_up
from bot.views.blocks import actions, button, cell, context, message, section
from bot.views.text import count, cut, day, escape, sentence
from models.schemas.charts import BurnDown, PlannedScore, Week
from models.schemas.message import Block, Message

SPAN = timedelta(weeks=4)
"""The finding compares the last week with the one that long before it."""

MOST_ALT = 1000
MOST_PLACE = 80
IN_WORDS = ("no", "one", "two", "three", "four")


def short_day(when: date, today: date) -> str:
    """'5 Jun', with the year when it is not this one."""
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def shown(chart: BurnDown, score: int) -> str:
    """A score or a sum of them, as the matrix shows it."""
    return str(half_up(Fraction(score, 10**chart.rank_places), chart.shown_places))


def headline(chart: BurnDown) -> str:
    """The finding: 'Total risk score 402, up 129 in four weeks'. Plain text."""
    if chart.is_empty:
        return "No open risk"
    last = chart.weeks[-1]
    first = next(week for week in chart.weeks if week.week_end >= last.week_end - SPAN)
    total = f"Total risk score {shown(chart, last.score)}"
    weeks = (last.week_end - first.week_end).days // 7
    return f"{total}, {_moved(chart, last.score - first.score)} in {count_in_words(weeks)}" if weeks else total


def count_in_words(weeks: int) -> str:
    return f"{IN_WORDS[weeks]} week{'' if weeks == 1 else 's'}"


def alt_text(chart: BurnDown) -> str:
    """Every number of the picture. Where they are too many, the oldest weeks and the latest plans go, in words."""
    if chart.is_empty:
        return f"{headline(chart)}."
    for most in (26, 12, 8, 4, 2):
        words = _alt_text(chart, most)
        if len(words) <= MOST_ALT:
            break
    return cut(words, MOST_ALT)


def _alt_text(chart: BurnDown, most: int) -> str:
    earlier = len(chart.weeks) - most
    before = f" ({count(earlier, 'earlier week')} left out)" if earlier > 0 else ""
    weeks = chart.weeks[-most:]
    scores = _points(weeks, chart.today, lambda week: shown(chart, week.score))
    says = [
        f"Line chart. Total risk score by week{before}: {scores}.",
        f"Open risks by week: {_points(weeks, chart.today, lambda week: str(week.open))}.",
    ]
    if chart.planned:
        says.append(f"Planned: {_planned_points(chart, most)}.")
    return " ".join(says)


def _points(weeks: Sequence[Week], today: date, number: Callable[[Week], str]) -> str:
    return ", ".join(f"{short_day(week.week_end, today)} {number(week)}" for week in weeks)


def _planned_points(chart: BurnDown, most: int) -> str:
    *sooner, last = chart.planned
    words = [f"{short_day(point.on, chart.today)} {shown(chart, point.score)}" for point in (*sooner[: most - 1], last)]
    left_out = len(chart.planned) - len(words)
    if left_out:
        words.insert(-1, f"{left_out} more")
    return ", ".join(words)


def picture_message(chart: BurnDown, file_id: str, value: str, *others: Block) -> Message:
    """`file_id` is of the uploaded picture, `value` what 'Show text' carries, `others` more buttons beside it."""
    if chart.is_empty:
        return nothing(chart, *others)
    last = chart.planned[-1] if chart.planned else None
    planned = f" Planned {shown(chart, last.score)} by {short_day(last.on, chart.today)}." if last else ""
    return message(
        sentence(f"Risk burn-down: {_in_sentence(chart)}.{planned}"),
        section(f"*{headline(chart)}*{_planned_line(chart, last)}"),
        {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt_text(chart)},
        actions(button("Show text", "risk.burndown_text", value), *others),
    )


def text_message(chart: BurnDown, *buttons: Block) -> Message:
    """The twin: a table of weeks, with lines of fixed width for a workspace that refuses tables."""
    if chart.is_empty:
        return nothing(chart, *buttons)
    rows = [("Friday", "Open", "Score", "Change"), *_rows(chart)]
    lead = section(f"*{headline(chart)}*")
    rest = [context(words) for words in _if_every_response_works(chart)]
    rest += [actions(*buttons)] if buttons else []
    return message(
        sentence(f"Risk burn-down: {_in_sentence(chart)}."),
        lead,
        _table(rows),
        *rest,
        fallback=[lead, _lines(rows), *rest],
    )


def nothing(chart: BurnDown, *buttons: Block) -> Message:
    place = escape(cut(chart.place, MOST_PLACE))
    weeks = len(chart.weeks)
    since = f" in the last {weeks} weeks" if weeks > 1 else ""
    return message(
        sentence(f"No open risk{since}: {place}. There is no burn-down to draw."),
        section(f"*No open risk{since}: {place}*\nThere is no burn-down to draw."),
        actions(*buttons) if buttons else None,
    )


def _moved(chart: BurnDown, change: int) -> str:
    return f"{'up' if change > 0 else 'down'} {shown(chart, abs(change))}" if change else "unchanged"


def _in_sentence(chart: BurnDown) -> str:
    return headline(chart).replace("Total risk score", "total score", 1)


def _planned_line(chart: BurnDown, last: PlannedScore | None) -> str:
    if last is None:
        return ""
    return f"\nPlanned: {shown(chart, last.score)} by {day(last.on, chart.today)}, if every response works by its date."


def _if_every_response_works(chart: BurnDown) -> list[str]:
    """The plan one span on, and where it ends."""
    if not chart.planned:
        return []
    last = chart.planned[-1]
    horizon = chart.weeks[-1].week_end + SPAN
    near = [point for point in chart.planned[:-1] if point.on <= horizon][-1:]
    points = ", ".join(f"{shown(chart, point.score)} on {day(point.on, chart.today)}" for point in (*near, last))
    return [f"If every response works by its date: {points}."]


def _rows(chart: BurnDown) -> list[tuple[str, str, str, str]]:
    before = [None, *(week.score for week in chart.weeks[:-1])]
    return [
        (
            short_day(week.week_end, chart.today),
            str(week.open),
            shown(chart, week.score),
            _change(chart, week.score, previous),
        )
        for week, previous in zip(chart.weeks, before, strict=True)
    ]


def _change(chart: BurnDown, score: int, previous: int | None) -> str:
    """Signed; of the first week nothing is known."""
    if previous is None:
        return "-"
    sign = "+" if score > previous else "-" if score < previous else ""
    return sign + shown(chart, abs(score - previous))


def _table(rows: Sequence[Sequence[str]]) -> Block:
    right = {"align": "right"}
    return {
        "type": "table",
        "column_settings": [None, right, right, right],
        "rows": [[cell(words) for words in row] for row in rows],
    }


def _lines(rows: Sequence[Sequence[str]]) -> Block:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    head, *body = rows
    lines = [_line([head[0].ljust(widths[0]), *head[1:]], widths), *(_line(row, widths) for row in body)]
    text = "\n".join(lines)
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(words.rjust(wide) for words, wide in zip(row, widths, strict=True))
