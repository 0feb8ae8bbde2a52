"""Pictures that name a file of the workspace instead of an address."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.slack_rules.kinds import Object, escaped

NO_SUCH_PICTURE = "invalid slack file"
"""Slack's word for a file that it does not know, that is no picture, or that is not ready yet."""

PICTURE_TYPES = frozenset({"image/gif", "image/jpeg", "image/png"})


def named_files(blocks: Sequence[Object], at: str) -> Iterator[tuple[Object, str]]:
    """Each `slack_file` in these blocks, to whatever depth, and its pointer."""
    waiting: list[tuple[Any, str]] = [(list(blocks), at)]
    while waiting:
        part, pointer = waiting.pop()
        if isinstance(part, dict):
            if part.get("type") == "image" and isinstance(part.get("slack_file"), dict):
                yield part["slack_file"], f"{pointer}/slack_file"
            waiting.extend((value, f"{pointer}/{escaped(str(key))}") for key, value in part.items())
        elif isinstance(part, list | tuple):
            waiting.extend((item, f"{pointer}/{index}") for index, item in enumerate(part))
