"""`/pm export`: the register as files, in one's own direct messages."""

from sqlalchemy.orm import Session

from bot.services import export, people
from bot.views.export import export_coming
from handlers.feature import Ask, Command, Feature, Reply, writes


@writes
def order(ask: Ask, session: Session) -> Reply:
    """Answered at once: the files are made when the order is carried out."""
    wanted = export.read_order(session, people.readable(session, ask.text), ask.acting(session))
    export.order(session, wanted, to=ask.user, now=ask.now)
    return Reply(private=export_coming())


FEATURE = Feature(
    commands=(
        Command(
            word="export",
            group="See",
            examples=(
                ("/pm export", "sends you the register as JSON and CSV files"),
                ("/pm export risks decisions Ledger Migration", "some kinds, of one project or program"),
            ),
            handler=order,
            button="Export",
        ),
    ),
)
