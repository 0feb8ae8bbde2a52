"""Settings that are missing, misplaced or unreadable are named, with what to do, and never shown."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.config import Settings
from bot.doctor import run_doctor
from tests.doctor.practice import NOBODY_LISTENS, PASSWORD, SECRET


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"slack_bot_token": ""}, 'SLACK_BOT_TOKEN is missing. -> Your app\'s page, "OAuth & Permissions"'),
        ({"slack_app_token": ""}, 'SLACK_APP_TOKEN is missing. -> Your app\'s page, "Basic Information"'),
        ({"slack_bot_token": "xapp-1-2-3"}, "SLACK_BOT_TOKEN holds an app-level token; it should begin with xoxb-"),
        ({"slack_app_token": "xoxb-1-2-3"}, "SLACK_APP_TOKEN holds a bot token; it should begin with xapp-"),
        ({"slack_bot_token": "xoxp-1-2-3"}, "SLACK_BOT_TOKEN holds a user's token;"),
        ({"slack_bot_token": "xoxe.xoxb-1-2"}, "SLACK_BOT_TOKEN holds a token that expires within hours"),
        ({"slack_bot_token": SECRET}, "SLACK_BOT_TOKEN holds what looks like a signing secret;"),
        ({"slack_bot_token": "letmein"}, "SLACK_BOT_TOKEN holds something else;"),
        ({"slack_bot_token": '"xoxb-sandbox"'}, "SLACK_BOT_TOKEN has blanks or quotes around it."),
        ({"slack_app_token": "xapp-sandbox "}, "SLACK_APP_TOKEN has blanks or quotes around it."),
        ({"slack_bot_token": "xoxb-sand\nbox"}, "SLACK_BOT_TOKEN holds a sign that Slack never puts there."),
        ({"slack_bot_token": "xoxb-“sandbox”"}, "SLACK_BOT_TOKEN holds a sign that Slack never puts there."),
        ({"slack_signing_secret": "xapp-1-2"}, "SLACK_SIGNING_SECRET holds an app-level token, no signing secret."),
        ({"slack_signing_secret": f" {SECRET}"}, "SLACK_SIGNING_SECRET has blanks or quotes around it."),
    ],
)
def test_what_stands_in_a_setting_and_should_not_is_named_and_never_shown(practice, values, words):
    practice.sets(slack_api_url=NOBODY_LISTENS, **values)
    assert practice.says(words) == 2


def test_with_http_slack_has_to_be_given_an_address(connected):
    connected.sets(slack_signing_secret=SECRET, port=3456, slack_app_token="")
    assert connected.says("SLACK_SIGNING_SECRET looks like one.") == 0
    assert connected.says("Slack will call the bot by HTTP, at port 3456 of this machine.") == 0
    assert connected.says("public address, https://YOUR-HOST/slack/events, for commands, interactivity and") == 0
    connected.sets(slack_signing_secret="no-such-secret", slack_app_token="xapp-sandbox")
    assert connected.says("SLACK_SIGNING_SECRET does not look as Slack makes them: 32 signs of 0-9 and a-f.") == 0
    assert connected.says("SLACK_APP_TOKEN is set and not used") == 0


def test_admins_are_named_by_their_slack_ids(connected):
    connected.sets(admins=frozenset({"UMAYA", "maya.chen"}))
    assert connected.says("STATIONMASTER_ADMINS holds what is no Slack user id: maya.chen.") == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL begins with sqlite:/// or postgresql://"),
        ("DATABASE_URL", f"postgresql://u:{PASSWORD}@host:port/db", "DATABASE_URL is not an address like"),
        ("SLACK_API_URL", "http://slack.com/api/", "SLACK_API_URL must be https"),
        ("STATIONMASTER_WORKER_THREADS", "many", "STATIONMASTER_WORKER_THREADS: Input should be a valid integer"),
        ("PORT", "70000", "PORT: Input should be less than or equal to 65535"),
        ("STATIONMASTER_CLOCK_URL", "http://127.0.0.1/", "STATIONMASTER_CLOCK_URL needs a SLACK_API_URL on this"),
    ],
)
def test_a_setting_that_cannot_be_read_ends_the_examination(monkeypatch, tmp_path, capsys, name, value, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert words in said
    assert "It talks to nobody until the settings can be used." in said
    assert "not checked: everything else" in said
    assert PASSWORD not in said


def test_the_command_reads_the_settings_of_this_folder(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(f"SLACK_API_URL={NOBODY_LISTENS}\nSLACK_BOT_TOKEN=xapp-swapped\n")
    Path(".env").chmod(0o644)
    assert main(["doctor", "--json"]) == 2
    said = capsys.readouterr().out
    assert "SLACK_BOT_TOKEN holds an app-level token" in said
    assert ".env holds tokens, and other users of this machine may read it." in said
    assert "xapp-swapped" not in said


def test_env_is_for_its_owner_alone(connected):
    env_file = connected.folder / ".env"
    env_file.write_text("")
    env_file.chmod(0o640)
    assert connected.says(f"other users of this machine may read it. -> chmod 600 {env_file}") == 1
    env_file.chmod(0o600)
    assert connected.says(f"{env_file} can be read by you alone.") == 0


@pytest.mark.parametrize("trouble", [b"SLACK_BOT_TOKEN=\xff\xfe", None])
def test_an_env_file_that_cannot_be_read_is_said(monkeypatch, tmp_path, capsys, trouble):
    monkeypatch.chdir(tmp_path)
    if trouble is not None:
        Path(".env").write_bytes(trouble)
        assert main(["doctor"]) == 2
        assert ".env is not plain text in UTF-8." in capsys.readouterr().out
        return

    def load() -> Settings:
        raise PermissionError(13, "Permission denied", ".env")

    assert run_doctor(load) == 2
    assert ".env cannot be read (PermissionError)." in capsys.readouterr().out
