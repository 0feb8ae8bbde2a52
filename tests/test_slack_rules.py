"""Slack's rules as tables: one sound payload for each block and element, then one change for each rule."""

import json
from typing import Any

import pytest

from bot.slack_rules import (
    PERMANENT_ERRORS,
    RETRYABLE_ERRORS,
    Problem,
    check_message,
    check_submission_answer,
    check_view,
    text_size,
)

GONE = object()


def plain(text: str = "Words") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str = "*Words*") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def option(value: str, **more: Any) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value, **more}


def button(action_id: str = "risk.edit", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Edit"), "action_id": action_id, **more}


def rich(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def raw(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def chart(kind: str) -> dict[str, Any]:
    points = [{"label": "Jan", "value": 3}, {"label": "Feb", "value": -1.5}]
    return {
        "type": kind,
        "series": [{"name": "Open", "data": points}, {"name": "Closed", "data": points}],
        "axis_config": {"categories": ["Jan", "Feb"], "x_label": "Month", "y_label": "Risks"},
    }


ASKED_TWICE = {"title": plain(), "text": marked(), "confirm": plain(), "deny": plain(), "style": "danger"}
FEEDBACK = {"text": plain(), "value": "good", "accessibility_label": "Good answer"}
LEAVES = [
    {"type": "text", "text": "<!channel> is only text here", "style": {"bold": True, "code": True}},
    {"type": "link", "url": "https://example.com", "text": "Open"},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
    {"type": "emoji", "name": "wave", "skin_tone": 2},
    {"type": "date", "timestamp": 1774647000, "format": "{date_short}", "fallback": "27 Mar"},
    {"type": "color", "value": "#ff0000"},
    {"type": "broadcast", "range": "here"},
]
MENU = {"options": [option("low"), option("high", description=plain("Ask first"))]}

ELEMENTS: dict[str, dict[str, Any]] = {
    "button": button(style="primary", value="R-1", confirm=ASKED_TWICE, accessibility_label="Edit R-1"),
    "workflow_button": {
        "type": "workflow_button",
        "text": plain(),
        "workflow": {
            "trigger": {
                "url": "https://slack.com/shortcuts/1",
                "customizable_input_parameters": [{"name": "a", "value": "b"}],
            }
        },
    },
    "static_select": {"type": "static_select", **MENU, "initial_option": option("low"), "placeholder": plain()},
    "multi_static_select": {
        "type": "multi_static_select",
        "option_groups": [{"label": plain(), **MENU}],
        "initial_options": [option("low")],
        "max_selected_items": 2,
    },
    "external_select": {"type": "external_select", "min_query_length": 0, "initial_option": option("any")},
    "multi_external_select": {"type": "multi_external_select", "initial_options": [option("any")]},
    "users_select": {"type": "users_select", "initial_user": "U1"},
    "multi_users_select": {"type": "multi_users_select", "initial_users": ["U1", "U2"]},
    "channels_select": {"type": "channels_select", "initial_channel": "C1"},
    "multi_channels_select": {"type": "multi_channels_select", "initial_channels": ["C1"]},
    "conversations_select": {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
    "multi_conversations_select": {"type": "multi_conversations_select", "initial_conversations": ["C1"]},
    "overflow": {"type": "overflow", "options": [option("open", url="https://example.com")]},
    "checkboxes": {
        "type": "checkboxes",
        "options": [{"text": marked(), "value": "a", "description": marked()}],
        "initial_options": [{"text": marked(), "value": "a", "description": marked()}],
    },
    "radio_buttons": {"type": "radio_buttons", **MENU, "initial_option": option("low")},
    "datepicker": {"type": "datepicker", "initial_date": "2026-03-27"},
    "timepicker": {"type": "timepicker", "initial_time": "21:30", "timezone": "Europe/Berlin"},
    "datetimepicker": {"type": "datetimepicker", "initial_date_time": 1774647000},
    "plain_text_input": {
        "type": "plain_text_input",
        "multiline": True,
        "min_length": 5,
        "max_length": 150,
        "initial_value": "",
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    },
    "number_input": {
        "type": "number_input",
        "is_decimal_allowed": True,
        "min_value": "-9.5",
        "initial_value": "9",
        "max_value": "10",
    },
    "email_text_input": {"type": "email_text_input", "initial_value": "a@example.com"},
    "url_text_input": {"type": "url_text_input", "placeholder": plain()},
    "rich_text_input": {
        "type": "rich_text_input",
        "min_lines": 2,
        "max_lines": 9,
        "initial_value": rich(LEAVES[0]),
    },
    "file_input": {"type": "file_input", "filetypes": ["csv"], "max_files": 1},
    "image": {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture"},
    "feedback_buttons": {
        "type": "feedback_buttons",
        "positive_button": FEEDBACK,
        "negative_button": FEEDBACK,
    },
    "icon_button": {"type": "icon_button", "icon": "trash", "text": plain(), "visible_to_user_ids": ["U1"]},
}

TASK = {"type": "task_card", "task_id": "1", "title": "Read", "status": "complete", "details": rich(LEAVES[0])}
CARD = {"type": "card", "title": marked(), "body": plain(), "actions": [button()], "icon": ELEMENTS["image"]}
BLOCKS: dict[str, dict[str, Any]] = {
    "section": {"type": "section", "text": marked(), "fields": [marked(), plain()], "accessory": button()},
    "header": {"type": "header", "text": {**plain(), "emoji": True}, "level": 2},
    "divider": {"type": "divider", "block_id": "line"},
    "context": {"type": "context", "elements": [marked(), plain(), ELEMENTS["image"]]},
    "actions": {"type": "actions", "elements": [button("a"), button("b")]},
    "image": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Chart", "title": plain()},
    "input": {"type": "input", "label": plain(), "hint": plain(), "element": {"type": "plain_text_input"}},
    "rich_text": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": LEAVES},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": LEAVES[:2]}],
            },
            {"type": "rich_text_quote", "elements": LEAVES, "border": 1},
            {"type": "rich_text_preformatted", "elements": LEAVES[:2]},
        ],
    },
    "markdown": {"type": "markdown", "text": "**Words**"},
    "table": {
        "type": "table",
        "rows": [[raw("Id"), raw("Risk")], [rich(LEAVES[1]), raw("Late")]],
        "column_settings": [None, {"align": "right", "is_wrapped": True}],
    },
    "data_table": {
        "type": "data_table",
        "caption": "Risks",
        "page_size": 20,
        "row_header_column_index": 1,
        "rows": [
            [raw("Id"), raw("Score")],
            [rich(LEAVES[1]), {"type": "raw_number", "value": 20, "text": "20"}],
        ],
    },
    "data_visualization": {"type": "data_visualization", "title": "Risks", "chart": chart("bar")},
    "pie": {
        "type": "data_visualization",
        "title": "Risks",
        "chart": {"type": "pie", "segments": [{"label": "Open", "value": 3}]},
    },
    "video": {
        "type": "video",
        "alt_text": "A talk",
        "title": plain(),
        "thumbnail_url": "https://example.com/a.png",
        "video_url": "https://example.com/a",
        "description": plain(),
    },
    "context_actions": {
        "type": "context_actions",
        "elements": [ELEMENTS["feedback_buttons"], ELEMENTS["icon_button"]],
    },
    "task_card": {**TASK, "sources": [{"type": "url", "url": "https://example.com", "text": "Source"}]},
    "plan": {"type": "plan", "title": "Plan", "tasks": [{**TASK, "status": "pending"}]},
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD]},
    "container": {
        "type": "container",
        "title": plain(),
        "is_collapsible": True,
        "child_blocks": [{"type": "divider"}, {"type": "section", "text": marked()}],
    },
    "alert": {"type": "alert", "text": marked(), "level": "warning"},
}
NOT_IN_MODALS = {
    *("table", "data_table", "data_visualization", "pie", "markdown", "context_actions"),
    *("task_card", "plan", "carousel", "container"),
}
NOT_ON_HOME = (NOT_IN_MODALS | {"alert"}) - {"table", "carousel", "container"}
IN_INPUTS = ELEMENTS.keys() - {
    *("button", "workflow_button", "overflow", "image", "feedback_buttons", "icon_button"),
}
MULTI_SELECTS = {name for name in ELEMENTS if name.startswith("multi_")}
IN_ACTIONS = (IN_INPUTS - MULTI_SELECTS | {"button", "workflow_button", "overflow"}) - {
    *("plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input"),
}
AS_ACCESSORY = (IN_ACTIONS | MULTI_SELECTS | {"image"}) - {"datetimepicker", "rich_text_input"}


def message(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"channel": "C1", "text": "Words", "blocks": list(blocks)}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "submit": plain("Save"), "blocks": list(blocks), **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}


def asking(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": element, **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(), **more}


def changed(payload: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy in which the field at `path`, written as in a JSON pointer, holds `value` or is gone."""
    payload = json.loads(json.dumps(payload))
    *steps, last = path.split("/")
    part: Any = payload
    for step in steps:
        part = part[int(step) if isinstance(part, list) else step]
    if value is GONE:
        del part[last]
    else:
        part[int(last) if isinstance(part, list) else last] = value
    return payload


def words(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_each_block_is_taken_on_its_own_surfaces_and_refused_on_the_others(name: str) -> None:
    block = BLOCKS[name]
    refusal = f"unsupported type: {block['type']}"
    in_message = [] if name != "alert" else [f"{refusal} [json-pointer:/blocks/0/type]"]
    on_home = [f"{refusal} [json-pointer:/view/blocks/0/type]"] if name in NOT_ON_HOME else []
    in_modal = [f"{refusal} [json-pointer:/view/blocks/0/type]"] if name in NOT_IN_MODALS else []
    assert words(check_message(message(block))) == in_message
    assert words(check_view(modal(block))) == in_modal
    assert words(check_view(home(block))) == on_home


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_each_element_is_taken_in_its_own_places_and_refused_in_the_others(name: str) -> None:
    element = ELEMENTS[name]
    places = {
        "elements/0": (IN_ACTIONS, {"type": "actions", "elements": [element]}),
        "accessory": (AS_ACCESSORY, section(accessory=element)),
        "element": (IN_INPUTS, asking(element)),
    }
    for path, (allowed, block) in places.items():
        refusal = f"unsupported element: {name} [json-pointer:/view/blocks/0/{path}/type]"
        assert words(check_view(modal(block))) == ([] if name in allowed else [refusal])


LONG = "x" * 3001
TOO_LONG_IDENTIFIER = ("x" * 256, "must be less than 256 characters")
# The block, the path that is changed, its new value, Slack's words, and the pointer where it is another path.
BLOCK_RULES: list[tuple[Any, ...]] = [
    ("divider", "type", "file", "unsupported type: file"),
    ("divider", "type", 7, "must provide a string"),
    ("divider", "type", GONE, "missing required field: type", ""),
    ("divider", "text", plain(), "invalid additional property: text", ""),
    ("divider", "block_id", *TOO_LONG_IDENTIFIER),
    ("divider", "block_id", "", "must be more than 0 characters"),
    ("section", "text/text", LONG, "must be less than 3001 characters"),
    ("section", "text/text", "", "must be more than 0 characters"),
    ("section", "text/text", None, "must provide a string"),
    ("section", "text", "Words", "must provide an object"),
    ("section", "text/type", "markdown", "unsupported type: markdown"),
    ("section", "text/emoji", True, "invalid additional property: emoji", "text"),
    ("section", "fields/1/verbatim", True, "invalid additional property: verbatim", "fields/1"),
    ("section", "fields", [marked()] * 11, "no more than 10 items allowed"),
    ("section", "fields", [], "must provide at least 1 items"),
    ("section", "fields", marked(), "must provide an array"),
    ("section", "fields/0/text", LONG[:2001], "must be less than 2001 characters"),
    ("section", "expand", "yes", "must provide a boolean"),
    ("section", "accessory", [button()], "must provide an object"),
    ("header", "text", marked(), "unsupported type: mrkdwn", "text/type"),
    ("header", "text", GONE, "missing required field: text", ""),
    ("header", "text/text", LONG[:151], "must be less than 151 characters"),
    ("header", "level", 5, "must be less than 5"),
    ("header", "level", 0, "must be greater than 0"),
    ("header", "level", True, "must provide an integer"),
    ("context", "elements", [marked()] * 11, "no more than 10 items allowed"),
    ("context", "elements/0", button(), "unsupported element: button", "elements/0/type"),
    ("actions", "elements", [button(str(i)) for i in range(26)], "no more than 25 items allowed"),
    ("actions", "elements/1/action_id", "a", '`action_id` "a" already exists'),
    ("actions", "elements/0/type", "knob", "unsupported type: knob"),
    ("image", "alt_text", GONE, "missing required field: alt_text", ""),
    ("image", "alt_text", LONG[:2001], "must be less than 2001 characters"),
    ("image", "image_url", "https://example.com", "failed to match all allowed schemas", ""),
    ("image", "slack_file", GONE, "failed to match all allowed schemas", ""),
    ("image", "slack_file/url", "https://example.com", "failed to match all allowed schemas", "slack_file"),
    ("input", "label", marked(), "unsupported type: mrkdwn", "label/type"),
    ("input", "label/text", LONG[:2001], "must be less than 2001 characters"),
    ("input", "hint/text", LONG[:2001], "must be less than 2001 characters"),
    ("input", "element", GONE, "missing required field: element", ""),
    ("input", "element/focus_on_load", 1, "must provide a boolean"),
    ("rich_text", "elements/0/type", "text", "unsupported type: text"),
    ("rich_text", "elements", [], "must provide at least 1 items"),
    ("rich_text", "elements/0/elements/0/text", "", "must be more than 0 characters"),
    (
        "rich_text",
        "elements/0/elements/0/style/loud",
        True,
        "invalid additional property: loud",
        "elements/0/elements/0/style",
    ),
    ("rich_text", "elements/0/elements/9/range", "all", "must be a valid enum value"),
    ("rich_text", "elements/1/style", "star", "must be a valid enum value"),
    ("rich_text", "elements/1/indent", 9, "must be less than 9"),
    ("rich_text", "elements/2/border", 2, "must be less than 2"),
    ("rich_text", "elements/3/elements/0", LEAVES[2], "unsupported type: user", "elements/3/elements/0/type"),
    ("markdown", "text", "x" * 12001, "must be less than 12001 characters"),
    ("table", "rows", [[raw("x")]] * 101, "no more than 100 items allowed"),
    ("table", "rows/0", [raw("x")] * 21, "no more than 20 items allowed"),
    ("table", "rows/0/0/type", "raw_number", "unsupported type: raw_number"),
    ("table", "rows/0/0/text", "x" * 10001, "must be less than 10001 characters", None),
    ("table", "column_settings/1/align", "top", "must be a valid enum value"),
    ("data_table", "rows", [[raw("Id"), raw("x")]], "must provide at least 2 items"),
    ("data_table", "rows", [[raw("Id"), raw("x")]] * 202, "no more than 201 items allowed"),
    ("data_table", "rows/1", [raw("R-1")], "must provide exactly 2 items"),
    ("data_table", "rows/0/1", rich(LEAVES[0]), "unsupported type: rich_text", "rows/0/1/type"),
    ("data_table", "rows/1/1/value", "20", "must provide a number"),
    ("data_table", "rows/0/0/text", "", "must be more than 0 characters"),
    ("data_table", "rows/0/0/text", "x" * 20001, "must be less than 20001 characters", None),
    ("data_table", "row_header_column_index", 2, "must be less than 2"),
    ("data_table", "page_size", 101, "must be less than 101"),
    ("data_table", "caption", GONE, "missing required field: caption", ""),
    ("data_visualization", "title", LONG[:51], "must be less than 51 characters"),
    ("data_visualization", "chart/type", "radar", "unsupported type: radar"),
    ("data_visualization", "chart/series", chart("bar")["series"] * 4, "no more than 6 items allowed"),
    ("data_visualization", "chart/series/1/name", "Open", '`name` "Open" already exists'),
    (
        "data_visualization",
        "chart/series/0/data/0/label",
        "Mar",
        "must have one point for each category",
        "chart/series/0/data",
    ),
    ("data_visualization", "chart/axis_config/categories/0", LONG[:21], "must be less than 21 characters"),
    ("pie", "chart/segments/0/value", 0, "must be greater than 0"),
    ("video", "title/text", LONG[:200], "must be less than 200 characters"),
    ("video", "video_url", "http://example.com", r"must match the pattern: https://\S+"),
    ("context_actions", "elements/0", button(), "unsupported element: button", "elements/0/type"),
    ("task_card", "status", "pending", "must be a valid enum value"),
    ("task_card", "title", plain(), "must provide a string"),
    ("plan", "title", plain(), "must provide a string"),
    ("plan", "tasks/0/status", "late", "must be a valid enum value"),
    ("card", "title", "Words", "must provide an object"),
    ("card", "body/text", LONG[:201], "must be less than 201 characters"),
    ("card", "actions", [button(str(i)) for i in range(4)], "no more than 3 items allowed"),
    ("card", "slack_icon", {"type": "icon", "name": "book"}, "failed to match all allowed schemas", ""),
    ("carousel", "elements", [CARD] * 11, "no more than 10 items allowed"),
    ("carousel", "elements/0/type", "section", "unsupported type: section"),
    ("container", "title", GONE, "failed to match all allowed schemas", ""),
    ("container", "child_blocks/0", CARD, "unsupported type: card", "child_blocks/0/type"),
    ("container", "child_blocks", [{"type": "divider"}] * 11, "no more than 10 items allowed"),
    ("container", "has_header_divider", True, "failed to match all allowed schemas", ""),
    ("alert", "text/text", LONG[:201], "must be less than 201 characters"),
    ("alert", "level", "loud", "must be a valid enum value"),
    ("alert", "level", 3, "must provide a string"),
]
ELEMENT_RULES: list[tuple[Any, ...]] = [
    ("button", "text", GONE, "missing required field: text", ""),
    ("button", "text", marked(), "unsupported type: mrkdwn", "text/type"),
    ("button", "text/text", LONG[:76], "must be less than 76 characters"),
    ("button", "value", LONG[:2001], "must be less than 2001 characters"),
    ("button", "url", LONG, "must be less than 3001 characters"),
    ("button", "style", "loud", "must be a valid enum value"),
    ("button", "action_id", *TOO_LONG_IDENTIFIER),
    ("button", "accessibility_label", LONG[:76], "must be less than 76 characters"),
    ("button", "placeholder", plain(), "invalid additional property: placeholder", ""),
    ("button", "confirm/title/text", LONG[:101], "must be less than 101 characters"),
    ("button", "confirm/text/text", LONG[:301], "must be less than 301 characters"),
    ("button", "confirm/deny/text", LONG[:31], "must be less than 31 characters"),
    ("button", "confirm/type", "confirm", "invalid additional property: type", "confirm"),
    ("workflow_button", "workflow/trigger", {}, "missing required field: url"),
    ("static_select", "options", [option("low")] * 101, "no more than 100 items allowed"),
    ("static_select", "options", GONE, "failed to match all allowed schemas", ""),
    ("static_select", "option_groups", [{"label": plain(), **MENU}], "failed to match all allowed schemas", ""),
    ("static_select", "options/0/text/text", LONG[:76], "must be less than 76 characters"),
    ("static_select", "options/0/text", marked(), "unsupported type: mrkdwn", "options/0/text/type"),
    ("static_select", "options/0/value", LONG[:151], "must be less than 151 characters"),
    ("static_select", "options/0/url", "https://example.com", "invalid additional property: url", "options/0"),
    ("static_select", "options/0/type", "option", "invalid additional property: type", "options/0"),
    ("static_select", "initial_option", option("medium"), "must equal one of the options exactly"),
    ("static_select", "initial_option", option("high"), "must equal one of the options exactly"),
    ("static_select", "initial_option", None, "must provide an object"),
    ("static_select", "placeholder/text", LONG[:151], "must be less than 151 characters"),
    ("static_select", "max_selected_items", 1, "invalid additional property: max_selected_items", ""),
    (
        "multi_static_select",
        "initial_options/0/value",
        "new",
        "must equal one of the options exactly",
        "initial_options/0",
    ),
    ("multi_static_select", "option_groups/0/label/text", LONG[:76], "must be less than 76 characters"),
    ("multi_static_select", "max_selected_items", 0, "must be greater than 0"),
    ("conversations_select", "filter", {}, "failed to match all allowed schemas"),
    ("conversations_select", "filter/include/0", "secret", "must be a valid enum value"),
    ("conversations_select", "response_url_enabled", True, "invalid additional property: response_url_enabled", ""),
    ("overflow", "options", [option("a")] * 6, "no more than 5 items allowed"),
    ("overflow", "options", [], "must provide at least 1 items"),
    ("checkboxes", "options", [option("a")] * 11, "no more than 10 items allowed"),
    ("checkboxes", "initial_options/0/value", "b", "must equal one of the options exactly", "initial_options/0"),
    ("radio_buttons", "initial_option/value", "b", "must equal one of the options exactly", "initial_option"),
    ("datepicker", "initial_date", "27.3.2026", r"must match the pattern: \d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    ("timepicker", "initial_time", "24:00", r"must match the pattern: ([01]\d|2[0-3]):[0-5]\d"),
    ("image", "image_url", GONE, "failed to match all allowed schemas", ""),
]
INPUT_RULES: list[tuple[Any, ...]] = [
    ("datetimepicker", "initial_date_time", 12, "must be greater than 999999999"),
    ("plain_text_input", "max_length", 3001, "must be less than 3001"),
    ("plain_text_input", "min_length", 151, "must not be greater than `max_length`"),
    ("plain_text_input", "initial_value", LONG, "must be less than 3001 characters"),
    ("plain_text_input", "dispatch_action_config/trigger_actions_on/0", "on_wink", "must be a valid enum value"),
    ("number_input", "is_decimal_allowed", GONE, "missing required field: is_decimal_allowed", ""),
    ("number_input", "min_value", 1, "must provide a string"),
    ("number_input", "min_value", "9.5", "must not be greater than `initial_value`"),
    ("number_input", "max_value", "few", r"must match the pattern: -?\d+(\.\d+)?"),
    ("rich_text_input", "max_lines", 101, "must be less than 101"),
    ("rich_text_input", "min_lines", 10, "must not be greater than `max_lines`"),
    ("file_input", "max_files", 11, "must be less than 11"),
]


def expected(prefix: str, path: str, words: str, pointer: str | None) -> str:
    """The refusal at `prefix`, at a path below it, or (with None) at the whole list of blocks."""
    place = "/blocks" if pointer is None else f"{prefix}/{pointer}".rstrip("/")
    return f"{words} [json-pointer:{place}]"


@pytest.mark.parametrize("rule", BLOCK_RULES, ids=lambda rule: f"{rule[0]} {rule[1]}: {rule[3]}")
def test_a_block_that_breaks_a_rule_is_refused_in_slacks_words(rule: tuple[Any, ...]) -> None:
    name, path, value, refusal, pointer = (*rule, rule[1])[:5]
    block = changed(BLOCKS[name], path, value)
    told = words(check_view(modal(block)) if name == "alert" else check_message(message(block)))
    assert [line.replace("/view", "") for line in told] == [expected("/blocks/0", path, refusal, pointer)]


@pytest.mark.parametrize("rule", ELEMENT_RULES, ids=lambda rule: f"{rule[0]} {rule[1]}: {rule[3]}")
def test_an_accessory_that_breaks_a_rule_is_refused_in_slacks_words(rule: tuple[Any, ...]) -> None:
    name, path, value, refusal, pointer = (*rule, rule[1])[:5]
    told = words(check_message(message(section(accessory=changed(ELEMENTS[name], path, value)))))
    assert told == [expected("/blocks/0/accessory", path, refusal, pointer)]


@pytest.mark.parametrize("rule", INPUT_RULES, ids=lambda rule: f"{rule[0]} {rule[1]}: {rule[3]}")
def test_an_input_that_breaks_a_rule_is_refused_in_slacks_words(rule: tuple[Any, ...]) -> None:
    name, path, value, refusal, pointer = (*rule, rule[1])[:5]
    told = words(check_view(modal(asking(changed(ELEMENTS[name], path, value)))))
    assert told == [expected("/view/blocks/0/element", path, refusal, pointer)]


def test_every_wrong_part_of_a_message_is_named_at_once() -> None:
    told = words(check_message(message(section(text=marked("")), {"type": "divider", "text": 1}, {"type": "gap"})))
    assert told == [
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "invalid additional property: text [json-pointer:/blocks/1]",
        "unsupported type: gap [json-pointer:/blocks/2/type]",
    ]


def test_a_problem_reads_as_slack_prints_it() -> None:
    problem = Problem("must be less than 3001 characters", "/blocks/0/text/text")
    assert str(problem) == "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


DIVIDER = {"type": "divider"}
TABLE, CHART, DATA_TABLE = BLOCKS["table"], BLOCKS["data_visualization"], BLOCKS["data_table"]
HALF_A_MARKDOWN = {"type": "markdown", "text": "x" * 6001}
HALF_A_DATA_TABLE = changed(DATA_TABLE, "rows/1/0", raw("x" * 10_000))
MESSAGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"response_type": "in_channel"}, []),
    ({"text": "", "blocks": []}, []),
    ({"text": "Words", "metadata": {"event_type": "a", "event_payload": {"any": [1, None]}}}, []),
    ({"text": ["Words"]}, ["must provide a string [json-pointer:/text]"]),
    ({"text": "a", "blocks": "[]"}, ["must provide an array [json-pointer:/blocks]"]),
    ({"markdown_text": "x" * 12_001}, ["must be less than 12001 characters [json-pointer:/markdown_text]"]),
    ({"metadata": {"event_type": "a"}}, ["missing required field: event_payload [json-pointer:/metadata]"]),
    (
        {"metadata": {"event_type": "a", "event_payload": []}},
        ["must provide an object [json-pointer:/metadata/event_payload]"],
    ),
    (message(*[DIVIDER] * 50), []),
    (message(*[DIVIDER] * 51), ["no more than 50 items allowed [json-pointer:/blocks]"]),
    (
        message(section(block_id="a"), section(block_id="b"), section(block_id="a")),
        ['`block_id` "a" already exists [json-pointer:/blocks/2/block_id]'],
    ),
    (
        message(section(block_id="a"), changed(BLOCKS["container"], "child_blocks/0/block_id", "a")),
        ['`block_id` "a" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]'],
    ),
    (message(section(accessory=button()), section(accessory=button())), []),
    (
        message(changed(CARD, "actions", [button(), button()])),
        ['`action_id` "risk.edit" already exists [json-pointer:/blocks/0/actions/1/action_id]'],
    ),
    (message(TABLE, TABLE), ["no more than 1 table blocks allowed [json-pointer:/blocks/1]"]),
    (message(CHART, CHART), []),
    (message(CHART, CHART, CHART), ["no more than 2 data_visualization blocks allowed [json-pointer:/blocks/2]"]),
    (message(HALF_A_MARKDOWN, HALF_A_MARKDOWN), ["must be less than 12001 characters [json-pointer:/blocks]"]),
    (message(HALF_A_DATA_TABLE, HALF_A_DATA_TABLE), ["must be less than 20001 characters [json-pointer:/blocks]"]),
]


@pytest.mark.parametrize(("payload", "refusals"), MESSAGES)
def test_a_whole_message_keeps_slacks_limits(payload: dict[str, Any], refusals: list[str]) -> None:
    assert words(check_message(payload)) == refusals


LOOKS = {"type": "plain_text_input", "focus_on_load": True}
WIDE_VIEW = modal(*(section(text=marked("ü" * 2_500)) for _ in range(51)))
FILES_AT_ONCE = asking(ELEMENTS["file_input"], dispatch_action=True)
ANSWERS_CHANNEL = {"type": "channels_select", "response_url_enabled": True}
VIEWS: list[tuple[dict[str, Any], list[str]]] = [
    (modal(DIVIDER, private_metadata="", callback_id="a", external_id="b", clear_on_close=True, close=plain()), []),
    (modal(*[DIVIDER] * 100), []),
    (modal(*[DIVIDER] * 101), ["no more than 100 items allowed [json-pointer:/view/blocks]"]),
    (modal(), ["must provide at least 1 items [json-pointer:/view/blocks]"]),
    ({}, ["missing required field: type [json-pointer:/view]"]),
    ({**home(DIVIDER), "type": "workflow_step"}, ["unsupported type: workflow_step [json-pointer:/view/type]"]),
    (changed(modal(DIVIDER), "title", GONE), ["missing required field: title [json-pointer:/view]"]),
    (modal(DIVIDER, title=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/title/text]"]),
    (modal(DIVIDER, title=marked()), ["unsupported type: mrkdwn [json-pointer:/view/title/type]"]),
    (modal(DIVIDER, submit=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/submit/text]"]),
    (modal(DIVIDER, close=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/close/text]"]),
    (
        modal(DIVIDER, private_metadata=LONG),
        ["must be less than 3001 characters [json-pointer:/view/private_metadata]"],
    ),
    (modal(DIVIDER, callback_id="x" * 256), ["must be less than 256 characters [json-pointer:/view/callback_id]"]),
    (modal(DIVIDER, external_id="x" * 256), ["must be less than 256 characters [json-pointer:/view/external_id]"]),
    (modal(DIVIDER, id="V1"), ["invalid additional property: id [json-pointer:/view]"]),
    ({**home(DIVIDER), "submit": plain()}, ["invalid additional property: submit [json-pointer:/view]"]),
    (changed(modal(DIVIDER), "submit", GONE), []),
    (
        changed(modal(DIVIDER, BLOCKS["input"]), "submit", GONE),
        ["must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"],
    ),
    (home(BLOCKS["input"]), []),
    (modal(asking(LOOKS), DIVIDER), []),
    (
        modal(asking(LOOKS), asking(LOOKS)),
        ["only one `focus_on_load` is allowed in a view [json-pointer:/view/blocks/1/element/focus_on_load]"],
    ),
    (
        modal(FILES_AT_ONCE),
        ["`dispatch_action` is not allowed with a file_input [json-pointer:/view/blocks/0/dispatch_action]"],
    ),
    (modal(asking(ANSWERS_CHANNEL)), []),
    (
        home(asking(ANSWERS_CHANNEL)),
        ["invalid additional property: response_url_enabled [json-pointer:/view/blocks/0/element]"],
    ),
    (
        modal(section(accessory=ANSWERS_CHANNEL)),
        ["invalid additional property: response_url_enabled [json-pointer:/view/blocks/0/accessory]"],
    ),
    (WIDE_VIEW, ["view_too_large [json-pointer:/view]"]),
]


@pytest.mark.parametrize(("view", "refusals"), VIEWS)
def test_a_whole_view_keeps_slacks_limits(view: dict[str, Any], refusals: list[str]) -> None:
    assert words(check_view(view)) == refusals


FORM = modal(section(block_id="intro"), asking(ELEMENTS["datepicker"], block_id="due/on"), BLOCKS["input"])
ANSWERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"response_action": "clear"}, []),
    ({"response_action": "errors", "errors": {"due/on": "This date is past."}}, []),
    ({"response_action": "update", "view": FORM}, []),
    ({"response_action": "push", "view": FORM}, []),
    ({"text": "Saved"}, ["missing required field: response_action [json-pointer:]"]),
    ({"response_action": "close"}, ["unsupported type: close [json-pointer:/response_action]"]),
    ({"response_action": "clear", "view": FORM}, ["invalid additional property: view [json-pointer:]"]),
    ({"response_action": "push"}, ["missing required field: view [json-pointer:]"]),
    ({"response_action": "errors"}, ["missing required field: errors [json-pointer:]"]),
    ({"response_action": "errors", "errors": {}}, ["must provide at least 1 items [json-pointer:/errors]"]),
    ({"response_action": "errors", "errors": ["due/on"]}, ["must provide an object [json-pointer:/errors]"]),
    (
        {"response_action": "errors", "errors": {"due/on": "", "a~b": 7}},
        [
            "must be more than 0 characters [json-pointer:/errors/due~1on]",
            "must provide a string [json-pointer:/errors/a~0b]",
        ],
    ),
    (
        {"response_action": "errors", "errors": {"intro": "No", "other": "No"}},
        [
            "must be the block_id of an input block [json-pointer:/errors/intro]",
            "must be the block_id of an input block [json-pointer:/errors/other]",
        ],
    ),
    ({"response_action": "update", "view": None}, ["must provide an object [json-pointer:/view]"]),
    ({"response_action": "update", "view": modal()}, ["must provide at least 1 items [json-pointer:/view/blocks]"]),
    (
        {"response_action": "push", "view": home(DIVIDER)},
        ["must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]"],
    ),
]


@pytest.mark.parametrize(("answer", "refusals"), ANSWERS)
def test_the_answer_to_a_submitted_form_is_checked_against_that_form(
    answer: dict[str, Any], refusals: list[str]
) -> None:
    assert words(check_submission_answer(answer, FORM)) == refusals


def test_the_size_of_a_message_counts_the_text_of_its_blocks_and_not_the_fallback() -> None:
    assert text_size({"text": "Only the fallback"}) == 0
    sized = message(section(text=marked("12345"), accessory=button()), {**TABLE, "rows": [[raw("67"), raw("8")]]})
    assert text_size(sized) == 5 + len("Edit") + 3


def test_an_error_word_is_worth_another_try_or_it_is_not() -> None:
    assert not PERMANENT_ERRORS & RETRYABLE_ERRORS
    assert {"ratelimited", "rate_limited", "internal_error"} <= RETRYABLE_ERRORS
    assert {"channel_not_found", "is_archived", "invalid_blocks", "hash_conflict"} <= PERMANENT_ERRORS
