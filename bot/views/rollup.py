"""The rollup: asks and red things first, then the table, the risks, the decisions, who is silent."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.domain.wall_time import working_days_between
from bot.slack_rules import text_size
from bot.views.blocks import button, context, header, message, section
from bot.views.rollup_table import MOST_NAME, projects_lines, projects_table, short_title
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
from models.schemas.rollup import NO_UPDATE_YET, Changes, ProjectRow, Rollup, RollupAsk
from models.schemas.status import Health

MOST_ASKS = 5
MOST_CHANGES = 7
MOST_NAMES = 8
MOST_RECORDS = 5
MOST_ISSUES = 3
MOST_TEXT = 9900
"""Of the 10,000 characters that a message may have; the headings of the twin take the rest."""
COUNTED = (Health.RED, Health.AMBER, Health.UNKNOWN, Health.GREEN, Health.ON_HOLD, Health.COMPLETE)


def rollup_message(rollup: Rollup) -> Message:
    head = [header(_headline(rollup)), section(_verdict(rollup)), *_asks(rollup), _changes(rollup)]
    tail = [_top_risks(rollup.top_risks), _decisions(rollup), _silent(rollup), _small_print(rollup)]
    around = [block for block in (*head, *tail) if block]
    room = MOST_TEXT - text_size({"blocks": around})
    return message(
        sentence(_fallback(rollup)),
        *head,
        projects_table(rollup),
        *tail,
        fallback=[block for block in (*head, *projects_lines(rollup, room), *tail) if block],
    )


def _headline(rollup: Rollup) -> str:
    return f"{cut(rollup.program.name, MOST_NAME)}, {week(rollup.period)}"


def _verdict(rollup: Rollup) -> str:
    asks = f"{count(len(rollup.asks), 'ask')}" if rollup.asks else "*Ask: none*"
    counts = Counter(row.health for row in rollup.projects)
    words = ", ".join(f"{counts[health]} {HEALTH_WORD[health]}" for health in COUNTED if counts[health])
    projects = f"{count(len(rollup.projects), 'project')}: {words}" if rollup.projects else "No projects to show"
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
    rest = rollup.asks[MOST_ASKS:]
    if rest:
        blocks.append(context(_more_asks(rest)))
    return blocks


def _more_asks(rest: Sequence[RollupAsk]) -> str:
    decisions = sum(ask.decision_id is not None for ask in rest)
    places = Counter(short_title(ask.place.name) for ask in rest if ask.place and ask.decision_id is None)
    words = [f"{n} of {place}" for place, n in places.items()]
    if decisions:
        words.insert(0, count(decisions, "overdue decision"))
    return f"and {len(rest)} more: {listed(words, MOST_NAMES)}"


def _ask(ask: RollupAsk, today: date) -> str:
    if ask.person is not None and ask.ref is not None:
        was = "was due" if ask.due_on and ask.due_on < today else "due"
        due = f" · {was} {day(ask.due_on, today)}" if ask.due_on else ""
        return f"{mention(ask.person)} decide {link(ask.ref, ask.link)} {title(ask.words)}{due}"
    place = f"{link(short_title(ask.place.name), ask.link)}: " if ask.place else ""
    since = f" · asked {day(ask.since, today)}" if ask.since else ""
    who = f"{mention(ask.person)} " if ask.person else ""
    return f"{place}{who}{title(ask.words)}{since}"


def _ask_button(ask: RollupAsk) -> Block | None:
    if ask.decision_id is None:
        return None
    return button("Decide", "decision.decide", str(ask.decision_id), says=f"Decide {ask.ref}")


def _changes(rollup: Rollup) -> Block | None:
    """Since the last rollup: health first, then records."""
    if rollup.previous_on is None:
        return None
    since = day(rollup.previous_on, rollup.today)
    moves = [_health_move(row) for row in rollup.projects if row.previous is not row.health]
    lines = moves[:MOST_CHANGES] + ([f"and {len(moves) - MOST_CHANGES} more"] if len(moves) > MOST_CHANGES else [])
    lines += _changed_records(rollup.changes)
    if not lines:
        return section(f"*Nothing changed since {since}*")
    return section("\n".join([f"*What changed since {since}*", *lines]))


def _health_move(row: ProjectRow) -> str:
    was = f"{HEALTH_WORD[row.previous]} to {HEALTH_WORD[row.health]}" if row.previous else "new in this rollup"
    return f"• {short_title(row.place.name)}: {was}"


def _changed_records(changes: Changes) -> list[str]:
    new = [f"{link(risk.ref, risk.link)} {risk.words}" for risk in changes.new_risks]
    closed = [link(risk.ref, risk.link) for risk in changes.closed_risks]
    decided = [f"{link(made.ref, made.link)} {short_title(made.words)}" for made in changes.decided]
    risks = " · ".join(
        f"{label}: {listed(words, MOST_RECORDS)}" for label, words in (("New", new), ("Closed", closed)) if words
    )
    lines = (risks, _changed_issues(changes), f"Decided: {listed(decided, 3)}" if decided else "")
    return [f"• {line}" for line in lines if line]


def _changed_issues(changes: Changes) -> str:
    opened = [f"{link(issue.ref, issue.link)} {issue.words}" for issue in changes.opened_issues]
    resolved = [link(issue.ref, issue.link) for issue in changes.resolved_issues]
    return " · ".join(
        f"Issues {label}: {listed(words, MOST_ISSUES)}"
        for label, words in (("opened", opened), ("resolved", resolved))
        if words
    )


def _top_risks(risks: Sequence[RiskCard]) -> Block | None:
    if not risks:
        return section("*Top risks*\nNo open risk is logged.")
    lines = [
        f"{BAND_SIGN[risk.band]} {risk.band.title()} {risk.points} {link(risk.ref, risk.link)} "
        f"{title(risk.title)} · {cut(name(risk.owner), MOST_NAME)}"
        for risk in risks
    ]
    return section("\n".join(["*Top risks*", *lines]))


def _decisions(rollup: Rollup) -> Block | None:
    lines = []
    if rollup.decisions_overdue:
        words = [_overdue(decision, rollup.today) for decision in rollup.decisions_overdue]
        lines.append("Overdue: " + listed(words, MOST_NAMES))
    if rollup.decisions_next:
        words = [_upcoming(decision, rollup.today) for decision in rollup.decisions_next]
        lines.append("Next: " + listed(words, 3))
    return section("\n".join(["*Decisions*", *lines])) if lines else None


def _overdue(decision: DecisionCard, today: date) -> str:
    late = working_days_between(decision.due_on, today) if decision.due_on else 0
    return f"{link(decision.ref, decision.link)} {count(late, 'day')}"


def _upcoming(decision: DecisionCard, today: date) -> str:
    due = f", {day(decision.due_on, today)}" if decision.due_on else ""
    return f"{link(decision.ref, decision.link)} {short_title(decision.title)}{due}"


def _silent(rollup: Rollup) -> Block | None:
    """Projects have no recent update; people are not named for silence."""
    silent = sorted(
        (row for row in rollup.projects if row.days_silent is not None), key=lambda row: -(row.days_silent or 0)
    )
    if not silent:
        return None
    words = [f"{short_title(row.place.name)}, {_silence(row.days_silent)}" for row in silent]
    return section(f"*No recent update*\n{listed(words, MOST_NAMES)}")


def _silence(days: int | None) -> str:
    return "no update yet" if days == NO_UPDATE_YET else count(days or 0, "day")


def _small_print(rollup: Rollup) -> Block:
    city = rollup.program.tz.rpartition("/")[2].replace("_", " ")
    return context(f"Late counts working days. Next rollup: {day(rollup.next_on, rollup.today)}, 09:00 {escape(city)}.")


def _fallback(rollup: Rollup) -> str:
    health = f"{HEALTH_WORD[rollup.health]}{_move(rollup)}" if rollup.health else "no active project"
    asked = [f"{name(ask.person)} {ask.ref}" for ask in rollup.asks if ask.person and ask.ref]
    asks = f"{count(len(rollup.asks), 'ask')}" if rollup.asks else "No asks"
    who = f": {listed(asked, 3)}" if asked else ""
    return f"{short_title(rollup.program.name)}, {week(rollup.period)}: {health}. {asks}{who}."
