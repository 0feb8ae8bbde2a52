"""How a status is told: what happened since, and the form, which grows with trouble and with a moved date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.views.blocks import (
    behind,
    context,
    date_select,
    field,
    field_of,
    form,
    person_select,
    radio,
    section,
    text_input,
)
from bot.views.places import place_field
from bot.views.slips import announced
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, escape, link, title
from models.schemas.message import Block, View
from models.schemas.slips import Slips
from models.schemas.status import Health, StatusStart
from models.schemas.status_facts import Fact, News

MEANINGS = {Health.GREEN: "on track", Health.AMBER: "at risk, a plan exists", Health.RED: "will miss without help"}
MOST_PARAGRAPH = 2900
MOST_REASON = 200

DATE, SLIP, REASON, PATH = "new_target_on", "slip", "date_reason", "path_to_green"


def status_form(start: StatusStart, *, metadata: str, today: date) -> View:
    """Green needs one press; a path to Green is asked for when there is something to get back from.

    Where the project is chosen in the form, its fields carry its id: Slack fills in the defaults of new ids only.
    """
    place = start.place
    variant = variant_of(start)
    fields: list[Block | None] = [
        _since(start, today),
        place_field(start.choices, place.ref if place else None, live=True) if start.asks_project else None,
        section(f"*{title(place.name)}*") if place and not start.asks_project else None,
        field(f"health{variant}", "Health", radio(HEALTHS, chosen=start.health.value), live=True),
        field(
            f"summary{variant}",
            "Where it stands",
            text_input(most=280, least=3, multiline=True, initial=start.summary),
            hint="280 characters. Your last text is filled in: change what is no longer true."
            if start.summary
            else "280 characters.",
        ),
        _path_field(start.path_to_green, variant) if start.health is not Health.GREEN else None,
        field(
            f"asks{variant}",
            "What do you need?",
            text_input(most=200, initial=start.asks, example="Leave empty if nothing"),
            optional=True,
        ),
        field(
            f"ask_person{variant}",
            "From whom?",
            person_select(start.ask_person),
            hint="The card mentions this person, and nobody else.",
            optional=True,
        ),
        date_field(start, today) if place else None,
    ]
    verb = "Correct status" if start.corrects else "Update status"
    return form("status.post", verb, "Post status", [f for f in fields if f], metadata=metadata)


def variant_of(start: StatusStart) -> str:
    return f"@{start.place.id}" if start.place and start.asks_project else ""


def with_path(view_blocks: Sequence[Block], health: str, path: str = "") -> list[Block]:
    """The form's blocks with the path to Green where the chosen health needs one."""
    kept = [block for block in view_blocks if field_of(block) != PATH]
    if health == Health.GREEN:
        return kept
    had = next((block["block_id"] for block in view_blocks if field_of(block) == PATH), PATH)
    return _after("summary", kept, [_path_field(path, had.removeprefix(PATH))])


def with_reason(view_blocks: Sequence[Block], slips: Slips, new: date | None) -> list[Block]:
    """The form's blocks with the whole slip and the reason for it, where the chosen date is another one."""
    kept = [block for block in view_blocks if field_of(block) not in (SLIP, REASON)]
    old = slips.target_on
    if old is None or new is None or new == old:
        return kept
    element = text_input(most=MOST_REASON, example="What moved it?")
    reason = field(REASON, "Why does the date move?", element, hint="It stands with the slip for good.")
    return _after(DATE, kept, [context(announced(slips, old, new), block_id=SLIP), reason])


def with_project(view_blocks: Sequence[Block], start: StatusStart, today: date) -> list[Block]:
    """The form's blocks for another project, where what was typed stays: its own date, and what happened to it."""
    kept = [block for block in view_blocks if field_of(block) not in (DATE, SLIP, REASON, "since")]
    since = _since(start, today)
    return [*([since] if since else []), *kept, date_field(start, today)]


def date_field(start: StatusStart, today: date) -> Block:
    slips = start.slips
    if slips.target_on is None or slips.baseline_on is None:
        hint = "It becomes the first baseline. Later moves stay visible."
    else:
        moved = f"Moved {count(len(slips.moves), 'time')}." if slips.moves else "It has not moved."
        hint = f"First baseline {day(slips.baseline_on, today)}. {moved}"
    element = date_select(slips.target_on)
    return field(f"{DATE}{variant_of(start)}", "Target date", element, hint=hint, optional=True, live=True)


def _since(start: StatusStart, today: date) -> Block | None:
    """Up to five facts since the last update, worst first; never a reproach."""
    if start.last_posted_on is None:
        return None
    posted_on = day(start.last_posted_on, today)
    if start.corrects is not None:
        words = f"This takes the place of the status of {posted_on}, which stays in the history."
        return context(words, block_id="since")
    if start.facts is None or not start.facts.worst:
        words = f"The update of {posted_on} is filled in. Nothing has changed in the register."
        return context(words, block_id="since")
    rest = [f"and {start.facts.rest} more"] if start.facts.rest else []
    lines = [f"*Since the update of {posted_on}*", *(f"• {_fact(fact, today)}" for fact in start.facts.worst), *rest]
    return section(cut("\n".join(lines), MOST_PARAGRAPH)) | {"block_id": "since"}


def _fact(fact: Fact, today: date) -> str:
    return f"{link(fact.ref, fact.link)} {title(fact.title)}: {_news(fact, today)}"


def _news(fact: Fact, today: date) -> str:
    on = day(fact.on, today) if fact.on else ""
    match fact.news:
        case News.RISK_NEW:
            return f"{fact.size}, new"
        case News.RISK_RESCORED:
            return f"{fact.size}, was {escape(fact.was or 'another score')}"
        case News.RISK_UNREVIEWED:
            return f"{fact.size}, review was due {on}"
        case News.ISSUE_NEW:
            return f"{fact.size} issue, new"
        case News.ISSUE_OVER:
            return "resolved"
        case News.DECISION_OVERDUE:
            return f"decision was due {on}"
        case News.DECISION_MADE:
            return "decided"
    return fact.size


def _after(name: str, blocks: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """`new` behind the field of this name."""
    at = behind(name, blocks)
    return [*blocks[:at], *new, *blocks[at:]]


def _health_option(health: Health) -> dict[str, Any]:
    label = f"{HEALTH_SIGN[health]} {HEALTH_WORD[health]}: {MEANINGS[health]}"
    return {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": health.value}


HEALTHS = [_health_option(health) for health in MEANINGS]


def _path_field(initial: str, variant: str = "") -> Block:
    return field(
        f"{PATH}{variant}",
        "Path to Green",
        text_input(most=500, multiline=True, initial=initial, example="What happens, who does it, by when"),
        hint="Needed for Amber and Red.",
    )
