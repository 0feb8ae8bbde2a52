"""The bot as it is served by HTTP, with one command more, which answers nothing; no timetable, so nothing is sent.

`python -m tests.bench.our_server ACTIONS` registers as many more actions; settings come from the environment.
"""

import sys

import handlers
from bot.app import build_app, build_runtime, connect
from bot.cli import wait_for_the_end
from bot.config import Settings
from bot.http_mode import HttpDoor
from handlers.feature import Ask, Command, Feature, Reply
from tests.bench.payloads import NOOP


def nothing(ask: Ask) -> Reply:
    return Reply()


def feature(actions: int) -> Feature:
    command = Command(word="noop", alias=NOOP, group="Bench", examples=(), handler=nothing, button="Nothing")
    return Feature(commands=(command,), actions={f"noop.{number}": nothing for number in range(actions)})


def main(actions: int) -> None:
    settings = Settings()
    runtime = build_runtime(settings, wake=lambda: None)
    app = build_app(
        runtime,
        connect(runtime),
        features=(*handlers.FEATURES, feature(actions)),
        signing_secret=settings.signing_secret,
    )
    door = HttpDoor(app, runtime, settings)
    door.open()
    wait_for_the_end()
    door.close(10)
    runtime.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
