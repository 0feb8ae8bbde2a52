"""What a portfolio file must agree on with itself: names that exist, and records that do not contradict each other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from bot.services.importing_plan_checks import plan_problems
from bot.services.importing_problem import Problem
from models.schemas.portfolio import DecisionRecord, Portfolio
from models.schemas.portfolio_fields import PlacedRecord

KINDS = (
    *("people", "programs", "projects", "milestones", "dependencies", "budgets", "allocations", "iterations"),
    *("risks", "issues", "assumptions", "decisions", "status_updates"),
    *("stakeholders", "audit_findings", "checkins"),
)
"""What is imported, in an order in which each kind names only those before it (and its own)."""

NAMES = {
    "people": {"calendar": "calendars"},
    "programs": {"manager": "people", "sponsor": "people", "calendar": "calendars"},
    "projects": {"program": "programs", "owner": "people", "backup": "people"},
    "milestones": {"project": "projects", "owner": "people"},
    "dependencies": {"get": "projects", "provider_milestone": "milestones", "consumer_milestone": "milestones"},
    "budgets": {"project": "projects"},
    "allocations": {"person": "people", "project": "projects"},
    "risks": {"program": "programs", "project": "projects", "owner": "people", "accepted_by": "people"},
    "issues": {"program": "programs", "project": "projects", "owner": "people", "from_risk": "risks"},
    "assumptions": {"program": "programs", "project": "projects", "owner": "people"},
    "decisions": {
        "program": "programs",
        "project": "projects",
        "driver": "people",
        "approver": "people",
        "contributors": "people",
        "supersedes": "decisions",
        "superseded_by": "decisions",
    },
    "status_updates": {"project": "projects", "author": "people"},
    "stakeholders": {"program": "programs", "handle": "people", "owner": "people"},
    "audit_findings": {"program": "programs", "project": "projects", "owner": "people"},
    "checkins": {"project": "projects", "person": "people"},
}
"""Which kind of record a field names."""

IDENTITY = {"people": "handle", "budgets": "project"}
"""The field by which a record is known, where it is not its id."""


def problems_in(portfolio: Portfolio, *, also: Mapping[str, set[str]] | None = None) -> list[Problem]:
    """`also` are the ids of records that were left out because something else is wrong with them."""
    left_out = also or {}
    known = {kind: {record.id for record in getattr(portfolio, kind)} | left_out.get(kind, set()) for kind in KINDS}
    return list(
        chain(
            _repeated_ids(portfolio),
            _unknown_names(portfolio, known | {"calendars": set(portfolio.calendars)}),
            plan_problems(portfolio, known),
            _wrong_programs(portfolio),
            _wrong_choices(portfolio),
            _one_sided_successions(portfolio),
            _shared_channels(portfolio),
            _repeated_periods(portfolio),
        )
    )


def _repeated_ids(portfolio: Portfolio) -> Iterator[Problem]:
    for kind in KINDS:
        for name, times in Counter(record.id for record in getattr(portfolio, kind)).items():
            if times > 1:
                yield Problem(kind, name, IDENTITY.get(kind, "id"), f"stands in the file {times} times")


def _unknown_names(portfolio: Portfolio, known: Mapping[str, set[str]]) -> Iterator[Problem]:
    for kind, fields in NAMES.items():
        for record in getattr(portfolio, kind):
            for field, named_kind in fields.items():
                for name in _listed(getattr(record, field)):
                    if name not in known[named_kind]:
                        yield Problem(kind, record.id, field, f"{name!r} is not among the {named_kind} of this file")


def _wrong_programs(portfolio: Portfolio) -> Iterator[Problem]:
    program_of = {project.id: project.program for project in portfolio.projects}
    placed: list[tuple[str, Sequence[PlacedRecord]]] = [
        ("risks", portfolio.risks),
        ("issues", portfolio.issues),
        ("assumptions", portfolio.assumptions),
        ("decisions", portfolio.decisions),
        ("audit_findings", portfolio.audit_findings),
    ]
    for kind, records in placed:
        for record in records:
            actual = program_of.get(record.project or "", record.program)
            if record.program is not None and actual != record.program:
                yield Problem(kind, record.id, "program", f"its project {record.project} belongs to {actual}")


def _wrong_choices(portfolio: Portfolio) -> Iterator[Problem]:
    for decision in portfolio.decisions:
        options = [option.id for option in decision.options or ()]
        if options and decision.chosen is not None and decision.chosen not in options:
            words = f"{decision.chosen!r} is not one of its options ({', '.join(options)})"
            yield Problem("decisions", decision.id, "chosen", words)


def successions(decisions: Iterable[DecisionRecord]) -> set[tuple[str, str]]:
    """(old, new) pairs, whichever of the two names the other."""
    decisions = list(decisions)
    forward = {(decision.id, decision.superseded_by) for decision in decisions if decision.superseded_by}
    return forward | {(decision.supersedes, decision.id) for decision in decisions if decision.supersedes}


def _one_sided_successions(portfolio: Portfolio) -> Iterator[Problem]:
    pairs = successions(portfolio.decisions)
    for field, side in (("superseded_by", 0), ("supersedes", 1)):
        for name, times in Counter(pair[side] for pair in pairs).items():
            if times > 1:
                others = ", ".join(sorted(pair[1 - side] for pair in pairs if pair[side] == name))
                yield Problem("decisions", name, field, f"can be one decision only, not {others}")


def _shared_channels(portfolio: Portfolio) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for kind in ("programs", "projects"):
        for place in getattr(portfolio, kind):
            if place.channel is not None and first.setdefault(place.channel, place.id) != place.id:
                yield Problem(kind, place.id, "channel", f"{place.channel} is the channel of {first[place.channel]}")


def _repeated_periods(portfolio: Portfolio) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for update in portfolio.status_updates:
        same = first.setdefault((update.project, update.period), update.id)
        if same != update.id:
            yield Problem(
                "status_updates", update.id, "period", f"{same} is the update of {update.project} for {update.period}"
            )


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []
