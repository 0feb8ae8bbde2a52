"""By which rule something is asked, in words."""

from bot.views.text import day, escape, name, title
from models.schemas.ask_acts import AskCard
from models.schemas.asks import Owed
from models.schemas.home import AskKind

RULES = {
    AskKind.STATUS: "Status of a project",
    AskKind.READ_RISK: "New risk, to be acknowledged",
    AskKind.REVIEW_RISK: "Review of a risk",
    AskKind.CLOSE_RISK: "Second word on a close",
    AskKind.DECIDE: "Decision at its date",
    AskKind.GRADE: "Outcome of a decision",
    AskKind.READ_ISSUE: "New issue, to be acknowledged",
    AskKind.SOLVE_ISSUE: "Issue past its time",
    AskKind.SETTLE: "Assumption at its date",
    AskKind.MILESTONE: "Milestone at its date",
    AskKind.FINDING: "Audit finding at its date",
    AskKind.CHECK_IN: "Check-in of a team",
    AskKind.READ_STATUS: "Red status, unread",
}
MEANT = {
    AskKind.STATUS: "Its owner is asked for it by the rhythm of its program.",
    AskKind.READ_RISK: "A new risk is acknowledged by its owner within working hours that follow from its score.",
    AskKind.REVIEW_RISK: "Risks are reviewed on the date set at the last review{date}.",
    AskKind.CLOSE_RISK: "A High or Extreme risk is closed with a second person's word: whoever leads its project.",
    AskKind.DECIDE: "Its approver is asked on the day it is needed{date}.",
    AskKind.GRADE: "Its driver looks back on the day that the approver chose{date}.",
    AskKind.READ_ISSUE: "A new issue is acknowledged by its owner.",
    AskKind.SOLVE_ISSUE: "Issues are to be resolved within working days that follow from their severity{date}.",
    AskKind.SETTLE: "Its owner finds out by its date whether it holds{date}.",
    AskKind.MILESTONE: "Its owner marks it as achieved, or moves it with a reason{date}.",
    AskKind.FINDING: "Its owner says by its date how it is mended{date}.",
    AskKind.CHECK_IN: "You take part in this check-in.",
    AskKind.READ_STATUS: "A Red status that its sponsor has not read after two working days is asked about.",
}


def rule_words(what: Owed) -> str:
    """'Review of a risk, Extreme'."""
    band = f", {what.band.title()}" if what.band else ""
    severity = what.finding_severity or what.severity
    return f"{RULES[what.kind]}{band or (f', {severity.capitalize()}' if severity else '')}"


def why_words(card: AskCard) -> str:
    what = card.what
    date = f": {day(what.due_on, card.today)}" if what.due_on else ""
    return f"*{_whose(card)}* {MEANT[what.kind].format(date=date)}"


def _whose(card: AskCard) -> str:
    what = card.what
    if not card.is_own:
        if card.row.taken_by == card.asked.id:
            return f"You took {escape(card.ref)} over from {name(card.owner)}."
        return f"{name(card.owner)} is away, and {title(card.ref)} comes to you."
    if what.kind is AskKind.DECIDE:
        return f"You are the approver of {what.ref}."
    if what.kind in (AskKind.CLOSE_RISK, AskKind.STATUS):
        return f"You lead {title(card.place.name if card.place else card.ref)}."
    if what.kind is AskKind.READ_STATUS:
        return f"You sponsor the program of {title(what.title)}."
    return f"You own {title(card.ref)}." if what.kind is not AskKind.CHECK_IN else f"Check-in of {title(card.ref)}."
