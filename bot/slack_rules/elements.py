"""Table of block elements, and of the places each may stand in."""

import re
from collections.abc import Mapping

from bot.slack_rules import limits
from bot.slack_rules.composition import (
    BOX_OPTION,
    BOX_OPTIONS,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    IDENTIFIER,
    MENU_OPTION,
    MENU_OPTIONS,
    OPTION_GROUPS,
    OVERFLOW_OPTIONS,
    SLACK_FILE,
    STYLE,
    TEXT_SHAPES,
    URL,
    WORKFLOW,
    plain_text,
)
from bot.slack_rules.kinds import FLAG, STRING, Kind, Many, Shape, String, Variants, Whole, choice
from bot.slack_rules.rich_text import PARTS
from bot.slack_rules.rules import exactly_one, initial_among_options, ordered

_DATE = String(pattern=re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"))
_TIME = String(pattern=re.compile(r"([01]\d|2[0-3]):[0-5]\d"))
_UNIX_SECONDS = Whole(1_000_000_000, 9_999_999_999)
_DECIMAL = String(pattern=re.compile(r"-?\d+(\.\d+)?"))
_IDS = Many(STRING)

_ACTION: Mapping[str, Kind] = {"action_id": IDENTIFIER}
_ASKS: Mapping[str, Kind] = {**_ACTION, "confirm": CONFIRM}
_FOCUS: Mapping[str, Kind] = {"focus_on_load": FLAG}
_PLACEHOLDER: Mapping[str, Kind] = {"placeholder": plain_text(limits.PLACEHOLDER)}
_PICKS: Mapping[str, Kind] = {**_ASKS, **_FOCUS, **_PLACEHOLDER}
_PICKS_MANY: Mapping[str, Kind] = {**_PICKS, "max_selected_items": Whole(1)}
_TYPES: Mapping[str, Kind] = {**_ACTION, **_FOCUS, **_PLACEHOLDER, "dispatch_action_config": DISPATCH_CONFIG}
_STATIC: Mapping[str, Kind] = {"options": MENU_OPTIONS, "option_groups": OPTION_GROUPS}
_STATIC_RULES = (exactly_one("options", "option_groups"), initial_among_options)
_CONVERSATIONS: Mapping[str, Kind] = {"default_to_current_conversation": FLAG, "filter": CONVERSATION_FILTER}

_LABEL = plain_text(limits.BUTTON_TEXT)
_SPOKEN: Mapping[str, Kind] = {"accessibility_label": String(limits.BUTTON_TEXT)}
_VALUE: Mapping[str, Kind] = {"value": String(limits.BUTTON_VALUE)}
_VISIBLE: Mapping[str, Kind] = {"visible_to_user_ids": Many(STRING, limits.VISIBLE_TO_USERS)}
_FEEDBACK = Shape({"text": _LABEL, **_VALUE}, _SPOKEN)

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        {"text": _LABEL},
        {
            **_ASKS,
            **_SPOKEN,
            **_VALUE,
            **_VISIBLE,
            "url": URL,
            "style": STYLE,
            "agent_prompt": String(limits.AGENT_PROMPT),
            "agent_prompt_display": STRING,
        },
    ),
    "workflow_button": Shape({"text": _LABEL, "workflow": WORKFLOW}, {**_ASKS, **_SPOKEN, "style": STYLE}),
    "icon_button": Shape({"icon": choice("trash"), "text": _LABEL}, {**_ASKS, **_SPOKEN, **_VALUE, **_VISIBLE}),
    "feedback_buttons": Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION),
    "static_select": Shape(may={**_PICKS, **_STATIC, "initial_option": MENU_OPTION}, rules=_STATIC_RULES),
    "multi_static_select": Shape(may={**_PICKS_MANY, **_STATIC, "initial_options": MENU_OPTIONS}, rules=_STATIC_RULES),
    "external_select": Shape(may={**_PICKS, "min_query_length": Whole(), "initial_option": MENU_OPTION}),
    "multi_external_select": Shape(may={**_PICKS_MANY, "min_query_length": Whole(), "initial_options": MENU_OPTIONS}),
    "users_select": Shape(may={**_PICKS, "initial_user": STRING}),
    "multi_users_select": Shape(may={**_PICKS_MANY, "initial_users": _IDS}),
    "channels_select": Shape(may={**_PICKS, "initial_channel": STRING, "response_url_enabled": FLAG}),
    "multi_channels_select": Shape(may={**_PICKS_MANY, "initial_channels": _IDS}),
    "conversations_select": Shape(
        may={**_PICKS, **_CONVERSATIONS, "initial_conversation": STRING, "response_url_enabled": FLAG}
    ),
    "multi_conversations_select": Shape(may={**_PICKS_MANY, **_CONVERSATIONS, "initial_conversations": _IDS}),
    "overflow": Shape({"options": OVERFLOW_OPTIONS}, _ASKS),
    "checkboxes": Shape(
        {"options": BOX_OPTIONS},
        {**_ASKS, **_FOCUS, "initial_options": BOX_OPTIONS},
        rules=[initial_among_options],
    ),
    "radio_buttons": Shape(
        {"options": BOX_OPTIONS},
        {**_ASKS, **_FOCUS, "initial_option": BOX_OPTION},
        rules=[initial_among_options],
    ),
    "datepicker": Shape(may={**_PICKS, "initial_date": _DATE}),
    "timepicker": Shape(may={**_PICKS, "initial_time": _TIME, "timezone": STRING}),
    "datetimepicker": Shape(may={**_ASKS, **_FOCUS, "initial_date_time": _UNIX_SECONDS}),
    "plain_text_input": Shape(
        may={
            **_TYPES,
            "initial_value": String(limits.INPUT_CHARACTERS, least=0),
            "multiline": FLAG,
            "min_length": Whole(0, limits.INPUT_CHARACTERS),
            "max_length": Whole(1, limits.INPUT_CHARACTERS),
        },
        rules=[ordered("min_length", "max_length")],
    ),
    "number_input": Shape(
        {"is_decimal_allowed": FLAG},
        {**_TYPES, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
        rules=[
            ordered("min_value", "max_value"),
            ordered("min_value", "initial_value"),
            ordered("initial_value", "max_value"),
        ],
    ),
    "email_text_input": Shape(may={**_TYPES, "initial_value": STRING}),
    "url_text_input": Shape(may={**_TYPES, "initial_value": STRING}),
    "rich_text_input": Shape(
        may={
            **_TYPES,
            "initial_value": Variants({"rich_text": Shape({"elements": PARTS})}),
            "min_lines": Whole(1, limits.INPUT_LINES),
            "max_lines": Whole(1, limits.INPUT_LINES),
        },
        rules=[ordered("min_lines", "max_lines")],
    ),
    "file_input": Shape(may={**_ACTION, "filetypes": Many(STRING), "max_files": Whole(1, limits.FILES)}),
    "image": Shape(
        {"alt_text": String(limits.ALT_TEXT)},
        {"image_url": URL, "slack_file": SLACK_FILE},
        rules=[exactly_one("image_url", "slack_file")],
    ),
    "url": Shape({"url": URL, "text": STRING}),
}

_KINDS_OF_SELECT = ("static", "external", "users", "channels", "conversations")
_SELECTS = tuple(f"{kind}_select" for kind in _KINDS_OF_SELECT)
_MULTI_SELECTS = tuple(f"multi_{select}" for select in _SELECTS)
_BOXES = ("checkboxes", "radio_buttons")


def place(*names: str) -> Variants:
    """A place that takes these elements and names any other one in its refusal."""
    return Variants({name: ELEMENTS[name] for name in names}, elsewhere=frozenset(ELEMENTS))


IN_ACTIONS = place(
    "button",
    "workflow_button",
    "overflow",
    *_BOXES,
    *_SELECTS,
    "datepicker",
    "timepicker",
    "datetimepicker",
    "rich_text_input",
)
AS_ACCESSORY = place(
    "button",
    "workflow_button",
    "overflow",
    *_BOXES,
    *_SELECTS,
    *_MULTI_SELECTS,
    "datepicker",
    "timepicker",
    "image",
)
AS_INPUT = place(
    *_BOXES,
    *_SELECTS,
    *_MULTI_SELECTS,
    "datepicker",
    "timepicker",
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
)
IN_CONTEXT = Variants({"image": ELEMENTS["image"], **TEXT_SHAPES}, elsewhere=frozenset(ELEMENTS))
