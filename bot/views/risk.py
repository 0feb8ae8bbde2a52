"""How a risk looks: the card, the receipt, the line to its owner."""

from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import (
    actions,
    button,
    context,
    facts,
    message,
    section,
)
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
from models.schemas.message import Block, Message
from models.schemas.risk import ACTIVE, Band, Kind, RiskCard, RiskStatus

MOST_PARAGRAPH = 2800
"""Escaped text of one section, with room for what stands before it (Slack takes 3,000)."""

STATE_WORDS = {
    RiskStatus.IDENTIFIED: "New",
    RiskStatus.ASSESSED: "Assessed",
    RiskStatus.TREATING: "In treatment",
    RiskStatus.MONITORING: "Monitored",
    RiskStatus.ACCEPTED: "Accepted",
    RiskStatus.MATERIALISED: "Happened",
    RiskStatus.CLOSED: "Closed",
    RiskStatus.REJECTED: "Rejected",
}


def risk_card(risk: RiskCard, *, today: date) -> Message:
    """The one card of a risk in its project's channel, edited in place."""
    if risk.status in (RiskStatus.CLOSED, RiskStatus.REJECTED):
        return _folded_card(risk, today)
    lines = [f"{BAND_SIGN[risk.band]} {_want(risk, today)}", f"*{link(risk.ref, risk.link)} {title(risk.title)}*"]
    return message(
        sentence(_fallback(risk, today)),
        section("\n".join(lines)),
        facts(*_facts(risk, today)),
        _plan(risk),
        actions(_acknowledge_button(risk, primary=True)) if _waits_for_owner(risk) else None,
        context(_origin(risk, today)),
    )


def risk_receipt(risk: RiskCard, *, today: date) -> Message:
    """What its author sees at once, alone."""
    words = f"Logged {risk.ref}: {stopped(title(risk.title))} {_band_and_score(risk)}, owner {name(risk.owner)}"
    review = f", review {day(risk.next_review_on, today)}" if risk.next_review_on else ""
    where = (
        f"The card is in <#{risk.place.channel}>." if risk.place and risk.place.channel else "It has no channel yet."
    )
    return message(
        sentence(f"{words}{review}."),
        section(f":white_check_mark: *Logged {risk.ref}: {title(risk.title)}*"),
        facts(
            ("Score", f"{BAND_SIGN[risk.band]} {score(risk.band, risk.probability, risk.impact)}"),
            ("Owner", mention(risk.owner)),
            ("Review", day(risk.next_review_on, today)) if risk.next_review_on else None,
            ("Project", title(risk.place.name)) if risk.place else None,
            ("Category", risk.category.title()),
            ("Kind", risk.kind.title()),
        ),
        context(f"Only you see this. {where}{_acknowledgement_due(risk)}"),
    )


def risk_yours(risk: RiskCard) -> Message:
    """One line at the moment somebody names you."""
    project = f" in {title(risk.place.name)}" if risk.place else ""
    logger = f" Logged by {mention(risk.author)}." if risk.author else ""
    return message(
        sentence(f"You own {risk.ref} now: {stopped(title(risk.title))} {_band_and_score(risk)}{project}."),
        section(
            f"*You own {link(risk.ref, risk.link)} now: {title(risk.title)}*\n"
            f"{BAND_SIGN[risk.band]} {_band_and_score(risk)}{project}.{logger}",
            accessory=_acknowledge_button(risk, primary=False) if _waits_for_owner(risk) else None,
        ),
    )


def is_mentioned_on_card(risk: RiskCard) -> bool:
    """An owner is summoned once, by the card of a High or Extreme risk they did not log."""
    return _waits_for_owner(risk) and risk.band in (Band.EXTREME, Band.HIGH)


def _want(risk: RiskCard, today: date) -> str:
    band = f"{risk.band.title()} {'risk' if risk.kind is Kind.THREAT else 'opportunity'}"
    if risk.status is RiskStatus.IDENTIFIED:
        return f"*New {band}:* {_new_want(risk)}"
    if risk.status is RiskStatus.MATERIALISED:
        return "*It happened:* the work on it goes on as an issue"
    until = f" until {day(risk.next_review_on, today)}" if risk.next_review_on else ""
    if risk.status is RiskStatus.ACCEPTED:
        return f"*{band}, accepted{until}*"
    state = {RiskStatus.ASSESSED: "assessed", RiskStatus.TREATING: "in treatment"}.get(risk.status, "monitored")
    review = f" review on {day(risk.next_review_on, today)}" if risk.next_review_on else " no review date"
    return f"*{band} {state}:*{review}"


def _new_want(risk: RiskCard) -> str:
    if not _waits_for_owner(risk):
        return f"{name(risk.owner)} has it"
    who = mention(risk.owner) if is_mentioned_on_card(risk) else name(risk.owner)
    return f"{who} to acknowledge{_by(risk)}"


def _by(risk: RiskCard) -> str:
    return f" by {instant(risk.acknowledge_by)}" if risk.acknowledge_by else ""


def _facts(risk: RiskCard, today: date) -> list[tuple[str, str] | None]:
    target = None
    if risk.target_band and risk.target_probability and risk.target_impact:
        target = ("Target", score(risk.target_band, risk.target_probability, risk.target_impact))
    is_new = risk.status is RiskStatus.IDENTIFIED  # its first line names the owner
    return [
        ("Score", score(risk.band, risk.probability, risk.impact)),
        target,
        ("Category", risk.category.title()) if is_new else ("Owner", name(risk.owner)),
        ("Could happen from", day(risk.proximity_on, today)) if risk.proximity_on else None,
        ("Response", "none yet") if not risk.response_strategy else None,
    ]


def _plan(risk: RiskCard) -> Block | None:
    if risk.response_strategy and risk.response_plan:
        return section(f"*{risk.response_strategy.title()}:* {cut(escape(risk.response_plan), MOST_PARAGRAPH)}")
    return section(cut(escape(risk.statement), MOST_PARAGRAPH)) if risk.statement else None


def _closed_on(risk: RiskCard) -> date:
    assert risk.closed_at is not None
    return local_date(risk.closed_at, risk.place.tz if risk.place else risk.owner.tz)


def _folded_card(risk: RiskCard, today: date) -> Message:
    state = STATE_WORDS[risk.status]
    reason = f"{title(risk.status_reason)} " if risk.status_reason else ""
    when = f", {day(_closed_on(risk), today)}" if risk.closed_at else ""
    return message(
        sentence(f"{risk.ref} {title(risk.title)} is {state.lower()}. It was {_band_and_score(risk)}."),
        section(
            f":white_check_mark: *{state}:* {link(risk.ref, risk.link)} {title(risk.title)}\n"
            f"{reason}Was {_band_and_score(risk)}{when}."
        ),
    )


def _fallback(risk: RiskCard, today: date) -> str:
    where = f" in {title(risk.place.name)}" if risk.place else ""
    start = f"{risk.ref}{where}: {stopped(title(risk.title))}"
    if risk.status is RiskStatus.IDENTIFIED:
        kind = f"New {risk.band.title()} {'risk' if risk.kind is Kind.THREAT else 'opportunity'}"
        if _waits_for_owner(risk) and risk.acknowledge_by:
            due = local_instant(risk.acknowledge_by, risk.owner.tz)
            return f"{kind} {start} {name(risk.owner)} to acknowledge by {due}."
        return f"{kind} {start} {name(risk.owner)} has it."
    review = f" Next review {day(risk.next_review_on, today)}." if risk.next_review_on else ""
    return f"{start} {_band_and_score(risk)}, {STATE_WORDS[risk.status].lower()}.{review}"


def _origin(risk: RiskCard, today: date) -> str:
    logger = f"Logged by {name(risk.author)}, " if risk.author else "Logged "
    watch = f" Watch: {stopped(title(risk.trigger))}" if risk.trigger and risk.status in ACTIVE else ""
    return f"{logger}{instant(risk.raised_at)}.{watch}"


def _acknowledgement_due(risk: RiskCard) -> str:
    return f" {name(risk.owner)} acknowledges{_by(risk)}." if _waits_for_owner(risk) else ""


def _band_and_score(risk: RiskCard) -> str:
    return f"{risk.band.title()} {risk.score}"


def _waits_for_owner(risk: RiskCard) -> bool:
    return risk.status is RiskStatus.IDENTIFIED and risk.acknowledged_at is None


def _acknowledge_button(risk: RiskCard, *, primary: bool) -> Block:
    says = f"Acknowledge {risk.ref}"
    return button("Acknowledge", "risk.acknowledge", str(risk.id), primary=primary, says=says)
