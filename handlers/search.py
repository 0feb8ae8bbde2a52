"""`/pm search words`: every record and status that holds them, as far as the person may see it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.services import people, search
from bot.views.search import nothing_found, results_message
from handlers import record
from handlers.feature import Ask, Command, Feature, Reply, reads
from models.schemas.search import MOST_TYPED


def run(ask: Ask) -> Reply:
    """A record's number is the record."""
    return record.show(ask) if record.is_record(ask.text.strip()) else _search(ask)


@reads
def _search(ask: Ask, session: Session) -> Reply:
    return _found(ask, session, people.readable(session, ask.text), 1)


@reads
def turn(ask: Ask, session: Session) -> Reply:
    """The value is the page and the words, as '2:vendor slips'."""
    page, _, typed = ask.value.partition(":")
    reply = _found(ask, session, typed, row_id(page) or 1)
    return replace(reply, replaces=True)


def show(ask: Ask) -> Reply:
    """The choice is a kind and a row, as 'risk:12'."""
    kind, _, record_id = ask.value.partition(":")
    letter = next((letter for letter, each in record.KINDS.items() if each.kind == kind), None)
    if letter is None:
        raise NotFound("this record")
    return record.show_pressed(letter)(replace(ask, value=record_id))


def _found(ask: Ask, session: Session, typed: str, page: int) -> Reply:
    typed = typed[:MOST_TYPED].strip()
    if not typed:
        return Reply(private=nothing_found(""))
    results = search.find(session, typed, ask.standing(session), page=page, now=ask.now)
    return Reply(private=results_message(results))


FEATURE = Feature(
    commands=(
        Command(
            word="search",
            group="See",
            examples=(("/pm search vendor slips", "finds every record and status that holds the words"),),
            handler=run,
            button="Search",
        ),
    ),
    actions={"search.page": turn, "search.show": show},
)
