"""What receipts of all records have in common, and the copy of a record that is shared."""

from bot.views.blocks import button, context, message, section
from bot.views.text import link, name, sentence, stopped, title
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.register import Record


def where(place: Place | None) -> str:
    channel = place.channel if place else None
    return f"The card is in <#{channel}>." if channel else "It has no channel yet."


def undo_button(kind: str, record: Record) -> Block:
    return button("Undo", f"{kind}.undo", str(record.id), says=f"Undo {record.ref}")


def share_button(kind: str, record: Record) -> Block:
    return button("Share here", f"{kind}.share", str(record.id), says=f"Share {record.ref} here")


def shared(kind: str, record: Record, by: PersonCard, *, says: str, line: str) -> Message:
    """A short public copy; it is not updated. `says` ends the notification, `line` stands below the title."""
    return message(
        sentence(f"{name(by)} shared {record.ref}: {stopped(title(record.title))} {says}."),
        section(
            f"*{link(record.ref, record.link)} {title(record.title)}*\n{line}",
            accessory=button(f"Show {record.ref}", f"{kind}.show", str(record.id)),
        ),
        context(f"Shared by {name(by)}"),
    )
