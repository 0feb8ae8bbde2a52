"""Words, dates and names as every message writes them. Text from people is escaped here, once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from models.schemas.dates import short_day
from models.schemas.people import PersonCard
from models.schemas.risk import Band
from models.schemas.status import Health

MOST_TITLE = 150
MOST_FALLBACK = 150

HEALTH_SIGN = {
    Health.GREEN: ":large_green_circle:",
    Health.AMBER: ":large_orange_diamond:",
    Health.RED: ":large_red_square:",
    Health.UNKNOWN: ":radio_button:",
    Health.ON_HOLD: ":double_vertical_bar:",
    Health.COMPLETE: ":white_check_mark:",
}
HEALTH_WORD = {
    Health.GREEN: "Green",
    Health.AMBER: "Amber",
    Health.RED: "Red",
    Health.UNKNOWN: "Unknown",
    Health.ON_HOLD: "On hold",
    Health.COMPLETE: "Complete",
}
BAND_SIGN = {
    Band.EXTREME: ":large_red_square:",
    Band.HIGH: ":large_orange_diamond:",
    Band.MODERATE: ":large_yellow_circle:",
    Band.LOW: ":large_green_circle:",
}


LONGEST_ENTITY = len("&amp")
"""Of the part of an entity that a cut can leave behind."""


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str) -> str:
    """Inside code marks, on one line: a backtick would end them."""
    return escape(" ".join(text.split())).replace("`", "'")


def cut(text: str, most: int) -> str:
    """At most `most` characters, the last one an ellipsis where something was cut; no entity is cut in two."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    start = kept.rfind("&", max(0, len(kept) - LONGEST_ENTITY))
    if start > kept.rfind(";"):
        kept = kept[:start]
    return kept.rstrip() + "…"


def title(text: str) -> str:
    """A typed title in mrkdwn: escaped, then measured."""
    return cut(escape(text), MOST_TITLE)


def stopped(text: str) -> str:
    """Typed words at the end of a sentence: with a full stop unless they bring their own."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def sentence(text: str) -> str:
    """A notification's text: Slack reads it as mrkdwn too, so it is escaped and measured like one."""
    return cut(text, MOST_FALLBACK)


def day(when: date, today: date) -> str:
    """A calendar date is never an instant."""
    return short_day(when, today)


def instant(moment: datetime) -> str:
    """An instant in each reader's own zone, in UTC where Slack cannot render it."""
    utc = moment.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} at {{time}}|{utc.day} {utc:%b}, {utc:%H:%M} UTC>"


def local_instant(moment: datetime, zone: str) -> str:
    """'Fri 27 Mar, 14:30 New York', for text that Slack does not render."""
    local = moment.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M} {city}"


def name(person: PersonCard) -> str:
    """A plain name: pings nobody."""
    return escape(person.handle)


def mention(person: PersonCard) -> str:
    """A summons: for the one person who must act now, and in private messages."""
    return f"<@{person.slack_id}>" if person.slack_id else name(person)


def link(label: str, url: str | None) -> str:
    """`label` is already escaped."""
    return f"<{url}|{label}>" if url else label


def count(n: int, one: str, many: str | None = None) -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(words: Sequence[str], most: int) -> str:
    """'a, b and 8 more': nothing is cut silently."""
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def score(band: Band, points: str, probability: int, impact: int) -> str:
    """`points` as the matrix prints them."""
    return f"{band.title()} {points} (P{probability} × I{impact})"


def week(period: str) -> str:
    """'2026-W13' as 'week 13', and '2026-04' as 'April'."""
    if "W" not in period:
        return f"{date.fromisoformat(f'{period}-01'):%B}"
    return f"week {int(period.rpartition('W')[2])}"
