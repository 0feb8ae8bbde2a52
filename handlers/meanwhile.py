"""Forms that are filled with what is recorded: what others changed since one was opened is not overwritten unseen."""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.views.blocks import field_of
from bot.views.text import cut, escape, listed
from bot.views.trouble import changed_meanwhile
from handlers.feature import Ask, Reply
from handlers.forms import form_values
from handlers.resume import same_view
from models.schemas.message import Block, View

SEEN = "seen"
MOST_NOW = 200
INITIAL = ("initial_value", "initial_date", "initial_time", "initial_user", "initial_users", "initial_conversation")


def remembering(view: View) -> View:
    """The form, with a short number in its metadata for what stands in each field as it opens."""
    kept: dict[str, Any] = json.loads(view["private_metadata"])
    return view | {"private_metadata": json.dumps(kept | {SEEN: _seen(view["blocks"])})}


def merged(ask: Ask, fresh: View, *, what: str) -> Reply | None:
    """The form once more, where what it was filled with has changed; None where it has not.

    `fresh` is the form as it would open now, from `remembering`; the record is locked. What was touched stays as it
    was typed, and is told beside what stands there now; what was not touched shows what stands there now.
    """
    seen, now, old = ask.metadata.get(SEEN), _fields(fresh["blocks"]), _fields(ask.blocks)
    if not isinstance(seen, dict) or seen == _seen(fresh["blocks"]):
        return None
    typed = form_values(ask)
    changed = [name for name, block in now.items() if seen.get(name) != _number(block)]
    kept = {name for name in changed if name in seen and _is_kept(now[name], seen[name], typed.get(name))}
    gone = [block for name, block in old.items() if name not in now and name in typed and _is_text(block)]
    blocks = [_as_it_goes_on(block, old, changed, kept) for block in fresh["blocks"]]
    names = [(_label(now[name]), _words(now[name]) if name in kept else None) for name in changed]
    names += [(_label(block), None) for block in gone]
    note = changed_meanwhile(what, names, submit=str((ask.view.get("submit") or {}).get("text", "Save")))
    view = same_view(ask.view, [*note, *blocks, *gone]) | {"private_metadata": fresh["private_metadata"]}
    return Reply(answer={"response_action": "update", "view": view})


def values_after(ask: Ask, view: View) -> dict[str, Any]:
    """What stands in the fields of a merged form: where a field is new, what it opens with."""
    old = {block.get("block_id") for block in ask.blocks}
    fields = _fields(view["blocks"])
    anew = {name: _initial(block) for name, block in fields.items() if block["block_id"] not in old}
    return {**form_values(ask), **anew}


def _fields(blocks: Sequence[Block]) -> dict[str, Block]:
    return {field_of(block): block for block in blocks if block["type"] == "input"}


def _seen(blocks: Sequence[Block]) -> dict[str, str]:
    return {name: _number(block) for name, block in _fields(blocks).items()}


def _number(block: Block) -> str:
    """Of what it opens with, and of what it offers."""
    return f"{_crc(_initial(block))}.{_crc(_offered(block))}"


def _offered(block: Block) -> Any:
    """Where each choice stands in sight: its value may mean something else by now. A select's list may just grow."""
    element = block["element"]
    return element["options"] if element["type"] == "radio_buttons" else None


def _crc(value: object) -> str:
    return f"{zlib.crc32(json.dumps(value or '', sort_keys=True).encode()):x}"


def _initial(block: Block) -> Any:
    element: Mapping[str, Any] = block["element"]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    value = next((element[name] for name in INITIAL if name in element), None)
    return value.strip() if isinstance(value, str) else value


def _is_kept(block: Block, seen: str, typed: Any) -> bool:
    """Something else was typed than it opened with, and it can still mean the same."""
    initial, offered = seen.split(".")
    return _crc(typed) != initial and _crc(_offered(block)) == offered


def _as_it_goes_on(block: Block, old: Mapping[str, Block], changed: Collection[str], kept: Collection[str]) -> Block:
    """The same id keeps what was typed; under another one stands what is recorded now."""
    name = field_of(block)
    if block["type"] != "input" or name not in old:
        return block
    if name in changed and name not in kept:
        return block | {"block_id": f"{name}@{_number(block)}"}
    return block | {"block_id": old[name]["block_id"]}


def _is_text(block: Block) -> bool:
    return bool(block["element"]["type"] == "plain_text_input")


def _label(block: Block) -> str:
    return str(block["label"]["text"])


def _words(block: Block) -> str:
    """What stands there now, escaped; people by mentions, which a form's text summons nobody by."""
    element = block["element"]
    if "initial_option" in element:
        return escape(element["initial_option"]["text"]["text"])
    if "initial_options" in element:
        return ", ".join(escape(option["text"]["text"]) for option in element["initial_options"])
    value = _initial(block)
    people = [value] if "initial_user" in element else value if "initial_users" in element else []
    return listed([f"<@{person}>" for person in people], 5) or cut(escape(str(value or "")), MOST_NOW)
