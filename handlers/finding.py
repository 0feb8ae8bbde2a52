"""What its owner says about an audit finding. Closing it is somebody else's."""

from bot.notices import finding as notices
from bot.services import finding as findings
from bot.views.finding import finding_form
from handlers.acts import Acts
from handlers.feature import Feature
from models.schemas.finding import FindingUpdateDraft

ACTS = Acts(
    kind=findings.KIND,
    find_by_id=findings.find_by_id,
    check=findings.check,
    act=findings.act,
    at_once=(),
    drafts={"update": FindingUpdateDraft},
    form=finding_form,
    tell_changed=notices.tell_changed,
)

FEATURE = Feature(actions=ACTS.actions(), forms=ACTS.forms())
