from sqlalchemy.orm import Session

from bot.notices import leaving
from bot.services import do_not_disturb, zones
from handlers.feature import Ask, Feature, Reply, writes


@writes
def changed(ask: Ask, session: Session) -> Reply:
    """Somebody joined or changed: their copy follows, and who moved is asked in their new zone."""
    member = ask.payload["event"].get("user")
    moved = leaving.take_over(session, [member] if isinstance(member, dict) else [], now=ask.now)
    zones.follow_people(session, moved, now=ask.now)
    return Reply()


@writes
def quiet_time_changed(ask: Ask, session: Session) -> Reply:
    do_not_disturb.changed(session, ask.user, ask.payload["event"].get("dnd_status") or {}, now=ask.now)
    return Reply()


FEATURE = Feature(
    events={"user_change": changed, "team_join": changed, "dnd_updated_user": quiet_time_changed},
)
