"""What people press on a posted status: readers answer, look back, and its author corrects it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.notices import status as notices
from bot.services import slips, status_acts, status_start
from bot.services import workspace as workspaces
from bot.views.slips import slip_ledger
from bot.views.status import status_form
from bot.views.status_card import status_card, status_history
from handlers.feature import Ask, Feature, Handler, Reply, Step, reads, writes
from models.schemas.slips import Ledger
from models.schemas.status import Answer

SAID = {"acknowledge": Answer.READ, "talk": Answer.TALK, "decide": Answer.DECIDE}


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the update, as 'correct:12'."""
    action, _, update_id = ask.value.partition(":")
    if action not in ACTS:
        raise NotFound("this status")
    return ACTS[action](ask, update_id)


def pressed(action: str) -> Handler:
    """A button of its own; its value is the update's id."""
    return lambda ask: ACTS[action](ask, ask.value)


def _answering(said: Answer) -> Callable[[Ask, str], Reply]:
    def step(ask: Ask, session: Session, update_id: str) -> Reply:
        update = status_acts.answer(session, row_id(update_id), said, ask.acting(session), now=ask.now)
        if update is not None:
            notices.tell_answered(session, update, now=ask.now)
        return Reply()

    return lambda ask, update_id: writes(lambda ask, session: step(ask, session, update_id))(ask)


def _reading(step: Callable[[Ask, Session, str], Reply]) -> Callable[[Ask, str], Reply]:
    return lambda ask, update_id: reads(lambda ask, session: step(ask, session, update_id))(ask)


def _correct(ask: Ask, session: Session, update_id: str) -> Reply:
    """The form, filled with what was posted."""
    by = ask.standing(session)
    start = status_start.correct(session, status_acts.check_correct(session, row_id(update_id), by))
    form = status_form(start, metadata=start.metadata(ask.channel), today=ask.today(by.person.tz))
    return Reply(form=form)


def _history(ask: Ask, session: Session, update_id: str) -> Reply:
    by = ask.standing(session)
    place = status_acts.check_see(session, row_id(update_id), by).place
    lines, total = status_acts.lines(session, place)
    return Reply(private=status_history(place, lines, total, today=ask.today(by.person.tz)))


def _show(ask: Ask, session: Session, update_id: str) -> Reply:
    by = ask.standing(session)
    update = status_acts.check_see(session, row_id(update_id), by)
    return Reply(private=status_card(update, today=ask.today(by.person.tz)))


def _ledger(ask: Ask, session: Session) -> Ledger:
    """Of the project that the button names."""
    place = status_acts.place_of(session, ask.value)
    status_acts.require_see(session, place, ask.standing(session), action="see")
    return slips.ledger(session, place)


def _show_slips(*, as_text: bool) -> Step:
    def step(ask: Ask, session: Session) -> Reply:
        today = ask.today(ask.standing(session).person.tz)
        plain = as_text or workspaces.refuses_tables(session)
        return Reply(private=slip_ledger(_ledger(ask, session), today=today, as_text=plain), replaces=as_text)

    return step


@writes
def share_slips(ask: Ask, session: Session) -> Reply:
    """A private view made public where its reader is; a restricted project's stays in its channel."""
    by = ask.acting(session)
    status_acts.require_share(session, status_acts.place_of(session, ask.value), by)
    if ask.channel:
        ledger = _ledger(ask, session)
        notices.share_slips(session, ledger, by=by.person, channel=ask.channel, key=ask.key, now=ask.now)
    return Reply()


ACTS: dict[str, Callable[[Ask, str], Reply]] = {
    **{action: _answering(said) for action, said in SAID.items()},
    "correct": _reading(_correct),
    "history": _reading(_history),
    "show": _reading(_show),
}

FEATURE = Feature(
    actions={
        "status.more": more,
        **{f"status.{action}": pressed(action) for action in ("acknowledge", "correct", "show")},
        "status.slips": reads(_show_slips(as_text=False)),
        "status.slips_text": reads(_show_slips(as_text=True)),
        "status.share_slips": share_slips,
    },
)
