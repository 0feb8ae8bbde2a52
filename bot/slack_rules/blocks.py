"""Table of blocks, and of the surfaces each may stand on."""

from collections.abc import Mapping
from enum import Enum

from bot.slack_rules import limits
from bot.slack_rules.composition import HTTPS_URL, IDENTIFIER, SLACK_FILE, URL, any_text, plain_text
from bot.slack_rules.elements import AS_ACCESSORY, AS_INPUT, IN_ACTIONS, IN_CONTEXT, place
from bot.slack_rules.kinds import (
    FLAG,
    STRING,
    Kind,
    Many,
    Nullable,
    Number,
    Rule,
    Shape,
    String,
    Variants,
    Whole,
    choice,
)
from bot.slack_rules.rich_text import PARTS
from bot.slack_rules.rules import (
    at_least_one,
    even_rows,
    exactly_one,
    header_column_exists,
    no_dispatch_from_files,
    not_both,
    one_point_per_category,
    plain_header_row,
    series_named_apart,
)


class Surface(Enum):
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


def _block(
    needs: Mapping[str, Kind] | None = None,
    may: Mapping[str, Kind] | None = None,
    *rules: Rule,
) -> Shape:
    return Shape(needs, {"block_id": IDENTIFIER, **(may or {})}, rules=rules)


_IMAGE = place("image")
_RICH_TEXT = _block({"elements": PARTS})
_RICH_TEXT_OBJECT = Variants({"rich_text": _RICH_TEXT})

_RAW_TEXT = Shape({"text": STRING})
_TABLE_CELL = Variants({"raw_text": _RAW_TEXT, "rich_text": _RICH_TEXT})
_DATA_CELL = Variants(
    {
        "raw_text": _RAW_TEXT,
        "rich_text": _RICH_TEXT,
        "raw_number": Shape({"value": Number(), "text": STRING}),
    }
)
_COLUMN = Shape(may={"align": choice("left", "center", "right"), "is_wrapped": FLAG})

_CHART_LABEL = String(limits.CHART_LABEL)
_AXIS = Shape(
    {"categories": Many(_CHART_LABEL, limits.CHART_POINTS)},
    {"x_label": String(limits.AXIS_LABEL), "y_label": String(limits.AXIS_LABEL)},
)
_POINT = Shape({"label": _CHART_LABEL, "value": Number()})
_SERIES = Shape({"name": _CHART_LABEL, "data": Many(_POINT, limits.CHART_POINTS)})
_AXIS_CHART = Shape(
    {"series": Many(_SERIES, limits.CHART_SERIES), "axis_config": _AXIS},
    rules=[series_named_apart, one_point_per_category],
)
_SEGMENT = Shape({"label": _CHART_LABEL, "value": Number(above=0)})
_CHART = Variants(
    {
        "pie": Shape({"segments": Many(_SEGMENT, limits.CHART_SERIES)}),
        "bar": _AXIS_CHART,
        "line": _AXIS_CHART,
        "area": _AXIS_CHART,
    }
)

_CARD = _block(
    None,
    {
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "slack_icon": Variants({"icon": Shape({"name": STRING})}),
        "title": any_text(limits.CARD_TITLE),
        "subtitle": any_text(limits.CARD_TITLE),
        "body": any_text(limits.CARD_BODY),
        "subtext": any_text(limits.CARD_BODY),
        "actions": Many(place("button"), limits.CARD_BUTTONS),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    not_both("icon", "slack_icon"),
)


def _task(*states: str) -> Shape:
    return _block(
        {"task_id": STRING, "title": STRING},
        {
            "status": choice(*states),
            "details": _RICH_TEXT_OBJECT,
            "output": _RICH_TEXT_OBJECT,
            "sources": Many(place("url")),
        },
    )


_BASIC: Mapping[str, Shape] = {
    "section": _block(
        None,
        {
            "text": any_text(limits.TEXT),
            "fields": Many(any_text(limits.FIELD_TEXT), limits.SECTION_FIELDS),
            "accessory": AS_ACCESSORY,
            "expand": FLAG,
        },
        at_least_one("text", "fields"),
    ),
    "header": _block({"text": plain_text(limits.HEADER_TEXT)}, {"level": Whole(1, 4)}),
    "divider": _block(),
    "context": _block({"elements": Many(IN_CONTEXT, limits.CONTEXT_ELEMENTS)}),
    "actions": _block({"elements": Many(IN_ACTIONS, limits.ACTIONS_ELEMENTS)}),
    "image": _block(
        {"alt_text": String(limits.ALT_TEXT)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(limits.IMAGE_TITLE)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain_text(limits.LABEL_TEXT), "element": AS_INPUT},
        {"hint": plain_text(limits.LABEL_TEXT), "optional": FLAG, "dispatch_action": FLAG},
        no_dispatch_from_files,
    ),
    "rich_text": _RICH_TEXT,
    "video": _block(
        {
            "alt_text": String(limits.ALT_TEXT),
            "title": plain_text(limits.VIDEO_TITLE),
            "thumbnail_url": HTTPS_URL,
            "video_url": HTTPS_URL,
        },
        {
            "title_url": HTTPS_URL,
            "description": plain_text(limits.VIDEO_TITLE),
            "author_name": String(limits.VIDEO_AUTHOR),
            "provider_name": STRING,
            "provider_icon_url": URL,
        },
    ),
}
_TABLE = _block(
    {"rows": Many(Many(_TABLE_CELL, limits.TABLE_COLUMNS), limits.TABLE_ROWS)},
    {"column_settings": Many(Nullable(_COLUMN), limits.TABLE_COLUMNS)},
)
_IN_CONTAINER = Variants({**_BASIC, "table": _TABLE})

BLOCKS: Mapping[str, Shape] = {
    **_BASIC,
    "table": _TABLE,
    "data_table": _block(
        {
            "caption": STRING,
            "rows": Many(Many(_DATA_CELL, limits.TABLE_COLUMNS), limits.DATA_TABLE_ROWS, least=2),
        },
        {
            "page_size": Whole(1, limits.DATA_TABLE_PAGE),
            "row_header_column_index": Whole(),
        },
        even_rows,
        plain_header_row,
        header_column_exists,
    ),
    "data_visualization": _block({"title": String(limits.CHART_TITLE), "chart": _CHART}),
    "markdown": _block({"text": String(limits.MARKDOWN_TOTAL)}),
    "alert": _block(
        {"text": any_text(limits.ALERT_TEXT)},
        {"level": choice("default", "info", "warning", "error", "success")},
    ),
    "context_actions": _block({"elements": Many(place("feedback_buttons", "icon_button"), limits.CONTEXT_ACTIONS)}),
    "card": _CARD,
    "carousel": _block({"elements": Many(Variants({"card": _CARD}), limits.CAROUSEL_CARDS)}),
    "container": _block(
        {"child_blocks": Many(_IN_CONTAINER, limits.CONTAINER_BLOCKS)},
        {
            "title": plain_text(limits.CARD_TITLE),
            "rich_text_title": _RICH_TEXT_OBJECT,
            "subtitle": any_text(limits.CARD_TITLE),
            "icon": _IMAGE,
            "width": choice("narrow", "standard", "wide", "full"),
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
        at_least_one("title", "rich_text_title"),
        not_both("is_collapsible", "has_header_divider"),
    ),
    "task_card": _task("in_progress", "complete", "error"),
    "plan": _block(
        {"title": STRING},
        {
            "tasks": Many(
                Variants({"task_card": _task("pending", "in_progress", "complete", "error")}),
                limits.PLAN_TASKS,
            )
        },
    ),
}

_EVERYWHERE = frozenset(Surface)
_ONLY_ON: Mapping[str, frozenset[Surface]] = {
    "table": frozenset({Surface.MESSAGE, Surface.HOME}),
    "carousel": frozenset({Surface.MESSAGE, Surface.HOME}),
    "container": frozenset({Surface.MESSAGE, Surface.HOME}),
    "data_table": frozenset({Surface.MESSAGE}),
    "data_visualization": frozenset({Surface.MESSAGE}),
    "markdown": frozenset({Surface.MESSAGE}),
    "context_actions": frozenset({Surface.MESSAGE}),
    "task_card": frozenset({Surface.MESSAGE}),
    "plan": frozenset({Surface.MESSAGE}),
    "alert": frozenset({Surface.MODAL}),
}


def blocks_on(surface: Surface) -> Variants:
    return Variants({name: shape for name, shape in BLOCKS.items() if surface in _ONLY_ON.get(name, _EVERYWHERE)})
