"""Moving the target date with a status: the reason, the first baseline, the slip that stays, and the ledger of all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.domain.numbers import ordinal
from bot.services import workspace as workspaces
from bot.slack_rules import check_message
from bot.views.slips import slip_ledger
from models.schemas.slips import Ledger, Move, Slips
from models.tables import History, Project, StatusUpdate
from tests.test_status_conversation import blocks, post
from tests.town import Town


def project(town: Town) -> Project:
    with town.database.read(1) as session:
        return session.scalars(select(Project)).one()


def updates(town: Town) -> list[StatusUpdate]:
    with town.database.read(1) as session:
        return list(session.scalars(select(StatusUpdate).order_by(StatusUpdate.id)))


def moves(town: Town) -> list[tuple[object, object, str | None]]:
    statement = select(History).where(History.kind == "project", History.field == "target_on").order_by(History.id)
    with town.database.read(1) as session:
        return [(row.old, row.new, row.reason) for row in session.scalars(statement)]


def move(town: Town, to: str, reason: str = "The vendor needs two more weeks", **answers: object):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills({"new_target_on": to, "summary": "Two work items closed early."} | answers)
    return luis.submits({"date_reason": reason}, force=True)


def text(message: dict) -> str:
    return "\n".join(
        part["text"]
        for block in message["blocks"]
        for part in [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    )


def labels(card: dict) -> list[str]:
    [row] = [block for block in card["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for element in row["elements"] if element["type"] == "button"]


def test_the_form_knows_the_present_date(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    [target] = [block for block in luis.modal["blocks"] if block.get("block_id") == "new_target_on"]
    assert target["element"]["initial_date"] == "2026-05-22"
    assert target["hint"]["text"] == "First baseline Fri 22 May. It has not moved."


def test_another_date_asks_why_at_once_and_the_old_date_takes_it_back(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills({"summary": "Typed before the date", "new_target_on": "2026-06-12"})
    assert blocks(luis)[-1] == "date_reason"
    [slip] = [block for block in luis.modal["blocks"] if block.get("block_id") == "slip"]
    assert slip["elements"][0]["text"].startswith("*1st slip, +21 days* since the first baseline.")
    luis.fills({"new_target_on": "2026-05-22"})
    assert "date_reason" not in blocks(luis)
    luis.submits()
    assert "Typed before the date" in text(town.card("CLEDGER", "Ledger Migration is Green"))
    assert moves(town) == []


def test_a_moved_date_stands_on_the_card_before_anything_else(town):
    move(town, "2026-06-12")
    card = town.card("CLEDGER", "Ledger Migration is Green, first update, and its target date moved")
    assert card["text"].endswith("from Fri 22 May to Fri 12 Jun. 1st slip, +21 days. Ask: none.")
    assert card["blocks"][0]["text"]["text"] == (
        ":large_green_circle: *Ledger Migration is Green,* first update · *the date moved* · *Ask:* none\n"
        ":calendar: *Target: Fri 22 May to Fri 12 Jun.* 1st slip, +21 days since the first baseline, Fri 22 May.\n"
        "*Why:* The vendor needs two more weeks\n"
        "Two work items closed early."
    )
    assert labels(card) == ["Acknowledge", "Show slips"]
    assert (str(project(town).target_on), str(project(town).baseline_on)) == ("2026-06-12", "2026-05-22")
    [posted] = updates(town)
    assert (str(posted.old_target_on), str(posted.new_target_on)) == ("2026-05-22", "2026-06-12")
    assert moves(town) == [("2026-05-22", "2026-06-12", "The vendor needs two more weeks")]


def test_the_slip_stays_on_every_later_status_also_on_green(town):
    move(town, "2026-06-12")
    town.pass_time(days=14)
    post(town)
    card = town.card("CLEDGER", "Ledger Migration is Green, steady. Ask: none.")
    assert "*Slip* 1, +21 days since the first baseline" in text(card)
    assert "*Target* Fri 12 Jun" in text(card)
    assert labels(card) == ["Acknowledge", "Show slips"]


def test_the_second_slip_counts_from_the_first_baseline(town):
    move(town, "2026-06-12")
    town.pass_time(days=14)
    move(town, "2026-07-02", "Safety review adds a red-team round")
    card = town.card("CLEDGER", "Ledger Migration is Green, steady, and its target date moved")
    assert "2nd slip, +41 days since the first baseline, Fri 22 May." in text(card)
    assert str(project(town).baseline_on) == "2026-05-22"


def test_an_earlier_date_is_no_slip(town):
    move(town, "2026-05-15", "The scope was cut")
    card = town.card("CLEDGER", "Ledger Migration is Green, first update, and its target date moved")
    assert "*Target: Fri 22 May to Fri 15 May.* -7 days since the first baseline, Fri 22 May." in text(card)
    town.pass_time(days=14)
    post(town)
    assert "*Slip* -7 days against the first baseline" in text(
        town.card("CLEDGER", "Ledger Migration is Green, steady")
    )


@pytest.mark.parametrize("reason", ["", "why", "    "])
def test_a_date_without_a_reason_is_told_at_the_reason(town, reason):
    move(town, "2026-06-12", reason)
    luis = town.person("ULUIS")
    words = "Say why the target date moves from Fri 22 May 2026 to Fri 12 Jun 2026."
    assert luis.form_errors == {"date_reason": words}
    assert updates(town) == []
    assert str(project(town).target_on) == "2026-05-22"
    luis.submits({"date_reason": "The vendor needs two more weeks"})
    assert luis.form_errors == {}
    assert len(updates(town)) == 1


def test_a_past_date_is_told_at_the_date(town):
    move(town, "2026-03-29")
    assert town.person("ULUIS").form_errors == {"new_target_on": "This date is past. Choose Mon 30 Mar 2026 or later."}
    assert updates(town) == []


def test_everything_wrong_is_told_at_once_each_at_its_field(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills({"health": "red", "new_target_on": "2026-06-12", "ask_person": "UDANA"})
    luis.submits({"summary": "", "path_to_green": "", "date_reason": ""}, force=True)
    assert set(luis.form_errors) == {"summary", "path_to_green", "ask_person", "date_reason"}


def test_a_late_project_keeps_its_date_until_somebody_moves_it(town):
    town.pass_time(days=60)
    post(town)
    assert town.person("ULUIS").form_errors == {}
    assert moves(town) == []


def test_a_date_that_somebody_moved_meanwhile_is_not_moved_back_by_a_form_that_was_open(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/update")
    maya.types("CLEDGER", "/update")
    maya.fills({"new_target_on": "2026-06-12", "summary": "The sponsor moved it"})
    maya.submits({"date_reason": "Decided in the steering round"})
    assert maya.form_errors == {}
    luis.submits({"summary": "Two work items closed early."})
    assert luis.form_errors == {}
    assert str(project(town).target_on) == "2026-06-12"
    assert len(moves(town)) == 1


def test_a_project_without_a_date_gets_one_as_its_first_baseline(town):
    with town.database.write(1) as session:
        session.execute(update(Project).values(target_on=None, baseline_on=None))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.fills({"new_target_on": "2026-06-12"})
    assert "date_reason" not in blocks(luis)
    luis.submits({"summary": "Now there is a plan."})
    card = town.card("CLEDGER", "Ledger Migration is Green, first update, and its target date is Fri 12 Jun.")
    assert ":calendar: *Target: Fri 12 Jun.* It is the first baseline." in text(card)
    assert labels(card) == ["Acknowledge"]
    assert (str(project(town).target_on), str(project(town).baseline_on)) == ("2026-06-12", "2026-06-12")


def test_show_slips_lists_every_move_and_only_the_asker_sees_it(town):
    move(town, "2026-06-12", "The vendor <!channel> <b> & co")
    town.pass_time(days=14)
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"target_on": "2026-07-02"})
    town.pass_time(days=1)
    post(town)
    card = town.card("CLEDGER", "Ledger Migration is Green, steady")
    said = town.person("UKAVYA").presses(card, "status.slips")
    [shown] = said.shown
    assert shown["text"].startswith("Ledger Migration: the target date has slipped twice, +41 days since the first")
    [table] = [block for block in shown["blocks"] if block["type"] == "table"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Set on", "Date", "Slip", "Why", "By"],
        ["30 Mar", "22 May", "0", "First baseline", "-"],
        ["30 Mar", "12 Jun", "+21", "The vendor <!channel> <b> & co", "luis"],
        ["13 Apr", "2 Jul", "+20", "No reason given", "luis"],
    ]
    assert not any("slipped twice" in message["text"] for message in town.person("UMAYA").reads("CLEDGER"))


def test_the_ledger_as_text_and_shared_with_the_channel(town):
    move(town, "2026-06-12")
    kavya = town.person("UKAVYA")
    said = kavya.presses(town.card("CLEDGER", "Ledger Migration is Green"), "status.slips")
    kavya.presses(said.shown[0], "status.slips_text")
    as_text = kavya.reads("CLEDGER")[-1]
    assert "• 30 Mar: 12 Jun, *+21*, the vendor needs two more weeks (luis)" in text(as_text)
    kavya.presses(as_text, "status.share_slips")
    shared = town.card("CLEDGER", "Ledger Migration: the target date has slipped once, +21 days")
    assert "Shared by kavya." in text(shared)


def test_where_tables_are_refused_the_ledger_is_text_at_once(town):
    move(town, "2026-06-12")
    with town.database.write(1) as session:
        workspaces.remember_refused_tables(session)
    said = town.person("UKAVYA").presses(town.card("CLEDGER", "Ledger Migration is Green"), "status.slips")
    assert "table" not in [block["type"] for block in said.shown[0]["blocks"]]
    assert "• 30 Mar: 12 Jun, *+21*" in text(said.shown[0])


def test_guests_share_nothing(town):
    move(town, "2026-06-12")
    guest = town.person("UGUEST")
    said = guest.presses(town.card("CLEDGER", "Ledger Migration is Green"), "status.slips")
    assert said.shown[0]["text"].startswith("Ledger Migration: the target date has slipped once")
    refused = guest.presses(said.shown[0], "status.share_slips")
    assert refused.shown[0]["text"] == "Guests cannot share the slips of Ledger Migration."


def test_a_move_of_which_no_history_tells_is_in_the_ledger_all_the_same(town):
    with town.database.write(1) as session:
        session.execute(update(Project).values(target_on=date(2026, 6, 12)))
    post(town)
    card = town.card("CLEDGER", "Ledger Migration is Green")
    assert "*Slip* 1, +21 days since the first baseline" in text(card)
    said = town.person("UKAVYA").presses(card, "status.slips")
    [table] = [block for block in said.shown[0]["blocks"] if block["type"] == "table"]
    assert [cell["text"] for cell in table["rows"][-1]] == ["-", "12 Jun", "+21", "Not on record", "-"]


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")],
)
def test_ordinals(n, words):
    assert ordinal(n) == words


DATES = st.dates(date(2020, 1, 1), date(2040, 1, 1))
TEXTS = st.text(max_size=200)


@given(st.lists(st.tuples(DATES, TEXTS), max_size=60), DATES, st.text(min_size=1, max_size=80))
def test_any_ledger_fits_slack(steps, baseline, name):
    present, found = baseline, []
    for new, reason in steps:
        found.append(Move(on=new, old=present, new=new, reason=reason, by=None))
        present = new
    ledger = Ledger(
        ref="project:1",
        name=name,
        slips=Slips(baseline_on=baseline, baseline_set_on=baseline, target_on=present, moves=found),
    )
    for as_text in (False, True):
        shown = slip_ledger(ledger, today=date(2026, 3, 30), as_text=as_text)
        assert check_message(shown.payload()) == []
        assert shown.fallback is None or check_message({"text": "x", "blocks": shown.fallback}) == []
