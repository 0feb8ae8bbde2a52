"""What a lead is told when nothing can be said in a channel or to a person any more, and when it works again."""

from collections.abc import Sequence

from bot.views.blocks import actions, button, context, message, section
from bot.views.text import count, cut, escape, mention, name, sentence, title
from bot.views.unsent_words import why
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.unsent import Lifted, Owning, Stop

AGAIN, HEALTH = "unsent.again", "unsent.show"
MOST_NAMED = 12
MOST_BUTTONS = 3


def channel_stopped(stop: Stop, place: Place) -> Message:
    reason, remedy = why(stop.error)
    return message(
        sentence(f"Nothing can be said in the channel of {title(place.name)}: {reason}."),
        section(f"*Nothing can be said in <#{stop.target}>: {reason}*\n{remedy}"),
        section(
            f"{title(place.name)} posts there. What is said there waits until it works again; "
            "what is older than 7 days by then is left out. All else goes on."
        ),
        actions(button("Try again", AGAIN, stop.target), button("Show health", HEALTH, "here")),
        context("You are told once, because you answer for it."),
    )


def person_stopped(stop: Stop, person: PersonCard, owned: Sequence[Owning]) -> Message:
    """Their own settings refuse what they are asked."""
    reason, remedy = why(stop.error)
    return message(
        sentence(f"{name(person)} gets nothing that is asked of them: {reason}."),
        section(f"*{mention(person)} gets nothing that is asked of them: {reason}*\n{remedy}"),
        section(_owned(owned)) if owned else None,
        actions(button("Try again", AGAIN, stop.target), button("Show health", HEALTH, "here")),
        context("You are told once. Their Home still shows what waits for them."),
    )


def person_left(person: PersonCard, owned: Sequence[Owning]) -> Message:
    """The places can be given to somebody else at once; each record in its own form."""
    places = [each for each in owned if each.is_place]
    return message(
        sentence(f"{name(person)} has left Slack and still owns {_what(owned)}. Name somebody else for each."),
        section(f"*Name somebody else: {name(person)} has left Slack*\nThey still own {_what(owned)}."),
        section(_owned(owned)),
        actions(*(_give(number, place) for number, place in enumerate(places[:MOST_BUTTONS]))) if places else None,
        context(
            "You are told once. Nothing is sent to them. Until somebody else is named, "
            "their backup is asked, then whoever manages or sponsors the program."
        ),
    )


def works_again(lifted: Lifted, *, where: str) -> Message:
    """`where` is how the target is named in mrkdwn."""
    said = f"{count(lifted.said, 'message')} that waited {'is' if lifted.said == 1 else 'are'} said now."
    old = (
        f" {count(lifted.too_old, 'message')} waited over 7 days and {'is' if lifted.too_old == 1 else 'are'} left out."
    )
    words = f"{said}{old if lifted.too_old else ''}"
    return message(
        sentence(f"It works again. {words}"),
        section(f":white_check_mark: *{where} works again*\n{words}"),
    )


def _what(owned: Sequence[Owning]) -> str:
    places = sum(each.is_place for each in owned)
    records = len(owned) - places
    parts = [count(places, "place") if places else "", count(records, "record") if records else ""]
    return " and ".join(part for part in parts if part)


def _owned(owned: Sequence[Owning]) -> str:
    lines = [_line(each) for each in owned[:MOST_NAMED]]
    rest = len(owned) - MOST_NAMED
    return "\n".join([*lines, *([f"and {rest} more"] if rest > 0 else [])])


def _line(each: Owning) -> str:
    if each.is_place:
        return f"• *{cut(escape(each.name), 80)}*"
    return f"• `/pm {each.ref}` {cut(escape(each.name), 80)}"


def _give(number: int, each: Owning) -> Block:
    says = cut(f"Name another owner of {each.name}", 75)
    return button("Name owner", f"setup.edit@{number}", each.ref, says=says)
