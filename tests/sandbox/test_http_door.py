"""An app that Slack reaches at a request URL: everything is signed, and what does not arrive comes again."""

import json
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from bot.clock import MovableClock, SystemClock
from bot.sandbox import Person, Sandbox
from bot.sandbox.http_door import HttpDoor, signature
from bot.sandbox.server import SandboxServer
from tests.sandbox.conftest import OPEN, PROJECT, form, section, text_input
from tests.sandbox.receiver import Posted, Receiver, Says, receiving

NOW = SystemClock().now


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[Receiver]:
    """The app at the other end of the workspace's request URL."""
    with receiving() as receiver:
        door = HttpDoor(receiver.address, sandbox.signing_secret, NOW)
        sandbox.deliver = door
        yield receiver
        door.close()


def field(posted: Posted, name: str) -> str:
    [value] = parse_qs(posted.body)[name]
    return value


def retries(app: Receiver) -> list[tuple[str | None, str | None]]:
    return [(posted.headers.get("X-Slack-Retry-Num"), posted.headers.get("X-Slack-Retry-Reason")) for posted in app.got]


def test_the_signature_is_slacks() -> None:
    """The example that Slack publishes."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


def test_a_command_comes_as_a_signed_form_and_words_answer_it(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    app.says("Logged")
    assert luis.types(PROJECT, "/risk Vendor slips & more").text == "Logged"
    assert (field(app.last, "command"), field(app.last, "text")) == ("/risk", "Vendor slips & more")
    assert field(app.last, "is_enterprise_install") == "false"
    assert app.last.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert app.last.is_signed_with(sandbox.signing_secret)
    assert not app.last.is_signed_with("another secret")


def test_a_signature_ages_by_the_time_outside_not_by_the_workspaces(
    app: Receiver, sandbox: Sandbox, luis: Person, clock: MovableClock
) -> None:
    clock.wait(7 * 24 * 3600)
    luis.types(PROJECT, "/risk")
    assert app.last.is_signed_with(sandbox.signing_secret)


def test_blocks_come_back_as_json(app: Receiver, luis: Person) -> None:
    answer = {"response_type": "in_channel", "text": "Logged", "blocks": [section("Logged")]}
    app.says(json.dumps(answer), content_type="application/json;charset=utf-8")
    luis.types(PROJECT, "/risk")
    assert [said["text"] for said in luis.reads(PROJECT)] == ["/risk", "Logged"]


def test_a_form_is_refused_in_the_answer_to_its_post(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    def open_form(posted: Posted) -> Says:
        view = form(text_input("title"))
        arguments = {"trigger_id": field(posted, "trigger_id"), "view": view}
        assert sandbox.api("views.open", arguments, token=sandbox.bot_token).body["ok"]
        return Says()

    app.reaction = open_form
    luis.types(PROJECT, "/risk")
    refusal = {"response_action": "errors", "errors": {"title": "Say more"}}
    app.says(json.dumps(refusal), content_type="application/json")
    luis.submits({"title": "Vendor"})
    assert luis.form_errors == {"title": "Say more"}
    payload = json.loads(field(app.last, "payload"))
    assert payload["type"] == "view_submission"
    app.says("words are no answer to a form")
    assert luis.submits().error == "dispatch_failed"
    assert luis.modals, "what was typed is still there"


def test_an_event_comes_as_json_and_any_2xx_takes_it(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    app.says(status=204)
    luis.invites_bot(OPEN)
    assert json.loads(app.last.body)["event"]["type"] == "member_joined_channel"
    assert app.last.headers["Content-Type"] == "application/json"
    assert app.last.is_signed_with(sandbox.signing_secret)
    assert retries(app) == [(None, None)]
    assert sandbox.redeliver_events() == 0


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_an_answer_other_than_200_fails_what_a_person_did(app: Receiver, luis: Person, status: int) -> None:
    app.says("never shown", status=status)
    result = luis.types(PROJECT, "/risk")
    assert (result.error, result.shown) == ("dispatch_failed", [])


def test_broken_json_fails_what_a_person_did(app: Receiver, luis: Person) -> None:
    app.says("{", content_type="application/json")
    assert luis.types(PROJECT, "/risk").error == "dispatch_failed"


def test_where_nobody_listens_nothing_can_be_dispatched(sandbox: Sandbox, luis: Person) -> None:
    with receiving() as gone:
        address = gone.address
    sandbox.deliver = HttpDoor(address, sandbox.signing_secret, NOW)
    assert luis.types(PROJECT, "/risk").error == "dispatch_failed"


def test_an_app_is_given_three_seconds(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    go_on = threading.Event()

    def dawdle(posted: Posted) -> Says:
        go_on.wait(20)
        return Says()

    app.reaction = dawdle
    assert luis.types(PROJECT, "/risk").error == "operation_timeout"
    luis.invites_bot(OPEN)
    go_on.set()
    app.says()
    assert sandbox.redeliver_events(only_due=True) == 0
    assert retries(app)[1:] == [(None, None), ("1", "http_timeout")]


def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five(
    app: Receiver, sandbox: Sandbox, luis: Person, clock: MovableClock
) -> None:
    app.says(status=500)
    luis.invites_bot(OPEN)
    app.says(status=0)  # the connection is closed without an answer
    assert sandbox.redeliver_events(only_due=True) == 1
    assert sandbox.redeliver_events(only_due=True) == 1
    clock.wait(60)
    app.says(status=308, location="/elsewhere")
    sandbox.redeliver_events(only_due=True)
    clock.wait(4 * 60)
    sandbox.redeliver_events(only_due=True)
    assert len(app.got) == 1 + 1 + 3
    clock.wait(60)
    assert sandbox.redeliver_events(only_due=True) == 0, "after three times nobody tries any more"
    reasons = ["http_error", "connection_failed", "too_many_redirects"]
    first_of_each = [retries(app)[place] for place in (0, 1, 2, 5)]
    assert first_of_each == [(None, None), *[(str(number + 1), reason) for number, reason in enumerate(reasons)]]
    assert len({json.loads(posted.body)["event_id"] for posted in app.got}) == 1


def test_an_app_may_forbid_the_repeating(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    app.says(status=500, x_slack_no_retry="1")
    luis.invites_bot(OPEN)
    assert sandbox.redeliver_events() == 0
    assert len(app.got) == 1


def test_an_event_follows_two_redirects(app: Receiver, sandbox: Sandbox, luis: Person) -> None:
    moved = {"/slack/events": "/one", "/one": "two"}

    def send_round(posted: Posted) -> Says:
        return Says(301, headers={"Location": moved[posted.path]}) if posted.path in moved else Says()

    app.reaction = send_round
    luis.invites_bot(OPEN)
    assert [posted.path for posted in app.got] == ["/slack/events", "/one", "/two"]
    assert len({posted.body for posted in app.got}) == 1
    assert sandbox.redeliver_events() == 0


def test_one_connection_carries_many_requests_until_the_app_hangs_up(app: Receiver, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    app.says(connection="close")
    luis.types(PROJECT, "/risk")
    app.says("a new line")
    assert luis.types(PROJECT, "/risk").text == "a new line"
    first, second, third = [posted.line for posted in app.got]
    assert first == second != third


@pytest.mark.parametrize(
    ("content_type", "template"),
    [("text/plain", "{}"), ("application/x-www-form-urlencoded", "challenge={}"), ("application/json", '"{}"')],
)
def test_an_address_is_used_once_it_has_answered_the_challenge(
    server: SandboxServer, luis: Person, content_type: str, template: str
) -> None:
    def answer(posted: Posted) -> Says:
        asked = json.loads(posted.body)["challenge"]
        said = json.dumps({"challenge": asked}) if "json" in content_type else template.format(asked)
        return Says(body=said, headers={"Content-Type": content_type})

    with receiving() as app:
        app.reaction = answer
        assert server.deliver_to(app.address, NOW)
        app.says("by request URL")
        assert luis.types(PROJECT, "/risk").text == "by request URL"


def test_an_address_that_does_not_answer_the_challenge_is_refused(
    server: SandboxServer, sandbox: Sandbox, luis: Person
) -> None:
    socket_mode = sandbox.deliver
    broken = Says(body="{", headers={"Content-Type": "application/json"})
    with receiving() as stranger:
        for said in (Says(body="hello"), Says(404), Says(0), broken):
            stranger.reaction = lambda posted, said=said: said
            assert not server.deliver_to(stranger.address, NOW)
    assert not server.deliver_to(stranger.address, NOW)
    with pytest.raises(ValueError, match="no request URL"):
        server.deliver_to("example", NOW)
    assert sandbox.deliver == socket_mode


def test_slack_checks_that_an_address_is_still_there(app: Receiver, sandbox: Sandbox) -> None:
    door = HttpDoor(app.address, sandbox.signing_secret, NOW)
    assert door.ssl_check()
    assert field(app.last, "ssl_check") == "1"
    app.says(status=500)
    assert not door.ssl_check()
    door.close()
