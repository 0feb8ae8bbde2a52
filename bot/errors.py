"""Problems a person can do something about. The words are shown to them as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.error import URLError


@dataclass(frozen=True)
class Attempt:
    """What somebody tried to do to a record, for its history."""

    kind: str
    record_id: int
    action: str


class UserError(Exception):
    """`field` names the form field to change, when there is one."""

    def __init__(self, message: str, *, field: str | None = None, attempt: Attempt | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.attempt = attempt


class InvalidForm(UserError):
    """Everything that is wrong with a form at once: `problems` maps a field's block id to what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NotFound(UserError):
    """A record that is not there, or that this person may not see: the two are told in the same words."""

    def __init__(self, what: str, *, attempt: Attempt | None = None) -> None:
        super().__init__(f"I cannot find {what}. Nothing was changed.", attempt=attempt)


class Refused(UserError):
    """This person may not do it. `who` says who may and how to get there."""

    def __init__(self, what: str, who: str, *, attempt: Attempt | None = None) -> None:
        super().__init__(what, attempt=attempt)
        self.who = who


class Deactivated(UserError):
    """Slack told us that this person's account is closed. When it lets them act again it is asked once more."""

    def __init__(self) -> None:
        super().__init__("Slack told me that your account is deactivated. If it is active again, try again in a minute")


PREDICATES = {
    "decision needed": "waits for its decision",
    "draft": "is a draft",
    "happened": "has happened",
    "new": "is new",
    "no longer applies": "no longer applies",
    "not confirmed yet": "is not confirmed yet",
    "open": "is open",
}
"""States that do not read well behind 'is already'."""


class NotPossible(UserError):
    """The record's state does not allow it: since when and by whom it is so, and what it allows."""

    def __init__(
        self,
        ref: str,
        state: str,
        *,
        link: str | None = None,
        since: str = "",
        legal: Sequence[str] = (),
        attempt: Attempt | None = None,
    ) -> None:
        self.ref, self.state, self.link, self.since, self.legal = ref, state, link, since, tuple(legal)
        super().__init__(f"{ref} {self.predicate}{since}. {self.way_on} Nothing was changed.", attempt=attempt)

    @property
    def predicate(self) -> str:
        """What it is now, as the rest of a sentence."""
        return PREDICATES.get(self.state, f"is already {self.state}")

    @property
    def way_on(self) -> str:
        """What the state allows, as a sentence."""
        if not self.legal:
            return "Nothing more can be done to it."
        verbs = f"{', '.join(self.legal[:-1])} or {self.legal[-1]}" if len(self.legal) > 1 else self.legal[0]
        return f"From here it can {'only ' if len(self.legal) == 1 else ''}be {verbs}."


class Unreached(URLError):
    """No connection to Slack came about, so nothing of the call was sent. For whoever calls, not for people."""
