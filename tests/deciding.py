"""Decisions as people log, act on and read them in Slack."""

from typing import Any

from bot.services import decision as decisions
from models.schemas.decision import DecisionCard
from tests.town import Town

GOOD = {
    "title": "Cutover strategy",
    "due_on": "2026-04-10",
    "approver": "UDANA",
    "driver": "ULUIS",
    "reversibility": "one_way",
    "options": "Big bang\nDual write then switch\n\nBig bang",
    "contributors": ["UKAVYA", "UJONAS"],
}
REASON = {"reason": "The figures come at the end of the month"}


def log(town: Town, user: str = "ULUIS", **answers: object) -> dict[str, Any]:
    person = town.person(user)
    person.types("CLEDGER", "/decision")
    person.submits(GOOD | answers, force=True)
    assert person.form_errors == {}
    return town.card("CLEDGER", "Decision D-")


def does(town: Town, user: str, card: dict[str, Any], action: str, **answers: object) -> Any:
    """Choose an act behind the dots, and fill in what it asks for."""
    person = town.person(user)
    told = person.presses(card, "decision.more", option=f"{action}:{number(card)}")
    if answers:
        person.submits(answers)
        assert person.form_errors == {}
    return told


def presses(town: Town, user: str, message: dict[str, Any], action: str, **answers: object) -> Any:
    person = town.person(user)
    told = person.presses(message, f"decision.{action}")
    if answers:
        person.submits(answers)
    return told


def decide(town: Town, card: dict[str, Any], chosen: str = "B", **answers: object) -> None:
    dana = town.person("UDANA")
    dana.presses(card, "decision.decide")
    dana.submits({"chosen": chosen, "rationale": "Lowest risk that meets the date"} | answers)
    assert dana.form_errors == {}


def number(card: dict[str, Any]) -> int:
    dots = [each for block in card["blocks"] for each in block.get("elements", ()) if each["type"] == "overflow"]
    return int(dots[0]["options"][0]["value"].partition(":")[2])


def found(town: Town, number: int = 1) -> DecisionCard:
    with town.database.read(1) as session:
        card = decisions.find(session, number)
        assert card is not None
        return card


def thread(town: Town, card: dict[str, Any]) -> list[str]:
    return [m["text"] for m in town.person("UMAYA").thread("CLEDGER", card["ts"])]
