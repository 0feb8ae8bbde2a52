"""A quarter, played: time moves from what is due to what somebody does, with restarts and an outage in between."""

import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.simulation.actors import Actors
from tests.simulation.place import Place
from tests.simulation.received import Answered, Call
from tests.simulation.world import World

SLICE = timedelta(hours=1)


@dataclass(frozen=True)
class Quarter:
    world: World
    received: list[Call]
    answered: list[Answered]
    problems: list[str]
    refusals: list[str]
    seconds: float


def play(world: World) -> Quarter:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="simulation-") as folder:
        place = Place(world, Path(folder))
        actors = Actors(place)
        for until, what in _events(world):
            _live(place, actors, until)
            if what == "restart":
                place.restart()
            elif what == "outage":
                place.jump(world.outage[1])
        refusals = [f"{call.method}: {call.error}" for call in place.sandbox.refusals if call.error != "ratelimited"]
        place.close()
    return Quarter(
        world, place.received, actors.answered, actors.problems, refusals, round(time.perf_counter() - began, 1)
    )


def _events(world: World) -> list[tuple[datetime, str]]:
    """What happens to the bot itself, in order of time."""
    restarts = [(moment, "restart") for moment in world.restarts]
    return sorted([*restarts, (world.outage[0], "outage"), (world.end, "end")])


def _live(place: Place, actors: Actors, until: datetime) -> None:
    """Slice by slice, so that whoever is asked in one can answer soon after it."""
    while place.clock.now() < until:
        place.play(min(until, place.clock.now() + SLICE))
        actors.act(place.clock.now())
