"""How a milestone looks to one reader, and the form that moves its date."""

from collections.abc import Sequence
from datetime import date

from bot.domain.milestone import REDATED, left
from bot.domain.numbers import ordinal
from bot.views.blocks import actions, button, context, date_select, facts, field, form, message, section, text_input
from bot.views.text import count, cut, day, escape, name, sentence, stopped, title
from models.schemas.message import Block, Message, View
from models.schemas.milestone import STATE_WORDS, MilestoneCard, Waiting
from models.schemas.plan import UNACHIEVED, MilestoneStatus

LABELS = {"achieve": "Mark achieved", "redate": "Re-date", "history": "Show history"}
MOST_WAITING = 3
MOST_NAME = 60
EFFECT = "effect"


def milestone_shown(milestone: MilestoneCard, *, today: date) -> Message:
    """For one reader: it has no card in a channel."""
    state = STATE_WORDS[milestone.status]
    when = _when(milestone, today)
    where = f" of {title(milestone.place.name)}" if milestone.place else ""
    return message(
        sentence(f"{milestone.ref}{where}: {stopped(title(milestone.title))} {state}, {when}."),
        section(f"*{title(milestone.title)},* milestone{where}\n{state} · {when}"),
        facts(
            ("Owner", name(milestone.owner)),
            ("First baseline", day(milestone.baseline_on or milestone.due_on, today)),
            ("Slip", _slip(milestone)),
        ),
        section("\n".join(_waits(milestone, milestone.due_on, today))) if milestone.waiting else None,
        section(f"*Last said:* {cut(escape(milestone.status_reason), 500)}") if milestone.status_reason else None,
        actions(*(act_button(act, milestone) for act in _acts(milestone))),
        context(f"{milestone.ref}. Only you see this."),
    )


def redate_form(action: str, milestone: MilestoneCard, *, today: date, metadata: str) -> View:
    """It shows the slip, and what the new date means for who waits, before anything is saved."""
    new = max(milestone.due_on, today)
    where = f" of {title(milestone.place.name)}" if milestone.place else ""
    was = "Was due" if milestone.due_on < today else "Due"
    first = day(milestone.baseline_on or milestone.due_on, today)
    fields = [
        section(
            f"*{title(milestone.title)},* milestone{where}\n"
            f"{was} {day(milestone.due_on, today)}. First baseline {first}, {_moved(milestone.moves)}."
        ),
        field("due_on", "New date", date_select(new), live=True),
        effect_of_date(milestone, new, today=today),
        field("reason", "Why", text_input(most=300, least=10, multiline=True)),
    ]
    return form("milestone.act", "Re-date", "Re-date", fields, metadata=metadata)


def _moved(times: int) -> str:
    return f"moved {count(times, 'time')}" if times else "never moved"


def with_effect(blocks: Sequence[Block], milestone: MilestoneCard, new: date, *, today: date) -> list[Block]:
    """The same form, with what another date would mean."""
    shown = effect_of_date(milestone, new, today=today)
    return [shown if block.get("block_id") == EFFECT else block for block in blocks]


def effect_of_date(milestone: MilestoneCard, new: date, *, today: date) -> Block:
    words = [f"*{slip_words(milestone, new)}.*", *_waits(milestone, new, today)]
    return context(" ".join(words), block_id=EFFECT)


def slip_words(milestone: MilestoneCard, new: date) -> str:
    """'1st slip, +18 days': against the first baseline, this move counted."""
    days = (new - (milestone.baseline_on or milestone.due_on)).days
    is_saved = new == milestone.due_on
    number = milestone.slips if is_saved else milestone.slips + (new > milestone.due_on)
    which = f"{ordinal(number)} slip, " if number and (is_saved or new > milestone.due_on) else ""
    return f"{which}{_days(days)}" if which or days else "No slip"


def act_button(action: str, milestone: MilestoneCard) -> Block:
    label = LABELS[action]
    says = cut(f"{label} {milestone.title}", 75)
    return button(label, f"milestone.{action}", str(milestone.id), says=says)


def _acts(milestone: MilestoneCard) -> tuple[str, ...]:
    return ("achieve", "redate", "history") if milestone.status in (*REDATED, *UNACHIEVED) else ("history",)


def _when(milestone: MilestoneCard, today: date) -> str:
    if milestone.status is MilestoneStatus.ACHIEVED and milestone.achieved_on:
        return f"on {day(milestone.achieved_on, today)}"
    is_late = milestone.due_on < today and milestone.status in UNACHIEVED
    return f"{'was due' if is_late else 'due'} {day(milestone.due_on, today)}"


def _slip(milestone: MilestoneCard) -> str:
    return slip_words(milestone, milestone.due_on) if milestone.moves else "none"


def _waits(milestone: MilestoneCard, new: date, today: date) -> list[str]:
    shown = [_wait(each, new, today) for each in milestone.waiting[:MOST_WAITING]]
    rest = len(milestone.waiting) - len(shown)
    return shown + ([f"and {rest} more wait for it."] if rest > 0 else [])


def _wait(waiting: Waiting, new: date, today: date) -> str:
    """Who needs it by when, and whether that holds."""
    who, by, days = cut(escape(waiting.name), MOST_NAME), day(waiting.by, today), left(new, waiting.by)
    late = f"{count(-days, 'working day')} late"
    if waiting.is_milestone:
        return f"{who} ({by}) has {count(days, 'working day')} left." if days >= 0 else f"{who} ({by}): {late}."
    return f"{who} needs it by {by}: {'holds' if days >= 0 else late}."


def _days(number: int) -> str:
    return f"{number:+d} day{'' if abs(number) == 1 else 's'}" if number else "0 days"
