"""Figures that are worse than an owner's word: the owner sees them a day before everybody else."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.services import disagreements
from models.tables import Disagreement, Milestone, Person, Project
from models.tables.unit import add_row
from tests.asking import THURSDAY, post_status, sqlite_only
from tests.test_rollup import MONDAY_6_APRIL, lines, rollups
from tests.town import Town


def late_milestone(town: Town, title: str = "Cutover <!channel> done") -> None:
    """Twenty working days of work are left of what was due a week ago."""
    with town.database.write(1) as session:
        project = session.scalars(select(Project)).one()
        luis = session.scalars(select(Person).where(Person.handle == "luis")).one()
        add_row(
            session,
            Milestone,
            number=1,
            project_id=project.id,
            title=title,
            owner_id=luis.id,
            due_on=date(2026, 3, 24),
            baseline_on=date(2026, 3, 24),
            remaining_likely=20,
            created_at=town.clock.now(),
        )


def noted(town: Town) -> list[Disagreement]:
    with town.database.read(1) as session:
        return list(session.scalars(select(Disagreement).order_by(Disagreement.id)))


def table(town: Town) -> list[str]:
    return [line for line in lines(rollups(town)[-1]) if "Ledger Migration" in line and " | " in line]


def opened(town: Town, user: str = "ULUIS") -> list[dict[str, Any]]:
    town.person(user).types("CLEDGER", "/update")
    return list(town.person(user).modal["blocks"])


def asked(town: Town) -> str:
    """The owner's newest daily message."""
    return str(town.person("ULUIS").direct_messages()[-1]["blocks"])


def test_it_is_noted_when_the_status_is_asked_for_and_the_daily_message_says_it_first(town):
    post_status(town)
    late_milestone(town)
    town.play(THURSDAY + timedelta(minutes=1))
    [row] = noted(town)
    assert (row.declared, row.computed, row.began_at, row.ended_at) == ("green", "red", THURSDAY, None)
    assert "*the figures say Red*" in asked(town)
    assert row.shown_at == THURSDAY
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert table(town)[0].startswith("Green | Ledger Migration | Red: ")


def test_two_who_look_at_once_note_it_once(town, monkeypatch):
    post_status(town)
    late_milestone(town)
    town.play(THURSDAY + timedelta(minutes=1))
    monkeypatch.setattr(disagreements, "_open", lambda session, project_ids: [])  # read before the other's was there
    with town.database.write(1) as session:
        disagreements.look(session, [1], now=town.clock.now())
    assert len(noted(town)) == 1


def test_what_begins_after_the_status_waits_for_the_next_rollup(town):
    """Nobody is ambushed: the owner has not seen it, so nobody else reads it."""
    town.play(THURSDAY + timedelta(minutes=1))
    post_status(town)
    late_milestone(town)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert table(town) == ["Green | Ledger Migration | - | Cutover <!channel> done, 9 days late | 2 Apr"]
    assert "figures Red" not in str(rollups(town)[-1])
    [row] = noted(town)
    assert (row.computed, row.shown_at) == ("red", None)
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    assert " | Red: " in table(town)[0], "the next request's message showed it"


def test_the_owner_sees_it_beside_the_form_and_a_day_later_the_rollup_says_it(town):
    post_status(town)
    late_milestone(town)
    town.play(THURSDAY + timedelta(minutes=1))
    first, second = opened(town)[:2]
    assert first["text"]["text"].startswith(":large_red_square: *The figures say Red. You last said Green.*\n")
    assert "Only you see this until Fri 3 Apr, 10:0" in second["elements"][0]["text"]
    [row] = noted(town)
    assert row.shown_at is not None
    town.person("ULUIS").submits({"summary": "It is further than the dates say"})
    [row] = noted(town)
    assert row.kept_at is not None
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [line] = table(town)
    assert line.startswith("Green | Ledger Migration | Red: ")
    [post] = rollups(town)
    assert "*Green* · figures Red" in lines(post)[1]
    replies = town.person("UMAYA").thread("CPROG", post["ts"])
    assert "The owner saw the difference on Thu 2 Apr and kept Green." in str(replies)


def test_it_ends_when_the_owner_agrees(town):
    post_status(town)
    late_milestone(town)
    opened(town)
    town.person("ULUIS").submits({"health": "red", "path_to_green": "A second team helps by Friday"}, force=True)
    [row] = noted(town)
    assert row.ended_at is not None


@sqlite_only
def test_nobody_but_the_owner_sees_it_in_the_form_on_the_first_day(town):
    post_status(town)
    late_milestone(town)
    assert "The figures say" not in str(opened(town, "UMAYA"))
    assert noted(town) == [], "who is not shown it starts no clock"
    assert "The figures say" in str(opened(town))
    town.clock.move_to(town.clock.now() + timedelta(days=2))
    assert "The figures say Red" in str(opened(town, "UMAYA"))
    assert "The rollup says it as well" in str(town.person("UMAYA").modal)


def test_figures_that_agree_are_not_mentioned(town):
    post_status(town)
    assert "The figures say" not in str(opened(town))
    assert isinstance(town.clock.now(), datetime)
