"""A project or program whose channel is gone goes on in another one."""

from collections.abc import Sequence

from bot.views.blocks import actions, button, context, message, section
from bot.views.text import count, cut, sentence, title
from models.schemas.message import Message
from models.schemas.project import Place
from models.schemas.unsent import Lifted

NEW = "setup.new"
MOST = 5


def move_here(stopped: Sequence[Place]) -> Message:
    """Before a form for something new: what lost its channel may belong here."""
    rows = [
        section(
            f"*{title(place.name)}*\nNothing can be said in <#{place.channel}>.",
            accessory=button("Move here", "setup.move", place.ref, says=cut(f"Move {place.name} to this channel", 75)),
        )
        for place in stopped[:MOST]
    ]
    more = context(f"and {len(stopped) - MOST} more") if len(stopped) > MOST else None
    one = stopped[0].name if len(stopped) == 1 else count(len(stopped), "place")
    return message(
        sentence(f"{title(one)} cannot be said in its own channel. Move it here, or set up something new."),
        section("*Move here what lost its channel, or set up something new*\nHistory and records come along."),
        *rows,
        more,
        actions(button("Set up new", NEW, "here")),
    )


def moved_here(place: Place, lifted: Lifted) -> Message:
    waited = f"{count(lifted.said, 'message')} that waited {'is' if lifted.said == 1 else 'are'} said here now. "
    read_by = (
        "Only people of this channel see it from now on." if place.restricted else "Everybody may see it, as before."
    )
    return message(
        sentence(f"{title(place.name)} is in this channel now."),
        section(
            f":white_check_mark: *{title(place.name)} is in this channel now*\n"
            f"{waited if lifted.said else ''}Cards stand here with their next change. {read_by}"
        ),
    )
