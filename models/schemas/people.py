"""People as the product shows them, and text as people may type it."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, StringConstraints

from models.schemas.calendar import WorkWeek
from models.schemas.schema import Schema


class PersonCard(Schema):
    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    slack_id: str | None
    handle: str
    tz: str
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    week: WorkWeek | None = None
    """Their own calendar, where they have one."""


class PersonField:
    """Marks a form field that holds a Slack user id, to be checked against the workspace's people."""


class PlaceField:
    """Marks a form field that holds a reference to a project or program."""


SlackUser = Annotated[str, PersonField()]
PlaceRef = Annotated[str, PlaceField()]


def one_line(text: str) -> str:
    """What a person meant as one line: blanks and line breaks of every kind become single spaces."""
    return " ".join(text.split())


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(one_line)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True)]
