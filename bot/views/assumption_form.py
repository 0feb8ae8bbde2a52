"""The forms of assumptions: one to log, and one for each act that needs words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.views.blocks import date_select, field, form, person_select, section, text_input
from bot.views.places import place_field
from bot.views.text import link, title
from models.schemas.assumption import AssumptionCard
from models.schemas.message import Block, View
from models.schemas.project import Place

HEADINGS = {
    "refute": ("Refute an assumption", "Refute"),
    "reopen": ("Reopen an assumption", "Reopen"),
    "edit": ("Edit an assumption", "Save"),
}
"""Title and submit of each form."""


def assumption_form(
    *,
    places: Sequence[Place],
    here: str | None,
    owner: str | None,
    metadata: str,
    initial_title: str = "",
    validate_by: date | None = None,
) -> View:
    """The project is the channel's, the owner is you."""
    fields = [
        _title(initial_title, focus=True),
        place_field(places, here),
        _owner(owner),
        _validate_by(validate_by),
    ]
    return form("assumption.log", "Log an assumption", "Log assumption", fields, metadata=metadata)


def assumption_act_form(action: str, assumption: AssumptionCard, *, today: date, metadata: str) -> View:
    heading, submit = HEADINGS[action]
    about = section(f"*{link(assumption.ref, assumption.link)} {title(assumption.title)}*")
    return form("assumption.act", heading, submit, [about, *FIELDS[action](assumption)], metadata=metadata)


def _title(initial: str, *, focus: bool = False) -> Block:
    example = "The bank keeps its settlement file format"
    element = text_input(most=150, least=5, initial=initial, example=example, focus=focus)
    return field("title", "What do we take for true?", element)


def _owner(chosen: str | None) -> Block:
    return field("owner", "Who finds out?", person_select(chosen), hint="You can choose yourself.")


def _validate_by(chosen: date | None) -> Block:
    hint = "From this day on its owner is asked whether it is so."
    return field("validate_by", "By when do we have to know?", date_select(chosen), hint=hint)


def _reason(label: str, example: str) -> list[Block]:
    return [field("reason", label, text_input(most=500, least=5, multiline=True, example=example, focus=True))]


def _edit(assumption: AssumptionCard) -> list[Block]:
    return [_title(assumption.title), _owner(assumption.owner.slack_id), _validate_by(assumption.validate_by)]


FIELDS: Mapping[str, Callable[[AssumptionCard], Sequence[Block]]] = {
    "refute": lambda assumption: _reason("What shows that it is not so?", "The bank announced a new format for June"),
    "reopen": lambda assumption: _reason("Why is it open again?", "The bank took its announcement back"),
    "edit": _edit,
}
