"""What Slack refuses, and when Slack is not there: tried again, said elsewhere, or given up with the reason kept."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.database import Database
from bot.jobs.delivery import Courier
from bot.jobs.people import refresh_people
from bot.services import delivery
from bot.services import workspace as workspaces
from bot.views.blocks import cell, message, section
from models.schemas.message import Message
from tests.faulty_slack import fails_with, is_unreachable, refuses
from tests.ports import free_port
from tests.post_office import PostOffice, say


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[PostOffice]:
    """What Slack's answers mean is the same on every database."""
    path = tmp_path / "stationmaster.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield PostOffice(database)
    database.close()


def table_message(words: str) -> Message:
    table = {
        "type": "data_table",
        "caption": "Projects",
        "rows": [[cell("Project"), cell("Health")], [cell("Ledger"), cell("Red")]],
    }
    return message(words, table, fallback=[section(f"{words} as text")])


CUT_OFF = fails_with(ConnectionResetError("before Slack read it"))
PAUSES = [5, 30, 120, 600, 1800, 3600, 3600, 7200, 14400, 28800]


@pytest.mark.parametrize(
    "trouble",
    [refuses("internal_error", status=500), is_unreachable, CUT_OFF],
    ids=["broken", "unreachable", "cut off"],
)
def test_pauses_grow_until_it_is_given_up_with_the_error_kept(office, trouble):
    office.slack.will("chat.postMessage", *[trouble] * (len(PAUSES) + 1))
    office.post("rollup")
    office.deliver()
    for pause in PAUSES:
        row = office.row("rollup")
        assert (row.state, row.due_at - office.clock.now()) == ("queued", timedelta(seconds=pause))
        office.deliver(after=pause)
    row = office.row("rollup")
    assert row.state == "failed"
    assert row.error in {"internal_error", "URLError", "ConnectionResetError"}
    office.deliver(after=100_000)
    assert office.said() == []


def test_slack_is_given_the_time_it_asks_for(office):
    office.goes_wrong("chat.postMessage", "rate_limited", seconds=90)
    office.post("rollup")
    office.deliver()
    office.deliver(after=89)
    assert office.said() == []
    office.deliver(after=1)
    assert office.said() == ["rollup"]


def test_a_refusal_for_good_is_kept_with_its_reason_and_not_repeated(office):
    office.slack.will("chat.postMessage", refuses("msg_too_long"))
    office.post("rollup")
    office.deliver()
    assert (office.row("rollup").state, office.row("rollup").error) == ("failed", "msg_too_long")
    office.deliver(after=100_000)
    assert office.said() == []


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "missing_scope"])
def test_what_an_admin_can_mend_loses_no_message(office, error):
    office.slack.will("chat.postMessage", refuses(error))
    office.post("rollup")
    office.deliver()
    office.deliver(after=300)
    assert office.said() == ["rollup"]


@pytest.mark.parametrize("problem", [IncompleteRead(b""), KeyError("a bug of ours")], ids=["cut short", "bug"])
def test_one_message_that_always_fails_holds_no_other_up(office, problem):
    office.slack.will("chat.postMessage", *[fails_with(problem)] * 3)
    office.post("poison")
    office.deliver()
    office.post("rollup", to="CFRAUD")
    office.deliver()
    assert office.said("CFRAUD") == []  # its call was the second to fail
    office.deliver(after=5)
    assert office.said("CFRAUD") == ["rollup"]
    assert office.row("poison").error == type(problem).__name__


def test_what_one_person_alone_sees_reaches_them_where_they_are(office):
    office.whisper("receipt", to="CLEDGER", reader="ULUIS")
    office.deliver()
    assert office.said() == ["receipt"]
    assert office.sandbox.person("ULUIS").direct_messages() == []


def test_a_reader_who_is_not_in_the_channel_gets_it_directly(office):
    office.whisper("receipt", to="CLEDGER", reader="URUBY")
    office.deliver()
    [shown] = office.sandbox.person("URUBY").direct_messages()
    assert shown["text"] == "receipt"
    assert "/invite" not in str(shown["blocks"])


def test_where_the_bot_is_missing_the_reader_is_told_how_to_invite_it(office):
    office.whisper("receipt", to="CCLOSED", reader="ULUIS")
    office.deliver()
    [shown] = office.sandbox.person("ULUIS").direct_messages()
    assert "I am not in <#CCLOSED>" in str(shown["blocks"][-1])
    assert "/invite @stationmaster" in str(shown["blocks"][-1])


def test_a_workspace_that_refuses_tables_gets_text_now_and_from_now_on(office):
    office.slack.will("chat.postMessage", refuses("invalid_blocks"))
    office.post("rollup:1", words=table_message("First"))
    office.post("rollup:2", words=table_message("Second"), to="CFRAUD")
    office.deliver()
    [first] = office.sandbox.person("ULUIS").reads("CLEDGER")
    [second] = office.sandbox.person("ULUIS").reads("CFRAUD")
    assert first["blocks"][0]["text"]["text"] == "First as text"
    assert second["blocks"][0]["text"]["text"] == "Second as text"
    with office.runtime.database.read(1) as session:
        assert workspaces.refuses_tables(session)


def test_blocks_that_are_refused_with_and_without_a_table_say_nothing_of_tables(office):
    office.slack.will("chat.postMessage", refuses("invalid_blocks"), refuses("invalid_blocks"))
    office.post("rollup", words=table_message("First"))
    office.deliver()
    assert office.row("rollup").error == "invalid_blocks"
    with office.runtime.database.read(1) as session:
        assert not workspaces.refuses_tables(session)


class BadGateway(BaseHTTPRequestHandler):
    """What stands in front of Slack when Slack is down: a page for browsers, with the status that the path names."""

    def do_POST(self) -> None:
        page = b"<html><body>Something is wrong</body></html>"
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the test's output."""


@contextmanager
def bad_gateway() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), BadGateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def through(office: PostOffice, base_url: str) -> Courier:
    """A courier whose calls really go over a connection."""
    slack = WebClient(token="xoxb-1", base_url=base_url, retry_handlers=[], timeout=2)
    return Courier(replace(office.runtime, slack=slack))


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_for_browsers_in_the_place_of_slack_is_no_answer(office, status):
    office.post("rollup")
    with bad_gateway() as url:
        through(office, f"{url}/{status}/").deliver_due()
    assert (office.row("rollup").state, office.row("rollup").error) == ("queued", f"http_{status}")
    office.deliver(after=5)
    assert office.said() == ["rollup"]
    assert office.slack.count("conversations.history") == 1, "it might have stood there"


def test_what_never_reached_slack_is_not_looked_for(office):
    office.post("rollup")
    through(office, f"http://127.0.0.1:{free_port()}/api/").deliver_due()
    assert office.row("rollup").state == "queued"
    office.deliver(after=5)
    assert office.said() == ["rollup"]
    assert office.slack.count("conversations.history") == 0


def test_what_is_not_valid_never_reaches_slack(office):
    office.post("rollup", words=Message(text="words", blocks=[{"type": "section"}]))
    office.deliver()
    assert str(office.row("rollup").error).startswith("invalid_blocks: ")
    assert office.slack.count("chat.postMessage") == 0


def test_an_ask_that_comes_late_waits_for_the_persons_morning(office):
    office.goes_wrong("chat.postMessage", "http_503")
    office.clock.move_to(datetime(2026, 3, 30, 21, 59, 30, tzinfo=UTC))  # 17:59:30 in New York
    with office.runtime.database.write(1) as session:
        delivery.show(
            session,
            say("asked"),
            key="asks:ULUIS:2026-03-30",
            to="ULUIS",
            version=None,
            now=office.clock.now(),
            asked_in="America/New_York",
        )
    office.deliver()
    office.deliver(after=600)
    assert office.row("asks:ULUIS:2026-03-30").state == "queued"
    office.clock.move_to(datetime(2026, 3, 31, 13, 0, 5, tzinfo=UTC))
    office.deliver()
    assert office.row("asks:ULUIS:2026-03-30").state == "sent"


def test_an_ask_that_cannot_be_edited_is_not_posted_again(office):
    def show(words: str) -> None:
        with office.runtime.database.write(1) as session:
            now = office.clock.now()
            key = "asks:ULUIS:2026-03-30"
            zone = "America/New_York"
            delivery.show(session, say(words), key=key, to="ULUIS", version=None, now=now, asked_in=zone)

    show("asked")
    office.deliver()
    office.slack.will("chat.update", refuses("edit_window_closed"))
    show("answered")
    office.deliver(after=2)
    assert office.states("asks:ULUIS:2026-03-30") == ["sent", "failed"]
    assert office.slack.count("chat.postMessage") == 1


def test_a_direct_message_is_opened_once(office):
    refresh_people(office.runtime)
    for number in range(3):
        office.post(f"line:{number}", to="ULUIS")
        office.deliver(after=2)
    assert office.slack.count("conversations.open") == 1
