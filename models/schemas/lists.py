"""The words we use about lists: what is listed, how it is narrowed, what a page of it shows."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import ConfigDict

from models.schemas import assumption, decision, issue, risk
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.schema import Schema

PAGE = 12
MOST_LISTED = 500
"""Rows that can be paged through; whoever needs others narrows the filters."""
MOST_COUNTED = 1000
"""Beyond it a count says 'over 1,000': counting on would read the whole register."""


class Kind(StrEnum):
    """What has a list."""

    RISK = "risk"
    ISSUE = "issue"
    ASSUMPTION = "assumption"
    DECISION = "decision"


class State(NamedTuple):
    """One choice of the state filter."""

    label: str
    statuses: tuple[str, ...]
    """None of them: all that there are."""
    is_open: bool = True


OPEN, OVERDUE, CLOSED, ALL = "open", "overdue", "closed", "all"
"""Choices that every kind has. A status that is itself called 'open' or 'closed' is written with an x."""

LISTED_AS_OPEN: Mapping[Kind, tuple[str, ...]] = {
    Kind.RISK: risk.ACTIVE,
    Kind.ISSUE: issue.UNRESOLVED,
    Kind.ASSUMPTION: (assumption.AssumptionStatus.UNVALIDATED,),
    Kind.DECISION: decision.OPEN,
}
_WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.RISK: {status.value: words for status, words in risk.STATE_WORDS.items()},
    Kind.ISSUE: {status.value: words for status, words in issue.STATE_WORDS.items()},
    Kind.ASSUMPTION: {status.value: words for status, words in assumption.STATE_WORDS.items()},
    Kind.DECISION: {status.value: words for status, words in decision.STATE_WORDS.items()},
}
OVER: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(
        status for status in words if status not in LISTED_AS_OPEN[kind] and status not in ("draft", "deferred")
    )
    for kind, words in _WORDS.items()
}
"""What counts as closed: all that is not open, but for decisions that are still to be asked."""


def _states(kind: Kind) -> dict[str, State]:
    opened = LISTED_AS_OPEN[kind]
    single = {
        f"x{status}" if status in (OPEN, CLOSED) else status: State(words, (status,), status in opened)
        for status, words in _WORDS[kind].items()
        if not (status in opened and len(opened) == 1) and status != CLOSED
    }
    overdue = "Review overdue" if kind is Kind.RISK else "Overdue"
    return {
        OPEN: State("All open", opened),
        OVERDUE: State(overdue, opened),
        **single,
        CLOSED: State("All closed", OVER[kind], False),
        ALL: State("Open and closed", (), False),
    }


STATES: Mapping[Kind, Mapping[str, State]] = {kind: _states(kind) for kind in Kind}

ANY = "any"
LEVELS: Mapping[Kind, Mapping[str, str]] = {
    Kind.RISK: {
        ANY: "All bands",
        "extreme": "Extreme",
        "high_up": "High and up",
        "high": "High",
        "moderate": "Moderate",
        "low": "Low",
    },
    Kind.ISSUE: {
        ANY: "All severities",
        "sev1": "sev1",
        "sev2_up": "sev2 and up",
        "sev2": "sev2",
        "sev3": "sev3",
        "sev4": "sev4",
    },
    Kind.ASSUMPTION: {ANY: "All"},
    Kind.DECISION: {ANY: "All"},
}
"""How bad: a risk's band, an issue's severity. The other kinds have no such filter."""

TYPED_LEVELS: Mapping[Kind, Mapping[str, str]] = {
    Kind.RISK: {"extreme": "extreme", "high": "high_up", "moderate": "moderate", "low": "low"},
    Kind.ISSUE: {"high": "sev2_up", "sev1": "sev1", "sev2": "sev2", "sev3": "sev3", "sev4": "sev4"},
    Kind.ASSUMPTION: {},
    Kind.DECISION: {},
}
"""Words behind `/pm risks`; 'high' means High and up."""


def typed_states(kind: Kind) -> dict[str, str]:
    """Words behind `/pm risks` that name a state, and the choice that they mean."""
    single = {state.label.lower(): value for value, state in STATES[kind].items() if " " not in state.label}
    return single | {word: word for word in (OPEN, OVERDUE, CLOSED, ALL)}


MOST_ENCODED = 120


class Filters(Schema):
    """How a list is narrowed, and which page of it is shown. It travels in the list's own blocks, and comes back from
    outside: whatever is not known there is as if it had not been chosen."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    level: str = ANY
    state: str = OPEN
    owner: str = ""
    """Slack id."""
    place: str = ""
    """Reference of a project or program."""
    page: int = 1
    as_text: bool = False

    def encoded(self) -> str:
        parts = (self.level, self.state, self.owner, self.place, str(self.page), "t" if self.as_text else "")
        return "|".join(parts)

    @property
    def are_set(self) -> bool:
        """Something is left out but what is closed."""
        return (self.level, self.state, self.owner, self.place) != (ANY, OPEN, "", "")

    def cleared(self) -> "Filters":
        return Filters(kind=self.kind, as_text=self.as_text)

    def with_(self, **changes: object) -> "Filters":
        """Another choice starts at the first page."""
        return self.model_copy(update={"page": 1, **changes})

    @classmethod
    def decoded(cls, kind: Kind, text: str) -> "Filters":
        parts = [*text[:MOST_ENCODED].split("|"), *([""] * 6)]
        level, state, owner, place, page, view = parts[:6]
        return cls(
            kind=kind,
            level=level if level in LEVELS[kind] else ANY,
            state=state if state in STATES[kind] else OPEN,
            owner=owner if owner.isascii() and owner.isalnum() and len(owner) <= 20 else "",
            place=place,
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) <= 3 and int(page) else 1,
            as_text=view == "t",
        )


class ListRow(Schema):
    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    title: str
    level: str
    """A band or a severity; empty where the kind has none."""
    points: str = ""
    """A risk's score as its matrix prints it."""
    state: str
    """In words."""
    is_over: bool
    on: date | None
    """Its next review, or the day by which it is needed, known or solved."""
    is_overdue: bool
    owner: PersonCard
    """Of a decision, its approver."""
    link: str | None


class Counts(Schema):
    """One more than MOST_COUNTED stands for 'over'."""

    model_config = ConfigDict(frozen=True)

    found: int
    worst: int
    """Extreme risks, issues of sev1; 0 where the kind has no levels."""
    overdue: int
    open: int
    """Without any filter: what the empty list speaks of."""
    any: int
    """1 where there is any record at all, closed ones too."""


class Listed(Schema):
    """A page of a list, as one person may see it."""

    model_config = ConfigDict(frozen=True)

    filters: Filters
    rows: list[ListRow]
    counts: Counts
    today: date
    owner: PersonCard | None = None
    """Whom the filters name."""
    place: Place | None = None
    reader: str = ""
    """Slack id of the person."""
    places: list[tuple[str, str]] = []
    """What the place filter offers, as reference and label; more than 100 are asked for as one types."""
    takes_tables: bool = True
    shareable: bool = True
    """It stands in a channel, and the reader is no guest."""
    may_log: bool = True
    """The reader is no guest: those log nothing themselves."""

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.filters.page - 1) * PAGE + 1

    @property
    def pages(self) -> int:
        return pages(self.counts.found)


def pages(found: int) -> int:
    return max(1, -(-min(found, MOST_LISTED) // PAGE))
