"""Table of the small objects that blocks and elements are composed of."""

import re

from bot.slack_rules import limits
from bot.slack_rules.kinds import FLAG, STRING, Kind, Many, Shape, String, Variants, choice
from bot.slack_rules.rules import at_least_one, exactly_one

URL = String(limits.URL)
HTTPS_URL = String(limits.URL, pattern=re.compile(r"https://\S+"))
IDENTIFIER = String(limits.IDENTIFIER)
STYLE = choice("primary", "danger")


def _plain_shape(most: int) -> Shape:
    return Shape({"text": String(most)}, {"emoji": FLAG})


def _mrkdwn_shape(most: int) -> Shape:
    return Shape({"text": String(most)}, {"verbatim": FLAG})


def plain_text(most: int) -> Variants:
    return Variants({"plain_text": _plain_shape(most)})


def any_text(most: int) -> Variants:
    return Variants({"plain_text": _plain_shape(most), "mrkdwn": _mrkdwn_shape(most)})


TEXT_SHAPES = any_text(limits.TEXT).shapes

SLACK_FILE = Shape(may={"id": STRING, "url": URL}, rules=[exactly_one("id", "url")])

CONFIRM = Shape(
    {
        "title": plain_text(limits.CONFIRM_TITLE),
        "text": any_text(limits.CONFIRM_TEXT),
        "confirm": plain_text(limits.CONFIRM_BUTTON),
        "deny": plain_text(limits.CONFIRM_BUTTON),
    },
    {"style": STYLE},
)


def _option(text: Kind, **more: Kind) -> Shape:
    return Shape({"text": text, "value": String(limits.OPTION_VALUE)}, {"description": text, **more})


MENU_OPTION = _option(plain_text(limits.OPTION_TEXT))
BOX_OPTION = _option(any_text(limits.OPTION_TEXT))
OVERFLOW_OPTION = _option(plain_text(limits.OPTION_TEXT), url=URL)

MENU_OPTIONS = Many(MENU_OPTION, limits.OPTIONS)
BOX_OPTIONS = Many(BOX_OPTION, limits.BOX_OPTIONS)
OVERFLOW_OPTIONS = Many(OVERFLOW_OPTION, limits.OVERFLOW_OPTIONS)
OPTION_GROUPS = Many(Shape({"label": plain_text(limits.OPTION_TEXT), "options": MENU_OPTIONS}), limits.OPTIONS)

DISPATCH_CONFIG = Shape({"trigger_actions_on": Many(choice("on_enter_pressed", "on_character_entered"), most=2)})

CONVERSATION_FILTER = Shape(
    may={
        "include": Many(choice("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": FLAG,
        "exclude_bot_users": FLAG,
    },
    rules=[at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users")],
)

WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": URL},
            {"customizable_input_parameters": Many(Shape({"name": STRING, "value": STRING}))},
        )
    }
)
