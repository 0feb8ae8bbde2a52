"""Who may look at a program's rollup before it goes out, and who may send, skip or move it."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import delivery, places, portfolio_posting, rollup_posting
from models.schemas.project import Place, PlaceKind
from models.schemas.roles import Role
from models.schemas.rollup import RollupPast
from models.schemas.status import Health
from models.tables import Occurrence, Program, Project

ACT = policy.allowed("rollup.act")


def program_of(session: Session, channel: str | None, by: Standing) -> Place:
    """Of the channel, or of the project that it is; else the one that this person runs. Raises UserError."""
    here = places.of_channel(session, channel)
    if here is not None and here.program_id is not None:
        return _seen(session, here.program_id, by)
    mine = session.scalars(
        select(Program.id).where(or_(Program.manager_id == by.person.id, Program.sponsor_id == by.person.id))
    ).all()
    if len(mine) != 1:
        raise UserError("Type /pm rollup in the channel of a program, or of one of its projects.")
    return _seen(session, mine[0], by)


def program(session: Session, program_id: int | None, by: Standing) -> Place:
    """That a button names. Raises NotFound in the same words where it does not exist for this person."""
    return _seen(session, program_id or 0, by)


def _seen(session: Session, program_id: int, by: Standing) -> Place:
    place = places.by_ref(session, f"program:{program_id}")
    if place is None:
        raise NotFound("this program")
    if Role.OUTSIDER in policy.roles(by, place):
        raise NotFound("this program", attempt=Attempt("program", place.id, "rollup"))
    return place


def may_act(place: Place, by: Standing) -> bool:
    return bool(policy.roles(by, place) & ACT)


def require_act(place: Place, by: Standing, verb: str) -> None:
    if not may_act(place, by):
        raise Refused(
            f"You cannot {verb} the rollup of {place.name}",
            f"Its program manager, sponsor and admins can. Ask {place.owner.handle}.",
            attempt=Attempt("program", place.id, "rollup"),
        )


def require_preview(session: Session, place: Place, by: Standing) -> None:
    """Also who leads one of its projects."""
    if may_act(place, by):
        return
    leads = select(Project.id).where(
        Project.program_id == place.id,
        or_(Project.owner_id == by.person.id, Project.backup_id == by.person.id),
    )
    guest = by.is_stranger or by.person.is_guest or by.person.is_bot
    if guest or session.scalar(leads.limit(1)) is None:
        raise Refused(
            f"You cannot preview the rollup of {place.name}",
            f"Its program manager, sponsor, admins and the owners of its projects can. Ask {place.owner.handle}.",
            attempt=Attempt("program", place.id, "rollup"),
        )


def readable(session: Session, occurrence_id: int | None, by: Standing) -> Occurrence:
    """A rollup that stands, for whom its program exists; that of all programs in its own channel. Raises NotFound."""
    found = rollup_posting.occurrence(session, occurrence_id)
    if found.program_id is None:
        if by.channel is None or portfolio_posting.channel_of(session, found) != by.channel:
            raise NotFound("this rollup")
        return found
    place = places.by_ref(session, f"program:{found.program_id}")
    if place is None or Role.OUTSIDER in policy.roles(by, place):
        raise NotFound("this rollup")
    return found


def past(session: Session, occurrence: Occurrence | None) -> RollupPast | None:
    """What is kept of a rollup."""
    if occurrence is None or occurrence.snapshot is None:
        return None
    key = f"rollup:{occurrence.id}"
    link = delivery.links(session, [key]).get(key)
    said = occurrence.snapshot
    return RollupPast(
        name=_name(session, occurrence),
        period=occurrence.period,
        on=occurrence.local_date,
        health=Health(said["health"]) if said.get("health") else None,
        projects=_healths(said.get("projects", {}).values()),
        asks=int(said.get("asks", 0)),
        link=link,
    )


def _healths(words: Iterable[str]) -> list[Health]:
    return [Health(word) for word in words]


def _name(session: Session, occurrence: Occurrence) -> str:
    if occurrence.program_id is None:
        return "Portfolio"
    return places.get(session, f"{PlaceKind.PROGRAM}:{occurrence.program_id}").name
