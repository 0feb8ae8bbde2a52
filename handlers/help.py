"""`/pm WORD`: finding the command, and help made from the registrations."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from sqlalchemy.orm import Session

from bot.services import places
from bot.views import trouble
from handlers.feature import Ask, Command, Handler, Reply, reads
from models.schemas.message import Message

ROOT = "/pm"


def find_command(commands: Sequence[Command], ask: Ask) -> tuple[Handler, Ask]:
    """The handler, and the ask with the text that stands behind the command's word."""
    slash, _, rest = ask.typed.partition(" ")
    alias = next((command for command in commands if command.alias == slash), None)
    word, _, text = (alias.word, "", rest.strip()) if alias else _split(rest)
    command = alias or _matching(commands, word)
    if text.strip().lower() == "help" or word.lower() in ("", "help"):
        topic = text if word.lower() == "help" else command.word if command else ""
        return reads(lambda ask, session: _help(commands, topic, ask, session)), ask
    if command is None:
        return lambda ask: Reply(private=_wrong_word(commands, word, text, ask.typed)), ask
    return command.handler, replace(ask, text=word if command.matches else text.strip())


def _split(rest: str) -> tuple[str, str, str]:
    return rest.strip().partition(" ")


def _matching(commands: Sequence[Command], word: str) -> Command | None:
    return next((c for c in commands if word.lower() == c.word or (c.matches is not None and c.matches(word))), None)


def _help(commands: Sequence[Command], topic: str, ask: Ask, session: Session) -> Reply:
    here = places.of_channel(session, ask.channel)
    shown = [command for command in commands if command.word == topic.strip().lower()] or commands
    groups: dict[str, list[tuple[str, str]]] = {}
    for command in shown:
        groups.setdefault(command.group, []).extend(command.examples)
    return Reply(private=trouble.help_message(list(groups.items()), here=here.name if here else None))


def _wrong_word(commands: Sequence[Command], word: str, text: str, typed: str) -> Message:
    words = {command.word: command for command in commands if command.matches is None}
    near = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    nearest = words[near[0]] if near else None
    return trouble.wrong_word(
        word,
        typed,
        nearest=nearest.word if nearest else None,
        label=nearest.button if nearest else "",
        line=f"{ROOT} {nearest.word} {text}".strip() if nearest else "",
    )
