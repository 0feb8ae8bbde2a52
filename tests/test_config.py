"""Settings are checked at start, in words; secrets never show."""

import pytest
from pydantic import ValidationError

from bot.cli import main
from bot.config import Settings


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
