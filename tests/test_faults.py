"""What the bot makes of a Slack that fails: said once in the end, nothing typed is lost, and people are told."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from models.tables import Risk
from tests.live_bot import RISK, LiveBot
from tests.sandbox.browser import wait_until

LINE = "/risk Vendor slips the API"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveBot]:
    """One for the whole file: every test speaks of another risk."""
    bot = LiveBot(tmp_path_factory.mktemp("live"))
    bot.start()
    yield bot
    bot.stop()


@pytest.fixture
def live(running: LiveBot) -> Iterator[LiveBot]:
    yield running
    running.sandbox.faults.clear()
    running.luis.types("CLEDGER", "/pm help")


def risks(live: LiveBot, title: str) -> int:
    with live.bot.runtime.database.read(1) as session:
        return session.scalar(select(func.count()).select_from(Risk).where(Risk.title == title)) or 0


def test_slack_is_given_the_time_it_asks_for_and_nothing_is_said_twice(live: LiveBot) -> None:
    live.goes_wrong("rate_limited", "chat.postMessage", seconds=90)
    asked = live.asked("chat.postMessage")
    live.logs_risk(live.luis, "Limited")
    wait_until(lambda: live.asked("chat.postMessage") > asked)
    live.pass_time(seconds=0)
    live.sandbox.faults.clear()
    live.pass_time(seconds=89)
    assert live.cards("Limited") == []
    live.pass_time(minutes=5)
    assert len(live.cards("Limited")) == 1


@pytest.mark.parametrize("kind", ["http_500", "http_503", "internal_error", "fatal_error", "reset", "hang"])
def test_what_slack_did_not_do_is_said_a_moment_later(live: LiveBot, kind: str) -> None:
    live.goes_wrong(kind, "chat.postMessage", times=1)
    live.logs_risk(live.luis, f"Undone {kind}")
    live.pass_time(minutes=5)
    assert len(live.cards(f"Undone {kind}")) == 1


@pytest.mark.parametrize("kind", ["lost_answer", "hang_done"])
def test_what_slack_did_without_saying_so_is_found_and_not_said_again(live: LiveBot, kind: str) -> None:
    looked = live.asked("conversations.history")
    live.goes_wrong(kind, "chat.postMessage", times=1)
    live.logs_risk(live.luis, f"Done {kind}")
    live.pass_time(minutes=5)
    assert len(live.cards(f"Done {kind}")) == 1
    assert live.asked("conversations.history") == looked + 1


def test_an_outage_of_every_method_loses_nothing(live: LiveBot) -> None:
    live.luis.types("CLEDGER", "/risk Outage")
    live.goes_wrong("http_503")
    assert live.luis.submits(RISK).error is None
    live.pass_time(minutes=30)
    live.sandbox.faults.clear()
    live.pass_time(hours=1)
    assert len(live.cards("Outage")) == 1


def test_a_form_that_came_too_late_is_explained_with_all_that_was_typed(live: LiveBot) -> None:
    live.goes_wrong("expired_triggers", times=1)
    [told] = live.luis.types("CLEDGER", LINE).shown
    assert "That took longer than Slack allows, so no form opened. Try again." in told["text"]
    assert LINE in str(told["blocks"])
    assert live.luis.modals == []
    live.luis.types("CLEDGER", LINE)
    assert live.luis.modal["state"]["values"]
    live.luis.closes()


@pytest.mark.parametrize("kind", ["http_500", "rate_limited", "reset", "hang"])
def test_a_form_that_slack_does_not_open_is_explained_with_all_that_was_typed(live: LiveBot, kind: str) -> None:
    live.goes_wrong(kind, "views.open", times=1)
    result = live.luis.types("CLEDGER", LINE)
    assert result.error is None
    assert LINE in str(result.shown[-1]["blocks"])


def test_what_a_response_url_does_not_take_is_said_directly(live: LiveBot) -> None:
    live.logs_risk(live.dana, "Private", owner="ULUIS")
    live.pass_time(minutes=1)
    [card] = [shown for shown in live.luis.reads("CLEDGER") if shown["text"] in live.cards("Private")]
    live.goes_wrong("http_500", "response_url", times=1)
    before = len(live.dana.direct_messages())
    live.dana.presses(card, "risk.acknowledge")
    wait_until(lambda: len(live.dana.direct_messages()) > before)
    told = live.dana.direct_messages()[-1]
    assert told["text"].startswith("You cannot acknowledge")
    assert "Its owner (luis)" in str(told["blocks"])


@pytest.mark.parametrize("warned_ahead", [0, 0.5])
def test_a_command_after_the_sockets_were_renewed_is_answered(live: LiveBot, warned_ahead: float) -> None:
    renewing = threading.Thread(target=live.server.renew_sockets, args=(warned_ahead,))
    renewing.start()
    wait_until(lambda: "What you can say" in live.luis.types("CLEDGER", "/pm help").text)
    renewing.join()
    wait_until(lambda: "What you can say" in live.luis.types("CLEDGER", "/pm help").text)


def test_a_command_after_the_sockets_broke_is_answered(live: LiveBot) -> None:
    opened = live.asked("apps.connections.open")
    live.server.drop_sockets()
    wait_until(lambda: "What you can say" in live.luis.types("CLEDGER", "/pm help").text)
    assert live.asked("apps.connections.open") > opened


def test_everything_delivered_twice_is_recorded_once(live: LiveBot) -> None:
    live.goes_wrong("repeated")
    live.logs_risk(live.luis, "Twice")
    live.pass_time(minutes=5)
    assert (risks(live, "Twice"), len(live.cards("Twice"))) == (1, 1)


def test_two_people_whose_forms_overtake_each_other_get_one_record_each(live: LiveBot) -> None:
    live.luis.types("CLEDGER", "/risk First")
    live.dana.types("CLEDGER", "/risk Second")
    live.goes_wrong("reordered", times=1, seconds=20)
    first = threading.Thread(target=live.luis.submits, args=(RISK,))
    first.start()
    wait_until(lambda: live.sandbox.faults.active() == [])
    live.dana.submits(RISK)
    first.join()
    live.pass_time(minutes=5)
    with live.bot.runtime.database.read(1) as session:
        numbers = {risk.title: risk.number for risk in session.scalars(select(Risk))}
    assert numbers["Second"] < numbers["First"]
    assert (len(live.cards("First")), len(live.cards("Second"))) == (1, 1)


def test_an_invitation_that_comes_late_and_twice_is_answered_once(live: LiveBot) -> None:
    live.goes_wrong("delayed", times=1, seconds=60)
    live.goes_wrong("repeated", times=1)
    live.luis.invites_bot("CASIDE")
    live.pass_time(seconds=59)
    assert live.greetings("CASIDE") == []
    live.pass_time(minutes=1)
    live.pass_time(minutes=1)
    assert len(live.greetings("CASIDE")) == 1
