"""How a program is run: shown to who may change it and who may not, each form, receipts, and all that was changed."""

from typing import Any

from bot.services.settings import shown_values
from bot.views import settings
from models.schemas.calendar import WorkWeek
from models.schemas.parameters import DEFAULTS, Parameters, StatusRules
from models.schemas.settings import Board, Changed, LastChange, Saved, SectionKey, Version
from tests.views.cast import DANA, HOSTILE, NOW, PROGRAM, TODAY

RULES = [f"E{n}" for n in range(1, 10)]
SET = Parameters(
    status=StatusRules(cadence="monthly", every=2, open_weekday=3),
    ladder=DEFAULTS.ladder.model_copy(update={"rules_off": ["E5b"]}),
)
PLAIN = Board(
    program=PROGRAM,
    today=TODAY,
    version=0,
    values=shown_values(DEFAULTS, None, None),
    defaults=shown_values(DEFAULTS, None, None),
    changes={},
    may_edit=True,
)
CHANGES = {
    "parameters.status.cadence": LastChange(at=NOW, by=DANA),
    "parameters.status.every": LastChange(at=NOW, by=None),
    "calendar.country": LastChange(at=NOW, by=DANA),
}
OWN = PLAIN.model_copy(
    update={
        "version": 3,
        "values": shown_values(SET, WorkWeek(end="24:00", country="DE", region="BY"), "C9"),
        "changes": CHANGES,
    }
)
STATUS = [
    Changed(path="parameters.status.every", old=1, new=2),
    Changed(path="parameters.status.cadence", old="weekly", new="monthly"),
    Changed(path="parameters.status.grace_days", old=3, new=1),
]
LADDER = [
    Changed(path="parameters.ladder.rules", old=[*RULES, "E5b"], new=RULES),
    Changed(path="escalation_channel", old=None, new="C9"),
    Changed(path="parameters.risk.ack_low", old=45.0, new=40.5),
    Changed(path="calendar.working_days", old=[1, 2, 3, 4, 5], new=[1, 2, 3, 4, 7]),
]


def saved(key: str, changes: list[Changed], version: int = 3) -> Any:
    done = Saved(program=PROGRAM, section=key, version=version, changes=changes, by=DANA, reason=HOSTILE)  # type: ignore[arg-type]
    return settings.saved_message(done)


VERSIONS = [
    Version(at=NOW, by=DANA, reason=HOSTILE, changes=STATUS),
    *[Version(at=NOW, by=None, reason=None, changes=LADDER)] * 21,
]

SHOWN: dict[str, Any] = {
    "settings": settings.settings_message(OWN, zone="America/New_York"),
    "settings-default": settings.settings_message(PLAIN, zone="America/New_York"),
    "settings-for-a-reader": settings.settings_message(
        PLAIN.model_copy(update={"may_edit": False}), zone="America/New_York"
    ),
    **{
        f"settings-form-{key.value}": settings.settings_form(OWN, key, metadata='{"program": "program:3"}')
        for key in SectionKey
    },
    "settings-saved": saved("status", STATUS),
    "settings-saved-ladder": saved("ladder", LADDER, 0),
    "settings-saved-nothing": saved("status", []),
    "settings-history": settings.settings_history(OWN, VERSIONS, zone="America/New_York"),
    "settings-history-none": settings.settings_history(PLAIN, [], zone="America/New_York"),
}
