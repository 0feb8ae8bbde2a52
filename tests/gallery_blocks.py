"""The catalogue of the gallery: each block and element of Slack's that a message, a form or a Home may hold."""

from typing import Any

Block = dict[str, Any]
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PICTURE = "F0PICTURE"
"""The file of a picture, in the workspace of the gallery."""
MOMENT = 1_774_875_600  # Mon 30 Mar 2026, 13:00 UTC


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str, label: str, **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def option(value: str, label: str = "", **more: Any) -> Block:
    return {"text": plain(label or value.title()), "value": value, **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements)}


def asking(name: str, label: str, element: Block, **more: Any) -> Block:
    named = {"action_id": name, **element}
    return {"type": "input", "block_id": name, "label": plain(label), "element": named, **more}


def select(kind: str, action_id: str, **more: Any) -> Block:
    return {"type": kind, "action_id": action_id, "placeholder": plain(f"Choose: {action_id}"), **more}


def rich(*parts: Block) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def leaf(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def line(*leaves: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(leaves)}


def raw(*texts: str) -> list[Block]:
    return [{"type": "raw_text", "text": text} for text in texts]


OPTIONS = [option(f"project {number}", f"Project {number}") for number in range(1, 41)]
GROUPS = [
    {"label": plain("Low"), "options": OPTIONS[:2]},
    {"label": plain("High"), "options": OPTIONS[2:4]},
]
CONFIRM = {
    "title": plain("Close R-7?"),
    "text": mrkdwn("It can be *reopened* later."),
    "confirm": plain("Close it"),
    "deny": plain("Keep it"),
}
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
POINTS = {"Open": (12, 9, 7, 4), "Closed": (0, 3, 6, 9)}
WEEKS = ("W1", "W2", "W3", "W4")
SERIES = [
    {"name": name, "data": [{"label": week, "value": value} for week, value in zip(WEEKS, values, strict=True)]}
    for name, values in POINTS.items()
]


def chart(kind: str, title: str) -> Block:
    axes = {"categories": list(WEEKS), "x_label": "Week", "y_label": "Risks"}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": kind, "series": SERIES, "axis_config": axes},
    }


CARD: Block = {
    "type": "card",
    "title": mrkdwn("*Ledger Migration*"),
    "subtitle": plain("Payments"),
    "body": mrkdwn("Two risks wait for a plan."),
    "actions": [button("card.open", "Open")],
}

MESSAGES: dict[str, list[Block]] = {
    "words": [
        {"type": "header", "text": plain("A header :bell: with a sign")},
        section(
            f"*Bold*, _italic_, ~gone~, `code`, <@U0ADA>, <@U0NOOR>, <#C0TALK>, <!here>, <https://example.com|a link>, "
            f":large_red_square: Extreme, <!date^{MOMENT}^{{date_short_pretty}} at {{time}}|13:00 UTC>\n"
            f"> quoted\n> twice\n```code = 'block'\n\tindented```\n{LONG_WORD}"
        ),
        {"type": "header", "text": plain("A smaller header"), "level": 3},
        {"type": "divider"},
        context(
            mrkdwn("Small print with *a word*"),
            {"type": "image", "image_url": DOT, "alt_text": "dot"},
            plain("and plain"),
        ),
        section("Long. " + "It goes on and on. " * 150),
    ],
    "fields": [
        {
            "type": "section",
            "text": mrkdwn(":large_orange_diamond: *High risk:* <@U0ADA> to acknowledge by Fri 3 Apr"),
            "fields": [mrkdwn(f"*{name}* {value}") for name, value in (("Score", "12"), ("Due", "Fri 3 Apr"))] * 3,
            "accessory": button("open", "Open", url="https://example.com/record"),
        },
        actions(
            button("ok", "Acknowledge", style="primary"),
            button("close", "Close", style="danger", confirm=CONFIRM),
            button("later", "Later", accessibility_label="Ask about R-7 later"),
            {
                "type": "overflow",
                "action_id": "more",
                "options": [option("why", "Why me?"), option("over", "Hand over", description=plain("to somebody"))],
            },
        ),
        section("With a picture", accessory={"type": "image", "image_url": DOT, "alt_text": "a dot"}),
        section("One option", accessory={"type": "overflow", "action_id": "one", "options": [option("only")]}),
    ],
    "menus": [
        actions(
            select("static_select", "static", options=OPTIONS),
            select("users_select", "user", initial_user="U0NOOR"),
            select("conversations_select", "conversation", default_to_current_conversation=True),
            select("channels_select", "channel"),
            select("external_select", "external", min_query_length=1),
        ),
        actions(
            {"type": "datepicker", "action_id": "date", "initial_date": "2026-04-03", "placeholder": plain("A date")},
            {"type": "timepicker", "action_id": "time", "initial_time": "09:30", "placeholder": plain("A time")},
            {"type": "datetimepicker", "action_id": "moment", "initial_date_time": MOMENT},
        ),
        actions(
            {"type": "radio_buttons", "action_id": "radio", "options": [option("one"), option("two")]},
            {
                "type": "checkboxes",
                "action_id": "boxes",
                "options": [
                    {"text": mrkdwn("*Bold* choice"), "value": "a", "description": mrkdwn("with a _reason_")},
                    option("b"),
                ],
            },
        ),
        section("Many", accessory=select("multi_users_select", "people", initial_users=["U0ADA", "U0NOOR"])),
        section("More", accessory=select("multi_external_select", "several", min_query_length=0)),
    ],
    "rich": [
        rich(
            line(
                leaf("Bold ", bold=True),
                leaf("code", code=True),
                leaf(" gone ", strike=True),
                leaf("marked ", highlight=True),
                {"type": "user", "user_id": "U0ADA"},
                {"type": "channel", "channel_id": "C0TALK"},
                {"type": "emoji", "name": "bell"},
                {"type": "link", "url": "https://example.com", "text": "link"},
                {"type": "date", "timestamp": MOMENT, "format": "{date_short} {time}", "fallback": "then"},
                {"type": "color", "value": "#a3142e"},
            ),
            {"type": "rich_text_list", "style": "bullet", "elements": [line(leaf("one")), line(leaf("two"))]},
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line(leaf("deeper"))]},
            {"type": "rich_text_preformatted", "elements": [leaf("A  B  C\n1  2  3")]},
            {"type": "rich_text_quote", "elements": [leaf("said so")]},
        ),
    ],
    "tables": [
        {
            "type": "data_table",
            "caption": "Risks, worst first",
            "row_header_column_index": 1,
            "page_size": 3,
            "rows": [
                raw("Score", "Risk", "Owner", "Due"),
                *(raw(f"{n}", f"Risk {n}: {LONG_WORD}", "ada.berg", "3 Apr") for n in range(1, 8)),
            ],
        },
        {
            "type": "table",
            "column_settings": [None, {"align": "right"}, {"is_wrapped": True}],
            "rows": [
                raw("Option", "Total", "Note"),
                raw("A", "42", "The longest of all the notes in this table wraps"),
                [rich(line(leaf("B", bold=True))), *raw("7", "short")],
            ],
        },
    ],
    "charts": [chart("bar", "Open risks by week"), chart("line", "Burn-down")],
    "more charts": [
        chart("area", "Area"),
        {
            "type": "data_visualization",
            "title": "Risks by project",
            "chart": {"type": "pie", "segments": [{"label": "Ledger", "value": 3}, {"label": "Gateway", "value": 1}]},
        },
    ],
    "pictures": [
        {"type": "image", "image_url": DOT, "alt_text": "A dot", "title": plain("A picture of a dot")},
        {"type": "image", "slack_file": {"id": PICTURE}, "alt_text": "Heat map: 3 extreme, 2 high"},
        {"type": "image", "image_url": "data:image/png,broken", "alt_text": "A picture that cannot be loaded"},
        {
            "type": "video",
            "title": plain("A walk through"),
            "alt_text": "Somebody walks",
            "video_url": "https://example.com/v",
            "thumbnail_url": "https://example.com/t.png",
        },
    ],
    "holders": [
        CARD,
        {"type": "carousel", "elements": [CARD | {"title": plain(f"Card {n}"), "block_id": f"c{n}"} for n in range(4)]},
        {
            "type": "container",
            "title": plain("Details"),
            "is_collapsible": True,
            "child_blocks": [section("Inside"), actions(button("inside", "Inside"))],
        },
        {
            "type": "plan",
            "title": "A plan",
            "tasks": [
                {"type": "task_card", "task_id": "1", "title": "First", "status": "complete"},
                {"type": "task_card", "task_id": "2", "title": "Second", "status": "in_progress"},
            ],
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "feedback",
                    "positive_button": {"text": plain("Good"), "value": "good"},
                    "negative_button": {"text": plain("Bad"), "value": "bad"},
                },
                {"type": "icon_button", "action_id": "trash", "icon": "trash", "text": plain("Delete")},
            ],
        },
    ],
    "markdown": [
        {
            "type": "markdown",
            "text": "# Title\n**Bold** and *slanted*, ~~gone~~, `code`, [link](https://example.com)\n\n"
            "- one\n  - inside\n- [x] done\n\n1. first\n2. second\n\n> quoted\n\n| A | B |\n|---|---|\n| 1 | **2** |"
            "\n\n---\n```\ncode\n```",
        }
    ],
}
MESSAGES["forty-five blocks"] = [section(f"Line {n}") for n in range(45)]


def modal(title: str, *blocks: Block, **more: Any) -> Block:
    named = {"type": "modal", "callback_id": title, "title": plain(title), "close": plain("Cancel")}
    return {**named, "submit": plain("Save"), "blocks": list(blocks), **more}


TITLE = asking("title", "Title", {"type": "plain_text_input", "max_length": 60}, hint=plain("One line"))
FORMS: dict[str, Block] = {
    "everything": modal(
        "Everything",
        {"type": "alert", "text": mrkdwn("*Not saved.* What you typed is still here."), "level": "error"},
        {"type": "alert", "text": mrkdwn("The figures say Red."), "level": "warning"},
        {"type": "alert", "text": mrkdwn("Only you see this."), "level": "info"},
        TITLE,
        asking("why", "Why?", {"type": "plain_text_input", "multiline": True}, optional=True),
        asking("number", "How many?", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
        asking("mail", "Mail", {"type": "email_text_input", "placeholder": plain("name@example.com")}, optional=True),
        asking("url", "Address", {"type": "url_text_input"}, optional=True),
        asking("rich", "In your words", {"type": "rich_text_input"}, optional=True),
        asking("project", "Project", {"type": "external_select", "min_query_length": 1}),
        asking("projects", "Others", {"type": "multi_external_select", "min_query_length": 1}, optional=True),
        asking("level", "Level", {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[2]}),
        asking("grouped", "Grouped", {"type": "static_select", "option_groups": GROUPS}, optional=True),
        asking("who", "Who?", {"type": "users_select"}, optional=True),
        asking("team", "Team", {"type": "multi_users_select", "initial_users": ["U0NOOR"]}, optional=True),
        asking("date", "Until when?", {"type": "datepicker", "initial_date": "2026-04-03"}),
        asking("time", "At", {"type": "timepicker", "initial_time": "09:00"}, optional=True),
        asking("moment", "Moment", {"type": "datetimepicker", "initial_date_time": MOMENT}, optional=True),
        asking("kind", "Kind", {"type": "radio_buttons", "options": [option("threat"), option("chance")]}),
        asking("boxes", "Tell", {"type": "checkboxes", "options": [option("owner"), option("sponsor")]}, optional=True),
        asking("file", "File", {"type": "file_input"}, optional=True),
    ),
    "small": modal("Small", TITLE, asking("date", "Until when?", {"type": "datepicker"})),
    "complaining": modal(
        "complains",
        section("This form is never content."),
        TITLE,
        asking("date", "Until when?", {"type": "datepicker", "initial_date": "2026-01-01"}),
    ),
    "lower": modal("Lower", section("Another form lies above."), actions(button("another", "Open another")), TITLE),
}
HOME: Block = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("3 asks wait for you")},
        section("*Update status* of Ledger Migration", accessory=button("go", "Update", style="primary")),
        context(mrkdwn("you own it")),
        {"type": "divider"},
        actions(select("static_select", "pick", options=OPTIONS), button("log", "Log risk")),
    ],
}
