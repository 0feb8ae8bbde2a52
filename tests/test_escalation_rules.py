"""What escalates: the rules and vectors of domain 4.3."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.escalation import (
    Chain,
    Fired,
    Moment,
    Named,
    Threat,
    acknowledge_by,
    elapsed,
    level_of,
    named,
    of_decision,
    of_dependency,
    of_finding,
    of_issue,
    of_milestone,
    of_missing_status,
    of_risk,
    patience,
)
from bot.domain.wall_time import WorkingHours, instant
from bot.domain.working_days import WorkingCalendar
from models.schemas.decision import DecisionStatus
from models.schemas.escalation import Level, Rule
from models.schemas.issue import IssueStatus, Severity
from models.schemas.parameters import DEFAULTS, IssueRules, Ladder, Parameters
from models.schemas.plan import DependencyState, MilestoneStatus
from models.schemas.risk import Band, Kind, RiskStatus

BERLIN, NEW_YORK, SYDNEY = "Europe/Berlin", "America/New_York", "Australia/Sydney"
EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
IN_BERLIN = WorkingHours(BERLIN, holidays=EASTER)
LADDER = Ladder()


def on(day: str, at: str = "10:00", days: WorkingHours = IN_BERLIN, rules: Parameters = DEFAULTS) -> Moment:
    return Moment(instant(date.fromisoformat(day), time.fromisoformat(at), days.zone), days, rules)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def threat(**said: object) -> Threat:
    plain = {
        "kind": Kind.THREAT,
        "status": RiskStatus.TREATING,
        "band": Band.HIGH,
        "raised_at": utc("2026-03-02T10:00"),
        "acknowledge_by": None,
        "has_strategy": True,
        "next_review_on": date(2026, 12, 1),
    }
    return Threat(**(plain | said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deadline", "today", "passed"),
    [
        ("2026-03-20", "2026-03-20", 0),  # the deadline's own day does not count
        ("2026-03-20", "2026-03-22", 0),  # a weekend
        ("2026-03-20", "2026-03-23", 1),
        ("2026-03-20", "2026-03-24", 2),
        ("2026-03-20", "2026-03-27", 5),
        ("2026-04-02", "2026-04-06", 0),  # Good Friday to Easter Monday
        ("2026-04-02", "2026-04-07", 1),
        ("2026-03-27", "2026-03-30", 1),  # clocks went forward in Berlin
        ("2026-03-20", "2026-03-10", 0),
    ],
)
def test_elapsed_days_are_the_working_days_after_the_deadline(deadline, today, passed):
    for days in (IN_BERLIN, WorkingCalendar(BERLIN, holidays=EASTER)):
        assert elapsed(date.fromisoformat(deadline), date.fromisoformat(today), days) == passed


@pytest.mark.parametrize(
    ("passed", "by_default", "extreme"),
    [(0, 2, 2), (1, 2, 3), (2, 3, 4), (4, 3, 4), (5, 4, 4), (30, 4, 4)],
)
def test_the_level_follows_from_the_elapsed_days(passed, by_default, extreme):
    assert level_of(passed, LADDER) == by_default
    assert level_of(passed, LADDER, is_extreme=True) == extreme


def test_the_delay_to_the_next_step_counts_from_the_step_before():
    assert [patience(level, LADDER) for level in (Level.LEAD, Level.MANAGER)] == [2, 3]
    assert [patience(level, LADDER, is_extreme=True) for level in (Level.LEAD, Level.MANAGER)] == [1, 1]


def test_a_programs_own_ladder_counts():
    ladder = Ladder(manager=1, sponsor=3, extreme_manager=0, extreme_sponsor=1)
    assert [level_of(n, ladder) for n in range(4)] == [2, 3, 3, 4]
    assert [level_of(n, ladder, is_extreme=True) for n in range(2)] == [3, 4]


@pytest.mark.parametrize(
    ("zone", "hours", "raised", "band", "until"),
    [
        (SYDNEY, (time(9), time(17, 30)), "2026-03-23T23:00", Band.HIGH, "2026-03-24T23:30"),
        (NEW_YORK, (time(9), time(18)), "2026-03-27T14:30", Band.EXTREME, "2026-03-27T18:30"),
    ],
)
def test_the_time_to_acknowledge_runs_in_the_owners_working_hours(zone, hours, raised, band, until):
    calendar = WorkingHours(zone, *hours)
    assert acknowledge_by(utc(raised), band, DEFAULTS.risk, calendar) == utc(until)


def test_an_unread_risk_fires_after_its_time_on_the_programs_date_of_that_instant():
    """E1: 23:30 UTC on the 24th is the 25th in Berlin."""
    unread = threat(status=RiskStatus.IDENTIFIED, acknowledge_by=utc("2026-03-24T23:30"))
    exactly = Moment(utc("2026-03-24T23:30"), IN_BERLIN)
    assert of_risk(unread, exactly) == []
    later = Moment(exactly.now + timedelta(seconds=1), IN_BERLIN)
    assert of_risk(unread, later) == [Fired(Rule.E1, date(2026, 3, 25), 0, Level.LEAD)]
    assert of_risk(unread, on("2026-03-27")) == [Fired(Rule.E1, date(2026, 3, 25), 2, Level.MANAGER)]


@pytest.mark.parametrize("band", [Band.MODERATE, Band.LOW])
def test_low_bands_escalate_only_while_nobody_has_read_them(band):
    quiet = threat(band=band, has_strategy=False, next_review_on=date(2026, 1, 5))
    assert of_risk(quiet, on("2026-03-30")) == []
    unread = threat(band=band, acknowledge_by=utc("2026-03-20T10:00"))
    assert [fired.rule for fired in of_risk(unread, on("2026-03-30"))] == [Rule.E1]


@pytest.mark.parametrize(
    ("band", "last_day", "level"), [(Band.HIGH, "2026-03-09", Level.LEAD), (Band.EXTREME, "2026-03-04", Level.MANAGER)]
)
def test_a_serious_risk_needs_a_response_within_its_days(band, last_day, level):
    """E2: five working days after it was raised, two for an Extreme one; on that day it is not late yet."""
    bare = threat(band=band, has_strategy=False)
    assert of_risk(bare, on(last_day)) == []
    day = date.fromisoformat(last_day)
    fired = Fired(Rule.E2, day, 1, level, band is Band.EXTREME)
    assert of_risk(bare, on((day + timedelta(days=1)).isoformat())) == [fired]


def test_a_review_that_was_missed():
    """E3."""
    late = threat(next_review_on=date(2026, 3, 27))
    assert of_risk(late, on("2026-03-27", "23:59")) == []
    assert of_risk(late, on("2026-03-30")) == [Fired(Rule.E3, date(2026, 3, 27), 1, Level.LEAD)]


@pytest.mark.parametrize(
    "over",
    [
        {"kind": Kind.OPPORTUNITY},
        {"status": RiskStatus.CLOSED},
        {"status": RiskStatus.REJECTED},
        {"status": RiskStatus.MATERIALISED},
    ],
)
def test_opportunities_and_what_is_over_never_escalate(over):
    all_three = {"acknowledge_by": utc("2026-03-02T15:00"), "has_strategy": False, "next_review_on": date(2026, 3, 9)}
    assert len(of_risk(threat(**all_three), on("2026-03-30"))) == 3
    assert of_risk(threat(**all_three, **over), on("2026-03-30")) == []


@pytest.mark.parametrize("status", list(DecisionStatus))
def test_a_decision_that_is_late(status):
    """E4."""
    fired = of_decision(status, date(2026, 3, 20), on("2026-03-24"))
    expected = [Fired(Rule.E4, date(2026, 3, 20), 2, Level.MANAGER)]
    assert fired == (expected if status in (DecisionStatus.PROPOSED, DecisionStatus.IN_REVIEW) else [])
    assert of_decision(status, date(2026, 3, 24), on("2026-03-24")) == of_decision(status, None, on("2026-03-24")) == []


@pytest.mark.parametrize("state", list(DependencyState))
def test_a_dependency_that_is_late_or_not_agreed_to(state):
    """E5 and E5b: ten working days ahead is near, eleven is not; the day itself is not late."""
    opens = ("proposed", "committed", "in_progress", "blocked")
    late = [Fired(Rule.E5, date(2026, 3, 20), 1, Level.LEAD)] if state in opens else []
    assert of_dependency(state, date(2026, 3, 20), on("2026-03-23")) == late
    wish = [Fired(Rule.E5B, date(2026, 3, 30), 0, Level.LEAD)] if state == "proposed" else []
    assert of_dependency(state, date(2026, 3, 30), on("2026-03-30")) == wish
    assert of_dependency(state, date(2026, 4, 15), on("2026-03-30")) == wish  # two holidays are between
    assert of_dependency(state, date(2026, 4, 16), on("2026-03-30")) == []


def test_a_project_that_reported_nothing_twice_in_a_row():
    """E6: since the second request that was missed."""
    run = [utc("2026-03-13T15:00"), utc("2026-03-20T15:00"), utc("2026-03-27T15:00")]
    assert of_missing_status(run[:1], on("2026-03-30")) == []
    assert of_missing_status(run, on("2026-03-30")) == [Fired(Rule.E6, date(2026, 3, 20), 6, Level.SPONSOR)]


@pytest.mark.parametrize(
    ("severity", "last_day"),
    [
        (Severity.SEV1, "2026-03-03"),
        (Severity.SEV2, "2026-03-09"),
        (Severity.SEV3, "2026-03-16"),
        (Severity.SEV4, "2026-04-15"),
    ],
)
def test_an_issue_is_solved_within_the_days_of_its_severity(severity, last_day):
    """E7; thirty working days with two holidays among them."""
    opened, day = utc("2026-03-02T10:00"), date.fromisoformat(last_day)
    extreme = severity is Severity.SEV1
    level = Level.MANAGER if extreme else Level.LEAD
    following = on((day + timedelta(days=1)).isoformat())
    for status in IssueStatus:
        assert of_issue(status, severity, opened, on(last_day)) == []
        unresolved = status in (IssueStatus.OPEN, IssueStatus.IN_PROGRESS, IssueStatus.BLOCKED)
        expected = [Fired(Rule.E7, day, 1, level, extreme)] if unresolved else []
        assert of_issue(status, severity, opened, following) == expected


@pytest.mark.parametrize("status", list(MilestoneStatus))
def test_a_milestone_that_passed_its_date(status):
    """E8."""
    unachieved = status in ("planned", "in_progress", "missed")
    expected = [Fired(Rule.E8, date(2026, 3, 20), 1, Level.LEAD)] if unachieved else []
    assert of_milestone(status, date(2026, 3, 20), on("2026-03-23")) == expected
    assert of_milestone(status, date(2026, 3, 23), on("2026-03-23")) == []


@pytest.mark.parametrize("status", ["open", "in_remediation", "ready_for_verification", "closed", "risk_accepted"])
def test_a_finding_that_is_not_mended(status):
    """E9: a critical one climbs faster."""
    over = status in ("closed", "risk_accepted")
    due, today = date(2026, 3, 20), on("2026-03-24")
    assert of_finding(status, "major", due, today) == ([] if over else [Fired(Rule.E9, due, 2, Level.MANAGER)])
    fast = [Fired(Rule.E9, due, 2, Level.SPONSOR, True)]
    assert of_finding(status, "critical", due, today) == ([] if over else fast)


def test_rules_that_a_program_turned_off_or_changed():
    own = Parameters(issue=IssueRules(sev2=1), ladder=Ladder(rules_off=["E8"], manager=1))
    today = on("2026-03-24", rules=own)
    assert of_milestone(MilestoneStatus.PLANNED, date(2026, 3, 2), today) == []
    fired = Fired(Rule.E7, date(2026, 3, 23), 1, Level.MANAGER)
    assert of_issue(IssueStatus.OPEN, Severity.SEV2, utc("2026-03-20T10:00"), today) == [fired]


LEAD, BACKUP, MANAGER, SPONSOR, SOMEBODY = range(1, 6)


@pytest.mark.parametrize(
    ("chain", "owner", "turns"),
    [
        (Chain(LEAD, MANAGER, SPONSOR), SOMEBODY, [Named(LEAD), Named(MANAGER), Named(SPONSOR)]),
        (Chain(LEAD, MANAGER, SPONSOR, BACKUP), SOMEBODY, [Named(LEAD, BACKUP), Named(MANAGER), Named(SPONSOR)]),
        # the silent one is the project's owner: their backup, or they themselves and the next one is informed
        (Chain(LEAD, MANAGER, SPONSOR, BACKUP), LEAD, [Named(BACKUP, MANAGER), Named(MANAGER), Named(SPONSOR)]),
        (Chain(LEAD, MANAGER, SPONSOR), LEAD, [Named(LEAD, MANAGER), Named(MANAGER), Named(SPONSOR)]),
        (Chain(LEAD, MANAGER, SPONSOR), MANAGER, [Named(LEAD), Named(MANAGER, SPONSOR), Named(SPONSOR)]),
        (Chain(LEAD, MANAGER, SPONSOR), SPONSOR, [Named(LEAD), Named(MANAGER), Named(SPONSOR)]),
        # without a project, without a sponsor
        (Chain(None, MANAGER, SPONSOR), SOMEBODY, [Named(MANAGER), Named(MANAGER), Named(SPONSOR)]),
        (Chain(LEAD, MANAGER, None), SOMEBODY, [Named(LEAD), Named(MANAGER), Named(MANAGER)]),
        (Chain(MANAGER, MANAGER, None), MANAGER, [Named(MANAGER), Named(MANAGER), Named(MANAGER)]),
    ],
)
def test_one_person_is_named_at_each_level(chain, owner, turns):
    assert [named(level, chain, owner) for level in (Level.LEAD, Level.MANAGER, Level.SPONSOR)] == turns
