"""Trigger ids: good for one view within three real seconds."""

import time
from dataclasses import dataclass, field

from bot.sandbox.answers import ApiError
from bot.sandbox.faults import Faults
from bot.slack_rules.limits import TRIGGER_SECONDS

KEPT_TRIGGERS = 1_000


@dataclass
class Trigger:
    user: str
    in_modal: bool
    made: float
    spent: bool = False


@dataclass
class Triggers:
    faults: Faults
    _made: dict[str, Trigger] = field(default_factory=dict)

    def make(self, trigger_id: str, user: str, *, in_modal: bool) -> str:
        self._made[trigger_id] = Trigger(user, in_modal, time.monotonic())
        if len(self._made) > KEPT_TRIGGERS:
            del self._made[next(iter(self._made))]
        return trigger_id

    def spend(self, trigger_id: str) -> Trigger:
        trigger = self._made.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.spent:
            raise ApiError("exchanged_trigger_id")
        trigger.spent = True
        if self.faults.take("expired_triggers") or time.monotonic() - trigger.made > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        return trigger
