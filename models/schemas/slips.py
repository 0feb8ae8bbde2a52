"""How a target date moved: every move stays, and the first baseline is what all of them are counted against."""

from datetime import date

from pydantic import ConfigDict

from models.schemas.people import PersonCard
from models.schemas.schema import Schema


class Move(Schema):
    """One change of the date."""

    model_config = ConfigDict(frozen=True)

    on: date | None
    """The day it was moved, in the project's zone; None where the records do not say."""
    old: date
    new: date
    reason: str | None
    by: PersonCard | None

    @property
    def days(self) -> int:
        """Calendar days, below zero for an earlier date."""
        return (self.new - self.old).days


class Slips(Schema):
    """The target date of a project, as it was at some instant, with what led to it."""

    model_config = ConfigDict(frozen=True)

    baseline_on: date | None = None
    baseline_set_on: date | None = None
    target_on: date | None = None
    moves: list[Move] = []
    """The oldest first."""

    @property
    def count(self) -> int:
        """Moves to a later date: one that came back is no slip, and takes none away."""
        return sum(move.days > 0 for move in self.moves)

    @property
    def days(self) -> int:
        """Calendar days between the first baseline and the present target."""
        return (self.target_on - self.baseline_on).days if self.target_on and self.baseline_on else 0


class Ledger(Schema):
    """All that moved a project's date, for whoever asks."""

    model_config = ConfigDict(frozen=True)

    ref: str
    name: str
    slips: Slips
