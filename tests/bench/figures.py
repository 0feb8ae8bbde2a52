"""The figures of the bench, their goals, and the arithmetic between a measurement and a figure."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A figure is met when ours costs at most `most` times what the reference costs."""

    name: str
    unit: str
    most: float
    what: str
    long: bool = False
    """Takes minutes: left out unless asked for."""


GOALS = (
    Goal("noop_command_cpu", "us", 1.25, "CPU of a command that answers nothing, 16 at a time"),
    Goal("noop_command_300_actions_cpu", "us", 1.3, "the same, with 300 more actions registered"),
    Goal(
        "risk_commit_sqlite_cpu",
        "us",
        3.5,
        "CPU of a /risk form saved in SQLite; the reference only acknowledges the same form",
    ),
    Goal("risk_commit_postgres_cpu", "us", 4.5, "the same, saved in PostgreSQL, whose own CPU is not counted"),
    Goal(
        "risk_commit_postgres_round_trips",
        "",
        5,
        "round trips to PostgreSQL of such a form, BEGIN and COMMIT among them; the reference is one",
    ),
    Goal(
        "risk_commit_1m_rows",
        "us",
        1.2,
        "CPU of a /risk form saved in SQLite among 1,000,000 risks with their history; the reference has 1,000",
        long=True,
    ),
    Goal(
        "risk_commit_1m_rows_postgres",
        "us",
        1.2,
        "the same in PostgreSQL, its own CPU counted too",
        long=True,
    ),
    Goal(
        "idle_memory_growth",
        "MB",
        1,
        "memory gained from the 20,000th to the 100,000th command (without --long from the 4,000th to the 20,000th);"
        " the reference is the 8 MB that are allowed",
        long=True,
    ),
    Goal("lone_ack_p50", "ms", 1.5, "wait for the acknowledgement of a lone command, nothing else going on"),
    Goal("startup_cpu", "ms", 2.2, "CPU from the start of the process until it is ready"),
    Goal("idle_rss", "MB", 1.8, "memory after the start and a hundred commands"),
    Goal("list_risks_cpu", "us", 1.5, "CPU of /pm risks with 100,000 open risks; the reference is ours with 1,000"),
    Goal("search_cpu", "us", 1.5, "CPU of /pm search with 110,000 records; the reference is ours with 1,100"),
    Goal("home_300_cpu", "us", 2.5, "CPU of a Home for which 300 asks wait; the reference is ours with 10"),
    Goal("statements_list", "", 1, "SQL statements of /pm risks with 100,000 open risks; the reference has 1,000"),
    Goal("statements_decisions", "", 1, "the same of /pm decisions"),
    Goal("statements_search", "", 1, "the same of /pm search"),
    Goal("statements_record", "", 1, "the same of /pm R-77"),
    Goal("statements_log", "", 1, "the same of one line that logs a risk"),
    Goal("statements_home", "", 1, "the same of a Home with 300 asks; the reference has 10"),
    Goal(
        "tick_idle_1m",
        "us",
        2,
        "CPU of a tick with nothing due among 1,000,000 schedules; the reference is its statements",
    ),
    Goal("tick_idle_1m_growth", "us", 1.3, "the same tick; the reference is ours with 1,000 schedules"),
    Goal("claim_due_row_sqlite", "us", 2.5, "CPU of opening one of 500 due requests; the reference inserts bare rows"),
    Goal("claim_due_row_postgres", "us", 2.5, "the same on PostgreSQL"),
    Goal(
        "rollup_program",
        "ms",
        2,
        "CPU of a rollup of 100 projects with 52 weeks behind them; the reference runs its SQL bare, rows as they come",
    ),
    Goal("rollup_program_history", "ms", 1.2, "the same rollup; the reference has 4 weeks behind it"),
    Goal("statements_rollup", "", 1, "SQL statements of that rollup; the reference is the 8 that are allowed"),
    Goal("rollup_portfolio", "ms", 2, "CPU of a rollup of 1,000 projects in 10 programs; the reference as above"),
    Goal(
        "slow_slack_ack_p99",
        "ms",
        1.5,
        "p99 of acknowledgements that open no form, 50 acts a second while each call to Slack takes 1 s; "
        "the reference is ours with a fast Slack",
    ),
    Goal("slow_slack_form_p99", "ms", 1, "the same of those that open a form; the reference is the call plus 0.5 s"),
    Goal(
        "burst_answered",
        "",
        1,
        "5,000 envelopes back to back over Socket Mode; the reference is how many of them were answered once",
    ),
    Goal("burst_memory", "MB", 1.5, "the most memory that took; the reference is that of 500 envelopes before"),
    Goal(
        "nudge_under_limit",
        "s",
        1.05,
        "time to ask 150 owners at 240 messages a minute, 1 % of it refused at most; the reference is the rate's",
    ),
    Goal("nudge_cpu", "ms", 1.5, "CPU of a message that is delivered over TLS; the reference is one millisecond"),
    Goal(
        "deliver_replicas_2",
        "ms",
        0.75,
        "time for a message through 2 replicas on PostgreSQL, without a limit; the reference is one replica's",
    ),
    Goal("deliver_replicas_3", "ms", 0.65, "the same through 3 replicas"),
)


@dataclass(frozen=True)
class Sample:
    """One measurement of one round; requests a second and latencies where requests were sent."""

    value: float
    per_second: float | None = None
    latencies: Sequence[float] = ()
    """Seconds."""


@dataclass(frozen=True)
class Series:
    """Ours and the reference, round by round: the two of one round were measured right after one another."""

    ours: list[Sample] = field(default_factory=list)
    reference: list[Sample] = field(default_factory=list)

    def add(self, ours: Sample, reference: Sample) -> None:
        self.ours.append(ours)
        self.reference.append(reference)

    @property
    def ratios(self) -> list[float]:
        """By round, so that a machine that is slow for a while is slow for both."""
        return [ours.value / reference.value for ours, reference in zip(self.ours, self.reference, strict=True)]


@dataclass(frozen=True)
class Figure:
    """Medians over the rounds; the ratio is the median of the rounds' ratios."""

    name: str
    unit: str
    value: float
    reference: float
    ratio: float
    goal: float

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.goal


def figure(goal: Goal, series: Series) -> Figure:
    return Figure(
        name=goal.name,
        unit=goal.unit,
        value=rounded(median(sample.value for sample in series.ours)),
        reference=rounded(median(sample.value for sample in series.reference)),
        ratio=rounded(median(series.ratios)),
        goal=goal.most,
    )


def as_json(figures: Sequence[Figure]) -> dict[str, Any]:
    return {"figures": [asdict(each) for each in figures]}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def rounded(value: float) -> float:
    """Four digits that count: more would be noise."""
    return float(f"{value:.4g}")
