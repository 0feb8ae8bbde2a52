"""How a status update looks: the form, which grows with trouble, and the card."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.views.blocks import (
    context,
    facts,
    field,
    field_of,
    form,
    message,
    radio,
    section,
    text_input,
)
from bot.views.places import place_field
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, cut, day, escape, instant, name, sentence, title, week
from models.schemas.message import Block, Message, View
from models.schemas.status import Health, StatusCard, StatusStart, Trend

MEANINGS = {Health.GREEN: "on track", Health.AMBER: "at risk, a plan exists", Health.RED: "will miss without help"}
TREND_WORDS = {Trend.IMPROVING: "improving", Trend.STEADY: "steady", Trend.WORSENING: "worsening"}
MOST_PARAGRAPH = 2900


def status_form(start: StatusStart, *, metadata: str, today: date) -> View:
    """Green needs one press; a path to Green is asked for when there is something to get back from.

    Where the project is chosen in the form, its fields carry its id: Slack fills in the defaults of new ids only.
    """
    place = start.place
    variant = f"@{place.id}" if place and len(start.choices) > 1 else ""
    fields: list[Block | None] = [
        context(f"Your update of {day(start.last_posted_on, today)} is filled in.") if start.last_posted_on else None,
        place_field(start.choices, place.ref if place else None, live=True) if len(start.choices) > 1 else None,
        section(f"*{title(place.name)}*") if place and len(start.choices) <= 1 else None,
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
            "What do you need, and from whom?",
            text_input(most=200, initial=start.asks, example="Leave empty if nothing"),
            optional=True,
        ),
    ]
    return form("status.post", "Update status", "Post status", [f for f in fields if f], metadata=metadata)


def with_path(view_blocks: Sequence[Block], health: str, path: str = "") -> list[Block]:
    """The form's blocks with the path to Green where the chosen health needs one."""
    kept = [block for block in view_blocks if field_of(block) != "path_to_green"]
    if health == Health.GREEN:
        return kept
    after_summary = next(n for n, block in enumerate(kept) if field_of(block) == "summary") + 1
    had = next((block["block_id"] for block in view_blocks if field_of(block) == "path_to_green"), "path_to_green")
    return [*kept[:after_summary], _path_field(path, had.removeprefix("path_to_green")), *kept[after_summary:]]


def status_card(update: StatusCard, *, today: date) -> Message:
    """What the project's channel reads."""
    first = (
        f"{HEALTH_SIGN[update.health]} *{title(update.place.name)} is {HEALTH_WORD[update.health]},*{_change(update)}"
    )
    asks = " · ".join(escape(ask) for ask in update.asks) or "none"
    lines = [f"{first} · *Ask:* {asks}", escape(update.summary)]
    if update.path_to_green:
        lines.append(f"*Path to Green:* {escape(update.path_to_green)}")
    return message(
        sentence(_fallback(update)),
        section(cut("\n".join(lines), MOST_PARAGRAPH)),
        facts(
            ("Target", day(update.place.target_on, today)) if update.place.target_on else None,
            ("Slip", _slip(update)),
            ("Open risks", _risks(update)),
        ),
        context(f"{name(update.author)}, {instant(update.posted_at)} · {week(update.period)}"),
    )


def status_receipt(update: StatusCard) -> Message:
    """What the author reads when the channel's card is out of sight."""
    words = f"{title(update.place.name)} is {HEALTH_WORD[update.health]}: posted for {week(update.period)}."
    where = f"The card is in <#{update.place.channel}>." if update.place.channel else "It has no channel yet."
    return message(sentence(words), section(f":white_check_mark: *{words}*"), context(f"Only you see this. {where}"))


def _health_option(health: Health) -> dict[str, Any]:
    label = f"{HEALTH_SIGN[health]} {HEALTH_WORD[health]}: {MEANINGS[health]}"
    return {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": health.value}


HEALTHS = [_health_option(health) for health in MEANINGS]


def _path_field(initial: str, variant: str = "") -> Block:
    return field(
        f"path_to_green{variant}",
        "Path to Green",
        text_input(most=500, multiline=True, initial=initial, example="What happens, who does it, by when"),
        hint="Needed for Amber and Red.",
    )


def _change(update: StatusCard) -> str:
    if update.previous_health is None:
        return " first update"
    if update.previous_health is update.health:
        return " steady"
    was = f" was {HEALTH_WORD[update.previous_health]}"
    return f"{was}, {TREND_WORDS[update.trend]}" if update.trend else was


def _fallback(update: StatusCard) -> str:
    asks = f"Ask: {escape(update.asks[0])}" if update.asks else "Ask: none"
    words = f"{title(update.place.name)} is {HEALTH_WORD[update.health]},{_change(update)}. {asks}."
    return f"{words} Path to Green: {escape(update.path_to_green)}" if update.path_to_green else words


def _slip(update: StatusCard) -> str:
    target, baseline = update.place.target_on, update.place.baseline_on
    days = (target - baseline).days if target and baseline else 0
    return f"{days:+d} days since the first baseline" if days else "none since the first baseline"


def _risks(update: StatusCard) -> str:
    extreme = f"{update.extreme_risks} Extreme" if update.extreme_risks else "none Extreme"
    return f"{update.open_risks}, {extreme}" if update.open_risks else "none"
