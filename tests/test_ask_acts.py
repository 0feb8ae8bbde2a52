"""Why somebody is asked, and what they do besides answering: snooze, hand over, decline."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.tables import Assumption, Person
from tests.asking import NEW_YORK, sqlite_only
from tests.deliveries import caught
from tests.owing import HOSTILE, add_assumption, asks, at, daily, lines, person_id, small_print
from tests.town import Town

TUESDAY = at("2026-03-31T11:00", NEW_YORK)


@pytest.fixture
def asked(town: Town) -> Town:
    """Luis was to find out by last Friday, and by today."""
    add_assumption(town, "luis", date(2026, 3, 27), HOSTILE)
    add_assumption(town, "luis", date(2026, 3, 31), "The bank keeps its format")
    town.play(TUESDAY)
    return town


def message(town: Town, user: str = "ULUIS") -> dict:
    return daily(town, user)[-1]


def number_of(town: Town, title: str) -> str:
    return next(row.subject for row in asks(town) if title in row.subject)


def test_why_me_names_the_rule_the_date_and_who_is_next(asked):
    luis = asked.person("ULUIS")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"why:{first.id}")
    shown = str(luis.modal["blocks"])
    assert f"*You own {first.subject}.* Its owner finds out by its date whether it holds: Fri 27 Mar." in shown
    for fact in ("*Rule* Assumption at its date", "*First asked* Mon 30 Mar, 09:00", "*Next* maya, by the ladder"):
        assert fact in shown
    luis.presses("modal", "ask.hand_over", value=str(first.id))
    assert luis.modal["callback_id"] == "ask.hand_over"


def test_a_snooze_is_quiet_until_its_day_and_has_a_cap(asked):
    luis = asked.person("ULUIS")
    first, second = asks(asked)
    luis.presses(message(asked), "ask.more", option=f"snooze:{first.id}")
    block = next(b for b in luis.modal["blocks"] if b.get("block_id") == "until")
    assert [o["text"]["text"] for o in block["element"]["options"]] == [
        "Wed 1 Apr, 10:00",
        "Thu 2 Apr, 10:00",
        "Fri 3 Apr, 10:00",
    ]
    assert block["hint"]["text"] == "Latest: Fri 3 Apr. Snooze 1 of 3 for this ask."
    assert "maya can see this snooze. It does not stop the escalation clock." in str(luis.modal["blocks"])
    luis.submits({"until": "2026-04-02", "reason": "The bank answers on Thursday"})
    assert luis.form_errors == {}
    assert len(lines(message(asked))) == 1
    assert f"Snoozed: {first.subject} until Thu 2 Apr." in small_print(message(asked))

    asked.play(at("2026-04-01T18:00", NEW_YORK))
    assert all(first.subject not in str(lines(each)) for each in daily(asked, "ULUIS"))
    asked.play(at("2026-04-02T11:00", NEW_YORK))
    assert first.subject in str(lines(message(asked)))
    row = asks(asked)[0]
    assert (row.snoozes, row.snooze_reason) == (1, "The bank answers on Thursday")
    assert second.subject in str(lines(message(asked)))


@sqlite_only
def test_what_is_past_its_cap_offers_no_snooze(asked):
    asked.play(at("2026-04-03T11:00", NEW_YORK))
    first = asks(asked)[0]
    shown = str(message(asked)["blocks"])
    assert f"why:{first.id}" in shown and f"snooze:{first.id}" not in shown


def test_an_ask_is_handed_over_taken_and_answered_by_the_other(asked):
    luis, kavya = asked.person("ULUIS"), asked.person("UKAVYA")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"hand_over:{first.id}")
    luis.submits({"to": "UKAVYA", "note": f"You know the bank {HOSTILE}"})
    assert luis.form_errors == {}
    [line] = kavya.direct_messages()
    assert line["text"] == f"luis asks you to take over {first.subject}."
    assert "&lt;!channel&gt;" in str(line["blocks"])
    assert len(lines(message(asked))) == 2, "until then it stays with its owner"

    kavya.presses(line, "ask.take_over")
    [line, *_] = kavya.direct_messages()
    assert line["text"] == f"You took over {first.subject} from luis."
    assert luis.direct_messages()[-1]["text"] == f"kavya took over {first.subject}."
    assert len(lines(message(asked))) == 1
    kavya.presses(line, "assumption.confirm")
    with asked.database.read(1) as session:
        assert session.get(Assumption, first.record_id).status == "validated"
    row = asks(asked)[0]
    assert (row.state, row.answered_by_id) == ("answered", person_id(asked, "kavya"))


@sqlite_only
@pytest.mark.parametrize("why", ["they left", "its project was restricted"])
def test_what_was_taken_over_comes_back_from_who_cannot_be_asked_any_more(asked, why):
    luis, kavya = asked.person("ULUIS"), asked.person("UKAVYA")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"hand_over:{first.id}")
    luis.submits({"to": "UKAVYA"})
    kavya.presses(kavya.direct_messages()[0], "ask.take_over")
    if why == "they left":
        with asked.database.write(1) as session:
            session.execute(update(Person).where(Person.slack_id == "UKAVYA").values(deleted=True))
    else:
        asked.restrict()
    asked.pass_time(days=1)
    assert first.subject in str(daily(asked, "ULUIS")[-1]["blocks"])


def test_declined_it_stays_with_its_owner_who_is_told(asked):
    luis, kavya = asked.person("ULUIS"), asked.person("UKAVYA")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"hand_over:{first.id}")
    luis.submits({"to": "UKAVYA"})
    [line] = kavya.direct_messages()
    kavya.presses(line, "ask.pass")
    assert kavya.direct_messages()[0]["text"] == f"You declined {first.subject}. It stays with luis."
    assert luis.direct_messages()[-1]["text"] == f"kavya declined {first.subject}. It stays with you."
    assert len(lines(message(asked))) == 2
    asked.pass_time(days=2)
    assert daily(asked, "UKAVYA") == []


@sqlite_only
def test_the_record_itself_gets_another_owner(asked):
    luis, kavya = asked.person("ULUIS"), asked.person("UKAVYA")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"hand_over:{first.id}")
    luis.submits({"to": "UKAVYA", "scope": "record"})
    kavya.presses(kavya.direct_messages()[0], "ask.take_over")
    with asked.database.read(1) as session:
        assert session.get(Assumption, first.record_id).owner_id == person_id(asked, "kavya")
    assert len(lines(message(asked))) == 1
    asked.pass_time(days=1)
    assert first.subject in str(daily(asked, "UKAVYA")[-1]["blocks"])


@sqlite_only
def test_who_cannot_take_it_is_told_at_the_field(asked):
    luis = asked.person("ULUIS")
    first = asks(asked)[0]
    luis.presses(message(asked), "ask.more", option=f"hand_over:{first.id}")
    luis.submits({"to": "ULUIS"}, force=True)
    assert luis.form_errors == {"to": "They have it already. Choose somebody else."}
    luis.submits({"to": "UROBOT"}, force=True)
    assert "to" in luis.form_errors
    asked.restrict()
    luis.submits({"to": "UKAVYA"}, force=True)
    assert luis.form_errors == {"to": "Ledger Migration is restricted: choose somebody who answers for it."}


@sqlite_only
def test_nobody_acts_on_what_others_are_asked(asked):
    first = asks(asked)[0]
    add_assumption(asked, "jonas", date(2026, 3, 31))
    asked.play(TUESDAY + timedelta(days=1))
    jonas = asked.person("UJONAS")
    own = next(row for row in asks(asked) if row.person_id == person_id(asked, "jonas"))
    press = caught(asked, lambda: jonas.presses(message(asked, "UJONAS"), "ask.more", option=f"why:{own.id}"))
    for act in ("why", "snooze", "hand_over", "decline", "show"):
        press["actions"][0]["selected_option"]["value"] = f"{act}:{first.id}"
        asked.deliver("interactive", {**press, "trigger_id": f"{press['trigger_id']}.{act}"})
        assert "I cannot find this ask. Nothing was changed." in str(asked.sandbox.calls[-1].args), act
