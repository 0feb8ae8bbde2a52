"""Every message and form, as the payload that is sent. `UPDATE_GOLDEN=1 ./run test` writes the files again.

All names and texts are hostile on purpose: they must be shown as typed and ping nobody.
"""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.slack_rules import check_message, check_view, text_size
from bot.views import asks, decision, home, risk, risk_form, setup, status, trouble
from models.schemas.decision import DecisionCard, DecisionStatus, Option, Reversibility
from models.schemas.home import Home, HomeProject
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, SetupReceipt, State
from models.schemas.risk import Band, Category, Kind, RiskCard, RiskStatus
from models.schemas.schedule import OccurrenceState, StatusAsk
from models.schemas.status import Health, StatusCard, StatusStart, Trend

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 13, tzinfo=UTC)
HOSTILE = "<!channel> <b> & co"
LINK = "https://example-workspace.slack.com/archives/C1/p1774600100000000"

LUIS = PersonCard(id=1, slack_id="ULUIS", handle="luis<x>", tz="America/New_York")
DANA = PersonCard(id=2, slack_id="UDANA", handle="dana", tz="America/New_York")
PAPER = PersonCard(id=3, slack_id=None, handle="not.in.slack", tz="Europe/Berlin")
PLACE = Place(
    kind=PlaceKind.PROJECT,
    id=7,
    number=101,
    name=f"Ledger {HOSTILE}",
    channel="C1",
    channel_name="p-101",
    program_id=3,
    program_name=f"Payments {HOSTILE}",
    tz="America/New_York",
    state=State.ACTIVE,
    restricted=False,
    owner=LUIS,
    target_on=date(2026, 6, 10),
    baseline_on=date(2026, 4, 30),
)
PROGRAM = PLACE.model_copy(update={"kind": PlaceKind.PROGRAM, "id": 3, "name": f"Payments {HOSTILE}"})

RISK = RiskCard(
    id=12,
    ref="R-12",
    place=PLACE,
    kind=Kind.THREAT,
    title=HOSTILE,
    statement=None,
    category=Category.STAKEHOLDER,
    probability=4,
    impact=4,
    band=Band.EXTREME,
    target_probability=None,
    target_impact=None,
    target_band=None,
    owner=LUIS,
    author=DANA,
    status=RiskStatus.IDENTIFIED,
    response_strategy=None,
    response_plan=None,
    trigger=None,
    proximity_on=date(2026, 4, 20),
    raised_at=NOW,
    acknowledge_by=datetime(2026, 3, 30, 17, tzinfo=UTC),
    acknowledged_at=None,
    next_review_on=date(2026, 4, 6),
    status_reason=None,
    closed_at=None,
    version=1,
    link=LINK,
)
TREATING = {
    "status": RiskStatus.TREATING,
    "target_probability": 2,
    "target_impact": 4,
    "target_band": Band.HIGH,
    "response_strategy": "mitigate",
    "response_plan": HOSTILE,
    "trigger": HOSTILE,
    "acknowledged_at": NOW,
}
DECISION = DecisionCard(
    id=4,
    ref="D-4",
    place=PLACE,
    title=HOSTILE,
    context=HOSTILE,
    driver=LUIS,
    approver=DANA,
    contributors=[LUIS, PAPER],
    reversibility=Reversibility.ONE_WAY,
    options=[Option(id="A", name=HOSTILE), Option(id="B", name="Dual write")],
    raised_at=NOW,
    due_on=date(2026, 4, 10),
    status=DecisionStatus.PROPOSED,
    chosen=None,
    rationale=None,
    decided_at=None,
    superseded_by=None,
    version=1,
    link=LINK,
)
DECIDED = {"status": DecisionStatus.ACCEPTED, "chosen": "A", "rationale": HOSTILE, "decided_at": NOW}
STATUS = StatusCard(
    id=9,
    place=PLACE,
    author=LUIS,
    period="2026-W13",
    posted_at=NOW,
    health=Health.AMBER,
    previous_health=Health.RED,
    trend=Trend.IMPROVING,
    summary=HOSTILE,
    path_to_green=HOSTILE,
    asks=[HOSTILE],
    open_risks=3,
    extreme_risks=2,
    link=None,
)
ASK = StatusAsk(
    id=1,
    place=PLACE,
    person=LUIS,
    period="2026-W14",
    due_at=datetime(2026, 4, 3, 20, tzinfo=UTC),
    last_health=Health.RED,
    last_posted_on=date(2026, 3, 27),
    state=OccurrenceState.OPEN,
)
ANSWERED = ASK.model_copy(update={"id": 2, "state": OccurrenceState.SUBMITTED, "last_health": Health.GREEN})
DESK = HomeProject(
    place=PLACE, health=Health.AMBER, last_posted_on=date(2026, 3, 27), open_risks=3, extreme_risks=1, mine=True
)
HOME = Home(
    person=LUIS,
    today=TODAY,
    statuses=[ASK],
    risks=[RISK],
    decisions=[DECISION],
    projects=[DESK],
    programs=[DESK.model_copy(update={"place": PROGRAM, "mine": False})],
    next_ask_at=datetime(2026, 4, 2, 14, tzinfo=UTC),
    next_ask_of=PLACE.name,
)
EMPTY_HOME = HOME.model_copy(update={"statuses": [], "risks": [], "decisions": [], "programs": []})
START = StatusStart(place=PLACE, choices=[PLACE], summary=HOSTILE, last_posted_on=date(2026, 3, 27))


def changed(card: Any, **values: Any) -> Any:
    return card.model_copy(update=values)


SHOWN: dict[str, Any] = {
    "risk-form": risk_form.risk_form(
        places=[PLACE, PROGRAM], here=PLACE.ref, owner="ULUIS", metadata="{}", initial_title=HOSTILE
    ),
    "risk-card-new": risk.risk_card(RISK, today=TODAY),
    "risk-card-new-low": risk.risk_card(changed(RISK, probability=1, impact=2, band=Band.LOW), today=TODAY),
    "risk-card-acknowledged": risk.risk_card(changed(RISK, acknowledged_at=NOW, statement=HOSTILE), today=TODAY),
    "risk-card-treating": risk.risk_card(changed(RISK, **TREATING), today=TODAY),
    "risk-card-accepted": risk.risk_card(changed(RISK, status=RiskStatus.ACCEPTED), today=TODAY),
    "risk-card-happened": risk.risk_card(changed(RISK, status=RiskStatus.MATERIALISED), today=TODAY),
    "risk-card-closed": risk.risk_card(
        changed(RISK, status=RiskStatus.CLOSED, status_reason=HOSTILE, closed_at=NOW), today=TODAY
    ),
    "risk-card-opportunity": risk.risk_card(changed(RISK, kind=Kind.OPPORTUNITY, owner=PAPER), today=TODAY),
    "risk-receipt": risk.risk_receipt(RISK, today=TODAY),
    "risk-yours": risk.risk_yours(RISK),
    "decision-form": decision.decision_form(
        places=[PLACE], here=PLACE.ref, driver="ULUIS", due_on=date(2026, 4, 6), metadata="{}", initial_title=HOSTILE
    ),
    "decision-card-proposed": decision.decision_card(DECISION, today=TODAY),
    "decision-card-decided": decision.decision_card(changed(DECISION, **DECIDED), today=TODAY),
    "decision-card-superseded": decision.decision_card(
        changed(DECISION, **DECIDED | {"status": DecisionStatus.SUPERSEDED, "superseded_by": "D-9"}), today=TODAY
    ),
    "decision-receipt": decision.decision_receipt(DECISION, today=TODAY),
    "decision-decide-form": decision.decide_form(DECISION, metadata="{}"),
    "status-form": status.status_form(START, metadata="{}", today=TODAY),
    "status-form-amber": status.status_form(changed(START, health=Health.AMBER), metadata="{}", today=TODAY),
    "status-card-amber": status.status_card(STATUS, today=TODAY),
    "status-card-green": status.status_card(
        changed(STATUS, health=Health.GREEN, previous_health=Health.GREEN, path_to_green=None, asks=[]), today=TODAY
    ),
    "status-receipt": status.status_receipt(STATUS),
    "setup-form-project": setup.setup_form(
        PlaceKind.PROJECT, programs=[PROGRAM], metadata="{}", owner="ULUIS", suggested_name=HOSTILE
    ),
    "setup-form-program": setup.setup_form(PlaceKind.PROGRAM, programs=[], metadata="{}", owner="ULUIS"),
    "setup-form-edit": setup.setup_form(
        PlaceKind.PROJECT, programs=[PROGRAM], metadata="{}", owner="ULUIS", place=PLACE, people={"backup": "UDANA"}
    ),
    "setup-done": setup.setup_done(SetupReceipt(place=PLACE, first_ask_at=NOW, edited=False), today=TODAY),
    "welcome-channel": setup.welcome_channel("UDANA", "C1"),
    "daily-ask": asks.daily_ask([ASK, changed(ASK, id=3, last_health=None, last_posted_on=None)], today=TODAY),
    "daily-ask-after-1": asks.daily_ask([ASK, ANSWERED], today=TODAY),
    "daily-ask-all-done": asks.daily_ask([ANSWERED], today=TODAY),
    "home": home.home_view(HOME),
    "home-nothing": home.home_view(EMPTY_HOME),
    "home-guest": home.home_view(changed(HOME, person=changed(LUIS, is_guest=True))),
    "help": trouble.help_message([("Log", [("/risk", "opens the form")])], here=HOSTILE),
    "wrong-word": trouble.wrong_word(
        HOSTILE, f"/pm {HOSTILE}", nearest="risk", label="Log risk", line=f"/pm risk {HOSTILE}"
    ),
    "refused": trouble.refused(f"You cannot see {HOSTILE}", "Its owner can."),
    "not-possible": trouble.not_possible("That is too long.", f"/risk {HOSTILE}"),
    "error": trouble.failed("7F3A-21", f"/risk {HOSTILE}"),
    "outdated": trouble.outdated(),
}


def payload(shown: Any) -> dict[str, Any]:
    if isinstance(shown, Message):
        return shown.payload() | ({"fallback": shown.fallback} if shown.fallback else {})
    return dict(shown)


@pytest.mark.parametrize("name", SHOWN)
def test_it_looks_as_it_did(name):
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(json.dumps(payload(SHOWN[name]), indent=1, ensure_ascii=False) + "\n")
    assert json.loads(golden.read_text()) == payload(SHOWN[name])


@pytest.mark.parametrize("name", SHOWN)
def test_slack_takes_it(name):
    shown = SHOWN[name]
    assert (check_message(shown.payload()) if isinstance(shown, Message) else check_view(shown)) == []


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_typed_reaches_slack_as_a_command(name):
    for text in _mrkdwn(payload(SHOWN[name])):
        assert "<!channel" not in text
        assert "<b>" not in text


@pytest.mark.parametrize("name", [name for name, shown in SHOWN.items() if isinstance(shown, Message)])
def test_a_message_keeps_to_the_house_rules(name):
    shown = SHOWN[name].payload()
    assert len(shown["text"]) <= 150
    assert text_size(shown) <= 10_000
    buttons = [element for block in shown["blocks"] for element in _elements(block)]
    assert sum(button.get("style") == "primary" for button in buttons) <= 1
    for button in buttons:
        label = button["text"]["text"]
        assert len(label) <= 20
        assert len(label.split()) <= 3
    assert "!" not in "".join(_mrkdwn(shown)).replace("<!date", "").replace("&lt;!channel", "")


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = block.get("elements", []) + ([block["accessory"]] if "accessory" in block else [])
    return [element for element in found if element["type"] == "button"]


def _mrkdwn(node: Any) -> list[str]:
    """Every text that Slack reads as mrkdwn, the notification's too."""
    if isinstance(node, list):
        return [text for part in node for text in _mrkdwn(part)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") == "mrkdwn" or ("blocks" in node and "text" in node) else []
    return own + [text for part in node.values() for text in _mrkdwn(part)]
