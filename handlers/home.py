from sqlalchemy.orm import Session

from bot.services import delivery
from handlers.feature import Ask, Feature, Reply, writes


@writes
def opened(ask: Ask, session: Session) -> Reply:
    """The Home is drawn when it is opened, and again whenever something on it changes."""
    if ask.payload["event"].get("tab") == "home":
        delivery.remember_home(session, ask.user, now=ask.now)
        delivery.publish_home(session, [ask.user], now=ask.now)
    return Reply()


FEATURE = Feature(events={"app_home_opened": opened})
