"""How a target date moved: in words on a status, in its form, and as the ledger that nothing leaves."""

from collections.abc import Sequence
from datetime import date

from bot.domain.numbers import ordinal
from bot.views.blocks import actions, button, cell, context, message, section
from bot.views.text import count, cut, day, escape, sentence, title
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard
from models.schemas.slips import Ledger, Move, Slips

MOST_MOVES = 20
"""Of the last ones; the first baseline is always there."""

NO_REASON = "No reason given"
NOT_RECORDED = "Not on record"


def slip_fact(slips: Slips, *, short: bool = False) -> str:
    """Always said, also on Green; `short` where the line above names the baseline."""
    if not slips.count:
        earlier = slips.days < 0
        return f"{_days(slips.days)} against the first baseline" if earlier else "none since the first baseline"
    if not slips.days:
        return f"{slips.count}, back on the first baseline"
    return f"{slips.count}, {_days(slips.days)}{'' if short else ' since the first baseline'}"


def moved_lines(old: date | None, new: date, reason: str | None, slips: Slips, today: date) -> list[str]:
    """What moved, before anything else is said."""
    why = [f"*Why:* {escape(reason)}"] if reason else []
    before = old or slips.baseline_on or new
    if before == new:
        return [f":calendar: *Target: {day(new, today)}.* It is the first baseline.", *why]
    words = f":calendar: *Target: {day(before, today)} to {day(new, today)}.*"
    return [f"{words} {whole_slip(slips, later=new > before, today=today)}", *why]


def moved_words(old: date | None, new: date, slips: Slips, today: date) -> str:
    """What follows 'its target date' in a notification."""
    before = old or slips.baseline_on or new
    if before == new:
        return f"is {day(new, today)}."
    which = f"{ordinal(slips.count)} slip, " if new > before and slips.count else ""
    days = _days(slips.days) if slips.days else "0 days"
    return f"moved from {day(before, today)} to {day(new, today)}. {which}{days}."


def whole_slip(slips: Slips, *, later: bool, today: date) -> str:
    """'2nd slip, +41 days since the first baseline, Thu 30 Apr.'"""
    which = f"{ordinal(slips.count)} slip, " if later and slips.count else ""
    since = f", {day(slips.baseline_on, today)}" if slips.baseline_on else ""
    days = _days(slips.days) if slips.days else "0 days"
    return f"{which}{days} since the first baseline{since}."


def announced(slips: Slips, old: date, new: date) -> str:
    """In the form, before the date is moved."""
    days = (new - (slips.baseline_on or old)).days
    which = f"{ordinal(slips.count + 1)} slip, " if new > old else "Earlier, "
    return f"*{which}{_days(days) if days else '0 days'}* since the first baseline. It stays visible on every status."


def slip_ledger(ledger: Ledger, *, today: date, as_text: bool = False, shared_by: PersonCard | None = None) -> Message:
    """Every move: when, from what, to what, by how much, why and by whom."""
    slips = ledger.slips
    rows = _rows(ledger, today)
    lead = section(f"*{_headline(slips)}*\n{_span(ledger, today)}")
    end = (f"Shared by {escape(shared_by.handle)}." if shared_by else "Only you see this.") + (
        " Slips stay here for good, also when the project is Green again."
    )
    private = None if shared_by or not rows else _buttons(ledger.ref, as_text)
    tail = [context(end), *([private] if private else [])]
    lines = [lead, *_lines(rows), *tail]
    plain = as_text or not rows
    shown = lines if plain else [lead, _table(rows), *tail]
    return message(sentence(_fallback(ledger, today)), *shown, fallback=None if plain else lines)


def _headline(slips: Slips) -> str:
    if slips.target_on is None:
        return "There is no target date yet"
    if not slips.moves:
        return "The target date has not moved"
    if not slips.count:
        return f"The target date is earlier: {_days(slips.days)}"
    return f"The target date has slipped {_times(slips.count)}: {_days(slips.days) if slips.days else '0 days'}"


def _span(ledger: Ledger, today: date) -> str:
    slips = ledger.slips
    if slips.baseline_on is None or slips.target_on is None:
        return f"{title(ledger.name)} · its next status can set the first one"
    if slips.baseline_on == slips.target_on:
        return f"{title(ledger.name)} · first baseline {day(slips.baseline_on, today)}"
    return f"{title(ledger.name)} · first baseline {day(slips.baseline_on, today)}, now {day(slips.target_on, today)}"


def _fallback(ledger: Ledger, today: date) -> str:
    slips = ledger.slips
    if slips.baseline_on is None:
        return f"{title(ledger.name)} has no target date yet."
    words = f"the target date has slipped {_times(slips.count)}, " if slips.count else ""
    days = _days(slips.days) if slips.days else "0 days"
    return f"{title(ledger.name)}: {words}{days} since the first baseline of {day(slips.baseline_on, today)}."


def _rows(ledger: Ledger, today: date) -> list[tuple[str, str, str, str, str]]:
    """Set on, date, slip, why, by whom: plain words, not escaped."""
    slips = ledger.slips
    if slips.baseline_on is None:
        return []
    first = (_short(slips.baseline_set_on, today), _short(slips.baseline_on, today), "0", "First baseline", "")
    kept = slips.moves[-MOST_MOVES:]
    left_out = len(slips.moves) - len(kept)
    gap = [("", "", "", f"and {count(left_out, 'move')} before these", "")] if left_out else []
    return [first, *gap, *(_row(move, today) for move in kept)]


def _row(move: Move, today: date) -> tuple[str, str, str, str, str]:
    why = move.reason or (NO_REASON if move.on else NOT_RECORDED)
    by = move.by.handle if move.by else ""
    return _short(move.on, today), _short(move.new, today), f"{move.days:+d}", why, by


def _table(rows: Sequence[Sequence[str]]) -> Block:
    head = ("Set on", "Date", "Slip", "Why", "By")
    return {
        "type": "table",
        "column_settings": [{}, {}, {"align": "right"}, {"is_wrapped": True}, {}],
        "rows": [[cell(words) for words in row] for row in (head, *rows)],
    }


def _lines(rows: Sequence[tuple[str, str, str, str, str]]) -> list[Block]:
    lines = [_line(*row) for row in rows]
    return [section(cut("\n".join(lines[start : start + 5]), 2900)) for start in range(0, len(lines), 5)]


def _line(on: str, new: str, days: str, why: str, by: str) -> str:
    if not new:
        return f"• {escape(why)}"
    slip = "" if days == "0" else f" *{days}*,"
    who = f" ({escape(by)})" if by else ""
    return f"• {on or NOT_RECORDED}: {new},{slip} {title(why[:1].lower() + why[1:])}{who}"


def _buttons(ref: str, as_text: bool) -> Block:
    text = [] if as_text else [button("Show text", "status.slips_text", ref)]
    return actions(*text, button("Share here", "status.share_slips", ref))


def _short(when: date | None, today: date) -> str:
    """'27 Mar': a column's worth."""
    if when is None:
        return ""
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def _days(days: int) -> str:
    return f"{days:+d} {'day' if abs(days) == 1 else 'days'}"


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
