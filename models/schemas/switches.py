"""What of a program is sent, and to whom."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class MessageKind(StrEnum):
    """What can be turned off for a program."""

    ASKS = "asks"
    CHECK_INS = "check_ins"
    ESCALATIONS = "escalations"
    ROLLUPS = "rollups"


class Switch(BaseModel):
    model_config = ConfigDict(frozen=True)

    is_paused: bool = False
    muted: frozenset[MessageKind] = frozenset()
    dry_run_to: str | None = None
    """The Slack id of who gets everything instead, to look at."""

    def sends(self, kind: MessageKind) -> bool:
        return not self.is_paused and kind not in self.muted
