"""A rollup's projects, worst first: the table, and its twin in lines for workspaces without tables."""

from collections.abc import Sequence
from datetime import date

from bot.slack_rules import text_size
from bot.views.blocks import cell, rich_cell, section
from bot.views.rollup_words import figures_words, health, short
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, link
from models.schemas.message import Block
from models.schemas.rollup import NextMilestone, ProjectRow, Rollup
from models.schemas.status import Health

MOST_ROWS = 20
MOST_CELL = 40
LINES_A_SECTION = 5


def projects_table(rollup: Rollup, room: int) -> tuple[Block | None, int]:
    """The table, and how many projects stand in it: the worst 20, or as many as the message has room for."""
    if not rollup.projects:
        return None, 0
    rows = [_table_row(row, rollup.today) for row in rollup.projects[:MOST_ROWS]]
    while len(rows) > 1 and text_size({"blocks": [_table(rollup, rows)]}) > room:
        rows.pop()
    return _table(rollup, rows), len(rows)


def _table(rollup: Rollup, rows: Sequence[list[Block]]) -> Block:
    rest = f", the worst {len(rows)} shown" if len(rollup.projects) > len(rows) else ""
    of_program = f"{count(len(rollup.projects), 'project')} of {cut(rollup.program.name, MOST_CELL)}"
    columns = [cell(label) for label in ("Health", "Project", "Figures", "Next milestone", "Updated")]
    return {
        "type": "data_table",
        "caption": f"{of_program}, worst first{rest}",
        "page_size": len(rows),
        "row_header_column_index": 1,
        "rows": [columns, *rows],
    }


def _table_row(row: ProjectRow, today: date) -> list[Block]:
    sign = {"type": "emoji", "name": HEALTH_SIGN[row.health].strip(":")}
    label = cut(row.place.name, MOST_CELL)
    project: Block = {"type": "link", "url": row.link, "text": label} if row.link else {"type": "text", "text": label}
    return [
        rich_cell(sign, {"type": "text", "text": f" {HEALTH_WORD[row.health]}"}),
        rich_cell(project),
        cell(_figures(row)),
        cell(_next(row.next, today)),
        cell(_updated(row, today)),
    ]


def projects_lines(rollup: Rollup, room: int) -> list[Block]:
    """The table's text twin: as many rows as the table, or as the message has room for."""
    if not rollup.projects:
        return []
    lines = [f"*{count(len(rollup.projects), 'project')}, worst first*"]
    for row in rollup.projects[:MOST_ROWS]:
        line = project_line(row, rollup.today)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    rest = len(rollup.projects) - len(lines) + 1
    lines += [f"and {rest} more in the thread"] if rest else []
    return line_sections(lines)


def line_sections(lines: Sequence[str]) -> list[Block]:
    return [section("\n".join(lines[at : at + LINES_A_SECTION])) for at in range(0, len(lines), LINES_A_SECTION)]


def project_line(row: ProjectRow, today: date) -> str:
    parts = [health(row.health), link(short(row.place.name), row.link)]
    if row.next:
        parts.append(short(_next(row.next, today)))
    if row.figures_differ and row.figures is not None and row.place.state == "active":
        parts.append(f"*figures {figures_words(row.figures)}*")
    if row.days_silent is not None or row.next is None:
        parts.append(f"*updated {_updated(row, today)}*" if row.last_posted_on else "*no update yet*")
    return " · ".join(parts)


def _figures(row: ProjectRow) -> str:
    """Beside a colour that they do not share, why."""
    if row.figures is None or row.place.state != "active":
        return "-"
    return figures_words(row.figures) if row.figures_differ else HEALTH_WORD[row.figures.computed]


def _next(milestone: NextMilestone | None, today: date) -> str:
    if milestone is None:
        return "-"
    name = cut(milestone.title, MOST_CELL)
    if milestone.late:
        return f"{name}, {count(milestone.late, 'day')} late"
    return f"{name}, {'done ' if milestone.is_done else ''}{short_day(milestone.on, today)}"


def short_day(when: date | None, today: date) -> str:
    if when is None:
        return "-"
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def _updated(row: ProjectRow, today: date) -> str:
    if row.last_posted_on is None:
        return "not yet"
    return short_day(row.last_posted_on, today) + (", old" if row.days_silent is not None else "")


def is_quiet(row: ProjectRow) -> bool:
    """Green, and nothing to say of it."""
    return row.health is Health.GREEN and not row.figures_differ and not row.is_new
