"""Events: what the app subscribed to, brought at least once."""

import pytest

from bot.clock import MovableClock
from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import (
    GUEST,
    LUIS,
    MANIFEST,
    MAYA,
    OPEN,
    PROJECT,
    SECRET,
    App,
    Payload,
    furnish,
    home,
    section,
)


def names(app: App) -> list[str]:
    return [payload["event"]["type"] for _, payload in app.got]


def test_opening_the_home_asks_the_app_to_publish_it(sandbox: Sandbox, app: App, luis: Person) -> None:
    def publish(payload: Payload) -> Payload:
        assert app.calls("views.publish", user_id=payload["event"]["user"], view=home(section("Yours")))["ok"]
        return {}

    app.reaction = publish
    shown = luis.opens_home()
    assert shown and shown["blocks"][0]["text"]["text"] == "Yours"
    envelope = app.last
    assert (envelope["type"], envelope["team_id"]) == ("event_callback", sandbox.team_id)
    assert envelope["event_id"].startswith("Ev")
    assert envelope["authorizations"][0]["user_id"] == sandbox.bot_user_id
    event = envelope["event"]
    assert (event["type"], event["tab"], event["channel"]) == ("app_home_opened", "home", luis.dm)
    assert "view" not in event
    luis.opens_home()
    assert app.last["event"]["view"]["type"] == "home"


def test_opening_the_messages_tab_is_told_without_a_view(app: App, luis: Person) -> None:
    assert luis.opens_messages_tab().acked
    assert app.last["event"]["tab"] == "messages"


def test_an_invited_app_is_told_and_may_write(app: App, luis: Person) -> None:
    luis.invites_bot(OPEN)
    event = app.last["event"]
    assert (event["type"], event["user"], event["inviter"]) == ("member_joined_channel", "U0SANDBOXBOT", LUIS)
    assert (event["channel"], event["channel_type"]) == (OPEN, "C")
    app.posts("thanks", channel=OPEN)


def test_people_come_and_go_where_the_app_is(sandbox: Sandbox, app: App, maya: Person) -> None:
    maya.leaves(PROJECT)
    maya.joins(PROJECT)
    maya.invites(LUIS, SECRET)
    assert names(app) == ["member_joined_channel"]
    with pytest.raises(SlackRefused):
        sandbox.person(GUEST).invites_bot(OPEN)
    with pytest.raises(SlackRefused):
        maya.joins(PROJECT)


def test_a_removed_app_is_told_if_it_subscribed(sandbox: Sandbox) -> None:
    settings = MANIFEST["settings"] | {"event_subscriptions": {"bot_events": ["member_left_channel"]}}
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"settings": settings})))
    app.sandbox.person(MAYA).removes_bot(PROJECT)
    assert names(app) == ["member_left_channel"]
    assert app.calls("chat.postMessage", channel=PROJECT, text="hello")["error"] == "not_in_channel"


def test_changes_of_people_are_told(sandbox: Sandbox, app: App) -> None:
    sandbox.change_person(LUIS, tz="Asia/Kolkata")
    assert app.last["event"]["user"]["tz"] == "Asia/Kolkata"
    sandbox.change_person(LUIS, deleted=True)
    assert app.last["event"]["user"]["deleted"]
    sandbox.welcome_person("U0NEW", "new.hire")
    assert names(app) == ["user_change", "user_change", "team_join"]


def test_an_event_nobody_took_comes_again_three_times(sandbox: Sandbox, app: App, clock: MovableClock) -> None:
    app.answers(None)
    sandbox.change_person(LUIS, tz="Asia/Kolkata")
    assert sandbox.redeliver_events(only_due=True) == 1
    assert sandbox.redeliver_events(only_due=True) == 1
    assert len(app.got) == 2
    clock.wait(60)
    sandbox.redeliver_events(only_due=True)
    clock.wait(5 * 60)
    assert sandbox.redeliver_events(only_due=True) == 0
    assert len({payload["event_id"] for _, payload in app.got}) == 1
    assert len(app.got) == 4


def test_a_taken_event_does_not_come_again(sandbox: Sandbox, app: App) -> None:
    app.answers(None)
    sandbox.change_person(LUIS, tz="Asia/Kolkata")
    app.answers({})
    assert sandbox.redeliver_events() == 0
    assert sandbox.redeliver_events() == 0
    assert len(app.got) == 2


def test_repeating_can_be_switched_off(clock: MovableClock) -> None:
    app = App(furnish(Sandbox(clock, MANIFEST, retry_events=False)))
    app.answers(None)
    app.sandbox.change_person(LUIS, tz="Asia/Kolkata")
    assert app.sandbox.redeliver_events() == 0
