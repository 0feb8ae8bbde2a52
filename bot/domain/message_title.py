"""A record's title out of a message that somebody wrote for another purpose."""

import re
from dataclasses import dataclass

_MARKS = re.compile(r"^(?:[>*•·–—-]+\s+|>+|[0-9]{1,2}[.)]\s+)+")
"""Of a quote or a list, before the first word."""
_SENTENCE = re.compile(r".+?[.?!…](?=\s+\S)")


@dataclass(frozen=True)
class Headed:
    title: str
    rest: str
    """What the title leaves out; the whole text where the title is cut short."""
    is_shortened: bool
    """The rest is only the beginning of what was written."""


def headed(text: str, *, most_title: int, most_rest: int) -> Headed:
    """The first sentence of the first line is the title, within its measure; never raises."""
    text = _MARKS.sub("", text.strip())
    line = text.partition("\n")[0].strip()
    sentence = _SENTENCE.match(line)
    title = sentence[0] if sentence and len(sentence[0].split()) > 1 else line
    rest = text[len(title) :].strip()
    if len(title) > most_title:
        title, rest = title[:most_title].rsplit(" ", 1)[0] or title[:most_title], text
    cut = rest if len(rest) <= most_rest else rest[: max(0, most_rest - 1)].rstrip() + "…"
    return Headed(" ".join(title.split()), cut, is_shortened=cut != rest)
