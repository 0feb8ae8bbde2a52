"""What the plan, the absences and the teams of a portfolio file must agree on with the rest of it."""

from collections.abc import Iterator, Mapping
from itertools import chain

from bot.domain.critical_path import Cycle, in_order
from bot.services.importing_problem import Problem
from models.schemas.plan import OPEN_DEPENDENCY
from models.schemas.portfolio import Portfolio
from models.schemas.portfolio_plan import OUTSIDE, DependencyRecord

Known = Mapping[str, set[str]]
"""Ids by kind, those of records that were left out included."""


def plan_problems(portfolio: Portfolio, known: Known) -> Iterator[Problem]:
    return chain(
        _unknown_delegates(portfolio, known["people"]),
        _unknown_teams(portfolio, known),
        _unknown_predecessors(portfolio, known["milestones"]),
        _unknown_givers(portfolio, known["projects"]),
        _milestones_of_others(portfolio, known["projects"]),
        _circles(portfolio),
    )


def circle_words(circle: Cycle) -> str:
    return f"{' → '.join(circle.path)} wait for one another"


def _unknown_delegates(portfolio: Portfolio, people: set[str]) -> Iterator[Problem]:
    for person in portfolio.people:
        for away in person.ooo:
            if away.delegate == person.handle:
                yield Problem("people", person.handle, "ooo.delegate", "nobody stands in for themselves")
            elif away.delegate is not None and away.delegate not in people:
                yield _unknown("people", person.handle, "ooo.delegate", away.delegate, "people")
    for program in portfolio.programs:
        if program.override is not None and program.override.by not in people:
            yield _unknown("programs", program.id, "override.by", program.override.by, "people")


def _unknown_teams(portfolio: Portfolio, known: Known) -> Iterator[Problem]:
    for project, handles in portfolio.checkin_team.items():
        if project not in known["projects"]:
            yield _unknown("checkin_team", project, "", project, "projects")
        for handle in handles:
            if handle not in known["people"]:
                yield _unknown("checkin_team", project, "", handle, "people")


def _unknown_predecessors(portfolio: Portfolio, milestones: set[str]) -> Iterator[Problem]:
    for milestone in portfolio.milestones:
        for before in milestone.predecessors:
            if before.id not in milestones:
                yield _unknown("milestones", milestone.id, "predecessors", before.id, "milestones")


def _unknown_givers(portfolio: Portfolio, projects: set[str]) -> Iterator[Problem]:
    for dependency in portfolio.dependencies:
        if dependency.outsider is None and dependency.give not in projects:
            words = f"{dependency.give!r} is not among the projects of this file; '{OUTSIDE}' stands before others"
            yield Problem("dependencies", dependency.id, "give", words)
        if dependency.outsider == "":
            yield Problem("dependencies", dependency.id, "give", f"who is it that gives, after '{OUTSIDE}'?")


def _milestones_of_others(portfolio: Portfolio, projects: set[str]) -> Iterator[Problem]:
    project_of = {milestone.id: milestone.project for milestone in portfolio.milestones}
    for dependency in portfolio.dependencies:
        for field, milestone, side in _ends(dependency):
            actual = project_of.get(milestone or "", side)
            if actual != side and (side in projects or dependency.outsider):
                yield Problem("dependencies", dependency.id, field, f"{milestone} belongs to {actual}, not to {side}")


def _circles(portfolio: Portfolio) -> Iterator[Problem]:
    before = {milestone.id: [link.id for link in milestone.predecessors] for milestone in portfolio.milestones}
    for dependency in portfolio.dependencies:
        given, wanted = dependency.provider_milestone, dependency.consumer_milestone
        if given and wanted and dependency.state in OPEN_DEPENDENCY:
            before.setdefault(wanted, []).append(given)
    try:
        in_order(before)
    except Cycle as circle:
        yield Problem("milestones", circle.path[0], "predecessors", circle_words(circle))


def _ends(dependency: DependencyRecord) -> tuple[tuple[str, str | None, str], ...]:
    return (
        ("provider_milestone", dependency.provider_milestone, dependency.give),
        ("consumer_milestone", dependency.consumer_milestone, dependency.get),
    )


def _unknown(kind: str, id: str, field: str, name: str, named: str) -> Problem:
    return Problem(kind, id, field, f"{name!r} is not among the {named} of this file")
