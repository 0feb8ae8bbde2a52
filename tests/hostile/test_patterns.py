"""No pattern of ours takes time that grows beyond the text: a megabyte may be typed."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import pytest

import bot
import handlers
import models

SHORT, TIMES = 1_000, 16
MOST_TIMES = 120
"""Sixteen times the text: a pattern that is linear takes about 16 times as long, a quadratic one 256 times."""
UNNOTICED = 0.02
"""Seconds of CPU for the long text, below which no ratio is measured."""

PIECES = (
    *(
        "a",
        "A",
        "1",
        " ",
        "\n",
        "-",
        "_",
        ".",
        "/",
        ":",
        "|",
        "<",
        ">",
        "@",
        "#",
        "!",
        "&",
        "'",
        '"',
        "(",
        ")",
        ",",
        "*",
    ),
    *(
        "a-",
        "a ",
        "1 ",
        "p1",
        "p1,",
        "a.",
        "@a ",
        "<a|",
        "&l",
        "- ",
        "1.",
        ">",
        "> ",
        "1/",
        "=",
        "+",
        "é",
        "\u200b",
        "a@a",
    ),
    *("mon ", "jan ", "next ", "in ", "1 day ", "to ", "until ", "<@U1> ", "(a) ", "xox-", "://", "a://", "p1:5, "),
)


def modules() -> Iterator[Any]:
    for package in (bot, handlers, models):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".sandbox" not in found.name and ".versions" not in found.name:
                yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from patterns_in(each, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each, depth - 1)


def source(module: Any) -> str:
    return Path(module.__file__).read_text()


WAYS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")


def ours() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    """Each pattern with the ways in which it is used; those of a table are tried whole."""
    loaded = [module for module in modules() if not module.__name__.startswith("bot.keeping")]
    everything = "\n".join(map(source, loaded))
    found: dict[str, tuple[re.Pattern[Any], set[str]]] = {}
    for module in loaded:
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                used = set(re.findall(rf"\b{re.escape(name)}\.({'|'.join(WAYS)})\b", everything)) or {"fullmatch"}
                if isinstance(pattern.pattern, str):
                    known = found.setdefault(pattern.pattern, (pattern, set()))
                    known[1].update(used)
    return found


PATTERNS = ours()


def cost(pattern: re.Pattern[Any], ways: set[str], text: str) -> float:
    began = process_time()
    for way in ways:
        if way == "sub":
            pattern.sub("", text)
        elif way == "finditer":
            for _ in pattern.finditer(text):
                pass
        else:
            getattr(pattern, way)(text)
    return process_time() - began


def test_the_patterns_are_found():
    assert len(PATTERNS) > 50


@pytest.mark.parametrize("text", PATTERNS)
def test_a_hostile_text_takes_no_longer_than_its_length(text):
    pattern, ways = PATTERNS[text]
    slow = {}
    for piece in PIECES:
        count = SHORT // len(piece)
        for end in ("", "!"):
            long = cost(pattern, ways, piece * (count * TIMES) + end)
            if long > UNNOTICED:
                long = min(long, *(cost(pattern, ways, piece * (count * TIMES) + end) for _ in range(2)))
                short = min(cost(pattern, ways, piece * count + end) for _ in range(3))
                if long > MOST_TIMES * short:
                    slow[piece + end] = round(long / short)
    assert slow == {}
