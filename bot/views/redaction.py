"""Taking words out of a record: which, and what it does."""

from bot.views.blocks import actions, button, context, field, form, message, option, section, text_input
from bot.views.history import text_word
from bot.views.text import escape, sentence
from models.schemas.message import Block, Message, View
from models.schemas.redaction import Redactable


def redact_form(what: Redactable, *, metadata: str) -> View:
    boxes: Block = {"type": "checkboxes", "options": [option(text_word(name), name) for name in what.fields]}
    blocks = [
        section(f"*Take words out of {escape(what.ref)}.* This cannot be undone."),
        field("fields", "Which texts?", boxes, hint="Each is replaced as a whole, in its history too."),
        field("reason", "Why? Without the words", text_input(most=200, least=5, example="A customer's name")),
        context(
            "Its card and our lines in its thread change in place. Search and exports hold it no more.",
            "Stays: what people quoted or wrote in Slack, files that were exported, backups.",
        ),
    ]
    return form("redaction.redact", "Redact texts", "Redact", blocks, metadata=metadata)


def with_redact(card: Message, kind: str, record_id: int) -> Message:
    """A card that an admin alone sees. What stands in a channel is the same for everybody and offers it to nobody."""
    offer = button("Redact texts", "redaction.open", f"{kind}:{record_id}", says="Take words out of this record")
    return card.model_copy(update={"blocks": [*card.blocks, actions(offer)]})


def redacted(what: Redactable) -> Message:
    """Private, for who did it."""
    return message(
        sentence(f"Words were taken out of {escape(what.ref)}. Its history says that you did, not which."),
        section(f"*Redacted {escape(what.ref)}.* Its history says that you did, and when, not which words."),
    )
