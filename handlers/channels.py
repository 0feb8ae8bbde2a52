"""Channels that are archived, deleted or renamed: what is said there stops, and goes on when it can."""

from sqlalchemy.orm import Session

from bot.domain.stops import CHANNEL_DELETED
from bot.notices import stops as notices
from bot.services import channels, stops
from handlers.feature import Ask, Feature, Reply, writes

ARCHIVED = "is_archived"


@writes
def archived(ask: Ask, session: Session) -> Reply:
    return _stopped(ask, session, ARCHIVED)


@writes
def deleted(ask: Ask, session: Session) -> Reply:
    return _stopped(ask, session, CHANNEL_DELETED)


@writes
def unarchived(ask: Ask, session: Session) -> Reply:
    """The first message says whether the bot is still in it."""
    if ask.channel:
        lifted = stops.probe_now(session, ask.channel, now=ask.now)
        if lifted is not None:
            notices.tell_lifted(session, lifted, now=ask.now)
    return Reply()


@writes
def renamed(ask: Ask, session: Session) -> Reply:
    name = (ask.payload["event"].get("channel") or {}).get("name")
    if ask.channel and name:
        channels.rename(session, ask.channel, str(name))
    return Reply()


@writes
def got_another_id(ask: Ask, session: Session) -> Reply:
    event = ask.payload["event"]
    old, new = event.get("old_channel_id"), event.get("new_channel_id")
    if old and new:
        channels.follow_id(session, str(old), str(new))
    return Reply()


def _stopped(ask: Ask, session: Session, error: str) -> Reply:
    """Whoever answers for what is said there hears of it before the next message fails."""
    if ask.channel and channels.places_using(session, ask.channel):
        stop, is_news = stops.stop(session, ask.channel, error, now=ask.now)
        if is_news:
            notices.tell_stopped(session, stop, now=ask.now)
    return Reply()


FEATURE = Feature(
    events={
        "channel_archive": archived,
        "channel_deleted": deleted,
        "channel_id_changed": got_another_id,
        "channel_rename": renamed,
        "channel_unarchive": unarchived,
        "group_archive": archived,
        "group_deleted": deleted,
        "group_rename": renamed,
        "group_unarchive": unarchived,
    },
)
