"""Lists of records: what one sees, how it is narrowed and paged, and what may be shared."""

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_bolt import BoltRequest
from sqlalchemy import select, update

from bot.domain.policy import Standing
from bot.services import assumption as assumptions
from bot.services import issue as issues
from bot.services import lists, people
from models.schemas.assumption import AssumptionDraft
from models.schemas.issue import Severity
from models.schemas.lists import LEVELS, STATES, Filters, Kind
from models.tables import Decision, Project, Risk
from models.tables.unit import add_row
from tests.asking import sqlite_only
from tests.deliveries import caught
from tests.listing import elements, headline, log_risks, place_of, restricted_project, shown, spare_room
from tests.neighbours import NOBODYS, install_neighbour
from tests.statements import statements_of
from tests.town import MONDAY, Town

HOSTILE = "<!channel> <b> & co"


def refs(message: dict[str, Any]) -> list[str]:
    """Of the rows, in their order."""
    select_ = next(e for block in message["blocks"] for e in elements(block) if e["action_id"].endswith(".show"))
    return [choice["text"]["text"].split()[0] for choice in select_["options"]]


def actions_of(message: dict[str, Any]) -> set[str]:
    return {element["action_id"] for block in message["blocks"] for element in elements(block)}


def test_nothing_logged_asks_what_could_go_wrong(town):
    said = town.person("ULUIS").types("CLEDGER", "/pm risks")
    assert said.text == "No risk is logged here. What could go wrong?"
    town.person("ULUIS").presses(said.shown[-1], "risk.form")
    assert town.person("ULUIS").modal["callback_id"] == "risk.log"


def test_the_worst_come_first_with_their_numbers(town):
    log_risks(town, 10)
    said = town.person("UKAVYA").types("CPROG", "/pm risks")
    assert said.text == "10 open risks: 4 Extreme, 10 past their review date. Worst: R-1 Vendor slips 0, Extreme 25."
    assert refs(said.shown[-1]) == ["R-1", "R-6", "R-2", "R-7", "R-3", "R-8", "R-4", "R-9", "R-5", "R-10"]
    assert "Worst first, 1-10 of 10. Only you see this." in said.shown[-1]["blocks"][0]["text"]["text"]
    assert said.shown[-1]["ephemeral"]


def test_twelve_stand_on_a_page_and_the_page_turns_in_place(town):
    log_risks(town, 30)
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm risks")
    before = len(luis.reads("CLEDGER"))
    first = refs(shown(town))
    luis.presses(shown(town), "risk.page@next")
    second = refs(shown(town))
    luis.presses(shown(town), "risk.page@next")
    third = refs(shown(town))
    assert "risk.page@next" not in actions_of(shown(town))
    assert len(first) == len(second) == 12
    assert len(third) == 6
    assert len({*first, *second, *third}) == 30
    luis.presses(shown(town), "risk.page@previous")
    assert refs(shown(town)) == second
    assert len(luis.reads("CLEDGER")) == before


def test_filters_act_at_once_and_are_kept_while_others_are_chosen(town):
    log_risks(town, 20)
    log_risks(town, 2, owner="UKAVYA")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm risks")
    luis.presses(shown(town), "risk.filter_level", option="high_up")
    assert headline(shown(town)) == "14 open risks, High and up: 8 past their review date"
    luis.presses(shown(town), "risk.filter_owner", option="UKAVYA")
    assert headline(shown(town)).startswith("2 open risks, High and up, owned by kavya")
    luis.presses(shown(town), "risk.filter_mine")
    assert headline(shown(town)).startswith("12 open risks, High and up, owned by luis")
    luis.presses(shown(town), "risk.filter_state", option="overdue")
    assert headline(shown(town)) == "6 overdue risks, High and up, owned by luis"
    luis.presses(shown(town), "risk.filter_state", option="treating")
    assert shown(town)["text"] == (
        "No risk matches these filters. 22 are open without them. Clear the filters to see them."
    )
    luis.presses(shown(town), "risk.filter_clear")
    assert headline(shown(town)).startswith("22 open risks: 10 Extreme")


def test_a_list_can_be_narrowed_to_a_project_or_a_program(town):
    log_risks(town, 3)
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    log_risks(town, 2, channel="CFRAUD")
    luis = town.person("ULUIS")
    luis.types("CPROG", "/pm risks")
    with town.database.read(1) as session:
        fraud, program = place_of(session, "CFRAUD").ref, place_of(session, "CPROG").ref
    luis.presses(shown(town, channel="CPROG"), "risk.filter_place", option=fraud)
    assert headline(shown(town, channel="CPROG")).startswith("2 open risks of Fraud Signals")
    luis.presses(shown(town, channel="CPROG"), "risk.filter_place", option=program)
    assert headline(shown(town, channel="CPROG")).startswith("5 open risks of Payments Renewal")
    luis.presses(shown(town, channel="CPROG"), "risk.filter_place", option="all")
    assert headline(shown(town, channel="CPROG")).startswith("5 open risks: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("mine", "7 open risks, owned by luis: 4 Extreme"),
        ("overdue mine high", "5 overdue risks, High and up, owned by luis"),
        ("Extreme", "5 open risks, Extreme: "),
        ("all", "8 risks, open and closed"),
        ("fraud signals", "1 open risk of Fraud Signals: 1 Extreme, 1 past its review date"),
        ("high FRAUD mine", "No risk matches these filters"),
        ("<@UKAVYA|kavya>", "1 open risk, owned by kavya"),
        ("mine <#CLEDGER|p-ledger>", "7 open risks of Ledger Migration, owned by luis"),
        ("here", "7 open risks of Ledger Migration: "),
        ("of “Open Banking” here", "I do not know “of Open Banking” here."),
        ("open banking", "No risk matches these filters"),
        ("closed", "No risk matches these filters"),
        ("migration", "7 open risks of Ledger Migration"),
        ("payments", "8 open risks of Payments Renewal"),
        ("p-1", ""),
        ("g", "“g” fits several: "),
    ],
)
@sqlite_only
def test_words_behind_the_command_narrow_it(town, words, says):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    town.sandbox.add_channel("COPEN", "open", ["ULUIS", town.sandbox.bot_user_id])
    town.set_up_project("ULUIS", "COPEN", "Open Banking")
    log_risks(town, 7)
    log_risks(town, 1, channel="CFRAUD", owner="UKAVYA")
    said = town.person("ULUIS").types("CLEDGER", f"/pm risks {words}").shown[-1]
    assert headline(said).startswith(says) or said["text"].startswith(says), said["text"]


def test_what_is_restricted_is_neither_listed_nor_counted(town):
    restricted_project(town)
    log_risks(town, 2)
    log_risks(town, 3, channel="CSECRET")
    assert town.person("UKAVYA").types("CPROG", "/pm risks").text.startswith("2 open risks: 2 Extreme")
    assert town.person("UKAVYA").types("CPROG", "/pm risks falcon").text.startswith("I do not know “falcon” here.")
    assert town.person("ULUIS").types("CPROG", "/pm risks").text.startswith("5 open risks: 4 Extreme")
    assert town.person("UMAYA").types("CPROG", "/pm risks").text.startswith("2 open risks: 2 Extreme")
    assert town.person("UMAYA").types("CSECRET", "/pm risks").text.startswith("5 open risks: 4 Extreme")
    assert "Falcon" not in json.dumps(town.person("UKAVYA").types("CPROG", "/pm risks").shown)


def test_a_guest_is_not_offered_to_log_what_they_may_not(town):
    guest = town.person("UGUEST")
    said = guest.types("CFRAUD", "/pm assumptions")
    assert said.text == "No assumption is logged here."
    assert "actions" not in [block["type"] for block in said.shown[0]["blocks"]]


def test_a_guest_sees_the_records_of_the_channel_they_are_in_and_shares_nothing(town):
    log_risks(town, 3)
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    log_risks(town, 2, channel="CFRAUD")
    guest = town.person("UGUEST")
    assert guest.types("CFRAUD", "/pm risks").text.startswith("2 open risks")
    assert "risk.share_list" not in actions_of(shown(town, "UGUEST", "CFRAUD"))
    press = caught(town, lambda: guest.presses(shown(town, "UGUEST", "CFRAUD"), "risk.list_twin"))
    press["actions"][0] |= {"action_id": "risk.share_list", "value": "page"}
    assert answered(town, press)["text"] == "Guests cannot share lists."


def test_in_a_direct_message_there_is_nobody_to_share_with(town):
    with town.database.read(1) as session:
        luis = people.ensure(session, "ULUIS")
    assert lists.may_share(Standing(luis, channel="CLEDGER"))
    assert not lists.may_share(Standing(luis, channel="DLUIS"))
    assert not lists.may_share(Standing(luis))


def test_who_shares_where_the_bot_is_not_is_told(town):
    log_risks(town, 2)
    town.refused |= {"chat.postMessage"}
    luis = town.person("ULUIS")
    luis.types("CEMPTY", "/pm risks")
    luis.presses(shown(town, channel="CEMPTY"), "risk.share_list")
    assert "CEMPTY" in str(luis.direct_messages()[-1]["blocks"])


def test_a_shared_copy_holds_what_every_member_may_see_and_says_what_is_left_out(town):
    restricted_project(town)
    log_risks(town, 2, title=HOSTILE)
    log_risks(town, 1, channel="CSECRET", title="The secret is out")
    luis = town.person("ULUIS")
    luis.types("CPROG", "/pm risks")
    assert "The secret is out" in json.dumps(shown(town, channel="CPROG"))
    luis.presses(shown(town, channel="CPROG"), "risk.share_list")
    copied = town.card("CPROG", "2 open risks: 2 Extreme, 2 past their review date.")
    assert "Worst first, 2 of 2. 1 restricted left out." in copied["blocks"][0]["text"]["text"]
    assert "Shared by luis, Mon 30 Mar. This copy is not updated." in json.dumps(copied["blocks"])
    assert "secret" not in json.dumps(copied)
    town.person("UKAVYA").presses(copied, "risk.list")
    assert headline(shown(town, "UKAVYA", "CPROG")).startswith("2 open risks: 2 Extreme")


def test_a_page_of_nothing_but_restricted_records_is_not_shared(town):
    restricted_project(town)
    log_risks(town, 1, channel="CSECRET")
    luis = town.person("ULUIS")
    luis.types("CPROG", "/pm risks")
    before = len(town.person("UKAVYA").reads("CPROG"))
    said = luis.presses(shown(town, channel="CPROG"), "risk.share_list")
    assert said.text == "Nothing on this page may be seen by everyone here. Nothing was shared."
    assert len(town.person("UKAVYA").reads("CPROG")) == before


def test_a_press_that_arrives_twice_shares_once(town):
    log_risks(town, 2)
    luis = town.person("ULUIS")
    luis.types("CPROG", "/pm risks")
    luis.presses(shown(town, channel="CPROG"), "risk.share_list")
    town.sandbox.repeat_last_delivery()
    copies = [m for m in luis.reads("CPROG") if m["text"].startswith("2 open risks") and not m.get("ephemeral")]
    assert len(copies) == 1


def test_the_table_has_a_twin_in_text_and_some_workspaces_take_no_tables(town):
    log_risks(town, 2)
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm risks")
    assert any(block["type"] == "data_table" for block in shown(town)["blocks"])
    luis.presses(shown(town), "risk.list_twin")
    assert all(block["type"] != "data_table" for block in shown(town)["blocks"])
    assert "Extreme 25 · <" in json.dumps(shown(town)["blocks"]) or "Extreme 25" in json.dumps(shown(town)["blocks"])
    luis.presses(shown(town), "risk.list_twin")
    assert any(block["type"] == "data_table" for block in shown(town)["blocks"])
    with town.database.write(1) as session:
        from bot.services import workspace

        workspace.remember_refused_tables(session)
    luis.types("CLEDGER", "/pm risks")
    assert all(block["type"] != "data_table" for block in shown(town)["blocks"])
    assert "risk.list_twin" not in actions_of(shown(town))


def test_a_row_opens_its_card_privately(town):
    log_risks(town, 2)
    luis = town.person("UKAVYA")
    luis.types("CLEDGER", "/pm risks")
    listed = shown(town, "UKAVYA")
    said = luis.presses(listed, "risk.show", option=str(2))
    assert said.text.startswith("New Extreme risk R-2")
    assert said.shown[-1]["ephemeral"]


def test_issues_assumptions_and_decisions_are_listed_too(town):
    with town.database.write(1) as session:
        place, luis = place_of(session), people.ensure(session, "ULUIS")
        for number, severity in enumerate((Severity.SEV3, Severity.SEV1)):
            issues.log_issue(
                session,
                title=f"{HOSTILE} {number}",
                severity=severity,
                place=place,
                owner=luis,
                author=luis,
                now=MONDAY - timedelta(days=4),
            )
        for number in (5, -3):
            draft = AssumptionDraft(
                title=f"{HOSTILE} {number}",
                project=place.ref,
                owner="ULUIS",
                validate_by=MONDAY.date() + timedelta(days=number),
            )
            assumptions.log_assumption(session, draft, place=place, owner=luis, author=luis, now=MONDAY)
        for number, due in enumerate((None, date(2026, 4, 3), date(2026, 3, 27))):
            add_row(
                session,
                Decision,
                number=number + 1,
                project_id=place.id,
                program_id=place.program_id,
                title=f"{HOSTILE} {number}",
                driver_id=luis.id,
                approver_id=luis.id,
                reversibility="two_way",
                options=[],
                raised_at=MONDAY,
                due_on=due,
                status="proposed",
            )
    kavya = town.person("UKAVYA")
    said = kavya.types("CPROG", "/pm issues")
    assert headline(said.shown[-1]) == "2 open issues: 1 sev1, 1 overdue"
    assert refs(said.shown[-1]) == ["I-2", "I-1"]
    said = kavya.types("CPROG", "/pm assumptions")
    assert headline(said.shown[-1]) == "2 open assumptions: 1 overdue"
    assert refs(said.shown[-1]) == ["A-2", "A-1"]
    said = kavya.types("CPROG", "/pm decisions")
    assert headline(said.shown[-1]) == "3 open decisions: 1 overdue"
    assert refs(said.shown[-1]) == ["D-3", "D-2", "D-1"]
    assert kavya.types("CPROG", "/pm decisions overdue").text.startswith("1 overdue decision. ")
    assert kavya.types("CPROG", "/pm decisions mine").text.startswith("No decision matches these filters.")
    assert town.person("ULUIS").types("CPROG", "/pm decisions mine").text.startswith("3 open decisions, owned by luis")


def test_what_is_closed_is_listed_when_asked_for_the_newest_first(town):
    log_risks(town, 4)
    with town.database.write(1) as session:
        session.execute(update(Risk).where(Risk.number > 2).values(status="closed", worst_first=None))
    said = town.person("ULUIS").types("CLEDGER", "/pm risks closed")
    assert headline(said.shown[-1]) == "2 closed risks"
    assert refs(said.shown[-1]) == ["R-4", "R-3"]
    assert refs(town.person("ULUIS").types("CLEDGER", "/pm risks all").shown[-1]) == ["R-4", "R-3", "R-2", "R-1"]


@sqlite_only
def test_five_hundred_rows_can_be_paged_through_and_a_thousand_are_counted(town):
    log_risks(town, 1010)
    luis = town.person("ULUIS")
    said = luis.types("CLEDGER", "/pm risks").shown[-1]
    assert headline(said).startswith("Over 1,000 open risks: ")
    with town.database.read(1) as session:
        by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
        last = lists.page(session, Filters(kind=Kind.RISK, page=999), by, now=MONDAY)
    assert (last.filters.page, last.first, len(last.rows)) == (42, 493, 8)


@sqlite_only
def test_a_list_asks_the_database_as_often_for_many_records_as_for_few(town):
    asked = []
    for more in (10, 290):
        log_risks(town, more)
        with town.database.read(1) as session:
            by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
            with statements_of(session.connection()) as statements:
                assert lists.page(session, Filters(kind=Kind.RISK), by, now=MONDAY).rows
        asked.append(len(statements))
    assert asked[0] == asked[1] < 15


def answered(town: Town, payload: dict[str, Any]) -> dict[str, Any]:
    """What the person gets, as a direct message: the payload's own way back is spent."""
    payload.pop("response_url", None)
    town.clock.wait(2)
    before = len(town.sandbox.calls)
    assert town.app.dispatch(BoltRequest(mode="socket_mode", body=payload)).status == 200
    said = [call.args for call in town.sandbox.calls[before:] if call.method == "chat.postMessage"]
    assert len(said) == 1
    return dict(said[0])


FROM_OUTSIDE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "all", "project:1", "program:1", "project:999999", "2", "-1", "0", "999", "²", "|||", "ULUIS"]
    ),
    *(st.sampled_from([*LEVELS[kind], *STATES[kind]]) for kind in Kind),
)
FILTERS = st.lists(FROM_OUTSIDE, max_size=8).map("|".join)


@pytest.fixture
def full_town(town: Town) -> Town:
    """Long names and hostile titles on every page."""
    town.sandbox.workspace.world.members["ULUIS"].handle = "l" * 40
    with town.database.write(1) as session:
        session.execute(update(Project).values(name=f"{HOSTILE} {'&' * 60}"))
    log_risks(town, 30, title=f"{HOSTILE} {'&' * 100}")
    return town


@sqlite_only
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_comes_back_in_a_list_it_stays_within_slacks_limits(full_town, data):
    town = full_town
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm risks")
    press = caught(town, lambda: luis.presses(shown(town), "risk.filter_mine"))
    kind = data.draw(st.sampled_from(list(Kind)))
    names = ("filter_level", "filter_state", "filter_owner", "filter_place", "filter_mine", "filter_clear", "page")
    payload = copy.deepcopy(press)
    value = data.draw(FROM_OUTSIDE)
    payload["actions"][0] |= {
        "action_id": f"{kind}.{data.draw(st.sampled_from([*names, 'list_twin', 'list']))}",
        "block_id": f"rows|{data.draw(FILTERS)}",
        "value": value,
        "selected_user": value,
    }
    body = answered(town, payload)
    assert "Code " not in body["text"]
    assert spare_room(body) == []


@sqlite_only
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.one_of(st.text(max_size=300), st.lists(FROM_OUTSIDE, max_size=5).map(" ".join)))
def test_whatever_stands_behind_the_command_is_answered(full_town, words):
    for kind in Kind:
        said = full_town.person("ULUIS").types("CLEDGER", f"/pm {kind}s {words}".replace("\n", " ").rstrip())
        if said.shown:
            assert "Code " not in said.text
            assert spare_room(said.shown[-1]) == []


def test_the_list_of_another_workspaces_place_is_the_list_of_no_place(town):
    ids = install_neighbour(town.database)[1]
    log_risks(town, 2)
    with town.database.read(1) as session:
        by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
        pages = [
            lists.page(session, Filters(kind=Kind.RISK, place=f"project:{place}"), by, now=MONDAY)
            for place in (ids["project"], NOBODYS)
        ]
        assert pages[0] == pages[1]
        assert [row.ref for row in pages[0].rows] == ["R-1", "R-2"]
        assert session.scalars(select(Risk.id)).all() == [row.id for row in pages[0].rows]
