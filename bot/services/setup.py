"""Turning a channel into a program or a project."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.risk_matrix import Preset
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import people, places, rescoring, schedule, slips, watch
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, SetupDraft, SetupReceipt
from models.schemas.roles import Role
from models.tables import Program, Project
from models.tables.unit import add_row


def set_up(
    session: Session,
    draft: SetupDraft,
    *,
    channel: str,
    channel_name: str | None,
    restricted: bool,
    who: dict[str, PersonCard],
    program: Place | None,
    by: PersonCard,
    now: datetime,
) -> SetupReceipt:
    """`who` are the persons of the draft by Slack id; a private channel makes a restricted place."""
    if places.of_channel(session, channel) is not None:
        raise _set_up_already()
    values: dict[str, Any] = {
        "name": draft.name,
        "channel": channel,
        "channel_name": channel_name,
        "visibility": "restricted" if restricted else "open",
        "target_on": draft.target_on,
        "created_at": now,
    }
    owner = who[draft.owner]
    try:
        with session.begin_nested():
            if draft.kind is PlaceKind.PROJECT:
                place = _new_project(session, values, draft, owner=owner, who=who, program=program)
            else:
                place = _new_program(session, values, draft, owner=owner, who=who)
    except IntegrityError:  # somebody else's unit was faster
        raise _set_up_already() from None
    record_change(session, draft.kind.value, place.id, at=now, actor_id=by.id, new=LOGGED)
    first = schedule.ensure_rule(session, place, now=now)
    if place.kind is PlaceKind.PROGRAM:
        watch.begin(session, place.id, now=now)
    return SetupReceipt(place=place, first_ask_at=first, edited=False)


def _set_up_already() -> UserError:
    return UserError("This channel was set up a moment ago. Type /pm setup again to change it.", field="name")


def hold(session: Session, place: Place) -> Place:
    """The place as it is now; until this unit ends nobody else changes it."""
    if place.kind is PlaceKind.PROJECT:
        slips.lock(session, place.id)
    else:
        session.get_one(Program, place.id, with_for_update=True, populate_existing=True)
    return places.get(session, place.ref)


def change(
    session: Session,
    draft: SetupDraft,
    *,
    place: Place,
    who: dict[str, PersonCard],
    program: Place | None,
    by: PersonCard,
    now: datetime,
) -> SetupReceipt:
    """Owner, name, date and the rest can be changed; the kind, the channel and the first baseline stay."""
    table = Project if place.kind is PlaceKind.PROJECT else Program
    new = _editable(draft, place, who=who, program=program, unshown=_unshown(session, place))
    row = slips.lock(session, place.id) if table is Project else session.get_one(table, place.id)
    changed = {name: value for name, value in new.items() if getattr(row, name) != value}
    for name, value in changed.items():
        old = getattr(row, name)
        record_change(session, place.kind.value, place.id, at=now, actor_id=by.id, field=name, old=old, new=value)
    if isinstance(row, Project) and "target_on" in changed:
        changed |= slips.missing_baseline(row, changed["target_on"])
    if changed:
        session.execute(update(table).where(table.id == place.id).values(**changed))
    session.expire_all()
    fresh = places.get(session, place.ref)
    if "risk_matrix" in changed:
        rescoring.rescore_program(session, fresh)
    if "program_id" in changed:
        rescoring.move_project(session, fresh)
    first = schedule.ensure_rule(session, fresh, now=now)
    return SetupReceipt(
        place=fresh, first_ask_at=first, edited=True, rescored=bool(changed.keys() & {"risk_matrix", "program_id"})
    )


def require_may_change(place: Place, by: Standing) -> None:
    """Raises NotFound where the place does not exist for this person, Refused where others may."""
    held, attempt = policy.roles(by, place), Attempt(place.kind.value, place.id, "change")
    if Role.OUTSIDER in held:
        raise NotFound("this project", attempt=attempt)
    if not held & policy.allowed("setup.change"):
        raise Refused(
            f"You cannot change {place.name}",
            f"Its owner, program manager, sponsor and admins can. Ask {place.owner.handle}.",
            attempt=attempt,
        )


def other_people(session: Session, place: Place) -> dict[str, str | None]:
    """Slack ids of backup and sponsor, for the form."""
    cards = people.cards(session, (place.backup_id, place.sponsor_id))

    def slack_id(person_id: int | None) -> str | None:
        return cards[person_id].slack_id if person_id in cards else None

    return {"backup": slack_id(place.backup_id), "sponsor": slack_id(place.sponsor_id)}


def _new_project(
    session: Session,
    values: dict[str, Any],
    draft: SetupDraft,
    *,
    owner: PersonCard,
    who: dict[str, PersonCard],
    program: Place | None,
) -> Place:
    project_id = add_row(
        session,
        Project,
        number=next_number(session, "project"),
        program_id=program.id if program else None,
        owner_id=owner.id,
        backup_id=who[draft.backup].id if draft.backup else None,
        baseline_on=draft.target_on,
        **values,
    )
    return places.get(session, f"project:{project_id}")


def _new_program(
    session: Session, values: dict[str, Any], draft: SetupDraft, *, owner: PersonCard, who: dict[str, PersonCard]
) -> Place:
    program_id = add_row(
        session,
        Program,
        number=next_number(session, "program"),
        manager_id=owner.id,
        sponsor_id=who[draft.sponsor].id if draft.sponsor else None,
        tz=owner.tz,
        risk_matrix=_preset(draft) or Preset.NPSA.value,
        horizon="dated" if draft.target_on else "rolling",
        **values,
    )
    return places.get(session, f"program:{program_id}")


def _preset(draft: SetupDraft) -> str | None:
    if draft.risk_matrix is None:
        return None
    if draft.risk_matrix not in set(Preset):
        raise UserError("Choose one of the matrices.", field="risk_matrix")
    return draft.risk_matrix


def _unshown(session: Session, place: Place) -> dict[str, int]:
    """Backup and sponsor whom no form can show, for want of a Slack id: left empty there, they stay."""
    cards = people.cards(session, (place.backup_id, place.sponsor_id))
    named = {"backup": place.backup_id, "sponsor": place.sponsor_id}
    return {role: person for role, person in named.items() if person in cards and cards[person].slack_id is None}


def _editable(
    draft: SetupDraft, place: Place, *, who: dict[str, PersonCard], program: Place | None, unshown: dict[str, int]
) -> dict[str, Any]:
    shared = {"name": draft.name, "target_on": draft.target_on}
    if place.kind is PlaceKind.PROGRAM:
        sponsor = who[draft.sponsor].id if draft.sponsor else unshown.get("sponsor")
        chosen = _preset(draft) or place.risk_matrix
        return shared | {"manager_id": who[draft.owner].id, "sponsor_id": sponsor, "risk_matrix": chosen}
    return shared | {
        "owner_id": who[draft.owner].id,
        "backup_id": who[draft.backup].id if draft.backup else unshown.get("backup"),
        "program_id": program.id if program else None,
    }
