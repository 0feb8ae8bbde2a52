"""Whether each escalation climbed as its ladder says: read from the threads alone, in the calendars of the programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.simulation.received import Call
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.checker import Findings


def check_ladders(world: World, received: Sequence[Call], found: "Findings") -> None:
    """To be filled when the threads have their final words."""
