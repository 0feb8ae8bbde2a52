"""The outbox: queueing in the transaction of the cause, so that nothing is said that was not saved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from models.schemas.delivery import Operation, OutboxState, Posted
from models.schemas.message import Message
from models.tables import Outbox, PostedMessage
from models.tables.inserts import insert_of, placeholders, values_of
from models.tables.ready import Ready
from models.tables.unit import THIS_WORKSPACE, add_later, add_row_once, run_later, this_workspace

MISSING_BOT = ("not_in_channel", "channel_not_found")
"""What Slack says of a channel that the bot was not invited to."""
NO_PLACE = (*MISSING_BOT, "is_archived")
"""What it says where a message cannot stand."""
NO_THREAD = "its thread does not stand"


_POSTED, _OUTBOX = PostedMessage.__table__, Outbox.__table__

_DRAWN_LATER = values_of([{"operation": Operation.PUBLISH_HOME.value, "body": {}}])

STILL_NEWS = timedelta(days=7)
"""What could not be said for longer is not said any more: an invited bot does not pour out old weeks."""


def post(session: Session, message: Message, *, key: str, to: str, now: datetime) -> None:
    """Say it once, in a channel or (a Slack user id) in a direct message."""
    _queue(session, Operation.POST, key, to, body_of(message, key), now=now)


def post_again(session: Session, message: Message, *, key: str, version: int, to: str, now: datetime) -> None:
    """Like `post`, where the same was said before and is news again: an edit would summon nobody. The copy stays as
    it is."""
    post(session, message, key=f"{key}:{version}" if is_known(session, key) else key, to=to, now=now)


def reply(session: Session, message: Message, *, key: str, under: str, to: str, now: datetime) -> None:
    """Say it once in the thread of the message whose key is `under`, which was queued in the same channel before."""
    _queue(session, Operation.POST, key, to, body_of(message, key) | {"under": under}, now=now)


def whisper(session: Session, message: Message, *, key: str, to: str, reader: str, now: datetime) -> None:
    """Say it in channel `to` so that only `reader` sees it."""
    _queue(session, Operation.EPHEMERAL, key, to, body_of(message, key), now=now, reader=reader)


def show(
    session: Session,
    message: Message,
    *,
    key: str,
    to: str,
    version: int | None,
    now: datetime,
    asked_in: str | None = None,
    under: str | None = None,
    anew: str | None = None,
) -> None:
    """Post the message, or change it in place if it stands already; only the newest version is sent.

    `version` None counts on from the last one: for a message that its caller holds a lock on.
    `asked_in` is the zone of a person who is asked: never outside their hours, nor again where an edit is refused.
    `under` makes it a reply, as in `reply`. `anew` is small print for where it was deleted, and is posted again.
    """
    version = version or _next_version(session, key)
    besides = {"asked_in": asked_in, "under": under, "anew": anew}
    body = body_of(message, key, version) | {name: value for name, value in besides.items() if value}
    _show(session, body, key=key, to=to, version=version, now=now)


def show_day(
    session: Session, message: Message | None, *, key: str, to: str, person_id: int, on: date, now: datetime
) -> None:
    """The daily message of one person's local date: it leaves on that date, inside their hours, or not at all.

    Without `message` it is drawn when it leaves. The caller holds a lock on the person.
    """
    version = _next_version(session, key)
    body: dict[str, Any] = {"asks": {"person": person_id, "on": on.isoformat()}}
    body |= body_of(message, key, version) if message else {"draw": True}
    _show(session, body, key=key, to=to, version=version, now=now)


def _next_version(session: Session, key: str) -> int:
    return 1 + (session.scalar(select(func.max(Outbox.version)).where(Outbox.message_key == key)) or 0)


def _show(session: Session, body: dict[str, Any], *, key: str, to: str, version: int, now: datetime) -> None:
    if version == 1:  # nothing of it was said before; a repeat finds its key taken
        _queue(session, Operation.POST, key, to, body, now=now)
        return
    waiting = (
        update(Outbox)
        .where(
            Outbox.message_key == key,
            Outbox.state == OutboxState.QUEUED,
            Outbox.version < version,
            Outbox.operation != Operation.REMOVE,
        )
        .values(body=body, version=version)
        .returning(Outbox.id)
    )
    if session.execute(waiting, execution_options={"synchronize_session": False}).scalars().all():
        session.info["queued"] = True
        return
    operation = Operation.UPDATE if is_known(session, key) else Operation.POST
    _queue(session, operation, key, to, body, now=now, version=version)


def remove(session: Session, *, key: str, to: str, version: int, now: datetime) -> None:
    """Take a message away. `version` is newer than all that it showed; shown again later, it is posted anew."""
    if take_back(session, key):
        _queue(session, Operation.REMOVE, key, to, {}, now=now, version=version)


def take_back(session: Session, key: str) -> bool:
    """What waits to be said is not said any more. True where it was said already, or may have been."""
    never_tried = and_(Outbox.state == OutboxState.QUEUED, Outbox.claimed_at.is_(None))
    given_up = Outbox.state == OutboxState.FAILED  # else it would be said once the bot is invited
    unsaid = update(Outbox).where(Outbox.message_key == key, or_(never_tried, given_up))
    session.execute(unsaid.values(state=OutboxState.SUPERSEDED, body={}))
    said = select(Outbox.id).where(Outbox.message_key == key, Outbox.state != OutboxState.SUPERSEDED)
    return session.scalar(said.limit(1)) is not None


def publish_home(session: Session, slack_ids: Iterable[str | None], *, now: datetime) -> None:
    """Refresh the Home of those who have ever opened theirs; it is drawn when it is sent."""
    keys = [home_key(slack_id) for slack_id in dict.fromkeys(slack_ids) if slack_id]
    if keys:
        refresh = _refresh_homes(session.get_bind().dialect.name)
        run_later(session, refresh, homes=keys, stamp=f"@{now.isoformat()}", at=now, **_DRAWN_LATER)
        session.info["queued"] = True


@cache
def _refresh_homes(dialect: str) -> Ready:
    """What is queued already is locked against being claimed before this unit is saved: what is drawn later shows
    what it changes."""
    homes: Any = bindparam("homes", expanding=True)
    queued = (
        select(_OUTBOX.c.message_key)
        .where(
            _OUTBOX.c.workspace_id == THIS_WORKSPACE,
            _OUTBOX.c.message_key.in_(homes),
            _OUTBOX.c.state == OutboxState.QUEUED,
        )
        .with_for_update(read=True)
        .cte("queued")
    )
    at = bindparam("at", type_=_OUTBOX.c.due_at.type)
    values = {
        "workspace_id": _POSTED.c.workspace_id,
        "key": _POSTED.c.key + bindparam("stamp"),
        "message_key": _POSTED.c.key,
        "target": _POSTED.c.channel,
        "created_at": at,
        "due_at": at,
    }
    same = placeholders(Outbox, ("operation", "body"))
    opened = select(*values.values(), *same.values()).where(
        _POSTED.c.workspace_id == THIS_WORKSPACE,
        _POSTED.c.key.in_(homes),
        _POSTED.c.key.not_in(select(queued.c.message_key)),
    )
    insert = insert_of(dialect)(Outbox).from_select([*values, *same], opened, include_defaults=False)
    return Ready(insert.on_conflict_do_nothing())


def home_key(slack_id: str) -> str:
    return f"home:{slack_id}"


def remember_home(session: Session, slack_id: str, *, now: datetime) -> None:
    key = home_key(slack_id)
    add_row_once(session, PostedMessage, key=key, channel=slack_id, ts="", version=1, posted_at=now)


def posted(session: Session, keys: Iterable[str]) -> dict[str, Posted]:
    """Where these messages stand, of those that do."""
    rows = session.scalars(select(PostedMessage).where(PostedMessage.key.in_(list(keys))))
    return {row.key: Posted(channel=row.channel, ts=row.ts, version=row.version) for row in rows}


def links(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Permanent links to these messages, of those that stand in Slack."""
    base = this_workspace(session).url
    return {key: permalink(base, where.channel, where.ts) for key, where in posted(session, keys).items()}


def permalink(workspace_url: str, channel: str, ts: str, thread_ts: str | None = None) -> str:
    """As Slack makes them; `thread_ts` names the message that a reply stands under."""
    url = f"{workspace_url}archives/{channel}/p{ts.replace('.', '')}"
    return f"{url}?thread_ts={thread_ts}&cid={channel}" if thread_ts and thread_ts != ts else url


def said_last(session: Session, keys: Iterable[str]) -> dict[str, tuple[str | None, Any]]:
    """The newest words and blocks of these messages, of those that were queued once: what equals them needs no edit."""
    statement = select(Outbox.message_key, Outbox.body).where(
        Outbox.message_key.in_(list(keys)), Outbox.state != OutboxState.SUPERSEDED
    )
    rows = session.execute(statement.order_by(Outbox.version, Outbox.id))
    return {row.message_key: words_of(row.body) for row in rows}


def was_said(session: Session, key: str) -> str | None:
    """The notification text of a message that was sent or given up, and not taken away since; what it said is kept
    for some days."""
    newest = select(Outbox.operation, Outbox.state, Outbox.body).where(
        Outbox.message_key == key, Outbox.state != OutboxState.SUPERSEDED
    )
    row = session.execute(newest.order_by(Outbox.version.desc(), Outbox.id.desc()).limit(1)).first()
    if row is None or row.operation == Operation.REMOVE or row.state not in (OutboxState.SENT, OutboxState.FAILED):
        return None
    return str(row.body.get("text") or "its words are not kept any more")


def words_of(body: dict[str, Any]) -> tuple[str | None, Any]:
    return body.get("text"), body.get("blocks")


def is_known(session: Session, key: str) -> bool:
    """This message was queued once, whatever became of it."""
    return session.scalar(select(Outbox.id).where(Outbox.message_key == key).limit(1)) is not None


def _queue(
    session: Session,
    operation: Operation,
    key: str,
    to: str,
    body: dict[str, Any],
    *,
    now: datetime,
    version: int = 1,
    reader: str | None = None,
) -> None:
    add_later(
        session,
        Outbox,
        once=True,
        key=f"{key}@{version}",
        message_key=key,
        operation=operation.value,
        target=to,
        reader=reader,
        body=body,
        version=version,
        created_at=now,
        due_at=now,
    )
    session.info["queued"] = True


def body_of(message: Message, key: str, version: int = 1) -> dict[str, Any]:
    """The metadata tells a message whose answer was lost from all others."""
    metadata = {"event_type": "stationmaster_message", "event_payload": {"key": key, "version": version}}
    body = message.payload() | {"metadata": metadata}
    return body | {"fallback": message.fallback} if message.fallback else body
