"""The weekly request for a status: who is asked, when, how often, and what becomes of it."""

from datetime import timedelta

from models.schemas.project import State
from tests.asking import AMBER, FRIDAY, GREEN, THURSDAY, post_status, set_state, sqlite_only, states, times_asked
from tests.town import CAST

AFTER_IT = ["Fri 03 Apr 14:00", "Mon 06 Apr 10:00", "Wed 08 Apr 10:00"]
"""Two hours before it is due, the working day after it, and two more."""


def test_all_projects_of_a_person_are_asked_for_in_one_message_in_their_own_morning(town):
    town.set_up_project("ULUIS", "CFRAUD", "Fraud Signals")
    town.sandbox.add_channel("CVENDOR", "p-vendor", [*CAST, town.sandbox.bot_user_id])
    town.set_up_project("UKAVYA", "CVENDOR", "Vendor Assessments")
    town.play(THURSDAY + timedelta(hours=1))

    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]
    assert times_asked(town, "UKAVYA") == ["Thu 02 Apr 10:00"]
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == (
        "2 asks for today. First: update the status of Ledger Migration, due Fri 3 Apr. Then the Fraud Signals status."
    )
    shown = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert "*1. Update status of Ledger Migration*\nDue <!date^1775246400^" in shown[1]
    assert "*2. Update status of Fraud Signals*" in shown[2]
    styles = [b["elements"][0].get("style") for b in message["blocks"] if b["type"] == "actions"]
    assert styles == ["primary", None], "only the first ask is primary"


def test_the_button_opens_the_last_words_and_posting_quiets_the_message_and_the_home(town):
    post_status(town, **AMBER)
    town.play(THURSDAY)
    luis = town.person("ULUIS")
    assert "1 ask waits for you" in str(luis.opens_home())
    [ask] = luis.direct_messages()
    assert "last :large_orange_diamond: Amber, Mon 30 Mar" in str(ask["blocks"])

    luis.presses(ask, "status.open")
    filled = {b["block_id"]: b["element"].get("initial_value") for b in luis.modal["blocks"] if "element" in b}
    assert filled["summary"] == AMBER["summary"]
    assert filled["path_to_green"] == AMBER["path_to_green"]
    luis.submits({"summary": "The second vendor signed"})

    [message] = luis.direct_messages()
    assert message["text"] == "Your ask is answered. Nothing more today."
    assert "edited" in message
    assert "Ledger Migration status posted: Amber" in str(message["blocks"])
    assert "Nothing waits for you" in str(luis.home)
    assert states(town) == ["submitted"]
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"], "silence after an answer"


@sqlite_only
def test_one_answer_of_two_folds_and_the_other_takes_the_primary(town):
    town.set_up_project("ULUIS", "CFRAUD", "Fraud Signals")
    town.play(THURSDAY)
    post_status(town, "UMAYA", "CLEDGER")  # the program's manager may speak for the project too
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == "1 ask left of 2. Next: update the status of Fraud Signals, due Fri 3 Apr."
    [row] = [block for block in message["blocks"] if block["type"] == "actions"]
    assert row["elements"][0]["style"] == "primary"
    assert states(town) == ["submitted"]


def test_who_does_not_answer_is_reminded_three_times_and_the_older_messages_let_go(town):
    town.play(THURSDAY + timedelta(days=6, hours=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", *AFTER_IT]
    *older, reminder = town.person("ULUIS").direct_messages()
    for message in older:
        assert message["text"] == "Nothing waits in this message any more."
        assert not [block for block in message["blocks"] if block["type"] == "actions"]
    assert reminder["text"] == "1 ask for today. First: update the status of Ledger Migration, was due Fri 3 Apr."
    assert states(town) == ["overdue"]

    town.person("ULUIS").presses(reminder, "status.open")
    town.person("ULUIS").submits(GREEN)
    assert states(town) == ["submitted_late"]
    assert town.person("ULUIS").direct_messages()[-1]["text"] == "Your ask is answered. Nothing more today."


@sqlite_only
def test_an_answer_at_the_due_instant_is_in_time_and_a_second_later_is_late(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    due = FRIDAY.replace(hour=16)
    town.play(due - timedelta(seconds=30))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills(GREEN)
    town.clock.move_to(due)
    luis.submits()
    assert states(town) == ["submitted"]
    post_status(town, "UKAVYA", "CFRAUD")
    assert states(town, "Fraud Signals") == ["submitted_late"]


def test_a_week_without_answer_is_missed_when_the_next_one_opens(town):
    town.play(THURSDAY + timedelta(days=7))
    assert states(town) == ["missed", "open"]
    messages = town.person("ULUIS").direct_messages()
    assert [m["text"].partition(".")[0] for m in messages[1:]] == [
        "Nothing waits in this message any more",
        "Nothing waits in this message any more",
        "Nothing waits in this message any more",
        "1 ask for today",
    ]
    post_status(town)
    assert states(town) == ["missed", "submitted"]


def test_a_message_of_that_friday_is_the_reminder(town):
    """Luis takes a second project over on Friday morning: the message about it names the first one too."""
    town.set_up_project("UDANA", "CFRAUD", "Fraud Signals")
    town.play(FRIDAY.replace(hour=11))
    dana = town.person("UDANA")
    dana.types("CFRAUD", "/pm setup")
    dana.submits({"owner": "ULUIS"})
    town.play(FRIDAY.replace(hour=23))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Fri 03 Apr 11:00"]
    assert town.person("ULUIS").direct_messages()[-1]["text"].startswith("2 asks for today.")
    assert times_asked(town, "UDANA") == ["Thu 02 Apr 10:00"]


@sqlite_only
def test_a_project_that_rests_is_not_asked(town):
    for week, state in enumerate((State.ON_HOLD, State.COMPLETED, State.CANCELLED)):
        set_state(town, state)
        town.play(THURSDAY + timedelta(weeks=week, days=2))
    assert states(town) == ["waived", "waived", "waived"]
    assert times_asked(town, "ULUIS") == []


@sqlite_only
def test_a_project_put_on_hold_after_the_ask_is_not_reminded(town):
    town.play(THURSDAY)
    set_state(town, State.ON_HOLD)
    town.play(FRIDAY.replace(hour=23))
    assert states(town) == ["waived"]
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]
    [message] = town.person("ULUIS").direct_messages()
    assert message["text"] == "Nothing waits in this message any more."
