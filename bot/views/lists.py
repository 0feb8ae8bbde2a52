"""A list of records, worst first: for one reader with its filters, and the short copy that a channel gets."""

from bot.views.blocks import actions, button, context, message, option, section, select
from bot.views.list_filters import filter_blocks, remembering
from bot.views.list_rows import lines, measure, table
from bot.views.list_words import WORDS, headline, number_of, order, span
from bot.views.text import MOST_FALLBACK, cut, day, escape, name, sentence, stopped
from models.schemas.lists import MOST_LISTED, Kind, Listed
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard

MOST_OPTION = 60
LEAST_TITLE = 30
"""Characters of a title in a notification; less says nothing."""


def list_message(listed: Listed) -> Message:
    """For one reader, who alone sees it."""
    if not listed.rows:
        return _empty(listed)
    filters = listed.filters
    as_table = listed.takes_tables and not filters.as_text
    return message(
        _notification(listed),
        section(f"*{headline(listed)}*\n{order(listed)}, {span(listed)}. Only you see this."),
        *filter_blocks(listed),
        *([table(listed)] if as_table else lines(listed)),
        remembering("rows", filters, _shower(listed), *_pagers(listed)),
        remembering("more", filters, *rarer) if (rarer := _rarer(listed, as_table)) else None,
        _capped(listed),
    )


def shared_message(listed: Listed, by: PersonCard, *, left_out: int) -> Message:
    """For a channel: what every member may see of the page, by whom it was shared; it is not updated."""
    filters = listed.filters
    restricted = f" {left_out} restricted left out." if left_out else ""
    words = f"{order(listed)}, {len(listed.rows)} of {number_of(listed.counts.found)}."
    first = section(f"*{headline(listed)}*\n{words}{restricted}")
    last = [
        actions(button("Show list", f"{filters.kind}.list", filters.encoded())),
        context(f"Shared by {name(by)}, {day(listed.today, listed.today)}. This copy is not updated."),
    ]
    twin = lines(listed)
    return message(_notification(listed), first, table(listed), *last, fallback=[first, *twin, *last])


def _notification(listed: Listed) -> str:
    """The finding, and the first row where there is room to name it."""
    first, found = listed.rows[0], f"{headline(listed)}."
    which = order(listed).partition(" ")[0]
    after = f", {measure(first)}" if first.level else ""
    room = MOST_FALLBACK - len(f"{found} {which}: {first.ref} {after}.")
    if room < LEAST_TITLE:
        return sentence(found)
    return f"{found} {which}: {stopped(f'{first.ref} {cut(escape(first.title), room)}{after}')}"


def _shower(listed: Listed) -> Block:
    options = [option(cut(f"{row.ref} {row.title}", MOST_OPTION), str(row.id)) for row in listed.rows]
    kind = listed.filters.kind
    return select(options, placeholder=WORDS[kind].show) | {"action_id": f"{kind}.show"}


def _pagers(listed: Listed) -> list[Block]:
    page, action = listed.filters.page, f"{listed.filters.kind}.page"
    before = [button("Previous 12", f"{action}@previous", str(page - 1))] if page > 1 else []
    after = [button("Next 12", f"{action}@next", str(page + 1))] if page < listed.pages else []
    return [*before, *after]


def _rarer(listed: Listed, as_table: bool) -> list[Block]:
    filters = listed.filters
    twin = button(
        "Show text" if as_table else "Show table", f"{filters.kind}.list_twin", "text" if as_table else "table"
    )
    chart = [button("Heat map", "risk.heat_map", filters.place or "all")] if filters.kind is Kind.RISK else []
    return [
        *([button("Share here", f"{filters.kind}.share_list", "page")] if listed.shareable else []),
        *([twin] if listed.takes_tables else []),
        *chart,
    ]


def _capped(listed: Listed) -> Block | None:
    if listed.filters.page < listed.pages or listed.counts.found <= MOST_LISTED:
        return None
    return context(f"{MOST_LISTED} are the most that a list goes through. Narrow it by the filters to see others.")


def _empty(listed: Listed) -> Message:
    """How many there are without the filters; where there is none at all, the way to the first."""
    filters, counts, words = listed.filters, listed.counts, WORDS[listed.filters.kind]
    start = button(words.log[0], words.log[1], listed.place.ref if listed.place else "list")
    log = actions(start) if listed.may_log else None
    if not counts.any:
        text = f"No {words.one} is logged here.{f' {words.ask}' if log else ''}"
        return message(sentence(text), section(f"*{text}*"), log)
    if not filters.are_set:
        return message(
            f"No {words.one} is open.",
            section(f"*No {words.one} is open*\nClosed ones stand under another state."),
            *filter_blocks(listed),
            log,
        )
    number = number_of(counts.open) if counts.open else "none"
    without = f"{number[0].upper()}{number[1:]} {'is' if counts.open <= 1 else 'are'} open without them."
    return message(
        sentence(f"No {words.one} matches these filters. {without} Clear the filters to see them."),
        section(f"*No {words.one} matches these filters*\n{without}"),
        *filter_blocks(listed),
        log,
    )
