"""What becomes of a channel that programs and projects speak in: another name, another id, another channel."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.slack_text import storable
from bot.domain.stops import Meaning, meaning_of
from bot.errors import Refused, UserError
from bot.services import places, setup, stops
from bot.services.history import record_change
from models.schemas.delivery import OutboxState
from models.schemas.project import Place, PlaceKind
from models.schemas.unsent import Lifted
from models.tables import Checkin, Outbox, PostedMessage, Program, Project, StoppedTarget

_UNSYNCED = {"synchronize_session": False}
WAITING = (OutboxState.QUEUED, OutboxState.CLAIMED, OutboxState.FAILED)


def places_using(session: Session, channel: str) -> list[Place]:
    """The project or program that speaks there; then programs whose escalations, or whose check-ins, stand there."""
    own = places.of_channel(session, channel)
    found = [own] if own is not None else []
    escalating = session.scalars(select(Program.id).where(Program.escalation_channel == channel)).all()
    asking = session.execute(
        select(Checkin.project_id, Checkin.program_id).where(Checkin.channel == channel, Checkin.state != "ended")
    ).all()
    others = places.by_ids(
        session,
        project_ids=[row.project_id for row in asking if row.project_id is not None],
        program_ids=[*escalating, *(row.program_id for row in asking if row.program_id is not None)],
    )
    return [*found, *(place for place in others.values() if own is None or place.ref != own.ref)]


def rename(session: Session, channel: str, name: str) -> None:
    """Names of private channels are kept by nobody."""
    for table in (Project, Program):
        named = update(table).where(table.channel == channel, table.visibility != "restricted")
        session.execute(
            named.where(table.channel_name.is_not(None)).values(channel_name=storable(name)),
            execution_options=_UNSYNCED,
        )
    session.execute(
        update(Checkin)
        .where(Checkin.channel == channel, Checkin.name.startswith("#"))
        .values(name=f"#{storable(name)}"),
        execution_options=_UNSYNCED,
    )


def follow_id(session: Session, old: str, new: str) -> None:
    """Slack gave the channel another id: all that stands there still does."""
    if places.of_channel(session, new) is not None:
        return
    for table, column in (
        (Project, "channel"),
        (Program, "channel"),
        (Program, "escalation_channel"),
        (Checkin, "channel"),
        (PostedMessage, "channel"),
    ):
        is_old = getattr(table, column) == old
        session.execute(update(table).where(is_old).values({column: new}), execution_options=_UNSYNCED)
    _redirect(session, old, new)
    is_stopped = StoppedTarget.target == old
    if session.scalar(select(StoppedTarget.id).where(is_stopped)) is not None:
        session.execute(delete(StoppedTarget).where(StoppedTarget.target == new), execution_options=_UNSYNCED)
    session.execute(update(StoppedTarget).where(is_stopped).values(target=new), execution_options=_UNSYNCED)


def homeless(session: Session, by: Standing) -> list[Place]:
    """Places in whose channel nothing can be said, of those that this person may move elsewhere."""
    stopped = [stop.target for stop in stops.all_of(session) if meaning_of(stop.error) is Meaning.PLACE]
    if not stopped:
        return []
    found = places.by_ids(
        session,
        project_ids=session.scalars(
            select(Project.id).where(Project.channel.in_(stopped), Project.state.in_(places.OPEN))
        ),
        program_ids=session.scalars(
            select(Program.id).where(Program.channel.in_(stopped), Program.state.in_(places.OPEN))
        ),
    )
    may = policy.allowed("setup.change")
    return sorted((place for place in found.values() if policy.roles(by, place) & may), key=lambda place: place.name)


def move(
    session: Session, place: Place, *, channel: str, name: str | None, is_private: bool, by: Standing, now: datetime
) -> tuple[Place, Lifted]:
    """From now on it speaks in another channel; what waited for the old one and is still news is said there."""
    place = setup.hold(session, place)
    setup.require_may_change(place, by)
    old = place.channel
    if places.of_channel(session, channel) is not None:
        raise UserError("This channel belongs to a project or a program already. Nothing was moved.")
    if old is None or stops.find(session, old) is None:
        raise UserError(f"{place.name} can be said in its own channel. Nothing was moved.")
    if place.restricted and not is_private:
        raise Refused(
            f"{place.name} is restricted", "Type /pm setup in a private channel, so that others do not read it."
        )
    table = Project if place.kind is PlaceKind.PROJECT else Program
    visibility = "restricted" if is_private else "open"
    values = {"channel": channel, "channel_name": name, "visibility": visibility}
    session.execute(update(table).where(table.id == place.id).values(**values), execution_options=_UNSYNCED)
    record_change(
        session, place.kind.value, place.id, at=now, actor_id=by.person.id, field="channel", old=old, new=channel
    )
    _take_along(session, old, channel)
    lifted = stops.lift(session, old, now=now)
    _redirect(session, old, channel)
    session.expire_all()
    return places.get(session, place.ref), lifted


def _take_along(session: Session, old: str, new: str) -> None:
    """What stood in the old channel is posted anew with its next change; its team's check-in moves too."""
    session.execute(delete(PostedMessage).where(PostedMessage.channel == old), execution_options=_UNSYNCED)
    escalating = update(Program).where(Program.escalation_channel == old)
    session.execute(escalating.values(escalation_channel=new), execution_options=_UNSYNCED)
    taken = select(Checkin.id).where(Checkin.channel == new, Checkin.state != "ended")
    if session.scalar(taken.limit(1)) is None:
        asking = update(Checkin).where(Checkin.channel == old, Checkin.state != "ended")
        session.execute(asking.values(channel=new), execution_options=_UNSYNCED)


def _redirect(session: Session, old: str, new: str) -> None:
    waiting = update(Outbox).where(Outbox.target == old, Outbox.state.in_(WAITING))
    session.execute(waiting.values(target=new), execution_options=_UNSYNCED)
