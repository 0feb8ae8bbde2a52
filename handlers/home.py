from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.services import delivery, home
from bot.views.home import home_view
from handlers.feature import Ask, Feature, Reply, reads, writes
from models.schemas.home import Part


@writes
def opened(ask: Ask, session: Session) -> Reply:
    """The Home is drawn when it is opened, and again whenever something on it changes."""
    if ask.payload["event"].get("tab") == "home":
        delivery.remember_home(session, ask.user, now=ask.now)
        delivery.publish_home(session, [ask.user], now=ask.now)
    return Reply()


@reads
def show_list(ask: Ask, session: Session) -> Reply:
    """A page of one of its lists ('asks:30') in the place of the desk. The next change brings the desk back."""
    name, _, start = ask.value.partition(":")
    part = Part(name) if name in list(Part) else None
    return Reply(home=home_view(home.build(session, ask.user, now=ask.now, part=part, start=row_id(start) or 0)))


FEATURE = Feature(
    actions={f"home.{act}": show_list for act in ("list", "next", "previous", "back")},
    events={"app_home_opened": opened},
)
