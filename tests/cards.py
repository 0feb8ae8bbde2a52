"""Acting on a record's card."""

from collections.abc import Mapping
from typing import Any

from tests.town import Town


def buttons(message: Mapping[str, Any]) -> list[str]:
    """Action ids, as they stand."""
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for block in blocks for element in block["elements"]]


def act_on(
    town: Town, card: Mapping[str, Any], kind: str, action: str, user: str, answers: Mapping[str, object] | None
) -> Any:
    """Chosen behind the dots or pressed, and filled in where a form opens."""
    person = town.person(user)
    if f"{kind}.{action}" in buttons(card):
        result = person.presses(card, f"{kind}.{action}")
    else:
        result = person.presses(card, f"{kind}.more", option=f"{action}:1")
    return person.submits(answers) if answers is not None else result
