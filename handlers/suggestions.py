"""Menus that hold more projects than a select does: they ask as one types."""

from sqlalchemy.orm import Session

from bot.services import suggestions
from bot.views.blocks import option
from bot.views.list_filters import ALL_PLACES, MOST_OPTION
from bot.views.places import MOST_CHOICES
from bot.views.text import cut
from handlers.feature import Ask, Feature, Reply, reads
from models.schemas.lists import Kind
from models.schemas.message import Block


@reads
def to_log_in(ask: Ask, session: Session) -> Reply:
    """Where a form asks for the project. What is submitted is looked at again."""
    by = ask.standing(session)
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        return Reply(answer={"options": []})
    return _offer(suggestions.like(session, by, ask.text))


@reads
def to_narrow_by(ask: Ask, session: Session) -> Reply:
    """Of a list: ended ones too, and the way back to all."""
    by = ask.standing(session)
    everywhere = option("All projects", ALL_PLACES)
    return _offer(suggestions.like(session, by, ask.text, ended=True)[: MOST_CHOICES - 1], everywhere)


def _offer(choices: list[suggestions.Choice], *others: Block) -> Reply:
    options = [option(cut(choice.label, MOST_OPTION), choice.ref) for choice in choices]
    return Reply(answer={"options": [*others, *options]})


FEATURE = Feature(
    suggestions={
        "project": to_log_in,
        "risk.project": to_log_in,
        **{f"{kind}.filter_place": to_narrow_by for kind in Kind},
    }
)
