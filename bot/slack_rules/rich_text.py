"""Table of a rich_text block's parts. Slack names no lengths here; a leaf keeps a text object's."""

from bot.slack_rules import limits
from bot.slack_rules.composition import URL
from bot.slack_rules.kinds import FLAG, STRING, Many, Shape, String, Variants, Whole, choice

_LEAF_TEXT = String(limits.TEXT)
_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = {"style": Shape(may=dict.fromkeys(_STYLES, FLAG))}
_BORDER = {"border": Whole(0, 1)}

LEAVES = {
    "text": Shape({"text": _LEAF_TEXT}, _STYLE),
    "link": Shape({"url": URL}, {"text": _LEAF_TEXT, "unsafe": FLAG, **_STYLE}),
    "user": Shape({"user_id": STRING}, _STYLE),
    "usergroup": Shape({"usergroup_id": STRING}, _STYLE),
    "channel": Shape({"channel_id": STRING}, _STYLE),
    "team": Shape({"team_id": STRING}, _STYLE),
    "emoji": Shape({"name": STRING}, {"unicode": STRING, "url": URL, "skin_tone": Whole(1, 6), **_STYLE}),
    "date": Shape({"timestamp": Whole(), "format": STRING}, {"url": URL, "fallback": _LEAF_TEXT, **_STYLE}),
    "color": Shape({"value": STRING}, _STYLE),
    "broadcast": Shape({"range": choice("here", "channel", "everyone")}, _STYLE),
}

_LINE = Many(Variants(LEAVES), least=0)
_LITERAL_LINE = Many(Variants({name: LEAVES[name] for name in ("text", "link")}), least=0)
_SECTION = Shape({"elements": _LINE})

PARTS = Many(
    Variants(
        {
            "rich_text_section": _SECTION,
            "rich_text_list": Shape(
                {
                    "elements": Many(Variants({"rich_text_section": _SECTION})),
                    "style": choice("bullet", "ordered"),
                },
                {"indent": Whole(0, limits.LIST_INDENT), "offset": Whole(), **_BORDER},
            ),
            "rich_text_quote": Shape({"elements": _LINE}, _BORDER),
            "rich_text_preformatted": Shape({"elements": _LITERAL_LINE}, _BORDER),
        }
    )
)
