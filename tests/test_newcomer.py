"""A newcomer's way: an app from the manifest, a bot started with what Slack shows, an invitation, the first risk."""

from collections.abc import Iterator

import pytest

from bot.config import Settings
from bot.local_slack import LocalSlack, run_local_slack
from bot.manifest import MANIFEST
from bot.start import Bot
from tests.ports import free_port
from tests.sandbox.browser import wait_until

LUIS, MAYA, LEDGER = "U0LUISORTEGA", "U0MAYACHEN", "C0P101"


@pytest.fixture(params=["by socket", "by HTTP"])
def slack(request) -> Iterator[LocalSlack]:
    url = f"http://127.0.0.1:{free_port()}/slack/events" if request.param == "by HTTP" else None
    slack = LocalSlack(port=0, request_url=url)
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture
def bot(slack: LocalSlack, tmp_path, monkeypatch) -> Iterator[Bot]:
    """With just what `./run sandbox` prints, as one would paste it."""
    for name, value in slack.settings.items():
        monkeypatch.setenv(name, value)
    port = int(slack.request_url.split(":")[2].split("/")[0]) if slack.request_url else 3000
    database = f"sqlite:///{tmp_path / 'bot.db'}"
    bot = Bot(Settings(_env_file=None, database_url=database, host="127.0.0.1", port=port, admin_port=0))
    bot.prepare()
    bot.start()
    yield bot
    bot.stop()


def test_from_the_manifest_to_the_first_risk(slack, bot):
    luis = slack.sandbox.person(LUIS)
    wait_until(lambda: slack.is_reached)
    assert luis.types(LEDGER, "/invite @stationmaster").error is None
    wait_until(lambda: any("/pm setup" in said["text"] for said in luis.reads(LEDGER)))
    luis.types(LEDGER, "/pm setup Ledger Migration")
    luis.submits({"kind": "project", "target_on": "2099-01-01"})
    assert luis.form_errors == {}
    luis.types(LEDGER, "/risk Vendor slips the API")
    luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": LUIS})
    assert luis.form_errors == {}
    wait_until(lambda: any(said["text"].startswith("New Extreme risk R-1") for said in luis.reads(LEDGER)))
    assert not [call for call in slack.sandbox.refusals if call.method != "conversations.history"]


def test_a_manifest_that_slack_would_refuse_is_refused_in_words(tmp_path, capsys):
    broken = tmp_path / "manifest.yml"
    broken.write_text(MANIFEST.read_text().replace("command: /pm", "command: pm"))
    assert run_local_slack(port=0, manifest=broken, request_url=None, several=False, wait=lambda: None) == 2
    assert "/features/slash_commands" in capsys.readouterr().out
