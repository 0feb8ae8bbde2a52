"""How well asking works, for those who run a program: counts of things and places, nothing about people."""

from collections.abc import Mapping
from fractions import Fraction

from bot.domain.numbers import half_up, percent
from bot.views.blocks import actions, button, context, message, section
from bot.views.text import count, cut, day, escape, sentence, title
from models.schemas.home import AskKind
from models.schemas.message import Block, Message
from models.schemas.well import LEAST_ANSWERS, HowWell, IgnoredPlace, KindFigures, OnTime

MOST_PROJECTS = 8
MOST_NAME = 60
TOO_FEW = "not enough to say"

KINDS: Mapping[AskKind, str] = {
    AskKind.STATUS: "Statuses",
    AskKind.READ_RISK: "Risks to acknowledge",
    AskKind.REVIEW_RISK: "Risk reviews",
    AskKind.CLOSE_RISK: "Risks to close",
    AskKind.DECIDE: "Decisions",
    AskKind.GRADE: "Outcomes of decisions",
    AskKind.READ_ISSUE: "Issues to acknowledge",
    AskKind.SOLVE_ISSUE: "Issues to resolve",
    AskKind.SETTLE: "Assumptions",
    AskKind.MILESTONE: "Milestones",
    AskKind.FINDING: "Audit findings",
    AskKind.CHECK_IN: "Check-ins",
    AskKind.READ_STATUS: "Red statuses to read",
}


def how_well(found: HowWell) -> Message:
    program = title(found.program.name)
    if not found.sent and not found.on_time:
        words = f"Nothing was asked in {found.program.name} {_when(found)}."
        return message(sentence(escape(words)), section(f"*Nothing was asked in {program}*\n{_span(found)}."))
    head = f"{found.answered} of {count(found.sent, 'ask')} answered"
    blocks = [
        section(f"*How asking went in {program}: {head}*\n{_span(found)}."),
        section("\n".join(["*By kind*", *(_kind(each) for each in found.kinds)])) if found.kinds else None,
        section("\n".join(["*Status in time*", *_on_time(found)])) if found.on_time else None,
        section("\n".join([_ignored_head(found), *(_ignored(each) for each in found.ignored)])),
        section(_escalated(found)) if found.escalations.opened else None,
        _buttons(found),
        context(
            f"Times are working hours of who was asked. A median needs {LEAST_ANSWERS} answers. "
            "It counts things and places, never people."
        ),
    ]
    return message(sentence(f"{program}: {head}, {_when(found)}. Only you see this."), *blocks)


def _span(found: HowWell) -> str:
    if found.is_month:
        return f"{found.since:%B %Y}"
    return f"{day(found.since, found.until)} to {day(found.until, found.until)}"


def _when(found: HowWell) -> str:
    return f"in {found.since:%B}" if found.is_month else f"since {day(found.since, found.until)}"


def _kind(each: KindFigures) -> str:
    """'Risk reviews: 12 of 15 answered, median 3.5 working hours'."""
    speed = f"median {_hours(each)}" if each.median_hours is not None else f"how fast: {TOO_FEW}"
    ignored = f", {each.ignored} ignored" if each.ignored else ""
    return f"• {KINDS[each.kind]}: {each.answered} of {each.sent} answered, {speed}{ignored}"


def _hours(each: KindFigures) -> str:
    assert each.median_hours is not None
    shown = half_up(each.median_hours, 1)
    return f"{shown} working {'hour' if shown == 1 else 'hours'}"


def _on_time(found: HowWell) -> list[str]:
    lines = [_rate(each) for each in found.on_time[:MOST_PROJECTS]]
    rest = len(found.on_time) - MOST_PROJECTS
    return [*lines, f"and {rest} more, all better"] if rest > 0 else lines


def _rate(each: OnTime) -> str:
    share = f" ({percent(Fraction(each.in_time, each.required))})" if each.required >= LEAST_ANSWERS else ""
    return f"• {cut(escape(each.project), MOST_NAME)}: {each.in_time} of {each.required}{share}"


def _ignored_head(found: HowWell) -> str:
    return (
        "*Ignored most*" if found.ignored else "*Nothing is ignored:* all that was due is answered or still has time."
    )


def _ignored(each: IgnoredPlace) -> str:
    return f"• {KINDS[each.kind]} of {cut(escape(each.place), MOST_NAME)}: {each.ignored} of {each.sent}"


def _escalated(found: HowWell) -> str:
    figures = found.escalations
    up = f", {figures.at_sponsor} up to the sponsor" if figures.at_sponsor else ""
    return f"*Escalated:* {figures.opened}{up}, {figures.resolved} resolved"


def _buttons(found: HowWell) -> Block:
    """What is ignored may be asked too often: the rhythm stands in the settings."""
    ref = found.program.ref
    return actions(button("Show settings", "settings.show", ref), button("Preview 14 days", "preview.show", ref))
