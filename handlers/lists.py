"""`/pm risks` and its like: private lists whose filters act at once."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from bot.errors import Refused, UserError
from bot.notices import lists as notices
from bot.services import list_words, lists
from bot.views.list_filters import ALL_PLACES
from bot.views.lists import list_message
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads, writes
from models.schemas.lists import Filters, Kind

Change = Callable[[Ask, Filters], Filters]


def typed(kind: Kind) -> Handler:
    def step(ask: Ask, session: Session) -> Reply:
        filters = list_words.read(session, kind, ask.text, ask.standing(session))
        return _shown(ask, session, filters)

    return reads(step)


def opened(kind: Kind) -> Handler:
    """A button that shows a list; its value is the filters, or anything else for all that is open."""
    return reads(lambda ask, session: _shown(ask, session, Filters.decoded(kind, ask.value)))


def pressed(kind: Kind, change: Change) -> Handler:
    """A filter or a page was chosen: the list is replaced by what it comes to."""

    def step(ask: Ask, session: Session) -> Reply:
        chosen = change(ask, _remembered(ask, kind))
        return _shown(ask, session, Filters.decoded(kind, chosen.encoded()), replaces=True)

    return reads(step)


def shared(kind: Kind) -> Handler:
    def step(ask: Ask, session: Session) -> Reply:
        by = ask.acting(session)
        if by.is_stranger or by.person.is_guest or by.person.is_bot:
            raise Refused("Guests cannot share lists", "Ask a member of this channel to do it.")
        if ask.channel is None or not lists.may_share(by):
            raise UserError("Open the list in the channel that should see it, and share it there.")
        listed = lists.page(session, _remembered(ask, kind), by, now=ask.now)
        public = lists.public_page(session, listed, ask.channel)
        if not public.rows:
            raise UserError("Nothing on this page may be seen by everyone here. Nothing was shared.")
        left_out = len(listed.rows) - len(public.rows)
        notices.tell_shared(
            session, public, left_out=left_out, by=by.person, channel=ask.channel, press=ask.key, now=ask.now
        )
        return Reply()

    return writes(step)


def _remembered(ask: Ask, kind: Kind) -> Filters:
    """The list's filters, as they stand in the id of the block that was pressed."""
    block_id = str(ask.payload["actions"][0].get("block_id") or "")
    return Filters.decoded(kind, block_id.partition("|")[2])


def _shown(ask: Ask, session: Session, filters: Filters, *, replaces: bool = False) -> Reply:
    listed = lists.page(session, filters, ask.standing(session), now=ask.now)
    return Reply(private=list_message(listed), replaces=replaces)


def _owner(ask: Ask) -> str:
    return str(ask.payload["actions"][0].get("selected_user") or "")


CHANGES: Mapping[str, Change] = {
    "filter_level": lambda ask, filters: filters.with_(level=ask.value),
    "filter_state": lambda ask, filters: filters.with_(state=ask.value),
    "filter_owner": lambda ask, filters: filters.with_(owner=_owner(ask)),
    "filter_place": lambda ask, filters: filters.with_(place="" if ask.value == ALL_PLACES else ask.value),
    "filter_mine": lambda ask, filters: filters.with_(owner=ask.user),
    "filter_clear": lambda ask, filters: filters.cleared(),
    "page": lambda ask, filters: filters.with_(page=ask.value),
    "list_twin": lambda ask, filters: filters.model_copy(update={"as_text": ask.value == "text"}),
}

EXAMPLES: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.RISK: (
        ("/pm risks", "lists what is open, worst first"),
        ("/pm risks mine overdue", "narrows it: mine, high, overdue, closed, all, here, a project's name"),
    ),
    Kind.DECISION: (("/pm decisions", "lists those that wait; the same words narrow it"),),
    Kind.ISSUE: (("/pm issues", "lists what has gone wrong and is not solved"),),
    Kind.ASSUMPTION: (("/pm assumptions", "lists what nobody has confirmed yet"),),
}


def _actions(kind: Kind) -> dict[str, Handler]:
    return {
        f"{kind}.list": opened(kind),
        f"{kind}.share_list": shared(kind),
        **{f"{kind}.{name}": pressed(kind, change) for name, change in CHANGES.items()},
    }


FEATURE = Feature(
    commands=tuple(
        Command(word=f"{kind}s", group="See", examples=examples, handler=typed(kind), button=f"Show {kind}s")
        for kind, examples in EXAMPLES.items()
    ),
    actions={name: handler for kind in Kind for name, handler in _actions(kind).items()},
)
