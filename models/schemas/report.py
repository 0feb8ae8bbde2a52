"""What the product knows of a portfolio at an instant, as `./run report --json` prints it.

Numbers are rounded where they come in, half up: indices, rates and shares to 4 places, days and money to 2. Amounts are
in major units. Records are named by their source's id, else as people name them here.
"""

import json
from datetime import date, datetime

from pydantic import Field

from models.schemas.amounts import Number, Part, Whole
from models.schemas.decision import Reversibility
from models.schemas.figures import EarnedFigures, QualityFigures
from models.schemas.report_clock import (
    ChangeFigures,
    CheckinFigures,
    ComputedFigures,
    CriticalPathFigures,
    DependencyLine,
    EscalationLine,
    NudgeFigures,
    OverdueLine,
    OverdueUpdate,
    ProgramHealthFigures,
    StatusFigures,
)
from models.schemas.risk import Band


class RiskFigures(Part):
    score: int
    """The rank of its cell in its program's matrix."""
    band: Band
    target_score: int | None
    """None where no target was set."""
    emv: Number | None
    """None where nobody said what it would cost."""
    active: bool


class RiskMoney(Part):
    """Active risks; what opportunities bring is negative."""

    threats: Number
    opportunities: Number
    net: Number
    contingency: Whole | None
    coverage: Number | None
    """How many times the contingency covers the threats; None without either."""


class BurnDownWeek(Part):
    week_end: date
    open: int
    total_score: int


class LatencyRow(Part):
    id: str
    days: Number
    working_days: int
    reversibility: Reversibility
    within_target: bool
    late_vs_due: bool


class LatencyFigures(Part):
    rows: list[LatencyRow]
    count: int
    median_days: Number | None
    mean_days: Number | None
    median_working_days: dict[Reversibility, Whole | None]
    open: list[str]
    overdue: list[str]


class MatrixFigures(Part):
    totals: dict[str, Number]
    rank: list[str]
    tie_for_first: bool
    margin: Number | None
    """None with a single option."""
    winner_if_criterion_dropped: dict[str, str]
    chosen: str | None
    chosen_is_top: bool


class Report(Part):
    as_of: datetime
    reconstructed: bool
    """The instant lies before the import: rebuilt from the dates that the source gave."""
    program_local_date: dict[str, date]
    status: dict[str, StatusFigures]
    overdue_updates: list[OverdueUpdate]
    evm_projects: dict[str, EarnedFigures]
    evm_programs: dict[str, EarnedFigures]
    evm_portfolio: EarnedFigures | None
    """None without a budget, or with budgets in several currencies."""
    cpm: CriticalPathFigures
    dependencies: dict[str, DependencyLine]
    milestones_overdue: list[OverdueLine]
    computed_health: dict[str, ComputedFigures]
    watermelons: list[str]
    program_health: dict[str, ProgramHealthFigures]
    portfolio_health: str
    risks: dict[str, RiskFigures]
    top_risks: list[str]
    top_risks_by_program: dict[str, list[str]]
    risk_band_counts: dict[str, dict[Band, int]]
    risk_emv: dict[str, RiskMoney]
    heat_map: list[list[int]] = Field(serialization_alias="risk_heatmap_rows_p1_to_p5_cols_i1_to_i5")
    """`heat_map[probability - 1][impact - 1]`: active threats."""
    risk_burndown: list[BurnDownWeek]
    decision_latency: LatencyFigures
    escalations: list[EscalationLine]
    nudges: dict[str, NudgeFigures]
    decision_matrices: dict[str, MatrixFigures]
    checkins: dict[str, CheckinFigures]
    """By project and week: 'P-302_2026-W13'. Each has a key of its own in the JSON."""
    changes_last_7_days: ChangeFigures
    data_quality: dict[str, QualityFigures]
    data_quality_program: dict[str, int]

    def as_json(self) -> str:
        told = self.model_dump(mode="json", by_alias=True)
        rounds = told.pop("checkins")
        told |= {f"checkins_{name}": figures for name, figures in rounds.items()}
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
