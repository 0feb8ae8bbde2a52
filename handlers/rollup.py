"""`/pm rollup`: a look at the program's rollup before it goes out; and what its readers press."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, Refused, UserError
from bot.notices import rollup as notices
from bot.services import places, portfolio_posting, rollup_acts, rollup_posting
from bot.services import workspace as workspaces
from bot.views import portfolio_private as of_portfolio
from bot.views import rollup_private as views
from handlers import portfolio, rollup_forms
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads, writes
from models.schemas.message import Message
from models.schemas.project import Place
from models.schemas.rollup import PortfolioRollup, Rollup
from models.tables import Occurrence


def preview(ask: Ask) -> Reply:
    return portfolio.show(ask) if ask.text.strip().lower() == "portfolio" else _preview_of_program(ask)


@reads
def _preview_of_program(ask: Ask, session: Session) -> Reply:
    if ask.text.strip():
        raise UserError("Type /pm rollup for this program's rollup, or /pm rollup portfolio for all programs.")
    by = ask.standing(session)
    return Reply(private=_preview(ask, session, rollup_acts.program_of(session, ask.channel, by)))


def _preview(ask: Ask, session: Session, place: Place) -> Message:
    by = ask.standing(session)
    rollup_acts.require_preview(session, place, by)
    last = rollup_posting.last_of(session, place.id)
    rule = rollup_posting.rule_of(session, place.id)
    shown = views.preview(
        rollup_posting.preview(session, place, now=ask.now),
        may_act=rollup_acts.may_act(place, by),
        skips=rule.skipped_on is not None and rule.skipped_on == rule.next_local_date,
        last_id=last.id if last else None,
        shareable=_is_channel(ask.channel) and rollup_acts.may_act(place, by),
    )
    return _fitting(session, shown)


def _fitting(session: Session, shown: Message) -> Message:
    """Without tables where this workspace refuses them."""
    if shown.fallback is None or not workspaces.refuses_tables(session):
        return shown
    return Message(text=shown.text, blocks=shown.fallback)


def _is_channel(channel: str | None) -> bool:
    return channel is not None and not channel.startswith("D")


@writes
def send(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    place = rollup_acts.program(session, row_id(ask.value), by)
    rollup_acts.require_act(place, by, "send")
    sent = rollup_posting.send_now(session, place, now=ask.now)
    notices.post(session, sent, now=ask.now)
    return Reply(private=views.sent(sent), replaces=True)


def skipping(*, skips: bool) -> Handler:
    def step(ask: Ask, session: Session) -> Reply:
        by = ask.acting(session)
        place = rollup_acts.program(session, row_id(ask.value), by)
        rollup_acts.require_act(place, by, "skip")
        day = rollup_posting.skip_next(session, place, skips=skips)
        return Reply(private=views.skipped(place, day, ask.today(place.tz), skips=skips), replaces=True)

    return writes(step)


@writes
def acknowledge(ask: Ask, session: Session) -> Reply:
    """Whoever reads it says so, once; the post counts them."""
    by = ask.acting(session)
    occurrence = rollup_acts.readable(session, row_id(ask.value), by)
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        raise Refused("Guests cannot acknowledge a rollup", "Members of its channel can.")
    if rollup_posting.acknowledge(session, occurrence, by.person, now=ask.now):
        notices.tell_read(session, occurrence, by.person, now=ask.now)
    return Reply()


def _reading(show: Callable[[Rollup], Message], of_all: Callable[[PortfolioRollup], Message]) -> Handler:
    """Something of a rollup that stands, for whoever asked alone: what the channel may see."""

    def step(ask: Ask, session: Session) -> Reply:
        occurrence = rollup_acts.readable(session, row_id(ask.value), ask.standing(session))
        if occurrence.program_id is None:
            return Reply(private=of_all(portfolio_posting.as_it_is_now(session, occurrence, now=ask.now)))
        return Reply(private=show(_as_it_is(ask, session, occurrence)))

    return reads(step)


def _as_it_is(ask: Ask, session: Session, occurrence: Occurrence) -> Rollup:
    return rollup_posting.as_it_is_now(session, occurrence, now=ask.now)


def _text(rollup: Rollup) -> Message:
    return views.full(rollup) if rollup.is_unchanged else views.text_twin(rollup)


def more(ask: Ask) -> Reply:
    """The dots: a choice is the act and the rollup, as 'prev:12'."""
    action, _, number = ask.value.partition(":")
    if action not in MORE:
        raise NotFound("this rollup")
    return MORE[action](replace(ask, value=number))


@reads
def _previous(ask: Ask, session: Session) -> Reply:
    by = ask.standing(session)
    occurrence = rollup_acts.readable(session, row_id(ask.value), by)
    told = rollup_acts.past(session, rollup_posting.before(session, occurrence))
    return Reply(private=views.past(told, ask.today(by.person.tz)))


@reads
def _last(ask: Ask, session: Session) -> Reply:
    by = ask.standing(session)
    told = rollup_acts.past(session, rollup_acts.readable(session, row_id(ask.value), by))
    return Reply(private=views.past(told, ask.today(by.person.tz)))


@writes
def _share(ask: Ask, session: Session) -> Reply:
    """One that stands, where somebody pressed."""
    by = ask.acting(session)
    occurrence = rollup_acts.readable(session, row_id(ask.value), by)
    return _shared(ask, session, rollup_acts.program(session, occurrence.program_id, by), occurrence)


@writes
def _share_now(ask: Ask, session: Session) -> Reply:
    """As it is now, from a preview."""
    by = ask.acting(session)
    return _shared(ask, session, rollup_acts.program(session, row_id(ask.value), by), None)


def _shared(ask: Ask, session: Session, place: Place, occurrence: Occurrence | None) -> Reply:
    """What everybody in this channel may see, which may be less than the program's channel does."""
    by = ask.acting(session)
    rollup_acts.require_act(place, by, "share")
    if not _is_channel(ask.channel):
        raise UserError("Open it in the channel that should see it, and share it there.")
    if ask.channel == place.channel and occurrence is not None:
        raise UserError("It stands in this channel already. Nothing was shared.")
    if not places.may_see(place, None, ask.channel):
        raise UserError("It is about a restricted program: it is shared in that program's channel alone.")
    if occurrence is not None:
        rollup = rollup_posting.as_it_is_now(session, occurrence, now=ask.now, here=ask.channel)
    else:
        rollup = rollup_posting.preview(session, place, now=ask.now, here=ask.channel)
    shown = views.shared_copy(rollup, by.person.handle)
    notices.share(session, shown, channel=str(ask.channel), key=ask.key, now=ask.now)
    return Reply()


MORE: Mapping[str, Handler] = {
    "prev": _previous,
    "last": _last,
    "share": _share,
    "now": _share_now,
    "health": rollup_forms.open_override,
}

FEATURE = Feature(
    commands=(
        Command(
            word="rollup",
            group="See",
            examples=(
                ("/pm rollup", "shows this program's rollup as it would go out now; send, skip or move it"),
                ("/pm rollup portfolio", "posts the rollup of all programs in this channel every week"),
            ),
            handler=preview,
            button="Rollup",
        ),
    ),
    actions={
        "rollup.send": send,
        "rollup.skip": skipping(skips=True),
        "rollup.unskip": skipping(skips=False),
        "rollup.acknowledge": acknowledge,
        "rollup.text": _reading(_text, of_portfolio.text_twin),
        "rollup.asks": _reading(views.all_asks, of_portfolio.all_asks),
        "rollup.more": more,
    },
)
