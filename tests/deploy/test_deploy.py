"""What `deploy/` holds works: the image's folder starts and stops as by Docker, and every name in it is known."""

import configparser
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from bot.cli import _parser
from bot.clock import SystemClock
from bot.config import Settings
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.deploy import dockerfile
from tests.deploy.dockerfile import ROOT
from tests.ports import free_port
from tests.town import one_channel

PATIENCE = 60
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())
UNIT = ROOT / "deploy" / "stationmaster.service"
SETTINGS = {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}
OF_OTHERS = {"PYTHONUNBUFFERED"}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The image's working folder, with this machine's packages in the place of those that it would install."""
    folder = tmp_path / "image"
    folder.mkdir()
    dockerfile.unpack(folder)
    venv = folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", venv)
    lock = (folder / "requirements.lock").read_bytes()
    (venv / ".requirements.lock.installed").write_text(hashlib.sha256(lock).hexdigest())
    return folder


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[tuple[Sandbox, str]]:
    """A local Slack, and its address."""
    sandbox = one_channel(SystemClock())
    server = SandboxServer(sandbox, page_dir=tmp_path)
    server.start()
    yield sandbox, f"{server.url}/api/"
    server.stop()


def test_what_the_image_is_made_of_starts_is_healthy_and_stops_as_docker_asks_for_it(image, slack):
    (sandbox, address), port = slack, free_port()
    environment = {"PATH": os.environ["PATH"], "HOME": str(image)} | dockerfile.environment()
    environment |= {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": address,
        "ADMIN_PORT": str(port),  # tests run side by side
    }
    health = [word.replace(dockerfile.environment()["ADMIN_PORT"], str(port)) for word in dockerfile.health_command()]
    command = dockerfile.one("ENTRYPOINT").words + dockerfile.one("CMD").words
    with (image / "log").open("wb") as log:
        bot = subprocess.Popen(command, cwd=image, env=environment, stdout=log, stderr=log)
    pause = threading.Event()
    healthy = any(
        subprocess.run(health, cwd=image, env=environment, capture_output=True).returncode == 0 or pause.wait(0.2)
        for _ in range(PATIENCE * 2)
    )
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        figures = answer.read().decode()
    bot.send_signal(signal.SIGTERM)
    assert bot.wait(PATIENCE) == 0
    assert healthy, (image / "log").read_text()
    assert subprocess.run(health, cwd=image, env=environment, capture_output=True).returncode != 0
    assert "stationmaster_build_info" in figures
    assert all(json.loads(line)["level"] for line in (image / "log").read_text().splitlines()), "as JSON"
    assert (image / "data" / "stationmaster.db").stat().st_mode & 0o777 == 0o600


def test_the_image_holds_nothing_of_the_checkout_but_what_is_needed():
    sources = {source for source, _ in dockerfile.copied()}
    assert sources == dockerfile.allowed()
    assert all((ROOT / source).exists() for source in sources)
    assert dockerfile.one("USER").text not in ("root", "0")


def test_every_setting_that_deploy_names_is_one():
    named = {*dockerfile.environment(), *COMPOSE["services"]["bot"]["environment"]}
    named |= {*_of_unit()}
    assert {name for name in named if name not in SETTINGS | OF_OTHERS} == set()
    assert "DATABASE_URL" in named


def test_compose_runs_our_image_on_a_database_that_is_ready_and_keeps_its_data():
    bot, db = COMPOSE["services"]["bot"], COMPOSE["services"]["db"]
    build = ROOT / "deploy" / bot["build"]["context"]
    assert (build / bot["build"]["dockerfile"]).resolve() == dockerfile.DOCKERFILE
    assert bot["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert {volume.partition(":")[0] for volume in db["volumes"]} == set(COMPOSE["volumes"])
    url = bot["environment"]["DATABASE_URL"]
    secret = "${POSTGRES_PASSWORD:?set it in .env}"
    assert url.replace(secret, "x") == (
        f"postgresql://{db['environment']['POSTGRES_USER']}:x@db/{db['environment']['POSTGRES_DB']}"
    )
    assert url.count(secret) == 1
    assert db["environment"]["POSTGRES_PASSWORD"] == secret
    assert re.fullmatch(r"postgres:\d+", db["image"]), "a version, not whatever is newest"
    assert Settings(_env_file=None, database_url=url.replace(secret, "x")).database_url.startswith("postgresql+psycopg")


def test_the_unit_starts_our_command_and_leaves_it_time_to_finish():
    said = dict(_unit())
    command, *words = shlex.split(said["ExecStart"])
    assert Path(command).name == "run"
    assert _parser().parse_args(words).run.__name__ == "_start"
    assert Path(command).parent == Path(said["WorkingDirectory"])
    assert said["RestartPreventExitStatus"] == "2", "what `start` says of settings that cannot be used"
    assert _of_unit()["DATABASE_URL"] == f"sqlite:////var/lib/{said['StateDirectory']}/stationmaster.db"


def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path):
    program = shutil.which("systemd-analyze")
    text = UNIT.read_text().replace("/opt/stationmaster", str(ROOT))
    assert str(ROOT) in text
    if program is None:
        return  # the directives' names are then not checked; all else of the unit is, above
    copy = tmp_path / UNIT.name
    copy.write_text(text)
    checked = subprocess.run([program, "verify", str(copy)], capture_output=True, text=True)
    assert [line for line in checked.stderr.splitlines() if UNIT.name in line] == []


def _of_unit() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(dict(_unit())["Environment"]))


def _unit() -> list[tuple[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as they are written
    parser.read_string(UNIT.read_text())
    return parser.items("Service")
