"""Tokens, scopes, people, conversations, limits."""

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import GONE, LUIS, MANIFEST, MAYA, OPEN, PROJECT, SECRET, App, furnish


def test_the_app_learns_who_it_is(sandbox: Sandbox, app: App) -> None:
    body = app.calls("auth.test")
    assert body["url"] == "https://example-workspace.slack.com/"
    assert (body["team_id"], body["user_id"]) == (sandbox.team_id, sandbox.bot_user_id)
    assert (body["bot_id"], body["user"]) == (sandbox.bot_id, "stationmaster")


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-sandbox", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox", "not_allowed_token_type"),
        ("chat.shout", "xoxb-sandbox", "unknown_method"),
    ],
)
def test_a_call_needs_the_right_token(sandbox: Sandbox, method: str, token: str | None, error: str) -> None:
    answer = sandbox.api(method, {}, token=token)
    assert (answer.status, answer.body) == (200, {"ok": False, "error": error})
    assert sandbox.refusals[-1].answer is answer


def test_a_scope_that_the_manifest_does_not_ask_for_is_missing(sandbox: Sandbox) -> None:
    scopes = {"oauth_config": {"scopes": {"bot": ["channels:read", "commands", "users:read"]}}}
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | scopes)))
    body = app.calls("chat.postMessage", channel=PROJECT, text="hello")
    assert (body["error"], body["needed"], body["provided"]) == (
        "missing_scope",
        "chat:write",
        "channels:read,commands,users:read",
    )


def test_optional_scopes_count_unless_they_were_not_granted(sandbox: Sandbox, app: App) -> None:
    assert app.calls("conversations.history", channel=PROJECT)["ok"]
    stingy = App(furnish(Sandbox(sandbox.clock, MANIFEST, without_optional_scopes=True)))
    assert stingy.calls("conversations.history", channel=PROJECT)["needed"] == "channels:history"


def test_the_app_knows_people(app: App) -> None:
    user = app.calls("users.info", user=LUIS)["user"]
    assert (user["name"], user["real_name"]) == ("luis.ortega", "Luis Ortega")
    assert (user["tz"], user["tz_offset"]) == ("America/New_York", -4 * 3600)
    assert "email" not in user["profile"]
    assert app.calls("users.info", user=GONE)["user"]["deleted"]
    assert app.calls("users.info", user="U0NOBODY")["error"] == "user_not_found"


def test_lists_come_in_pages(app: App) -> None:
    first = app.calls("users.list", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = app.calls("users.list", limit="3", cursor=cursor)
    assert rest["response_metadata"]["next_cursor"] == ""
    assert len({member["id"] for member in first["members"] + rest["members"]}) == 5
    assert app.calls("users.list", cursor="nonsense!")["error"] == "invalid_cursor"
    assert app.calls("conversations.list", limit=1000)["error"] == "invalid_limit"


def test_the_app_sees_public_channels_and_its_own(sandbox: Sandbox, app: App) -> None:
    listed = app.calls("conversations.list", types="public_channel,private_channel")["channels"]
    assert [(channel["id"], channel["is_member"]) for channel in listed] == [(PROJECT, True), (OPEN, False)]
    assert app.calls("conversations.info", channel=OPEN)["channel"]["name"] == "open"
    assert app.calls("conversations.info", channel=SECRET)["error"] == "channel_not_found"
    assert LUIS in app.calls("conversations.members", channel=PROJECT)["members"]
    assert app.calls("conversations.list", types="im")["needed"] == "im:read"
    assert app.calls("conversations.list", types="other")["error"] == "invalid_types"
    sandbox.archive_channel(OPEN)
    assert len(app.calls("conversations.list", exclude_archived="true")["channels"]) == 1


def test_the_app_sees_where_it_takes_part(sandbox: Sandbox, app: App) -> None:
    sandbox.add_channel("C0LEADS", "leads", [MAYA, sandbox.bot_user_id], is_private=True)

    def listed(**args: str) -> list[str]:
        kinds = "public_channel,private_channel"
        return [c["id"] for c in app.calls("users.conversations", types=kinds, **args)["channels"]]

    assert listed() == [PROJECT, "C0LEADS"]
    assert listed(user=MAYA) == [PROJECT, OPEN, "C0LEADS"]
    assert app.calls("users.conversations", user="U0NOBODY")["error"] == "user_not_found"


def test_slack_says_what_a_token_is_good_for(sandbox: Sandbox, app: App) -> None:
    granted = app.answer("auth.test").headers["X-OAuth-Scopes"].split(",")
    assert set(granted) == set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert sandbox.api("auth.test", {}, token=sandbox.app_token).headers == {"X-OAuth-Scopes": "connections:write"}
    assert sandbox.api("auth.test", {}, token="xoxb-other").headers == {}


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U0NOBODY", "user_not_found"),
        (GONE, "user_disabled"),
        ("U0SANDBOXBOT", "cannot_dm_bot"),
        ([LUIS, "U0MAYA"], "missing_scope"),
    ],
)
def test_a_direct_conversation_needs_one_living_person(app: App, users: object, error: str) -> None:
    assert app.calls("conversations.open", users=users)["error"] == error


def test_a_direct_conversation_is_opened_once(app: App, luis: Person) -> None:
    first = app.calls("conversations.open", users=[LUIS])
    again = app.calls("conversations.open", users=LUIS, return_im=True)
    assert first["channel"] == {"id": luis.dm}
    assert again["already_open"]
    assert again["channel"]["user"] == LUIS


def test_history_is_read_newest_first_between_two_instants(app: App, clock: MovableClock) -> None:
    stamps = []
    for text in ("one", "two", "three"):
        stamps.append(app.posts(text)["ts"])
        clock.wait(60)
    app.posts("reply", thread_ts=stamps[0])

    def texts(**args: object) -> list[str]:
        found = app.calls("conversations.history", channel=PROJECT, **args)["messages"]
        return [message["text"] for message in found]

    assert texts() == ["three", "two", "one"]
    assert texts(oldest=stamps[1]) == ["three"]
    assert texts(oldest=stamps[1], inclusive=True) == ["three", "two"]
    assert texts(latest=stamps[1]) == ["one"]
    replies = app.calls("conversations.replies", channel=PROJECT, ts=stamps[0])["messages"]
    assert [message["text"] for message in replies] == ["one", "reply"]
    assert app.calls("conversations.replies", channel=PROJECT, ts="1.000001")["error"] == "thread_not_found"
    assert app.calls("conversations.history", channel=OPEN)["error"] == "not_in_channel"


def test_an_argument_that_is_missing_is_named(app: App) -> None:
    body = app.calls("chat.postMessage", text="hello")
    assert body["error"] == "invalid_arguments"
    assert "missing required field: channel" in body["response_metadata"]["messages"][0]


def test_one_message_a_second_fits_in_a_channel(clock: MovableClock) -> None:
    app = App(furnish(Sandbox(clock, MANIFEST, rate_limits=True)))
    app.posts("one")
    refused = app.answer("chat.postMessage", channel=PROJECT, text="two")
    assert (refused.status, refused.body["error"], refused.headers["Retry-After"]) == (429, "ratelimited", "1")
    app.posts("elsewhere", channel=LUIS)
    clock.wait(1)
    app.posts("two")


def test_a_method_may_be_called_so_often_in_a_minute(clock: MovableClock) -> None:
    app = App(furnish(Sandbox(clock, MANIFEST, rate_limits=True)))
    for _ in range(20):
        assert app.calls("users.list")["ok"]
        clock.wait(1)
    refused = app.answer("users.list")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "40")
    clock.wait(timedelta(seconds=40).total_seconds())
    assert app.calls("users.list")["ok"]


def test_the_log_remembers_the_newest_calls(sandbox: Sandbox, app: App) -> None:
    for number in range(5_010):
        app.calls("users.info", user=LUIS, number=number)
    assert len(sandbox.calls) == 5_000
    assert sandbox.calls[-1].args["number"] == 5_009
