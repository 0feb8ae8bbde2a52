"""The card of a risk that is over: it happened, was closed or rejected."""

from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, context, facts, message, section
from bot.views.text import day, link, name, score, sentence, stopped, title
from models.schemas.message import Block, Message
from models.schemas.risk import STATE_WORDS, RiskCard, RiskStatus


def band_and_points(risk: RiskCard) -> str:
    return f"{risk.band.title()} {risk.points}"


def happened_card(risk: RiskCard, *, more: Block) -> Message:
    """It is an issue now."""
    issue = risk.issue
    now = f"now issue {link(issue.ref, issue.link)}" if issue else "the work on it goes on as an issue"
    words = f"{risk.ref} {title(risk.title)} has happened"
    is_issue = f" and is now issue {issue.ref}. Owner {name(issue.owner)}" if issue else ""
    buttons = [button(f"Show {issue.ref}", "issue.show", str(issue.id))] if issue else []
    close = button("Close", "risk.settle", str(risk.id), says=f"Close {risk.ref}")
    return message(
        sentence(f"{words}{is_issue}."),
        section(f":arrow_right: *It happened:* {now}\n*{link(risk.ref, risk.link)} {title(risk.title)}*"),
        facts(
            ("Issue", f"{issue.ref} {title(issue.title)}"),
            ("Severity", issue.severity),
            ("Owner", name(issue.owner)),
            ("Issue state", issue.state),
        )
        if issue
        else None,
        actions(*buttons, close, more),
        context(f"Was {score(risk.band, risk.points, risk.probability, risk.impact)}."),
    )


def _closed_on(risk: RiskCard) -> date:
    assert risk.closed_at is not None
    return local_date(risk.closed_at, risk.place.tz if risk.place else risk.owner.tz)


def folded_card(risk: RiskCard, today: date, *, more: Block) -> Message:
    """Closed or rejected: two lines."""
    state = STATE_WORDS[risk.status]
    sign = ":no_entry_sign:" if risk.status is RiskStatus.REJECTED else ":white_check_mark:"
    reason = f"{stopped(title(risk.status_reason))} " if risk.status_reason else ""
    when = f", {day(_closed_on(risk), today)}" if risk.closed_at else ""
    return message(
        sentence(f"{risk.ref} {title(risk.title)} is {state.lower()}. It was {band_and_points(risk)}."),
        section(
            f"{sign} *{state}:* {link(risk.ref, risk.link)} {title(risk.title)}\n"
            f"{reason}Was {band_and_points(risk)}{when}.",
            accessory=more,
        ),
    )
