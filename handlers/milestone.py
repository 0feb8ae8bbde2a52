"""What its owner does to a milestone: mark it as achieved, or move its date with the reason."""

from datetime import date

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.notices import milestone as notices
from bot.services import milestone as milestones
from bot.views.milestone import redate_form, with_effect
from handlers.acts import Acts
from handlers.feature import Ask, Feature, Reply, reads
from handlers.forms import form_values
from handlers.resume import same_view
from models.schemas.milestone import RedateDraft

ACTS = Acts(
    kind=milestones.KIND,
    find_by_id=milestones.find_by_id,
    check=milestones.check,
    act=milestones.act,
    at_once=("achieve",),
    drafts={"redate": RedateDraft},
    form=redate_form,
    tell_changed=notices.tell_changed,
)


@reads
def choose_date(ask: Ask, session: Session) -> Reply:
    """What a date would mean is shown as it is chosen."""
    milestone = ACTS.seen(ask, session, str(ask.metadata.get(milestones.KIND)))
    today = ask.today(ask.standing(session).person.tz)
    try:
        new = date.fromisoformat(str(form_values(ask).get("due_on")))
    except ValueError:
        raise UserError("Choose the new date.", field="due_on") from None
    return Reply(changed_form=same_view(ask.view, with_effect(ask.blocks, milestone, new, today=today)))


FEATURE = Feature(actions={**ACTS.actions(), "due_on": choose_date}, forms=ACTS.forms())
