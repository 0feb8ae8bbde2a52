"""The options of a decision side by side: the table, its twin in lines, and the sentence of what would change it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from bot.domain import decision_matrix as rules
from bot.domain.decision_matrix import Comparison, Flip, Incomparable, Leaders, flips, weigh
from bot.domain.numbers import half_up, percent
from bot.views.blocks import cell, context, section
from bot.views.text import count, cut, escape, listed
from models.schemas.decision import DecisionCard, Option
from models.schemas.message import Block

MOST_OPTIONS = 5
MOST_CRITERIA = 4
"""Six columns: a phone shows the option and its total, and what is right of them is read by turning it."""
MOST_CELL = 20
MOST_NAME = 60
MOST_LINE = 550
MOST_MISSING = 3
NARROW = Fraction(1, 10)
"""A lead under a tenth of the leader's total is called narrow."""


def compared(decision: DecisionCard) -> Comparison | Incomparable:
    """What cannot be told apart by its letter is not compared."""
    if len({option.id for option in decision.options}) < len(decision.options):
        return Incomparable()
    return weigh(
        [rules.Option(option.id, option.name, option.scores) for option in decision.options],
        [rules.Criterion(criterion.id, criterion.weight) for criterion in decision.criteria],
    )


def in_table(decision: DecisionCard) -> list[Block]:
    """The matrix and what would flip it; without one the sentence says what is missing, and the options are named."""
    comparison = compared(decision)
    if isinstance(comparison, Comparison):
        return [_table(decision, comparison), section(sensitivity(comparison))]
    return without_matrix(decision, comparison)


def in_lines(decision: DecisionCard) -> list[Block]:
    """The same for a workspace without tables, and for what one person reads."""
    comparison = compared(decision)
    if not isinstance(comparison, Comparison):
        return without_matrix(decision, comparison)
    lines = [_line(option, comparison) for option in best(decision, comparison)]
    return [section("\n".join(lines)), context(_weights(comparison)), section(sensitivity(comparison))]


def without_matrix(decision: DecisionCard, problem: Incomparable) -> list[Block]:
    blocks = []
    if decision.options:
        names = [f"*{escape(option.id)}* {escape(option.name)}" for option in decision.options[:MOST_OPTIONS]]
        rest = len(decision.options) - MOST_OPTIONS
        more = [f"and {rest} more"] if rest > 0 else []
        blocks.append(section("\n".join([*(cut(name, MOST_LINE) for name in names), *more])))
    if problem.missing:
        blocks.append(section(missing(problem)))
    return blocks


def missing(problem: Incomparable) -> str:
    names = [f"{escape(gap.criterion)} of {escape(gap.option)}" for gap in problem.missing]
    is_missing = "is missing" if len(names) == 1 else "are missing"
    return f"*Not comparable yet:* {cut(listed(names, MOST_MISSING), MOST_LINE)} {is_missing}."


def verdict(decision: DecisionCard) -> str:
    """'3 options, B leads narrowly', for a notification."""
    if not decision.options:
        return "No options yet"
    options = count(len(decision.options), "option")
    comparison = compared(decision)
    if isinstance(comparison, Incomparable):
        return f"{options}, not comparable yet" if comparison.missing else options
    if len(decision.options) == 1:
        return options
    return f"{options}, {_lead(comparison)}"


def best(decision: DecisionCard, comparison: Comparison) -> list[Option]:
    """At most five, those with the highest totals, in the order in which they were named."""
    kept = set(comparison.rank[:MOST_OPTIONS])
    return [option for option in decision.options if option.id in kept]


def left_out(decision: DecisionCard) -> str:
    """What the table has no room for, as a sentence; empty where it shows all."""
    comparison = compared(decision)
    if isinstance(comparison, Incomparable):
        return ""
    options = len(decision.options) - MOST_OPTIONS
    criteria = [name for name in comparison.shares if name not in _columns(comparison)]
    parts = [f"The best {MOST_OPTIONS} of {len(decision.options)} options are shown."] if options > 0 else []
    if criteria:
        parts.append(f"Also weighed: {', '.join(_share(comparison, name) for name in criteria)}.")
    return cut(" ".join(parts), MOST_LINE)


def shown_totals(comparison: Comparison) -> dict[str, str]:
    """With as many decimals, up to four, as it takes to tell unequal totals apart; one at least."""
    different = len(set(comparison.totals.values()))
    for places in (1, 2, 3, 4):
        rounded = {option: str(half_up(total, places)) for option, total in comparison.totals.items()}
        if len(set(rounded.values())) == different:
            break
    return rounded


def scale(decision: DecisionCard) -> str:
    """What the scores mean, where they are ours: an import may bring others."""
    scores = [score for option in decision.options for score in option.scores.values()]
    return "Scores 1 to 5, 5 is best. " if scores and all(1 <= score <= 5 for score in scores) else ""


def sensitivity(comparison: Comparison) -> str:
    """'*B leads narrowly,* 3.6 to 3.4. It flips to C if ...': the heaviest criterion, and each one left out."""
    totals = shown_totals(comparison)
    if comparison.margin is None:
        return f"*Only one option:* {escape(comparison.winner)} with {totals[comparison.winner]}."
    second = comparison.rank[1]
    if comparison.tie_for_first:
        rest = comparison.rank[len(comparison.leaders) :]
        following = f" Next is {escape(rest[0])} with {totals[rest[0]]}." if rest else ""
        return f"*{_named(comparison.leaders)} are tied* with {totals[comparison.winner]}.{following}"
    return cut(
        f"*{_lead(comparison)},* {totals[comparison.winner]} to {totals[second]}.{_what_changes_it(comparison)}", 2900
    )


def _lead(comparison: Comparison) -> str:
    if comparison.tie_for_first:
        return f"{_named(comparison.leaders)} tied"
    narrowly = " narrowly" if (comparison.margin or 0) < NARROW * comparison.totals[comparison.winner] else ""
    return f"{escape(comparison.winner)} leads{narrowly}"


def _what_changes_it(comparison: Comparison) -> str:
    if not comparison.droppable:
        return ""
    heaviest = comparison.heaviest[0]
    found = {flip.over: flip for flip in flips(comparison) if flip.criterion == heaviest}
    over, under = found.get(True), found.get(False)
    ways: dict[Leaders, list[str]] = {}
    if over:
        ways.setdefault(over.to, []).append(_threshold(over, say_now=True))
    for criterion, to in comparison.overturned_by_dropping.items():
        if not (criterion == heaviest and under and under.to == to):
            ways.setdefault(to, []).append(f"{escape(criterion)} is left out")
    if under:
        ways.setdefault(under.to, []).append(_threshold(under, say_now=over is None))
    if not ways:
        return f" It leads whatever {escape(heaviest)} weighs, and with any one criterion left out."
    return f" It flips {', '.join(f'to {_taking_over(to)} if {_either(when)}' for to, when in ways.items())}."


def _threshold(flip: Flip, *, say_now: bool) -> str:
    share, now = percent(flip.share), percent(flip.now)
    for places in (1, 2):
        if share == now:
            share, now = percent(flip.share, places), percent(flip.now, places)
    current = f" (now {now})" if say_now else ""
    return f"{escape(flip.criterion)} weighs {'over' if flip.over else 'under'} {share}{current}"


def _either(conditions: Sequence[str]) -> str:
    return f"{', '.join(conditions[:-1])} or {conditions[-1]}" if len(conditions) > 1 else conditions[0]


def _named(options: Iterable[str]) -> str:
    names = [escape(option) for option in options]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _taking_over(options: Leaders) -> str:
    return f"a tie of {_named(options)}" if len(options) > 1 else _named(options)


def _columns(comparison: Comparison) -> list[str]:
    """The heaviest criteria, in the order in which they were named."""
    heaviest = sorted(comparison.shares, key=lambda name: -comparison.shares[name])[:MOST_CRITERIA]
    return [name for name in comparison.shares if name in heaviest]


def _table(decision: DecisionCard, comparison: Comparison) -> Block:
    """Cells are plain text: Slack reads no marks and no mentions in them."""
    columns, totals = _columns(comparison), shown_totals(comparison)
    headings = [_heading(name, percent(comparison.shares[name])) for name in columns]
    rows = [
        [
            cell(cut(f"{option.id} {option.name}", MOST_NAME)),
            cell(totals[option.id]),
            *(cell(str(option.scores[name])) for name in columns),
        ]
        for option in best(decision, comparison)
    ]
    numbers: list[Block] = [{"align": "right"}] * (1 + len(columns))
    header = [cell("Option"), cell("Total"), *(cell(heading) for heading in headings)]
    return {"type": "table", "column_settings": [{"is_wrapped": True}, *numbers], "rows": [header, *rows]}


def _heading(name: str, share: str) -> str:
    return f"{cut(name[:1].upper() + name[1:], MOST_CELL - len(share) - 1)} {share}"


def _line(option: Option, comparison: Comparison) -> str:
    name = f"{escape(option.id)} {escape(option.name)}: {shown_totals(comparison)[option.id]}"
    name = f"*{name}*" if option.id in comparison.leaders else name
    return cut(f"{name} · {scores_line(option, comparison)}", MOST_LINE)


def scores_line(option: Option, comparison: Comparison) -> str:
    return ", ".join(f"{escape(name)} {option.scores[name]}" for name in comparison.shares)


def _share(comparison: Comparison, name: str) -> str:
    return f"{escape(name)} {percent(comparison.shares[name])}"


def _weights(comparison: Comparison) -> str:
    return cut(f"Weights: {', '.join(_share(comparison, name) for name in comparison.shares)}.", MOST_LINE)
