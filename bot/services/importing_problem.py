"""What is wrong with a portfolio file, in words for the person who has to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    kind: str
    id: str
    field: str
    words: str

    def __str__(self) -> str:
        where = f"{self.kind} {self.id}".strip()
        return f"{where}, {self.field}: {self.words}" if self.field else f"{where}: {self.words}"


class InvalidPortfolio(UserError):
    """Everything that is wrong with a file at once. Nothing of it was imported."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)
