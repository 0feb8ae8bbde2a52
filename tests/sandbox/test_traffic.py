"""What the traffic inspector shows of calls and deliveries, and what it never shows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox import Sandbox
from bot.sandbox.masking import HIDDEN
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import EXAMPLE
from bot.sandbox.traffic_rows import MOST_ROWS
from tests.sandbox.browser import Json, Page, listening
from tests.sandbox.conftest import LUIS, PROJECT, App, actions, button, form, section, text_input


@pytest.fixture
def page(sandbox: Sandbox, page_dir: Path) -> Iterator[Page]:
    server = SandboxServer(sandbox, page_dir=page_dir)
    server.start()
    yield Page(server.url)
    server.stop()


@pytest.fixture
def app(page: Page, sandbox: Sandbox) -> App:
    """In the place of the socket, so that every delivery arrives in the test."""
    return App(sandbox)


@pytest.fixture
def client(page: Page) -> WebClient:
    return WebClient(base_url=f"{page.origin}/api/")


def lines(page: Page, query: str = "after=0") -> list[Json]:
    return list(page.gets(f"/sandbox/traffic?{query}")["lines"])


def opened(page: Page, line: Json) -> Json:
    return dict(page.gets(f"/sandbox/traffic/{line['number']}"))


def test_a_command_and_the_form_it_opens_are_listed_newest_first(page: Page, app: App, sandbox: Sandbox) -> None:
    app.opens(form(text_input("title")), sandbox.person(LUIS))
    opening, command = lines(page)
    assert (command["to_app"], command["method"], command["gist"]) == (True, "slash_commands", "/risk")
    assert (command["user"], command["channel"], command["error"]) == (LUIS, PROJECT, None)
    assert (opening["to_app"], opening["method"], opening["gist"]) == (False, "views.open", "Log a risk · risk.log")
    assert opening["at"] == "2026-03-30T13:00:00+00:00"
    assert opening["milliseconds"] >= 0
    assert opened(page, opening)["sent"]["view"]["title"]["text"] == "Log a risk"
    assert opened(page, opening)["answer"]["ok"] is True
    assert opened(page, command)["answer"] == {}


def test_a_press_an_event_and_an_answer_are_told_apart(page: Page, app: App, sandbox: Sandbox) -> None:
    ts = app.posts(blocks=[actions(button("risk.edit"), button("risk.undo"))])["ts"]
    sandbox.person(LUIS).presses((PROJECT, ts), "risk.undo")
    WebhookClient(app.last["response_url"]).send(text="Undone.")
    sandbox.person(LUIS).opens_home()
    home, answer, press, _ = lines(page)
    assert (press["method"], press["gist"], press["user"], press["channel"]) == (
        "block_actions",
        "risk.undo",
        LUIS,
        PROJECT,
    )
    assert (answer["method"], answer["gist"], answer["to_app"]) == ("response_url", "Undone.", False)
    assert (home["method"], home["user"], home["to_app"]) == ("app_home_opened", LUIS, True)


def test_what_went_wrong_is_said_and_can_be_looked_at_alone(page: Page, app: App, sandbox: Sandbox) -> None:
    app.posts("all is well")
    app.calls("chat.postMessage", channel="C0NOWHERE", text="hello")
    app.answers(None)
    sandbox.person(LUIS).types(PROJECT, "/risk")
    silent, refused = lines(page, "after=0&problems=1")
    assert (refused["error"], refused["problem"]) == ("channel_not_found", True)
    assert (silent["error"], silent["status"], silent["problem"]) == ("operation_timeout", None, True)
    assert opened(page, silent)["answer"] is None
    assert page.gets(f"/sandbox/state?as={LUIS}")["traffic"]["problems"] == 2


def test_a_delivery_is_listed_while_its_answer_is_awaited(page: Page, app: App, sandbox: Sandbox) -> None:
    seen: list[Json] = []
    app.reaction = lambda payload: seen.extend(lines(page)) or {}
    sandbox.person(LUIS).types(PROJECT, "/risk")
    assert (seen[0]["milliseconds"], seen[0]["problem"]) == (None, False)
    assert lines(page)[0]["number"] == seen[0]["number"]
    assert lines(page)[0]["milliseconds"] > 0


def test_only_what_is_new_is_fetched_and_of_a_burst_only_the_newest(page: Page, app: App) -> None:
    app.posts("before")
    last = page.gets("/sandbox/traffic?after=0")["last"]
    assert lines(page, f"after={last}") == []
    for number in range(MOST_ROWS + 50):
        app.calls("users.info", user=LUIS, number=number)
    new = lines(page, f"after={last}")
    assert len(new) == MOST_ROWS
    assert opened(page, new[0])["sent"]["number"] == MOST_ROWS + 49
    assert page.ask("GET", "/sandbox/traffic?after=x")[0] == 400


def test_a_filter_finds_what_stands_in_the_row_or_inside(page: Page, app: App) -> None:
    app.posts("Vendor slips", blocks=[section("Ledger cutover")])
    app.posts("something else")
    for text in ("vendor", "LEDGER", "chat.postMessage"):
        assert lines(page, f"after=0&text={text}")[-1]["gist"] == "Vendor slips"
    assert lines(page, "after=0&text=nowhere") == []


def test_a_line_that_is_forgotten_cannot_be_opened(page: Page) -> None:
    assert page.ask("GET", "/sandbox/traffic/99")[0] == 404


def test_open_pages_are_told_how_far_the_traffic_is_not_each_line_of_it(page: Page, app: App) -> None:
    with listening(page, LUIS) as luis:
        for _ in range(500):
            app.calls("auth.test")
        told = [luis.next_of("traffic")]
        while told[-1]["last"] < 1_000:
            told.append(luis.next_of("traffic"))
    assert told[-1] == {"type": "traffic", "last": 1_000, "problems": 0, "faults": 0}
    assert len(told) < 50


SECRETS = {
    "bot token": "xoxb-1111-2222-abcdef",
    "user token": "xoxp-9-8-7",
    "rotated token": "xoxe.xoxp-1-Mi0yLT",
    "refresh token": "xoxe-1-My0xLT",
    "app token": "xapp-1-A0SANDBOX-55-0a1b",
    "some token": "xoxzyx",
    "signing secret": EXAMPLE.signing_secret,
    "signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "ticket": "ws://127.0.0.1:1/link/?ticket=Zm9vYmFy&app_id=A0",
    "hook": "https://hooks.slack.com/commands/T0/55/Zm9vYmFy",
}
BARE = ("Zm9vYmFy", "xox", "xapp", "1111", EXAMPLE.signing_secret, "a2114d57b48e")


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_no_secret_leaves_wherever_it_stands(page: Page, app: App, secret: str) -> None:
    places: dict[str, Any] = {
        "text": secret,
        "user": secret,
        "token": secret,
        "blocks": [section(f"look: <{secret}|here>")],
        "metadata": json.dumps({"kept": f"a {secret} b"}),
        "nested": [{"deep": [{"deeper": secret}]}],
        "key": {secret: 1},
    }
    for name, value in places.items():
        app.calls("chat.postMessage", channel=PROJECT, **{name: value})
    app.answers({"text": secret, "response_action": secret})
    app.sandbox.person(LUIS).types(PROJECT, f"/risk {secret}")
    shown = json.dumps([[line, opened(page, line)] for line in lines(page)])
    assert HIDDEN in shown
    assert not [bare for bare in BARE if bare in shown]


def test_what_only_looks_a_little_like_a_secret_is_shown(page: Page, app: App) -> None:
    app.posts("Foxtrot at 1774875604.525324, see boxing 10.20.30")
    assert lines(page)[0]["gist"] == "Foxtrot at 1774875604.525324, see boxing 10.20.30"


def test_the_keys_that_a_person_lends_the_app_are_hidden(page: Page, app: App, sandbox: Sandbox) -> None:
    sandbox.person(LUIS).types(PROJECT, "/risk Vendor")
    sent = opened(page, lines(page)[0])["sent"]
    path = app.last["response_url"].rsplit("/", 1)[1]
    trigger = app.last["trigger_id"]
    assert sent["text"] == "Vendor"
    assert sent["token"] == HIDDEN
    assert sent["response_url"].endswith(f"/respond/{HIDDEN}")
    assert sent["trigger_id"] == f"{trigger.rsplit('.', 1)[0]}.{HIDDEN}"
    app.calls("views.open", trigger_id=trigger, view=form(text_input("title")))
    everything = json.dumps([opened(page, line) for line in lines(page)])
    assert path not in everything
    assert trigger not in everything


def test_the_ticket_of_a_socket_is_hidden(page: Page, client: WebClient) -> None:
    answer = client.apps_connections_open(app_token=EXAMPLE.app_token)
    ticket = answer["url"].split("ticket=")[1].split("&")[0]
    shown = opened(page, lines(page)[0])["answer"]["url"]
    assert ticket not in shown
    assert f"ticket={HIDDEN}&" in shown


def test_secrets_cannot_be_guessed_by_filtering(page: Page, app: App) -> None:
    app.posts("xoxb-1111-2222-abcdef")
    assert lines(page, "after=0&text=xoxb-1") == []
    assert lines(page, "after=0&text=2222") == []
