"""What somebody searches for, read from a line: words, and phrases in quotation marks."""

import re
from collections.abc import Iterator

from bot.domain.slack_text import clean
from models.schemas.search import LEAST_PREFIX, MOST_TYPED, MOST_WORDS, Phrase

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')


def phrases(typed: str) -> list[Phrase]:
    """Every one of them has to be found. What holds no letter or digit says nothing and is left out; a quotation mark
    that is never closed holds until the end. The last word, when it stands alone and is long enough, may go on."""
    line = clean(typed)[:MOST_TYPED].translate(_QUOTES)
    found = list(_pieces(line))[:MOST_WORDS]
    if found and not found[-1][1] and len(found[-1][0]) >= LEAST_PREFIX:
        return [Phrase(words=words) for words, _ in found[:-1]] + [Phrase(words=found[-1][0], begins=True)]
    return [Phrase(words=words) for words, _ in found]


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """Each with whether it was quoted."""
    for piece in _PIECE.finditer(line):
        quoted = piece[2] is None
        words = " ".join((piece[1] if quoted else piece[2]).split())
        if any(letter.isalnum() for letter in words):
            yield words, quoted
