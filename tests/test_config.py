"""Settings are checked at start, in words; secrets never show."""

import pytest
from pydantic import ValidationError

from bot.cli import main
from bot.config import Settings
from bot.seal import new_key


def settings(**values: str) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgresql://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgresql+psycopg://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("sqlite:///data/x.db", "sqlite:///data/x.db"),
    ],
)
def test_a_database_may_be_named_as_people_name_it(given, meant):
    assert settings(database_url=given).database_url == meant


def test_plain_http_is_for_this_machine_only():
    assert settings(slack_api_url="http://127.0.0.1:8065/api").slack_api_url == "http://127.0.0.1:8065/api/"
    with pytest.raises(ValidationError, match="must be https"):
        settings(slack_api_url="http://example.org/api/")


def test_a_clock_of_its_own_is_for_this_machine_only(monkeypatch):
    monkeypatch.setenv("STATIONMASTER_CLOCK_URL", "http://127.0.0.1:8065/sandbox/clock")
    with pytest.raises(ValidationError, match="real Slack has real time"):
        settings()
    assert settings(slack_api_url="http://127.0.0.1:8065/api/").clock_url


def test_admins_are_a_list_of_ids(monkeypatch):
    monkeypatch.setenv("STATIONMASTER_ADMINS", "U1, U2 U3")
    assert settings().admins == {"U1", "U2", "U3"}


def test_tokens_do_not_show_themselves():
    shown = repr(
        settings(
            slack_bot_token="xoxb-hush",
            slack_app_token="xapp-hush",
            slack_signing_secret="hush",
            database_url="postgresql://bot:hush@host/base",
        )
    )
    assert "hush" not in shown


def test_an_unusable_setting_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATIONMASTER_WORKER_THREADS", "many")
    assert main(["start"]) == 2
    assert "STATIONMASTER_WORKER_THREADS" in capsys.readouterr().out


def test_start_without_tokens_says_which(monkeypatch, caplog, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert main(["start"]) == 2
    assert "SLACK_BOT_TOKEN and SLACK_APP_TOKEN missing" in caplog.text


@pytest.mark.parametrize("url", ["mysql://x", "postgresql://user:hush@host:port/base", "data.db", ""])
def test_a_database_that_cannot_be_meant_is_refused_without_its_password(url):
    with pytest.raises(ValidationError) as refusal:
        settings(database_url=url)
    (problem,) = refusal.value.errors()
    assert problem["msg"].startswith("Value error, DATABASE_URL")
    assert "hush" not in problem["msg"]


def test_with_a_signing_secret_slack_calls_us_and_health_has_its_port():
    assert settings(slack_bot_token="t").missing == ["SLACK_APP_TOKEN"]
    assert settings().missing == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    over_http = settings(slack_bot_token="t", slack_signing_secret="s")
    assert (over_http.missing, over_http.health_port) == ([], 3001)
    over_a_socket = settings(slack_bot_token="t", slack_app_token="a")
    assert (over_a_socket.missing, over_a_socket.health_port) == ([], None)


SEVERAL = {
    "slack_client_id": "1.2",
    "slack_client_secret": "hush",
    "slack_signing_secret": "hush",
    "url": "https://bot.example.com/",
    "keys": new_key(),
}


def test_for_several_workspaces_no_token_is_needed():
    given = settings(**SEVERAL)
    assert (given.is_for_several, given.missing) == (True, [])
    assert given.install_url == "https://bot.example.com/slack/install"
    assert given.redirect_url == "https://bot.example.com/slack/oauth_redirect"
    assert settings().install_url is None


@pytest.mark.parametrize("name", ["slack_client_secret", "slack_signing_secret", "url", "keys"])
def test_what_is_missing_for_several_workspaces_is_named(name):
    given = {key: value for key, value in SEVERAL.items() if key != name}
    words = {"url": "STATIONMASTER_URL", "keys": "STATIONMASTER_KEYS"}.get(name, name.upper())
    with pytest.raises(ValidationError, match=f"needs {words} too") as refusal:
        settings(**given)
    assert "hush" not in refusal.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**SEVERAL, "slack_bot_token": "xoxb-1"}, "exclude each other: remove SLACK_BOT_TOKEN"),
        ({"slack_client_secret": "hush"}, "SLACK_CLIENT_SECRET needs SLACK_CLIENT_ID"),
        ({**SEVERAL, "url": "http://bot.example.com"}, "STATIONMASTER_URL is the bot's public address"),
        ({**SEVERAL, "url": "https://me:hush@bot.example.com"}, "without ?, # and names in it"),
        ({**SEVERAL, "keys": "hush"}, "STATIONMASTER_KEYS holds what is no key: ./run keys makes one"),
        ({**SEVERAL, "keys": f"{new_key()} hush"}, "STATIONMASTER_KEYS holds what is no key"),
        ({"erase_after_days": "15"}, "less than or equal to 14"),
        ({"erase_after_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_combinations_that_cannot_be_meant_are_refused_in_words(given, words):
    with pytest.raises(ValidationError) as refusal:
        settings(**given)
    [problem] = refusal.value.errors()
    assert words in problem["msg"]
    assert "hush" not in problem["msg"]


def test_keys_and_teams_are_lists(monkeypatch):
    first, second = new_key(), new_key()
    monkeypatch.setenv("STATIONMASTER_KEYS", f"{first}, {second}")
    monkeypatch.setenv("STATIONMASTER_TEAMS", "T1,E2 T3")
    given = settings()
    assert [key.get_secret_value() for key in given.keys] == [first, second]
    assert given.teams == {"T1", "E2", "T3"}
    assert first not in repr(given)


def test_a_new_key_is_one(capsys):
    assert main(["keys"]) == 0
    assert settings(**{**SEVERAL, "keys": capsys.readouterr().out}).keys
