"""The rollup: asks and red things first, then the table, the risks, the decisions, who is silent."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.domain.wall_time import working_days_between
from bot.views.blocks import button, cell, context, header, message, rich_cell, section
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
    mention,
    name,
    sentence,
    title,
    week,
)
from models.schemas.decision import DecisionCard
from models.schemas.message import Block, Message
from models.schemas.risk import RiskCard
from models.schemas.rollup import NO_UPDATE_YET, ProjectRow, Rollup, RollupAsk
from models.schemas.status import Health

MOST_ASKS = 5
MOST_ROWS = 20
MOST_CHANGES = 7
MOST_NAMES = 8
MOST_SECTION = 2900
COUNTED = (Health.RED, Health.AMBER, Health.UNKNOWN, Health.GREEN, Health.ON_HOLD, Health.COMPLETE)


def rollup_message(rollup: Rollup) -> Message:
    tail = [
        _top_risks(rollup.top_risks),
        _decisions(rollup),
        _silent(rollup),
        _small_print(rollup),
    ]
    head = [header(_headline(rollup)), section(_verdict(rollup)), *_asks(rollup), _changes(rollup)]
    return message(
        sentence(_fallback(rollup)),
        *head,
        _table(rollup),
        *tail,
        fallback=[block for block in (*head, *_lines(rollup), *tail) if block],
    )


def _headline(rollup: Rollup) -> str:
    return cut(f"{rollup.program.name}, {week(rollup.period)}", 150)


def _verdict(rollup: Rollup) -> str:
    asks = f"{count(len(rollup.asks), 'ask')}" if rollup.asks else "*Ask: none*"
    counts = Counter(row.health for row in rollup.projects)
    words = ", ".join(f"{counts[health]} {HEALTH_WORD[health]}" for health in COUNTED if counts[health])
    projects = f"{count(len(rollup.projects), 'project')}: {words}" if rollup.projects else "No projects yet"
    hidden = f" · {rollup.restricted} restricted" if rollup.restricted else ""
    return f"{_health(rollup)} · {asks}\n{projects}{hidden}"


def _health(rollup: Rollup) -> str:
    if rollup.health is None:
        return "*No active project*"
    return f"{HEALTH_SIGN[rollup.health]} *{HEALTH_WORD[rollup.health]}{_move(rollup)}*"


def _move(rollup: Rollup) -> str:
    if rollup.previous_health is None or rollup.health is None:
        return ""
    same = rollup.previous_health is rollup.health
    return ", no change" if same else f", was {HEALTH_WORD[rollup.previous_health]}"


def _asks(rollup: Rollup) -> list[Block]:
    """Their people are the only mentions."""
    blocks = []
    for number, ask in enumerate(rollup.asks[:MOST_ASKS], start=1):
        start = f"*{count(len(rollup.asks), 'ask')}*\n" if number == 1 else ""
        blocks.append(section(f"{start}{number}. {_ask(ask, rollup.today)}", accessory=_ask_button(ask)))
    if len(rollup.asks) > MOST_ASKS:
        blocks.append(context(f"and {len(rollup.asks) - MOST_ASKS} more, below"))
    return blocks


def _ask(ask: RollupAsk, today: date) -> str:
    if ask.person is not None and ask.ref is not None:
        due = f" · due {day(ask.due_on, today)}" if ask.due_on else ""
        return f"{mention(ask.person)} decide {link(ask.ref, ask.link)} {title(ask.words)}{due}"
    place = f"{title(ask.place.name)}: " if ask.place else ""
    since = f" · asked {day(ask.since, today)}" if ask.since else ""
    return f"{place}{title(ask.words)}{since}"


def _ask_button(ask: RollupAsk) -> Block | None:
    if ask.decision_id is None:
        return None
    return button("Decide", "decision.decide", str(ask.decision_id), says=f"Decide {ask.ref}")


def _changes(rollup: Rollup) -> Block | None:
    """Health moves since the last rollup."""
    moved = [row for row in rollup.projects if row.previous is not None and row.previous is not row.health]
    if rollup.previous_on is None:
        return None
    since = day(rollup.previous_on, rollup.today)
    if not moved:
        return section(f"*Nothing changed its colour since {since}*")
    lines = [
        f"• {title(row.place.name)}: {HEALTH_WORD[row.previous]} to {HEALTH_WORD[row.health]}"
        for row in moved[:MOST_CHANGES]
        if row.previous
    ]
    if len(moved) > MOST_CHANGES:
        lines.append(f"and {len(moved) - MOST_CHANGES} more")
    return section(cut("\n".join([f"*What changed since {since}*", *lines]), MOST_SECTION))


def _table(rollup: Rollup) -> Block | None:
    if not rollup.projects:
        return None
    shown = rollup.projects[:MOST_ROWS]
    rest = f", the worst {len(shown)} shown" if len(rollup.projects) > MOST_ROWS else ""
    columns = [cell(label) for label in ("Health", "Project", "Target", "Updated")]
    return {
        "type": "data_table",
        "caption": cut(f"{count(len(rollup.projects), 'project')} of {rollup.program.name}, worst first{rest}", 150),
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


def _lines(rollup: Rollup) -> list[Block]:
    """The table's text twin."""
    if not rollup.projects:
        return []
    lines = [_line(row, rollup.today) for row in rollup.projects]
    heading = f"*{count(len(lines), 'project')}, worst first*"
    return [
        section(cut("\n".join([heading, *lines[:6]] if start == 0 else lines[start : start + 6]), MOST_SECTION))
        for start in range(0, min(len(lines), 60), 6)
    ]


def _line(row: ProjectRow, today: date) -> str:
    health = f"{HEALTH_SIGN[row.health]} {HEALTH_WORD[row.health]}"
    target = f" · target {_short(row.place.target_on, today)}" if row.place.target_on else ""
    return f"{health} · {link(title(row.place.name), row.link)}{target} · updated {_updated(row, today)}"


def _top_risks(risks: Sequence[RiskCard]) -> Block | None:
    if not risks:
        return section("*Top risks*\nNo open risk is logged.")
    lines = [
        f"{BAND_SIGN[risk.band]} {risk.band.title()} {risk.score} {link(risk.ref, risk.link)} "
        f"{title(risk.title)} · {name(risk.owner)}"
        for risk in risks
    ]
    return section(cut("\n".join(["*Top risks*", *lines]), MOST_SECTION))


def _decisions(rollup: Rollup) -> Block | None:
    lines = []
    if rollup.decisions_overdue:
        words = [_overdue(decision, rollup.today) for decision in rollup.decisions_overdue]
        lines.append("Overdue: " + listed(words, MOST_NAMES))
    if rollup.decisions_next:
        words = [_upcoming(decision, rollup.today) for decision in rollup.decisions_next]
        lines.append("Next: " + listed(words, 3))
    return section(cut("\n".join(["*Decisions*", *lines]), MOST_SECTION)) if lines else None


def _overdue(decision: DecisionCard, today: date) -> str:
    late = working_days_between(decision.due_on, today) if decision.due_on else 0
    return f"{link(decision.ref, decision.link)} {count(late, 'day')}"


def _upcoming(decision: DecisionCard, today: date) -> str:
    due = f", {day(decision.due_on, today)}" if decision.due_on else ""
    return f"{link(decision.ref, decision.link)} {title(decision.title)}{due}"


def _silent(rollup: Rollup) -> Block | None:
    """Projects have no recent update; people are not named for silence."""
    silent = sorted(
        (row for row in rollup.projects if row.days_silent is not None), key=lambda row: -(row.days_silent or 0)
    )
    if not silent:
        return None
    words = [f"{title(row.place.name)}, {_silence(row.days_silent)}" for row in silent]
    return section(cut("*No recent update*\n" + listed(words, MOST_NAMES), MOST_SECTION))


def _silence(days: int | None) -> str:
    return "no update yet" if days == NO_UPDATE_YET else count(days or 0, "day")


def _small_print(rollup: Rollup) -> Block:
    city = rollup.program.tz.rpartition("/")[2].replace("_", " ")
    return context(f"Late counts working days. Next rollup: {day(rollup.next_on, rollup.today)}, 09:00 {escape(city)}.")


def _fallback(rollup: Rollup) -> str:
    health = f"{HEALTH_WORD[rollup.health]}{_move(rollup)}" if rollup.health else "no active project"
    asked = [f"{name(ask.person)} {ask.ref}" for ask in rollup.asks if ask.person]
    asks = f"{count(len(rollup.asks), 'ask')}" if rollup.asks else "No asks"
    who = f": {listed(asked, 3)}" if asked else ""
    return f"{title(rollup.program.name)}, {week(rollup.period)}: {health}. {asks}{who}."


def _short(when: date | None, today: date) -> str:
    if when is None:
        return "-"
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def _updated(row: ProjectRow, today: date) -> str:
    if row.last_posted_on is None:
        return "not yet"
    return _short(row.last_posted_on, today) + (", old" if row.days_silent is not None else "")
