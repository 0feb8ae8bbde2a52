"""What one person alone is told of a risk: the receipt of logging it, the line that names them, what was taken back."""

from collections.abc import Collection
from datetime import date

from bot.views.blocks import actions, button, context, facts, message, section
from bot.views.receipt import share_button, shared, undo_button, where
from bot.views.risk import acknowledge_button, waits_for_owner
from bot.views.risk_over import band_and_points
from bot.views.text import (
    BAND_SIGN,
    code,
    cut,
    day,
    instant,
    link,
    mention,
    name,
    score,
    sentence,
    stopped,
    title,
)
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import RiskCard

MOST_TYPED = 1900
"""Escaped, of the two thousand characters that a line of small print holds."""


def risk_receipt(
    risk: RiskCard,
    *,
    today: date,
    typed: str = "",
    guessed: Collection[str] = (),
    defaults: Collection[str] = (),
    here: bool = False,
) -> Message:
    """What its author sees at once, alone. `typed` is the line it was logged from, `guessed` and `defaults` the facts
    that did not come from them, `here` says that the channel told the project."""
    words = f"Logged {risk.ref}: {stopped(title(risk.title))} {band_and_points(risk)}, owner {name(risk.owner)}"
    review = f", review {day(risk.next_review_on, today)}" if risk.next_review_on else ""
    understood = "\nHere is what I understood:" if typed else ""
    edit = " Edit or undo it in Slack." if typed else ""

    def marked(field: str, words: str) -> str:
        mark = " _(my guess)_" if field in guessed else " _(default)_" if field in defaults else ""
        return f"{words}{mark}"

    return message(
        sentence(f"{words}{review}.{edit}"),
        section(f":white_check_mark: *Logged {link(risk.ref, risk.link)}: {title(risk.title)}*{understood}"),
        facts(
            ("Score", f"{BAND_SIGN[risk.band]} {score(risk.band, risk.points, risk.probability, risk.impact)}"),
            ("Owner", marked("owner", mention(risk.owner))),
            ("Review", marked("next_review_on", day(risk.next_review_on, today))) if risk.next_review_on else None,
            ("Project", marked("project", _project(risk.place, here))) if risk.place else None,
            ("Category", marked("category", risk.category.title())),
            ("Kind", marked("kind", risk.kind.title())),
        ),
        actions(
            button("Edit", "risk.edit", str(risk.id), says=f"Edit {risk.ref}"),
            undo_button("risk", risk),
            share_button("risk", risk),
        ),
        context(f"Only you see this. {where(risk.place)}{_acknowledgement_due(risk)}", *_echo(typed)),
    )


def risk_yours(risk: RiskCard) -> Message:
    """One line at the moment somebody names you."""
    project = f" in {title(risk.place.name)}" if risk.place else ""
    logger = f" Logged by {mention(risk.author)}." if risk.author else ""
    return message(
        sentence(f"You own {risk.ref} now: {stopped(title(risk.title))} {band_and_points(risk)}{project}."),
        section(
            f"*You own {link(risk.ref, risk.link)} now: {title(risk.title)}*\n"
            f"{BAND_SIGN[risk.band]} {band_and_points(risk)}{project}.{logger}",
            accessory=acknowledge_button(risk, primary=False) if waits_for_owner(risk) else None,
        ),
    )


def risk_shared(risk: RiskCard, by: PersonCard, *, today: date) -> Message:
    """A short public copy; it is not updated."""
    review = f"review {day(risk.next_review_on, today)}" if risk.next_review_on else "no review date"
    owner = f"owner {name(risk.owner)}"
    points = band_and_points(risk)
    says = f"{points}, {owner}, {review}"
    line = f"{BAND_SIGN[risk.band]} {score(risk.band, risk.points, risk.probability, risk.impact)} · {owner} · {review}"
    return shared("risk", risk, by, says=says, line=line)


def _project(place: Place, here: bool) -> str:
    return f"{title(place.name)}{' (this channel)' if here else ''}"


def _echo(typed: str) -> tuple[str, ...]:
    return (f"You typed `{cut(code(typed), MOST_TYPED)}`",) if typed else ()


def _acknowledgement_due(risk: RiskCard) -> str:
    if not waits_for_owner(risk):
        return ""
    until = f" by {instant(risk.acknowledge_by)}" if risk.acknowledge_by else ""
    return f" {name(risk.owner)} acknowledges{until}."
