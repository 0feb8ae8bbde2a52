"""Dependencies: what one project needs of another, or of somebody outside."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.checkin_round import DependencyDraft
from models.schemas.people import PersonCard
from models.schemas.plan import DependencyState
from models.schemas.project import Place, PlaceKind
from models.tables import Dependency
from models.tables.unit import add_row

KIND = "dependency"


def propose(
    session: Session, draft: DependencyDraft, *, give: Place | None, get: Place, by: PersonCard, now: datetime
) -> int:
    """Wanted, and promised by nobody yet: it never counts as on track until its provider commits. Returns its id."""
    if get.kind is not PlaceKind.PROJECT:
        raise UserError("Choose a project, not a whole program.", field="get_project")
    if give is not None and give.kind is not PlaceKind.PROJECT:
        raise UserError("Choose a project, not a whole program.", field="give_project")
    if give is not None and give.id == get.id:
        raise UserError("A project cannot depend on itself. Choose another.", field="give_project")
    if (give is None) == (draft.give_name is None):
        raise UserError("Say who provides it: a project, or a name.", field="give_project")
    dependency_id = add_row(
        session,
        Dependency,
        number=next_number(session, KIND),
        title=draft.title,
        give_project_id=give.id if give else None,
        give_name=draft.give_name,
        get_project_id=get.id,
        needed_by=draft.needed_by,
        state=DependencyState.PROPOSED.value,
        created_at=now,
    )
    record_change(session, KIND, dependency_id, at=now, actor_id=by.id, new=LOGGED)
    return dependency_id
