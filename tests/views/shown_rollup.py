"""Rollups of a program and of the portfolio, what stands in their threads, previews, and the forms around them."""

from datetime import date, timedelta
from typing import Any

from bot.views import portfolio, portfolio_private, rollup, rollup_forms, rollup_private, rollup_thread
from bot.views.figures import with_figures
from models.schemas.disagreement import Difference
from models.schemas.figures import DependencyFigures, ProjectFigures, Signal
from models.schemas.override import OverrideCard
from models.schemas.parameters import RollupRules
from models.schemas.plan import DependencyHealth, DependencyState
from models.schemas.project import State
from models.schemas.risk import Band
from models.schemas.rollup import (
    Between,
    Change,
    ChangeKind,
    DueDecision,
    NextMilestone,
    OffTrack,
    Override,
    PortfolioRollup,
    ProgramRow,
    ProjectRow,
    Rollup,
    RollupAsk,
    RollupPast,
    Seen,
    TopRisk,
)
from models.schemas.status import Freshness, Health, Trend
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PLACE, PROGRAM, TODAY, changed

LAST = TODAY - timedelta(days=7)


def figures(number: int, computed: Health, *signals: Signal, **values: Any) -> ProjectFigures:
    fields = {
        "id": number,
        "program_id": 3,
        "state": State.ACTIVE,
        "reported": Health.GREEN,
        "posted_at": NOW,
        "freshness": Freshness.FRESH,
        "effective": Health.GREEN,
        "trend": Trend.STEADY,
        "computed": computed,
        "signals": list(signals),
        "max_slip_wd": 12,
        "is_watermelon": bool(signals),
        "earned": None,
        "quality": None,
    }
    return ProjectFigures.model_validate(fields | values)


RISK = TopRisk(ref="R-14", link=LINK, title=HOSTILE, band=Band.EXTREME, points="20", owner=LUIS.handle, is_new=True)
WAITS = DependencyFigures(
    id=5,
    number=5,
    title=f"Consent API {HOSTILE}",
    give_project_id=9,
    give_name=None,
    get_project_id=7,
    state=DependencyState.COMMITTED,
    needed_by=date(2026, 3, 27),
    health=DependencyHealth.LATE,
    forecast_on=date(2026, 4, 1),
    slip_wd=3,
    is_critical=True,
)


def row(number: int, health: Health, **values: Any) -> ProjectRow:
    fields = {
        "place": changed(PLACE, id=number, name=f"Project {number} {HOSTILE}"),
        "health": health,
        "update_id": number,
        "last_posted_on": date(2026, 3, 27),
        "posted_at": NOW,
        "author": LUIS.handle,
        "summary": f"Two work items closed early {HOSTILE}",
        "trend": Trend.STEADY,
        "days_silent": None,
        "link": LINK,
        "next": NextMilestone(title=f"KYC {HOSTILE}", on=date(2026, 4, 10)),
        "figures": figures(number, health),
        "slip_days": 0,
    }
    return ProjectRow.model_validate(fields | values)


WATERMELON = row(
    7,
    Health.GREEN,
    figures=figures(7, Health.RED, Signal("milestone_slip", Health.RED)),
    seen=Seen(shown_on=date(2026, 3, 27), kept=True),
    top_risk=RISK,
    waits_for=WAITS,
    slip_days=41,
)
SILENT = row(8, Health.UNKNOWN, days_silent=21, last_posted_on=date(2026, 3, 9), figures=None)
LATE = row(9, Health.RED, next=NextMilestone(title="Grounded answers", on=date(2026, 3, 13), late=11))
COVERED = row(10, Health.AMBER, covered_until=date(2026, 4, 2))
HELD = row(
    11,
    Health.ON_HOLD,
    place=changed(PLACE, id=11, name="Vendor Assessments", state=State.ON_HOLD),
    next=NextMilestone(title="Hold reviewed", on=date(2026, 4, 20)),
    figures=None,
)
DECISION = RollupAsk(
    person=DANA,
    words=f"Freeze window {HOSTILE}",
    ref="D-4",
    link=LINK,
    decision_id=4,
    place_name=None,
    since=None,
    due_on=date(2026, 3, 16),
)
OF_OWNER = RollupAsk(
    person=LUIS,
    words=f"The scope {HOSTILE}",
    ref=None,
    link=LINK,
    decision_id=None,
    update_id=9,
    place_name=f"In-app {HOSTILE}",
    since=date(2026, 2, 27),
    due_on=None,
)
DUE = DueDecision(
    id=4, ref="D-4", link=LINK, title=HOSTILE, due_on=date(2026, 3, 16), status="proposed", approver=DANA, late=10
)
CHANGES = [
    Change(kind=ChangeKind.HEALTH, id=9, name=f"Ledger {HOSTILE}", was="red", now="amber"),
    Change(kind=ChangeKind.ACHIEVED, id=1, name=f"Form builder {HOSTILE}", now="2026-03-06", late=12),
    Change(kind=ChangeKind.PASSED, id=2, name="Dual-write live", now="2026-03-27"),
    Change(kind=ChangeKind.REDATED, id=3, name="Pilot", was="2026-04-10", now="2026-04-17", late=5),
    Change(kind=ChangeKind.RISK_NEW, id=14, name="R-14", link=LINK, now="Extreme 20"),
    Change(kind=ChangeKind.RISK_RESCORED, id=7, name="R-7", link=LINK, was="High 12", now="Extreme 16"),
    Change(kind=ChangeKind.RISK_CLOSED, id=13, name="R-13", link=LINK),
    Change(kind=ChangeKind.ISSUE_OPENED, id=4, name="I-4", link=LINK, now="sev1"),
    Change(kind=ChangeKind.DECISION_MADE, id=15, name="D-15", link=LINK, now=f"Extend {HOSTILE}"),
]
WHY = f"The regulator moved it {HOSTILE}"
BY_HAND = Override(health=Health.RED, reason=WHY, by=DANA.handle, until=date(2026, 4, 7))
ROLLUP = Rollup(
    program=PROGRAM,
    sponsor=DANA,
    period="2026-W13",
    today=TODAY,
    health=Health.RED,
    added_up=Health.RED,
    figures=Health.RED,
    previous_health=Health.AMBER,
    previous_on=LAST,
    changes=CHANGES,
    projects=[LATE, SILENT, COVERED, WATERMELON, HELD],
    asks=[DECISION, OF_OWNER],
    top_risks=[RISK],
    decisions_overdue=[DUE],
    decisions_next=[changed(DUE, id=5, ref="D-5", due_on=date(2026, 4, 10), late=0)],
    off_track=[OffTrack(figures=WAITS, gives="Consent Service", gets="Merchant Onboarding")],
    quality=67,
    restricted=1,
    spark=[("2026-W11", Health.GREEN), ("2026-W12", Health.AMBER), ("2026-W13", Health.RED)],
    next_at=NOW + timedelta(days=7),
    posted_at=NOW,
    updated_on=date(2026, 3, 31),
    readers=3,
    occurrence_id=12,
)
UNCHANGED = changed(ROLLUP, changes=[], previous_health=Health.RED, asks=[DECISION], updated_on=None, readers=0)
EMPTY = changed(
    ROLLUP,
    health=None,
    added_up=None,
    figures=None,
    previous_health=None,
    changes=[],
    projects=[],
    asks=[],
    top_risks=[],
    decisions_overdue=[],
    decisions_next=[],
    off_track=[],
    restricted=0,
)
PROGRAMS = [
    ProgramRow(
        id=3,
        name=f"Privacy {HOSTILE}",
        link=LINK,
        health=Health.RED,
        added_up=Health.AMBER,
        override=BY_HAND,
        previous=Health.AMBER,
        projects=[Health.AMBER, Health.ON_HOLD],
        asks=1,
        top_risk=RISK,
    ),
    ProgramRow(
        id=4,
        name="Payments",
        link=None,
        health=None,
        added_up=None,
        override=None,
        previous=None,
        projects=[],
        asks=0,
        top_risk=None,
    ),
]
PORTFOLIO = PortfolioRollup(
    channel="C9",
    tz="America/New_York",
    period="2026-W13",
    today=TODAY,
    health=Health.RED,
    previous_on=LAST,
    programs=PROGRAMS,
    silent=[21],
    asks=[DECISION, OF_OWNER],
    between=[Between(figures=WAITS, gives=f"Terra {HOSTILE}", gets="Nova")],
    next_at=NOW + timedelta(days=7),
    posted_at=NOW,
    readers=1,
    occurrence_id=13,
)
CARD = OverrideCard(program=PROGRAM, added_up=Health.AMBER, health=None, most_days=14, only_worse=True)
SET = changed(CARD, health=Health.RED, reason=WHY, until=date(2026, 4, 7))
DIFFERENCE = Difference(
    project_id=7, name=f"Ledger {HOSTILE}", said=Health.GREEN, figures=WATERMELON.figures, told_from=None
)
FORM = {"type": "modal", "callback_id": "status.post", "title": {"type": "plain_text", "text": "Update"}, "blocks": []}

SHORT = rollup.rollup_message(changed(UNCHANGED, occurrence_id=None))

SHOWN = {
    "rollup-program": rollup.rollup_message(ROLLUP),
    "rollup-by-hand": rollup.rollup_message(changed(ROLLUP, override=BY_HAND, added_up=Health.AMBER)),
    "rollup-unchanged": rollup.rollup_message(UNCHANGED),
    "rollup-empty": rollup.rollup_message(EMPTY),
    "rollup-thread-reply": rollup_thread.project_reply(ROLLUP, WATERMELON),
    "rollup-thread-silent": rollup_thread.project_reply(ROLLUP, changed(SILENT, author=None, posted_at=None)),
    **{f"rollup-thread-{name}": shown for name, shown in rollup_thread.shared_replies(ROLLUP)},
    "rollup-preview": rollup_private.preview(ROLLUP, may_act=True, skips=False, last_id=11, shareable=True),
    "rollup-preview-reader": rollup_private.preview(ROLLUP, may_act=False, skips=True, last_id=None, shareable=False),
    "rollup-text": rollup_private.text_twin(ROLLUP),
    "rollup-asks": rollup_private.all_asks(ROLLUP),
    "rollup-past": rollup_private.past(
        RollupPast(
            name=PROGRAM.name,
            period="2026-W12",
            on=LAST,
            health=Health.AMBER,
            projects=[Health.AMBER, Health.GREEN],
            asks=2,
            link=LINK,
        ),
        TODAY,
    ),
    "rollup-past-none": rollup_private.past(None, TODAY),
    "rollup-shared": rollup_private.shared_copy(ROLLUP, LUIS.handle),
    "rollup-not-posted": rollup_private.not_posted(
        rollup.rollup_message(changed(UNCHANGED, occurrence_id=None)), PROGRAM
    ),
    "rollup-dry-run": rollup_private.dry_run(SHORT, PROGRAM),
    "rollup-sent": rollup_private.sent(ROLLUP),
    "rollup-skipped": rollup_private.skipped(PROGRAM, date(2026, 4, 6), TODAY, skips=True),
    "rollup-not-skipped": rollup_private.skipped(PROGRAM, date(2026, 4, 6), TODAY, skips=False),
    "rollup-hour-form": rollup_forms.hour_form(RollupRules(), PROGRAM, metadata="{}"),
    "rollup-hour-saved": rollup_forms.hour_saved(PROGRAM, NOW + timedelta(days=7), TODAY),
    "rollup-portfolio": portfolio.portfolio_message(PORTFOLIO),
    "rollup-portfolio-first": portfolio.portfolio_message(changed(PORTFOLIO, previous_on=None, asks=[], between=[])),
    "rollup-portfolio-preview": portfolio_private.preview(PORTFOLIO, 5),
    "rollup-portfolio-asks": portfolio_private.all_asks(PORTFOLIO),
    "rollup-portfolio-form": rollup_forms.portfolio_form(RollupRules(), "Asia/Kolkata", metadata="{}"),
    "rollup-portfolio-set-up": portfolio_private.set_up_done(NOW + timedelta(days=7), "America/New_York", TODAY),
    "override-form": rollup_forms.override_form(CARD, today=TODAY, metadata="{}"),
    "override-form-set": rollup_forms.override_form(SET, today=TODAY, metadata="{}"),
    "override-saved": rollup_forms.override_saved(SET, TODAY),
    "override-ended": rollup_forms.override_saved(CARD, TODAY),
    "status-form-figures": with_figures(FORM, DIFFERENCE, now=NOW, tz="America/New_York"),
}
