"""What Slack would refuse in a message, a view, or the answer to a submitted view."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack_rules import limits
from bot.slack_rules.blocks import Surface, blocks_on
from bot.slack_rules.composition import IDENTIFIER, MENU_OPTION, plain_text
from bot.slack_rules.kinds import ANYTHING, FLAG, STRING, Many, Object, Problem, Shape, String, Variants, escaped
from bot.slack_rules.rules import exactly_one
from bot.slack_rules.whole import first_input, problems_of_whole, text_characters

_MESSAGE = Shape(
    may={
        "text": String(least=0),
        "markdown_text": String(limits.MARKDOWN_TOTAL),
        "blocks": Many(blocks_on(Surface.MESSAGE), limits.MESSAGE_BLOCKS, least=0),
        "metadata": Shape({"event_type": STRING, "event_payload": Shape(others=ANYTHING)}),
    },
    others=ANYTHING,
)

_VIEW_TITLE = plain_text(limits.VIEW_TITLE)
_ANY_VIEW = {
    "private_metadata": String(limits.PRIVATE_METADATA, least=0),
    "callback_id": IDENTIFIER,
    "external_id": String(limits.IDENTIFIER, least=0),
}
_VIEWS = Variants(
    {
        "modal": Shape(
            {"title": _VIEW_TITLE, "blocks": Many(blocks_on(Surface.MODAL), limits.VIEW_BLOCKS)},
            {
                **_ANY_VIEW,
                "submit": _VIEW_TITLE,
                "close": _VIEW_TITLE,
                "clear_on_close": FLAG,
                "notify_on_close": FLAG,
            },
        ),
        "home": Shape({"blocks": Many(blocks_on(Surface.HOME), limits.VIEW_BLOCKS)}, _ANY_VIEW),
    }
)

_ANSWERS = Variants(
    {
        "errors": Shape({"errors": Shape(others=STRING)}),
        "update": Shape({"view": ANYTHING}),
        "push": Shape({"view": ANYTHING}),
        "clear": Shape(),
    },
    tag="response_action",
)

_OFFERED = Many(MENU_OPTION, limits.OPTIONS, least=0)
_OPTIONS = Shape(
    may={
        "options": _OFFERED,
        "option_groups": Many(
            Shape({"label": plain_text(limits.OPTION_TEXT), "options": _OFFERED}), limits.OPTIONS, least=0
        ),
    },
    rules=[exactly_one("options", "option_groups")],
)


def check_message(payload: Mapping[str, Any]) -> list[Problem]:
    """What chat.postMessage, chat.update, chat.postEphemeral or a command's acknowledgement would refuse.

    Errors that are a word and no pointer (`no_text`, `msg_blocks_too_long`, ...) are the caller's.
    """
    found: list[Problem] = []
    _MESSAGE.check(payload, "", found)
    if not found:
        found.extend(problems_of_whole(payload.get("blocks", ()), "/blocks", Surface.MESSAGE))
    return found


def check_view(view: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    _VIEWS.check(view, "/view", found)
    if not found:
        found.extend(problems_of_whole(view["blocks"], "/view/blocks", Surface(view["type"])))
        found.extend(_view_problems(view))
    return found


def check_submission_answer(answer: Mapping[str, Any], view: Mapping[str, Any]) -> list[Problem]:
    """What Slack would refuse in the acknowledgement of `view`; an empty one closes it and is right."""
    found: list[Problem] = []
    if not answer:
        return found
    _ANSWERS.check(answer, "", found)
    if not found and "errors" in answer:
        found.extend(_misplaced_errors(answer["errors"], view))
    if not found and "view" in answer:
        found.extend(_next_view_problems(answer["view"]))
    return found


def check_options_answer(answer: Mapping[str, Any]) -> list[Problem]:
    """What Slack would refuse in the answer to a menu that asked for options; no options at all are right."""
    found: list[Problem] = []
    _OPTIONS.check(answer, "", found)
    return found


def text_size(payload: Mapping[str, Any]) -> int:
    """The characters of text in the blocks of a message, which Slack limits by `msg_blocks_too_long`."""
    return text_characters(payload.get("blocks", ()))


def _view_problems(view: Object) -> Iterator[Problem]:
    asks = first_input(view["blocks"])
    if view["type"] == "modal" and asks is not None and "submit" not in view:
        yield Problem("must define `submit` to use an `input` block in modals", f"/view/blocks/{asks}/input")
    if len(json.dumps(view, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        yield Problem("view_too_large", "/view")


def _misplaced_errors(errors: Object, view: Object) -> Iterator[Problem]:
    inputs = {block.get("block_id") for block in view.get("blocks") or () if block.get("type") == "input"}
    if not errors:
        yield Problem("must provide at least 1 items", "/errors")
    for block_id in errors:
        if block_id not in inputs:
            yield Problem("must be the block_id of an input block", f"/errors/{escaped(block_id)}")


def _next_view_problems(view: Any) -> list[Problem]:
    if isinstance(view, dict) and view.get("type") == "home":
        return [Problem("must match the `type` of the root view whose stack we're pushing onto", "/view/type")]
    return check_view(view)
