"""`/pm asks`: what was asked and answered, how fast, and what gets ignored."""

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.services import places, programs, well
from bot.views.well import how_well
from handlers.feature import Ask, Command, Feature, Reply, reads
from models.schemas.project import Place


@reads
def show(ask: Ask, session: Session) -> Reply:
    found = well.last_weeks(session, _program(ask, session), ask.standing(session), now=ask.now)
    return Reply(private=how_well(found))


def _program(ask: Ask, session: Session) -> Place:
    if ask.value:
        return places.get(session, ask.value)
    found = programs.here(session, ask.channel)
    mine = [found] if found else programs.led(session, ask.standing(session))
    if len(mine) != 1:
        raise UserError("Type /pm asks in the channel of a program.")
    return mine[0]


FEATURE = Feature(
    commands=(
        Command(
            word="asks",
            group="See",
            examples=(("/pm asks", "how many asks are answered, how fast, and what gets ignored; for who runs it"),),
            handler=show,
            button="Show asks",
        ),
    ),
    actions={"well.show": show},
)
