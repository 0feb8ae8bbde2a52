"""Every message and form, as the payload that is sent. `UPDATE_GOLDEN=1 ./run test tests/views` writes the files again.

What is shown stands in `shown_*.py`, a file for each capability: a dictionary SHOWN.
"""

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bot.slack_rules import check_message, check_view, text_size
from models.schemas.message import Message

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SHOWN: dict[str, Any] = {
    name: shown
    for module in sorted(HERE.glob("shown_*.py"))
    for name, shown in import_module(f"tests.views.{module.stem}").SHOWN.items()
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
