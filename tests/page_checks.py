"""Checks of a page as it stands: is all of it inside, readable, named, and within reach of the keyboard?

Each answers what is wrong, in words; an empty list is a page without fault.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "page_checks.js").read_text()
# More than the parts of one date and time, each of which is a stop in the browser's own input.
A_FEW = 12
NAMELESS_ROLES = frozenset({"RootWebArea", "none", "generic", "LabelText"})


def wide(page: Page) -> list[str]:
    """What is cut off, or makes the page or one of its parts scroll sideways."""
    return _ask(page, "wide()")


def faint(page: Page) -> list[str]:
    """Text with less contrast than 4.5 to 1, or 3 to 1 where it is large."""
    return _ask(page, "faint()")


def out_of_reach(page: Page) -> list[str]:
    """Controls to which neither Tab nor the arrows of their group lead. The focus walks through the page."""
    _ask(page, "startWalk()")
    before = -1
    while (reached := _ask(page, "reachedSoFar()")) > before:
        before = reached
        for _ in range(A_FEW):
            page.keyboard.press("Tab")
    _ask(page, "walkGroups()")
    return _ask(page, "unreached()")


def without_ring(page: Page) -> list[str]:
    """What had the focus during the last walk and did not show it."""
    return _ask(page, "withoutRing()")


def nameless(page: Page) -> list[str]:
    """Controls that a screen reader can only call by their kind, as the browser itself works out their names."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    found = [_described(session.send, node) for node in nodes if _is_nameless(node)]
    session.detach()
    return found


def _is_nameless(node: dict[str, Any]) -> bool:
    if node.get("ignored") or node["role"]["value"] in NAMELESS_ROLES:
        return False
    properties = {entry["name"]: entry["value"].get("value") for entry in node.get("properties", ())}
    return bool(properties.get("focusable")) and not node.get("name", {}).get("value", "").strip()


def _described(send: Any, node: dict[str, Any]) -> str:
    shown = send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
    return f"{node['role']['value']} without a name: <{shown['localName']}> {_pairs(shown.get('attributes', ()))}"


def _pairs(attributes: Iterable[str]) -> str:
    flat = list(attributes)
    return " ".join(f'{name}="{value}"' for name, value in zip(flat[::2], flat[1::2], strict=True))


def _ask(page: Page, call: str) -> Any:
    return page.evaluate(f"() => (globalThis.pageChecks ??= {SCRIPT}).{call}")
