"""The rows of a list: the table, and its twin in lines."""

from collections.abc import Mapping
from datetime import date

from bot.views.blocks import cell, rich_cell, section
from bot.views.list_words import MOST_NAME, WORDS, number_of, order
from bot.views.text import BAND_SIGN, cut, escape, link, name
from models.schemas.lists import Listed, ListRow
from models.schemas.message import Block

MOST_TITLE = 120
MOST_SECTION = 2300
"""Of Slack's 3,000 characters."""

LEVEL_SIGN: Mapping[str, str] = {
    **{band.value: sign for band, sign in BAND_SIGN.items()},
    **dict(zip(("sev1", "sev2", "sev3", "sev4"), BAND_SIGN.values(), strict=True)),
}
STATE_SIGN: Mapping[str, str] = {
    "Not confirmed yet": ":radio_button:",
    "Confirmed": ":white_check_mark:",
    "Decided": ":white_check_mark:",
    "Draft": ":scales:",
    "Decision needed": ":scales:",
    "In review": ":scales:",
    "Deferred": ":scales:",
}
"""Of kinds without levels; what no longer applies has the sign that says so."""


def _sign(row: ListRow) -> str:
    return LEVEL_SIGN.get(row.level) or STATE_SIGN.get(row.state, ":no_entry_sign:")


def measure(row: ListRow) -> str:
    """'Extreme 20', 'sev2', 'Decision needed'."""
    if row.points:
        return f"{row.level.title()} {row.points}"
    return row.level or row.state


def _date(row: ListRow, today: date) -> str:
    """'27 Mar, overdue'; of what is over, its state."""
    if row.is_over:
        return row.state if row.level else "-"
    if row.on is None:
        return "new, not set" if row.state == "New" else "not set"
    year = "" if row.on.year == today.year else f" {row.on.year}"
    return f"{row.on.day} {row.on:%b}{year}" + (", overdue" if row.is_overdue else "")


def table(listed: Listed) -> Block:
    words = WORDS[listed.filters.kind]
    last = listed.first + len(listed.rows) - 1
    return {
        "type": "data_table",
        "caption": f"{words.many.title()} {listed.first} to {last} of {number_of(listed.counts.found)}, "
        f"{order(listed).lower()}",
        "page_size": len(listed.rows),
        "row_header_column_index": 1,
        "rows": [[cell(label) for label in words.columns], *(_table_row(row, listed.today) for row in listed.rows)],
    }


def _table_row(row: ListRow, today: date) -> list[Block]:
    ref: Block = {"type": "link", "url": row.link, "text": row.ref} if row.link else {"type": "text", "text": row.ref}
    sign = {"type": "emoji", "name": _sign(row).strip(":")}
    return [
        rich_cell(sign, {"type": "text", "text": f" {measure(row)}"}),
        rich_cell(ref, {"type": "text", "text": f" {cut(row.title, MOST_TITLE)}"}),
        cell(_date(row, today)),
        cell(cut(row.owner.handle, MOST_NAME)),
    ]


def lines(listed: Listed) -> list[Block]:
    """The table's twin, in as few sections as hold it."""
    sections = [""]
    for row in listed.rows:
        line = _line(row, listed)
        if sections[-1] and len(sections[-1]) + len(line) >= MOST_SECTION:
            sections.append(line)
        else:
            sections[-1] += f"\n{line}" if sections[-1] else line
    return [section(text) for text in sections]


def _line(row: ListRow, listed: Listed) -> str:
    words = WORDS[listed.filters.kind]
    when = _date(row, listed.today)
    before = "" if row.is_over else f"{words.date} "
    title = cut(escape(row.title), MOST_TITLE)
    date_ = "" if when == "-" else f" · {before}{when}"
    return (
        f"{_sign(row)} {measure(row)} · {link(row.ref, row.link)} *{title}*\n{cut(name(row.owner), MOST_NAME)}{date_}"
    )
