"""The demo's workspace, and what survives a restart."""

import json
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.sandbox import Change, Person, Sandbox, seed_from_portfolio
from tests.sandbox.conftest import LUIS, MANIFEST, PROJECT, App, actions, button, home

PORTFOLIO = Path("bot/sandbox/data/portfolio.json")


@pytest.fixture
def seeded(clock: MovableClock) -> Sandbox:
    sandbox = Sandbox(clock, MANIFEST)
    seed_from_portfolio(sandbox, json.loads(PORTFOLIO.read_text()))
    return sandbox


def members(sandbox: Sandbox, channel: str) -> list[str]:
    body = sandbox.api("conversations.members", {"channel": channel}, token=sandbox.bot_token).body
    return list(body["members"])


def test_people_of_the_portfolio_work_in_its_channels(seeded: Sandbox) -> None:
    luis = seeded.api("users.info", {"user": "U0LUISORTEGA"}, token=seeded.bot_token).body["user"]
    assert (luis["name"], luis["real_name"], luis["tz"]) == ("luis.ortega", "Luis Ortega", "America/New_York")
    assert {"U0LUISORTEGA", "U0MAYACHEN", "U0DANAWHITFIELD", "U0SAMGUEST"} <= set(members(seeded, "C0P101"))
    assert {"U0MAYACHEN", "U0DANAWHITFIELD", seeded.bot_user_id} <= set(members(seeded, "C0PRGNOVA"))
    assert "U0ROHANDAS" in members(seeded, "C0P302")


def test_the_admin_is_everywhere_and_the_guest_in_one_place(seeded: Sandbox) -> None:
    channels = seeded.workspace.world.channels.values()
    assert all("U0MAYACHEN" in channel.members for channel in channels)
    assert [channel.id for channel in channels if "U0SAMGUEST" in channel.members] == ["C0P101"]
    assert seeded.workspace.world.members["U0MAYACHEN"].is_admin
    assert seeded.workspace.world.members["U0SAMGUEST"].is_restricted


def test_there_is_a_channel_of_every_kind(seeded: Sandbox) -> None:
    assert seeded.bot_user_id not in members(seeded, "C0RANDOM")
    assert seeded.bot_user_id in members(seeded, "C0NEWIDEA")
    assert "U0JACKNGUYEN" in members(seeded, "C0LEADS")
    assert "U0TOMBECKER" not in members(seeded, "C0LEADS")


def test_a_restart_forgets_only_what_was_open(sandbox: Sandbox, app: App, luis: Person, tmp_path: Path) -> None:
    app.posts("card", blocks=[actions(button("close"))], metadata={"event_type": "card", "event_payload": {}})
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="psst")
    app.calls("views.publish", user_id=LUIS, view=home(actions(button("refresh"))))
    sandbox.save(tmp_path / "world.json")

    again = App(Sandbox.load(tmp_path / "world.json", sandbox.clock, MANIFEST))
    same = again.sandbox.person(LUIS)
    assert same.reads(PROJECT) == luis.reads(PROJECT)
    assert same.home == luis.home
    assert same.modals == []
    assert again.posts()["ts"] > luis.reads(PROJECT)[-1]["ts"]
    same.presses("home", "refresh")
    assert again.last["type"] == "block_actions"


def test_who_subscribes_hears_of_every_change(sandbox: Sandbox, app: App) -> None:
    heard: list[Change] = []
    stop = sandbox.workspace.subscribe(heard.append)
    ts = app.posts()["ts"]
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="psst")
    app.calls("chat.delete", channel=PROJECT, ts=ts)
    app.calls("views.publish", user_id=LUIS, view=home(actions(button("refresh"))))
    stop()
    app.posts()
    assert [(change.kind, change.audience) for change in heard] == [
        ("message", None),
        ("message", frozenset({LUIS})),
        ("deleted", None),
        ("home", frozenset({LUIS})),
    ]
