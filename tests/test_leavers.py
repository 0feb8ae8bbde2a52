"""What is asked of somebody who has left Slack goes to whoever is there, and they may answer it."""

from datetime import date

import pytest

from bot.domain.reach import Away, Reach
from bot.domain.routing import Duty, receiver
from bot.domain.wall_time import WorkingHours
from bot.services import delivery
from models.tables import Absence, Project
from tests.climbing import add, change, facts, milestone, new_york, only, parent, person_id, replies, risk, steps
from tests.owing import asks, daily
from tests.post_office import say
from tests.town import MONDAY

OWNER, LEAD, BACKUP, MANAGER, DELEGATE = range(1, 6)
HOURS = WorkingHours("UTC")
HERE = {person: Reach(HOURS) for person in (LEAD, BACKUP, MANAGER, DELEGATE)}
COVERED = Reach(HOURS, away=(Away(date(2026, 3, 30), date(2026, 4, 3), DELEGATE),))


@pytest.mark.parametrize(
    ("left", "day", "changed", "asked"),
    [
        (COVERED, 1, {}, DELEGATE),
        (COVERED, 7, {}, BACKUP),
        (Reach(HOURS), 1, {}, BACKUP),
        (COVERED, 1, {"only_within": {LEAD, BACKUP}}, BACKUP),
        (COVERED, 1, {"is_ranked": True}, LEAD),
        (COVERED, 1, {"is_personal": True}, None),
        (COVERED, 1, {"declined_by": {DELEGATE}}, BACKUP),
    ],
)
def test_who_covered_comes_before_the_backup_while_the_days_off_last(left, day, changed, asked):
    duty = Duty(**{"person": OWNER, "ladder": (LEAD, MANAGER), "backup": BACKUP} | changed)
    assert receiver(duty, HERE, MONDAY.replace(month=4, day=day), left={OWNER: left}) == asked


def away(town, who, delegate):
    days = {"start_on": date(2026, 3, 30), "end_on": date(2026, 4, 10), "created_at": town.clock.now()}
    add(town, Absence, person_id=person_id(town, who), delegate_id=person_id(town, delegate), **days)


def leaves(town, *users):
    for user in users:
        town.sandbox.change_person(user, deleted=True)
    town.settle()


def test_who_covered_is_asked_and_who_is_asked_may_acknowledge(town):
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips p4 i4 <@UKAVYA> by Friday")
    away(town, "UKAVYA", "UJONAS")
    leaves(town, "UKAVYA")
    town.play(new_york("2026-03-31 12:00"))
    assert daily(town, "UMAYA") == []
    [row] = asks(town, kind="read_risk")
    assert row.asked_id == person_id(town, "UJONAS")
    town.person("UJONAS").presses(daily(town, "UJONAS")[-1], "risk.acknowledge")
    [row] = asks(town, kind="read_risk")
    assert (row.state, row.answered_by_id) == ("answered", person_id(town, "UJONAS"))


@pytest.mark.parametrize(
    ("asked", "owner", "backup", "left"),
    [
        ("UJONAS", "UKAVYA", "UJONAS", ["UKAVYA"]),
        ("ULUIS", "UKAVYA", None, ["UKAVYA"]),
        ("UDANA", "ULUIS", None, ["ULUIS", "UMAYA"]),
    ],
    ids=["the backup", "the project's owner", "the sponsor"],
)
def test_who_is_next_may_acknowledge_for_who_has_left_and_for_nobody_else(town, asked, owner, backup, left):
    change(town, Project, backup_id=person_id(town, backup) if backup else None)
    town.person("URUBY").types("CLEDGER", f"/risk Vendor slips p4 i4 <@{owner}> by Friday")
    town.settle()
    person = town.person(asked)
    card = town.card("CLEDGER", "New Extreme risk R-1")
    refused = person.presses(card, "risk.acknowledge")
    assert "cannot acknowledge R-1" in str(refused.shown)
    leaves(town, *left)
    town.play(new_york("2026-03-31 12:00"))
    [row] = asks(town, kind="read_risk")
    assert row.asked_id == person_id(town, asked)
    person.presses(daily(town, asked)[-1], "risk.acknowledge")
    town.settle()
    [row] = asks(town, kind="read_risk")
    assert (row.state, row.answered_by_id) == ("answered", person_id(town, asked))


def test_an_escalation_names_the_backup_where_the_projects_owner_has_left(town):
    change(town, Project, backup_id=person_id(town, "UJONAS"))
    leaves(town, "ULUIS")
    milestone(town, due_on="2026-03-27")
    town.settle()
    assert facts(parent(town))["Now with"] == "jonas, for luis who has left Slack"
    assert "for luis who has left Slack" in replies(town, parent(town))[0]
    town.play(new_york("2026-04-08 12:00"))
    assert [step.split()[-1] for step in steps(town)] == ["jonas", "maya", "dana"]


def test_an_escalation_passes_over_everybody_who_has_left(town):
    leaves(town, "ULUIS", "UDANA")
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-04-20 10:00"))
    assert {step.split()[-1] for step in steps(town)} == {"maya"}
    assert facts(parent(town))["Next"] == "no further step"


def test_a_risk_whose_owner_left_waits_for_whoever_is_next(town):
    change(town, Project, backup_id=person_id(town, "UJONAS"))
    leaves(town, "UKAVYA")
    risk(
        town,
        owner="UKAVYA",
        band="extreme",
        at=(4, 5),
        acknowledged_at=None,
        acknowledge_by=new_york("2026-03-30 17:00"),
    )
    town.settle()
    row = only(town)
    assert (row.level, row.notify_id, row.instead_of_id) == (1, person_id(town, "UJONAS"), person_id(town, "UKAVYA"))


def test_somebody_whose_settings_refuse_messages_is_told_of_once_to_their_lead(town):
    """Nothing is lost: it reaches them when they allow it again."""
    town.refused |= {"conversations.open"}
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    risk(town, owner="UKAVYA")
    town.sandbox.change_person("UKAVYA", refuses_apps=True)
    for key in ("first", "second"):
        with town.database.write(1) as session:
            delivery.post(session, say(key), key=key, to="UKAVYA", now=town.clock.now())
    town.settle()
    [told] = [m for m in luis.direct_messages() if "gets nothing that is asked of them" in m["text"]]
    assert "their settings refuse messages from apps" in told["text"]
    assert "R-1" in str(told["blocks"])
    assert len([call for call in town.sandbox.refusals if call.method == "conversations.open"]) == 1
    town.sandbox.change_person("UKAVYA", refuses_apps=False)
    luis.presses(told, "unsent.again")
    town.pass_time(seconds=10)
    assert [m["text"] for m in kavya.direct_messages()] == ["first", "second"]
    assert len([m for m in luis.direct_messages() if "works again" in str(m["blocks"])]) == 1
