"""The thread under a rollup: a reply per project, the quiet ones together, and what the post had no room for."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.views.blocks import actions, button, context, facts, message, section
from bot.views.rollup_changes import shown_lines
from bot.views.rollup_table import MOST_ROWS, is_quiet, line_sections, project_line, short_day
from bot.views.rollup_words import index, off_track_word, short, signal_words
from bot.views.status_card import TREND_WORDS
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, escape, instant, link, name, sentence, week
from models.schemas.message import Block, Message
from models.schemas.rollup import NextMilestone, ProjectRow, Rollup, RollupAsk

MOST_TEXT = 7000
"""Characters of one reply that lists."""
MOST_PARTS = 4
MOST_SUMMARY = 500


def own_reply(rollup: Rollup) -> list[ProjectRow]:
    """The projects of which there is something to say, the worst first."""
    changed = {change.id for change in rollup.changes if change.kind in ("health", "target_moved")}
    told = [row for row in rollup.projects if not is_quiet(row) or row.place.id in changed]
    return told[:MOST_ROWS]


def shared_replies(rollup: Rollup) -> Iterator[tuple[str, Message]]:
    """What is told of several together: each with a name that tells it from the others."""
    alone = {row.place.id for row in own_reply(rollup)}
    rest = [row for row in rollup.projects if row.place.id not in alone]
    quiet = [row for row in rest if is_quiet(row)]
    more = [row for row in rest if not is_quiet(row)]
    _, left = shown_lines(rollup.changes, rollup.today)
    yield from in_parts("changes", "More of what changed", left)
    yield from in_parts("more", f"{len(more)} more, worst first", [project_line(row, rollup.today) for row in more])
    lines = [project_line(row, rollup.today) for row in quiet]
    yield from in_parts("quiet", "Green and unchanged", lines, counted="project")
    if rollup.top_risks:
        yield "pictures", _pictures(rollup)


def project_reply(rollup: Rollup, row: ProjectRow) -> Message:
    """Declared and computed side by side, and the facts."""
    asks = [ask for ask in rollup.asks if ask.update_id is not None and ask.update_id == row.update_id]
    return message(
        sentence(_notification(row, asks, rollup.today)),
        section(cut(f"{_first_line(row, asks)}\n{cut(escape(row.summary), MOST_SUMMARY)}".strip(), 2900)),
        facts(
            ("Next", _next(row.next, rollup.today)),
            ("Slip", _slip(row)),
            ("SPI / CPI", _indices(row)),
            ("Forecast", _forecast(row)),
            ("Top risk", _risk(row)),
            ("Waits for", _waits(row)),
        ),
        context(_small_print(row, rollup.today)),
    )


def _first_line(row: ProjectRow, asks: Sequence[RollupAsk]) -> str:
    trend = f", {TREND_WORDS[row.trend]}" if row.trend else ""
    declared = f"{HEALTH_SIGN[row.health]} *{link(short(row.place.name), row.link)}: {HEALTH_WORD[row.health]}{trend}*"
    told = row.figures if row.place.state == "active" else None
    figures = f" · {HEALTH_SIGN[told.computed]} *figures {HEALTH_WORD[told.computed]}*" if told else ""
    return f"{declared}{figures} · *Ask:* {_asked(asks)}"


def _asked(asks: Sequence[RollupAsk]) -> str:
    """In plain names: the post above calls them."""
    return (
        "; ".join(f"{name(ask.person) + ' ' if ask.person else ''}{cut(escape(ask.words), 200)}" for ask in asks)
        or "none"
    )


def _next(milestone: NextMilestone | None, today: date) -> str:
    if milestone is None:
        return "no milestone"
    done = "done " if milestone.is_done else ""
    late = f", {count(milestone.late, 'day')} late" if milestone.late else ""
    return f"{short(milestone.title)}, {done}{day(milestone.on, today)}{late}"


def _slip(row: ProjectRow) -> str:
    if row.slip_days is None:
        return "no target date"
    return f"{row.slip_days:+d} days since the first baseline" if row.slip_days else "none since the first baseline"


def _indices(row: ProjectRow) -> str:
    earned = row.figures.earned if row.figures else None
    return f"{index(earned.spi)} / {index(earned.cpi)}" if earned else "-"


def _forecast(row: ProjectRow) -> str:
    if row.figures is None:
        return "-"
    late = row.figures.max_slip_wd
    return f"{count(late, 'working day')} late" if late > 0 else "in time, by its milestones"


def _risk(row: ProjectRow) -> str:
    risk = row.top_risk
    if risk is None:
        return "none open"
    return f"{link(risk.ref, risk.link)} {risk.band.title()} {risk.points}{', new' if risk.is_new else ''}"


def _waits(row: ProjectRow) -> str:
    waits = row.waits_for
    if waits is None:
        return "nothing that is off track"
    late = f", {count(waits.slip_wd, 'day')} late" if waits.slip_wd and waits.slip_wd > 0 else ""
    return f"DEP-{waits.number} {short(waits.title)}{late or ', ' + off_track_word(waits).lower()}"


def _small_print(row: ProjectRow, today: date) -> str:
    said = f"{short(row.author)}, {instant(row.posted_at)}." if row.author and row.posted_at else "No update yet."
    words = [said]
    if row.figures and row.figures.is_watermelon and row.figures.signals:
        words.append(", ".join(signal_words(signal.name, row.figures) for signal in row.figures.signals) + ".")
    if row.seen and row.figures and row.figures.is_watermelon:
        kept = f" and kept {HEALTH_WORD[row.health]}" if row.seen.kept else ""
        words.append(f"The owner saw the difference on {day(row.seen.shown_on, today)}{kept}.")
    return " ".join(words)


def _notification(row: ProjectRow, asks: Sequence[RollupAsk], today: date) -> str:
    figures = f", figures {HEALTH_WORD[row.figures.computed]}" if row.figures and row.figures_differ else ""
    milestone = f" {_coming(row.next, today)}." if row.next else ""
    asked = len(asks) or "none"
    return f"{short(row.place.name)}: {HEALTH_WORD[row.health]}{figures}. Ask: {asked}.{milestone}"


def _coming(milestone: NextMilestone, today: date) -> str:
    called = f"{short(milestone.title, 40)}, {short_day(milestone.on, today)}"
    if milestone.is_done:
        return f"Done: {called}"
    return f"Next: {called}, {count(milestone.late, 'day')} late" if milestone.late else f"Next: {called}"


def in_parts(kind: str, headline: str, lines: Sequence[str], *, counted: str = "line") -> Iterator[tuple[str, Message]]:
    parts = _parts(lines)
    for number, part in enumerate(parts[:MOST_PARTS]):
        title = headline if number == 0 else f"{headline}, part {number + 1}"
        rest = sum(len(each) for each in parts[MOST_PARTS:]) if number == MOST_PARTS - 1 else 0
        more = [f"and {rest} more lines. /pm rollup and the lists show all."] if rest else []
        blocks: list[Block] = line_sections([f"*{title}*", *part, *more])
        yield f"{kind}{number}", message(sentence(f"{title}: {count(len(part), counted)}."), *blocks)


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """As many lines as one reply holds, whatever is in them."""
    parts: list[list[str]] = []
    size = 0
    for line in lines:
        if not parts or size + len(line) > MOST_TEXT:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return parts


def _pictures(rollup: Rollup) -> Message:
    ref = rollup.program.ref
    what = f"The open risks of {short(rollup.program.name)}, {week(rollup.period)}"
    return message(
        sentence(f"{what}: heat map and burn-down on request."),
        section(f"{what}, as a picture or as text, for you alone:"),
        actions(button("Heat map", "risk.heat_map", ref), button("Burn-down", "risk.burn_down", ref)),
    )
