import json
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import UserError
from bot.notices import decision as notices
from bot.services import decision as decisions
from bot.services import decision_acts, people
from bot.views.decision_form import Start, decision_form
from handlers.capture import kept_source, opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.decision import DecisionDraft
from models.schemas.project import Place

TITLE, REST = 150, 1000
USUAL_TIME = timedelta(days=7)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    start = opening(ask, session, title=TITLE, rest=REST)
    person = ask.person(session)
    zone = person.tz if person else people.default_zone(session)
    filled = Start(driver=ask.user, due_on=ask.today(zone) + USUAL_TIME, title=start.title, context=start.rest)
    metadata = json.dumps({"channel": start.channel})
    return Reply(form=decision_form(places=start.choices, here=start.here, start=filled, metadata=metadata))


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, DecisionDraft, today=ask.today(author.tz), person=author)
    place = form.places["project"]
    logged = decisions.log_decision(
        session,
        form.draft,
        place=place,
        people=form.people,
        author=author,
        now=ask.now,
        supersedes_id=_supersedes(ask, session, place),
        source_url=kept_source(ask, place),
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    return Reply()


def _supersedes(ask: Ask, session: Session, place: Place) -> int | None:
    """The decision that this one takes the place of: it is asked for where the old one stands, for the same readers."""
    named = ask.metadata.get("supersedes")
    if named is None:
        return None
    old = decision_acts.check(session, row_id(str(named)), "replace", ask.standing(session), now=ask.now)
    if old.place is not None and old.place.ref != place.ref:
        raise UserError(f"{old.ref} belongs to {old.place.name}. Choose it here too.", field="project")
    return old.id


FEATURE = Feature(
    commands=(
        Command(
            word="decision",
            alias="/decision",
            group="Log",
            examples=(("/decision Cutover strategy", "asks one person for a decision"),),
            handler=open_form,
            button="Log decision",
        ),
    ),
    actions={"decision.form": open_form},
    forms={"decision.log": save},
)
