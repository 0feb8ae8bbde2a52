"""A milestone and an audit finding as things that are asked for, and the answers to them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.tables import Dependency, Finding, History, Milestone
from tests.asking import NEW_YORK, sqlite_only
from tests.owing import HOSTILE, add, add_finding, add_milestone, asks, at, daily, lines, person_id, project
from tests.town import CAST, Town

TUESDAY = at("2026-03-31T10:00", NEW_YORK)


@pytest.fixture
def due(town: Town) -> int:
    """Luis's milestone was due on Friday a week ago; what waits for it is another project."""
    town.sandbox.add_channel("CVENDOR", "p-vendor", [*CAST, town.sandbox.bot_user_id])
    town.set_up_project("UKAVYA", "CVENDOR", "Merchant Onboarding")
    milestone = add_milestone(town, "luis", date(2026, 3, 20))
    add(
        town,
        Dependency,
        title="Accept ledger backfill",
        give_project_id=project(town)["project_id"],
        get_project_id=project(town, "Merchant Onboarding")["project_id"],
        provider_milestone_id=milestone,
        needed_by=date(2026, 4, 7),
        created_at=town.clock.now(),
    )
    town.play(TUESDAY)
    return milestone


def milestone_row(town: Town, milestone: int) -> Milestone:
    with town.database.read(1) as session:
        return session.scalars(select(Milestone).where(Milestone.id == milestone)).one()


def test_it_is_asked_for_and_one_press_achieves_it(town, due):
    [message] = daily(town, "ULUIS")
    assert message["text"] == "1 ask for today. First: re-date or achieve Production ready, was due Fri 20 Mar."
    assert ":large_orange_diamond: Milestone · was due Fri 20 Mar · your project Ledger Migration" in str(message)
    assert "Merchant Onboarding waits for it" in str(message)
    luis = town.person("ULUIS")
    luis.presses(message, "milestone.achieve")
    row = milestone_row(town, due)
    assert (row.status, row.achieved_on) == ("achieved", date(2026, 3, 31))
    [message] = daily(town, "ULUIS")
    assert message["text"] == "Your ask is answered. Nothing more today."
    assert ":white_check_mark: Production ready achieved" in str(message["blocks"])
    [row] = asks(town)
    assert (row.state, row.effect, row.answered_by_id) == ("answered", "achieved", person_id(town, "luis"))


def test_the_new_date_shows_the_slip_and_who_waits_before_it_is_saved(town, due):
    [message] = daily(town, "ULUIS")
    luis = town.person("ULUIS")
    luis.presses(message, "milestone.redate")
    assert "Was due Fri 20 Mar. First baseline Fri 20 Mar, never moved." in str(luis.modal["blocks"])
    luis.fills({"due_on": "2026-04-07"})
    effect = next(b for b in luis.modal["blocks"] if b.get("block_id") == "effect")["elements"][0]["text"]
    assert effect == "*1st slip, +18 days.* Merchant Onboarding needs it by Tue 7 Apr: holds."
    luis.fills({"due_on": "2026-04-09"})
    assert "Merchant Onboarding needs it by Tue 7 Apr: 2 working days late." in str(luis.modal["blocks"])
    luis.submits({"due_on": "2026-04-07", "reason": "The vendor delivers a week later"})
    assert luis.form_errors == {}
    row = milestone_row(town, due)
    assert (row.due_on, row.baseline_on, row.version) == (date(2026, 4, 7), date(2026, 3, 20), 2)
    [message] = daily(town, "ULUIS")
    assert "Production ready re-dated to Tue 7 Apr, 1st slip, +18 days" in str(message["blocks"])

    town.play(at("2026-04-07T11:00", NEW_YORK))
    assert "2. Mark Production ready achieved, or re-date it" in lines(daily(town, "ULUIS")[-1])
    with town.database.read(1) as session:
        change = session.scalars(select(History).where(History.kind == "milestone", History.field == "due_on")).one()
    assert (change.old, change.new, change.reason) == ("2026-03-20", "2026-04-07", "The vendor delivers a week later")


@sqlite_only
def test_a_date_needs_a_reason_and_lies_ahead_and_is_another_one(town, due):
    luis = town.person("ULUIS")
    luis.presses(daily(town, "ULUIS")[0], "milestone.redate")
    luis.submits({"due_on": "2026-03-30", "reason": "The vendor delivers a week later"}, force=True)
    assert luis.form_errors == {"due_on": "This date is past. Choose Tue 31 Mar 2026 or later."}
    luis.submits({"due_on": "2026-04-07", "reason": " too short "}, force=True)
    assert luis.form_errors == {"reason": "Say in 10 to 300 characters why the date moves."}
    with town.database.write(1) as session:
        session.execute(update(Milestone).values(due_on=date(2026, 4, 7)))
    luis.submits({"due_on": "2026-04-07", "reason": "The vendor delivers a week later"}, force=True)
    assert milestone_row(town, due).version == 1


@sqlite_only
def test_who_may_and_what_its_state_allows(town, due):
    number = milestone_row(town, due).number
    for user, may in (("UJONAS", False), ("UMAYA", True)):
        with town.database.write(1) as session:
            session.execute(update(Milestone).values(status="planned"))
        shown = town.person(user).types("CLEDGER", f"/pm M-{number}").shown[-1]
        town.person(user).presses(shown, "milestone.achieve")
        assert (milestone_row(town, due).status == "achieved") is may, user
    assert "is already achieved" in town.person("UMAYA").presses(shown, "milestone.achieve").text


@sqlite_only
def test_a_gate_is_accepted_by_the_manager_or_the_sponsor(town, due):
    with town.database.write(1) as session:
        session.execute(update(Milestone).values(kind="gate"))
    [message] = daily(town, "ULUIS")
    town.person("ULUIS").presses(message, "milestone.achieve")
    assert milestone_row(town, due).status == "planned"
    dana = town.person("UDANA")
    dana.presses(dana.types("CLEDGER", f"/pm M-{milestone_row(town, due).number}").shown[-1], "milestone.achieve")
    assert milestone_row(town, due).status == "achieved"
    assert "Production ready achieved, by dana" in str(daily(town, "ULUIS")[0]["blocks"])


@sqlite_only
def test_a_missed_one_goes_on_with_its_new_date_and_what_rests_is_not_asked(town, due):
    with town.database.write(1) as session:
        session.execute(update(Milestone).values(status="missed"))
    luis = town.person("ULUIS")
    luis.presses(daily(town, "ULUIS")[0], "milestone.redate")
    luis.submits({"due_on": "2026-04-08", "reason": "The vendor delivers a week later"})
    assert milestone_row(town, due).status == "in_progress"
    shown = luis.types("CLEDGER", f"/pm M-{milestone_row(town, due).number}").shown[-1]
    assert "Slip* 1st slip, +19 days" in str(shown["blocks"])
    history = luis.presses(shown, "milestone.history").shown[-1]
    assert "Due Wed 8 Apr, was Fri 20 Mar" in str(history["blocks"])


def test_a_finding_is_updated_and_asked_about_again_a_week_later(town):
    finding = add_finding(town, "luis", date(2026, 3, 19), HOSTILE)
    town.play(TUESDAY)
    [message] = daily(town, "ULUIS")
    assert ":large_red_square: Critical finding · was due Thu 19 Mar · you own it" in str(message["blocks"])
    luis = town.person("ULUIS")
    luis.presses(message, "finding.update")
    luis.submits({"note": "Rehearsal on Tue 7 Apr", "state": "ready_for_verification"})
    assert luis.form_errors == {"evidence": "Say where whoever verifies it can see that it is mended."}
    luis.submits({"state": "in_remediation"})
    with town.database.read(1) as session:
        row = session.scalars(select(Finding).where(Finding.id == finding)).one()
    assert (row.status, row.status_reason) == ("in_remediation", "Rehearsal on Tue 7 Apr")
    [message] = daily(town, "ULUIS")
    assert f"AF-{row.number} updated: in remediation, Rehearsal on Tue 7 Apr" in str(message["blocks"])

    town.play(TUESDAY + timedelta(days=1, hours=4))
    assert len(daily(town, "ULUIS")) == 1, "an update is an answer"
    town.play(TUESDAY + timedelta(days=8))
    assert any("AF-" in line for each in daily(town, "ULUIS")[1:] for line in lines(each) or [str(each)])


@sqlite_only
def test_its_owner_hands_a_finding_in_and_never_closes_it(town):
    finding = add_finding(town, "luis", date(2026, 3, 19))
    town.play(TUESDAY)
    luis = town.person("ULUIS")
    luis.presses(daily(town, "ULUIS")[0], "finding.update")
    luis.submits({"note": "Rehearsed twice", "state": "ready_for_verification", "evidence": "The log of 30 March"})
    assert luis.form_errors == {}
    shown = luis.types("CLEDGER", f"/pm {asks(town)[0].subject}").shown[-1]
    assert "Ready for verification" in str(shown["blocks"]) and "finding.update" not in str(shown["blocks"])
    town.play(TUESDAY + timedelta(days=9))
    assert not any("AF-" in line for each in daily(town, "ULUIS")[1:] for line in lines(each))
    assert finding
