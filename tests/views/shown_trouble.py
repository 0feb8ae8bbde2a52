"""Set-up, help and trouble."""

from typing import Any

from bot.errors import NotPossible
from bot.views import setup, trouble
from models.schemas.project import PlaceKind, SetupReceipt
from tests.views.cast import HOSTILE, LINK, NOW, PLACE, PROGRAM, TODAY

SHOWN: dict[str, Any] = {
    "not-shared": trouble.not_shared("CLEDGER"),
    "setup-form-project": setup.setup_form(
        PlaceKind.PROJECT, programs=[PROGRAM], metadata="{}", owner="ULUIS", suggested_name=HOSTILE
    ),
    "setup-form-program": setup.setup_form(PlaceKind.PROGRAM, programs=[], metadata="{}", owner="ULUIS"),
    "setup-form-edit": setup.setup_form(
        PlaceKind.PROJECT, programs=[PROGRAM], metadata="{}", owner="ULUIS", place=PLACE, people={"backup": "UDANA"}
    ),
    "setup-done": setup.setup_done(SetupReceipt(place=PLACE, first_ask_at=NOW, edited=False), today=TODAY),
    "welcome": setup.welcome(),
    "welcome-channel": setup.welcome_channel("UDANA", "C1"),
    "help": trouble.help_message([("Log", [("/risk", "opens the form")])], here=HOSTILE),
    "wrong-word": trouble.wrong_word(
        HOSTILE, f"/pm {HOSTILE}", nearest="risk", label="Log risk", line=f"/pm risk {HOSTILE}"
    ),
    "refused": trouble.refused(f"You cannot see {HOSTILE}", "Its owner can."),
    "not-possible": trouble.not_possible("That is too long.", f"/risk {HOSTILE}"),
    "error": trouble.failed("7F3A-21", f"/risk {HOSTILE}"),
    "busy": trouble.busy(f"/risk {HOSTILE}"),
    "busy-button": trouble.busy(),
    "no-memory": trouble.no_memory(f"/risk {HOSTILE}"),
    "outdated": trouble.outdated(),
    "refused-state": trouble.refused_state(
        NotPossible("R-13", "closed", link=LINK, since=f", by {HOSTILE}, Thu 26 Mar 2026", legal=["reopened"])
    ),
}
