"""Days off from Slack: one line or a form, who covers and who is told, ended, declined, and what cannot be."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.reach import stand_in
from bot.services import absence as absences
from bot.services import calendars, people
from models.tables import Absence, Calendar, Desk, History
from models.tables.unit import add_row
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.deliveries import at_once, caught
from tests.town import MONDAY, Town


def own(town: Town, user: str = "ULUIS"):
    with town.database.read(1) as session:
        return absences.coming(session, people.by_slack_id(session, user), now=town.clock.now())


def words(message) -> str:
    return "\n".join(
        [block["text"]["text"] for block in message["blocks"] if block["type"] == "section" and "text" in block]
    )


def facts(message) -> list[str]:
    return [field["text"] for block in message["blocks"] for field in block.get("fields", ())]


def away(town: Town, user: str, line: str):
    return town.person(user).types("CLEDGER", f"/pm away {line}").shown[-1]


def test_one_line_says_all_and_is_answered_privately_with_what_was_understood(town):
    told = away(town, "ULUIS", "6 Apr to 10 Apr <@UJONAS|jonas> covers")
    assert told["text"] == "You are away from Mon 6 Apr to Fri 10 Apr. jonas covers."
    assert "What is asked of you goes to jonas then, in their hours." in words(told)
    assert facts(told) == ["*Working days* 5", "*Covers* <@UJONAS>", "*Back* Mon 13 Apr"]
    assert "/pm away 6 Apr to 10 Apr @jonas covers" in str(told["blocks"][-1])
    assert buttons(told) == ["away.change", "away.cancel"]
    [line] = town.person("UJONAS").direct_messages()
    assert line["text"] == "You cover for luis from Mon 6 Apr to Fri 10 Apr. What is asked of luis comes to you then."
    assert buttons(line) == ["away.decline"]
    assert town.count(History, kind="absence") == 1
    assert town.count(Desk) == 2  # both are looked at anew
    with town.database.read(1) as session:
        luis, jonas = (people.by_slack_id(session, user).id for user in ("ULUIS", "UJONAS"))
        at = datetime(2026, 4, 7, 14, tzinfo=UTC)
        assert stand_in(luis, calendars.reaches_with_delegates(session, [luis], now=at), at) == jonas


def test_holidays_and_days_that_one_does_not_work_are_not_counted(town):
    with town.database.write(1) as session:
        luis = people.by_slack_id(session, "ULUIS").id
        add_row(session, Calendar, person_id=luis, country="DE", region="BY", working_days=[1, 2, 3, 4])
    assert facts(away(town, "ULUIS", "2 Apr to 8 Apr")) == [
        "*Working days* 3",
        "*Covers* nobody",
        "*Back* Thu 9 Apr",
    ]
    assert "None of these is a working day" in words(away(town, "ULUIS", "Fri 10 Apr to Sun 12 Apr"))


def test_without_words_a_form_lists_what_is_set_and_cancels_it(town):
    away(town, "ULUIS", "tomorrow")
    away(town, "ULUIS", "next week")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm away")
    assert luis.modal["title"]["text"] == "Days off"
    listed = [block for block in luis.modal["blocks"] if block.get("accessory")]
    assert [block["text"]["text"] for block in listed] == [
        "*On Tue 31 Mar* · 1 working day · nobody covers",
        "*From Mon 6 Apr to Sun 12 Apr* · 5 working days · nobody covers",
    ]
    luis.fills({"start_on": "2026-05-04"})
    luis.presses("modal", "away.cancel", value=listed[0]["accessory"]["value"])
    assert len([block for block in luis.modal["blocks"] if block.get("accessory")]) == 1
    luis.submits({"end_on": "2026-05-08", "delegate": "UJONAS", "note": "The vendor calls on <!channel> & co"})
    assert luis.form_errors == {}
    assert [(each.start_on, each.end_on) for each in own(town)] == [
        (date(2026, 4, 6), date(2026, 4, 12)),
        (date(2026, 5, 4), date(2026, 5, 8)),
    ]
    [receipt] = luis.direct_messages()
    assert receipt["text"] == "You are away from Mon 4 May to Fri 8 May. jonas covers."
    [line] = town.person("UJONAS").direct_messages()
    assert "luis says: The vendor calls on &lt;!channel&gt; &amp; co" in words(line)


@pytest.mark.parametrize(
    ("line", "values", "problem"),
    [
        ("whenever I like", {"note": "whenever I like"}, "I read no date in that. Choose the days."),
        ("from 24 Dec @jonas covers", {"start_on": "2026-12-24", "delegate": "UJONAS"}, None),
        (
            "3/4 to 5/4 for <!channel> & co",
            {"note": "3/4 to 5/4 for <!channel> & co"},
            "I do not know the date “3/4”. Write 3 Apr or 4 Mar.",
        ),
        ("tomorrow <@UGONE> covers", {"start_on": "2026-03-31"}, "not in the workspace any more"),
        ("tomorrow <@UROBOT> covers", {"start_on": "2026-03-31"}, "This is an app, not a person."),
        ("tomorrow <@UGUEST> covers", {"start_on": "2026-03-31"}, "Guests and apps cannot cover."),
        ("tomorrow <@ULUIS> covers", {"start_on": "2026-03-31"}, "Nobody covers for themselves."),
        ("tomorrow @nobody.at.all covers", {"start_on": "2026-03-31"}, "I do not know @nobody.at.all."),
        ("Fri 10 Apr to Mon 6 Apr", {"start_on": "2026-04-10"}, "lies before the first"),
        ("2026-03-25 to 2026-04-10", {"start_on": "2026-03-25"}, "This date is past."),
        ("2026-04-06 to 2027-05-01", {"end_on": "2027-05-01"}, "At most a year."),
    ],
)
@sqlite_only
def test_what_is_not_understood_opens_the_form_filled_with_the_rest(town, line, values, problem):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", f"/pm away {line}")
    state = luis.modal["state"]["values"]
    found = {name: next(iter(state[name].values())) for name in values}
    shown = {
        name: next((v for k, v in each.items() if k.startswith(("selected", "value"))), None)
        for name, each in found.items()
    }
    assert shown == values
    alerts = [block["text"]["text"] for block in luis.modal["blocks"] if block["type"] == "alert"]
    assert len(alerts) == (1 if problem else 0)
    assert not problem or problem in alerts[0]
    assert own(town) == []


@sqlite_only
@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"start_on": None}, "start_on", "Choose the first day away."),
        ({"end_on": None}, "end_on", "Choose the last day away."),
        ({"start_on": "2026-03-29"}, "start_on", "This date is past. Choose Mon 30 Mar 2026 or later."),
        ({"end_on": "2026-04-05"}, "end_on", "The last day lies before the first. Choose a later one."),
        (
            {"start_on": "2026-06-01", "end_on": "2027-06-02"},
            "end_on",
            "At most a year. For longer, hand over what is owned.",
        ),
        ({"delegate": "ULUIS"}, "delegate", "Nobody covers for themselves. Choose someone else, or leave it empty."),
        ({"delegate": "UGUEST"}, "delegate", "Guests and apps cannot cover. Choose a member of the workspace."),
        ({"delegate": "UGONE"}, "delegate", "This person is not in the workspace any more. Choose someone else."),
        ({"delegate": "UROBOT"}, "delegate", "This is an app, not a person. Choose someone else."),
        (
            {"start_on": "2026-05-08", "end_on": "2026-05-20"},
            "start_on",
            "You are away from Mon 4 May 2026 to Fri 8 May 2026 already. Change or cancel that first.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(town, answers, field, said):
    away(town, "ULUIS", "4 May to 8 May")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm away")
    luis.submits({"start_on": "2026-04-06", "end_on": "2026-04-10"} | answers, force=True)
    assert luis.form_errors == {field: said}
    assert len(own(town)) == 1


def test_whoever_covers_may_decline_and_the_absent_person_chooses_someone_else(town):
    away(town, "ULUIS", "6 Apr to 10 Apr <@UJONAS|jonas> covers")
    jonas, luis = town.person("UJONAS"), town.person("ULUIS")
    [line] = jonas.direct_messages()
    jonas.presses(line, "away.decline")
    [line] = jonas.direct_messages()
    assert line["text"] == "You do not cover for luis from Mon 6 Apr to Fri 10 Apr. You declined, and luis was told."
    assert buttons(line) == []
    [told] = luis.direct_messages()
    assert told["text"].startswith("jonas declined to cover for you from Mon 6 Apr to Fri 10 Apr.")
    luis.presses(told, "away.change")
    luis.submits({"delegate": "UKAVYA"})
    assert luis.form_errors == {}
    assert own(town)[0].delegate.slack_id == "UKAVYA"
    assert town.person("UKAVYA").direct_messages()[0]["text"].startswith("You cover for luis")


def test_a_delegate_who_is_away_too_is_said_with_who_is_asked_then(town):
    away(town, "UJONAS", "8 Apr to 9 Apr <@UKAVYA|kavya> covers")
    away(town, "UKAVYA", "9 Apr")
    told = away(town, "ULUIS", "6 Apr to 10 Apr <@UJONAS|jonas> covers")
    assert "On Wed 8 Apr jonas is away too: kavya is asked, who covers for jonas." in words(told)
    both = "On Thu 9 Apr jonas and kavya are away too: nobody covers for kavya, then asks go to the next on the ladder."
    assert both in words(told)


def test_a_circle_is_said_in_words(town):
    away(town, "UJONAS", "6 Apr to 10 Apr <@ULUIS|luis> covers")
    told = away(town, "ULUIS", "8 Apr to 14 Apr <@UJONAS|jonas> covers")
    circle = "From Wed 8 Apr to Fri 10 Apr jonas is away too: jonas named you to cover, then asks go to the next on the"
    assert circle in words(told)


def test_changed_days_are_told_anew_and_the_old_line_says_that_it_is_over(town):
    luis, jonas = town.person("ULUIS"), town.person("UJONAS")
    away(town, "ULUIS", "6 Apr to 10 Apr <@UJONAS|jonas> covers")
    receipt = luis.reads("CLEDGER")[-1]
    luis.presses(receipt, "away.change")
    luis.submits({"end_on": "2026-04-14"})
    assert luis.form_errors == {}
    assert [message["text"] for message in jonas.direct_messages()] == [
        "You do not cover for luis from Mon 6 Apr to Fri 10 Apr. It was changed or cancelled.",
        "You cover for luis from Mon 6 Apr to Tue 14 Apr. What is asked of luis comes to you then.",
    ]


def test_cancelled_days_are_as_if_never_set_and_begun_ones_end_the_day_before(town):
    luis, jonas = town.person("ULUIS"), town.person("UJONAS")
    away(town, "ULUIS", "until 10 Apr <@UJONAS|jonas> covers")
    town.clock.move_to(datetime(2026, 4, 2, 14, tzinfo=UTC))
    receipt = luis.reads("CLEDGER")[-1]
    luis.presses(receipt, "away.cancel")
    assert luis.reads("CLEDGER")[-1]["text"] == "Your days off ended on Wed 1 Apr. From now on you are asked again."
    assert jonas.direct_messages()[-1]["text"].startswith("You do not cover for luis")
    assert own(town) == []
    assert town.count(Absence, end_on=date(2026, 4, 1)) == 1
    told = away(town, "ULUIS", "Thu 9 Apr")
    luis.presses(told | {"channel": "CLEDGER"}, "away.cancel")
    assert luis.reads("CLEDGER")[-1]["text"].startswith("Your days off on Thu 9 Apr are cancelled.")
    assert town.count(Absence, cancelled_at=None) == 1


def test_what_is_over_or_cancelled_cannot_be_changed_any_more(town):
    luis = town.person("ULUIS")
    told = away(town, "ULUIS", "tomorrow") | {"channel": "CLEDGER"}
    town.clock.move_to(datetime(2026, 4, 1, 10, tzinfo=UTC))
    assert (
        luis.presses(told, "away.change").text == "These days off are over since Tue 31 Mar 2026. Nothing was changed."
    )
    told = away(town, "ULUIS", "9 Apr") | {"channel": "CLEDGER"}
    payloads = [caught(town, lambda: luis.presses(told, "away.cancel")) for _ in range(2)]
    luis.presses(told, "away.cancel")
    assert luis.reads("CLEDGER")[-1]["text"].startswith("Your days off on Thu 9 Apr are cancelled.")
    town.deliver("interactive", payloads[0])
    assert "were cancelled before" in luis.reads("CLEDGER")[-1]["text"]


def test_a_manager_sets_days_off_for_somebody_of_their_program_who_is_told(town):
    told = away(town, "UMAYA", "<@ULUIS|luis> 6 Apr to 10 Apr <@UJONAS|jonas> covers")
    assert told["text"] == "luis is away from Mon 6 Apr to Fri 10 Apr. jonas covers."
    luis = town.person("ULUIS")
    [line] = luis.direct_messages()
    assert line["text"] == "maya set your days off. You are away from Mon 6 Apr to Fri 10 Apr. jonas covers."
    luis.presses(line, "away.cancel")
    assert own(town) == []
    assert "You do not cover" in town.person("UJONAS").direct_messages()[-1]["text"]


def test_a_manager_cancels_what_was_set_and_the_person_is_told(town):
    away(town, "UMAYA", "<@ULUIS|luis> 6 Apr")
    maya = town.person("UMAYA")
    maya.presses(maya.reads("CLEDGER")[-1], "away.cancel")
    assert (
        town.person("ULUIS").direct_messages()[-1]["text"].startswith("Your days off on Mon 6 Apr are cancelled. maya")
    )


@sqlite_only
def test_a_note_that_no_client_would_take_is_refused(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm away")
    luis.fills({"start_on": "2026-04-06", "end_on": "2026-04-10"})
    answer = town.submit_unchecked("ULUIS", {"note": "x" * 301})
    assert answer["errors"] == {"note": "Keep the note under 300 characters."}


@sqlite_only
def test_nobody_else_does(town):
    told = away(town, "UKAVYA", "<@ULUIS|luis> 6 Apr to 10 Apr")
    assert "You cannot set days off for luis" in told["text"]
    assert "Guests set no days off themselves" in away(town, "UGUEST", "tomorrow")["text"]
    kavya = town.person("UKAVYA")
    away(town, "ULUIS", "6 Apr <@UJONAS|jonas> covers")
    absence = own(town)[0].id
    mine = away(town, "UKAVYA", "7 Apr") | {"channel": "CLEDGER"}
    press = caught(town, lambda: kavya.presses(mine, "away.cancel"))
    for action in ("away.cancel", "away.change", "away.decline"):
        press["actions"][0] |= {"action_id": action, "value": str(absence)}
        press["trigger_id"] += "1"
        town.deliver("interactive", press)
        assert kavya.reads("CLEDGER")[-1]["text"] == "I cannot find these days off. Nothing was changed."
    assert len(own(town)) == 1
    kavya.types("CLEDGER", "/pm away")
    form = caught(town, lambda: kavya.submits({"start_on": "2026-04-14", "end_on": "2026-04-14"}))
    form["view"]["private_metadata"] = form["view"]["private_metadata"].replace("UKAVYA", "ULUIS")
    town.deliver("interactive", form)
    assert len(own(town)) == 1


def test_one_who_manages_a_program_with_other_people_does_not(town):
    """dana sponsors this one and manages none; an admin may."""
    assert "You cannot set days off for luis" in away(town, "UDANA", "<@ULUIS|luis> 6 Apr")["text"]
    assert away(town, "UMAYA", "<@UKAVYA|kavya> 6 Apr")["text"].startswith("kavya is away on Mon 6 Apr.")


def test_the_home_says_so_while_one_is_away(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    away(town, "ULUIS", "until Fri <@UJONAS|jonas> covers")
    line = luis.home["blocks"][1]
    assert line["text"]["text"] == "*You are away until Fri 3 Apr*, <@UJONAS> covers."
    luis.presses("home", "away.change")
    luis.submits({"delegate": None, "end_on": "2026-04-02"})
    assert luis.form_errors == {}
    assert luis.home["blocks"][1]["text"]["text"] == "*You are away until Thu 2 Apr*, nobody covers."


def test_the_same_days_set_twice_at_once_are_set_once(town):
    luis = town.person("ULUIS")
    lines = [caught(town, lambda: luis.types("CLEDGER", "/pm away 6 Apr to 10 Apr")) for _ in range(2)]
    town.refused.add("views.open")
    at_once(town, *lines)
    assert len(own(town)) == 1


def test_a_delivery_that_comes_twice_sets_it_once_and_is_answered_alike(town):
    luis = town.person("ULUIS")
    line = caught(town, lambda: luis.types("CLEDGER", "/pm away 6 Apr <@UJONAS|jonas> covers"))
    assert town.deliver("slash_commands", line) == town.deliver("slash_commands", line)
    assert len(own(town)) == 1
    assert len(town.person("UJONAS").direct_messages()) == 1
    assert town.clock.now() > MONDAY
