"""Slack's markup: what a typed text becomes, what would notify people, and how text is handed back to an app."""

import copy
import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.sandbox.answers import Json
from bot.sandbox.state import Message

TOKEN = re.compile(r"<(?:[@#!][^<>\s][^<>]*|(?:https?://|mailto:)[^<>]+)>")
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
LIVE_BROADCAST = re.compile(r"<!(here|channel|everyone|group|subteam\^\w+)(?:\|[^<>]*)?>")
BARE_BROADCAST = re.compile(r"(?<![\w@.])@(here|channel|everyone)\b")
LIVE_MENTION = re.compile(r"<@([UW]\w+)(?:\|[^<>]*)?>")
TYPED = re.compile(r"(?<![<|\w])(?P<link>https?://[^\s<>]+)|(?<![\w<])(?P<sign>[@#])(?P<name>\w[\w.-]*)")

Resolve = Callable[[str, str], str | None]
"""("@" or "#", name) -> its live token, or None when nobody and nothing is called so."""


def command_text(typed: str, resolve: Resolve) -> str:
    """A slash command with `should_escape`: names and links become live, everything else arrives raw."""
    return TYPED.sub(lambda found: _token(found, resolve), typed)


def message_text(typed: str, resolve: Resolve) -> str:
    """What a client makes of a message a person typed: all special characters escaped, names made live."""
    return command_text(escape(typed), resolve)


def _token(found: re.Match[str], resolve: Resolve) -> str:
    if found["link"]:
        return f"<{found['link']}>"
    name = found["name"].rstrip(".-")
    token = resolve(found["sign"], name)
    return found.group() if token is None else token + found["name"][len(name) :]


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def handed_back(text: str) -> str:
    """Marked-up text as Slack returns it: live tokens stay, every other special character is an entity."""
    parts, end = [], 0
    for token in TOKEN.finditer(text):
        parts += [_entities(text[end : token.start()]), ENTITY.sub("&amp;", token.group())]
        end = token.end()
    return "".join([*parts, _entities(text[end:])])


def _entities(text: str) -> str:
    return ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def blocks_handed_back(blocks: Sequence[Json]) -> list[Json]:
    returned = copy.deepcopy(list(blocks))
    for part in _parts(returned):
        if part.get("type") == "plain_text":
            part["text"] = escape(html.unescape(part["text"]))
        elif part.get("type") == "mrkdwn":
            part["text"] = handed_back(part["text"])
    return returned


def broadcasts_in(message: Message, *, names_linked: bool) -> list[str]:
    """Every group this message would call: marked up, or bare where Slack makes bare names live."""
    found = _broadcasts(message.text, bare=names_linked)
    for part in _parts(message.blocks):
        if part.get("type") == "mrkdwn":
            found += _broadcasts(part["text"], bare=not part.get("verbatim", False))
        elif part.get("type") == "markdown":
            found += _broadcasts(part["text"], bare=True)
        elif part.get("type") == "broadcast":
            found.append(part["range"])
        elif part.get("type") == "usergroup":
            found.append(f"subteam^{part['usergroup_id']}")
    return found


def _broadcasts(text: str, *, bare: bool) -> list[str]:
    return LIVE_BROADCAST.findall(text) + (BARE_BROADCAST.findall(text) if bare else [])


def people_named_in(message: Message) -> set[str]:
    found = set(LIVE_MENTION.findall(message.text))
    for part in _parts(message.blocks):
        if part.get("type") in ("mrkdwn", "markdown"):
            found |= set(LIVE_MENTION.findall(part["text"]))
        elif part.get("type") == "user":
            found.add(part["user_id"])
    return found


def _parts(value: Any) -> Iterator[Json]:
    """Every object in a tree of blocks, outermost first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)
