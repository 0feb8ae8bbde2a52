"""The rollup of all programs: the same shape, programs as rows."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.slack_rules import text_size
from bot.views.blocks import actions, button, cell, context, header, message, rich_cell, section
from bot.views.rollup import MOST_REASON, MOST_TEXT
from bot.views.rollup_table import MOST_CELL, line_sections
from bot.views.rollup_thread import in_parts
from bot.views.rollup_words import (
    ask_sections,
    asked_names,
    clock_words,
    counted,
    health,
    off_track_word,
    short,
    spoken_asks,
)
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, escape, link, sentence, week
from models.schemas.message import Block, Message
from models.schemas.rollup import Between, PortfolioRollup, ProgramRow

MOST_ROWS = 20
MOST_CHANGES = 7
MOST_BETWEEN = 4
MOST_BY_HAND = 4
FEWEST_FOR_TABLE = 800


def portfolio_message(rollup: PortfolioRollup, *, with_buttons: bool = True) -> Message:
    head = [
        header(headline(rollup)),
        section(_verdict(rollup)),
        *ask_sections(rollup.asks, rollup.today, all_of=_key(rollup) if with_buttons else None),
        _changes(rollup),
    ]
    tail = [
        _between(rollup.between, rollup.today),
        _by_hand(rollup.programs, rollup.today),
        _buttons(rollup) if with_buttons else None,
        context(_small_print(rollup)),
    ]
    around = [block for block in (*head, *tail) if block]
    room = max(MOST_TEXT - text_size({"blocks": around}), FEWEST_FOR_TABLE)
    lines = _lines(rollup, room)
    fallback = [block for block in (*head, *lines, *tail) if block]
    return message(notification(rollup), *head, _table(rollup, room), *tail, fallback=fallback)


def headline(rollup: PortfolioRollup) -> str:
    return f"Portfolio, {week(rollup.period)}"


def _key(rollup: PortfolioRollup) -> str | None:
    return str(rollup.occurrence_id) if rollup.occurrence_id is not None else None


def _verdict(rollup: PortfolioRollup) -> str:
    first = f"{HEALTH_SIGN[rollup.health]} *{HEALTH_WORD[rollup.health]}*" if rollup.health else "*No active project*"
    programs = counted(row.health for row in rollup.programs if row.health)
    told = f"{count(len(rollup.programs), 'program')}{': ' + programs if programs else ''}"
    active = sum(each.value not in ("on_hold", "complete") for row in rollup.programs for each in row.projects)
    projects = count(active, "active project")
    return f"{first} · {spoken_asks(len(rollup.asks))}\n{told} · {projects}{_silent(rollup.silent)}"


def _silent(days: Sequence[int]) -> str:
    """The longest silence, of those that have said anything."""
    if not days:
        return ""
    of_several = ", the longest" if len(days) > 1 else ""
    longest = f"{of_several} for {count(days[0], 'day')}" if days[0] > 0 else ""
    return f", {len(days)} without an update{longest}"


def _changes(rollup: PortfolioRollup) -> Block | None:
    if rollup.previous_on is None:
        return None
    since = day(rollup.previous_on, rollup.today)
    lines = [f"• {_move(row)}" for row in rollup.changed]
    if not lines:
        return section(f"*Nothing changed since {since}*")
    rest = [f"and {len(lines) - MOST_CHANGES} more"] if len(lines) > MOST_CHANGES else []
    return section("\n".join([f"*What changed since {since}*", *lines[:MOST_CHANGES], *rest]))


def _move(row: ProgramRow) -> str:
    was, now = (HEALTH_WORD[each] if each else "No active project" for each in (row.previous, row.health))
    return f"{short(row.name)}: {was} to {now}{', set by hand' if row.override else ''}"


def _table(rollup: PortfolioRollup, room: int) -> Block | None:
    if not rollup.programs:
        return None
    rows = [_row(row) for row in rollup.programs[:MOST_ROWS]]
    while len(rows) > 1 and text_size({"blocks": [_of(rollup, rows)]}) > room:
        rows.pop()
    return _of(rollup, rows)


def _of(rollup: PortfolioRollup, rows: Sequence[list[Block]]) -> Block:
    rest = f", the worst {len(rows)} shown" if len(rollup.programs) > len(rows) else ""
    columns = [cell(label) for label in ("Health", "Program", "Projects", "Asks", "Top risk")]
    return {
        "type": "data_table",
        "caption": f"{count(len(rollup.programs), 'program')}, worst first{rest}",
        "page_size": len(rows),
        "row_header_column_index": 1,
        "rows": [columns, *rows],
    }


def _row(row: ProgramRow) -> list[Block]:
    label = cut(row.name, MOST_CELL)
    named: Block = {"type": "link", "url": row.link, "text": label} if row.link else {"type": "text", "text": label}
    word = f"{HEALTH_WORD[row.health]}{', set by hand' if row.override else ''}" if row.health else "No active project"
    sign: list[Block] = [{"type": "emoji", "name": HEALTH_SIGN[row.health].strip(":")}] if row.health else []
    return [
        rich_cell(*sign, {"type": "text", "text": f" {word}" if sign else word}),
        rich_cell(named),
        cell(counted(row.projects)),
        cell(str(row.asks)),
        cell(_risk(row)),
    ]


def _risk(row: ProgramRow) -> str:
    return f"{row.top_risk.ref} {row.top_risk.band.title()} {row.top_risk.points}" if row.top_risk else ""


def _lines(rollup: PortfolioRollup, room: int) -> list[Block]:
    if not rollup.programs:
        return []
    lines = [f"*{count(len(rollup.programs), 'program')}, worst first*"]
    for row in rollup.programs[:MOST_ROWS]:
        line = _line(row)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    rest = len(rollup.programs) - len(lines) + 1
    lines += [f"and {rest} more in the thread"] if rest else []
    return line_sections(lines)


def _line(row: ProgramRow) -> str:
    word = health(row.health) if row.health else "No active project"
    by_hand = ", set by hand" if row.override else ""
    parts = [f"{word}{by_hand}", link(short(row.name), row.link), counted(row.projects)]
    parts += [count(row.asks, "ask") if row.asks else "", _risk(row)]
    return " · ".join(part for part in parts if part)


def rest_replies(rollup: PortfolioRollup) -> Iterator[tuple[str, Message]]:
    """The programs that the table has no rows for."""
    rest = rollup.programs[MOST_ROWS:]
    yield from in_parts("programs", f"{len(rest)} more programs, worst first", [_line(row) for row in rest])


def _between(found: Sequence[Between], today: date) -> Block | None:
    if not found:
        return None
    lines = [f"• {_wait(each, today)}" for each in found[:MOST_BETWEEN]]
    rest = [f"and {len(found) - MOST_BETWEEN} more"] if len(found) > MOST_BETWEEN else []
    return section("\n".join(["*Between programs*", *lines, *rest]))


def _wait(each: Between, today: date) -> str:
    figures = each.figures
    word = off_track_word(figures)
    by = count(figures.slip_wd, "day") if figures.slip_wd and figures.slip_wd > 0 else ""
    late = f", {by}{'' if word == 'Late' else ' late'}" if by else ""
    needed = late or f", needed {day(figures.needed_by, today)}"
    names = f"{short(each.gives, 30)} to {short(each.gets, 30)}"
    return f"{word}: DEP-{figures.number} {short(figures.title)}, {names}{needed}"


def _by_hand(rows: Sequence[ProgramRow], today: date) -> Block | None:
    """With the reason and the end."""
    lines = []
    for row in rows:
        if row.override is None:
            continue
        added = f", added up {HEALTH_WORD[row.added_up]}" if row.added_up else ""
        reason = cut(escape(" ".join(row.override.reason.split())).replace("_", " "), MOST_REASON)
        start = f"{short(row.name)}: {HEALTH_WORD[row.override.health]} until {day(row.override.until, today)}{added}"
        lines.append(f"{start}. {short(row.override.by)}: _{reason}_")
    if not lines:
        return None
    rest = [f"and {len(lines) - MOST_BY_HAND} more"] if len(lines) > MOST_BY_HAND else []
    return section("\n".join(["*Set by hand*", *lines[:MOST_BY_HAND], *rest]))


def _buttons(rollup: PortfolioRollup) -> Block | None:
    key = _key(rollup)
    if key is None:
        return None
    return actions(button("Acknowledge", "rollup.acknowledge", key), button("Show text", "rollup.text", key))


def _small_print(rollup: PortfolioRollup) -> str:
    words = ["You see the programs this channel may see. Figures without money."]
    if rollup.readers:
        words.append(f"Read by {rollup.readers}.")
    if rollup.next_at:
        words.append(f"Next: {clock_words(rollup.next_at, rollup.tz, rollup.today)}.")
    return " ".join(words)


def notification(rollup: PortfolioRollup) -> str:
    word = HEALTH_WORD[rollup.health] if rollup.health else "no active project"
    asks = count(len(rollup.asks), "ask") if rollup.asks else "No asks"
    who = asked_names(rollup.asks)
    programs = counted(row.health for row in rollup.programs if row.health)
    told = f"{headline(rollup)}: {word}. {asks}{': ' + who if who else ''}. {programs}".strip()
    return sentence(told if told.endswith(".") else f"{told}.")
