"""Room at Slack's door: so many at work, so many waiting; who finds none is answered at once, and nothing is lost."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any

import pytest

from bot.app import build_app
from bot.gate import Gate
from bot.server import SlackEndpoint, build_web
from bot.web_server import WebServer
from handlers.feature import Ask, Command, Feature, Reply
from tests.deliveries import caught
from tests.hostile.doors import SECRET, Socket, encoded, signed
from tests.town import Town

NEVER, AT_ONCE = 3_600.0, 0.0
"""Seconds of patience."""


class Blocked:
    """A door with one thread, which a command holds until it is let go."""

    def __init__(self, town: Town, *, room: int, patience: float) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        features = [Feature(commands=[Command("hold", "Log", [("hold", "")], self._hold, "Hold")])]
        self.runtime = town.runtime
        self.gate = Gate(1, room, patience=patience)
        app = build_app(town.runtime, town.identity, features=features, signing_secret=SECRET)
        self.server = WebServer(
            build_web(SlackEndpoint(app, self.gate, town.runtime, SECRET)), host="127.0.0.1", port=0
        )
        self._people = ThreadPoolExecutor(8)
        self._team = town.identity["team_id"]

    def __enter__(self) -> "Blocked":
        self.server.start()
        self.first = self._people.submit(self.sends, self.command("hold"))
        assert self.begun.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.server.stop()
        assert self.gate.close(30)
        self._people.shutdown()

    def command(self, text: str) -> dict[str, Any]:
        return {
            "command": "/pm",
            "text": text,
            "team_id": self._team,
            "user_id": "ULUIS",
            "channel_id": "CLEDGER",
            "trigger_id": f"1.{text}",
            "response_url": "",
        }

    def sends(self, payload: dict[str, Any], *, secret: str = SECRET) -> tuple[int, dict[str, str], str]:
        body, content_type = encoded(payload | {"team": {"id": self._team}} if "type" in payload else payload)
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            headers = dict(signed(body, secret=secret)) | {"Content-Type": content_type}
            connection.request("POST", "/slack/events", body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        finally:
            connection.close()

    def later(self, payload: dict[str, Any]) -> Any:
        return self._people.submit(self.sends, payload)

    def _hold(self, ask: Ask) -> Reply:
        self.begun.set()
        assert self.go_on.wait(60)
        return Reply()


def view(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "modal",
        "id": "V1",
        "callback_id": "risk.log",
        "title": {"type": "plain_text", "text": "Log a risk"},
        "submit": {"type": "plain_text", "text": "Log risk"},
        "blocks": list(blocks),
        "state": {"values": {}},
    }


FIELD = {"type": "input", "block_id": "title@2", "label": {"type": "plain_text", "text": "Risk"}, "element": {}}
WORDS = {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "Really?"}}


def test_who_finds_no_room_is_answered_while_all_threads_hold(town):
    with Blocked(town, room=0, patience=NEVER) as door:
        status, _, body = door.sends(door.command("risk Vendor slips"))
        said = json.loads(body)
        assert (status, said["response_type"]) == (200, "ephemeral")
        assert said["text"] == "Stationmaster is very busy right now; nothing was saved. Try again in a minute."
        assert "You typed `/pm risk Vendor slips`" in body and '"value": "/pm risk Vendor slips"' in body
        assert door.runtime.tally.counts()["turned_away", ()] == 1


def test_a_form_that_finds_no_room_stays_open_with_all_that_was_typed(town):
    with Blocked(town, room=0, patience=NEVER) as door:
        status, _, body = door.sends({"type": "view_submission", "user": {"id": "ULUIS"}, "view": view(WORDS, FIELD)})
        answer = json.loads(body)
        assert (status, answer["response_action"], list(answer["errors"])) == (200, "errors", ["title@2"])
        assert answer["errors"]["title@2"].endswith("Press Log risk again in a minute.")


def test_a_form_without_fields_gets_a_word_on_top(town):
    with Blocked(town, room=0, patience=NEVER) as door:
        for shown in (view(WORDS), view({"type": "alert", "block_id": "not_saved", "text": {}}, WORDS)):
            _, _, body = door.sends({"type": "view_submission", "user": {"id": "ULUIS"}, "view": shown})
            answer = json.loads(body)
            assert answer["response_action"] == "update"
            assert [block["block_id"] for block in answer["view"]["blocks"]] == ["not_saved", "words"]
            assert answer["view"]["callback_id"] == "risk.log" and "state" not in answer["view"]


def test_a_button_that_finds_no_room_says_so_where_it_was_pressed(town):
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "2", "impact": "3", "category": "vendor", "owner": "UKAVYA"})
    card = town.card("CLEDGER", "New")
    press = caught(town, lambda: kavya.presses(card, "risk.more", value="history:1"))
    with Blocked(town, room=0, patience=NEVER) as door:
        status, _, body = door.sends(press)
    assert (status, body) == (200, "")
    told = [m for m in kavya.reads("CLEDGER") if m.get("ephemeral")][-1]
    assert told["text"] == "Stationmaster is very busy right now; nothing was saved. Try again in a minute."
    assert town.card("CLEDGER", "New")["blocks"] == card["blocks"]


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_home_opened", "user": "ULUIS"}},
        {"type": "shortcut", "callback_id": "log.risk", "user": {"id": "ULUIS"}, "trigger_id": "1.1"},
        {"type": "block_actions", "user": {"id": "ULUIS"}, "trigger_id": "1.1", "actions": [{"action_id": "a"}]},
    ],
)
def test_what_nobody_can_be_told_of_slack_brings_again_or_tells_itself(town, payload):
    with Blocked(town, room=0, patience=NEVER) as door:
        status, headers, body = door.sends(payload | {"team_id": town.identity["team_id"]})
    assert (status, body) == (503, "")
    assert "x-slack-no-retry" not in {name.lower() for name in headers}


def test_a_menu_that_asks_gets_an_empty_list(town):
    with Blocked(town, room=0, patience=NEVER) as door:
        asks = {"type": "block_suggestion", "action_id": "project", "user": {"id": "ULUIS"}, "value": "Led"}
        status, _, body = door.sends(asks)
    assert (status, json.loads(body)) == (200, {"options": []})


def test_what_nobody_signed_is_refused_without_a_thread(town):
    """Also while there is no room: it takes none."""
    with Blocked(town, room=1, patience=NEVER) as door:
        for _ in range(3):
            assert door.sends(door.command("risk"), secret="another")[0] == 401
        assert door.gate.waiting == 0


def test_who_waits_too_long_for_a_thread_is_turned_away_in_time(town):
    with Blocked(town, room=5, patience=AT_ONCE) as door:
        status, _, body = door.sends(door.command("risk Vendor slips"))
    assert status == 200
    assert "very busy" in body


def test_who_waits_gets_in_when_a_thread_is_free(town):
    with Blocked(town, room=1, patience=NEVER) as door:
        waits = door.later(door.command("nonsense"))
        while not door.gate.waiting:
            threading.Event().wait(0.01)
        assert "very busy" in door.sends(door.command("help"))[2]  # the room is taken
        door.go_on.set()
        assert "I do not know" in waits.result()[2]
        assert door.first.result()[0] == 200


def test_what_is_at_work_when_the_door_closes_is_answered(town):
    with Blocked(town, room=1, patience=NEVER) as door:
        closing = threading.Thread(target=lambda: closed.append(door.gate.close(60)))
        closed: list[bool] = []
        closing.start()
        door.go_on.set()
        closing.join(60)
        assert closed == [True]
        assert door.first.result()[0] == 200
        assert "very busy" in door.sends(door.command("help"))[2]


def test_work_that_does_not_end_does_not_keep_the_door_open():
    begun, go_on, away = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        go_on.wait(60)

    gate = Gate(1, 5, patience=NEVER)
    gate.enter(hang, lambda: None)
    assert begun.wait(30)
    gate.enter(lambda: None, away.set)
    assert not gate.close(0)
    assert away.wait(30)
    go_on.set()


@pytest.mark.parametrize("threads", [1, 3])
def test_everybody_is_either_let_in_or_turned_away_once(threads):
    """Many at once, with hardly any room and hardly any patience."""
    lock, seen = threading.Lock(), list[int]()

    def note(number: int) -> Callable[[], None]:
        def step() -> None:
            with lock:
                seen.append(number)

        return step

    gate = Gate(threads, 3, patience=0.001)
    people = [
        threading.Thread(target=lambda start=start: [gate.enter(note(n), note(n)) for n in range(start, 1_000, 8)])
        for start in range(8)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert gate.close(30)
    assert sorted(seen) == list(range(1_000))


@contextmanager
def listening(**limits: Any) -> Iterator[tuple[WebServer, list[str]]]:
    came: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        came.append(scope["path"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    server = WebServer(app, host="127.0.0.1", port=0, **limits)
    server.start()
    yield server, came
    server.stop()


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-slow:",
        b"POST /slack/events HTTP/1.1\r\nhost: bot\r\ncontent-length: 10\r\n\r\nhalf",
    ],
)
def test_who_sends_too_slowly_is_hung_up_on(half):
    """A connection that says nothing, half of the headers, half of the body."""
    with listening(reading=0.05) as (server, _):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.connect()
        connection.sock.sendall(half)
        with suppress(ConnectionResetError):
            assert connection.sock.recv(100) == b""
        connection.close()


def test_a_kept_connection_serves_one_request_after_the_other():
    with listening(reading=30) as (server, came):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        for path in ("/one", "/two", "/three"):
            connection.request("POST", path, b"x" * 100_000)
            assert connection.getresponse().read() == b""
        connection.close()
    assert came == ["/one", "/two", "/three"]


def test_one_connection_too_many_is_told_so():
    with listening(connections=2) as (server, came):
        kept = [HTTPConnection("127.0.0.1", server.port, timeout=30) for _ in range(3)]
        for connection in kept[:2]:
            connection.request("GET", "/")
            connection.getresponse().read()
        kept[2].request("GET", "/")
        assert kept[2].getresponse().status == 503
        kept[0].request("GET", "/again")
        assert kept[0].getresponse().status == 200
        for connection in kept:
            connection.close()
    assert came == ["/", "/", "/again"]


def test_the_same_room_holds_over_a_socket(town):
    door = Socket(town)
    door._door.gate._threads = 0  # all of them hold
    door._door.gate._room = 0
    command = {
        "command": "/pm",
        "text": "risk Vendor slips",
        "team_id": town.identity["team_id"],
        "user_id": "ULUIS",
        "channel_id": "CLEDGER",
        "trigger_id": "1.1",
        "response_url": "",
    }
    assert "very busy" in door.sends(command, "slash_commands").body


def test_what_slack_would_only_bring_again_waits_behind_those_who_have_no_time():
    begun, go_on, order = threading.Event(), threading.Event(), list[str]()

    def hold() -> None:
        begun.set()
        assert go_on.wait(60)

    gate = Gate(1, 1, patience=NEVER)
    gate.enter(hold, lambda: None)
    assert begun.wait(30)
    for number in range(50):
        gate.enter(lambda number=number: order.append(f"event {number}"), None)
    gate.enter(lambda: order.append("command"), lambda: order.append("too busy"))
    assert gate.waiting == 51
    go_on.set()
    assert gate.close(30)
    assert order == ["command", *(f"event {number}" for number in range(50))]
