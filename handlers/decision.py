import json
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, Refused, UserError
from bot.notices import decision as notices
from bot.services import decision as decisions
from bot.services import people, places
from bot.views.decision import decide_form, decision_form
from handlers.capture import opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from models.schemas.decision import OPEN, DecideDraft, DecisionCard, DecisionDraft
from models.schemas.people import PersonCard

TITLE, REST = 150, 1000
USUAL_TIME = timedelta(days=7)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    start = opening(ask, session, title=TITLE, rest=REST)
    person = ask.person(session)
    zone = person.tz if person else people.default_zone(session)
    view = decision_form(
        places=start.choices,
        here=start.here,
        driver=ask.user,
        due_on=ask.today(zone) + USUAL_TIME,
        metadata=json.dumps({"channel": start.channel}),
        initial_title=start.title,
        initial_context=start.rest,
    )
    return Reply(form=view)


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, DecisionDraft, today=ask.today(author.tz), person=author)
    logged = decisions.log_decision(
        session, form.draft, place=form.places["project"], people=form.people, author=author, now=ask.now
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    return Reply()


@reads
def open_decide(ask: Ask, session: Session) -> Reply:
    decision = _to_decide(ask, session, ask.person(session), ask.value)
    return Reply(form=decide_form(decision, metadata=json.dumps({"decision": decision.id, "channel": ask.channel})))


@writes
def decide(ask: Ask, session: Session) -> Reply:
    person = people.ensure(session, ask.user)
    decision = _to_decide(ask, session, person, str(ask.metadata.get("decision")))
    draft = read_form(ask, session, DecideDraft, today=ask.today(person.tz), person=person).draft
    if decision.options and draft.chosen not in {option.id for option in decision.options}:
        raise UserError("Choose one of the options.", field="chosen" if "chosen" in form_values(ask) else "rationale")
    decided = decisions.decide(
        session, decision.id, chosen=draft.chosen, rationale=draft.rationale, by=person, now=ask.now
    )
    notices.tell_decided(session, decided, pressed_in=ask.metadata.get("channel"), now=ask.now)
    return Reply()


def _to_decide(ask: Ask, session: Session, person: PersonCard | None, decision_id: str) -> DecisionCard:
    """An open decision of which this person is the approver."""
    decision = decisions.find_by_id(session, row_id(decision_id))
    person_id = person.id if person else None
    is_approver = decision is not None and decision.approver.id == person_id
    visible = decision and (decision.place is None or places.may_see(decision.place, person_id, ask.channel))
    if decision is None or not (visible or is_approver):
        raise NotFound("this decision")
    if not is_approver:
        raise Refused(f"{decision.approver.handle} decides {decision.ref}", "Reply in the thread to be heard.")
    if decision.status not in OPEN:
        raise UserError(f"{decision.ref} is not open any more. Nothing was changed.")
    return decision


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
    actions={"decision.form": open_form, "decision.decide": open_decide},
    forms={"decision.log": save, "decision.decide": decide},
)
