"""Slack, as the doctor finds it: each refusal in words, the clocks, the scopes."""

import ssl
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.doctor.line import Line, Unreachable
from bot.doctor.scopes import WITHOUT
from bot.doctor.slack import APP_TOKEN_WORDS, BOT_TOKEN_WORDS
from bot.sandbox.faults import Fault
from tests.doctor.practice import NOBODY_LISTENS, SECRET, with_scopes
from tests.doctor.scripted_slack import scripted_slack
from tests.town import MANIFEST


def test_it_says_first_whom_it_talks_to(practice):
    practice.sets(slack_api_url=NOBODY_LISTENS)
    assert practice.examine()[1].startswith("Stationmaster's doctor. It talks to 127.0.0.1.")


def test_a_slack_that_cannot_be_reached_ends_what_needs_it(practice):
    practice.sets(slack_api_url=NOBODY_LISTENS)
    assert practice.says("127.0.0.1 cannot be reached (Connection refused).") == 1
    assert practice.says("not checked: Socket Mode, because Slack was not reached") == 1
    assert practice.says("not checked: scopes, because Slack was not reached") == 1


def test_trouble_with_tls_is_told_apart(connected):
    connected.sets(slack_api_url=connected.settings.slack_api_url.replace("http:", "https:"))
    assert connected.says("127.0.0.1 does not speak TLS as it should (wrong version number).") == 1


def test_a_certificate_that_is_not_trusted_is_explained(practice):
    untrusted = ssl.SSLCertVerificationError()
    untrusted.verify_message = "self-signed certificate in certificate chain"

    def call(slack: object) -> Any:
        raise untrusted

    with pytest.raises(Unreachable, match="is not trusted") as told:
        Line(practice.settings, practice.now).ask(call)
    assert str(told.value).endswith("(self-signed certificate in certificate chain)")
    assert "SSL_CERT_FILE" in told.value.remedy


def test_an_answer_is_not_waited_for_long(connected):
    connected.sandbox.faults.add(Fault("hang"))
    line = Line(connected.settings, connected.now, one_call=1)
    with pytest.raises(Unreachable, match="did not answer within 1 seconds"):
        line.ask(lambda slack: slack.auth_test())
    connected.sandbox.faults.clear()


def test_a_page_in_slacks_place_is_no_slack(practice):
    with scripted_slack({"auth.test": "<h1>Sign in to the guest network</h1>"}) as url:
        practice.sets(slack_api_url=url)
        assert practice.says("What answers at 127.0.0.1 is not Slack (HTTP status 200).") == 1


@pytest.mark.parametrize("error", [*BOT_TOKEN_WORDS, "ekm_access_denied"])
def test_each_refusal_of_the_bot_token_has_its_words(practice, error):
    words, remedy = BOT_TOKEN_WORDS.get(error, ("Slack refused.", "Compare SLACK_BOT_TOKEN"))
    with scripted_slack({"auth.test": {"ok": False, "error": error}}) as url:
        practice.sets(slack_api_url=url)
        assert practice.says(f"{words} ({error}) -> {remedy}") == 1
        assert practice.says("not checked: scopes, because Slack did not accept the bot token") == 1


@pytest.mark.parametrize("error", [*APP_TOKEN_WORDS, "socket_mode_is_off"])
def test_each_refusal_of_the_app_token_has_its_words(practice, error):
    words, remedy = APP_TOKEN_WORDS.get(error, ("Slack refused.", "Is Socket Mode switched on?"))
    known = {"ok": True, "team": "T", "team_id": "T1", "user": "stationmaster", "user_id": "UB"}
    with scripted_slack({"auth.test": known, "apps.connections.open": {"ok": False, "error": error}}) as url:
        practice.sets(slack_api_url=url)
        assert practice.says(f"{words} ({error}) -> {remedy}") == 1


def test_tokens_that_slack_does_not_know_are_told_apart(connected):
    connected.sets(slack_bot_token="xoxb-very-wrong", slack_app_token="xapp-very-wrong")
    assert connected.says("Slack does not know this bot token. (invalid_auth)") == 1
    assert connected.says("Slack does not know this app-level token. (invalid_auth)") == 1


def test_names_from_slack_cannot_paint_the_terminal(practice):
    with scripted_slack({"auth.test": {"ok": True, "team": "\x1b[31mRed", "team_id": "T1", "user": "b"}}) as url:
        practice.sets(slack_api_url=url)
        assert practice.says("in the workspace ?[31mRed (T1).") == 1


@pytest.mark.parametrize(
    ("ahead", "words", "code"),
    [
        (20, "This machine's clock agrees with Slack's.", 0),
        (150, "This machine's clock is 2 minutes ahead of Slack's: people are asked that much off.", 0),
        (-3700, "This machine's clock is 61 minutes behind Slack's: people are asked at the wrong time.", 1),
    ],
)
def test_clocks_that_differ_are_noticed(connected, ahead, words, code):
    clock = MovableClock(connected.now.now() + timedelta(seconds=ahead))
    assert connected.says(words, clock=clock) == code


def test_by_http_a_wrong_clock_refuses_everything(connected):
    connected.sets(slack_signing_secret=SECRET)
    clock = MovableClock(connected.now.now() + timedelta(hours=1))
    assert connected.says("what Slack signs is refused, so nothing works by HTTP.", clock=clock) == 1


def test_a_slack_that_tells_no_time_is_not_compared_with(practice):
    known = {"ok": True, "team": "T", "team_id": "T1", "user": "stationmaster"}
    with scripted_slack({"auth.test": known}, tells_time=False) as url:
        practice.sets(slack_api_url=url)
        practice.says("not checked: this machine's clock, because Slack did not tell the time")
        practice.says("not checked: scopes, because Slack did not say which ones the token has")


@pytest.mark.parametrize(
    ("manifest", "options", "words", "code"),
    [
        (MANIFEST, {}, "All 9 scopes that are needed are granted.", 0),
        (with_scopes(without={"im:write"}), {}, f"The scope im:write is missing: {WITHOUT['im:write']}.", 1),
        (with_scopes(add={"reactions:write"}), {}, "Granted and never used: reactions:write.", 0),
        (MANIFEST, {"without_optional_scopes": True}, "The optional scope im:history is not granted: a message", 0),
    ],
)
def test_what_was_granted_is_held_against_the_manifest(practice, manifest, options, words, code):
    practice.open_workspace(manifest, **options)
    with practice.slack():
        assert practice.says(words) == code


def test_each_scope_of_the_manifest_can_be_explained():
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == set(WITHOUT)
