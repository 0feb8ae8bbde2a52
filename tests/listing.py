"""Risks for lists of them, and what a list shows."""

from datetime import date, timedelta
from typing import Any

from bot.services import people, places
from bot.services import risk as risks
from bot.slack_rules import check_message, text_size
from models.schemas.risk import RiskDraft
from tests.town import MONDAY, Town

RATINGS = ((5, 5), (4, 4), (4, 2), (2, 3), (1, 1))
"""Extreme 25, Extreme 16, High 8, Moderate 6, Low 1."""


def place_of(session: Any, channel: str = "CLEDGER"):
    found = places.of_channel(session, channel)
    assert found is not None
    return found


def log_risks(town: Town, number: int, *, channel: str = "CLEDGER", owner: str = "ULUIS", title: str = "Vendor slips"):
    with town.database.write(1) as session:
        place, who = place_of(session, channel), people.ensure(session, owner)
        for n in range(number):
            probability, impact = RATINGS[n % len(RATINGS)]
            draft = RiskDraft(
                title=f"{title} {n}",
                project=place.ref,
                probability=probability,
                impact=impact,
                category="vendor",
                owner=owner,
                next_review_on=date(2026, 3, 20) + timedelta(days=n),
            )
            risks.log_risk(session, draft, place=place, owner=who, author=who, now=MONDAY)


def restricted_project(town: Town) -> None:
    """luis's, in a private channel that maya is in as well."""
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Project Falcon")
    luis.submits({"target_on": "2026-05-22"})
    assert luis.form_errors == {}


def shown(town: Town, user: str = "ULUIS", channel: str = "CLEDGER") -> dict[str, Any]:
    """The private list that this person looks at."""
    return [message for message in town.person(user).reads(channel) if message.get("ephemeral")][-1]


def elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    return block.get("elements", []) if block["type"] == "actions" else []


def headline(message: dict[str, Any]) -> str:
    return message["blocks"][0]["text"]["text"].splitlines()[0].strip("*")


def spare_room(payload: dict[str, Any]) -> list[str]:
    """Where less than a fifth of Slack's limits is left."""
    found = [str(problem) for problem in check_message(payload)]
    found += ["blocks"] if len(payload["blocks"]) > 36 else []
    found += ["text"] if text_size(payload) > 8_000 else []
    found += [block["block_id"] for block in payload["blocks"] if len(block.get("block_id", "")) > 204]
    texts = [block["text"]["text"] for block in payload["blocks"] if block["type"] == "section" and "text" in block]
    found += [text for text in texts if len(text) > 2_400]
    for part in (part for block in payload["blocks"] for part in elements(block)):
        found += [choice["text"]["text"] for choice in part.get("options", ()) if len(choice["text"]["text"]) > 60]
        found += [choice["value"] for choice in part.get("options", ()) if len(choice["value"]) > 120]
        found += [part["value"] for _ in (1,) if len(part.get("value", "")) > 1_600]
    return found
