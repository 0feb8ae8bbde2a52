"""What a backup found on its way."""

from pydantic import ConfigDict

from models.schemas.schema import Schema


class Waiting(Schema):
    model_config = ConfigDict(frozen=True)

    posts: int
    """Messages that would be new in Slack."""
    changes: int
    """Of what stands there already: done twice they do no harm."""
