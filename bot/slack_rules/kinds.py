"""The generic checker: what a JSON value may be, and where it is not that.

The tables of this package are made of these kinds. A kind adds a `Problem` to `found` for each thing that
is wrong and goes on, so that one refusal names them all, as Slack's does.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Object = Mapping[str, Any]

NO_SCHEMA = "failed to match all allowed schemas"
NO_ENUM = "must be a valid enum value"


@dataclass(frozen=True)
class Problem:
    """One reason for which Slack refuses a payload, and the place in it as a JSON pointer."""

    message: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


class Kind(Protocol):
    def check(self, value: Any, at: str, found: list[Problem]) -> None: ...


Rule = Callable[[Object, str], Iterable[Problem]]
"""Looks at several fields of one object together. It is asked only when each field is sound by itself."""


def missing(field: str, at: str) -> Problem:
    return Problem(f"missing required field: {field}", at)


def too_long(most: int) -> str:
    return f"must be less than {most + 1} characters"


def too_many(most: int) -> str:
    return f"no more than {most} items allowed"


@dataclass(frozen=True)
class String:
    most: int | None = None
    least: int = 1
    pattern: re.Pattern[str] | None = None

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, str):
            found.append(Problem("must provide a string", at))
        elif len(value) < self.least:
            found.append(Problem(f"must be more than {self.least - 1} characters", at))
        elif self.most is not None and len(value) > self.most:
            found.append(Problem(too_long(self.most), at))
        elif self.pattern is not None and not self.pattern.fullmatch(value):
            found.append(Problem(f"must match the pattern: {self.pattern.pattern}", at))


@dataclass(frozen=True)
class Choice:
    words: frozenset[str]

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, str):
            found.append(Problem("must provide a string", at))
        elif value not in self.words:
            found.append(Problem(NO_ENUM, at))


def choice(*words: str) -> Choice:
    return Choice(frozenset(words))


@dataclass(frozen=True)
class Flag:
    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, bool):
            found.append(Problem("must provide a boolean", at))


@dataclass(frozen=True)
class Whole:
    least: int = 0
    most: int | None = None

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.append(Problem("must provide an integer", at))
        elif value < self.least:
            found.append(Problem(f"must be greater than {self.least - 1}", at))
        elif self.most is not None and value > self.most:
            found.append(Problem(f"must be less than {self.most + 1}", at))


@dataclass(frozen=True)
class Number:
    above: float | None = None

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            found.append(Problem("must provide a number", at))
        elif self.above is not None and value <= self.above:
            found.append(Problem(f"must be greater than {self.above:g}", at))


@dataclass(frozen=True)
class Nullable:
    kind: Kind

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if value is not None:
            self.kind.check(value, at, found)


@dataclass(frozen=True)
class Many:
    """An array of one kind of item."""

    item: Kind
    most: int | None = None
    least: int = 1

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, list | tuple):
            found.append(Problem("must provide an array", at))
            return
        if len(value) < self.least:
            found.append(Problem(f"must provide at least {self.least} items", at))
        if self.most is not None and len(value) > self.most:
            found.append(Problem(too_many(self.most), at))
        for index, item in enumerate(value):
            self.item.check(item, f"{at}/{index}", found)


class Shape:
    """An object: the fields it needs, those it may have, and the rules between them."""

    def __init__(
        self,
        needs: Mapping[str, Kind] | None = None,
        may: Mapping[str, Kind] | None = None,
        *,
        rules: Iterable[Rule] = (),
        others: Kind | None = None,
    ) -> None:
        """`others` checks each field that has no kind of its own; without it such a field is refused."""
        self.needs = tuple(needs or ())
        self.needed = frozenset(self.needs)
        self.fields = {**(needs or {}), **(may or {})}
        self.rules = tuple(rules)
        self.others = others

    def check(self, value: Any, at: str, found: list[Problem], tag: str | None = None) -> None:
        if not isinstance(value, dict):
            found.append(Problem("must provide an object", at))
            return
        before = len(found)
        if not value.keys() >= self.needed:
            found.extend(missing(name, at) for name in self.needs if name not in value)
        for name, part in value.items():
            kind = self.fields.get(name)
            if kind is not None:
                kind.check(part, f"{at}/{name}", found)
            elif name != tag:
                self._check_other(name, part, at, found)
        if len(found) == before:
            for rule in self.rules:
                found.extend(rule(value, at))

    def _check_other(self, name: str, part: Any, at: str, found: list[Problem]) -> None:
        if self.others is None:
            found.append(Problem(f"invalid additional property: {name}", at))
        else:
            self.others.check(part, f"{at}/{escaped(name)}", found)


@dataclass(frozen=True)
class Variants:
    """An object whose `tag` field names its shape."""

    shapes: Mapping[str, Shape]
    tag: str = "type"
    elsewhere: frozenset[str] = frozenset()
    """Element types that Slack has, though not in this place."""

    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        if not isinstance(value, dict):
            found.append(Problem("must provide an object", at))
            return
        name = value.get(self.tag)
        shape = self.shapes.get(name) if isinstance(name, str) else None
        if shape is not None:
            shape.check(value, at, found, self.tag)
        elif self.tag not in value:
            found.append(missing(self.tag, at))
        else:
            found.append(Problem(self._refusal(name), f"{at}/{self.tag}"))

    def _refusal(self, name: Any) -> str:
        if not isinstance(name, str):
            return "must provide a string"
        return f"unsupported {'element' if name in self.elsewhere else 'type'}: {name}"


@dataclass(frozen=True)
class Anything:
    def check(self, value: Any, at: str, found: list[Problem]) -> None:
        """Slack looks at nothing here."""


def escaped(name: str) -> str:
    """A field's name as one step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1") if "/" in name or "~" in name else name


ANYTHING = Anything()
FLAG = Flag()
STRING = String()
