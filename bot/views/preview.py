"""All that will be sent in the next 14 days, to whom and why; for one reader."""

from collections.abc import Sequence
from datetime import date

from bot.views import preview_words as words
from bot.views.blocks import actions, button, cell, context, message, option, plain, section, select
from bot.views.switches import pause_button
from bot.views.text import cut, day, escape, listed, sentence, title
from models.schemas.foresight import Coming, ComingDay, ComingMessage, Preview
from models.schemas.message import Block, Message
from models.schemas.project import Place

MOST_DAYS, MOST_ROWS = 12, 40
"""More than this is one line a day."""
MOST_TABLE = 60
MOST_NAMES = 8
MOST_SECTION = 2300
MOST_OPTION = 60
MOST_TEXT = 7000
"""Characters of all days together, with room for what stands around them."""


def preview_message(preview: Preview, *, as_table: bool = False) -> Message:
    """As a list by day; where that is long, one line a day, and the table on demand."""
    if as_table and preview.rows:
        return _table_message(preview)
    text, top = _top(preview)
    return message(text, *top, *_days(preview), *_bottom(preview))


def choose_program(programs: Sequence[Place]) -> Message:
    """Where the channel does not say which one is meant."""
    if not programs:
        words_ = "No program of yours sends anything. Type /pm preview me for what is sent to you."
        return message(
            words_, section(f"*{words_.partition('. ')[0]}*\nType `/pm preview me` for what is sent to you.")
        )
    options = [option(cut(place.name, MOST_OPTION), place.ref) for place in programs]
    return message(
        "Which program? Choose one to see its next 14 days.",
        section("*Which program?*\nChoose one to see all that is sent in its next 14 days."),
        actions(
            select(options, placeholder="Choose a program") | {"action_id": "preview.program"},
            button("Show mine", "preview.me", "me"),
        ),
    )


def _top(preview: Preview) -> tuple[str, list[Block]]:
    head = words.headline(preview)
    names = ", ".join(title(place.name) for place in preview.programs[:3])
    span = f"{day(preview.today, preview.today)} to {day(preview.last_day, preview.today)}"
    where = f"{names}, {span}" if names else span
    notes = [section("\n".join(f"*{escape(note)}*" for note in preview.notes))] if preview.notes else []
    first = section(f"*{escape(head)}*\nNobody gets more than one a day. {where}.")
    return sentence(f"{escape(head)}. Nobody gets more than one a day."), [first, *notes, _buttons(preview)]


def _buttons(preview: Preview, *, as_table: bool = False) -> Block:
    elements: list[Block] = []
    if not preview.is_own:
        person = {"type": "users_select", "action_id": "preview.person", "placeholder": plain("Only one person")}
        if preview.person and preview.person.slack_id:
            person["initial_user"] = preview.person.slack_id
        elements.append(person)
    if preview.person is not None and not preview.is_own:
        elements.append(button("Clear filters", "preview.clear", preview.scope))
    if preview.rows and preview.takes_tables:
        twin = ("Show text", "preview.text") if as_table else ("Show table", "preview.table")
        elements.append(button(*twin, preview.scope))
    if preview.may_switch and not any(" paused" in note for note in preview.notes):
        elements.append(pause_button(preview.programs[0], "preview.pause"))
    elif preview.may_switch:
        elements.append(button("Show switches", "switches.show", preview.scope))
    if not elements:
        elements.append(button("Show mine", "preview.me", "me"))
    return actions(*elements) | {"block_id": block_id(preview)}


def block_id(preview: Preview) -> str:
    """A private message has no other memory: whose preview it is, and of which program."""
    person = preview.person.slack_id if preview.person and not preview.is_own else ""
    return f"preview|{preview.scope if not preview.is_own else 'me'}|{person or ''}"


def _days(preview: Preview) -> list[Block]:
    if not preview.days:
        return [section("*Nothing is sent*\nNobody is asked for anything in these days.")]
    if len(preview.days) > MOST_DAYS:
        return _short(preview)
    texts = [_day(each, preview) for each in preview.days]
    is_long = sum(text.count("\n") for text in texts) > MOST_ROWS or sum(len(text) for text in texts) > MOST_TEXT
    return _short(preview) if is_long else [section(text) for text in texts]


def _short(preview: Preview) -> list[Block]:
    lines = [f"*{day(each.day, preview.today)}* · {words.day_count(each)}" for each in preview.days]
    return [section("\n".join(lines[start : start + 10])) for start in range(0, len(lines), 10)]


def _day(found: ComingDay, preview: Preview) -> str:
    today = preview.today
    if preview.is_own or preview.person is not None:
        own = [f"• {escape(words.together(each, today, own=preview.is_own))}" for each in found.messages]
        own += [f"• {escape(words.post_words(post))}" for post in found.posts]
        lines = own or ["nothing"]
        head = f"*{day(found.day, today)}*"
        return cut("\n".join([head, *lines]) if own else f"{head} · nothing", MOST_SECTION)
    lines = [*_post_lines(found, today), *_message_lines(found.messages, today), *_step_lines(found)]
    return cut("\n".join([f"*{day(found.day, today)}* · {words.day_count(found)}", *lines]), MOST_SECTION)


def _message_lines(messages: Sequence[ComingMessage], today: date) -> list[str]:
    """People who get the same at the same hour of theirs stand in one line."""
    found: dict[tuple[bool, str], list[str]] = {}
    for each in messages:
        key = each.is_conditional, words.together(each, today)
        found.setdefault(key, []).append(escape(each.person.handle))
    ordered = sorted(found.items(), key=lambda item: item[0][0])
    return [f"• {listed(names, MOST_NAMES)}: {escape(said)}" for (_, said), names in ordered]


def _post_lines(found: ComingDay, today: date) -> list[str]:
    return [f"• {_where(post)}: {escape(words.post_words(post))}" for post in found.posts]


def _step_lines(found: ComingDay) -> list[str]:
    """One line for each place: what would be escalated there."""
    places: dict[str, list[Coming]] = {}
    for step in found.escalations:
        places.setdefault(_where(step), []).append(step)
    return [f"• {where}: {escape(words.steps_words(steps))}, if nobody answers" for where, steps in places.items()]


def _where(post: Coming) -> str:
    return f"<#{post.channel}>" if post.channel else escape(words.where(post))


def _bottom(preview: Preview) -> list[Block]:
    disappear = "Asks disappear from this list when they are answered."
    more = "What comes only if nobody answers says so."
    if preview.is_own:
        return [context(f"{disappear} `/pm me` changes your hours.")]
    return [
        section(f"*Never*\n• {escape(words.never(preview.hours))}"),
        context(f"{disappear} {more}"),
    ]


def _table_message(preview: Preview) -> Message:
    rows = table_rows(preview)
    shown = rows[:MOST_TABLE]
    table = {
        "type": "data_table",
        "caption": f"What is sent, {len(shown)} of {len(rows)}",
        "page_size": min(len(shown), 20),
        "row_header_column_index": 1,
        "rows": [[cell(label) for label in COLUMNS], *([cell(cut(text, 80)) for text in row] for row in shown)],
    }
    head = words.headline(preview)
    rest = len(rows) - len(shown)
    return message(
        sentence(f"{escape(head)}. Nobody gets more than one a day."),
        section(f"*{escape(head)}*\nNobody gets more than one a day."),
        _buttons(preview, as_table=True),
        table,
        context(f"and {rest} more; choose one person to see all of theirs") if rest > 0 else None,
    )


COLUMNS = ("When", "Who", "What", "Why")


def table_rows(preview: Preview) -> list[tuple[str, str, str, str]]:
    """Plain text: one row for each message and post."""
    rows = []
    for found in preview.days:
        at = day(found.day, preview.today)
        for post in (*found.posts, *found.escalations):
            when = f"{at}, {words.clock(post.at, post.zone)}"
            rows.append((when, words.where(post), words.what(post), words.why(post, preview.today)))
        for each in found.messages:
            when = f"{at}, {words.clock(each.at, each.zone)} {words.city(each.zone)}"
            said = ", ".join(words.what(part) for part in each.parts)
            reasons = dict.fromkeys(words.why(part, preview.today) for part in each.parts)
            rows.append((when, each.person.handle, said, "; ".join(reasons)))
    return rows
