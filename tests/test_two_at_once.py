"""Two people press different buttons on one card in the same instant: one wins, the other is told, all agree."""

import copy
from typing import Any

import pytest
from sqlalchemy import update

from bot.services import risk as risks
from models.schemas.risk import STATE_WORDS, RiskStatus
from models.tables import History, Risk
from tests.deliveries import at_once, caught
from tests.town import Town

ROUNDS = 6
ACCEPTED = {"reason": "Cheaper than treating it", "next_review_on": "2026-05-04"}


def log(town: Town) -> None:
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "2", "impact": "3", "category": "vendor", "owner": "UKAVYA"})


def put(town: Town, status: RiskStatus) -> None:
    with town.database.write(1) as session:
        values = {"response_strategy": "mitigate", "response_plan": "A second vendor", "status": status.value}
        session.execute(update(Risk).values(**values))


def card(town: Town) -> dict[str, Any]:
    return [m for m in town.person("UMAYA").reads("CLEDGER") if "risk.more" in str(m["blocks"])][-1]


def chosen(town: Town, user: str, act: str) -> dict[str, Any]:
    """The press behind the dots, kept from the app for now."""
    press = caught(town, lambda: town.person(user).presses(card(town), "risk.more", value="history:1"))
    payload = copy.deepcopy(press)
    payload["actions"][0]["selected_option"]["value"] = f"{act}:1"
    return payload


def filled(town: Town, user: str, act: str, answers: dict[str, str]) -> dict[str, Any]:
    """The form of an act, filled in and sent, kept from the app for now."""
    town.deliver("interactive", chosen(town, user, act))
    return caught(town, lambda: town.person(user).submits(answers))


def agree(town: Town) -> RiskStatus:
    """The record and its card say the same."""
    with town.database.read(1) as session:
        risk = risks.find(session, 1)
    town.settle()
    assert STATE_WORDS[risk.status].lower() in str(card(town)).lower()
    return risk.status


@pytest.mark.parametrize(
    ("start", "pressed", "sent", "answers", "ends"),
    [
        (RiskStatus.TREATING, "monitor", "accept", ACCEPTED, {RiskStatus.MONITORING, RiskStatus.ACCEPTED}),
        (RiskStatus.ASSESSED, None, "reject", {"reason": "A duplicate"}, {RiskStatus.REJECTED, RiskStatus.ACCEPTED}),
    ],
)
def test_one_wins_and_the_other_is_told(town, start, pressed, sent, answers, ends):
    """Each pair of acts excludes the other: after either of them the other is not legal any more."""
    log(town)
    for _ in range(ROUNDS):
        put(town, start)
        before = town.count(History, kind="risk", field="status")
        maya = filled(town, "UMAYA", sent, answers)
        luis = chosen(town, "ULUIS", pressed) if pressed else filled(town, "ULUIS", "accept", ACCEPTED)
        seen = len(town.person("ULUIS").reads("CLEDGER"))
        told = at_once(town, luis, maya)
        assert agree(town) in ends
        assert town.count(History, kind="risk", field="status") == before + 1
        private = " ".join(m["text"] for m in town.person("ULUIS").reads("CLEDGER")[seen:] if m.get("ephemeral"))
        assert sum("From here it can" in words for words in (*told, private)) == 1, (told, private)
        for user in ("UMAYA", "ULUIS"):
            while town.person(user).modals:
                town.person(user).closes()
