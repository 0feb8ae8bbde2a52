"""A program's health set by hand: with a reason, for a while, and a better one by its sponsor alone (domain 4.5)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.status import SEVERITY
from bot.domain.wall_time import instant, local_date
from bot.errors import Attempt, InvalidForm, Refused
from bot.services import health, parameters
from bot.services.history import record_change
from models.schemas.dates import day_words
from models.schemas.override import BY_ITSELF, MIN_REASON, OverrideCard, OverrideDraft
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.roles import Role
from models.schemas.status import REPORTED, Health
from models.tables import HealthOverride, Program
from models.tables.unit import add_row

FIELD = "health_override"
MAY = policy.allowed("health.override")


def require(place: Place, by: Standing) -> None:
    """Raises Refused: it is for its program manager and its sponsor, for no admin."""
    if not policy.roles(by, place) & MAY:
        raise Refused(
            f"You cannot set the health of {place.name}",
            f"Its program manager and its sponsor can. Ask {place.owner.handle}.",
            attempt=Attempt("program", place.id, "override"),
        )


def card(session: Session, place: Place, by: Standing, *, now: datetime) -> OverrideCard:
    told = health.of_programs(session, [place.id], now=now).programs[place.id]
    live = told.override
    return OverrideCard(
        program=place,
        added_up=told.computed,
        health=live.health if live else None,
        reason=live.reason if live else None,
        until=local_date(live.expires_at, place.tz) if live else None,
        most_days=parameters.of_program(session, place.id).health.override_max_days,
        only_worse=Role.SPONSOR not in policy.roles(by, place),
    )


def save(session: Session, place: Place, draft: OverrideDraft, by: Standing, *, now: datetime) -> OverrideCard:
    """Takes the place of the one before. Raises InvalidForm with everything that is wrong."""
    require(place, by)
    session.get_one(Program, place.id, with_for_update=True)
    before = card(session, place, by, now=now)
    if draft.health == BY_ITSELF:
        _end(session, place, before, by.person, now=now)
        return card(session, place, by, now=now)
    chosen = _checked(draft, before, today=local_date(now, place.tz))
    _end(session, place, before, by.person, now=now, followed=True)
    assert draft.until is not None and draft.reason is not None
    add_row(
        session,
        HealthOverride,
        program_id=place.id,
        health=chosen.value,
        reason=draft.reason,
        set_by_id=by.person.id,
        set_at=now,
        expires_at=_end_of(draft.until, place, before.most_days, now=now),
    )
    record_change(
        session,
        "program",
        place.id,
        at=now,
        actor_id=by.person.id,
        field=FIELD,
        old=before.health,
        new=chosen,
        reason=draft.reason,
    )
    return card(session, place, by, now=now)


def _checked(draft: OverrideDraft, before: OverrideCard, *, today: date) -> Health:
    problems: dict[str, str] = {}
    if draft.health not in REPORTED:
        problems["health"] = "Choose Green, Amber or Red."
    elif before.only_worse and _is_better(Health(draft.health), before.added_up):
        problems["health"] = "A better colour than the projects add up to is set by the sponsor alone."
    if len(draft.reason or "") < MIN_REASON:
        problems["reason"] = f"Say why, in {MIN_REASON} characters or more. Everybody reads it in the rollup."
    latest = today + timedelta(days=before.most_days)
    if draft.until is None or not today < draft.until <= latest:
        problems["until"] = f"Choose a date from tomorrow to {day_words(latest)}."
    if problems:
        raise InvalidForm(problems)
    return Health(draft.health)


def _is_better(chosen: Health, added_up: Health | None) -> bool:
    return added_up is not None and SEVERITY[chosen] < SEVERITY[added_up]


def _end_of(until: date, place: Place, most_days: int, *, now: datetime) -> datetime:
    """On that date, at the hour at which it was set; a change of clocks makes it no longer than is allowed."""
    local = instant(until, now.astimezone(ZoneInfo(place.tz)).time(), place.tz)
    return min(local, now + timedelta(days=most_days))


def _end(
    session: Session, place: Place, before: OverrideCard, by: PersonCard, *, now: datetime, followed: bool = False
) -> None:
    """Whatever was set ends now."""
    live = select(HealthOverride.id).where(HealthOverride.program_id == place.id, HealthOverride.expires_at > now)
    ids = session.scalars(live).all()
    session.execute(update(HealthOverride).where(HealthOverride.id.in_(ids)).values(expires_at=now))
    session.expire_all()
    if ids and not followed:
        record_change(session, "program", place.id, at=now, actor_id=by.id, field=FIELD, old=before.health, new=None)
