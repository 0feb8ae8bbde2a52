"""The part of a report's page of text that tells of status, health, money, plans, and of what nobody answers."""

from collections.abc import Iterator
from textwrap import wrap

from bot.views.report_table import UNKNOWN, Line, listed, money, number, table
from models.schemas.figures import EarnedFigures
from models.schemas.report import Report
from models.schemas.report_clock import ChangeFigures, CheckinFigures, NudgeFigures

WIDTH = 78


def clock_lines(report: Report) -> Iterator[str]:
    yield from table(f"Programs, portfolio {report.portfolio_health}", _programs(report))
    yield from table("Projects: as said, as it counts, and by the figures", _projects(report))
    yield f"  Worse than said: {listed(report.watermelons)}."
    yield from table("Earned value", _earned(report))
    yield from table("Status requests", _requests(report))
    yield from _plan(report)
    yield from table("Milestones overdue, in working days", _milestones(report))
    yield from table("Dependencies that are open", _dependencies(report))
    yield from table("What nobody answered, in working days since its deadline", _escalations(report))
    yield from table("What people owe", _nudges(report))
    yield from table("Check-ins", _checkins(report))
    yield from _changes(report.changes_last_7_days)


def _programs(report: Report) -> Iterator[Line]:
    yield "", "by", "computed", "health", "SPI", "CPI", "records kept"
    for name, health in report.program_health.items():
        earned = report.evm_programs.get(name)
        kept = report.data_quality_program.get(name)
        yield (
            name,
            health.method,
            health.computed,
            f"{health.final}{' (set)' if health.override_active else ''}",
            *_indices(earned),
            UNKNOWN if kept is None else f"{kept}%",
        )


def _projects(report: Report) -> Iterator[Line]:
    yield "", "said", "counts as", "figures", "slip", "SPI", "CPI", "records kept"
    for name, status in report.status.items():
        computed, kept = report.computed_health[name], report.data_quality.get(name)
        yield (
            name,
            status.reported or UNKNOWN,
            status.effective,
            computed.computed,
            _signed(computed.max_slip_wd),
            *_indices(report.evm_projects.get(name)),
            UNKNOWN if kept is None else f"{kept.score}%",
        )


def _indices(earned: EarnedFigures | None) -> tuple[str, str]:
    return (number(earned.spi), number(earned.cpi)) if earned else (UNKNOWN, UNKNOWN)


def _earned(report: Report) -> Iterator[Line]:
    yield "", "budget", "planned", "earned", "spent", "at completion"
    for name, earned in (*report.evm_projects.items(), *report.evm_programs.items()):
        yield name, *_amounts(earned)
    if report.evm_portfolio:
        yield "Together", *_amounts(report.evm_portfolio)


def _amounts(earned: EarnedFigures) -> tuple[str, ...]:
    return tuple(money(value) for value in (earned.bac, earned.pv, earned.ev, earned.ac, earned.eac_typical))


def _requests(report: Report) -> Iterator[Line]:
    yield "", "asked", "on time", "late", "missed", "overdue", "trend", "last one"
    for name, status in report.status.items():
        counts = (status.required, status.on_time, status.late, status.missed, status.overdue)
        age = UNKNOWN if status.age_days is None else f"{status.age_days} days"
        yield name, *map(str, counts), status.trend, age


def _plan(report: Report) -> Iterator[str]:
    plan = report.cpm
    yield from ("", f"Critical milestones: {plan.duration_wd} working days, until {plan.finish_on}")
    yield from (f"  {line}" for line in wrap(listed(plan.critical_path), WIDTH))
    yield f"  Critical dependencies: {listed(plan.critical_dependencies)}."


def _milestones(report: Report) -> Iterator[Line]:
    yield "", "due", "late"
    for one in report.milestones_overdue:
        yield one.id, one.due_on.isoformat(), str(one.overdue_wd)


def _dependencies(report: Report) -> Iterator[Line]:
    yield "", "state", "health", "forecast", "slip"
    for name, one in report.dependencies.items():
        if one.health != "closed":
            forecast = one.forecast_on.isoformat() if one.forecast_on else UNKNOWN
            yield name, one.state, one.health, forecast, UNKNOWN if one.slip_wd is None else _signed(one.slip_wd)


def _signed(days: int) -> str:
    return f"{days:+}" if days else "0"


def _escalations(report: Report) -> Iterator[Line]:
    yield "", "record", "deadline", "since", "level", "with"
    for one in report.escalations:
        rule = one.rule.replace("_", " ")
        yield rule, one.object, one.deadline_on.isoformat(), str(one.elapsed_wd), f"L{one.level}", one.notify


def _nudges(report: Report) -> Iterator[Line]:
    yield "", "asks", "the first", "goes out"
    for handle, desk in report.nudges.items():
        yield handle, str(len(desk.asks)), _first(desk), f"{desk.deliver_at:%d %b %H:%M} UTC"


def _first(desk: NudgeFigures) -> str:
    ask = desk.asks[0]
    return f"{ask.kind.replace('_', ' ')} {ask.object}"


def _checkins(report: Report) -> Iterator[Line]:
    yield "", "answered", "of", "mood", "blockers"
    for name, figures in report.checkins.items():
        yield name.replace("_", " "), *_round(figures)


def _round(figures: CheckinFigures) -> tuple[str, ...]:
    blockers = str(len(figures.open_blockers))
    return str(figures.answered), str(figures.expected), number(figures.mood_mean), blockers


def _changes(changes: ChangeFigures) -> Iterator[str]:
    yield from ("", "Changed in the last 7 days")
    moves = [f"{one.project} {one.before} → {one.after}" for one in changes.health_changes]
    scores = [f"{one.risk} {one.before} → {one.after}" for one in changes.risks_rescored]
    told = {
        "Health": moves,
        "New risks": changes.risks_new,
        "Closed risks": changes.risks_closed,
        "Scored anew": scores,
        "New issues": changes.issues_opened,
        "Resolved issues": changes.issues_resolved,
        "Decisions raised": changes.decisions_raised,
        "Decisions made": changes.decisions_made,
        "Milestones achieved": changes.milestones_achieved,
    }
    for heading, names in told.items():
        if names:
            yield from wrap(f"{heading}: {listed(names)}.", WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield f"  Status updates: {changes.updates_posted}."
