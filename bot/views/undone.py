"""What is said of a record that its author took back."""

from bot.views.blocks import actions, button, message, section
from bot.views.text import name, sentence, title
from models.schemas.message import Message
from models.schemas.people import PersonCard


def undone(kind: str, record_id: int, ref: str) -> Message:
    """To its author; the button opens the form with the same text."""
    return message(
        f"Undone: {ref} is withdrawn and its card removed. The number will not be used again.",
        section(
            f":leftwards_arrow_with_hook: *Undone: {ref} is withdrawn, its card removed.*\n"
            "Nobody will be asked about it. The number is not used again."
        ),
        actions(button(f"Log {kind}", f"{kind}.again", str(record_id), says=f"Log {ref} again")),
    )


def taken_back(ref: str, label: str, by: PersonCard) -> Message:
    """In the place of the line that named its owner. `label` is the record's title as typed."""
    words = f"{ref} was taken back by {name(by)}"
    return message(
        sentence(f"{words}. Nothing is asked of you."),
        section(f":leftwards_arrow_with_hook: *{words}:* {title(label)}\nNothing is asked of you."),
    )
