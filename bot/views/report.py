"""A report as a page of text for a terminal. Programs read the JSON."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from models.schemas.report import LatencyFigures, MatrixFigures, Report, RiskFigures, RiskMoney
from models.schemas.risk import Band

UNKNOWN = "-"
SHOWN_AS = {True: "yes", False: "no"}
Line = Sequence[str]


def report_page(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    rebuilt = ", rebuilt from the dates that the import brought" if report.reconstructed else ""
    yield f"As of {report.as_of:%a} {report.as_of.day} {report.as_of:%b %Y %H:%M} UTC{rebuilt}."
    yield from _table("Top risks", _top(report))
    yield from _table("Active threats by band", _bands(report))
    yield from _table("Risks in money, expected values of the active ones", _money(report))
    yield from _table("Heat map, active threats", _heat_map(report))
    yield from _table("Burn-down, open threats at the end of each Friday (UTC)", _burn_down(report))
    yield from _latency(report.decision_latency)
    yield from _table("Options weighed", _matrices(report))


def _top(report: Report) -> Iterator[Line]:
    yield "", "score", "band", "expected value"
    for name in report.top_risks:
        risk = report.risks[name]
        yield name, str(risk.score), risk.band.title(), _worth(risk)


def _bands(report: Report) -> Iterator[Line]:
    yield "", *(band.title() for band in Band)
    for program, counts in report.risk_band_counts.items():
        yield program, *(str(counts[band]) for band in Band)


def _money(report: Report) -> Iterator[Line]:
    yield "", "threats", "opportunities", "net", "contingency", "coverage"
    for program, money in report.risk_emv.items():
        yield program, *_amounts(money)


def _amounts(money: RiskMoney) -> Iterator[str]:
    known = (money.threats, money.opportunities, money.net, money.contingency)
    yield from (UNKNOWN if amount is None else f"{amount:,.2f}" for amount in known)
    yield _number(money.coverage)


def _heat_map(report: Report) -> Iterator[Line]:
    for probability in range(5, 0, -1):
        yield f"P{probability}", *(str(count) for count in report.heat_map[probability - 1])
    yield "", *(f"I{impact}" for impact in range(1, 6))


def _burn_down(report: Report) -> Iterator[Line]:
    yield "", "open", "score"
    for week in report.risk_burndown:
        yield week.week_end.isoformat(), str(week.open), str(week.total_score)


def _latency(latency: LatencyFigures) -> Iterator[str]:
    yield from _table(f"Decisions made: {latency.count}", _decided(latency))
    yield f"  Median {_number(latency.median_days)} days, mean {_number(latency.mean_days)}."
    yield f"  Open: {_listed(latency.open)}. Overdue: {_listed(latency.overdue)}."


def _decided(latency: LatencyFigures) -> Iterator[Line]:
    yield "", "days", "working days", "door", "within target", "late"
    for row in latency.rows:
        door = row.reversibility.replace("_", "-")
        yield (
            row.id,
            str(row.days),
            str(row.working_days),
            door,
            SHOWN_AS[row.within_target],
            SHOWN_AS[row.late_vs_due],
        )


def _matrices(report: Report) -> Iterator[Line]:
    yield "", "totals", "chosen", "flips without"
    for name, matrix in report.decision_matrices.items():
        totals = ", ".join(f"{option} {matrix.totals[option]}" for option in matrix.rank)
        tie = " (tie)" if matrix.tie_for_first else ""
        yield name, f"{totals}{tie}", matrix.chosen or UNKNOWN, _listed(_flips(matrix))


def _flips(matrix: MatrixFigures) -> list[str]:
    winners = matrix.winner_if_criterion_dropped
    return [criterion for criterion, winner in winners.items() if winner != matrix.rank[0]]


def _table(heading: str, rows: Iterable[Line]) -> Iterator[str]:
    """Names to the left, the rest to the right, a column as wide as what it holds."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    yield from ("", heading)
    for name, *values in table:
        cells = (value.rjust(width) for value, width in zip(values, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {'  '.join(cells)}".rstrip()


def _worth(risk: RiskFigures) -> str:
    return UNKNOWN if risk.emv is None else f"{risk.emv:,.2f}"


def _number(value: Decimal | None) -> str:
    return UNKNOWN if value is None else str(value)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
