"""A rollup's projects, worst first: the table, and its twin in lines for workspaces without tables."""

from datetime import date

from bot.views.blocks import cell, rich_cell, section
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, escape, link
from models.schemas.message import Block
from models.schemas.rollup import ProjectRow, Rollup

MOST_ROWS = 20
MOST_NAME = 80


def projects_table(rollup: Rollup) -> Block | None:
    if not rollup.projects:
        return None
    shown = rollup.projects[:MOST_ROWS]
    rest = f", the worst {len(shown)} shown" if len(rollup.projects) > MOST_ROWS else ""
    of_program = f"{count(len(rollup.projects), 'project')} of {cut(rollup.program.name, MOST_NAME)}"
    columns = [cell(label) for label in ("Health", "Project", "Target", "Updated")]
    return {
        "type": "data_table",
        "caption": f"{of_program}, worst first{rest}",
        "page_size": len(shown),
        "row_header_column_index": 1,
        "rows": [columns, *(_table_row(row, rollup.today) for row in shown)],
    }


def _table_row(row: ProjectRow, today: date) -> list[Block]:
    sign = {"type": "emoji", "name": HEALTH_SIGN[row.health].strip(":")}
    label = cut(row.place.name, 60)
    project: Block = {"type": "link", "url": row.link, "text": label} if row.link else {"type": "text", "text": label}
    return [
        rich_cell(sign, {"type": "text", "text": f" {HEALTH_WORD[row.health]}"}),
        rich_cell(project),
        cell(_short(row.place.target_on, today)),
        cell(_updated(row, today)),
    ]


def projects_lines(rollup: Rollup, room: int) -> list[Block]:
    """The table's text twin: as many rows as the table, or as the message has room for."""
    if not rollup.projects:
        return []
    lines = [f"*{count(len(rollup.projects), 'project')}, worst first*"]
    for row in rollup.projects[:MOST_ROWS]:
        line = _line(row, rollup.today)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    rest = len(rollup.projects) - len(lines) + 1
    lines += [f"and {rest} more"] if rest else []
    return [section("\n".join(lines[start : start + 7])) for start in range(0, len(lines), 7)]


def _line(row: ProjectRow, today: date) -> str:
    health = f"{HEALTH_SIGN[row.health]} {HEALTH_WORD[row.health]}"
    target = f" · target {_short(row.place.target_on, today)}" if row.place.target_on else ""
    return f"{health} · {link(short_title(row.place.name), row.link)}{target} · updated {_updated(row, today)}"


def short_title(text: str) -> str:
    """Where many stand in one message."""
    return cut(escape(text), MOST_NAME)


def _short(when: date | None, today: date) -> str:
    if when is None:
        return "-"
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def _updated(row: ProjectRow, today: date) -> str:
    if row.last_posted_on is None:
        return "not yet"
    return _short(row.last_posted_on, today) + (", old" if row.days_silent is not None else "")
