"""`/pm health`: whether all that should be said is said; where not, why, and what to do about it."""

from datetime import datetime

from bot.domain.stops import DIRECT, EVERYTHING
from bot.views.blocks import actions, button, context, message, section
from bot.views.stops import AGAIN, HEALTH
from bot.views.text import count, escape, instant, mention, sentence, title
from bot.views.unsent_words import why
from models.schemas.message import Block, Message
from models.schemas.unsent import Target, Trouble, Unsent, Waiting, Why

MOST = 10
MANY = 10
"""A queue that somebody may notice."""
WAITS = {
    Why.REFUSED: "{} so far refused by Slack and tried again at {}",
    Why.LATER: "{} for the right hour, the next at {}",
    Why.PACE: "{} in line: Slack takes one a second in a channel",
}


def unsent(found: Unsent) -> Message:
    if found.is_well:
        return _all_well(found)
    troubles = [*found.stopped, *found.failed]
    head = _head(found)
    blocks: list[Block | None] = [section(f"*{head}*\n{_scope(found)}")]
    for each in troubles[:MOST]:
        blocks.append(_trouble(each))
    blocks.append(context(f"and {len(troubles) - MOST} more")) if len(troubles) > MOST else None
    blocks.append(section("\n".join(_waiting(found)))) if _waiting(found) else None
    blocks.append(actions(button("Show again", HEALTH, "again")))
    blocks.append(context(*_small_print(found)))
    return message(sentence(f"{head}. Only you see this."), *blocks)


def trying(number: int) -> Message:
    """One message tries; what became of it is seen in a moment."""
    if not number:
        return message(
            "Nothing waits there any more.",
            section("*Nothing waits there any more*\nThe next message goes out as usual."),
        )
    words = (
        f"{count(number, 'message')} {'waits' if number == 1 else 'wait'} there. One tries first, the others follow."
    )
    return message(
        sentence(f"Trying again now. {words}"),
        section(f"*Trying again now*\n{words}", accessory=button("Show health", HEALTH, "here")),
    )


def where(target: Target) -> str:
    """In mrkdwn, at the beginning of a line."""
    if target.is_hidden:
        return "A restricted project"
    if target.person is not None:
        return f"Messages to {mention(target.person)}"
    if target.channel is not None:
        of = f" ({title(target.place)})" if target.place else ""
        return f"<#{target.channel}>{of}"
    if target.id == DIRECT:
        return "Direct messages"
    if target.id == EVERYTHING:
        return "Everything"
    if target.id.startswith(EVERYTHING):
        return KINDS.get(target.id.split(":")[1], "Some messages")
    return "Messages to somebody who is not known"


KINDS = {
    "picture": "Pictures",
    "export": "Exports",
    "publish_home": "Homes",
    "update": "Changes of messages",
    "remove": "Removals of messages",
}
"""What an operation makes, where only that is refused."""


def _all_well(found: Unsent) -> Message:
    waits = "\n".join(_line(each) for each in found.waiting if each.why is Why.LATER or each.number >= MANY)
    words = (
        "All is well: everything is said that should be." if found.is_whole else "All is well with what concerns you."
    )
    detail = f"\n{waits}" if waits else ""
    return message(words, section(f"*{words}*{detail}"), context(*_small_print(found)))


def _head(found: Unsent) -> str:
    stopped, failed = sum(each.waiting for each in found.stopped), sum(each.failed for each in found.failed)
    parts = []
    if found.stopped:
        waits = "waits" if stopped == 1 else "wait"
        parts.append(f"{count(stopped, 'message')} {waits} until something is mended")
    if failed:
        parts.append(f"{count(failed, 'message')} given up")
    return ", ".join(parts) or "Nothing has to be mended"


def _scope(found: Unsent) -> str:
    return "All else goes on." if found.is_whole else "Of what concerns you. All else goes on."


def _trouble(each: Trouble) -> Block:
    """The reason, what to do, since when."""
    reason, remedy = why(each.error)
    number = each.waiting or each.failed
    what = "waiting" if not each.failed else "given up"
    word = f" ({escape(each.error.partition(':')[0])})" if each.failed else ""
    words = f"*{where(each.target)}: {reason}*{word}\n{remedy}\n{number} {what}, since {instant(each.since)}"
    says = f"Try again: {_plain(each.target)}"[:75]
    usable = each.may_try and not each.target.is_hidden
    return section(words, accessory=button("Try again", AGAIN, each.target.id, says=says) if usable else None)


def _plain(target: Target) -> str:
    return target.person.handle if target.person else target.place or "this channel" if target.channel else "everything"


def _waiting(found: Unsent) -> list[str]:
    lines = [_line(each) for each in found.waiting]
    if found.doubled:
        lines.append(f"{found.doubled} possibly said twice within a week: the answer was lost, and I may not look.")
    if found.too_old:
        is_old = "was" if found.too_old == 1 else "were"
        lines.append(f"{count(found.too_old, 'message')} waited over 7 days and {is_old} left out.")
    return lines


def _line(each: Waiting) -> str:
    waits = f"{count(each.number, 'message')} {'waits' if each.number == 1 else 'wait'}"
    return WAITS[each.why].format(waits, instant(each.next_at)) + "."


def _small_print(found: Unsent) -> list[str]:
    return [f"People last fetched {_when(found.people_at)}.{_stale(found)}"]


def _when(at: datetime | None) -> str:
    return instant(at) if at else "never"


def _stale(found: Unsent) -> str:
    return " That is old: who has left may be missed. `./run doctor` says why." if found.people_are_old else ""
