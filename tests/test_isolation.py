"""A second workspace in the same database: nobody sees, changes or even hears of its rows."""

import copy
import json
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from models.tables import Risk
from tests.deliveries import caught
from tests.neighbours import NOBODYS, TEAM, everything, install_neighbour
from tests.town import Town


@pytest.fixture
def neighbour(town: Town) -> dict[str, int]:
    return install_neighbour(town.database)[1]


def answer(town: Town, payload: dict[str, Any]) -> str:
    """What the person is told: the acknowledgement, and what is said to them privately after it."""
    before = len(town.sandbox.calls)
    response = town.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
    assert response.status == 200
    said = [(call.method, call.args.get("text"), call.args.get("view")) for call in town.sandbox.calls[before:]]
    town.settle()
    return f"{response.body} {said}"


def fresh(payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload as another delivery of its own."""
    copied = copy.deepcopy(payload)
    return copied | {"trigger_id": f"{payload['trigger_id']}.{id(copied)}"} | changes


def pressed(payload: dict[str, Any], action: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(payload)
    changed["actions"][0] |= {"action_id": action, "value": str(value)}
    return changed


def submitted(payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = fresh(payload)
    changed["view"] |= {"hash": str(id(changed)), **changes}
    return changed


def chosen(payload: dict[str, Any], field: str, value: str) -> dict[str, Any]:
    changed = submitted(payload)
    [element] = changed["view"]["state"]["values"][field].values()
    element["selected_option"]["value"] = value
    return changed


def same_as_nobodys(town: Town, theirs: dict[str, Any], nobodys: dict[str, Any]) -> None:
    """Their row and no row are told in the same words, and nothing anywhere changes but that it was asked."""
    before = everything(town.database)
    assert answer(town, theirs) == answer(town, nobodys)
    assert everything(town.database) == before


BUTTONS = {
    "risk.acknowledge": "risk",
    "risk.undo": "risk",
    "risk.share": "risk",
    "risk.again": "risk",
    "decision.decide": "decision",
    "decision.edit": "decision",
    "decision.compare": "decision",
    "decision.history": "decision",
    "decision.again": "decision",
    "status.open": "project",
    "status.acknowledge": "status_update",
    "status.correct": "status_update",
    "status.show": "status_update",
    "status.slips": "project",
    "status.share_slips": "project",
    "setup.edit": "project",
    "settings.show": "program",
    "switches.show": "program",
    "switches.resume": "program",
    "switches.dry_run_on": "program",
    "preview.show": "program",
    "preview.pause": "program",
    "well.show": "program",
    "settings.history": "program",
    "rest.resume": "project",
    "rest.open_state": "project",
    "risk.form": "project",
    "decision.form": "program",
    "issue.start": "issue",
    "issue.edit": "issue",
    "issue.undo": "issue",
    "issue.share": "issue",
    "issue.again": "issue",
    "issue.from_assumption": "assumption",
    "rollup.acknowledge": "occurrence",
    "rollup.text": "occurrence",
    "rollup.asks": "occurrence",
    "rollup.send": "program",
    "rollup.hour": "program",
    "portfolio.send": "schedule_rule",
    "portfolio.stop": "schedule_rule",
    "risk.from_assumption": "assumption",
    "ask.why": "ask",
    "ask.snooze": "ask",
    "ask.hand_over": "ask",
    "ask.take_over": "ask",
    "ask.pass": "ask",
    "delegate.decline": "person",
    "milestone.achieve": "milestone",
    "milestone.redate": "milestone",
    "milestone.history": "milestone",
    "milestone.show": "milestone",
    "finding.update": "finding",
    "finding.history": "finding",
    "finding.show": "finding",
    "assumption.confirm": "assumption",
    "assumption.refute": "assumption",
    "assumption.undo": "assumption",
    "assumption.share": "assumption",
    "assumption.again": "assumption",
    "checkin.show": "checkin",
    "checkin.edit": "checkin",
    "checkin.pause": "checkin",
    "checkin.resume": "checkin",
    "checkin.end": "checkin",
    "checkin.answer": "checkin_answer",
    "checkin.skip": "checkin_answer",
    "checkin.answers": "checkin_round",
    "checkin.missing": "checkin_round",
    "blocker.solve": "blocker",
    "blocker.risk": "blocker",
    "blocker.issue": "blocker",
    "blocker.dependency": "blocker",
    "away.change": "absence",
    "away.cancel": "absence",
    "away.decline": "absence",
    "ask.more": "ask",
    "delegate.show": "absence",
    "ask.show": "milestone",
    "milestone.more": "milestone",
    "finding.more": "finding",
    "escalation.acknowledge": "escalation",
    "escalation.redate": "escalation",
    "escalation.open": "escalation",
    "escalation.more": "escalation",
    "settings.edit": "program",
    "switches.edit": "program",
    "switches.pause_all": "program",
    "switches.dry_run_off": "program",
    "switches.kind": "program",
    "preview.program": "program",
    "rollup.skip": "program",
    "rollup.unskip": "program",
    "rollup.more": "occurrence",
    "portfolio.hour": "schedule_rule",
    "checkin.page": "checkin_round",
    "blocker.link": "blocker",
    "blocker.more": "blocker",
}
BEFORE = {
    "ask.more": "snooze:",
    "ask.show": "milestone:",
    "milestone.more": "history:",
    "finding.more": "history:",
    "escalation.more": "cancel:",
    "settings.edit": "status:",
    "switches.kind": "rollups:",
    "rollup.more": "prev:",
    "blocker.more": "solve:",
}
"""What stands before the id where one menu or button says more than that."""

BARE = ("rollup.send", "rollup.hour", "rollup.skip", "rollup.unskip", "override.form")
"""Buttons that carry a program's id alone."""


def test_buttons_with_the_ids_of_another_workspace_find_nothing(town, neighbour):
    town.refused |= {"views.open"}
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    card = town.card("CLEDGER", "New Extreme risk R-1")
    for action, table in BUTTONS.items():
        ref = BEFORE.get(action, "")
        if table in ("project", "program") and action not in BARE:
            ref += f"{table}:"
        presses = [caught(town, lambda: town.person("ULUIS").presses(card, "risk.acknowledge")) for _ in range(2)]
        theirs = pressed(presses[0], action, f"{ref}{neighbour[table]}")
        same_as_nobodys(town, theirs, pressed(presses[1], action, f"{ref}{NOBODYS}"))


def test_forms_with_the_ids_of_another_workspace_save_nothing(town, neighbour):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    risk = caught(town, lambda: luis.submits({"probability": "4", "impact": "5", "category": "vendor"}))
    theirs, nobodys = (chosen(risk, "project", f"project:{row}") for row in (neighbour["project"], NOBODYS))
    same_as_nobodys(town, theirs, nobodys)

    luis.types("CLEDGER", "/update Everything is on track here")
    status = caught(town, lambda: luis.submits({"health": "green"}))
    theirs, nobodys = (
        submitted(status, private_metadata=json.dumps({"project": f"project:{row}", "channel": "CLEDGER"}))
        for row in (neighbour["project"], NOBODYS)
    )
    same_as_nobodys(town, theirs, nobodys)


def test_a_decision_of_another_workspace_is_not_decided(town, neighbour):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/decision Cutover strategy")
    kavya.submits({"approver": "ULUIS"}, force=True)
    luis.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    decide = caught(town, lambda: luis.submits({"rationale": "Because of the reasons we have"}))
    theirs, nobodys = (
        submitted(decide, private_metadata=json.dumps({"decision": row, "channel": "CLEDGER"}))
        for row in (neighbour["decision"], NOBODYS)
    )
    same_as_nobodys(town, theirs, nobodys)


def test_numbers_of_another_workspace_are_numbers_that_nobody_has(town, neighbour):
    with town.database.read(2) as session:
        number = session.scalars(select(Risk.number)).one()
    luis = town.person("ULUIS")
    theirs, nobodys = luis.types("CPROG", f"/pm R-{number}").text, luis.types("CPROG", "/pm R-999999").text
    assert theirs.replace(str(number), "…") == nobodys.replace("999999", "…")
    assert theirs.startswith("I cannot find")


@pytest.mark.parametrize("team", [TEAM, "TUNKNOWN"])
def test_a_payload_of_a_workspace_this_bot_has_no_token_for_touches_nothing(town, neighbour, team):
    luis = town.person("ULUIS")
    command = caught(town, lambda: luis.types("CLEDGER", "/pm R-1"))
    luis.types("CLEDGER", "/risk Vendor slips the API")
    form = caught(town, lambda: luis.submits({"probability": "4", "impact": "5", "category": "vendor"}))
    event = caught(town, lambda: luis.invites_bot("CEMPTY"))
    before = everything(town.database)
    command = fresh(command, team_id=team, response_url=None)
    form = submitted(form) | {"team": {"id": team, "domain": "next-door"}}
    form["user"] = form["user"] | {"team_id": team}
    event = event | {"team_id": team, "authorizations": [{"team_id": team, "enterprise_id": None}]}
    for payload in (command, form, event):
        assert "R-1" not in answer(town, payload)
    assert everything(town.database) == before
