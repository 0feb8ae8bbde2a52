"""`/pm rollup portfolio`: all programs that a channel's readers may see, every week."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.services import portfolio
from models.tables import Person, Program, Project, ScheduleRule
from models.tables.unit import add_row
from tests.asking import post_status, sqlite_only
from tests.statements import statements_of
from tests.test_rollup import RED, lines, log_decision
from tests.town import Town

MONDAY = datetime(2026, 4, 6, 13, tzinfo=UTC)


def set_up(town: Town, channel: str = "CFRAUD", user: str = "UMAYA") -> None:
    person = town.person(user)
    person.types(channel, "/pm rollup portfolio")
    person.submits({"weekday": "1", "local_time": "09:00"})
    assert person.form_errors == {}


def another_program(town: Town) -> None:
    with town.database.write(1) as session:
        jonas = session.scalars(select(Person).where(Person.handle == "jonas")).one()
        values = {"number": 9, "name": "Privacy", "manager_id": jonas.id, "tz": "Europe/Berlin", "state": "active"}
        add_row(session, Program, **values, visibility="open", horizon="rolling", created_at=MONDAY)


def posts(town: Town, channel: str = "CFRAUD") -> list[dict[str, Any]]:
    return [m for m in town.person("UMAYA").reads(channel) if m["text"].startswith("Portfolio, week")]


def test_programs_are_rows_the_worst_first_and_the_oldest_ask_leads(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    log_decision(town, 4, date(2026, 3, 20), title="Freeze <!channel> dates")
    another_program(town)
    set_up(town)
    assert "comes here Mon 6 Apr, 09:00 New York" in town.person("UMAYA").reads("CFRAUD")[-1]["text"]
    town.play(MONDAY + timedelta(minutes=1))
    [post] = posts(town)
    shown = lines(post)
    assert shown[0] == "Portfolio, week 14"
    assert shown[1] == (":large_red_square: *Red* · 2 asks\n2 programs: 1 Red · 1 active project")
    assert shown[2].startswith("*2 asks*\n1. <@UDANA> decide D-4 Freeze &lt;!channel&gt; dates · was due Fri 20 Mar")
    assert "Health | Program | Projects | Asks | Top risk" in shown
    assert "Red | Payments Renewal | 1 Red | 2 | -" in shown
    assert "No active project | Privacy | - | 0 | -" in shown
    assert shown[-1].endswith("Next: Mon 13 Apr, 09:00 New York.")
    town.play(MONDAY + timedelta(days=7, minutes=1))
    assert "*Nothing changed since Mon 6 Apr*" in lines(posts(town)[-1])


def test_a_restricted_program_is_neither_named_nor_counted(town):
    another_program(town)
    with town.database.write(1) as session:
        session.execute(update(Program).where(Program.name == "Privacy").values(visibility="restricted"))
        session.execute(update(Project).values(visibility="restricted"))
    set_up(town)
    town.play(MONDAY + timedelta(minutes=1))
    [post] = posts(town)
    assert "Privacy" not in str(post)
    assert "Ledger" not in str(post)
    assert "1 program · 0 active projects" in lines(post)[1]


def test_it_is_looked_at_sent_moved_and_stopped_where_it_stands(town):
    set_up(town)
    maya = town.person("UMAYA")
    maya.types("CFRAUD", "/pm rollup portfolio")
    preview = maya.reads("CFRAUD")[-1]
    assert preview["text"].startswith("Preview: Portfolio, week 13")
    maya.presses(preview, "portfolio.send")
    [post] = posts(town)
    town.person("ULUIS").presses(post, "rollup.acknowledge")
    assert "Read by 1." in lines(posts(town)[0])[-1]
    town.person("ULUIS").presses(post, "rollup.text")
    assert "*1 program, worst first*" in str(town.person("ULUIS").reads("CFRAUD")[-1])
    maya.types("CFRAUD", "/pm rollup portfolio")
    maya.presses(maya.reads("CFRAUD")[-1], "portfolio.hour")
    maya.submits({"weekday": "5", "local_time": "10:00"})
    with town.database.read(1) as session:
        rule = session.scalars(select(ScheduleRule).where(ScheduleRule.kind == "portfolio")).one()
        assert rule.next_due_at == datetime(2026, 4, 3, 14, tzinfo=UTC)
    maya.types("CFRAUD", "/pm rollup portfolio")
    maya.presses(maya.reads("CFRAUD")[-1], "portfolio.stop")
    town.play(MONDAY + timedelta(days=30))
    assert len(posts(town)) == 1


@sqlite_only
def test_who_may_set_it_up(town):
    assert town.person("UKAVYA").types("CFRAUD", "/pm rollup portfolio").text.startswith("You cannot set up")
    set_up(town, user="UDANA")


def test_as_many_statements_for_one_program_as_for_many(town):
    set_up(town)
    counts = []
    for number in (0, 8):
        with town.database.write(1) as session:
            first = session.scalars(select(Program)).first()
            for n in range(number):
                session.add(
                    Program(
                        number=50 + n,
                        name=f"Program {n}",
                        manager_id=first.manager_id,
                        tz="UTC",
                        created_at=MONDAY,
                        state="active",
                    )
                )
        with town.database.read(1) as session:
            rule = session.scalars(select(ScheduleRule).where(ScheduleRule.kind == "portfolio")).one()
            with statements_of(session.get_bind()) as asked:
                portfolio.build(session, rule, day=MONDAY.date(), now=MONDAY)
            counts.append(len([each for each in asked if each.startswith("SELECT")]))
    assert counts[0] == counts[1]
    assert counts[1] <= 12
