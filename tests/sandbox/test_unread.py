"""What is new to whom, across people and their windows."""

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Page, listening
from tests.sandbox.conftest import LUIS, MAYA, PROJECT, App


@pytest.fixture
def app(server: SandboxServer, sandbox: Sandbox) -> App:
    """In the place of the socket."""
    return App(sandbox)


def test_looking_at_what_others_read_leaves_it_unread(page: Page, app: App) -> None:
    app.posts(f"<@{MAYA}> look")
    page.gets(f"/sandbox/messages?as={MAYA}&channel={PROJECT}&peek=1")
    assert unread(page, MAYA) == (1, 1)


def unread(page: Page, user: str) -> tuple[int, int]:
    channels = {channel["id"]: channel for channel in page.gets(f"/sandbox/state?as={user}")["channels"]}
    return channels[PROJECT]["unread"], channels[PROJECT]["mentions"]


def test_a_mention_counts_for_the_person_named_also_in_a_thread(page: Page, app: App) -> None:
    ts = app.posts("for everybody")["ts"]
    app.posts(f"<@{LUIS}> for you", thread_ts=ts)
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text=f"<@{LUIS}> psst")
    assert (unread(page, LUIS), unread(page, MAYA)) == ((2, 1), (1, 0))


def test_what_one_window_reads_the_other_windows_of_that_person_see(page: Page, app: App) -> None:
    dm = app.sandbox.person(LUIS).dm
    with listening(page, LUIS) as luis, listening(page, MAYA) as maya:
        app.posts(f"<@{LUIS}> look")
        assert luis.next_of("unread")["channels"] == {PROJECT: {"unread": 1, "mentions": 1}}
        assert maya.next_of("unread")["channels"] == {PROJECT: {"unread": 1, "mentions": 0}}
        page.gets(f"/sandbox/messages?as={LUIS}&channel={PROJECT}")
        assert luis.next_of("unread")["channels"] == {PROJECT: {"unread": 0, "mentions": 0}}
        app.posts("for you alone", channel=dm)
        assert luis.next_of("unread")["channels"] == {dm: {"unread": 1, "mentions": 1}}


def test_the_person_who_writes_has_nothing_unread(page: Page, app: App) -> None:
    app.sandbox.person(LUIS).types(PROJECT, "hello @maya.chen")
    assert (unread(page, LUIS), unread(page, MAYA)) == ((0, 0), (1, 1))
