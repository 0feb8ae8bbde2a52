"""What a form says of the message that it was opened from, and who will read what is left in it."""

from bot.views.blocks import alert, context
from bot.views.text import cut, escape, title
from models.schemas.message import Block
from models.schemas.project import Place

MOST_NAME = 80


def source_line(by: str, channel: str | None, *, is_shortened: bool) -> Block:
    """`channel` is None for a private conversation: its name is nobody else's business."""
    where = f"<#{channel}>" if channel else "a private conversation"
    more = " It is longer than fits here: this is its beginning." if is_shortened else ""
    return context(f"From a message by {cut(escape(by), MOST_NAME)} in {where}.{more}", block_id="source")


def readers_line(private_channel: str, place: Place | None) -> Block:
    """For what was said in private. `place` is where the record will stand, None while that is not chosen."""
    if place is not None and place.restricted and place.channel == private_channel:
        words = "This came from a private conversation. Its members will read what you leave here."
    else:
        words = (
            f"This came from a private conversation. {_readers(place)} will read what you leave here. "
            "The link back is not kept."
        )
    return alert(words, block_id="readers", level="warning")


def _readers(place: Place | None) -> str:
    if place is None:
        return "Members of the project's channel"
    return f"Members of <#{place.channel}>" if place.channel else f"All who may see {cut(title(place.name), MOST_NAME)}"
