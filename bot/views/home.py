"""The App Home: what waits for me, answerable right there, then what is mine, then what I wait for."""

from typing import Any

from bot.views.absence import home_line
from bot.views.blocks import actions, button, context, divider, header, section
from bot.views.escalation_rows import with_you
from bot.views.home_asks import ask_row, wait_line
from bot.views.home_places import place_row
from bot.views.switches import paused_line
from bot.views.text import count, day, instant, title
from models.schemas.home import A_PAGE, AskKind, Home, NextAsk, Part, Stretch
from models.schemas.message import Block, View

MOST_PAUSED = 5


def home_view(home: Home) -> View:
    """The desk, or one page of a list that was asked for."""
    blocks = _desk(home) if home.part is None else _list(home, home.part)
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _desk(home: Home) -> list[Block]:
    parts = [_waiting(home), with_you(home.escalated, today=home.today), _places(home), _waits(home), _capture(home)]
    blocks: list[Block] = [header(_heading(home))]
    blocks += [context(*(paused_line(each, home.today) for each in home.paused[:MOST_PAUSED]))] if home.paused else []
    if home.away:
        blocks.append(home_line(home.away, home.today))
    for number, part in enumerate(each for each in parts if each):
        blocks += [divider(), *part] if number else part
    return blocks


def _heading(home: Home) -> str:
    waiting = home.asks.total
    return f"{count(waiting, 'ask waits', 'asks wait')} for you" if waiting else "Nothing waits for you"


def _waiting(home: Home) -> list[Block]:
    if home.asks.total:
        return [*_asks(home), *_way_to_rest("Show all", Part.ASKS, home.asks)]
    if home.next_ask:
        return [section(f"Next: {_next(home.next_ask, home)}.")]
    if home.is_guest:
        return [section("What is asked of you will stand here, with a button to answer it.")]
    return [section("Log what you notice, or set up the channel of a project with `/pm setup`.")]


def _next(coming: NextAsk, home: Home) -> str:
    when = instant(coming.at) if coming.at else day(coming.on, home.today) if coming.on else ""
    words = {
        AskKind.STATUS: f"the status of {title(coming.what)}",
        AskKind.REVIEW_RISK: f"the review of {coming.what}",
        AskKind.SETTLE: f"{coming.what} to confirm or refute",
    }
    return f"{words[coming.kind]}, {when}"


def _asks(home: Home) -> list[Block]:
    """From six on in two groups, each with how many there are in all."""
    headings = {True: f"*Overdue: {home.overdue}*", False: f"*This week and later: {home.asks.total - home.overdue}*"}
    blocks: list[Block] = []
    for number, ask in enumerate(home.asks.items):
        if home.is_grouped and ask.is_overdue in headings:
            blocks.append(section(headings.pop(ask.is_overdue)))
        blocks += ask_row(ask, today=home.today, primary=number == 0)
    return blocks


def _places(home: Home) -> list[Block]:
    rows = [place_row(place, today=home.today) for place in home.places.items]
    return [*rows, *_way_to_rest("Show list", Part.PLACES, home.places)]


def _waits(home: Home) -> list[Block]:
    if not home.waits.items:
        return []
    lines = [wait_line(wait, today=home.today) for wait in home.waits.items]
    return [section("\n".join(["*You wait for others*", *lines])), *_way_to_rest("Show list", Part.WAITS, home.waits)]


def _way_to_rest(label: str, part: Part, listed: Stretch[Any]) -> list[Block]:
    left = listed.total - listed.end
    way = button(label, "home.list", f"{part}:0", says=f"{label}: {LISTED[part]}")
    return [section(f"and {left} more", accessory=way)] if left > 0 else []


LISTED = {Part.ASKS: "what waits for you", Part.PLACES: "your programs and projects", Part.WAITS: "what you wait for"}


def _list(home: Home, part: Part) -> list[Block]:
    rows: list[Block]
    listed: Stretch[Any]
    if part is Part.ASKS:
        heading, listed, rows = _heading(home), home.asks, _asks(home)
    elif part is Part.PLACES:
        heading, listed = "Your programs and projects", home.places
        rows = [place_row(place, today=home.today) for place in listed.items]
    else:
        heading, listed = "You wait for others", home.waits
        rows = [section(wait_line(wait, today=home.today)) for wait in listed.items]
    where = f"{listed.start + 1} to {listed.end} of {listed.total}" if listed.items else "Nothing is left here."
    return [header(heading), context(where), *rows, divider(), _turning(part, listed)]


def _turning(part: Part, listed: Stretch[Any]) -> Block:
    before, left = listed.start, listed.total - listed.end
    turns = []
    if left > 0:
        turns.append(button(f"Next {min(A_PAGE, left)}", "home.next", f"{part}:{listed.end}"))
    if before > 0:
        start = max(0, before - A_PAGE)
        turns.append(button(f"Previous {before - start}", "home.previous", f"{part}:{start}"))
    return actions(*turns, button("Back", "home.back", "desk", says="Back to your desk"))


def _capture(home: Home) -> list[Block]:
    if home.is_guest:
        return [context("You are a guest here: you see what is asked of you. Other projects are not shown.")]
    return [
        actions(
            button("Log risk", "risk.form", "home"),
            button("Log issue", "issue.form", "home"),
            button("Log decision", "decision.form", "home"),
            button("Update status", "status.open", "home"),
        ),
        context("`/pm help` shows all commands."),
    ]
