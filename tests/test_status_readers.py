"""What readers do with a status: acknowledge it, ask to talk, take the decision; and how its author corrects it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from models.tables import History, Occurrence, Project, StatusReading, StatusUpdate
from models.tables.unit import add_row
from tests.asking import FRIDAY, THURSDAY
from tests.deliveries import at_once, caught
from tests.test_status_conversation import post
from tests.test_status_dates import labels, move, text
from tests.town import Town

START = "Ledger Migration is"


def card(town: Town) -> dict:
    return town.card("CLEDGER", START)


def read(town: Town, user: str, choice: str = "acknowledge"):
    person = town.person(user)
    if choice == "acknowledge":
        return person.presses(card(town), "status.acknowledge")
    return choose(town, user, card(town), choice)


def choose(town: Town, user: str, message: dict, label: str):
    """From the dots."""
    [row] = [block for block in message["blocks"] if block["type"] == "actions"]
    dots = next(element for element in row["elements"] if element["action_id"] == "status.more")
    value = next(option["value"] for option in dots["options"] if option["text"]["text"] == label)
    return town.person(user).presses(message, "status.more", option=value)


def small_print(town: Town) -> list[str]:
    return [element["text"] for element in card(town)["blocks"][-1]["elements"]]


def readings(town: Town) -> list[tuple[int, str]]:
    with town.database.read(1) as session:
        return [(row.person_id, row.answer) for row in session.scalars(select(StatusReading))]


def about_readers(town: Town) -> list[str]:
    return [message["text"] for message in town.person("ULUIS").direct_messages() if "the status of" in message["text"]]


def test_nobody_stands_in_the_small_print_until_somebody_has_read_it(town):
    post(town)
    assert len(small_print(town)) == 1
    read(town, "UDANA")
    assert small_print(town)[1] == "Acknowledged by dana"
    read(town, "UMAYA")
    assert small_print(town)[1] == "Acknowledged by dana, maya"
    assert len([m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith(START)]) == 1


def test_pressing_twice_changes_nothing(town):
    post(town)
    read(town, "UDANA")
    edits = len([call for call in town.sandbox.calls if call.method == "chat.update"])
    read(town, "UDANA")
    assert len([call for call in town.sandbox.calls if call.method == "chat.update"]) == edits
    assert len(readings(town)) == 1


def test_five_names_and_the_rest_as_a_number(town):
    post(town)
    for user in ("UDANA", "UMAYA", "UJONAS", "UKAVYA", "URUBY", "ULUIS"):
        read(town, user)
    assert small_print(town)[1] == "Acknowledged by dana, maya, jonas, kavya, ruby and 1 more"


def test_the_last_answer_counts_and_the_author_has_one_line_for_all(town):
    post(town)
    read(town, "UDANA", "Let's talk")
    assert small_print(town)[1] == "Wants to talk: dana"
    assert about_readers(town) == ["dana wants to talk: the status of Ledger Migration, week 14."]
    read(town, "UMAYA", "I'll decide")
    assert about_readers(town) == ["dana wants to talk; maya will decide: the status of Ledger Migration, week 14."]
    read(town, "UDANA")
    assert small_print(town)[1] == "Acknowledged by dana · decides: maya"
    assert about_readers(town) == ["maya will decide: the status of Ledger Migration, week 14."]
    read(town, "UMAYA")
    assert about_readers(town) == ["Nobody wants to talk about the status of Ledger Migration, week 14 any more."]
    assert len(readings(town)) == 2


def test_reading_alone_tells_the_author_nothing(town):
    post(town)
    before = len(town.person("ULUIS").direct_messages())
    read(town, "UDANA")
    read(town, "ULUIS", "Let's talk")
    assert len(town.person("ULUIS").direct_messages()) == before


def test_guests_are_told_who_can(town):
    post(town)
    said = read(town, "UGUEST")
    assert said.shown[0]["text"] == "You cannot answer the status of Ledger Migration."
    assert "members of its channel can." in said.shown[0]["blocks"][0]["text"]["text"]
    assert readings(town) == []
    with town.database.read(1) as session:
        assert session.scalar(select(func.count()).where(History.kind == "status", History.field == "refused")) == 1


def test_a_guest_who_owns_the_project_posts_and_corrects(town):
    town.person("UMAYA").types("CLEDGER", "/pm setup")
    town.person("UMAYA").submits({"owner": "UGUEST"})
    post(town, "UGUEST")
    assert town.count(StatusUpdate) == 1
    choose(town, "UGUEST", card(town), "Correct")
    town.person("UGUEST").submits({"summary": "Corrected words"})
    assert town.count(StatusUpdate) == 2


def test_a_correction_takes_the_place_of_what_was_posted(town):
    post(town, health="amber", path_to_green="Rehearse the cutover twice", asks="More testers")
    old = card(town)
    luis = town.person("ULUIS")
    choose(town, "ULUIS", old, "Correct")
    assert luis.modal["title"]["text"] == "Correct status"
    [why] = [block for block in luis.modal["blocks"] if block.get("block_id") == "since"]
    assert why["elements"][0]["text"].startswith("This takes the place of the status of Mon 30 Mar")
    luis.submits({"summary": "Three work items closed early."})
    assert luis.form_errors == {}
    folded = town.card("CLEDGER", "Replaced by a new status: Ledger Migration was Amber, week 14.")
    assert folded["ts"] == old["ts"]
    new = card(town)
    assert new["text"].startswith("Ledger Migration is Amber, first update. Ask: More testers.")
    assert "corrects the one before it" in small_print(town)[0]
    with town.database.read(1) as session:
        first, second = session.scalars(select(StatusUpdate).order_by(StatusUpdate.id)).all()
        assert (first.superseded_by_id, first.period, second.superseded_by_id) == (second.id, second.period, None)
        assert (first.summary, second.summary) == ("Two work items closed early.", "Three work items closed early.")


def test_the_folded_card_shows_the_new_one_and_links_to_it(town):
    post(town)
    post(town, summary="Three work items closed early.")
    folded = town.card("CLEDGER", "Replaced by a new status: Ledger Migration was Green")
    said = town.person("UKAVYA").presses(folded, "status.show")
    assert "Three work items closed early." in said.shown[0]["blocks"][0]["text"]["text"]
    read(town, "UDANA")
    folded = town.card("CLEDGER", "Replaced by a new status: Ledger Migration was Green")
    assert f"/archives/CLEDGER/p{card(town)['ts'].replace('.', '')}|Replaced by a new status>" in text(folded)


def test_a_card_that_was_corrected_twice_shows_the_last_one(town):
    for words in ("One work item closed.", "Two work items closed.", "Three work items closed."):
        post(town, summary=words)
    folded = [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Replaced by a new status")]
    assert len(folded) == 2
    for message in folded:
        said = town.person("UKAVYA").presses(message, "status.show")
        assert "Three work items closed." in said.shown[0]["blocks"][0]["text"]["text"]


def test_an_old_card_takes_no_answers_any_more(town):
    post(town)
    old = card(town)
    late = [
        caught(town, lambda: town.person("UDANA").presses(old, "status.acknowledge")),
        caught(town, lambda: choose(town, "ULUIS", old, "Correct")),
    ]
    post(town, summary="Three work items closed early.")
    for payload in late:
        town.deliver("interactive", payload)
    told = [town.person(user).reads("CLEDGER")[-1]["text"] for user in ("UDANA", "ULUIS")]
    assert told == [
        "This status was corrected by a new one. Nothing was changed.",
        "A newer status was posted since. Correct that one. Nothing was changed.",
    ]
    assert readings(town) == []


def test_who_may_not_post_may_not_correct(town):
    post(town)
    said = choose(town, "UKAVYA", card(town), "Correct")
    assert said.modal is None
    assert said.shown[0]["text"] == "You cannot correct the status of Ledger Migration."


def test_a_correction_that_somebody_was_faster_with_is_refused_and_kept_open(town):
    post(town)
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    choose(town, "ULUIS", card(town), "Correct")
    choose(town, "UMAYA", card(town), "Correct")
    maya.submits({"summary": "Words of the manager"})
    luis.submits({"summary": "Words of the owner"})
    assert list(luis.form_errors.values()) == [
        "A newer status was posted since. Correct that one. Nothing was changed."
    ]
    assert town.count(StatusUpdate) == 2


def test_a_correction_leaves_the_request_as_it_was(town):
    post(town)
    town.play(THURSDAY)
    with town.database.read(1) as session:
        assert session.scalars(select(Occurrence.state).where(Occurrence.project_id.is_not(None))).one() == "open"
    choose(town, "ULUIS", card(town), "Correct")
    town.person("ULUIS").submits({"summary": "Three work items closed early."})
    with town.database.read(1) as session:
        assert session.scalars(select(Occurrence.state).where(Occurrence.project_id.is_not(None))).one() == "open"
    post(town)
    with town.database.read(1) as session:
        row = session.scalars(select(Occurrence).where(Occurrence.project_id.is_not(None))).one()
        assert row.state == "submitted"
        first = row.update_id
    town.play(FRIDAY)
    choose(town, "ULUIS", card(town), "Correct")
    town.person("ULUIS").submits({"summary": "Four work items closed early."})
    with town.database.read(1) as session:
        row = session.scalars(select(Occurrence).where(Occurrence.project_id.is_not(None))).first()
        assert (row.state, row.update_id) == ("submitted", first)


def test_a_corrected_date_keeps_what_moved_it(town):
    move(town, "2026-06-12")
    choose(town, "ULUIS", card(town), "Correct")
    town.person("ULUIS").submits({"summary": "Three work items closed early."})
    assert "Fri 22 May to Fri 12 Jun.* 1st slip, +21 days" in text(card(town))
    choose(town, "ULUIS", card(town), "Correct")
    luis = town.person("ULUIS")
    luis.fills({"new_target_on": "2026-06-19"})
    luis.submits({"date_reason": "It was a typing error"})
    assert luis.form_errors == {}
    assert "Fri 22 May to Fri 19 Jun.* 2nd slip, +28 days" in text(card(town))
    assert labels(card(town)) == ["Acknowledge", "Show slips"]


def test_a_correction_of_the_colour_is_no_change_of_it(town):
    post(town, health="red", path_to_green="Borrow two engineers by Friday")
    choose(town, "ULUIS", card(town), "Correct")
    luis = town.person("ULUIS")
    luis.fills({"health": "amber"})
    luis.submits()
    assert card(town)["text"].startswith("Ledger Migration is Amber, first update.")


def test_the_history_lists_the_last_statuses_for_the_asker_alone(town):
    post(town, summary="<!channel> <b> & co")
    town.pass_time(days=14)
    post(town, health="red", path_to_green="Borrow two engineers by Friday")
    post(town, summary="Three work items closed early.")
    said = choose(town, "UKAVYA", card(town), "Show history")
    [shown] = said.shown
    assert shown["text"] == "Ledger Migration: 3 statuses, the newest first. Only you see this."
    lines = text(shown)
    assert lines.index("Three work items") < lines.index("corrected since") < lines.index("&lt;!channel&gt;")


def test_what_came_from_a_file_has_no_card_to_change(town):
    with town.database.write(1) as session:
        project = session.scalars(select(Project)).one()
        values = {"project_id": project.id, "period": "2026-W13", "author_id": project.owner_id}
        imported = add_row(
            session,
            StatusUpdate,
            posted_at=datetime(2026, 3, 27, tzinfo=UTC),
            health="green",
            summary="From the file",
            asks=["dana: more money", "A second one"],
            **values,
        )
    before = len(town.person("UMAYA").reads("CLEDGER"))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    [asks] = [block for block in luis.modal["blocks"] if block.get("block_id") == "asks"]
    assert asks["element"]["initial_value"] == "dana: more money A second one"
    luis.submits()
    folded = choose(town, "ULUIS", card(town), "Show history")
    assert "From the file" in text(folded.shown[0])
    assert imported == 1
    assert len(town.person("UMAYA").reads("CLEDGER")) == before + 1


def test_the_person_asked_is_the_cards_one_mention(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"summary": "Waiting for money", "asks": "Decide the budget <!here>", "ask_person": "UDANA"})
    assert luis.form_errors == {}
    shown = card(town)
    assert shown["text"] == "Ledger Migration is Green, first update. Ask: dana: Decide the budget &lt;!here&gt;."
    assert "*Ask:* <@UDANA>: Decide the budget &lt;!here&gt;" in text(shown)
    assert [m.user for m in town.sandbox.mentions if m.channel == "CLEDGER"] == ["UDANA"]
    luis.types("CLEDGER", "/update")
    [who] = [block for block in luis.modal["blocks"] if block.get("block_id") == "ask_person"]
    assert who["element"]["initial_user"] == "UDANA"


@pytest.mark.parametrize("typed", ["<@UDANA> decide", "Decide\n<@UDANA>", "Decide <@UDANA>"])
def test_a_typed_code_mentions_nobody(town, typed):
    post(town, asks=typed.replace("\n", " "))
    assert "&lt;@UDANA&gt;" in text(card(town))
    assert [m.user for m in town.sandbox.mentions] == []


def test_somebody_is_asked_for_something(town):
    post(town, ask_person="UDANA")
    assert town.person("ULUIS").form_errors == {"ask_person": "Say above what you need from this person."}


def test_a_person_who_is_gone_cannot_be_asked(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"summary": "Waiting for money", "asks": "Decide", "ask_person": "UGONE"}, force=True)
    assert luis.form_errors == {"ask_person": "This person is not in the workspace any more. Choose someone else."}


def test_where_no_card_can_stand_the_person_asked_is_told_directly(town):
    with town.database.write(1) as session:
        session.execute(update(Project).values(channel=None))
    luis = town.person("ULUIS")
    luis.types("CEMPTY", "/update")
    luis.submits({"summary": "Waiting for money", "asks": "Decide the budget", "ask_person": "UDANA"})
    assert luis.form_errors == {}
    words = [message["text"] for message in town.person("UDANA").direct_messages()]
    assert "luis asks you in the status of Ledger Migration: Decide the budget" in words


def test_two_who_read_at_once_both_stand_on_the_one_card(town):
    post(town)
    shown = card(town)
    presses = [
        caught(town, lambda user=user: town.person(user).presses(shown, "status.acknowledge"))
        for user in ("UDANA", "UMAYA")
    ]
    at_once(town, *presses)
    assert sorted(small_print(town)[1].removeprefix("Acknowledged by ").split(", ")) == ["dana", "maya"]
    assert len(readings(town)) == 2


def test_a_reader_and_a_correction_at_once_leave_one_current_status_and_one_card(town):
    post(town)
    shown = card(town)
    luis = town.person("ULUIS")
    choose(town, "ULUIS", shown, "Correct")
    correct = caught(town, lambda: luis.submits({"summary": "Three work items closed early."}))
    press = caught(town, lambda: town.person("UDANA").presses(shown, "status.acknowledge"))
    answers = at_once(town, press, correct)
    assert [answer.startswith("200") for answer in answers] == [True, True]
    texts = [message["text"] for message in town.person("UMAYA").reads("CLEDGER")]
    assert sum(words.startswith("Replaced by a new status") for words in texts) == 1
    assert sum(words.startswith(START) for words in texts) == 1


NIGHTFALL = "Project Nightfall"


@pytest.fixture
def secret(town: Town) -> dict:
    """A status in a restricted project, of which kavya is no member."""
    luis = town.person("ULUIS")
    luis.types("CSECRET", f"/pm setup {NIGHTFALL}")
    luis.submits({"target_on": "2026-05-22"})
    luis.types("CSECRET", "/update")
    luis.fills({"new_target_on": "2026-06-12", "summary": "Nightfall is late"})
    luis.submits({"date_reason": "Nightfall needs more time"})
    assert luis.form_errors == {}
    return next(message for message in luis.reads("CSECRET") if message["text"].startswith(f"{NIGHTFALL} is Green"))


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("status.acknowledge", "1"),
        ("status.more", "talk:1"),
        ("status.more", "decide:1"),
        ("status.more", "history:1"),
        ("status.more", "correct:1"),
        ("status.more", "show:1"),
        ("status.correct", "1"),
        ("status.show", "1"),
        ("status.slips", "project:2"),
        ("status.slips_text", "project:2"),
        ("status.share_slips", "project:2"),
        ("status.open", "project:2"),
    ],
)
def test_a_restricted_status_does_not_exist_for_an_outsider(town, secret, action, value):
    """Their own channel's button, with the id of what they may not see."""
    post(town)
    press = caught(town, lambda: town.person("UKAVYA").presses(card(town), "status.acknowledge"))
    press["actions"][0] |= {"action_id": action, "value": value}
    before = len(readings(town))
    town.deliver("interactive", press)
    said = town.person("UKAVYA").reads("CLEDGER")[-1]
    assert said["text"] in {f"I cannot find this {what}. Nothing was changed." for what in ("status", "project")}
    assert not any("Nightfall" in str(message) for message in town.person("UKAVYA").reads("CLEDGER"))
    assert len(readings(town)) == before


def test_a_restricted_projects_slips_stay_in_its_channel(town, secret):
    luis = town.person("ULUIS")
    post(town)
    press = caught(town, lambda: luis.presses(card(town), "status.acknowledge"))
    press["actions"][0] |= {"action_id": "status.share_slips", "value": "project:2"}
    town.deliver("interactive", press)
    assert luis.reads("CLEDGER")[-1]["text"] == "Project Nightfall is restricted."
    assert not any("Nightfall" in str(message) for message in town.person("UKAVYA").reads("CLEDGER"))


def test_the_person_asked_in_a_restricted_project_is_not_told_around_its_channel(town, secret):
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.visibility == "restricted").values(channel=None))
    luis = town.person("ULUIS")
    luis.types("CEMPTY", "/update")
    nightfall = next(
        option["value"]
        for block in luis.modal["blocks"]
        if block.get("block_id") == "project"
        for option in block["element"]["options"]
        if option["text"]["text"] == NIGHTFALL
    )
    luis.fills({"project": nightfall})
    names = {
        block["block_id"].partition("@")[0]: block["block_id"] for block in luis.modal["blocks"] if "block_id" in block
    }
    luis.submits({names["asks"]: "Buy Nightfall", names["ask_person"]: "UKAVYA"})
    assert luis.form_errors == {}
    assert not any("Nightfall" in message["text"] for message in town.person("UKAVYA").direct_messages())


def test_the_person_asked_is_told_directly_when_the_bot_is_not_in_the_channel(town):
    town.refused.add("chat.postMessage")
    town.refused.add("chat.postEphemeral")
    town.person("UMAYA").removes_bot("CLEDGER")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"summary": "Waiting for money", "asks": "Decide the budget", "ask_person": "UDANA"})
    words = [message["text"] for message in town.person("UDANA").direct_messages()]
    assert words.count("luis asks you in the status of Ledger Migration: Decide the budget") == 1
