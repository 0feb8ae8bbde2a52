"""How a program is run, as its people see and change it: operating parameters, its calendar, where threads open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import calendars, history, parameters, people, places, schedule
from bot.services.history import record_change
from models.schemas.calendar import WorkWeek
from models.schemas.escalation import Rule
from models.schemas.parameters import DEFAULTS, Parameters
from models.schemas.project import Place, PlaceKind, State
from models.schemas.roles import Role
from models.schemas.settings import (
    ALL_SETTINGS,
    BY_KEY,
    Board,
    Changed,
    LastChange,
    Saved,
    Section,
    SectionKey,
    Version,
)
from models.schemas.settings_drafts import CalendarDraft, Draft
from models.tables import Calendar, History, OperatingParameters, Program
from models.tables.unit import add_row_once

KIND = PlaceKind.PROGRAM.value
CALENDAR_NAMES = ("working_days", "start", "end", "country", "region")
ASKING = frozenset({SectionKey.STATUS, SectionKey.MESSAGES})
"""Sections by which dates of asks and rollups are counted."""


def board(session: Session, program: Place, by: Standing, *, now: datetime) -> Board:
    """What holds now. Raises NotFound for whom the program does not exist."""
    held = policy.roles(by, program)
    if Role.OUTSIDER in held or program.kind is not PlaceKind.PROGRAM:
        raise NotFound("this program", attempt=Attempt(KIND, program.id, "see"))
    last = select(func.max(OperatingParameters.version)).where(OperatingParameters.program_id == program.id)
    channel = session.scalar(select(Program.escalation_channel).where(Program.id == program.id))
    return Board(
        program=program,
        today=local_date(now, program.tz),
        version=session.scalar(last) or 0,
        values=shown_values(parameters.of_program(session, program.id), program.week, channel),
        defaults=shown_values(DEFAULTS, None, None),
        changes=_last_changes(session, program.id),
        may_edit=bool(held & policy.allowed("program.settings")),
    )


def hold(session: Session, program: Place) -> Place:
    """The program as it is now; until this unit ends nobody else changes it."""
    session.get_one(Program, program.id, with_for_update=True, populate_existing=True)
    return places.get(session, program.ref)


def require_may_edit(session: Session, program: Place, by: Standing) -> None:
    held, attempt = policy.roles(by, program), Attempt(KIND, program.id, "change")
    if Role.OUTSIDER in held or program.kind is not PlaceKind.PROGRAM:
        raise NotFound("this program", attempt=attempt)
    allowed = policy.allowed("program.settings")
    if held & allowed:
        return
    cards = people.cards(session, (program.manager_id, program.sponsor_id))
    named = {Role.MANAGER: program.manager_id, Role.SPONSOR: program.sponsor_id}
    names = {role: [cards[person].handle] for role, person in named.items() if person in cards}
    who = policy.who_may(allowed, program, names)
    raise Refused(f"You cannot change how {program.name} is run", f"{who[0].upper()}{who[1:]} can.", attempt=attempt)


def save(session: Session, program: Place, key: SectionKey, draft: Draft, by: Standing, *, now: datetime) -> Saved:
    """It holds for what begins from now on. The program is held, and `by` may change it."""
    before = board(session, program, by, now=now)
    new = _typed(draft, BY_KEY[key])
    changes = [Changed(path=path, old=before.values[path], new=value) for path, value in new.items()]
    changes = [change for change in changes if change.old != change.new]
    if isinstance(draft, CalendarDraft):
        _require_known(draft)
        _save_calendar(session, program, draft)
    _note(session, program, [c for c in changes if not c.path.startswith("parameters.")], by, draft.reason, now)
    if any(change.path.startswith("parameters.") for change in changes):
        _save_parameters(session, program, new, by, draft.reason, now)
    if "escalation_channel" in new:
        values = {"escalation_channel": new["escalation_channel"]}
        session.execute(update(Program).where(Program.id == program.id).values(**values))
    if changes and key in ASKING:
        _follow(session, program, now)
    after = board(session, places.get(session, program.ref), by, now=now)
    return Saved(
        program=after.program,
        section=key.value,
        version=after.version,
        changes=changes,
        by=by.person,
        reason=draft.reason,
    )


def versions(session: Session, program: Place) -> list[Version]:
    """Who changed what, the newest first; an import changes too."""
    found = []
    for event in history.events(session, KIND, program.id):
        changes = [
            Changed(path=change.field, old=change.old, new=change.new)
            for change in event.changes
            if change.field in ALL_SETTINGS or change.field == RULES_OFF
        ]
        if changes:
            found.append(Version(at=event.at, by=event.by, reason=event.reason, changes=[_told(c) for c in changes]))
    return found


RULES_OFF, RULES_ON = "parameters.ladder.rules_off", "parameters.ladder.rules"


def _told(change: Changed) -> Changed:
    """What is kept as the rules that are off is shown as those that are used."""
    if change.path != RULES_OFF:
        return change
    return Changed(path=RULES_ON, old=_rules_on(change.old or []), new=_rules_on(change.new or []))


def _rules_on(off: Any) -> list[str]:
    return [rule.value for rule in Rule if rule.value not in off]


def shown_values(rules: Parameters, week: WorkWeek | None, channel: str | None) -> dict[str, Any]:
    """By path, as they are stored."""
    kept = rules.model_dump(mode="json")
    days = (week or WorkWeek()).model_dump(mode="json")
    own = {"rules": _rules_on(rules.ladder.rules_off), "escalation_channel": channel}
    return {
        setting.path: own[setting.name]
        if setting.name in own
        else (days if setting.part == "calendar" else kept[setting.part])[setting.name]
        for setting in ALL_SETTINGS.values()
    }


def _typed(draft: Draft, section: Section) -> dict[str, Any]:
    """What a form says, by path, in the words in which it is stored."""
    said = draft.model_dump(mode="json")
    if "rules" in said:
        said["rules"] = [rule.value for rule in Rule if rule.value in said["rules"]]
    if "working_days" in said:
        said["working_days"] = sorted(set(said["working_days"]))
    return {setting.path: said[setting.name] for setting in section.settings}


def _last_changes(session: Session, program_id: int) -> dict[str, LastChange]:
    """Who changed each value last."""
    paths = [*ALL_SETTINGS, RULES_OFF]
    statement = select(History).where(History.kind == KIND, History.record_id == program_id, History.field.in_(paths))
    rows = session.scalars(statement.order_by(History.at, History.id)).all()
    who = people.cards(session, (row.actor_id for row in rows))
    found = {row.field: LastChange(at=row.at, by=who.get(row.actor_id or 0)) for row in rows}
    return found | ({RULES_ON: found[RULES_OFF]} if RULES_OFF in found else {})


def _save_parameters(
    session: Session, program: Place, new: Mapping[str, Any], by: Standing, reason: str, now: datetime
) -> None:
    kept = parameters.of_program(session, program.id).model_dump(mode="json")
    for path, value in new.items():
        setting = ALL_SETTINGS[path]
        if path == RULES_ON:
            kept["ladder"]["rules_off"] = [rule.value for rule in Rule if rule.value not in value]
        elif setting.part in kept:
            kept[setting.part][setting.name] = value
    changed = Parameters.model_validate(kept)
    parameters.set_parameters(session, program.id, changed, by_id=by.person.id, reason=reason, now=now)


def _require_known(draft: CalendarDraft) -> None:
    """Raises UserError for a country, or a region of it, whose public holidays nobody has told us."""
    if draft.country is None:
        return
    regions = calendars.regions_of(draft.country)
    if regions is None:
        raise UserError(
            f"I know no public holidays of {draft.country}. Two letters of a country, as DE.", field="country"
        )
    if draft.region is not None and draft.region not in regions:
        known = f"Its regions are {', '.join(regions)}." if regions else "It has no regions of its own."
        raise UserError(f"I do not know {draft.region} in {draft.country}. {known}"[:150], field="region")


def _save_calendar(session: Session, program: Place, draft: CalendarDraft) -> None:
    add_row_once(session, Calendar, program_id=program.id, working_days=draft.working_days, holidays=[])
    values = {name: getattr(draft, name) for name in CALENDAR_NAMES} | {"working_days": sorted(set(draft.working_days))}
    session.execute(update(Calendar).where(Calendar.program_id == program.id).values(**values))


def _note(session: Session, program: Place, changes: list[Changed], by: Standing, reason: str, now: datetime) -> None:
    for change in changes:
        record_change(
            session,
            KIND,
            program.id,
            at=now,
            actor_id=by.person.id,
            field=change.path,
            old=change.old,
            new=change.new,
            reason=reason,
        )


def _follow(session: Session, program: Place, now: datetime) -> None:
    """The next requests and the next rollup come by the new rule."""
    projects = places.projects_of_program(session, program.id)
    resting = (State.COMPLETED, State.CANCELLED)
    schedule.ensure_rules(session, [program, *(p for p in projects if p.state not in resting)], now=now)
