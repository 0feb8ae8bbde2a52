"""Total score of open risks week by week, what is planned, and below it how many are open, as a picture.

One axis for the score; the numbers of open risks stand on their bars. Lines are named where they end.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, floor, log10

from bot.pictures.labels import Label, placed
from bot.pictures.svg import (
    EDGE,
    INK,
    MARGIN,
    QUIET_INK,
    SMALL,
    WIDTH,
    box,
    dot,
    heading,
    line,
    of_place,
    path,
    sheet,
    text,
)
from bot.pictures.widths import width
from bot.views.burn_down import headline, short_day, shown
from bot.views.text import day
from models.schemas.charts import BurnDown

HIGH = 450
LEFT, RIGHT = 78.0, 600.0
TOP, BOTTOM = 124.0, 316.0
BARS_TOP, BARS_BOTTOM = 366.0, 408.0
WIDEST_BAR = 16.0

MEASURED = "#1264A3"
MEASURED_WORDS = "#0B4C8C"
BAR = "#B9C4CF"

OPEN_RISKS = Label.at("Open risks", MARGIN, BARS_TOP - 24)


class Scales:
    """Where a date and a score stand on the sheet."""

    def __init__(self, chart: BurnDown) -> None:
        self.first = chart.weeks[0].week_end
        self.days_after = (chart.planned[-1].on - chart.weeks[-1].week_end).days if chart.planned else 0
        self.last = chart.planned[-1].on if chart.planned else chart.weeks[-1].week_end
        scores = [week.score for week in chart.weeks] + [point.score for point in chart.planned]
        self.step, self.highest = _ticks(max(scores), 10 ** max(0, chart.rank_places - chart.shown_places))

    def x(self, when: date) -> float:
        span = (self.last - self.first).days
        return LEFT + (RIGHT - LEFT) * (when - self.first).days / span if span else (LEFT + RIGHT) / 2

    def y(self, score: int) -> float:
        return BOTTOM - (BOTTOM - TOP) * score / self.highest


def burn_down_svg(chart: BurnDown) -> str:
    return sheet(HIGH, "Risk burn-down", _parts(chart, Scales(chart)))


def _parts(chart: BurnDown, at: Scales) -> Iterator[str]:
    yield heading(headline(chart))
    yield of_place(60, chart.place, f", to {day(chart.weeks[-1].week_end, chart.today)}.")
    dashed = " Dashed: if every response works by its date." if chart.planned else ""
    yield text(MARGIN, 80, f"Solid: measured each Friday.{dashed}", ink=QUIET_INK)
    yield from _axis(chart, at)
    yield from _today(chart, at)
    yield from _open_risks(chart, at)
    yield from _days(chart, at)
    yield from _lines(chart, at)


def _ticks(most: int, least: int) -> tuple[int, int]:
    """A step of 1, 2 or 5 times a power of ten, at most six of them, and the axis' end. `least` is the smallest step
    of which two labels differ."""
    rough = max(most / 5, least)
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return step, step * ceil(max(most, 1) / step)


def _axis(chart: BurnDown, at: Scales) -> Iterator[str]:
    for score in range(0, at.highest + 1, at.step):
        y = at.y(score)
        yield line(LEFT, y, RIGHT, y)
        yield text(LEFT - 14, y + 5, shown(chart, score), ink=QUIET_INK, anchor="end")


def _lines(chart: BurnDown, at: Scales) -> Iterator[str]:
    measured = [(at.x(week.week_end), at.y(week.score)) for week in chart.weeks]
    planned = [(at.x(point.on), at.y(point.score)) for point in chart.planned]
    dashed = [measured[-1], *planned]
    if planned:
        yield path(dashed, ink=INK, thick=2.5, dashes="3 6")
    yield path(measured, ink=MEASURED, thick=3.5)
    for x, y in measured:
        yield dot(x, y, ink=MEASURED)
    lines, taken = [measured, dashed], [OPEN_RISKS, *_today_words(chart, at)]
    name = placed(f"measured {shown(chart, chart.weeks[-1].score)}", measured[-1], lines, taken)
    yield name.drawn(MEASURED_WORDS)
    if planned:
        words = f"planned {shown(chart, chart.planned[-1].score)}"
        yield placed(words, planned[-1], lines, [name, *taken], gap=0).drawn(INK)


def _today(chart: BurnDown, at: Scales) -> Iterator[str]:
    for words in _today_words(chart, at):
        x = at.x(chart.today)
        yield line(x, TOP - 12, x, BARS_BOTTOM, ink=EDGE, dashes="2 4")
        yield text(words.left, words.y, words.words, ink=QUIET_INK)


def _today_words(chart: BurnDown, at: Scales) -> list[Label]:
    """None where today is not on the axis: without a plan, it ends before today."""
    if not chart.planned or not at.first <= chart.today <= at.last:
        return []
    x, wide = at.x(chart.today), width("today", SMALL)
    on_the_right = x + 6 + wide < WIDTH - MARGIN
    return [Label("today", x + 6 if on_the_right else x - 6 - wide, TOP - 4, wide)]


def _open_risks(chart: BurnDown, at: Scales) -> Iterator[str]:
    yield OPEN_RISKS.drawn(INK)
    xs = [at.x(week.week_end) for week in chart.weeks]
    apart = xs[1] - xs[0] if len(xs) > 1 else RIGHT - LEFT
    most = max(week.open for week in chart.weeks)
    every = ceil((max(width(str(week.open), SMALL) for week in chart.weeks) + 4) / apart)
    wide = min(WIDEST_BAR, apart * 0.7)
    for index, (week, x) in enumerate(zip(chart.weeks, xs, strict=True)):
        top = BARS_BOTTOM - (BARS_BOTTOM - BARS_TOP) * week.open / most
        if week.open:
            yield box(x - wide / 2, top, wide, BARS_BOTTOM - top, fill=BAR, round_by=1)
        if (len(xs) - 1 - index) % every == 0:
            yield text(x, top - 5, str(week.open), anchor="middle", halo=True)


def _days(chart: BurnDown, at: Scales) -> Iterator[str]:
    """Fridays below the bars, counted both ways from the last measured one, as close as they can be read."""
    yield line(LEFT - WIDEST_BAR / 2, BARS_BOTTOM, RIGHT + WIDEST_BAR / 2, BARS_BOTTOM, ink=EDGE)
    last = chart.weeks[-1].week_end
    weeks = [last + timedelta(weeks=number) for number in range(-(last - at.first).days // 7, 1 + at.days_after // 7)]
    widest = max(width(short_day(friday, chart.today), SMALL) for friday in weeks)
    apart = at.x(weeks[1]) - at.x(weeks[0]) if len(weeks) > 1 else RIGHT - LEFT
    every = timedelta(weeks=ceil((widest + 18) / apart))
    for friday in weeks:
        if (friday - last) % every == timedelta():
            words = short_day(friday, chart.today)
            x = min(at.x(friday), WIDTH - MARGIN / 2 - width(words, SMALL) / 2)
            yield text(x, BARS_BOTTOM + 20, words, ink=QUIET_INK, anchor="middle")
