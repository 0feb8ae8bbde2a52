"""Everything that will be sent, before it is: by the rules by which it is sent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import foresight_checkins, foresight_lines, foresight_posts, foresight_rules
from models.schemas.foresight import Coming


def coming(
    session: Session,
    program_ids: Collection[int] | None,
    *,
    until: datetime,
    now: datetime,
    reader: int | None = None,
) -> list[Coming]:
    """Of these programs, or of everything; of `reader` only what is sent to them.

    A constant number of statements, whatever the number of rows.
    """
    rounds = foresight_checkins.ahead(session, until=until, now=now)
    requests = foresight_rules.requests(session, None, until=until, now=now)
    posts = foresight_rules.posts(session, program_ids, until=until, now=now)
    told = foresight_posts.how_well(session, program_ids, until=until, now=now)
    found = [
        *foresight_lines.lines(session, program_ids, reader, requests, rounds, until, now),
        *foresight_posts.rollups(session, posts, now),
        *(foresight_posts.escalations(session, program_ids, requests, until, now) if reader is None else []),
        *(each for each in told if reader is None or (each.person is not None and each.person.id == reader)),
        *(foresight_posts.rounds(session, rounds.opened, program_ids, now) if reader is None else []),
    ]
    return sorted(found, key=lambda each: (each.at, each.kind, each.person.handle if each.person else "", each.subject))
