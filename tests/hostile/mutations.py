"""What is done to a payload before it is sent. Seeded by `dice`, so that it is done again the same."""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.hostile.wire import INSIDERS, Payload, Wire, fresh, kind_of, sent_by
from tests.neighbours import NOBODYS, TEAM

HOSTILE = (
    *("", "  ", "\n", "x", "a\x00b", "\x00", "\ud800", "\u202eabc", "\u2028", "<!channel>", "&" * 150, "a" * 5000),
    *("0", "-1", "1", "2", "7", "²", "1e3", "999999999", "99999999999999999999", "R-99999999999", "D-1", "NaN"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-03-29", "project:1", "project:999999999", "program:1", "all"),
    *("history:1", "undo:1", "edit:1", "supersede:1", "decide:1", "close:999999999", "risk:1", "status:1"),
    *("UGUEST", "UROBOT", "UGONE", "UNOBODY", "red", "risk 40", "|" * 60, "any|open|UKAVYA|project:1|999|t"),
    *("../../etc/passwd", "' OR 1=1 --", "${jndi:ldap://x}", "{{7*7}}", "%s%n", "=1+1", "\r\nX-A: b", "p4 i5 @luis"),
)
OTHER_TYPES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, float("nan"), float("inf"), -0.0, "", "text", [], {}, [None], [[]], [{}]),
    *({"id": {}}, {"id": None}, {"": ""}, ["x", 1], {"value": []}, [1, "2", None], {"type": 5}, {"values": []}),
)
HUGE = ("a" * 200_000, "<@U1> " * 40_000, "/" * 100_000, "\n" * 100_000, "p4 " * 60_000, "é" * 100_000, " " * 150_000)
WORDS_OF_SLACK = ("block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion")

STRUCTURE = (
    *("type", "team", "team_id", "context_team_id", "context_enterprise_id", "token", "api_app_id", "authorizations"),
    *("trigger_id", "response_url", "enterprise", "user", "user_id", "channel", "channel_id", "container"),
)
"""What Slack itself puts there."""
OF_A_VIEW = ("state", "callback_id")

Apply = Callable[[Payload, random.Random, Wire], Any]


@dataclass(frozen=True)
class Mutation:
    """`apply` gives None where it does not suit a payload."""

    name: str
    apply: Apply
    is_quiet: bool = False
    """What it makes is nobody's legitimate request: nothing may change."""


def spots(part: Any, *, top: bool = True) -> Iterator[tuple[Any, Any]]:
    """Every place that holds anything, deep or not."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in list(pairs):
        yield part, key
        yield from spots(value, top=False)


def _somewhere(payload: Payload, dice: random.Random) -> tuple[Any, Any]:
    """Shallow places as often as deep ones: a view has thousands of those."""
    found = list(spots(payload))
    shallow = [(payload, key) for key in payload]
    return dice.choice(shallow if dice.random() < 0.3 else found)


def _texts(payload: Payload, dice: random.Random) -> list[tuple[Any, Any]]:
    return [(holder, key) for holder, key in spots(payload) if isinstance(holder[key], str)]


def typed(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    """What a person or their client fills in is something else, or is left out where Slack may leave it out."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not (places := list(_filled_in(payload))):
            return None
        holder, key = dice.choice(places)
        holder[key] = dice.choice(HOSTILE) if dice.random() < 0.9 else None
    for part in ("channel", "container", "message"):
        if part in payload and dice.random() < 0.05:
            del payload[part]
    return payload


def _filled_in(part: Any, *, top: bool = True) -> Iterator[tuple[Any, Any]]:
    """Every place of a text that a person or their client fills in."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key in STRUCTURE or (top and key == "message"):
            continue
        if top and key == "view":
            value = {name: each for name, each in value.items() if name in OF_A_VIEW and isinstance(each, dict)}
        if isinstance(value, str) and key not in ("command", "id"):
            yield part, key
        elif isinstance(value, dict | list):
            yield from _filled_in(value, top=False)


def words(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    for _ in range(dice.choice((1, 1, 2, 3))):
        holder, key = dice.choice(_texts(payload, dice))
        holder[key] = dice.choice(HOSTILE)
    return payload


def types(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    for _ in range(dice.choice((1, 1, 2))):
        holder, key = _somewhere(payload, dice)
        holder[key] = copy.deepcopy(dice.choice(OTHER_TYPES))
    return payload


def missing(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    for _ in range(dice.choice((1, 1, 2, 4))):
        holder, key = _somewhere(payload, dice)
        if key in holder or isinstance(holder, list):
            del holder[key]
        if not payload:
            break
    return payload


def huge(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    holder, key = dice.choice(_texts(payload, dice))
    holder[key] = dice.choice(HUGE)
    return payload


def nested(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    deep: Any = {}
    for _ in range(dice.choice((20, 55, 100, 500, 900))):
        deep = [deep] if dice.random() < 0.5 else {"elements": deep}
    holder, key = _somewhere(payload, dice)
    holder[key] = deep
    return payload


def many(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    lists = [(holder, key) for holder, key in spots(payload) if isinstance(holder[key], list | dict) and holder[key]]
    if not lists:
        return payload
    holder, key = dice.choice(lists)
    one = holder[key]
    if isinstance(one, list):
        holder[key] = [copy.deepcopy(dice.choice(one)) for _ in range(150)]
    else:
        name = dice.choice(list(one))
        one.update({f"{name}{number}": one[name] for number in range(150)})
    return payload


def shuffled(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    """A part of another payload in the place of its own."""
    other = copy.deepcopy(dice.choice(wire.payloads))
    shared = [key for key in payload if key in other] or list(other)
    key = dice.choice(shared)
    payload[key] = other.get(key)
    if "type" in payload and dice.random() < 0.2:
        payload["type"] = dice.choice(WORDS_OF_SLACK)
    return payload


def forged(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    """An action, a form or what stands behind it that the person was never shown."""
    registered = wire.registered
    if payload.get("actions"):
        payload["actions"][0] |= {
            "action_id": dice.choice(registered["actions"]),
            "value": dice.choice(HOSTILE),
            "selected_option": {"value": dice.choice(HOSTILE)},
        }
        return payload
    if "view" in payload:
        payload["view"]["callback_id"] = dice.choice(registered["forms"])
        names = (
            "ask",
            "project",
            "program",
            "risk",
            "decision",
            "channel",
            "action",
            "person",
            "page",
            "shape",
            "seen",
        )
        metadata = {name: dice.choice((*HOSTILE, 1, None, {}, [])) for name in dice.sample(names, 4)}
        payload["view"]["private_metadata"] = dice.choice((json.dumps(metadata), "[]", "{", "null", '"x"', "1e999"))
        return payload
    return None


def other_workspace(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    """Signed and well made, for a workspace that we hold no token of."""
    ours, theirs = wire.town.identity["team_id"], dice.choice((TEAM, "TUNKNOWN", "E1", "", None))
    text = json.dumps(payload).replace(json.dumps(ours), json.dumps(theirs))
    found: Payload = json.loads(text)
    return found if text != json.dumps(payload) else found | {"team_id": theirs}


def other_ids(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    """Ids of the neighbour's rows, or of nobody's, wherever our own stood."""
    named: list[tuple[Any, Any]] = []
    for action in payload.get("actions") or ():
        named += [(holder, key) for holder, key in spots(action) if key in ("value", "block_id")]
        if action.get("action_id", "").startswith("command.run"):
            return None
    view = payload.get("view")
    if view is None and not payload.get("actions"):
        return None
    if view is not None:
        named += [(view, "private_metadata")]
        named += [(holder, key) for holder, key in spots(view.get("state") or {}) if key == "value"]
    id_ = dice.choice((str(NOBODYS), *map(str, wire.theirs.values())))
    changed = 0
    for holder, key in named:
        if isinstance(holder.get(key), str):
            before = holder[key]
            holder[key] = ID.sub(id_, before)
            changed += before != holder[key]
    return payload if changed else None


ID = re.compile(r"(?<=:)[0-9]+|^[0-9]+$|(?<=: )[0-9]+")
"""'project:1', '1', and {"risk": 1}."""


def by_guest(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    """Events tell of somebody, whoever they are."""
    return None if "event" in payload else sent_by(payload, "UGUEST")


def by_stranger(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    if not isinstance(payload.get("user"), dict):
        return None
    payload["user"] = {"id": "USTRANGER", "team_id": "TELSEWHERE"}
    return payload


def by_gone(payload: Payload, dice: random.Random, wire: Wire) -> Payload | None:
    """Events tell of somebody, whoever they are."""
    return None if "event" in payload else sent_by(payload, "UGONE")


def by_outsider(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    """Whatever an insider did, tried by somebody who may not read it."""
    return sent_by(payload, "UKAVYA")


def by_newcomer(payload: Payload, dice: random.Random, wire: Wire) -> Payload:
    """Nobody has met them yet: they joined a minute ago."""
    return sent_by(payload, "UNEWCOMER")


def _is_possible(payload: Any) -> bool:
    """Slack lets only members act in a channel: nobody else's payload comes from the secret one."""
    who = json.dumps([payload.get(part) for part in ("user", "user_id")] if isinstance(payload, dict) else None)
    is_inside = any(json.dumps(insider) in who for insider in INSIDERS)
    return is_inside or "CSECRET" not in json.dumps(payload)


QUIET = (
    Mutation("another workspace", other_workspace, is_quiet=True),
    Mutation("ids of others", other_ids, is_quiet=True),
    Mutation("by a guest", by_guest, is_quiet=True),
    Mutation("by a stranger", by_stranger, is_quiet=True),
    Mutation("by who has left", by_gone, is_quiet=True),
)
LOUD = (
    Mutation("typed", typed),
    Mutation("words", words),
    Mutation("types", types),
    Mutation("missing", missing),
    Mutation("huge", huge),
    Mutation("nested", nested),
    Mutation("many", many),
    Mutation("shuffled", shuffled),
    Mutation("forged", forged),
    Mutation("by an outsider", by_outsider),
    Mutation("by a newcomer", by_newcomer),
)


def mutated(mutation: Mutation, wire: Wire, dice: random.Random, number: object) -> tuple[str, Any]:
    """The kind of what it was, and what it became."""
    while True:
        kind = dice.choice(wire.kinds)
        payload = fresh(dice.choice([each for each in wire.payloads if kind_of(each) == kind]), number)
        found = mutation.apply(payload, dice, wire)
        if found is not None and _is_possible(found):
            return kind, found
