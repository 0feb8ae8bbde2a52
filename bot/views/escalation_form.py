"""The forms of escalations: a word with an acknowledgement, a new date, calling it off."""

from datetime import date

from bot.views.blocks import date_select, field, form, section, text_input
from bot.views.escalation import fired, named, since
from bot.views.text import day, title
from models.schemas.escalation import EscalationCard
from models.schemas.message import View


def note_form(card: EscalationCard, *, today: date, metadata: str) -> View:
    until = f" No change by {day(card.reopens_on, today)} opens it again." if card.reopens_on else ""
    text = text_input(most=300, least=2, example="The last gate is on Wednesday", multiline=True, focus=True)
    fields = [
        section(f"*You have it.* The climb is stopped.{until}\n{named(card.subject)} · {title(card.place.name)}"),
        field("note", "What happens next?", text, hint="Quoted in the thread. You can leave it empty.", optional=True),
    ]
    return form("escalation.note", "Acknowledged", "Add note", fields, metadata=metadata)


def cancel_form(card: EscalationCard, *, today: date, metadata: str) -> View:
    fields = [
        section(f"{named(card.subject)} · {title(card.place.name)}\n{fired(card)}."),
        field(
            "reason",
            "Why is it not pursued?",
            text_input(most=500, least=5, multiline=True, focus=True),
            hint="Stands in the thread. For this deadline nobody is asked again.",
        ),
    ]
    return form("escalation.cancel", "Cancel escalation", "Cancel escalation", fields, metadata=metadata)


def redate_form(card: EscalationCard, *, chosen: date, today: date, metadata: str) -> View:
    label, was = since(card, today)
    fields = [
        section(f"{named(card.subject)} · {title(card.place.name)}\n{label} {was}."),
        field("new_due_on", "New date", date_select(chosen)),
        field("reason", "Why", text_input(most=300, least=10, multiline=True)),
    ]
    return form("escalation.redate", "Re-date", "Re-date", fields, metadata=metadata)
