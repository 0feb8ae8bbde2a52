"""Who is asked while somebody is away, and what they hear on their first day back."""

from datetime import date, timedelta

import pytest

from models.tables import Absence, Decision
from tests.asking import NEW_YORK, sqlite_only
from tests.owing import add_assumption, add_decision, add_milestone, asks, at, daily, lines, person_id
from tests.town import Town

MONDAY = date(2026, 3, 30)
TUESDAY = at("2026-03-31T11:00", NEW_YORK)
THURSDAY = at("2026-04-02T10:30", NEW_YORK)


def away(town: Town, who: str, delegate: str | None, start: date = MONDAY, end: date = date(2026, 4, 1)) -> None:
    from models.tables.unit import add_row

    with town.database.write(1) as session:
        add_row(
            session,
            Absence,
            person_id=person_id(town, who),
            start_on=start,
            end_on=end,
            delegate_id=person_id(town, delegate) if delegate else None,
            created_at=town.clock.now(),
        )


@pytest.fixture
def town_of_luis(town: Town) -> Town:
    add_assumption(town, "luis", date(2026, 3, 27))
    return town


def test_the_delegate_is_asked_on_behalf_and_the_absent_one_hears_of_it(town_of_luis):
    town = town_of_luis
    add_milestone(town, "dana", date(2026, 3, 31), "Budget approved")
    away(town, "luis", "dana")
    town.play(TUESDAY)
    assert daily(town, "ULUIS") == []
    message = daily(town, "UDANA")[-1]
    [first, *_] = [b["text"]["text"] for b in message["blocks"] if b["type"] == "section"]
    assert first.startswith("*2 asks for today: 1 for luis, 1 of your own*\n<@ULUIS> is away until Wed 1 Apr")
    assert "2 asks for today: 1 on behalf of luis, away until Wed 1 Apr, and 1 of your own." in message["text"]
    assert "luis gets a summary of what you answered on the first day back." in str(message["blocks"])
    town.person("UDANA").presses(message, "assumption.confirm")
    [row] = asks(town, kind="settle")
    assert (row.state, row.answered_by_id) == ("answered", person_id(town, "dana"))

    town.play(THURSDAY)
    back = daily(town, "ULUIS")[-1]
    shown = str(back["blocks"])
    assert "*While you were away, <@UDANA> answered 1 ask for you*\\nMon 30 Mar to Wed 1 Apr." in shown
    assert f"{row.subject}> confirmed" in shown
    answers = town.person("ULUIS").presses(back, "delegate.show").shown[-1]
    assert f"{row.subject}> confirmed" in str(answers["blocks"])
    town.play(THURSDAY + timedelta(hours=5))
    assert len(daily(town, "ULUIS")) == 1


@sqlite_only
def test_the_summary_alone_is_the_message_of_the_first_day_back(town_of_luis):
    town = town_of_luis
    away(town, "luis", "dana", end=date(2026, 3, 31))
    town.play(TUESDAY)
    town.person("UDANA").presses(daily(town, "UDANA")[-1], "assumption.confirm")
    town.play(at("2026-04-01T12:00", NEW_YORK))
    [back] = daily(town, "ULUIS")
    assert back["text"] == "Welcome back. While you were away dana answered 1 ask for you. Nothing is overdue."


@sqlite_only
@pytest.mark.parametrize("chain", [["jonas", "dana"], ["jonas", "kavya", "dana"]])
def test_a_chain_of_delegates_is_followed_for_three_steps(town_of_luis, chain):
    town = town_of_luis
    for who, delegate in zip(["luis", *chain], chain, strict=False):
        away(town, who, delegate, end=date(2026, 4, 10))
    town.play(TUESDAY)
    assert "luis is away" not in str(daily(town, "UMAYA"))
    assert lines(daily(town, chain_user(chain[-1]))[-1])


@sqlite_only
def test_a_circle_or_nobody_named_sends_it_up_the_ladder(town_of_luis):
    town = town_of_luis
    away(town, "luis", "jonas", end=date(2026, 4, 10))
    away(town, "jonas", "luis", end=date(2026, 4, 10))
    town.play(TUESDAY)
    message = daily(town, "UMAYA")[-1]
    assert "<@ULUIS> is away until Fri 10 Apr and you are the next to be asked." in str(message["blocks"]) or (
        "is away until Fri 10 Apr" in str(message["blocks"])
    )
    assert daily(town, "UJONAS") == [] == daily(town, "ULUIS")


def test_who_declines_gives_it_to_the_next_on_the_ladder(town_of_luis):
    town = town_of_luis
    away(town, "luis", "kavya", end=date(2026, 4, 10))
    town.play(TUESDAY)
    kavya = town.person("UKAVYA")
    kavya.presses(daily(town, "UKAVYA")[-1], "delegate.decline")
    kavya.submits({"reason": "I do not know this vendor"})
    assert kavya.form_errors == {}
    town.play(at("2026-04-01T12:00", NEW_YORK))
    assert daily(town, "UKAVYA")[-1]["text"] == "Nothing waits in this message any more."
    message = daily(town, "UMAYA")[-1]
    maya = town.person("UMAYA")
    maya.presses(message, "ask.more", option=f"decline:{asks(town)[0].id}")
    maya.submits({"reason": "Dana knows the bank"})
    town.play(at("2026-04-02T12:00", NEW_YORK))
    assert lines(daily(town, "UDANA")[-1])
    assert asks(town)[0].declined_reason == "Dana knows the bank"
    assert len(daily(town, "UKAVYA")) == 1


@sqlite_only
def test_a_decision_goes_to_the_delegate_of_its_approver(town):
    decision = add_decision(town, "dana", date(2026, 3, 31))
    away(town, "dana", "kavya", end=date(2026, 4, 10))
    town.play(TUESDAY + timedelta(days=1))
    message = daily(town, "UKAVYA")[-1]
    kavya = town.person("UKAVYA")
    kavya.presses(message, "decision.decide")
    kavya.submits({"rationale": "It was cheaper and sooner"})
    assert kavya.form_errors == {}
    with town.database.read(1) as session:
        assert session.get(Decision, decision).status == "accepted"


@sqlite_only
def test_without_a_delegate_the_next_one_can_name_another_approver(town):
    add_decision(town, "dana", date(2026, 3, 31))
    away(town, "dana", None, end=date(2026, 4, 10))
    town.play(TUESDAY)
    message = daily(town, "ULUIS")[-1]
    actions = [e["action_id"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert "decision.edit" in actions and "decision.decide" not in actions


@sqlite_only
def test_a_restricted_project_is_not_told_to_a_delegate_outside_it(town_of_luis):
    town = town_of_luis
    town.restrict()
    away(town, "luis", "kavya", end=date(2026, 4, 10))
    town.play(TUESDAY)
    assert daily(town, "UKAVYA") == []
    assert lines(daily(town, "UMAYA")[-1])


def chain_user(handle: str) -> str:
    return f"U{handle.upper()}"
