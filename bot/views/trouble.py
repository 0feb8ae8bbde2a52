"""Help, wrong words, refusals and errors: nothing that was typed is ever lost."""

from collections.abc import Sequence

from bot.errors import NotPossible
from bot.views.blocks import actions, alert, button, context, message, section
from bot.views.text import code, cut, escape, link, sentence, title
from models.schemas.message import Block, Message

MOST_VALUE = 1900
"""Characters of a button's value, with room to spare (Slack takes 2,000)."""

MOST_WORD = 60
MOST_LABEL = 75
NOT_SAVED = "not_saved"
"""Block id of the word on a form that could not be saved."""

CHANGED_MEANWHILE = "changed_meanwhile"
"""Block id of the word on a form that others changed the record meanwhile."""

Examples = Sequence[tuple[str, str]]


def help_message(groups: Sequence[tuple[str, Examples]], *, here: str | None) -> Message:
    """Made from the registrations, grouped by what one wants, examples before grammar."""
    where = f"This channel is {title(here)}. " if here else ""
    return message(
        "What you can say: /pm, /risk, /decision, /update. Add help to any of them.",
        section(f"*What you can say here*\n{where}Only you see the answers."),
        *(section(f"*{group}*\n" + "\n".join(_example(*pair) for pair in examples)) for group, examples in groups),
        actions(
            button("Log risk", "command.run", "/pm risk"),
            button("Update status", "command.run@update", "/pm update"),
        ),
    )


def wrong_word(word: str, typed: str, *, nearest: str | None, label: str, line: str) -> Message:
    """`line` is what the nearest word would have been typed as; its button runs it."""
    known = f" Did you mean `{nearest}`?" if nearest else ""
    first = button(label, "command.run", line, primary=True) if nearest and len(line) <= MOST_VALUE else None
    buttons = [part for part in (first, button("Show help", "command.run@help", "/pm help")) if part]
    notification = f" Did you mean /pm {nearest}?" if nearest else ""
    return message(
        sentence(f'I do not know "{title(word)}".{notification}'),
        section(
            f"*I do not know `{cut(code(word), MOST_WORD)}`.{known}*\nYou typed {_typed(typed)}. Nothing was saved."
        ),
        actions(*buttons),
    )


def refused(what: str, who: str, typed: str = "") -> Message:
    echo = f"\nYou typed {_typed(typed)}. Nothing was saved." if typed else ""
    return message(sentence(f"{escape(what)}."), section(f"*{escape(what)}*\n{escape(who)}{echo}"))


def not_possible(words: str, typed: str = "") -> Message:
    """A problem that the person can do something about, with what they typed."""
    saved = "" if "Nothing was" in words else " Nothing was saved."
    echo = f"\nYou typed {_typed(typed)}.{saved}" if typed else ""
    return message(sentence(escape(words)), section(f"*{cut(escape(words), 500)}*{echo}"))


def refused_state(problem: NotPossible) -> Message:
    """Since when it is so, by whom, and what is possible from here."""
    ref = link(problem.ref, problem.link)
    since = escape(problem.since.removeprefix(", "))
    since = f"{since[:1].upper()}{since[1:]}. " if since else ""
    return message(
        sentence(f"{problem.ref} {escape(problem.predicate)}{escape(problem.since)}. {escape(problem.way_on)}"),
        section(f"*{ref} {escape(problem.predicate)}*\n{since}{escape(problem.way_on)} Nothing was changed."),
    )


def failed(error_code: str, typed: str = "") -> Message:
    """A fault of ours: what happened, whether anything was saved, what to do."""
    echo = f" Your text: {_typed(typed)}" if typed else ""
    retry = actions(button("Try again", "command.run", typed, primary=True)) if 0 < len(typed) <= MOST_VALUE else None
    return message(
        f"That did not work and nothing was saved. The fault is ours. Code {error_code}.",
        section(f":warning: *That did not work. Nothing was saved.*\nThe fault is ours.{echo}"),
        retry,
        context(f"If it happens again, give your admin this code: *{error_code}*"),
    )


def not_saved(submit_label: str, error_code: str) -> Block:
    """On top of a form that could not be saved and keeps all that was typed."""
    text = (
        "Not saved yet. Everything you typed is still here. "
        f"Press *{escape(submit_label)}* again in a minute. Code {error_code}."
    )
    return alert(text, block_id=NOT_SAVED)


def busy(typed: str = "") -> Message:
    """More is asked at once than there is room for: not a fault of the person, and gone in a minute."""
    return _not_now("Stationmaster is very busy right now", typed)


def no_memory(typed: str = "") -> Message:
    """The database does not answer."""
    return _not_now("Stationmaster cannot reach its memory right now", typed)


def busy_field(submit_label: str) -> str:
    """Under the first field of a form: plain text."""
    return f"Stationmaster is very busy right now. Nothing is saved yet. Press {submit_label} again in a minute."


def busy_form(submit_label: str) -> Block:
    """On top of a form that has no field."""
    return _not_saved_now("Stationmaster is very busy right now", submit_label)


def no_memory_form(submit_label: str) -> Block:
    return _not_saved_now("Stationmaster cannot reach its memory right now", submit_label)


def _not_saved_now(why: str, submit_label: str) -> Block:
    text = f"{why}. Everything you typed is still here. Press *{escape(submit_label)}* again in a minute."
    return alert(text, block_id=NOT_SAVED)


def _not_now(why: str, typed: str) -> Message:
    echo = f"\nYou typed {_typed(typed)}." if typed else ""
    retry = actions(button("Try again", "command.run", typed, primary=True)) if 0 < len(typed) <= MOST_VALUE else None
    return message(
        f"{why}; nothing was saved. Try again in a minute.",
        section(f"*{why}. Nothing was saved.*\nTry again in a minute.{echo}"),
        retry,
    )


def changed_meanwhile(what: str, changed: Sequence[tuple[str, str | None]], *, submit: str) -> list[Block]:
    """On top of a form: fields by their labels, and in mrkdwn what stands there now where something else was typed."""
    named = "\n".join(f"• {cut(escape(label), MOST_LABEL)}{_now(words)}" for label, words in changed)
    words = f"*{what} was changed while this form was open.* Look at it again, then press *{escape(submit)}*."
    return [
        alert(words, block_id=CHANGED_MEANWHILE, level="warning"),
        section(f"{named}\nWhat you typed is kept. Nothing is saved yet."),
    ]


def not_shared(channel: str) -> Message:
    """To whoever shared a record where the bot is not."""
    return message(
        "What you shared is not in the channel yet: I am not in it. Invite me there, and it is posted.",
        section(
            f"*I am not in <#{channel}>, so nobody there sees what you shared.*\n"
            "Type `/invite @stationmaster` there, and it is posted."
        ),
    )


def not_installed(install_url: str | None) -> str:
    """Plain text: there is no workspace of ours in which it could be more."""
    way = f"It can be added again at {install_url}" if install_url else "Ask whoever runs it to add it again."
    return f"Stationmaster is not installed in this workspace. {way}"


def outdated() -> Message:
    return message(
        "This button is from an older version. Type /pm help to go on.",
        section("*This button is from an older version.*\nNothing was changed. Type `/pm help` to go on."),
    )


def _now(words: str | None) -> str:
    return "" if words is None else f", now: {words}" if words else ", now empty"


def _example(example: str, purpose: str) -> str:
    return f"`{code(example)}`  {escape(purpose)}"


def _typed(typed: str) -> str:
    return f"`{cut(code(typed), 2400)}`"
