"""A quarter in shares: each a workspace of its own, with its part of the people and all zones."""

import logging
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.checker import check
from tests.simulation.quarter import play
from tests.simulation.report import Told, told_of
from tests.simulation.world import build


def play_all(owners: int, weeks: int, seed: int, *, at_once: int) -> list[Told]:
    """Side by side where the machine has more than one core: each a workspace of its own, with its share of the people
    and all zones."""
    shares = [owners // at_once + (number < owners % at_once) for number in range(at_once)]
    jobs = [(share, weeks, seed + number) for number, share in enumerate(shares)]
    if at_once == 1:
        return [play_one(jobs[0])]
    with ProcessPoolExecutor(at_once) as pool:
        return list(pool.map(play_one, jobs))


def play_one(job: tuple[int, int, int]) -> Told:
    logging.basicConfig(level=logging.ERROR)
    owners, weeks, seed = job
    quarter = play(build(owners=owners, weeks=weeks, seed=seed))
    return told_of(quarter, check(quarter.world, quarter.received, quarter.answered))
