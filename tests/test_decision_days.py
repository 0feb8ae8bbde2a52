"""Days that a decision waits for: a deferred one comes back, an outcome is asked for."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from models.schemas.decision import DecisionStatus
from models.tables import Decision, History
from tests.deciding import REASON, decide, does, found, log, presses, thread
from tests.owing import daily
from tests.town import Town

NEW_YORK = ZoneInfo("America/New_York")


def changed_at(town: Town) -> list[str]:
    """When its state changed, on the program's clock."""
    with town.database.read(1) as session:
        moments = session.scalars(select(History.at).where(History.field == "status").order_by(History.id)).all()
    return [f"{moment.astimezone(NEW_YORK):%a %d %b %H:%M}" for moment in moments]


def asked_for_outcome(town: Town) -> list[dict[str, Any]]:
    """Daily messages that ask for it now."""
    return [message for message in daily(town, "ULUIS") if "Review the outcome of" in str(message["blocks"])]


def test_a_deferred_decision_is_asked_again_on_its_day(town):
    card = log(town)
    does(town, "ULUIS", card, "defer", due_on="2026-04-08", **REASON)
    deferred = town.card("CLEDGER", "Deferred to Wed 8 Apr: D-1 Cutover strategy.")
    assert "On that day it is asked again by itself." in str(deferred["blocks"])
    [ask] = town.person("UDANA").direct_messages()
    assert ask["text"].startswith("Deferred to Wed 8 Apr")

    town.play(datetime(2026, 4, 8, 8, 59, tzinfo=NEW_YORK))
    assert found(town).status is DecisionStatus.DEFERRED
    town.play(datetime(2026, 4, 8, 9, 30, tzinfo=NEW_YORK))
    assert changed_at(town) == ["Mon 30 Mar 09:00", "Wed 08 Apr 09:00"]
    assert town.card("CLEDGER", "Decision D-1 needed by Wed 8 Apr from dana")
    assert thread(town, card)[-1].startswith("D-1 changed. By itself: State Decision needed, was Deferred.")
    assert town.person("UDANA").direct_messages()[-1]["text"].startswith("Your decision is needed by Wed 8 Apr")


def test_a_decision_is_deferred_to_a_later_day(town):
    card = log(town)
    luis = town.person("ULUIS")
    luis.presses(card, "decision.more", option=f"defer:{found(town).id}")
    luis.submits({"due_on": "2026-03-30", **REASON})
    assert luis.form_errors == {"due_on": "Choose a day after today. To decide today, close this form."}
    luis.submits({"due_on": "2026-03-27"}, force=True)
    assert luis.form_errors == {"due_on": "This date is past. Choose Mon 30 Mar 2026 or later."}
    luis.submits({"due_on": "2026-03-31"})
    assert found(town).due_on == date(2026, 3, 31)


def test_its_driver_proposes_it_again_before_its_day(town):
    card = log(town)
    does(town, "UDANA", card, "defer", due_on="2026-04-08", **REASON)
    deferred = town.card("CLEDGER", "Deferred to Wed 8 Apr")
    assert presses(town, "UDANA", deferred, "resume").text == "You cannot propose D-1."
    presses(town, "ULUIS", deferred, "resume")
    assert found(town).status is DecisionStatus.PROPOSED
    town.pass_time(days=12)
    assert len(changed_at(town)) == 2


def test_what_is_not_deferred_any_more_does_not_come_back(town):
    card = log(town)
    does(town, "UDANA", card, "defer", due_on="2026-04-08", **REASON)
    with town.database.write(1) as session:
        session.execute(update(Decision).values(status="withdrawn"))
    town.pass_time(days=12)
    assert found(town).status is DecisionStatus.WITHDRAWN


def test_its_driver_is_asked_in_the_daily_message_whether_it_worked(town):
    card = log(town)
    decide(town, card, outcome_review_on="2026-04-15")
    town.play(datetime(2026, 4, 15, 9, 59, tzinfo=NEW_YORK))
    assert asked_for_outcome(town) == []
    town.play(datetime(2026, 4, 15, 12, 0, tzinfo=NEW_YORK))
    [ask] = asked_for_outcome(town)
    luis = town.person("ULUIS")
    luis.presses(ask, "decision.grade")
    luis.submits({"outcome": "No outage, two days late", "outcome_grade": "as_expected"})
    assert luis.form_errors == {}
    assert "*Turned out* as expected" in str(town.card("CLEDGER", "Decided: D-1")["blocks"])
    assert "D-1> turned out as expected" in str(daily(town, "ULUIS")[-1]["blocks"])
    town.play(datetime(2026, 4, 22, 12, 0, tzinfo=NEW_YORK))
    assert asked_for_outcome(town) == []


def test_an_outcome_that_was_told_before_its_day_is_not_asked_for(town):
    card = log(town)
    decide(town, card, outcome_review_on="2026-04-15")
    does(town, "ULUIS", card, "grade", outcome="It worked at once", outcome_grade="better")
    town.pass_time(days=20)
    assert asked_for_outcome(town) == []


def test_outcomes_of_long_ago_that_an_import_brings_are_not_asked_for(town):
    card = log(town)
    decide(town, card)
    with town.database.write(1) as session:
        session.execute(update(Decision).values(outcome_review_on=date(2026, 3, 1)))
    town.pass_time(days=3)
    assert asked_for_outcome(town) == []
