"""The program's weekly rollup: when it is posted and what it says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services.history import LOGGED, record_change
from bot.services.risk import score_values
from models.schemas.decision import Reversibility
from models.schemas.risk import RiskStatus
from models.tables import Decision, Occurrence, Person, Program, Project, Risk
from models.tables.unit import add_row
from tests.asking import post_status, sqlite_only
from tests.town import Town

MONDAY_6_APRIL = datetime(2026, 4, 6, 13, tzinfo=UTC)
"""09:00 in New York, a week after the town was set up."""

RED = {
    "health": "red",
    "summary": "The vendor stopped work",
    "path_to_green": "Second vendor signed by 10 April",
    "asks": "A decision on the budget for a second vendor",
}


def rollups(town: Town) -> list[dict[str, Any]]:
    found = town.person("UMAYA").reads("CPROG")
    return [m for m in found if (m.get("metadata") or {}).get("event_payload", {}).get("key", "").startswith("rollup:")]


def lines(message: dict[str, Any]) -> list[str]:
    """What one reads of a message, block by block; a table is a line a row."""
    shown: list[str] = []
    for block in message["blocks"]:
        if block["type"] == "data_table":
            shown += [" | ".join(words(cell) for cell in row) for row in block["rows"]]
        elif block["type"] == "context":
            shown += [element["text"] for element in block["elements"]]
        elif block["type"] == "actions":
            shown.append(" | ".join(element.get("text", {"text": "…"})["text"] for element in block["elements"]))
        else:
            shown.append(block["text"]["text"])
    return shown


def words(cell: dict[str, Any]) -> str:
    if cell["type"] == "raw_text":
        return cell["text"]
    return "".join(part.get("text", "") for part in cell["elements"][0]["elements"]).strip()


def log_risk(town: Town, number: int, probability: int, impact: int, **values: Any) -> None:
    with town.database.write(1) as session:
        luis = session.scalars(select(Person).where(Person.handle == "luis")).one()
        program = session.scalars(select(Program)).one()
        fields = {
            "number": number,
            "program_id": program.id,
            "title": f"Risk number {number}",
            "category": "vendor",
            "probability": probability,
            "impact": impact,
            "inherent_probability": probability,
            "inherent_impact": impact,
            "owner_id": luis.id,
            "raised_at": town.clock.now(),
        }
        status = RiskStatus(values.get("status", RiskStatus.IDENTIFIED))
        risk = add_row(session, Risk, **fields | score_values(None, status, probability, impact) | values)
        logged(session, "risk", risk, at=town.clock.now())


def log_decision(town: Town, number: int, due_on: date, **values: Any) -> None:
    with town.database.write(1) as session:
        dana = session.scalars(select(Person).where(Person.handle == "dana")).one()
        program = session.scalars(select(Program)).one()
        fields = {
            "number": number,
            "program_id": program.id,
            "title": f"Freeze window {number}",
            "driver_id": dana.id,
            "approver_id": dana.id,
            "reversibility": next(iter(Reversibility)).value,
            "options": [],
            "raised_at": town.clock.now(),
            "due_on": due_on,
            "status": "proposed",
        }
        logged(session, "decision", add_row(session, Decision, **fields | values), at=town.clock.now())


def logged(session: Session, kind: str, record_id: int, *, at: datetime) -> None:
    """As every record is whose card somebody filled in."""
    record_change(session, kind, record_id, at=at, actor_id=None, new=LOGGED)


def project_id(town: Town, name: str) -> int:
    with town.database.read(1) as session:
        return session.scalars(select(Project.id).where(Project.name == name)).one()


def test_it_says_what_is_wanted_first_then_what_is_red_and_names_nobody_for_silence(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    post_status(town, "ULUIS", "CLEDGER", **RED)
    log_risk(town, 1, 4, 5)
    log_decision(town, 4, date(2026, 4, 2))
    log_decision(town, 5, date(2026, 4, 10))
    town.play(MONDAY_6_APRIL + timedelta(minutes=5))

    [post] = rollups(town)
    assert post["text"] == "Payments Renewal, week 14: Red. 2 asks: dana D-4."
    shown = [line.split("|Ledger Migration>")[-1] for line in lines(post)]
    assert shown == [
        "Payments Renewal, week 14",
        ":large_red_square: *Red* · 2 asks\n2 projects: 1 Red, 1 Unknown",
        "*2 asks*\n1. <@UDANA> decide D-4 Freeze window 4 · was due Thu 2 Apr",
        ": A decision on the budget for a second vendor · asked Mon 30 Mar",
        "*What changed since Mon 30 Mar*\n"
        "• Ledger Migration: first status, Red\n"
        "• New: R-1 Extreme 20\n"
        "• Raised: D-4 Freeze window 4, D-5 Freeze window 5",
        "Health | Project | Figures | Next milestone | Updated",
        "Red | Ledger Migration | - | Target, 22 May | 30 Mar",
        "Unknown | Fraud Signals | - | Target, 22 May | not yet",
        "*Top risks*\n:large_red_square: Extreme 20 R-1 Risk number 1 · luis",
        "*Decisions*\nOverdue: D-4 2 days\nNext: D-5 Freeze window 5, Fri 10 Apr",
        "*No recent update*\nFraud Signals, no update yet",
        "Acknowledge | Show text | …",
        "Late counts working days. Figures = health computed from dates and costs. Details per project in the thread. "
        "Data quality 67 of 100. Next rollup: Mon 13 Apr, 09:00 New York.",
    ]
    assert [m.user for m in town.sandbox.mentions if m.ts == post["ts"] and m.user != "UMAYA"] == ["UDANA"]
    assert "kavya" not in str(post)


@sqlite_only
def test_the_asks_button_opens_the_decision_for_its_approver(town):
    log_decision(town, 4, date(2026, 4, 2))
    town.play(MONDAY_6_APRIL + timedelta(minutes=5))
    [post] = rollups(town)
    dana = town.person("UDANA")
    dana.presses(post, "decision.decide")
    assert "Freeze window 4" in str(dana.modal)


def test_it_is_posted_once_at_nine_in_the_programs_zone_and_compared_with_the_last_one(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL - timedelta(seconds=1))
    assert rollups(town) == []
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    town.timetable.run_due()
    assert len(rollups(town)) == 1
    assert "*What changed since Mon 30 Mar*" in str(rollups(town)), "the first one looks back a week"

    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    second = lines(rollups(town)[-1])
    assert second[1] == ":large_red_square: *Nothing changed since Mon 6 Apr.* Still Red · 1 ask open"
    assert second[-1] == "Its project was checked at 09:00 New York. Next rollup: Mon 20 Apr, 09:00 New York."

    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    post_status(town, "ULUIS", "CLEDGER", asks="")
    log_risk(town, 7, 4, 4)
    log_risk(town, 8, 2, 2, raised_at=MONDAY_6_APRIL, status="closed", closed_at=town.clock.now())
    log_risk(town, 9, 1, 1, status="rejected", closed_at=town.clock.now())
    log_decision(town, 15, date(2026, 4, 14), status="accepted", decided_at=town.clock.now())
    town.play(MONDAY_6_APRIL + timedelta(days=14, minutes=1))
    third = lines(rollups(town)[-1])
    assert third[1] == (":large_orange_diamond: *Amber, was Red* · *Ask: none*\n2 projects: 1 Unknown, 1 Green")
    assert third[2] == (
        "*What changed since Mon 13 Apr*\n"
        "• Ledger Migration: Red to Green\n"
        "• Fraud Signals: new in this rollup\n"
        "• New: R-7 Extreme 16 · Closed: R-8\n"
        "• Decided: D-15 Freeze window 15"
    )


@sqlite_only
def test_a_late_rollup_is_the_newest_one_and_the_next_tells_only_what_came_after(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    town.clock.move_to(MONDAY_6_APRIL + timedelta(days=16))  # down for two rollups, until a Wednesday
    log_risk(town, 7, 4, 4)
    town.clock.wait(5)
    town.timetable.run_due()
    assert [post["text"].partition(":")[0] for post in rollups(town)] == [
        "Payments Renewal, week 14",
        "Payments Renewal, week 16",
    ]
    town.play(MONDAY_6_APRIL + timedelta(days=21, minutes=1))
    assert "New: R-7" in str(rollups(town)[1])
    assert "New: R-7" not in str(rollups(town)[2])


def test_top_risks_stand_by_score_impact_soonest_and_number(town):
    log_risk(town, 1, 4, 4)
    log_risk(town, 2, 5, 4)
    log_risk(town, 3, 4, 5)
    log_risk(town, 4, 4, 5, proximity_on=date(2026, 6, 1))
    log_risk(town, 5, 4, 5, proximity_on=date(2026, 5, 1))
    log_risk(town, 6, 4, 5, proximity_on=date(2026, 5, 1))
    log_risk(town, 7, 5, 5, status="closed")
    log_risk(town, 8, 5, 5, kind="opportunity")
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [top] = [line for line in lines(rollups(town)[0]) if line.startswith("*Top risks*")]
    assert [line.split()[3] for line in top.splitlines()[1:]] == ["R-5", "R-6", "R-4", "R-3", "R-2"]


def test_a_restricted_project_is_counted_and_none_of_its_words_are_said(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Project Nightfall")
    program = next(b for b in luis.modal["blocks"] if b.get("block_id") == "program")["element"]["options"][0]["value"]
    luis.submits({"target_on": "2026-05-22", "program": program})
    post_status(town, "ULUIS", "CSECRET", **RED)
    nightfall = project_id(town, "Project Nightfall")
    log_risk(town, 1, 5, 5, project_id=nightfall, title="Nightfall leaks")
    log_decision(town, 1, date(2026, 4, 1), project_id=nightfall, title="Buy Nightfall")
    log_decision(town, 2, date(2026, 4, 10), project_id=nightfall, title="Sell Nightfall")
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    log_risk(town, 3, 5, 5, project_id=nightfall, title="Nightfall leaks again")
    log_decision(town, 3, date(2026, 4, 10), project_id=nightfall, status="accepted", decided_at=town.clock.now())
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))

    first, second = rollups(town)
    assert "1 project: 1 Unknown · 1 restricted" in lines(first)[1]
    for post in (first, second):
        assert "Nightfall" not in str(post)
        assert "second vendor" not in str(post)
        assert "Red" not in str(post)
        assert "R-" not in str(post)
        assert "D-" not in str(post)


def test_issues_that_were_opened_and_resolved_since_are_told_and_those_taken_back_are_not(town):
    luis = town.person("ULUIS")
    for title in ("Ledger does not reconcile", "Certificate has expired", "Logged by mistake"):
        luis.types("CLEDGER", f"/pm issue {title}")
        luis.submits({"severity": "sev3"})
    luis.presses(luis.reads("CLEDGER")[-1], "issue.undo")
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    luis.types("CLEDGER", "/pm issue Second break of the ledger")
    luis.submits({"severity": "sev2"})
    first, *_ = [m for m in luis.reads("CLEDGER") if "issue I-1 in" in m["text"]]
    luis.presses(first, "issue.start")
    luis.presses(_shown_again(luis, first), "issue.resolve")
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    before, after = rollups(town)
    assert "Issues opened: " in str(before["blocks"])
    assert "I-3" not in str(before)
    told = str(after["blocks"])
    assert "Issues opened: " in told
    assert "|I-4> sev2 · Issues resolved: " in told
    assert "|I-1>" in told
    assert "I-3" not in told


def _shown_again(person: Any, message: dict[str, Any]) -> dict[str, Any]:
    """The same message as it stands now."""
    return next(m for m in person.reads(message["channel"]) if m["ts"] == message["ts"])


def test_a_program_without_a_channel_or_without_anything_posts_nothing(town):
    with town.database.write(1) as session:
        session.execute(update(Project).values(state="cancelled"))
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    with town.database.write(1) as session:
        session.execute(update(Project).values(state="active"))
        session.execute(update(Program).values(channel=None))
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    assert rollups(town) == []
    with town.database.read(1) as session:
        days = session.scalars(select(Occurrence.local_date).where(Occurrence.kind == "rollup"))
        assert sorted(days) == [date(2026, 4, 6), date(2026, 4, 13)], "the next one compares with what was"
