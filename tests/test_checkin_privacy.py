"""What people said in a check-in: who reads it, for how long it is kept, and that it leaves by no other door."""

import copy
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.jobs.checkin import forget_answers
from bot.services import parameters
from models.schemas.parameters import DEFAULTS, CheckinRules
from models.tables import Blocker, CheckinAnswer, History, Outbox
from tests.asking import sqlite_only
from tests.checking_in import THURSDAY, WEDNESDAY, answers, parent, set_up, thread
from tests.deliveries import caught
from tests.town import Town

SECRET = "Nightfall"


def said(town: Town, channel: str = "CLEDGER") -> None:
    set_up(town, channel=channel, people=["ULUIS", "UMAYA"], options=["mood", "live"])
    town.play(WEDNESDAY)
    answers(town, "ULUIS", channel, finished=f"{SECRET} graded", blocker=f"{SECRET} is late", mood="2")
    town.play(THURSDAY)


def kept(town: Town) -> str:
    """Everything of check-ins that our database holds in words."""
    with town.database.read(1) as session:
        rows = [
            *session.scalars(select(CheckinAnswer.answers)),
            *session.scalars(select(Blocker.text)),
            *session.execute(select(History.old, History.new, History.reason)).all(),
            *session.scalars(select(Outbox.body)),
        ]
        return json.dumps([tuple(row) if hasattr(row, "_mapping") else row for row in rows], default=str)


def later(town: Town, days: int) -> None:
    town.clock.move_to(town.clock.now() + timedelta(days=days))
    forget_answers(town.runtime)


def test_words_and_mood_are_forgotten_after_90_days_and_numbers_stay(town):
    said(town)
    luis = town.person("ULUIS")
    luis.presses(luis.types("CLEDGER", "/checkin").shown[-1], "checkin.end")
    later(town, 89)
    assert SECRET in kept(town)
    later(town, 2)
    assert SECRET not in kept(town)
    with town.database.read(1) as session:
        found = session.scalars(select(CheckinAnswer).where(CheckinAnswer.forgotten_at.is_not(None))).all()
    assert [(row.answers, row.mood, row.state) for row in found] == [(None, None, "answered")]
    assert SECRET in json.dumps(thread(town))  # what was posted is the channel's
    assert "1 of 2 answered" in parent(town)["blocks"][0]["text"]["text"]


@sqlite_only
def test_the_message_that_asked_about_a_blocker_is_forgotten_with_it(town):
    set_up(town, people=["UMAYA"])
    town.play(WEDNESDAY)
    answers(town, "UMAYA", finished="All graded", blocker=f"{SECRET} is late")
    town.play(THURSDAY + timedelta(days=4))
    with town.database.read(1) as session:
        asked = session.scalars(select(Outbox.body).where(Outbox.message_key.like("asks:%"))).all()
    assert SECRET in json.dumps(asked)
    later(town, 96)
    assert SECRET not in kept(town)


def test_a_program_keeps_them_for_as_long_as_its_parameters_say(town):
    said(town)
    with town.database.write(1) as session:
        shorter = DEFAULTS.model_copy(update={"checkin": CheckinRules(keep_days=5)})
        parameters.set_parameters(session, 1, shorter, by_id=1, reason=None, now=town.clock.now())
    later(town, 6)
    assert SECRET not in kept(town)


@sqlite_only
def test_a_blocker_that_is_still_named_is_remembered(town):
    said(town)
    with town.database.write(1) as session:
        session.execute(update(Blocker).values(last_said_on=date(2026, 6, 30)))
    later(town, 91)
    with town.database.read(1) as session:
        assert session.scalars(select(Blocker.text)).one() == f"{SECRET} is late"


@sqlite_only
def test_a_forgotten_blocker_is_asked_about_no_more_and_its_row_says_so(town):
    said(town)
    later(town, 91)
    maya = town.person("UMAYA")
    shown = [m for m in thread(town) if m["text"].startswith("Check-in ")][-1]
    maya.presses(shown, "blocker.more", option="solve:1")
    assert "(what it was is not kept any more)" in json.dumps(thread(town))


@sqlite_only
def test_an_export_holds_nothing_that_was_said(town):
    said(town)
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API p4 i5 by Friday #vendor")
    luis.types("CLEDGER", "/pm export")
    town.pass_time(minutes=2)
    stored = town.sandbox.workspace.world.files
    sent = [stored[file["id"]].data or b"" for m in luis.direct_messages() for file in m.get("files", ())]
    assert b"Vendor slips the API" in b"".join(sent)
    assert SECRET.encode() not in b"".join(sent)


@sqlite_only
def test_history_tells_that_something_was_said_never_what(town):
    said(town)
    with town.database.read(1) as session:
        told = [json.dumps([row.field, row.old, row.new, row.reason]) for row in session.scalars(select(History))]
    assert SECRET not in " ".join(told)


@sqlite_only
@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("checkin.answers", "1:1"),
        ("checkin.missing", "1"),
        ("checkin.page", "1:1"),
        ("checkin.show", "1"),
        ("checkin.edit", "1"),
        ("checkin.answer", "round:1"),
        ("checkin.answer", "1"),
        ("blocker.risk", "1"),
        ("blocker.issue", "1"),
        ("blocker.dependency", "1"),
        ("blocker.solve", "1"),
        ("blocker.more", "solve:1"),
        ("blocker.more", "nothing:1"),
    ],
)
def test_nobody_outside_a_private_channel_reads_a_word_of_its_check_in(town, action, value):
    said(town, "CSECRET")
    kavya = town.person("UKAVYA")
    kavya.types("CPROG", "/pm help")
    shown = kavya.reads("CPROG")[-1]
    payload = copy.deepcopy(caught(town, lambda: kavya.presses(shown, "command.run@update")))
    payload["actions"][0] |= {"action_id": action, "value": value, "selected_option": {"value": value}}
    town.deliver("interactive", payload)
    assert kavya.modals == []
    assert SECRET not in json.dumps([kavya.reads("CPROG"), kavya.reads("CLEDGER"), kavya.direct_messages()])
    with town.database.read(1) as session:
        assert session.scalars(select(Blocker)).one().solved_at is None


@sqlite_only
def test_another_persons_answer_is_not_changed_by_its_id(town):
    set_up(town)
    town.play(datetime(2026, 4, 1, 14, tzinfo=UTC))
    jonas = town.person("UJONAS")
    payload = caught(town, lambda: jonas.presses(parent(town), "checkin.answer"))
    with town.database.read(1) as session:
        theirs = session.scalars(select(CheckinAnswer.id).order_by(CheckinAnswer.id)).all()
    for answer in theirs:
        again = copy.deepcopy(payload) | {"trigger_id": f"{payload['trigger_id']}.{answer}"}
        again["actions"][0] |= {"action_id": "checkin.skip", "value": str(answer)}
        town.deliver("interactive", again)
    with town.database.read(1) as session:
        skipped = session.scalars(select(CheckinAnswer.person_id).where(CheckinAnswer.state == "skipped")).all()
    assert len(skipped) == 1
