"""The network of milestones and the dependencies in it: domain 6 and 5.4, by a small portfolio worked out by hand."""

from datetime import date

import pytest

from bot.domain.critical_path import Cycle, Link
from bot.domain.milestone_network import Dependency, Milestone, Network, Standing, network
from bot.domain.working_days import WorkingCalendar
from models.schemas.plan import DependencyHealth, DependencyState, MilestoneStatus

CALENDAR = WorkingCalendar("UTC", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
MONDAY = date(2026, 3, 30)


def milestone(id: str, days: int | None, due_on: str, *before: str, **more: object) -> Milestone:
    values = {"project": id[0], "status": MilestoneStatus.PLANNED} | more
    return Milestone(
        id=id,
        remaining=days,
        due_on=date.fromisoformat(due_on),
        predecessors=tuple(map(Link, before)),
        **values,  # type: ignore[arg-type]
    )


def dependency(id: str, state: str, needed_by: str, provider=None, consumer=None, promised=None) -> Dependency:
    on = date.fromisoformat(promised) if promised else None
    return Dependency(id, DependencyState(state), date.fromisoformat(needed_by), on, provider, consumer)


A1 = milestone("a1", 4, "2026-04-01")
A2 = milestone("a2", 3, "2026-04-09", "a1")
B1 = milestone("b1", 2, "2026-03-31")
B2 = milestone("b2", 5, "2026-04-10", "b1")
GIVES = dependency("D-1", "committed", "2026-04-02", "a1", "b2")


def portfolio(*more: Milestone, dependencies: tuple[Dependency, ...] = (GIVES,), today: date = MONDAY) -> Network:
    return network([A1, A2, B1, B2, *more], dependencies, today, CALENDAR)


def test_milestones_wait_for_predecessors_and_for_what_other_projects_give():
    found = portfolio()
    assert found.day0 == MONDAY
    assert {id: (t.es, t.ef, t.tf) for id, t in found.schedule.timings.items()} == {
        "a1": (0, 4, 0),
        "a2": (4, 7, 2),
        "b1": (0, 2, 2),
        "b2": (4, 9, 0),
    }
    assert found.schedule.critical() == ["a1", "b2"]
    assert found.is_critical(GIVES)


def test_finish_dates_go_round_the_holidays_and_slips_may_be_early():
    found = portfolio()
    finishes = {id: found.finish_on(id).isoformat() for id in ("a1", "a2", "b1", "b2")}
    assert finishes == {"a1": "2026-04-02", "a2": "2026-04-09", "b1": "2026-03-31", "b2": "2026-04-13"}
    assert {id: found.slip(id) for id in finishes} == {"a1": 1, "a2": 0, "b1": 0, "b2": 1}
    early = portfolio(milestone("c1", 1, "2026-04-09"))
    assert early.slip("c1") == -6
    assert early.slips_by_project == {"a": 1, "b": 1, "c": -6}


def test_work_begins_on_the_next_working_day():
    assert portfolio(today=date(2026, 4, 3)).day0 == date(2026, 4, 7)


@pytest.mark.parametrize(
    "more", [{"status": MilestoneStatus.ACHIEVED}, {"status": MilestoneStatus.MISSED}, {"in_active_project": False}]
)
def test_only_what_is_ahead_in_active_projects_counts(more):
    found = network([milestone("a1", 4, "2026-04-01", **more), A2], [], MONDAY, CALENDAR)
    assert set(found.milestones) == {"a2"}
    assert found.schedule.timings["a2"].es == 0


@pytest.mark.parametrize("state", ["delivered", "accepted", "rejected", "no_work", "cancelled"])
def test_a_dependency_that_is_over_binds_nothing(state):
    over = dependency("D-1", state, "2026-04-02", "a1", "b2", "2026-04-02")
    found = portfolio(dependencies=(over,))
    assert found.schedule.timings["b2"].es == 2
    assert not found.is_critical(over)
    assert found.standing(over) == Standing(DependencyHealth.CLOSED)


@pytest.mark.parametrize(
    ("state", "needed_by", "health", "slip"),
    [
        ("committed", "2026-04-02", "on_track", 0),
        ("in_progress", "2026-04-07", "on_track", -1),
        ("committed", "2026-04-01", "at_risk", 1),
        ("committed", "2026-03-26", "at_risk", 5),
        ("committed", "2026-03-25", "late", 6),
        ("proposed", "2026-04-07", "at_risk", -1),
        ("proposed", "2026-03-25", "late", 6),
        ("blocked", "2026-04-07", "blocked", -1),
        ("blocked", "2026-03-25", "blocked", 6),
    ],
)
def test_a_dependency_is_held_against_the_computed_finish_of_its_provider(state, needed_by, health, slip):
    one = dependency("D-1", state, needed_by, "a1", "b2", "2026-03-30")
    assert portfolio().standing(one) == Standing(DependencyHealth(health), date(2026, 4, 2), slip)


def test_without_a_milestone_the_promise_counts_and_without_a_promise_nothing_does():
    promised = dependency("D-2", "committed", "2026-03-24", None, "b2", "2026-03-26")
    outside = dependency("D-3", "committed", "2026-03-24", "z9", "b2", "2026-03-26")
    wish = dependency("D-4", "proposed", "2026-04-30", None, "b2")
    stuck = dependency("D-5", "blocked", "2026-04-30", None, "b2")
    found = portfolio()
    assert found.standing(promised) == Standing(DependencyHealth.AT_RISK, date(2026, 3, 26), 2)
    assert found.standing(outside) == found.standing(promised)
    assert found.standing(wish) == Standing(DependencyHealth.UNSCHEDULED)
    assert found.standing(stuck) == Standing(DependencyHealth.BLOCKED)
    assert not found.is_critical(promised) and not found.is_critical(outside)


def test_a_dependency_that_closes_a_circle_is_named():
    with pytest.raises(Cycle, match=r"a1 → b2|b2 → a1"):
        portfolio(dependencies=(GIVES, dependency("D-2", "committed", "2026-05-01", "b2", "a1")))


def test_a_dependency_with_slack_is_not_critical():
    slack = dependency("D-2", "committed", "2026-05-01", "b1", "a2")
    assert not portfolio(dependencies=(GIVES, slack)).is_critical(slack)


def test_no_milestone_ahead_is_a_network_of_nothing():
    found = network([], [dependency("D-1", "committed", "2026-04-02", "a1", "b2", "2026-04-02")], MONDAY, CALENDAR)
    assert found.schedule.duration == 0
    assert found.slips_by_project == {}
