"""A report as a page of text for a terminal. Programs read the JSON."""

from collections.abc import Iterator

from bot.views.report_clock import clock_lines
from bot.views.report_table import SHOWN_AS, UNKNOWN, Line, listed, number, table
from models.schemas.report import LatencyFigures, MatrixFigures, Report, RiskFigures, RiskMoney
from models.schemas.risk import Band


def report_page(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    rebuilt = ", rebuilt from the dates that the import brought" if report.reconstructed else ""
    yield f"As of {report.as_of:%a} {report.as_of.day} {report.as_of:%b %Y %H:%M} UTC{rebuilt}."
    yield from clock_lines(report)
    yield from table("Top risks", _top(report))
    yield from table("Active threats by band", _bands(report))
    yield from table("Risks in money, expected values of the active ones", _money(report))
    yield from table("Heat map, active threats", _heat_map(report))
    yield from table("Burn-down, open threats at the end of each Friday (UTC)", _burn_down(report))
    yield from _latency(report.decision_latency)
    yield from table("Options weighed", _matrices(report))


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
    yield number(money.coverage)


def _heat_map(report: Report) -> Iterator[Line]:
    for probability in range(5, 0, -1):
        yield f"P{probability}", *(str(count) for count in report.heat_map[probability - 1])
    yield "", *(f"I{impact}" for impact in range(1, 6))


def _burn_down(report: Report) -> Iterator[Line]:
    yield "", "open", "score"
    for week in report.risk_burndown:
        yield week.week_end.isoformat(), str(week.open), str(week.total_score)


def _latency(latency: LatencyFigures) -> Iterator[str]:
    yield from table(f"Decisions made: {latency.count}", _decided(latency))
    yield f"  Median {number(latency.median_days)} days, mean {number(latency.mean_days)}."
    yield f"  Open: {listed(latency.open)}. Overdue: {listed(latency.overdue)}."


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
        yield name, f"{totals}{tie}", matrix.chosen or UNKNOWN, listed(_flips(matrix))


def _flips(matrix: MatrixFigures) -> list[str]:
    winners = matrix.winner_if_criterion_dropped
    return [criterion for criterion, winner in winners.items() if winner != matrix.rank[0]]


def _worth(risk: RiskFigures) -> str:
    return UNKNOWN if risk.emv is None else f"{risk.emv:,.2f}"
