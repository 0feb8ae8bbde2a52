"""What is sent for a program: all of it, nothing until a day, to one person alone, without some kinds."""

from datetime import date
from typing import Any

from bot.views import switches
from models.schemas.switches import MessageKind, Pause, Switches
from tests.views.cast import DANA, HOSTILE, LUIS, NOW, PROGRAM, TODAY, changed

PLAIN = Switches(program=PROGRAM, today=TODAY, pause=None, muted=frozenset(), dry_run_by=None)
PAUSED = changed(
    PLAIN,
    pause=Pause(since=NOW, until=date(2026, 4, 14), by=LUIS, reason=HOSTILE),
    muted=frozenset({MessageKind.ROLLUPS, MessageKind.CHECK_INS}),
    dry_run_by=DANA,
)

SHOWN: dict[str, Any] = {
    "switches": switches.switches_message(PLAIN),
    "switches-paused": switches.switches_message(PAUSED),
    "switches-paused-open": switches.switches_message(
        changed(PLAIN, pause=Pause(since=NOW, until=None, by=None, reason=None))
    ),
    "switches-dry-run": switches.switches_message(changed(PLAIN, dry_run_by=LUIS)),
    "switches-muted": switches.switches_message(changed(PLAIN, muted=frozenset({MessageKind.ASKS}))),
    "switches-pause-form": switches.pause_form(PAUSED, metadata={"channel": "C1"}),
}
