"""Menus that hold more projects than a select does: they ask as one types."""

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import lists, suggestions
from bot.views.blocks import option
from bot.views.list_filters import ALL_PLACES, MOST_OPTION
from bot.views.places import MOST_CHOICES
from bot.views.text import cut
from handlers.feature import Ask, Feature, Reply, reads
from models.schemas.lists import Kind
from models.schemas.message import Block
from models.schemas.project import PlaceKind


@reads
def to_log_in(ask: Ask, session: Session) -> Reply:
    """Where a form asks for the project. What is submitted is looked at again."""
    by = ask.standing(session)
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        return Reply(answer={"options": []})
    return _offer(suggestions.like(session, by, ask.text))


@reads
def to_belong_to(ask: Ask, session: Session) -> Reply:
    """The program of a project that is set up: one that everybody may see."""
    everybody = Standing(lists.MERE_MEMBER)
    found = suggestions.like(session, everybody, ask.text, kind=PlaceKind.PROGRAM)
    return Reply(answer={"options": [option(cut(choice.name, MOST_OPTION), choice.ref) for choice in found]})


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
        "program": to_belong_to,
        **{f"{kind}.filter_place": to_narrow_by for kind in Kind},
    }
)
