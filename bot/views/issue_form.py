"""The forms of issues: one to log, and one for each act that needs words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.views.blocks import divider, field, form, person_select, radio, section, text_input
from bot.views.issue import SEVERITY_SIGN
from bot.views.places import place_field
from bot.views.risk_acts import SEVERITIES
from bot.views.text import link, title
from models.schemas.issue import IssueCard, Severity
from models.schemas.message import Block, View
from models.schemas.project import Place

HEADINGS = {
    "block": ("Mark blocked", "Mark blocked"),
    "drop": ("Drop an issue", "Drop"),
    "reopen": ("Reopen an issue", "Reopen"),
    "edit": ("Edit an issue", "Save"),
}
"""Title and submit of each form."""


def issue_form(
    *,
    places: Sequence[Place],
    here: str | None,
    owner: str | None,
    metadata: str,
    initial_title: str = "",
    initial_workaround: str = "",
    severity: Severity | None = None,
) -> View:
    """Required fields first; the project is the channel's, the owner is you."""
    fields = [
        _title(initial_title, focus=True),
        place_field(places, here),
        _severity(severity),
        _owner(owner),
        divider(),
        _workaround(initial_workaround),
    ]
    return form("issue.log", "Log an issue", "Log issue", fields, metadata=metadata)


def issue_act_form(action: str, issue: IssueCard, *, today: date, metadata: str) -> View:
    heading, submit = HEADINGS[action]
    about = section(
        f"*{link(issue.ref, issue.link)} {title(issue.title)}*\n{SEVERITY_SIGN[issue.severity]} {issue.severity}"
    )
    return form("issue.act", heading, submit, [about, *FIELDS[action](issue)], metadata=metadata)


def _title(initial: str, *, focus: bool = False) -> Block:
    example = "The test ledger does not reconcile"
    element = text_input(most=150, least=5, initial=initial, example=example, focus=focus)
    return field("title", "What went wrong?", element)


def _severity(chosen: Severity | None) -> Block:
    return field("severity", "How bad is it?", radio(SEVERITIES, chosen=chosen.value if chosen else None))


def _owner(chosen: str | None) -> Block:
    hint = "The card mentions them if it is a sev1 or sev2. You can choose yourself."
    return field("owner", "Who works on it?", person_select(chosen), hint=hint)


def _workaround(initial: str) -> Block:
    example = "Reconcile by hand each evening"
    element = text_input(most=1000, multiline=True, initial=initial, example=example)
    return field("workaround", "What helps meanwhile?", element, optional=True)


def _reason(label: str, example: str) -> list[Block]:
    return [field("reason", label, text_input(most=500, least=5, multiline=True, example=example, focus=True))]


def _edit(issue: IssueCard) -> list[Block]:
    return [
        _title(issue.title),
        _severity(issue.severity),
        _owner(issue.owner.slack_id),
        divider(),
        _workaround(issue.workaround or ""),
    ]


FIELDS: Mapping[str, Callable[[IssueCard], Sequence[Block]]] = {
    "block": lambda issue: _reason("What stands in the way?", "The vendor has to renew the certificate"),
    "drop": lambda issue: _reason("Why is nothing done about it?", "The old ledger is switched off in May"),
    "reopen": lambda issue: _reason("Why is it open again?", "It happened again on the second tenant"),
    "edit": _edit,
}
