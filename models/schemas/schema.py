"""What all schemas share."""

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """Made ready when it is first used: there are hundreds, and a process that starts needs few of them."""

    model_config = ConfigDict(defer_build=True)
