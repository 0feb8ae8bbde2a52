"""Everything that is registered, and whose rows it names: a new capability has to be said here, or the tests fail."""

from handlers import FEATURES
from tests.test_isolation import BARE, BEFORE, BUTTONS

ACTIONS = sorted({action for feature in FEATURES for action in feature.actions})
FORMS = sorted({form for feature in FEATURES for form in feature.forms})
EVENTS = sorted({event for feature in FEATURES for event in feature.events})
NOTICES = sorted({notice for feature in FEATURES for notice in feature.notices})
SHORTCUTS = sorted({shortcut for feature in FEATURES for shortcut in feature.shortcuts})
SUGGESTIONS = sorted({menu for feature in FEATURES for menu in feature.suggestions})
COMMANDS = [command for feature in FEATURES for command in feature.commands]

RECORDS = ("risk", "issue", "assumption", "decision", "milestone", "finding")
OF_A_LIST = (
    *("list", "list_twin", "page", "share_list", "form"),
    *("filter_clear", "filter_level", "filter_mine", "filter_owner", "filter_state"),
)
"""They carry what is filtered, and name no row of their own."""
OF_A_PICTURE = ("burn_down", "burndown_share", "burndown_text", "heat_map", "heatmap_share", "heatmap_text")
OF_A_FORM = (
    *("checkin.preview", "country", "due_on", "health", "impact", "kind", "new_target_on", "probability", "state"),
    *("project", "risk.project"),
)
"""Choices inside a form, which brings its own ids along."""
OF_NOBODY = (
    *("away.form", "home.back", "home.list", "home.next", "home.previous", "me.change", "me.settings", "search.page"),
    *("preview.clear", "preview.me", "preview.person", "preview.table", "preview.text", "setup.open", "search.show"),
    *("escalation.show", "ask.edit_answers", "setup.new", "unsent.show"),
)
"""They show the person's own, or what is typed."""
PLACES = {"status.more": "history:", "status.slips_text": "", "setup.move": ""}


def value_of(action: str, ids: dict[str, int]) -> str | None:
    """What the action's button carries for these rows; None where it names none."""
    kind, _, act = action.partition(".")
    if action in BUTTONS:
        table = BUTTONS[action]
        ref = f"{table}:" if table in ("project", "program") and action not in BARE else ""
        return f"{BEFORE.get(action, '')}{ref}{ids[table]}"
    if action == "redaction.open":
        return f"risk:{ids['risk']}"
    if action == "unsent.again":
        return str(ids["stopped_target"])
    if action in PLACES:
        return f"{PLACES[action]}project:{ids['project']}"
    if act in OF_A_PICTURE or act == "filter_place":
        return f"project:{ids['project']}"
    if action in OF_A_FORM or action in OF_NOBODY or act in OF_A_LIST:
        return None
    if kind in RECORDS:
        return f"history:{ids[kind]}" if act == "more" else str(ids[kind])
    raise LookupError(f"{action} is registered: say in tests/hostile/capabilities.py whose row its button names")


def metadata_of(ids: dict[str, int]) -> dict[str, object]:
    """All names under which a form keeps the rows that it was opened for."""
    return {
        **{name: ids[name] for name in (*RECORDS, "ask", "escalation", "checkin", "absence", "blocker")},
        "answer": ids["checkin_answer"],
        "project": f"project:{ids['project']}",
        "place": f"project:{ids['project']}",
        "program": f"program:{ids['program']}",
        "supersedes": ids["decision"],
        "corrects": ids["status_update"],
        "absent": ids["person"],
        "channel": "CPROG",
        "action": "edit",
        "section": "status",
    }


LINES = {
    "risk": ("/risk {word} leaks p4 i5 by Friday", "/pm risk"),
    "issue": ("/pm issue {word} is down",),
    "assumption": ("/pm assumption {word} agrees",),
    "decision": ("/decision {word} way",),
    "update": ("/update {word} is late",),
    "escalations": ("/pm escalations", "/pm escalations all"),
    "R-12": tuple(f"/pm {kind}-{number}" for kind in ("R", "D", "I", "A", "M", "AF") for number in (1, 2)),
    "heatmap": ("/pm heatmap", "/pm heatmap all"),
    "burndown": ("/pm burndown", "/pm burndown all"),
    "rollup": ("/pm rollup", "/pm rollup portfolio", "/pm rollup {word}"),
    "override": ("/pm override",),
    "preview": ("/pm preview", "/pm preview me"),
    "export": ("/pm export", "/pm export risks {word}", "/pm export P-1"),
    "risks": ("/pm risks all", "/pm risks {word}"),
    "decisions": ("/pm decisions all",),
    "issues": ("/pm issues all",),
    "assumptions": ("/pm assumptions all",),
    "search": ("/pm search {word}",),
    "setup": ("/pm setup", "/pm setup {word}"),
    "settings": ("/pm settings", "/pm settings {word}"),
    "waive": ("/pm waive",),
    "state": ("/pm state",),
    "checkin": ("/checkin", "/pm checkin"),
    "switches": ("/pm switches", "/pm switches {word}"),
    "pause": ("/pm pause until 14 Apr {word}",),
    "resume": ("/pm resume",),
    "asks": ("/pm asks",),
    "away": ("/pm away", "/pm away 20 Apr to 21 Apr {word}"),
    "me": ("/pm me",),
    "erase": ("/pm erase", "/pm erase {word}"),
    "redact": ("/pm redact", "/pm redact R-1", "/pm redact status"),
    "health": ("/pm health",),
}
"""What is typed, by the command's word."""
