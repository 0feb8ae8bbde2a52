"""What a rollup says has changed is what the history says, walked by other hands; its numbers are the lists'."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.services import lists, people, rollup, rollup_posting
from bot.services.history import record_change
from bot.services.risk import score_values
from bot.services.rollup import Moment
from models.schemas.lists import Filters, Kind
from models.schemas.risk import RiskStatus
from models.schemas.rollup import Change, ChangeKind, Rollup
from models.tables import Decision, History, Issue, Milestone, Occurrence, Person, Program, Project, Risk
from models.tables.unit import add_row
from tests.asking import post_status
from tests.test_rollup import MONDAY_6_APRIL, RED, log_decision
from tests.town import Town

ZONE = "America/New_York"


def add_milestone(town: Town, number: int, due_on: date, **values: Any) -> int:
    with town.database.write(1) as session:
        project = session.scalars(select(Project)).first()
        fields = {"number": number, "title": f"Milestone {number}", "due_on": due_on, "baseline_on": due_on}
        same = {"project_id": project.id, "owner_id": project.owner_id, "created_at": town.clock.now()}
        return add_row(session, Milestone, **same | fields | values)


def move_milestone(town: Town, milestone_id: int, *days: date) -> None:
    """From one date to the next, each a row of the history."""
    for day in days:
        with town.database.write(1) as session:
            row = session.get_one(Milestone, milestone_id)
            now = town.clock.now()
            record_change(session, "milestone", row.id, at=now, actor_id=None, field="due_on", old=row.due_on, new=day)
            session.execute(update(Milestone).where(Milestone.id == row.id).values(due_on=day))
        town.pass_time(minutes=1)


def achieve(town: Town, milestone_id: int) -> None:
    with town.database.write(1) as session:
        now, values = town.clock.now(), {"status": "achieved", "achieved_on": local_date(town.clock.now(), ZONE)}
        for name, value in values.items():
            old = getattr(session.get_one(Milestone, milestone_id), name)
            record_change(session, "milestone", milestone_id, at=now, actor_id=None, field=name, old=old, new=value)
        session.execute(update(Milestone).where(Milestone.id == milestone_id).values(**values))


def live_a_week(town: Town) -> None:
    """Things happen that a rollup tells of, and some that it does not: undone ones, moves there and back."""
    luis = town.person("ULUIS")
    post_status(town, "ULUIS", "CLEDGER", **RED)
    for title, p, i in (
        ("Stays", 4, 5),
        ("Falls", 4, 4),
        ("Closes", 2, 2),
        ("Taken back", 1, 1),
        ("There and back", 3, 3),
    ):
        luis.types("CLEDGER", f"/pm risk {title} p{p} i{i} #vendor")
        town.pass_time(minutes=2)
    luis.types("CLEDGER", "/pm issue Certificate has expired")
    luis.submits({"severity": "sev2"})
    town.pass_time(minutes=2)


def newest(town: Town, number: int) -> dict[str, Any]:
    found = [m for m in town.person("ULUIS").reads("CLEDGER") if f"R-{number}" in m["text"] and "risk.more" in str(m)]
    return found[-1]


def rescore(town: Town, number: int, probability: int) -> None:
    """As a review does."""
    with town.database.write(1) as session:
        row = session.scalars(select(Risk).where(Risk.number == number)).one()
        old = {"probability": row.probability, "impact": row.impact}
        new = old | {"probability": probability}
        record_change(session, "risk", row.id, at=town.clock.now(), actor_id=None, field="score", old=old, new=new)
        scored = score_values(None, RiskStatus(row.status), probability, row.impact)
        session.execute(update(Risk).where(Risk.id == row.id).values(probability=probability, **scored))
    town.pass_time(minutes=2)


def walk(session: Session, start: datetime, end: datetime) -> Iterator[tuple[str, str]]:
    """By the rows of the history alone, one after another."""
    rows = session.scalars(select(History).order_by(History.at, History.id)).all()
    states: dict[tuple[str, int], dict[str, Any]] = {}
    before: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        if row.at > end:
            break
        key = (row.kind, row.record_id)
        if row.at > start and key not in before:
            before[key] = dict(states.get(key, {}))
        states.setdefault(key, {})[row.field] = row.new
    for (kind, record), was in before.items():
        now = states[kind, record]
        yield from _told(session, kind, record, was, now)


Said = dict[str, Any]
OVER = ("closed", "rejected", "materialised")


def _told(session: Session, kind: str, record: int, was: Said, now: Said) -> Iterator[tuple[str, str]]:
    tell = TELL.get(kind)
    if tell is not None:
        table, letter, rules = tell
        row = session.get_one(table, record)
        name = f"{letter}-{row.number}" if letter else getattr(row, "name", None) or row.title
        yield from ((change, name) for change, holds in rules.items() if holds(was, now))


def _began(was: Said, now: Said) -> bool:
    return "" in now and "" not in was


def _became(state: str, was: Said, now: Said) -> bool:
    return now.get("status") == state != was.get("status")


def _moved(was: Said, now: Said) -> bool:
    """Every milestone of these tests begins with the date that its number says."""
    return "due_on" in now and now["due_on"] not in (was.get("due_on"), "2026-05-02")


TELL: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "project": (Project, "", {"health": lambda was, now: now.get("health") != was.get("health")}),
    "risk": (
        Risk,
        "R",
        {
            "risk_new": lambda was, now: _began(was, now) and now.get("status") not in OVER,
            "risk_closed": lambda was, now: _became("closed", was, now),
            "risk_rescored": lambda was, now: (
                "" in was and now["score"] != was["score"] and now.get("status") not in OVER
            ),
        },
    ),
    "issue": (
        Issue,
        "I",
        {
            "issue_opened": lambda was, now: _began(was, now) and now.get("status") != "wont_fix",
            "issue_resolved": lambda was, now: _became("resolved", was, now),
        },
    ),
    "decision": (
        Decision,
        "D",
        {
            "decision_raised": lambda was, now: _began(was, now) and now.get("status") in (None, "in_review"),
            "decision_made": lambda was, now: _became("accepted", was, now),
        },
    ),
    "milestone": (
        Milestone,
        "",
        {"achieved": lambda was, now: _became("achieved", was, now), "redated": _moved},
    ),
}
"""By the kind of a record: what counts as a change of it, from what its fields held at the two ends."""


def told(found: list[Change]) -> set[tuple[str, str]]:
    return {(change.kind.value, change.name) for change in found}


def test_the_changes_are_those_of_the_history(town):
    moved, back, done = (add_milestone(town, n, date(2026, 5, n)) for n in (1, 2, 3))
    add_milestone(town, 4, date(2026, 4, 8))
    live_a_week(town)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    luis = town.person("ULUIS")
    post_status(town, "ULUIS", "CLEDGER", health="amber", path_to_green="A second vendor signs by Friday")
    town.pass_time(hours=2)
    post_status(town, "ULUIS", "CLEDGER", health="green")
    move_milestone(town, moved, date(2026, 5, 8), date(2026, 5, 15))
    move_milestone(town, back, date(2026, 5, 20), date(2026, 5, 2))
    achieve(town, done)
    rescore(town, 2, 2)
    rescore(town, 5, 5)
    rescore(town, 5, 3)
    card = newest(town, 3)
    luis.presses(card, "risk.more", option="close:3")
    luis.submits({"reason": "It cannot happen any more"}, force=True)
    assert luis.form_errors == {}
    luis.types("CLEDGER", "/pm risk Logged and undone p1 i1 #vendor")
    town.pass_time(minutes=1)
    log_decision(town, 4, date(2026, 5, 2))
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    with town.database.read(1) as session:
        occurrences = session.scalars(
            select(Occurrence).where(Occurrence.kind == "rollup").order_by(Occurrence.local_date)
        ).all()
        start, end = (datetime.fromisoformat(row.snapshot["at"]) for row in occurrences)
        built = rollup_posting.as_it_is_now(session, occurrences[-1], now=town.clock.now())
        expected = set(walk(session, start, end))
    found = told(built.changes)
    assert ("passed", "Milestone 4") in found, "a date that passed leaves no row"
    assert found - {("passed", "Milestone 4")} == expected
    assert {"health", "redated", "achieved", "risk_new", "risk_rescored", "risk_closed", "decision_raised"} <= {
        kind for kind, _ in expected
    }
    redated = next(change for change in built.changes if change.kind is ChangeKind.REDATED)
    assert (redated.was, redated.now, redated.late) == ("2026-05-01", "2026-05-15", 10)


def test_a_first_rollup_tells_of_the_last_seven_days(town):
    live_a_week(town)
    with town.database.read(1) as session:
        program = session.scalars(select(Program.id)).one()
        built = rollup.build(session, program, Moment(town.clock.now().date(), town.clock.now()))
        expected = set(walk(session, town.clock.now() - timedelta(days=7), town.clock.now()))
    assert told(built.changes) == expected


def test_its_numbers_are_the_lists_numbers(town):
    live_a_week(town)
    for number, day in ((1, date(2026, 3, 20)), (2, date(2026, 3, 29)), (3, date(2026, 4, 3))):
        log_decision(town, number, day)
    now = town.clock.now()
    with town.database.read(1) as session:
        program = session.scalars(select(Program.id)).one()
        built = rollup.build(session, program, Moment(local_date(now, ZONE), now))
        maya = people.cards(session, [session.scalars(select(Person.id).where(Person.handle == "maya")).one()])
        by = Standing(next(iter(maya.values())), channel="CPROG")

        def listed(kind: Kind, **values: Any) -> lists.Listed:
            return lists.page(session, Filters(kind=kind, place=f"program:{program}", **values), by, now=now)

        risks, decisions = listed(Kind.RISK), listed(Kind.DECISION)
        overdue = listed(Kind.DECISION, state="overdue")
    _same_risks(built, risks)
    assert [due.ref for due in built.decisions_overdue] == [row.ref for row in overdue.rows]
    assert len(built.decisions_overdue) == decisions.counts.overdue == 2
    assert {due.ref for due in (*built.decisions_overdue, *built.decisions_next)} == {row.ref for row in decisions.rows}


def _same_risks(built: Rollup, listed: lists.Listed) -> None:
    top = [(risk.ref, risk.band, risk.points) for risk in built.top_risks]
    assert top == [(row.ref, row.level, row.points) for row in listed.rows][:5]
    assert listed.counts.worst == sum(risk.band == "extreme" for risk in built.top_risks)
