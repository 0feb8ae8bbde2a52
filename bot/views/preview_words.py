"""What will be sent, and why, in plain words: not escaped, the same for a message, a table and a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.views.text import count, day
from models.schemas.escalation import Rule
from models.schemas.foresight import Coming, ComingDay, ComingKind, ComingMessage, Hours, Preview
from models.schemas.home import AskKind

WHAT: Mapping[AskKind, str] = {
    AskKind.STATUS: "status of {}",
    AskKind.READ_RISK: "acknowledge {}",
    AskKind.REVIEW_RISK: "review {}",
    AskKind.CLOSE_RISK: "confirm the close of {}",
    AskKind.DECIDE: "decide {}",
    AskKind.GRADE: "grade the outcome of {}",
    AskKind.READ_ISSUE: "acknowledge {}",
    AskKind.SOLVE_ISSUE: "resolve {}",
    AskKind.SETTLE: "confirm or refute {}",
    AskKind.MILESTONE: "achieve or re-date {}",
    AskKind.FINDING: "update {}",
    AskKind.CHECK_IN: "check-in of {}",
    AskKind.READ_STATUS: "read the Red status of {}",
}
FIRST: Mapping[AskKind, str] = {
    AskKind.READ_RISK: "not acknowledged yet",
    AskKind.REVIEW_RISK: "date reached",
    AskKind.CLOSE_RISK: "its owner asks for it",
    AskKind.DECIDE: "due that day",
    AskKind.GRADE: "date reached",
    AskKind.READ_ISSUE: "not acknowledged yet",
    AskKind.SOLVE_ISSUE: "was to be resolved",
    AskKind.SETTLE: "date reached",
    AskKind.MILESTONE: "date reached",
    AskKind.FINDING: "date reached",
    AskKind.READ_STATUS: "not read yet",
}
UNANSWERED: Mapping[AskKind, str] = {
    AskKind.STATUS: "posted",
    AskKind.READ_RISK: "acknowledged",
    AskKind.REVIEW_RISK: "reviewed",
    AskKind.CLOSE_RISK: "confirmed",
    AskKind.DECIDE: "decided",
    AskKind.GRADE: "graded",
    AskKind.READ_ISSUE: "acknowledged",
    AskKind.SOLVE_ISSUE: "resolved",
    AskKind.SETTLE: "settled",
    AskKind.MILESTONE: "achieved or re-dated",
    AskKind.FINDING: "updated",
    AskKind.CHECK_IN: "answered",
    AskKind.READ_STATUS: "read",
}
ESCALATES: Mapping[Rule, str] = {
    Rule.E1: "not acknowledged in time",
    Rule.E2: "no response",
    Rule.E3: "review overdue",
    Rule.E4: "decision overdue",
    Rule.E5: "dependency overdue",
    Rule.E5B: "not committed to",
    Rule.E6: "status missing twice",
    Rule.E7: "not resolved in time",
    Rule.E8: "milestone overdue",
    Rule.E9: "finding overdue",
}
EVERYBODY = "everybody"


def clock(moment: datetime, zone: str) -> str:
    """'10:00', in that zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def what(part: Coming) -> str:
    """'review R-12'."""
    if part.kind is ComingKind.ROLLUP:
        return f"{part.cadence or 'weekly'} rollup{'' if part.place else ' of all programs'}"
    if part.kind is ComingKind.HOW_WELL:
        return f"how asking went in {part.subject}"
    if part.kind is ComingKind.ESCALATION:
        person = part.person.handle if part.person else "its owner"
        return f"escalation of {part.subject} to {person}"
    if part.kind is ComingKind.CHECK_IN and part.ask is None:
        return f"check-in of {part.subject}"
    assert part.ask is not None
    words = WHAT[part.ask].format(part.subject)
    return f"{words} for {part.behalf_of.handle}" if part.behalf_of else words


def why(part: Coming, today: date) -> str:
    """'date reached'; of what comes only without an answer, 'only if not reviewed by then'."""
    if part.kind is ComingKind.ESCALATION:
        since = f", since {day(part.deadline_on, today)}" if part.deadline_on else ""
        reason = ESCALATES[part.rule] if part.rule else "nobody answers"
        return f"{'only if nobody answers: ' if part.is_conditional else ''}{reason}{since}"
    if part.kind is ComingKind.HOW_WELL:
        return "monthly, asks nothing"
    if part.ask is None:
        return part.cadence or "as set up"
    if part.is_conditional or part.nudge:
        again = "" if part.nudge else f", {_first(part, today)}"
        return f"only if not {UNANSWERED[part.ask]} by {clock(part.at, part.zone)}{again}"
    return _first(part, today)


def _first(part: Coming, today: date) -> str:
    assert part.ask is not None
    if part.ask is AskKind.DECIDE and part.due_on is not None and part.due_on < part.day:
        return f"was due {day(part.due_on, today)}"
    if part.ask in FIRST:
        return FIRST[part.ask]
    return part.cadence or "due"


def together(message: ComingMessage, today: date, *, own: bool = False) -> str:
    """All of one message: 'status and review R-8, in one message (10:00 their time)'."""
    at = f"{clock(message.at, message.zone)}{'' if own else ' their time'}"
    statuses = sum(part.ask is AskKind.STATUS for part in message.parts)
    name = what if own or statuses > 1 else _short
    parts = [part for part in message.parts if part.is_conditional == message.is_conditional]
    if len(parts) == 1:
        reason = why(parts[0], today)
        said = f"{name(parts[0])} ({reason}{'' if at[:5] in reason else f', {at}'})"
    else:
        words = [name(part) for part in parts]
        only = "only if not answered by " if message.is_conditional else ""
        said = f"{', '.join(words[:-1])} and {words[-1]}, in one message ({only}{at})"
    rest = [name(part) for part in message.parts if part.is_conditional and not message.is_conditional]
    if rest:
        said += f"; with {' and '.join(_listed(rest))} if still open"
    return f"{said}; added to the message that stands" if message.is_sent else said


def _short(part: Coming) -> str:
    """Of the only status that somebody owes, and of the only project it could be."""
    return "status" if part.ask is AskKind.STATUS and part.behalf_of is None else what(part)


def _listed(words: Sequence[str], most: int = 3) -> list[str]:
    return [*words[:most], f"{len(words) - most} more"] if len(words) > most else list(words)


def steps_words(steps: Sequence[Coming], most: int = 6) -> str:
    """'escalation of R-1 to maya (review overdue) and D-4 to dana (decision overdue)'; each at its level."""
    said = [
        f"{step.subject} to {step.person.handle if step.person else 'its owner'}"
        f" ({ESCALATES[step.rule] if step.rule else 'no answer'})"
        for step in steps
    ]
    shown = _listed(said, most)
    return f"escalation of {', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else f"escalation of {shown[0]}"


def post_words(post: Coming) -> str:
    """'weekly rollup, 09:00'."""
    at = clock(post.at, post.zone)
    return f"{what(post)}, {at}"


def where(post: Coming) -> str:
    """'#prg-nova', plain."""
    if post.channel is None and post.person is not None:
        return f"{post.person.handle} directly"
    return f"#{post.channel_name}" if post.channel_name else (post.place.name if post.place else "its channel")


def day_count(found: ComingDay) -> str:
    """'1 person, 4 if nothing is answered · 1 post', 'nobody'."""
    new = [message for message in found.messages if not message.is_sent]
    sure = sum(not message.is_conditional for message in new)
    parts = []
    if new:
        said = count(sure, "person", "people") if sure else "nobody"
        parts.append(said if sure == len(new) else f"{said}, {len(new)} if nothing is answered")
    if posts := [post for post in found.posts if post.channel is not None]:
        parts.append(count(len(posts), "post"))
    if notes := [post for post in found.posts if post.channel is None]:
        parts.append(count(len(notes), "note"))
    if found.escalations:
        parts.append(f"{count(len(found.escalations), 'escalation')} if nothing is answered")
    return " · ".join(parts) or "nobody"


def span(least: int, most: int, one: str) -> str:
    """'16 to 19 messages'."""
    return count(most, one) if least == most else f"{least} to {count(most, one)}"


def headline(preview: Preview) -> str:
    """'Next 14 days: 16 to 19 messages to 6 people, 2 channel posts'."""
    messages, posts = preview.messages, preview.posts
    if not messages and not posts:
        return f"{'Your next' if preview.is_own else 'Next'} {preview.length} days: nothing is sent"
    said = span(sum(not each.is_conditional for each in messages), len(messages), "message")
    to = "" if preview.is_own or preview.person else f" to {count(preview.people, 'person', 'people')}"
    posted = "" if preview.is_own or preview.person else f", {count(len(posts), 'channel post')}"
    whose = f" for {preview.person.handle}" if preview.person and not preview.is_own else ""
    return f"{'Your next' if preview.is_own else 'Next'} {preview.length} days{whose}: {said}{to}{posted}"


def never(hours: Sequence[Hours]) -> str:
    """'On weekends, holidays or time off, or outside 09:00 to 18:00 (09:30 to 18:30 in Kolkata)'."""
    if not hours:
        return "On days off, holidays or time off, or outside working hours"
    first, *others = hours
    named = [
        f"{each.start} to {each.end} in {' and '.join(_listed([city(zone) for zone in each.zones], 2))}"
        for each in others[:3]
    ]
    named += [f"{len(others) - 3} other hours"] if len(others) > 3 else []
    rest = f" ({', '.join(named)})" if named else ""
    return f"On weekends, holidays or time off, or outside {first.start} to {first.end}{rest}"
