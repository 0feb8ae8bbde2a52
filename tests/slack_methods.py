"""The methods of Slack's Web API that our code names, and a watch over those that are called."""

import ast
from pathlib import Path

from slack_sdk import WebClient

ROOT = Path(__file__).parent.parent
NO_METHODS = {"api_call"}
OF_THE_CLIENT = {name for name in dir(WebClient) if "_" in name and not name.startswith("_") and name not in NO_METHODS}

unnamed_calls: list[str] = []
"""Called by the bot in this test, and named nowhere in its code."""


def named_methods() -> frozenset[str]:
    """Every attribute that has the name of a method, whatever it is an attribute of: 'chat.postMessage', ..."""
    files = [*ROOT.glob("handlers/*.py"), *(f for f in ROOT.glob("bot/**/*.py") if "sandbox" not in f.parts)]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return frozenset(name.replace("_", ".") for name in attributes & OF_THE_CLIENT)


NAMED = named_methods()


def note_call(method: str) -> None:
    if method not in NAMED:
        unnamed_calls.append(method)
