"""Pause, dry run and kinds of message that are off: by whom, with what reason, and what people see of it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from bot.services import switches
from models.schemas.switches import MessageKind
from models.tables import History, Occurrence, Program
from tests.asking import asked
from tests.deliveries import caught
from tests.town import Town


def program(town: Town) -> Program:
    with town.database.read(1) as session:
        return session.scalars(select(Program)).one()


def switch(town: Town) -> switches.Switch:
    with town.database.read(1) as session:
        return switches.of_program(session, program(town).id, now=town.clock.now())


def pressed(town: Town, user: str, shown: dict[str, Any], action: str, option: str | None = None) -> Any:
    return (
        town.person(user).presses(shown, action, option=option) if option else town.person(user).presses(shown, action)
    )


def test_pausing_until_a_day_holds_until_that_day_of_the_program(town):
    maya = town.person("UMAYA")
    shown = maya.types("CPROG", "/pm pause until 14 Apr release <b> freeze").shown[-1]
    assert shown["blocks"][0]["text"]["text"].split("\n") == [
        "*Nothing is sent for Payments Renewal until Tue 14 Apr*",
        "Paused by maya, Mon 30 Mar. Why: release &lt;b&gt; freeze.",
    ]
    assert switch(town).is_paused
    town.play(datetime(2026, 4, 14, 3, 59, tzinfo=UTC))
    assert switch(town).is_paused
    town.play(datetime(2026, 4, 14, 4, 0, tzinfo=UTC))
    assert not switch(town).is_paused


def test_who_may_not_press_an_old_button_either(town):
    shown = town.person("UMAYA").types("CPROG", "/pm switches").shown[-1]
    press = caught(town, lambda: town.person("UMAYA").presses(shown, "switches.pause_all"))
    press["user"] |= {"id": "UKAVYA"}
    town.deliver("interactive", press | {"trigger_id": "1.2.b"})
    assert not switch(town).is_paused


def test_every_change_is_kept_with_who_and_why(town):
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm pause release freeze")
    shown = maya.types("CPROG", "/pm switches").shown[-1]
    pressed(town, "UMAYA", shown, "switches.resume")
    with town.database.read(1) as session:
        rows = session.scalars(select(History).where(History.kind == "program").order_by(History.id)).all()
        kept = [(row.field, row.new is not None, row.reason) for row in rows if row.field.startswith("paused")]
    assert kept == [("paused_at", True, "release freeze"), ("paused_at", False, None)]


def test_a_pause_can_be_given_a_date_and_a_reason_later(town):
    maya = town.person("UMAYA")
    shown = maya.types("CPROG", "/pm pause").shown[-1]
    pressed(town, "UMAYA", shown, "switches.edit")
    maya.submits({"reason": "Release freeze", "until": "2026-03-30"})
    assert "until" in maya.form_errors
    result = maya.submits({"reason": "Release freeze", "until": "2026-04-14"})
    assert maya.form_errors == {}
    assert "until Tue 14 Apr" in result.text
    assert program(town).paused_until == date(2026, 4, 14)


def test_only_its_manager_its_sponsor_and_admins_switch_it(town):
    refused = town.person("UKAVYA").types("CPROG", "/pm pause").shown[-1]
    assert "You cannot change what is sent for Payments Renewal" in refused["text"]
    assert "The program manager (maya), the sponsor (dana) and an admin can." in refused["blocks"][0]["text"]["text"]
    assert not switch(town).is_paused
    assert "Nothing is sent" in town.person("UDANA").types("CPROG", "/pm pause").text


def test_in_a_projects_channel_the_word_is_about_the_project_alone(town):
    town.person("UMAYA").types("CLEDGER", "/pm pause")
    assert town.person("UMAYA").modal["title"]["text"] == "Pause asks"
    assert not switch(town).is_paused


def test_a_dry_run_goes_to_whoever_turned_it_on(town):
    dana = town.person("UDANA")
    shown = dana.types("CPROG", "/pm switches").shown[-1]
    assert "Everything is sent for Payments Renewal" in shown["text"]
    shown = pressed(town, "UDANA", shown, "switches.dry_run_on")
    assert switch(town).dry_run_to == "UDANA"
    shown = dana.reads("CPROG")[-1]
    assert shown["text"] == "Dry run: everything of Payments Renewal goes to dana."
    pressed(town, "UDANA", shown, "switches.dry_run_off")
    assert switch(town).dry_run_to is None


def test_a_kind_of_message_is_turned_off_and_on_again(town):
    maya = town.person("UMAYA")
    shown = maya.types("CPROG", "/pm switches").shown[-1]
    pressed(town, "UMAYA", shown, "switches.kind", f"rollups:program:{program(town).id}")
    assert not switch(town).sends(MessageKind.ROLLUPS)
    assert switch(town).sends(MessageKind.ASKS)
    shown = maya.reads("CPROG")[-1]
    assert shown["text"] == "Turned off for Payments Renewal: rollups."
    pressed(town, "UMAYA", shown, "switches.kind", f"rollups:program:{program(town).id}")
    assert switch(town).sends(MessageKind.ROLLUPS)


def test_who_would_be_asked_reads_it_in_their_home(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    town.person("UMAYA").types("CPROG", "/pm pause until 14 Apr")
    town.settle()
    home = luis.home
    assert home is not None
    assert home["blocks"][1]["elements"][0]["text"] == (
        "Payments Renewal is paused until Tue 14 Apr: nothing is sent for it."
    )
    town.person("UMAYA").types("CPROG", "/pm resume")
    town.settle()
    home = luis.home
    assert home is not None
    assert "paused" not in str(home["blocks"][1])


def test_a_paused_program_is_not_named_to_those_who_have_nothing_to_do_with_it(town):
    town.person("UMAYA").types("CPROG", "/pm pause")
    home = town.person("URUBY").opens_home()
    assert "paused" not in str(home)


def test_what_falls_due_during_a_pause_is_not_asked_for_and_not_missed(town):
    """Thursday's request opens and falls due while nothing is sent: it is waived, and the next one is asked for."""
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm pause until 6 Apr freeze")
    town.play(datetime(2026, 4, 8, 20, tzinfo=UTC))
    assert asked(town) == []
    assert town.count(Occurrence, state="waived", waived_reason="Its program was paused") == 1
    town.play(datetime(2026, 4, 9, 20, tzinfo=UTC))
    assert [when.astimezone(UTC) for _, when in asked(town)] == [datetime(2026, 4, 9, 14, tzinfo=UTC)]


def test_who_was_asked_before_a_pause_is_not_reminded_in_it(town):
    town.play(datetime(2026, 4, 2, 15, tzinfo=UTC))
    assert len(asked(town)) == 1
    town.person("UMAYA").types("CPROG", "/pm pause until 7 Apr")
    town.play(datetime(2026, 4, 8, 20, tzinfo=UTC))
    assert len(asked(town)) == 1
    assert town.count(Occurrence, state="waived") == 1


def test_a_paused_program_gets_no_rollup_and_none_later(town):
    town.person("UMAYA").types("CPROG", "/pm pause until 7 Apr")
    town.play(datetime(2026, 4, 10, 20, tzinfo=UTC))
    assert not any("week 14" in message["text"] for message in town.person("UMAYA").reads("CPROG"))
