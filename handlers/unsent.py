"""`/pm health`: what waits, what was given up and why, with a way to try it again."""

from sqlalchemy.orm import Session

from bot.services import unsent
from bot.views import unsent as views
from handlers.feature import Ask, Command, Feature, Reply, reads, writes

AGAIN = "again"


@reads
def show(ask: Ask, session: Session) -> Reply:
    found = unsent.report(session, ask.standing(session), now=ask.now)
    return Reply(private=views.unsent(found), replaces=ask.value == AGAIN)


@writes
def try_again(ask: Ask, session: Session) -> Reply:
    number = unsent.try_again(session, ask.value, ask.standing(session), now=ask.now)
    return Reply(private=views.trying(number))


FEATURE = Feature(
    commands=(
        Command(
            word="health",
            group="See",
            examples=(("/pm health", "whether everything arrives; what waits, why, and what to do"),),
            handler=show,
            button="Show health",
        ),
    ),
    actions={"unsent.show": show, "unsent.again": try_again},
)
