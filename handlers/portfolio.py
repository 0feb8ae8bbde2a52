"""`/pm rollup portfolio`: the rollup of all programs, in the channel that wants it."""

import json

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import UserError
from bot.notices import portfolio as notices
from bot.services import portfolio_posting
from bot.services import workspace as workspaces
from bot.views import portfolio_private as views
from bot.views.rollup_forms import portfolio_form
from handlers.feature import Ask, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.message import Message, View
from models.schemas.override import HourDraft
from models.schemas.parameters import RollupRules
from models.tables import ScheduleRule


@reads
def show(ask: Ask, session: Session) -> Reply:
    """A look at it where it is set up, else the form that sets it up."""
    channel = _channel(ask)
    portfolio_posting.require_may(session, ask.standing(session), "set up")
    rule = portfolio_posting.of_channel(session, channel)
    if rule is None:
        return Reply(form=_form(ask, session, None))
    shown = views.preview(portfolio_posting.preview(session, rule, now=ask.now), rule.id)
    return Reply(private=_fitting(session, shown))


def _fitting(session: Session, shown: Message) -> Message:
    if shown.fallback is None or not workspaces.refuses_tables(session):
        return shown
    return Message(text=shown.text, blocks=shown.fallback)


def _channel(ask: Ask) -> str:
    if ask.channel is None or ask.channel.startswith("D"):
        raise UserError("Type /pm rollup portfolio in the channel that should read it.")
    return ask.channel


def _form(ask: Ask, session: Session, rule: ScheduleRule | None) -> View:
    chosen = RollupRules(weekday=rule.weekday, local_time=rule.local_time) if rule else RollupRules()
    zone = rule.tz if rule else ask.standing(session).person.tz
    return portfolio_form(chosen, zone, metadata=json.dumps({"channel": ask.channel}))


@reads
def open_hour(ask: Ask, session: Session) -> Reply:
    portfolio_posting.require_may(session, ask.standing(session), "move")
    rule = portfolio_posting.by_id(session, row_id(ask.value), ask.channel)
    return Reply(form=_form(ask, session, rule))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    portfolio_posting.require_may(session, by, "set up")
    channel = str(ask.metadata.get("channel"))
    form = read_form(ask, session, HourDraft, today=ask.today(by.person.tz), person=by.person)
    next_at = portfolio_posting.set_up(session, channel, form.draft, zone=by.person.tz, now=ask.now)
    rule = portfolio_posting.of_channel(session, channel)
    zone = rule.tz if rule else by.person.tz
    done = views.set_up_done(next_at, zone, ask.today(zone))
    notices.whisper(session, done, by=by.person, where=channel, key=ask.key, now=ask.now)
    return Reply()


@writes
def send(ask: Ask, session: Session) -> Reply:
    portfolio_posting.require_may(session, ask.acting(session), "send")
    rule = portfolio_posting.by_id(session, row_id(ask.value), ask.channel, lock=True)
    notices.post(session, portfolio_posting.send_now(session, rule, now=ask.now), now=ask.now)
    done = views.said("The portfolio's rollup is posted here", "The next one is compared with it.")
    return Reply(private=done, replaces=True)


@writes
def stop(ask: Ask, session: Session) -> Reply:
    portfolio_posting.require_may(session, ask.acting(session), "stop")
    portfolio_posting.stop(session, portfolio_posting.by_id(session, row_id(ask.value), ask.channel, lock=True))
    done = views.said("The portfolio's rollup does not come here any more", "/pm rollup portfolio sets it up again.")
    return Reply(private=done, replaces=True)


FEATURE = Feature(
    actions={"portfolio.send": send, "portfolio.hour": open_hour, "portfolio.stop": stop},
    forms={"portfolio.save": save},
)
