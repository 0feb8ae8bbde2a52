"""When a program's rollup goes out: one of its operating parameters."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import parameters, schedule
from models.schemas.override import HourDraft
from models.schemas.parameters import RollupRules
from models.schemas.people import PersonCard
from models.schemas.project import Place


def of(session: Session, place: Place) -> RollupRules:
    return parameters.of_program(session, place.id).rollup


def save(session: Session, place: Place, draft: HourDraft, *, by: PersonCard, now: datetime) -> datetime | None:
    """Returns the next one's instant, None while the program is not active."""
    known = parameters.of_program(session, place.id)
    chosen = RollupRules(weekday=draft.weekday, local_time=draft.local_time)
    parameters.set_parameters(
        session, place.id, known.model_copy(update={"rollup": chosen}), by_id=by.id, reason=None, now=now
    )
    return schedule.ensure_rule(session, place, now=now)
