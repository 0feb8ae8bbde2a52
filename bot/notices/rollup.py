"""Who reads a rollup: its program's channel, the thread under it, and whom it could not reach otherwise."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.notices import asks
from bot.services import delivery, places, rollup_posting, status, switches
from bot.services import rollup_thread as threads
from bot.views.rollup import rollup_message
from bot.views.rollup_private import dry_run, not_posted
from bot.views.rollup_thread import own_reply, project_reply, shared_replies
from models.schemas.home import AskKind
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.rollup import Rollup
from models.schemas.status import Health
from models.tables import Occurrence


def key_of(occurrence_id: int | None) -> str:
    return f"rollup:{occurrence_id}"


def post(session: Session, rollup: Rollup, *, now: datetime) -> None:
    """In the program's channel; a program that has none, or of which nothing is known yet, says nothing."""
    if not (rollup.projects or rollup.top_risks or rollup.asks or rollup.decisions_next):
        return
    switch = switches.of_program(session, rollup.program.id, now=now)
    if switch.dry_run_to is not None:
        shown = dry_run(rollup_message(rollup.model_copy(update={"occurrence_id": None})), rollup.program)
        delivery.post(session, shown, key=f"rollup.dry_run:{rollup.occurrence_id}", to=switch.dry_run_to, now=now)
        return
    channel = rollup.program.channel
    if channel is None:
        return
    key = key_of(rollup.occurrence_id)
    delivery.show(session, rollup_message(rollup), key=key, to=channel, version=1, now=now)
    if not rollup.is_unchanged:
        _reply(session, rollup, channel, now=now)


def _reply(session: Session, rollup: Rollup, channel: str, *, now: datetime) -> None:
    full = threads.with_risks(session, rollup)
    key = key_of(rollup.occurrence_id)
    for row in own_reply(full):
        shown = project_reply(full, row)
        delivery.reply(session, shown, key=_reply_key(full, row.place.id), under=key, to=channel, now=now)
    for name, shown in shared_replies(full):
        delivery.reply(session, shown, key=f"rollup.{name}:{rollup.occurrence_id}", under=key, to=channel, now=now)


def _reply_key(rollup: Rollup, project_id: int) -> str:
    return f"rollup.project:{rollup.occurrence_id}:{project_id}"


def edit(session: Session, occurrence: Occurrence, *, now: datetime) -> None:
    """In place, with the replies of projects whose status came since."""
    rollup = rollup_posting.as_it_is_now(session, occurrence, now=now)
    key, channel = key_of(rollup.occurrence_id), rollup.program.channel
    if channel is None or not delivery.is_known(session, key):
        return
    delivery.show(session, rollup_message(rollup), key=key, to=channel, version=None, now=now)
    late = [row for row in rollup.projects if row.posted_at and rollup.posted_at and row.posted_at > rollup.posted_at]
    if not late or rollup.is_unchanged:
        return
    full = threads.with_risks(session, rollup)
    ids = {row.place.id for row in late}
    replies = {_reply_key(full, row.place.id): project_reply(full, row) for row in full.projects if row.place.id in ids}
    for name, said in delivery.said_last(session, replies).items():
        if said != delivery.words_of(replies[name].payload()):
            delivery.show(session, replies[name], key=name, to=channel, version=None, now=now)


def tell_manager(session: Session, rollup: Rollup, *, now: datetime) -> None:
    """Directly, where its channel cannot be written to."""
    manager = rollup.program.owner
    if manager.slack_id:
        shown = not_posted(rollup_message(rollup.model_copy(update={"occurrence_id": None})), rollup.program)
        delivery.post(session, shown, key=f"rollup.unreached:{rollup.occurrence_id}", to=manager.slack_id, now=now)


def tell_unreached(session: Session, occurrence_id: int | None, *, now: datetime) -> None:
    """What could not be posted arrives all the same, and says so."""
    try:
        occurrence = rollup_posting.occurrence(session, occurrence_id)
    except NotFound:
        return
    if occurrence.program_id is not None:
        tell_manager(session, rollup_posting.as_it_is_now(session, occurrence, now=now), now=now)


def tell_read(session: Session, occurrence: Occurrence, by: PersonCard, *, now: datetime) -> None:
    """Who was asked to read the Red statuses that it shows has done so."""
    if occurrence.program_id is None:
        return
    projects = places.projects_of_program(session, occurrence.program_id)
    if by.id not in {place.sponsor_id for place in projects}:
        return
    for update in status.latest(session, [place.id for place in projects]).values():
        if update.health == Health.RED:
            asks.settled(session, AskKind.READ_STATUS, update.id, by=by, now=now, effect="read in the rollup")


def share(session: Session, shown: Message, *, channel: str, key: str, now: datetime) -> None:
    """A copy for all in this channel, which is not updated. `key` is the press's."""
    delivery.post(session, shown, key=f"rollup.shared:{key}", to=channel, now=now)


def whisper(
    session: Session, said: Message, *, place: Place, by: PersonCard, where: str | None, key: str, now: datetime
) -> None:
    """What became of a form, to who sent it, where they are."""
    channel = where or place.channel
    if by.slack_id and channel:
        delivery.whisper(session, said, key=f"rollup.saved:{key}", to=channel, reader=by.slack_id, now=now)
