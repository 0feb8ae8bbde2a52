"""Problems a person can do something about. The words are shown to them as they stand."""


class UserError(Exception):
    """`field` names the form field to change, when there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidForm(UserError):
    """Everything that is wrong with a form at once: `problems` maps a field's block id to what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NotFound(UserError):
    """A record that is not there, or that this person may not see: the two are told in the same words."""

    def __init__(self, what: str) -> None:
        super().__init__(f"I cannot find {what}. Nothing was changed.")


class Refused(UserError):
    """This person may not do it. `who` says who may and how to get there."""

    def __init__(self, what: str, who: str) -> None:
        super().__init__(what)
        self.who = who
