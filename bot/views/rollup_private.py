"""What is told of a rollup to one person: a preview, the whole of it, its asks, the one before."""

from datetime import date

from bot.views.blocks import actions, button, context, message, overflow, section
from bot.views.rollup import notification, rollup_message
from bot.views.rollup_words import ask_line, clock_words, counted, health, short
from bot.views.text import count, day, link, sentence, week
from models.schemas.message import Block, Message
from models.schemas.project import Place
from models.schemas.rollup import Rollup, RollupPast

MOST_ASKS = 30


def preview(rollup: Rollup, *, may_act: bool, skips: bool, last_id: int | None, shareable: bool) -> Message:
    """As it would go out now, with what can be done about it."""
    shown = rollup_message(rollup.model_copy(update={"occurrence_id": None}))
    when = clock_words(rollup.next_at, rollup.program.tz, rollup.today) if rollup.next_at else None
    words = f"Only you see this. It goes out {when}." if when else "Only you see this. None is planned."
    left_out = " The next one is left out." if skips else ""
    last: list[Block] = [context(f"{words}{left_out}")]
    buttons = _acts(rollup, skips=skips) if may_act else []
    dots = _dots(rollup, last_id=last_id, shareable=shareable, may_act=may_act)
    if buttons or dots:
        last.append(actions(*buttons, *dots))
    fallback = [*shown.fallback, *last] if shown.fallback is not None else None
    return message(sentence(f"Preview: {shown.text}"), *shown.blocks, *last, fallback=fallback)


def _acts(rollup: Rollup, *, skips: bool) -> list[Block]:
    program = str(rollup.program.id)
    skip = ("Do not skip", "rollup.unskip") if skips else ("Skip next", "rollup.skip")
    return [
        button("Send now", "rollup.send", program, primary=True),
        button(*skip, program),
        button("Change hour", "rollup.hour", program),
    ]


def _dots(rollup: Rollup, *, last_id: int | None, shareable: bool, may_act: bool) -> list[Block]:
    choices = [("Set health", f"health:{rollup.program.id}")] if may_act else []
    if last_id is not None:
        choices.append(("Show last week", f"last:{last_id}"))
    if shareable:
        choices.append(("Share here", f"now:{rollup.program.id}"))
    return [overflow("rollup.more", choices)] if choices else []


def text_twin(rollup: Rollup) -> Message:
    """All of it without a table: for those who read it better so, or to copy it."""
    whole = rollup_message(rollup.model_copy(update={"occurrence_id": None}), in_full=True)
    return message(whole.text, *(whole.fallback or whole.blocks))


def full(rollup: Rollup) -> Message:
    """Of one that was told in short: with its table."""
    return rollup_message(rollup.model_copy(update={"occurrence_id": None}), in_full=True)


def all_asks(rollup: Rollup) -> Message:
    """Told to one person: it calls nobody."""
    lines = [
        f"{number}. {ask_line(ask, rollup.today, summons=False)}"
        for number, ask in enumerate(rollup.asks[:MOST_ASKS], start=1)
    ]
    rest = len(rollup.asks) - len(lines)
    lines += [f"and {rest} more"] if rest > 0 else []
    told = f"{count(len(rollup.asks), 'ask')} of {headline_words(rollup)}"
    chunks = [lines[at : at + 8] for at in range(0, len(lines), 8)]
    return message(sentence(f"{told}."), section(f"*{told}*"), *(section("\n".join(chunk)) for chunk in chunks))


def headline_words(rollup: Rollup) -> str:
    return f"{short(rollup.program.name)}, {week(rollup.period)}"


def past(told: RollupPast | None, today: date) -> Message:
    """An earlier one, by what it showed: its post stands where it was."""
    if told is None:
        words = "There is no rollup before this one."
        return message(words, section(words))
    words = f"{short(told.name)}, {week(told.period)}"
    on = day(told.on, today)
    healths = counted(told.projects) or "no projects"
    verdict = health(told.health) if told.health else "No active project"
    where = f" {link('Its post', told.link)}." if told.link else ""
    return message(
        sentence(f"{words}: posted {on}."),
        section(f"*{words}*\n{verdict} · {count(told.asks, 'ask')}\n{healths}"),
        context(f"Posted {on}.{where} Only you see this."),
    )


def shared_copy(rollup: Rollup, by: str) -> Message:
    """For another channel: without what belongs to the post."""
    shown = rollup_message(rollup.model_copy(update={"occurrence_id": None}), in_full=True)
    note = context(f"Shared by {short(by)}. This copy is not updated.")
    fallback = [*shown.fallback, note] if shown.fallback is not None else None
    return message(notification(rollup), *shown.blocks, note, fallback=fallback)


def not_posted(shown: Message, program: Place) -> Message:
    """To its manager, where no channel takes it."""
    where = f"<#{program.channel}>" if program.channel else "its channel"
    words = f"I could not post this in {where}, so only you get it. Invite me there, or set up another channel."
    note = context(words)
    fallback = [note, *shown.fallback] if shown.fallback is not None else None
    return message(shown.text, note, *shown.blocks, fallback=fallback)


def dry_run(shown: Message, program: Place) -> Message:
    """To who looks at a program before anybody else does."""
    note = context(f"Dry run: {short(program.name)}. Nobody else got this.")
    fallback = [note, *shown.fallback] if shown.fallback is not None else None
    return message(sentence(f"Dry run: {shown.text}"), note, *shown.blocks, fallback=fallback)


def sent(rollup: Rollup) -> Message:
    where = f" in <#{rollup.program.channel}>" if rollup.program.channel else ""
    words = f"The rollup of {short(rollup.program.name)}, {week(rollup.period)}, is posted{where}"
    compared = "The next one is compared with it."
    return message(sentence(f"{words}."), section(f":white_check_mark: *{words}.*"), context(compared))


def skipped(program: Place, on: date, today: date, *, skips: bool) -> Message:
    what = f"The rollup of {short(program.name)} on {day(on, today)}"
    words = f"{what} is left out" if skips else f"{what} is sent after all"
    back = button("Do not skip", "rollup.unskip", str(program.id))
    once = "This once: the one after it comes as usual." if skips else "As if nothing had been said."
    return message(
        sentence(f"{words}."),
        section(f":white_check_mark: *{words}.*"),
        actions(back) if skips else None,
        context(f"{once} Only you see this."),
    )
