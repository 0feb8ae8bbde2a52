"""Taking words out of a record: which, and what it does."""

from bot.views.blocks import context, field, form, message, option, section, text_input
from bot.views.history import text_word
from bot.views.text import sentence
from models.schemas.message import Block, Message, View
from models.schemas.redaction import Redactable


def redact_form(what: Redactable, *, metadata: str) -> View:
    boxes: Block = {"type": "checkboxes", "options": [option(text_word(name), name) for name in what.fields]}
    blocks = [
        section(f"*Take words out of {what.ref}.* This cannot be undone."),
        field("fields", "Which texts?", boxes, hint="Each is replaced as a whole, in its history too."),
        field("reason", "Why? Without the words", text_input(most=200, least=5, example="A customer's name")),
        context(
            "Its card and our lines in its thread change in place. Search and exports hold it no more.",
            "Stays: what people quoted or wrote in Slack, files that were exported, backups.",
        ),
    ]
    return form("redaction.redact", "Redact texts", "Redact", blocks, metadata=metadata)


def redacted(what: Redactable) -> Message:
    """Private, for who did it."""
    return message(
        sentence(f"Words were taken out of {what.ref}. Its history says that you did, not which."),
        section(f"*Redacted {what.ref}.* Its history says that you did, and when, not which words."),
    )
