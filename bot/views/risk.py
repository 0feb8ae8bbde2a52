"""How a risk looks: its one card, in every state."""

from datetime import date, timedelta

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, context, facts, message, overflow, section
from bot.views.risk_escalated import ends_it, escalated, sentence_case, show_escalation, what_ends_it
from bot.views.risk_over import band_and_points, folded_card, happened_card
from bot.views.text import (
    BAND_SIGN,
    cut,
    day,
    escape,
    instant,
    link,
    local_instant,
    mention,
    name,
    score,
    sentence,
    stopped,
    title,
)
from models.schemas.escalation import Rule
from models.schemas.message import Block, Message
from models.schemas.risk import STATE_WORDS, Band, Kind, RiskCard, RiskStatus

MOST_PARAGRAPH = 2800
"""Escaped text of one section, with room for what stands before it (Slack takes 3,000)."""

RESCORED_IS_NEWS = timedelta(days=30)

LABELS = {
    "edit": "Edit",
    "respond": "Plan response",
    "accept": "Accept",
    "monitor": "Monitor",
    "resume": "Treat again",
    "happen": "Mark happened",
    "close": "Close",
    "settle": "Close",
    "reject": "Reject",
    "reopen": "Reopen",
    "history": "Show history",
}
MORE = {
    RiskStatus.IDENTIFIED: ("respond", "happen", "close", "reject", "history"),
    RiskStatus.ASSESSED: ("accept", "happen", "close", "reject", "history"),
    RiskStatus.TREATING: ("accept", "monitor", "happen", "close", "history"),
    RiskStatus.MONITORING: ("resume", "respond", "happen", "close", "history"),
    RiskStatus.ACCEPTED: ("edit", "resume", "happen", "close", "history"),
    RiskStatus.MATERIALISED: ("history",),
    RiskStatus.CLOSED: ("reopen", "history"),
    RiskStatus.REJECTED: ("reopen", "history"),
}
"""What stands behind the dots, five at most, beside the buttons: together all that the state allows."""


def risk_card(risk: RiskCard, *, today: date) -> Message:
    """The one card of a risk in its project's channel, edited in place."""
    if risk.status in (RiskStatus.CLOSED, RiskStatus.REJECTED):
        return folded_card(risk, today, more=more(risk))
    if risk.status is RiskStatus.MATERIALISED:
        return happened_card(risk, more=more(risk))
    lines = [f"{BAND_SIGN[risk.band]} {_want(risk, today)}", f"*{link(risk.ref, risk.link)} {title(risk.title)}*"]
    return message(
        sentence(_fallback(risk, today)),
        section("\n".join(lines)),
        facts(*_facts(risk, today)),
        _plan(risk),
        actions(*_buttons(risk, today)),
        context(_small_print(risk, today)),
    )


def waits_for_owner(risk: RiskCard) -> bool:
    return risk.status is RiskStatus.IDENTIFIED and risk.acknowledged_at is None


def is_mentioned_on_card(risk: RiskCard) -> bool:
    """An owner is summoned once, by the card of a High or Extreme risk they did not log."""
    return waits_for_owner(risk) and risk.band in (Band.EXTREME, Band.HIGH)


def acknowledge_button(risk: RiskCard, *, primary: bool) -> Block:
    return button("Acknowledge", "risk.acknowledge", str(risk.id), primary=primary, says=f"Acknowledge {risk.ref}")


def more(risk: RiskCard) -> Block:
    return overflow("risk.more", [(LABELS[action], f"{action}:{risk.id}") for action in MORE[risk.status]])


def is_overdue(risk: RiskCard, today: date) -> bool:
    return risk.is_active and risk.next_review_on is not None and risk.next_review_on < today


def _buttons(risk: RiskCard, today: date) -> list[Block]:
    if risk.close_asked_by is not None:
        confirm = button("Close", "risk.close", str(risk.id), primary=True, says=f"Close {risk.ref}")
        review = button("Review", "risk.review", str(risk.id), says=f"Review {risk.ref}")
        return [confirm, review, _edit_button(risk), more(risk)]
    if risk.escalation is not None:
        act = acknowledge_button(risk, primary=True) if risk.escalation.rule is Rule.E1 else ends_it(risk)
        return [act, _edit_button(risk), *show_escalation(risk.escalation), more(risk)]
    if waits_for_owner(risk):
        return [acknowledge_button(risk, primary=True), _edit_button(risk), more(risk)]
    if risk.status is RiskStatus.IDENTIFIED:
        assess = button("Update", "risk.assess", str(risk.id), says=f"Update {risk.ref}")
        return [assess, _edit_button(risk), more(risk)]
    due = risk.next_review_on is not None and risk.next_review_on <= today
    review = button("Review", "risk.review", str(risk.id), primary=due, says=f"Review {risk.ref}")
    if risk.status is RiskStatus.ASSESSED:
        plan = button("Plan response", "risk.respond", str(risk.id), says=f"Plan the response of {risk.ref}")
        return [plan, _edit_button(risk), review, more(risk)]
    edit = [] if risk.status is RiskStatus.ACCEPTED else [_edit_button(risk)]
    return [review, *edit, more(risk)]


def _edit_button(risk: RiskCard) -> Block:
    return button("Edit", "risk.edit", str(risk.id), says=f"Edit {risk.ref}")


def _want(risk: RiskCard, today: date) -> str:
    band = f"{risk.band.title()} {'risk' if risk.kind is Kind.THREAT else 'opportunity'}"
    if risk.close_asked_by is not None:
        return f"*{band}, to be closed:* {name(risk.place.owner) if risk.place else 'its program'} to confirm"
    if risk.escalation is not None:
        return f"*{band}, escalated:* {escalated(risk.escalation, today)}"
    if risk.status is RiskStatus.IDENTIFIED:
        return f"*New {band}:* {_new_want(risk)}"
    until = f" until {day(risk.next_review_on, today)}" if risk.next_review_on else ""
    if risk.status is RiskStatus.ACCEPTED:
        return f"*{band}, accepted{until}*"
    state = {RiskStatus.ASSESSED: "assessed", RiskStatus.TREATING: "in treatment"}.get(risk.status, "monitored")
    return f"*{band} {state}:* {_review(risk, today)}"


def _review(risk: RiskCard, today: date) -> str:
    if risk.next_review_on is None:
        return "no review date"
    was = "was due" if is_overdue(risk, today) else "on"
    return f"review {was} {day(risk.next_review_on, today)}"


def _new_want(risk: RiskCard) -> str:
    if not waits_for_owner(risk):
        return f"{name(risk.owner)} has it"
    who = mention(risk.owner) if is_mentioned_on_card(risk) else name(risk.owner)
    until = f" by {instant(risk.acknowledge_by)}" if risk.acknowledge_by else ""
    return f"{who} to acknowledge{until}"


def _facts(risk: RiskCard, today: date) -> list[tuple[str, str] | None]:
    target = None
    if risk.target_band and risk.target_points and risk.target_probability and risk.target_impact:
        target = (
            "Target",
            score(risk.target_band, risk.target_points, risk.target_probability, risk.target_impact),
        )
    is_new = risk.status is RiskStatus.IDENTIFIED  # its first line names the owner
    if risk.status is RiskStatus.ACCEPTED:
        last = ("Accepted by", name(risk.accepted_by)) if risk.accepted_by else None
    else:
        last = ("Could happen from", day(risk.proximity_on, today)) if risk.proximity_on else None
    return [
        ("Score", score(risk.band, risk.points, risk.probability, risk.impact) + _was(risk, today)),
        target,
        ("Category", risk.category.title()) if is_new and not risk.escalation else ("Owner", name(risk.owner)),
        ("Now with", name(risk.escalation.person)) if risk.escalation else None,
        last,
        ("Response", "none yet") if not risk.response_strategy else None,
    ]


def _was(risk: RiskCard, today: date) -> str:
    if risk.previous_points is None or risk.rescored_at is None:
        return ""
    rescored_on = local_date(risk.rescored_at, risk.place.tz if risk.place else risk.owner.tz)
    return f", was {risk.previous_points}" if today - rescored_on <= RESCORED_IS_NEWS else ""


def _plan(risk: RiskCard) -> Block | None:
    if risk.close_asked_by is not None and risk.close_asked_reason:
        asks = f"*{name(risk.close_asked_by)} asks to close it:*"
        return section(f"{asks} {cut(escape(risk.close_asked_reason), MOST_PARAGRAPH)}")
    if risk.status is RiskStatus.ACCEPTED and risk.status_reason:
        return section(f"*Why:* {cut(escape(risk.status_reason), MOST_PARAGRAPH)}")
    if risk.response_strategy and risk.response_plan:
        return section(f"*{risk.response_strategy.title()}:* {cut(escape(risk.response_plan), MOST_PARAGRAPH)}")
    return section(cut(escape(risk.statement), MOST_PARAGRAPH)) if risk.statement else None


def _small_print(risk: RiskCard, today: date) -> str:
    if risk.escalation is not None:
        return what_ends_it(risk.escalation, today)
    if risk.status is RiskStatus.ACCEPTED and risk.next_review_on:
        return f"On {day(risk.next_review_on, today)} the acceptance ends and the owner is asked again."
    logger = f"Logged by {name(risk.author)}" if risk.author else "Logged"
    source = f" from {link('a message', risk.source_url)}" if risk.source_url else ""
    watch = f" Watch: {stopped(title(risk.trigger))}" if risk.trigger and risk.is_active else ""
    return f"{logger}{source}{',' if risk.author or source else ''} {instant(risk.raised_at)}.{watch}"


def _fallback(risk: RiskCard, today: date) -> str:
    where = f" in {title(risk.place.name)}" if risk.place else ""
    start = f"{risk.ref}{where}: {stopped(title(risk.title))}"
    if risk.escalation is not None:
        words = f"{band_and_points(risk)}. {sentence_case(escalated(risk.escalation, today))}"
        return f"{start} {words}, now with {name(risk.escalation.person)}."
    if risk.status is RiskStatus.IDENTIFIED:
        kind = f"New {risk.band.title()} {'risk' if risk.kind is Kind.THREAT else 'opportunity'}"
        if waits_for_owner(risk) and risk.acknowledge_by:
            due = local_instant(risk.acknowledge_by, risk.owner.tz)
            return f"{kind} {start} {name(risk.owner)} to acknowledge by {due}."
        return f"{kind} {start} {name(risk.owner)} has it."
    review = f" Next review {day(risk.next_review_on, today)}." if risk.next_review_on else ""
    return f"{start} {band_and_points(risk)}, {STATE_WORDS[risk.status].lower()}.{review}"
