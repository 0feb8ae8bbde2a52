"""A picture that somebody asked for, on its way."""

from enum import StrEnum
from typing import Any

from pydantic import ConfigDict

from models.schemas.schema import Schema

ALL = "all"
"""In the place of a project's or program's reference: everything that one may see."""


class PictureKind(StrEnum):
    HEAT_MAP = "heat_map"
    BURN_DOWN = "burn_down"


class PictureOrder(Schema):
    """It is drawn when it is sent: the text twin was there at once."""

    model_config = ConfigDict(frozen=True)

    kind: PictureKind
    place: str
    """'project:7', 'program:3', or ALL."""
    person: str
    """Slack id of who asked."""
    channel: str | None
    """Where they asked: a restricted project opens in its own channel."""
    is_stranger: bool = False
    shared: bool = False
    """For everybody in the channel: it shows what each of them may see."""
    file: str | None = None
    """Of the picture, once Slack has its bytes."""
    message: dict[str, Any] | None = None
    """Drawn together with the picture, so that the two agree whenever they are posted."""
