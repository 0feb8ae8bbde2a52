"""A round of a check-in by the clock: asked, answered, changed, skipped, away, missed, summed up; once."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import select, update

from bot.jobs.checkin import take_checkin_steps
from models.tables import Absence, Checkin, CheckinAnswer, CheckinRound, Desk, Person, Program
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.checking_in import (
    SAID,
    TEAM,
    THURSDAY,
    WEDNESDAY,
    answers,
    card,
    opens,
    parent,
    rounds,
    set_up,
    states,
    thread,
)
from tests.deliveries import at_once, caught
from tests.town import Town

KOLKATA, BERLIN, NEW_YORK = (datetime(2026, 4, 1, *at, tzinfo=UTC) for at in ((4, 0), (7, 30), (13, 30)))


def first(message) -> str:
    return message["blocks"][0]["text"]["text"]


def asked_at(town: Town) -> dict[str, str]:
    with town.database.read(1) as session:
        rows = select(Person.handle, CheckinAnswer.ask_at).join(CheckinAnswer, CheckinAnswer.person_id == Person.id)
        return {handle: f"{at:%d %H:%M}" for handle, at in session.execute(rows)}


def away(town: Town, user: str, start: date, end: date) -> None:
    with town.database.write(1) as session:
        person = session.scalars(select(Person.id).where(Person.slack_id == user)).one()
        session.add(Absence(person_id=person, start_on=start, end_on=end, created_at=town.clock.now()))


def test_each_person_is_asked_at_their_own_hour(town):
    set_up(town)
    town.play(KOLKATA - timedelta(seconds=1))
    assert rounds(town) == []
    town.play(KOLKATA)
    assert states(town) == {"kavya": "sent", "jonas": "waiting", "luis": "waiting"}
    town.play(BERLIN)
    assert states(town) == {"kavya": "sent", "jonas": "sent", "luis": "waiting"}
    with town.database.read(1) as session:
        looks = dict(session.execute(select(Desk.person_id, Desk.next_look_at)).all())
        jonas = session.scalars(select(Person.id).where(Person.slack_id == "UJONAS")).one()
    assert looks[jonas] >= KOLKATA
    town.play(NEW_YORK)
    assert states(town) == {"kavya": "missed", "jonas": "sent", "luis": "sent"}
    assert asked_at(town) == {"kavya": "01 04:00", "jonas": "01 07:30", "luis": "01 13:30"}
    told = [m["text"] for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in ")]
    assert told == ["Check-in Wed 1 Apr, Ledger Migration: no blockers, 0 of 3 answered. Answers in the thread."]


def test_answers_arrive_in_the_thread_and_the_message_counts_them(town):
    set_up(town)
    town.play(datetime(2026, 4, 1, 11, tzinfo=UTC))
    kavya = answers(town, "UKAVYA")
    assert first(parent(town)).startswith(":speech_balloon: *Check-in Wed 1 Apr: no blockers,* 1 of 3 answered")
    [reply] = thread(town)
    assert first(reply) == "*kavya*"
    assert reply["blocks"][1]["text"]["text"] == "Done: Graded 40 answers"
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker="Waiting for the vendor's API key")
    assert "*Check-in Wed 1 Apr: 1 blocker,* 2 of 3 answered" in first(parent(town))
    assert "Waiting for the vendor's API key" in json.dumps(thread(town)[1])
    assert not [m for m in town.sandbox.mentions if m.channel == "CLEDGER"]
    assert kavya.form_errors == {}


def test_an_answer_is_changed_in_place_until_its_time_is_over(town):
    set_up(town)
    town.play(datetime(2026, 4, 1, 11, tzinfo=UTC))
    answers(town, "UKAVYA", blocker="No test data")
    kavya = opens(town, "UKAVYA")
    assert kavya.modal["blocks"][1]["element"]["initial_value"] == "Graded 40 answers"
    assert kavya.modal["blocks"][3]["element"]["initial_value"] == "No test data"
    kavya.submits({"finished": "Graded 41 answers", "blocker": "No test data at all"})
    [reply] = thread(town)
    assert "Graded 41 answers" in json.dumps(reply)
    assert "No test data at all" in json.dumps(reply)
    assert "1 blocker,* 1 of 3" in first(parent(town))
    opens(town, "UKAVYA")
    kavya.submits({"blocker": None})
    assert "no blockers,* 1 of 3" in first(parent(town))
    opens(town, "UKAVYA")
    town.play(datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    kavya.submits({"finished": "Too late"})
    assert list(kavya.form_errors.values()) == [
        "Your time for this check-in is over. What you answered until then stands as it is."
    ]
    assert "Too late" in json.dumps(kavya.modal)
    assert len(thread(town)) == 1


def test_skipped_away_and_missed_are_three_things(town):
    set_up(town, people=[*TEAM, "URUBY", "UDANA"])
    away(town, "UJONAS", date(2026, 3, 31), date(2026, 4, 1))
    town.play(WEDNESDAY)
    assert states(town)["jonas"] == "away"
    ruby_answer = _answer_id(town, "UDANA")
    dana = town.person("UDANA")
    payload = caught(town, lambda: dana.presses(parent(town), "checkin.answer"))
    payload["actions"][0] |= {"action_id": "checkin.skip", "value": str(ruby_answer)}
    town.deliver("interactive", payload)
    town.deliver("interactive", payload)
    answers(town, "ULUIS")
    town.play(THURSDAY)
    assert states(town) == {
        "luis": "answered",
        "kavya": "missed",
        "jonas": "away",
        "ruby": "missed",
        "dana": "skipped",
    }
    closed = parent(town)
    assert first(closed) == (
        ":speech_balloon: *Check-in Wed 1 Apr: no blockers,* 1 of 4 answered\nAnswers are in the thread."
    )
    for name in ("kavya", "ruby", "jonas", "dana"):
        assert name not in json.dumps(closed)
    assert len(thread(town)) == 1


def _answer_id(town: Town, user: str) -> int:
    with town.database.read(1) as session:
        person = session.scalars(select(Person.id).where(Person.slack_id == user)).one()
        return session.scalars(select(CheckinAnswer.id).where(CheckinAnswer.person_id == person)).one()


def test_who_is_missing_is_told_to_few_and_privately(town):
    set_up(town, people=[*TEAM], observers=["UDANA"])
    town.play(WEDNESDAY)
    answers(town, "ULUIS")
    town.play(THURSDAY)
    closed = parent(town)
    assert closed["blocks"][0]["accessory"]["action_id"] == "checkin.missing"
    for user in ("ULUIS", "UDANA", "UMAYA"):
        person = town.person(user)
        assert "*Did not answer:* jonas, kavya" in json.dumps(person.presses(closed, "checkin.missing").shown[-1])
    kavya = town.person("UKAVYA")
    refused = json.dumps(kavya.presses(closed, "checkin.missing").shown[-1])
    assert "Ask luis" in refused
    assert "jonas" not in refused
    assert "Did not answer" not in json.dumps(town.person("URUBY").reads("CLEDGER"))


def test_nobody_answered(town):
    set_up(town)
    town.play(THURSDAY)
    assert first(parent(town)) == ":speech_balloon: *Check-in Wed 1 Apr:* nobody answered in this round"
    assert thread(town) == []
    assert "0 of 3 answered · nobody away · mood is not asked" in json.dumps(parent(town), ensure_ascii=False)


def test_a_team_that_is_away_as_a_whole_is_not_asked(town):
    set_up(town)
    for user in TEAM:
        away(town, user, date(2026, 3, 31), date(2026, 4, 2))
    town.play(THURSDAY)
    assert rounds(town) == []
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in ")]
    assert str(card(town).next_on) == "2026-04-03"


def test_leave_that_begins_after_the_round_has_opened_counts(town):
    set_up(town)
    town.play(KOLKATA)
    away(town, "ULUIS", date(2026, 4, 1), date(2026, 4, 3))
    town.play(WEDNESDAY)
    assert states(town) == {"kavya": "missed", "jonas": "sent", "luis": "away"}
    assert "0 of 2 answered" in first(parent(town))


def test_a_change_of_clocks_moves_nobodys_hour(town):
    set_up(town, people=[*TEAM, "URUBY"], days=["fri", "mon"])
    town.play(datetime(2026, 4, 6, 14, tzinfo=UTC))
    with town.database.read(1) as session:
        rows = select(Person.handle, CheckinAnswer.ask_at, CheckinRound.local_date)
        rows = rows.join(CheckinAnswer, CheckinAnswer.person_id == Person.id)
        found = session.execute(rows.join(CheckinRound, CheckinRound.id == CheckinAnswer.round_id)).all()
    ruby = {day.isoformat(): f"{at:%d %H:%M}" for handle, at, day in found if handle == "ruby"}
    assert ruby == {"2026-04-03": "02 22:30", "2026-04-06": "05 23:30"}  # Sydney's summer ended on the 5th
    assert rounds(town) == [("2026-04-03", "closed"), ("2026-04-06", "open")]


def test_rounds_open_once_whatever_happens(town):
    set_up(town)
    town.play(WEDNESDAY)
    with town.database.write(1) as session:
        session.execute(update(Checkin).values(next_on=date(2026, 4, 1), next_step_at=KOLKATA))
    town.timetable.run_due()
    town.timetable.run_due()
    assert rounds(town) == [("2026-04-01", "open")]
    assert town.count(CheckinAnswer) == 3


def test_after_an_outage_of_two_days_the_old_round_is_closed_and_none_is_asked_anew(town):
    set_up(town, days=["mon", "tue", "wed", "thu", "fri"])
    town.play(datetime(2026, 3, 31, 14, tzinfo=UTC))
    answers(town, "ULUIS")
    town.timetable.jump(town.clock, datetime(2026, 4, 2, 15, tzinfo=UTC))
    town.settle()
    assert rounds(town) == [("2026-03-31", "closed"), ("2026-04-02", "open")]
    assert states(town) == {"luis": "sent", "jonas": "sent"}  # kavya's time of that day is over already
    assert "1 of 3 answered" in json.dumps(town.person("UMAYA").reads("CLEDGER"))


def test_ended_while_open_it_closes_as_it_stands(town):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS")
    luis = town.person("ULUIS")
    luis.presses(luis.types("CLEDGER", "/checkin").shown[-1], "checkin.end")
    assert rounds(town) == [("2026-04-01", "closed")]
    assert (
        "accessory" not in parent(town)["blocks"][0]
        or parent(town)["blocks"][0]["accessory"]["text"]["text"] != "Answer"
    )
    town.play(datetime(2026, 4, 10, tzinfo=UTC))
    assert len(rounds(town)) == 1


def test_all_members_of_the_channel_as_they_are_on_the_day(town):
    set_up(town, people=[], options=["everyone", "live"])
    town.person("UDANA").leaves("CLEDGER")
    town.play(WEDNESDAY)
    assert set(states(town)) == {"luis", "kavya", "jonas", "maya", "ruby", "guest"}
    guest = answers(town, "UGUEST")
    assert "*guest*" in json.dumps(thread(town))
    assert guest.form_errors == {}


def test_a_channel_that_slack_does_not_tell_about_asks_nobody_and_goes_on(town):
    set_up(town, people=[], options=["everyone"])
    deaf = replace(town.runtime, slack=_Deaf(town.runtime.slack))
    town.clock.move_to(WEDNESDAY)
    take_checkin_steps(deaf)
    assert rounds(town) == []
    assert str(card(town).next_on) == "2026-04-03"


class _Deaf:
    """Slack where the bot may not look into the channel."""

    def __init__(self, slack) -> None:
        self._slack = slack

    def __getattr__(self, name):
        return getattr(self._slack, name)

    def conversations_members(self, **_: object):
        raise SlackApiError("no", {"ok": False, "error": "channel_not_found"})


@pytest.mark.parametrize("switch", [{"muted": ["check_ins"]}, {"paused_at": WEDNESDAY - timedelta(days=2)}])
def test_a_program_that_is_paused_or_turns_check_ins_off_asks_nobody(town, switch):
    set_up(town)
    with town.database.write(1) as session:
        session.execute(update(Program).values(**switch))
    town.play(THURSDAY)
    assert rounds(town) == []
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in ")]


def test_turned_off_while_a_round_is_open_nobody_has_missed_it(town):
    set_up(town)
    town.play(BERLIN)
    with town.database.write(1) as session:
        session.execute(update(Program).values(muted=["check_ins"]))
    town.play(THURSDAY)
    assert set(states(town).values()) == {"away"}


def test_a_dry_run_shows_it_to_one_person_alone(town):
    set_up(town)
    with town.database.write(1) as session:
        maya = session.scalars(select(Person.id).where(Person.slack_id == "UMAYA")).one()
        session.execute(update(Program).values(dry_run_by_id=maya))
    town.play(THURSDAY)
    assert not [m for m in town.person("ULUIS").reads("CLEDGER") if "Check-in Wed" in m["text"]]
    shown = [m for m in town.person("UMAYA").direct_messages() if "Check-in Wed" in m["text"]]
    assert [m["text"] for m in shown] == [
        "Dry run: Check-in Wed 1 Apr, Ledger Migration: nobody answered in this round."
    ]
    assert "CLEDGER" in shown[0]["blocks"][0]["elements"][0]["text"]
    assert set(states(town).values()) == {"away"}


def test_pressed_by_somebody_who_is_not_in_it(town):
    set_up(town)
    town.play(WEDNESDAY)
    said = town.person("URUBY").presses(parent(town), "checkin.answer").text
    assert said.startswith("You are not asked in this round: who takes part was settled when it opened.")


def test_two_who_answer_at_once_are_both_counted(town):
    set_up(town)
    town.play(WEDNESDAY)
    payloads = []
    for user in ("ULUIS", "UJONAS"):
        person = opens(town, user)
        payloads.append(caught(town, lambda person=person: person.submits({**SAID, "blocker": "Stuck on data"})))
    at_once(town, *payloads)
    assert "2 blockers,* 2 of 3 answered" in first(parent(town))
    assert len(thread(town)) == 2


def test_a_repeated_delivery_answers_once(town):
    set_up(town)
    town.play(WEDNESDAY)
    luis = opens(town, "ULUIS")
    payload = caught(town, lambda: luis.submits({**SAID, "blocker": "Stuck"}))
    at_once(town, payload, payload)
    town.deliver("interactive", payload)
    assert len(thread(town)) == 1
    assert "1 blocker,* 1 of 3 answered" in first(parent(town))


def test_the_next_answer_starts_from_what_was_planned(town):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", next="Second grading round")
    town.play(datetime(2026, 4, 3, 14, tzinfo=UTC))
    luis = opens(town, "ULUIS")
    finished = luis.modal["blocks"][1]
    assert finished["element"]["initial_value"] == "Second grading round"
    assert finished["hint"]["text"] == "From what you planned last time."


@sqlite_only
def test_every_kind_of_question_is_answered_and_wrong_ones_are_told_at_their_field(town):
    typed = "Did it build? (yes/no)\nHow many tickets? (number)\nHow are you? (mood 1-5)\nBlocked?"
    set_up(town, questions=typed)
    town.play(WEDNESDAY)
    luis = opens(town, "ULUIS")
    town_said = luis.submits({"q1": "yes", "q2": "2.5", "mood": "4"}, force=True)
    assert luis.form_errors == {}
    [reply] = thread(town)
    assert [block["text"]["text"] for block in reply["blocks"]] == [
        "*luis*",
        "Did it build? Yes",
        "How many tickets? 2.5",
    ]
    assert town_said.error is None
    jonas = opens(town, "UJONAS")
    jonas.submits({}, force=True)
    assert jonas.form_errors == {"q1": "Choose yes or no.", "q2": "Write a number, as 3 or 2.5."}
    jonas.fills({"q1": "no", "q2": "3"})
    answer = town.submit_unchecked("UJONAS", {"q2": "many", "blocker": "x" * 301})
    assert answer["errors"] == {"q2": "Write a number, as 3 or 2.5.", "blocker": "Keep it under 300 characters."}
    jonas.submits({"q2": "3"})
    assert jonas.form_errors == {}


@sqlite_only
def test_mood_is_shown_as_a_mean_of_three_or_more_alone(town):
    set_up(town, options=["mood", "live"])
    town.play(datetime(2026, 4, 1, 11, tzinfo=UTC))
    answers(town, "UKAVYA", mood="5")
    answers(town, "UJONAS", mood="1")
    town.play(WEDNESDAY)
    answers(town, "ULUIS")
    town.play(THURSDAY)
    assert "mood" not in json.dumps([parent(town), *thread(town)])
    town.play(datetime(2026, 4, 3, 11, tzinfo=UTC))
    answers(town, "UKAVYA", mood="5")
    answers(town, "UJONAS", mood="1")
    town.play(datetime(2026, 4, 3, 14, tzinfo=UTC))
    answers(town, "ULUIS", mood="4")
    assert "mood" not in json.dumps([parent(town), *thread(town)])
    town.play(datetime(2026, 4, 4, 3, tzinfo=UTC))
    assert "mood 3.3 of 5" in json.dumps(parent(town))
    assert "mood" not in json.dumps(thread(town))


@sqlite_only
def test_answers_that_are_not_posted_as_they_come_follow_at_the_end(town):
    set_up(town, options=[])
    town.play(WEDNESDAY)
    answers(town, "ULUIS")
    assert thread(town) == []
    assert "Answers and blockers follow at the end." in first(parent(town))
    town.play(THURSDAY)
    [summary] = thread(town)
    assert "*luis*\\nDone: Graded 40 answers\\nNext: Second round" in json.dumps(summary)
    assert buttons(summary) == []


@sqlite_only
@pytest.mark.parametrize("typed", ["<!channel> <b> & co", "<@UMAYA> see <https://evil.example|this>", "&" * 300])
def test_any_answer_is_shown_as_typed_and_pings_nobody(town, typed):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", finished=typed, blocker=typed)
    town.play(THURSDAY)
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped[:140] in json.dumps(thread(town), ensure_ascii=False)
    assert not [m for m in town.sandbox.mentions if m.channel == "CLEDGER"]


@sqlite_only
def test_changed_questions_count_from_the_next_round_on(town):
    set_up(town)
    town.play(WEDNESDAY)
    luis = town.person("ULUIS")
    luis.presses(luis.types("CLEDGER", "/checkin").shown[-1], "checkin.edit")
    luis.submits({"questions": "Anything new?\nWhat is in your way?"})
    assert luis.form_errors == {}
    assert [b["label"]["text"] for b in opens(town, "ULUIS").modal["blocks"][1:]] == [
        "What did you finish?",
        "What is next?",
        "What is in your way?",
    ]
    town.play(datetime(2026, 4, 3, 14, tzinfo=UTC))
    assert opens(town, "ULUIS").modal["blocks"][1]["label"]["text"] == "Anything new?"
