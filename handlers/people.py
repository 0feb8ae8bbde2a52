from sqlalchemy.orm import Session

from bot.services import people, schedule
from handlers.feature import Ask, Feature, Reply, writes


@writes
def changed(ask: Ask, session: Session) -> Reply:
    """Somebody joined or changed: their copy follows, and who moved is asked in their new zone."""
    people.refresh(session, [ask.payload["event"]["user"]], now=ask.now)
    schedule.follow(session, schedule.owners_who_moved(session), now=ask.now)
    return Reply()


FEATURE = Feature(events={"user_change": changed, "team_join": changed})
