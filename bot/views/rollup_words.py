"""Words that rollups of every kind share: short titles, healths, asks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.views.blocks import button, context, section
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, escape, link, listed, mention, name
from models.schemas.figures import DependencyFigures, ProjectFigures
from models.schemas.message import Block
from models.schemas.plan import DependencyHealth, DependencyState
from models.schemas.rollup import NO_UPDATE_YET, ProjectRow, RollupAsk
from models.schemas.status import Health

MOST_NAME = 44
MOST_WORDS = 90
MOST_ASKS = 5
MOST_NAMES = 5
COUNTED = (Health.RED, Health.AMBER, Health.UNKNOWN, Health.GREEN, Health.ON_HOLD, Health.COMPLETE)
SIGNAL_ORDER = ("milestone_slip", "spi", "cpi")


def short(text: str, most: int = MOST_NAME) -> str:
    """Where many stand in one message: escaped, then measured."""
    return cut(escape(text), most)


def health(what: Health) -> str:
    return f"{HEALTH_SIGN[what]} {HEALTH_WORD[what]}"


def counted(healths: Iterable[Health]) -> str:
    """'1 Red, 6 Amber, 1 Unknown'."""
    found = Counter(healths)
    return ", ".join(f"{found[each]} {HEALTH_WORD[each]}" for each in COUNTED if found[each])


def moved(before: Health | None, now: Health | None) -> str:
    if before is None or now is None:
        return ""
    return ", no change" if before is now else f", was {HEALTH_WORD[before]}"


def spoken_asks(number: int) -> str:
    return count(number, "ask") if number else "*Ask: none*"


def ask_sections(
    asks: Sequence[RollupAsk], today: date, *, headed: bool = True, all_of: str | None = None
) -> list[Block]:
    """The first five, each with its button. Their people are the only mentions. `all_of` is what "Show all" shows."""
    blocks = []
    for number, ask in enumerate(asks[:MOST_ASKS], start=1):
        start = f"*{count(len(asks), 'ask')}*\n" if number == 1 and headed else ""
        blocks.append(section(f"{start}{number}. {ask_line(ask, today)}", accessory=_button(ask)))
    rest = asks[MOST_ASKS:]
    if not rest:
        return blocks
    words = f"and {len(rest)} more: {_more(rest)}"
    show_all = button("Show all", "rollup.asks", all_of, says="Show all asks") if all_of else None
    return [*blocks, section(words, accessory=show_all) if show_all else context(words)]


def ask_line(ask: RollupAsk, today: date, *, summons: bool = True) -> str:
    who = "" if ask.person is None else mention(ask.person) if summons else cut(name(ask.person), MOST_NAME)
    if ask.ref is not None:
        was = "was due" if ask.due_on and ask.due_on < today else "due"
        due = f" · {was} {day(ask.due_on, today)}" if ask.due_on else ""
        return f"{who} decide {link(ask.ref, ask.link)} {short(ask.words, MOST_WORDS)}{due}".strip()
    place = f"{link(short(ask.place_name), ask.link)}: " if ask.place_name else ""
    since = f" · asked {day(ask.since, today)}" if ask.since else ""
    return f"{place}{who + ' ' if who else ''}{short(ask.words, MOST_WORDS)}{since}"


def _button(ask: RollupAsk) -> Block | None:
    if ask.decision_id is not None:
        return button("Decide", "decision.decide", str(ask.decision_id), says=f"Decide {ask.ref}")
    if ask.update_id is None:
        return None
    says = cut(f"Show the ask of {ask.place_name}", 75)
    return button("Show", "status.show", str(ask.update_id), says=says)


def _more(rest: Sequence[RollupAsk]) -> str:
    decisions = sum(ask.decision_id is not None for ask in rest)
    of = Counter(short(ask.place_name) for ask in rest if ask.place_name and ask.decision_id is None)
    words = [f"{n} of {place}" for place, n in of.items()]
    if decisions:
        words.insert(0, count(decisions, "overdue decision"))
    return listed(words, MOST_NAMES)


def asked_names(asks: Sequence[RollupAsk]) -> str:
    """For a notification: 'dana D-4, jack scope of the assistant'."""
    told = [f"{name(ask.person)} {ask.ref or short(ask.words, 40)}" for ask in asks if ask.person]
    return listed(told, 3)


def silence(days: int | None) -> str:
    return "no update yet" if days == NO_UPDATE_YET else count(days or 0, "day")


def silent(rows: Iterable[ProjectRow], today: date) -> Block | None:
    """Projects have no recent update; people are not named for silence."""
    old = sorted((row for row in rows if row.days_silent is not None), key=lambda row: -(row.days_silent or 0))
    covered = [row for row in rows if row.covered_until is not None]
    if not old and not covered:
        return None
    words = listed([f"{short(row.place.name)}, {silence(row.days_silent)}" for row in old], MOST_NAMES)
    return section(f"*No recent update*\n{words}{'. ' if old and covered else ''}{_covered(covered, today)}")


def _covered(rows: Sequence[ProjectRow], today: date) -> str:
    if not rows:
        return ""
    until = day(max(row.covered_until for row in rows if row.covered_until), today)
    names = listed([short(row.place.name) for row in rows], 2)
    return f"{names} {'is' if len(rows) == 1 else 'are'} covered by a delegate until {until}."


def figures_words(figures: ProjectFigures) -> str:
    """'Red: SPI 0.77': the colour, and what makes it so."""
    word = HEALTH_WORD[figures.computed]
    worst = [signal for signal in figures.signals if signal.level is figures.computed]
    if not worst:
        return word
    first = min(worst, key=lambda signal: SIGNAL_ORDER.index(signal.name) if signal.name in SIGNAL_ORDER else 9)
    return f"{word}: {signal_words(first.name, figures)}"


def signal_words(signal: str, figures: ProjectFigures) -> str:
    if signal == "milestone_slip":
        return f"{count(figures.max_slip_wd, 'day')} late"
    value = getattr(figures.earned, signal, None)
    return f"{signal.upper()} {index(value)}"


def index(value: object) -> str:
    return f"{float(str(value)):.2f}" if value is not None else "-"


OFF_TRACK_WORDS = {
    DependencyHealth.BLOCKED: "Blocked",
    DependencyHealth.LATE: "Late",
    DependencyHealth.AT_RISK: "At risk",
    DependencyHealth.UNSCHEDULED: "Without a date",
}
UNCOMMITTED = "Not committed"


def off_track_word(dependency: DependencyFigures) -> str:
    worse = (DependencyHealth.BLOCKED, DependencyHealth.LATE)
    if dependency.state is DependencyState.PROPOSED and dependency.health not in worse:
        return UNCOMMITTED
    return OFF_TRACK_WORDS[dependency.health]


def clock_words(moment: datetime, zone: str, today: date) -> str:
    """'Mon 6 Apr, 09:00 New York'."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), today)}, {local:%H:%M} {city(zone)}"


def city(zone: str) -> str:
    return escape(zone.rpartition("/")[2].replace("_", " "))
