"""The rollup: asks first, then what changed, the table, the risks, the decisions, who is silent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from bot.slack_rules import text_size
from bot.views.blocks import actions, button, context, header, message, overflow, section
from bot.views.rollup_changes import shown_lines
from bot.views.rollup_table import projects_lines, projects_table
from bot.views.rollup_words import (
    MOST_NAME,
    MOST_NAMES,
    ask_sections,
    asked_names,
    city,
    clock_words,
    counted,
    moved,
    off_track_word,
    short,
    silent,
    spoken_asks,
)
from bot.views.text import (
    BAND_SIGN,
    HEALTH_SIGN,
    HEALTH_WORD,
    count,
    cut,
    day,
    escape,
    link,
    listed,
    sentence,
    week,
)
from models.schemas.message import Block, Message
from models.schemas.rollup import DueDecision, OffTrack, Rollup, TopRisk

MOST_TEXT = 7700
"""Of the 10,000 characters that a message may have: a fifth is spared, and the headings of the twin take the rest."""
FEWEST_FOR_TABLE = 800
MOST_REASON = 200


def rollup_message(rollup: Rollup, *, in_full: bool = False) -> Message:
    """One in which nothing happened is short; `in_full` shows it whole all the same."""
    if rollup.is_unchanged and not in_full:
        return _unchanged(rollup)
    head = [header(headline(rollup)), section(_verdict(rollup)), *_asks(rollup), _changes(rollup)]
    tail = [
        _top_risks(rollup.top_risks),
        _decisions(rollup),
        _dependencies(rollup.off_track),
        silent(rollup.projects, rollup.today),
        _buttons(rollup),
        context(_small_print(rollup)),
    ]
    around = [block for block in (*head, *tail) if block]
    room = max(MOST_TEXT - text_size({"blocks": around}), FEWEST_FOR_TABLE)
    table, _ = projects_table(rollup, room)
    lines = projects_lines(rollup, room)
    return message(
        notification(rollup), *head, table, *tail, fallback=[block for block in (*head, *lines, *tail) if block]
    )


def headline(rollup: Rollup) -> str:
    return f"{cut(rollup.program.name, MOST_NAME)}, {week(rollup.period)}"


def _unchanged(rollup: Rollup) -> Message:
    assert rollup.previous_on is not None
    since = day(rollup.previous_on, rollup.today)
    sign = HEALTH_SIGN[rollup.health] if rollup.health else ":white_check_mark:"
    still = f"Still {HEALTH_WORD[rollup.health]} · " if rollup.health else ""
    asks = f"{count(len(rollup.asks), 'ask')} open" if rollup.asks else "*Ask: none*"
    return message(
        notification(rollup),
        header(headline(rollup)),
        section(f"{sign} *Nothing changed since {since}.* {still}{asks}{_by_hand(rollup)}"),
        *ask_sections(rollup.asks, rollup.today, headed=False, all_of=key_of(rollup)),
        silent(rollup.projects, rollup.today),
        _buttons(rollup),
        context(_small_print(rollup)),
    )


def key_of(rollup: Rollup) -> str | None:
    return str(rollup.occurrence_id) if rollup.occurrence_id is not None else None


def _verdict(rollup: Rollup) -> str:
    health = f"{HEALTH_SIGN[rollup.health]} *{HEALTH_WORD[rollup.health]}" if rollup.health else "*No active project"
    move = moved(rollup.previous_health, rollup.health)
    differs = rollup.health is not None and rollup.figures is not None and rollup.figures is not rollup.health
    figures = f" · figures {HEALTH_WORD[rollup.figures]}" if differs and rollup.figures else ""
    healths = counted(row.health for row in rollup.projects)
    projects = f"{count(len(rollup.projects), 'project')}: {healths}" if rollup.projects else "No projects to show"
    hidden = f" · {rollup.restricted} restricted" if rollup.restricted else ""
    return f"{health}{move}*{figures} · {spoken_asks(len(rollup.asks))}\n{projects}{hidden}{_by_hand(rollup)}"


def _by_hand(rollup: Rollup) -> str:
    """A health that somebody set, with what it would be, the reason and the end."""
    if rollup.override is None:
        return ""
    by_itself = f", added up {HEALTH_WORD[rollup.added_up]}" if rollup.added_up else ""
    until = day(rollup.override.until, rollup.today)
    reason = cut(escape(" ".join(rollup.override.reason.split())).replace("_", " "), MOST_REASON)
    who = short(rollup.override.by)
    return f"\nSet by hand until {until}{by_itself}. {who}: _{reason}_"


def _asks(rollup: Rollup) -> list[Block]:
    return ask_sections(rollup.asks, rollup.today, all_of=key_of(rollup))


def _changes(rollup: Rollup) -> Block | None:
    since = rollup.previous_on or rollup.since
    if since is None:
        return None
    lines, _ = shown_lines(rollup.changes, rollup.today)
    if not lines:
        return section(f"*Nothing changed since {day(since, rollup.today)}*")
    return section("\n".join([f"*What changed since {day(since, rollup.today)}*", *lines]))


def _top_risks(risks: Sequence[TopRisk]) -> Block:
    if not risks:
        return section("*Top risks*\nNo open risk is logged.")
    lines = [
        f"{BAND_SIGN[risk.band]} {risk.band.title()} {risk.points} {link(risk.ref, risk.link)} "
        f"{short(risk.title, 70)} · {short(risk.owner, 40)}"
        for risk in risks
    ]
    return section("\n".join(["*Top risks*", *lines]))


def _decisions(rollup: Rollup) -> Block | None:
    lines = []
    if rollup.decisions_overdue:
        words = [f"{link(due.ref, due.link)} {count(due.late, 'day')}" for due in rollup.decisions_overdue]
        lines.append("Overdue: " + listed(words, MOST_NAMES))
    if rollup.decisions_next:
        words = [_upcoming(due, rollup.today) for due in rollup.decisions_next]
        lines.append("Next: " + listed(words, 2))
    return section("\n".join(["*Decisions*", *lines])) if lines else None


def _upcoming(due: DueDecision, today: date) -> str:
    return f"{link(due.ref, due.link)} {short(due.title)}, {day(due.due_on, today)}"


def _dependencies(off: Sequence[OffTrack]) -> Block | None:
    """By what is wrong with them."""
    if not off:
        return None
    grouped = defaultdict[str, list[str]](list)
    for each in off:
        grouped[off_track_word(each.figures)].append(f"DEP-{each.figures.number} {short(each.figures.title, 50)}")
    words = " · ".join(f"{label}: {listed(names, 2)}" for label, names in grouped.items())
    return section(f"*Dependencies off track*\n{words}")


def _buttons(rollup: Rollup) -> Block | None:
    key = key_of(rollup)
    if key is None:
        return None
    text = "Show table" if rollup.is_unchanged else "Show text"
    dots = overflow("rollup.more", (("Show last week", f"prev:{key}"), ("Share here", f"share:{key}")))
    return actions(button("Acknowledge", "rollup.acknowledge", key), button(text, "rollup.text", key), dots)


def _small_print(rollup: Rollup) -> str:
    zone, today = rollup.program.tz, rollup.today
    if rollup.is_unchanged:
        at = f" at {clock_words(rollup.posted_at, zone, today).partition(', ')[2]}" if rollup.posted_at else ""
        checked = "All {} projects were" if len(rollup.projects) > 1 else "Its project was"
        words = [f"{checked.format(len(rollup.projects))} checked{at or ' in ' + city(zone)}."]
    else:
        words = [
            "Late counts working days.",
            "Figures = health computed from dates and costs.",
            "Details per project in the thread." if rollup.projects else "",
            f"Data quality {rollup.quality} of 100." if rollup.quality is not None else "",
            _spark(rollup),
        ]
    if rollup.updated_on:
        words.append(f"Updated {day(rollup.updated_on, today)}.")
    if rollup.readers:
        words.append(f"Read by {rollup.readers}.")
    if rollup.next_at:
        words.append(f"Next rollup: {clock_words(rollup.next_at, zone, today)}.")
    return " ".join(word for word in words if word)


def _spark(rollup: Rollup) -> str:
    """The last periods, the oldest first."""
    told = [f"{week(period).partition(' ')[2]} {HEALTH_WORD[health]}" for period, health in rollup.spark if health]
    return f"By week: {', '.join(told)}." if len(told) > 1 else ""


def notification(rollup: Rollup) -> str:
    """Name, week, health, number of asks and who is asked."""
    start = f"{short(rollup.program.name)}, {week(rollup.period)}: "
    word = HEALTH_WORD[rollup.health] if rollup.health else "no active project"
    asks = count(len(rollup.asks), "ask") if rollup.asks else "No asks"
    who = asked_names(rollup.asks)
    if rollup.is_unchanged and rollup.previous_on:
        said = f"nothing changed since {day(rollup.previous_on, rollup.today)}. Still {word}. {asks}"
    else:
        said = f"{word}{moved(rollup.previous_health, rollup.health)}. {asks}"
    return sentence(f"{start}{said}{': ' + who if who else ''}.")
