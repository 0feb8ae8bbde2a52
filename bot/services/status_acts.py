"""What people do with statuses: who may post one, what readers answer, and looking back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Involved, Standing
from bot.domain.wall_time import local_date
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import delivery, people, places, register, status_readings
from bot.services.status import KIND, card_key, find_by_id, get, latest, lock
from models.schemas.asks import AskState, Handed
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.roles import Role
from models.schemas.status import Answer, Health, StatusCard, StatusLine
from models.tables import Ask, StatusUpdate

POST = policy.allowed("status.post")
READ = policy.allowed("status.acknowledge") & {Role.LEAD, Role.ADMIN, Role.MEMBER}
SHARE = policy.allowed("record.share") & READ
"""A status belongs to its project: what one is to other records gives nothing here."""

LINES = 10
"""How far the list of them goes back."""


@dataclass(frozen=True)
class _Of:
    """A project, or one of its statuses, as the register asks about records."""

    id: int
    ref: str
    place: Place
    status: str = ""
    link: str | None = None
    holders: dict[Role, list[PersonCard]] = field(default_factory=dict)


def may_post(place: Place, by: Standing) -> bool:
    """Its owner, the backup, the program's manager and sponsor, and admins speak for a project."""
    return place.kind is PlaceKind.PROJECT and bool(policy.roles(by, place) & POST)


def require_post(session: Session, place: Place, by: Standing, *, verb: str = "post the status of") -> None:
    """Raises NotFound and Refused; both are kept with the project."""
    held = policy.roles(by, place)
    if not held & POST and (taken := _taken_over(session, place, by)):
        held = policy.roles(replace(by, stands_in_for=taken), place)
    of = _Of(place.id, place.name, place)
    register.require_sight("project", of, held, "this project", action="post_status")
    allowed = POST if place.backup_id is not None else POST - {Role.BACKUP}
    register.require(session, "project", of, held, allowed, action="post_status", verb=verb)


def _taken_over(session: Session, place: Place, by: Standing) -> frozenset[int]:
    """Whose request for this project's status they took over."""
    taken = select(Ask.person_id).where(
        Ask.kind == AskKind.STATUS,
        Ask.project_id == place.id,
        Ask.state == AskState.OPEN,
        Ask.handed_to_id == by.person.id,
        Ask.handed_state == Handed.TAKEN,
    )
    return frozenset(session.scalars(taken))


def stood_in_for(place: Place, by: Standing) -> PersonCard | None:
    """The absent owner, where nothing else lets this person speak for the project."""
    absent = policy.stood_in_for(by, place, Involved(), POST)
    return place.owner if absent is not None else None


def require_see(session: Session, place: Place, by: Standing, *, action: str) -> None:
    """Raises NotFound, in the words for what is not there, where the project does not exist for this person."""
    of = _Of(place.id, place.name, place)
    register.require_sight("project", of, policy.roles(by, place), "this project", action=action)


def require_share(session: Session, place: Place, by: Standing) -> None:
    """Raises Refused for guests, and where a restricted project's words would leave its channel."""
    require_see(session, place, by, action="share")
    if place.restricted and by.channel != place.channel:
        raise Refused(
            f"{place.name} is restricted",
            "What is known of it stays in its own channel.",
            attempt=Attempt("project", place.id, "share"),
        )
    of = _Of(place.id, f"the slips of {place.name}", place)
    held, allowed = policy.roles(by, place), SHARE
    if Role.GUEST in held:
        attempt = Attempt("project", place.id, "share")
        raise Refused(f"Guests cannot share {of.ref}", "Ask a member of this channel to do it.", attempt=attempt)
    register.require(session, "project", of, held, allowed, action="share", verb="share")


def check_see(session: Session, update_id: int | None, by: Standing) -> StatusCard:
    """The update, for whom it exists."""
    card = find_by_id(session, update_id)
    if card is None:
        raise NotFound("this status")
    held = policy.roles(by, card.place)
    if Role.OUTSIDER in held:
        raise NotFound("this status", attempt=Attempt(KIND, card.id, "see"))
    return card


def check_read(session: Session, update_id: int | None, by: Standing) -> StatusCard:
    """The update, where this person may answer it as a reader. A replaced one takes no answers any more."""
    card = check_see(session, update_id, by)
    if card.replaced_by is not None:
        raise UserError("This status was corrected by a new one. Nothing was changed.")
    of = _Of(card.id, f"the status of {card.place.name}", card.place)
    register.require(session, KIND, of, policy.roles(by, card.place), READ, action="acknowledge", verb="answer")
    return card


def check_correct(session: Session, update_id: int | None, by: Standing) -> StatusCard:
    """The update, where this person may take it back by a new one: only a project's last word is corrected."""
    card = check_see(session, update_id, by)
    last = latest(session, [card.place.id]).get(card.place.id)
    if last is None or last.id != card.id:
        raise UserError("A newer status was posted since. Correct that one. Nothing was changed.")
    require_post(session, card.place, by, verb="correct the status of")
    return card


def answer(session: Session, update_id: int | None, said: Answer, by: Standing, *, now: datetime) -> StatusCard | None:
    """What a reader says; None where they said it before."""
    lock(session, update_id)
    card = check_read(session, update_id, by)
    changed = status_readings.put(session, card.id, by.person, said, now=now)
    return get(session, card.id) if changed else None


def lines(session: Session, place: Place) -> tuple[Sequence[StatusLine], int]:
    """The last statuses of a project, the newest first, and how many there are in all."""
    mine = StatusUpdate.project_id == place.id
    total = session.scalar(select(func.count()).select_from(StatusUpdate).where(mine)) or 0
    newest = select(StatusUpdate).where(mine).order_by(StatusUpdate.posted_at.desc(), StatusUpdate.id.desc())
    rows = session.scalars(newest.limit(LINES)).all()
    who = people.cards(session, (row.author_id for row in rows))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    found = [
        StatusLine(
            period=row.period,
            posted_on=local_date(row.posted_at, place.tz),
            author=who[row.author_id],
            health=Health(row.health),
            summary=row.summary,
            moved_to=row.new_target_on,
            corrected=row.superseded_by_id is not None,
            link=links.get(card_key(row.id)),
        )
        for row in rows
    ]
    return found, total


def place_of(session: Session, ref: str) -> Place:
    """The project that a button names. Raises NotFound."""
    place = places.by_ref(session, ref)
    if place is None or place.kind is not PlaceKind.PROJECT:
        raise NotFound("this project")
    return place
