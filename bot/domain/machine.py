"""State machines as data: every kind of record lists its transitions, and one function reads the list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.schemas.roles import Role


@dataclass(frozen=True)
class Transition:
    """One row of a table of domain 3. Which acts need a reason, their forms say."""

    action: str
    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    verb: str
    """What can be done, as in 'it can be reopened'."""


class Illegal(Exception):
    """This state does not allow it; `legal` are the verbs of what it does allow."""

    def __init__(self, state: str, legal: Collection[str]) -> None:
        super().__init__(f"not from {state}")
        self.state = state
        self.legal = tuple(legal)


class Machine:
    def __init__(self, kind: str, states: Iterable[str], transitions: Iterable[Transition]) -> None:
        self.kind = kind
        self.states = tuple(states)
        self.transitions = tuple(transitions)
        self._found: Mapping[tuple[str, str], Transition] = MappingProxyType(
            {(source, each.action): each for each in self.transitions for source in each.sources}
        )
        if len(self._found) != sum(len(each.sources) for each in self.transitions):
            raise ValueError(f"{kind}: one state has two transitions for the same action")

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.action for each in self.transitions))

    def step(self, state: str, action: str) -> Transition:
        """The transition of this action. Raises Illegal with what a person could do instead."""
        found = self._found.get((state, action))
        if found is None:
            raise Illegal(state, self.verbs(state))
        return found

    def legal(self, state: str) -> list[Transition]:
        """What people may do from here, the roles aside."""
        return [each for each in self.transitions if state in each.sources and each.roles != {Role.BOT}]

    def verbs(self, state: str) -> list[str]:
        return [each.verb for each in self.legal(state)]


def rows(*states: str) -> frozenset[str]:
    return frozenset(states)
