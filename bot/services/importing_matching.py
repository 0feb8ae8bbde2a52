"""Who in Slack the people of a portfolio file are, as the person who imports it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.services.people import problem_with
from models.tables import Person

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{4,}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass
class Matching:
    slack_ids: dict[str, str] = field(default_factory=dict)
    """By the handle of the file."""
    unmatched: dict[str, str] = field(default_factory=dict)
    """By the handle of the file: why its person was not found, in words."""


def match_people(session: Session, named: Mapping[str, str]) -> Matching:
    """`named` maps a handle of the file to a Slack id, or to a handle in Slack."""
    names = {handle: name.strip().removeprefix("@") for handle, name in named.items()}
    known = _known(session, set(names.values()))
    matching = Matching()
    for handle, name in names.items():
        slack_id = known.get(name) or (name if _SLACK_ID.fullmatch(name) else None)
        trouble = _trouble(session, name, slack_id)
        if slack_id is None or trouble is not None:
            matching.unmatched[handle] = trouble or f"nobody here is called {name!r}"
        else:
            matching.slack_ids[handle] = slack_id
    return matching


def _known(session: Session, names: set[str]) -> dict[str, str]:
    statement = select(Person).where(or_(Person.slack_id.in_(names), Person.handle.in_(names)))
    rows = [row for row in session.scalars(statement) if row.slack_id is not None]
    by_handle = {row.handle: row.slack_id for row in rows if row.slack_id}
    return by_handle | {row.slack_id: row.slack_id for row in rows if row.slack_id}


def _trouble(session: Session, name: str, slack_id: str | None) -> str | None:
    if slack_id is not None:
        return problem_with(session, slack_id)
    return "matching by e-mail is not supported yet; name a Slack id or a handle" if _EMAIL.fullmatch(name) else None
