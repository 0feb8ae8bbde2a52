"""How a posted status looks: the project's card, and what its author and whoever looks back read."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.views.blocks import actions, button, context, facts, message, overflow, section
from bot.views.slips import moved_lines, moved_words, slip_fact
from bot.views.text import (
    HEALTH_SIGN,
    HEALTH_WORD,
    count,
    cut,
    day,
    escape,
    instant,
    link,
    listed,
    mention,
    name,
    sentence,
    title,
    week,
)
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.status import Answer, Asked, StatusCard, StatusLine, Trend

TREND_WORDS = {Trend.IMPROVING: "improving", Trend.STEADY: "steady", Trend.WORSENING: "worsening"}
MOST_PARAGRAPH = 2900
MOST_READERS = 5
MOST_SUMMARY = 100
MOST_SMALL_PRINT = 1900
READER_WORDS = {Answer.READ: "Acknowledged by", Answer.TALK: "wants to talk:", Answer.DECIDE: "decides:"}
"""In the order of the small print."""

WANTS = {Answer.TALK: ("wants to talk", "want to talk"), Answer.DECIDE: ("will decide", "want to decide")}
"""Of one reader and of several: what the author has to know."""


def status_card(update: StatusCard, *, today: date) -> Message:
    """What the project's channel reads. One that was corrected folds to a line."""
    if update.replaced_by is not None:
        return _folded_card(update)
    first = (
        f"{HEALTH_SIGN[update.health]} *{title(update.place.name)} is {HEALTH_WORD[update.health]},*"
        f"{_change(update)}{_date_word(update)}"
    )
    lines = [f"{first} · *Ask:* {_asks(update)}", *_moved(update, today), escape(update.summary)]
    if update.path_to_green:
        lines.append(f"*Path to Green:* {escape(update.path_to_green)}")
    target = update.slips.target_on
    return message(
        sentence(_fallback(update, today)),
        section(cut("\n".join(lines), MOST_PARAGRAPH)),
        facts(
            ("Target", day(target, today)) if target and update.new_target_on is None else None,
            ("Slip", slip_fact(update.slips, short=update.new_target_on is not None)),
            ("Open risks", _risks(update)),
        ),
        _buttons(update),
        context(*_small_print(update)),
    )


def status_receipt(update: StatusCard) -> Message:
    """What the author reads when the channel's card is out of sight."""
    words = f"{title(update.place.name)} is {HEALTH_WORD[update.health]}: posted for {week(update.period)}."
    where = f"The card is in <#{update.place.channel}>." if update.place.channel else "It has no channel yet."
    replaced = " The one before it says that it was corrected." if update.corrects else ""
    return message(
        sentence(words), section(f":white_check_mark: *{words}*"), context(f"Only you see this. {where}{replaced}")
    )


def status_answers(update: StatusCard) -> Message:
    """The author's one private line, edited as readers answer: who wants to talk, who takes the decision."""
    what = f"the status of {title(update.place.name)}, {week(update.period)}"
    said = _answers(update, name)
    if not said:
        words = f"Nobody wants to talk about {what} any more."
        return message(sentence(words), section(f"*{words}*"))
    lines = f"*{_answers(update, mention)}*\n{link(what[:1].upper() + what[1:], update.link)}"
    return message(sentence(f"{said}: {what}."), section(cut(lines, MOST_PARAGRAPH)))


def status_asked(update: StatusCard, asked: Asked) -> Message:
    """For the person who is asked for something, where no card in a channel reaches them."""
    health = f"{HEALTH_SIGN[update.health]} {HEALTH_WORD[update.health]}"
    return message(
        sentence(f"{name(update.author)} asks you in the status of {title(update.place.name)}: {escape(asked.words)}"),
        section(
            f"*{name(update.author)} asks you:* {escape(asked.words)}\n"
            f"{link(title(update.place.name), update.link)} is {health}, {week(update.period)}"
        ),
    )


def status_history(place: Place, lines: Sequence[StatusLine], total: int, *, today: date) -> Message:
    """The last statuses, the newest first, corrected ones too. Only the asker sees it."""
    label = title(place.name)
    if not lines:
        return message(sentence(f"{label} has no status yet."), section(f"*{label} has no status yet*"))
    shown = [_line(line, today) for line in lines]
    rest = total - len(lines)
    blocks = [section(cut("\n".join(shown[start : start + 5]), MOST_PARAGRAPH)) for start in range(0, len(shown), 5)]
    words = f"{label}: {count(total, 'status', 'statuses')}, the newest first."
    return message(
        sentence(f"{words} Only you see this."),
        section(f"*{words}*"),
        *blocks,
        context(f"Only you see this.{f' And {rest} earlier ones.' if rest > 0 else ''}"),
    )


def _folded_card(update: StatusCard) -> Message:
    label = title(update.place.name)
    words = f"{label} was {HEALTH_WORD[update.health]}, {week(update.period)}"
    by = link("Replaced by a new status", update.replaced_link)
    show = button("Show status", "status.show", str(update.replaced_by), says="Show the new status")
    return message(
        sentence(f"Replaced by a new status: {words}."),
        section(f":no_entry_sign: *{by}*\n{words}, {name(update.author)}.", accessory=show),
    )


def _buttons(update: StatusCard) -> Block:
    value, label = str(update.id), update.place.name
    slips = button("Show slips", "status.slips", update.place.ref, says=cut(f"Show slips of {label}", 75))
    more = (("Show history", "history"), ("Correct", "correct"), ("Let's talk", "talk"), ("I'll decide", "decide"))
    return actions(
        button("Acknowledge", "status.acknowledge", value, says=cut(f"Acknowledge the status of {label}", 75)),
        *([slips] if update.slips.moves else []),
        overflow("status.more", [(words, f"{action}:{value}") for words, action in more]),
    )


def _change(update: StatusCard) -> str:
    if update.previous_health is None:
        return " first update"
    if update.previous_health is update.health:
        return " steady"
    was = f" was {HEALTH_WORD[update.previous_health]}"
    return f"{was}, {TREND_WORDS[update.trend]}" if update.trend else was


def _date_word(update: StatusCard) -> str:
    if update.new_target_on is None:
        return ""
    first = update.old_target_on is None and update.new_target_on == update.slips.baseline_on
    return " · *the first date is set*" if first else " · *the date moved*"


def _moved(update: StatusCard, today: date) -> list[str]:
    if update.new_target_on is None:
        return []
    return moved_lines(update.old_target_on, update.new_target_on, update.date_reason, update.slips, today)


def _asks(update: StatusCard) -> str:
    """Whom the author asks is the card's one mention."""

    def called(person: PersonCard) -> str:
        return name(person) if person.id == update.author.id else mention(person)

    return " · ".join(_ask(ask, called) for ask in update.asks) or "none"


def _ask(ask: Asked, called: Callable[[PersonCard], str]) -> str:
    return f"{called(ask.person)}: {escape(ask.words)}" if ask.person else escape(ask.words)


def _fallback(update: StatusCard, today: date) -> str:
    asks = f"Ask: {_ask(update.asks[0], name)}" if update.asks else "Ask: none"
    health = f"{title(update.place.name)} is {HEALTH_WORD[update.health]},{_change(update)}"
    if update.new_target_on is not None:
        moved = moved_words(update.old_target_on, update.new_target_on, update.slips, today)
        return f"{health}, and its target date {moved} {asks}."
    words = f"{health}. {asks}."
    return f"{words} Path to Green: {escape(update.path_to_green)}" if update.path_to_green else words


def _risks(update: StatusCard) -> str:
    extreme = f"{update.extreme_risks} Extreme" if update.extreme_risks else "none Extreme"
    return f"{update.open_risks}, {extreme}" if update.open_risks else "none"


def _small_print(update: StatusCard) -> list[str]:
    replaced = " · corrects the one before it" if update.corrects else ""
    instead = f" for {name(update.instead_of)}" if update.instead_of else ""
    posted = f"{name(update.author)}{instead}, {instant(update.posted_at)} · {week(update.period)}{replaced}"
    read = [f"{words} {_names(people)}" for answer, words in READER_WORDS.items() if (people := update.readers(answer))]
    readers = cut(" · ".join(read), MOST_SMALL_PRINT)
    return [posted, readers[:1].upper() + readers[1:]] if readers else [posted]


def _names(people: Sequence[PersonCard]) -> str:
    return listed([name(person) for person in people], MOST_READERS)


def _answers(update: StatusCard, called: Callable[[PersonCard], str]) -> str:
    """'dana wants to talk; maya and luis want to decide': of others than the author."""
    parts = []
    for answer, (one, many) in WANTS.items():
        people = [called(person) for person in update.readers(answer) if person.id != update.author.id]
        if people:
            parts.append(f"{listed(people, MOST_READERS)} {one if len(people) == 1 else many}")
    return "; ".join(parts)


def _line(line: StatusLine, today: date) -> str:
    when = f"{link(week(line.period), line.link)}, {day(line.posted_on, today)}"
    corrected = ", corrected since" if line.corrected else ""
    moved = f" · target moved to {day(line.moved_to, today)}" if line.moved_to else ""
    summary = cut(escape(" ".join(line.summary.split())), MOST_SUMMARY)
    sign = f"{HEALTH_SIGN[line.health]} {HEALTH_WORD[line.health]}"
    return f"{sign} · {when}, {name(line.author)}{corrected}{moved}\n{summary}"
