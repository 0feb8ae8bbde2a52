"""The words of a typed line, with what Slack's codes among them mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.slack_text import Part, Text, folded, parts, shown

_AROUND = "\"'“”‘’„«»()[],;. "
"""Marks around a word that do not belong to it."""
_SEPARATORS = frozenset({"", "-", "--", "|", "/", "·", "•"})
_PIECE = re.compile(r"\s+|\S+")
_JOINED = re.compile(r"[pi][=:]?[0-9]+(?:[,;/][pi][=:]?[0-9]+)+", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    text: str
    """As a person would read it. A name is one word, whatever is in it."""
    code: Part | None = None
    """The code that it consists of, marks around it aside."""
    holds_code: bool = False
    """Maybe among letters, as in `<@U1>'s`."""

    @property
    def bare(self) -> str:
        """As typed, without marks around it."""
        return self.text.strip(_AROUND)

    @property
    def key(self) -> str:
        """For comparing with what options look like: a word with a code looks like none."""
        return "" if self.holds_code else folded(self.text).strip(_AROUND)

    @property
    def separates(self) -> bool:
        """Nothing but punctuation: a dash between a title and its options."""
        return not self.holds_code and self.key in _SEPARATORS


def split_words(text: str, names: Mapping[str, str]) -> list[Word]:
    """`p4,i5` is two words. `names` gives handles by Slack id."""
    words: list[Word] = []
    for glued in _glued(text):
        shown_text = " ".join("".join(shown(part, names) for part in glued).split())
        codes = [part for part in glued if not isinstance(part, Text)]
        beside = "".join(part.text for part in glued if isinstance(part, Text))
        if codes:
            words.append(Word(shown_text, codes[0] if len(codes) == 1 and not beside.strip(_AROUND) else None, True))
        elif _JOINED.fullmatch(shown_text.strip(_AROUND)):
            words += [Word(piece) for piece in re.split("[,;/]", shown_text.strip(_AROUND))]
        elif folded(shown_text):
            words.append(Word(shown_text))
    return words


def without_loose_separators(words: Sequence[Word]) -> list[Word]:
    """None at either end, and no two in a row where an option between them was taken out."""
    kept: list[Word] = []
    for word in words:
        if not word.separates or (kept and not kept[-1].separates):
            kept.append(word)
    return kept[:-1] if kept and kept[-1].separates else kept


def _glued(text: str) -> Iterator[list[Part]]:
    """The parts between blanks."""
    together: list[Part] = []
    for part in parts(text, in_command=True):
        for piece in _PIECE.findall(part.text) if isinstance(part, Text) else [part]:
            if isinstance(piece, str) and piece.isspace():
                if together:
                    yield together
                together = []
            else:
                together.append(Text(piece) if isinstance(piece, str) else piece)
    if together:
        yield together
