"""Who was erased here, as far as a mark tells."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import erasure
from models.tables import Person
from models.tables.unit import this_workspace


def passed_over(session: Session, slack_ids: Iterable[str]) -> set[str]:
    """Who of these was erased here: Slack's copies of them are not taken again until somebody names them anew."""
    marks = set(session.scalars(select(Person.erased_mark).where(Person.erased_mark.is_not(None))))
    if not marks:
        return set()
    team = this_workspace(session).team_id
    return {slack_id for slack_id in slack_ids if erasure.mark(slack_id, team) in marks}
