"""Blockers as a channel is shown them: how long, the likeliest record, and what can be made of each in one press."""

from collections.abc import Sequence
from datetime import date

from bot.views.blocks import actions, button, date_select, divider, field, form, message, overflow, section
from bot.views.blocks import text_input as text
from bot.views.checkin import blocker_words, since
from bot.views.places import place_option, places_select
from bot.views.text import cut, day, escape, link, name, sentence, title
from models.schemas.checkin_round import BlockerCard
from models.schemas.message import Block, Message, View
from models.schemas.project import Place

MOST_TITLE = 100
FORGOTTEN = "(what it was is not kept any more)"


def blocker_rows(blocker: BlockerCard, today: date, *, primary: bool = False) -> list[Block]:
    """`primary` marks the one link that a message offers first."""
    what = blocker_words(blocker.text) or FORGOTTEN
    who = name(blocker.person)
    if not blocker.is_open:
        by = f" by {name(blocker.solved_by)}" if blocker.solved_by else ""
        solved = f"Solved{by}, {day(blocker.solved_on, today)}" if blocker.solved_on else "Solved"
        return [section(f":white_check_mark: *{what}* · {who}\n{solved}")]
    first = f":no_entry: *{what}* · {who}, {since(blocker.since_on, today)}"
    if blocker.record_ref:
        by = f" by {name(blocker.linked_by)}" if blocker.linked_by else ""
        solve = button("Mark solved", "blocker.solve", str(blocker.id), says=f"Mark {blocker.ref} solved")
        return [section(f"{first}\nLinked to {_record(blocker)}{by}", accessory=solve)]
    return [section(f"{first}\n{_alike(blocker)}"), actions(*_acts(blocker, primary))]


def blocker_alone(blocker: BlockerCard, today: date) -> Message:
    """For whoever pressed where its row does not stand."""
    state = "in the way" if blocker.is_open else "solved"
    words = f"{blocker.ref}, {cut(blocker_words(blocker.text) or FORGOTTEN, 90)}: {state}."
    return message(sentence(words), *blocker_rows(blocker, today))


def dependency_form(blocker: BlockerCard, *, projects: Sequence[Place], here: str | None, metadata: str) -> View:
    """Proposed: whoever provides it has still to commit."""
    choices = [place_option(place) for place in projects]
    name_input = text(most=80, example="Vendor, team or company")
    fields = [
        field("title", "What is needed?", text(most=150, least=5, initial=_heading(blocker), focus=True)),
        _asked(field("get_project", "Which project needs it?", places_select(choices, here))),
        field("needed_by", "Needed by", date_select()),
        divider(),
        _asked(field("give_project", "Which project provides it?", places_select(choices, None), optional=True)),
        field("give_name", "Or who else?", name_input, hint="Where somebody outside provides it.", optional=True),
    ]
    return form("blocker.dependency", "Log a dependency", "Log dependency", fields, metadata=metadata)


def _asked(block: Block) -> Block:
    """More projects than a select holds are asked for by the name that every form asks for them by."""
    element = block["element"]
    return block | {"element": element | {"action_id": "project"}} if element["type"] == "external_select" else block


def _heading(blocker: BlockerCard) -> str:
    return cut(" ".join(blocker.text.split()), 150)


def _record(blocker: BlockerCard) -> str:
    named = f" {cut(title(blocker.record_title), MOST_TITLE)}" if blocker.record_title else ""
    return f"{link(str(blocker.record_ref), blocker.record_link)}{named}"


def _alike(blocker: BlockerCard) -> str:
    alike = blocker.likely
    if alike is None:
        return "Nothing similar is logged"
    return f"Looks like {link(alike.ref, alike.link)} {cut(title(alike.title), MOST_TITLE)}: {escape(alike.fact)}"


def _acts(blocker: BlockerCard, primary: bool) -> list[Block]:
    """The likeliest record first; what does not stand beside it is behind the dots."""
    value, alike = str(blocker.id), blocker.likely
    risk = button("Log risk", "blocker.risk", value, says=f"Log {blocker.ref} as risk")
    issue = button("Log issue", "blocker.issue", value, says=f"Log {blocker.ref} as issue")
    solve = ("Mark solved", f"solve:{value}")
    if alike is None:
        dependency = button("Log dependency", "blocker.dependency", value, says=f"Log {blocker.ref} as dependency")
        return [risk, issue, dependency, overflow("blocker.more", [solve])]
    says = f"Link {blocker.ref} to {alike.ref}"
    own = button(f"Link {alike.ref}", "blocker.link", f"{value}:{alike.kind}:{alike.id}", primary=primary, says=says)
    return [own, risk, issue, overflow("blocker.more", [("Log dependency", f"dependency:{value}"), solve])]
