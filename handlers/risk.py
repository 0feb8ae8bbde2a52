import json

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, Refused, UserError
from bot.notices import risk as notices
from bot.services import people, places
from bot.services import risk as risks
from bot.views.risk_form import risk_form, with_score
from handlers.capture import opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.resume import same_view
from models.schemas.risk import RiskDraft

TITLE, REST = 150, 1000


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    start = opening(ask, session, title=TITLE, rest=REST)
    view = risk_form(
        places=start.choices,
        here=start.here,
        owner=ask.user,
        metadata=json.dumps({"channel": start.channel}),
        initial_title=start.title,
        initial_statement=start.rest,
    )
    return Reply(form=view)


def rate(ask: Ask) -> Reply:
    """Probability or impact was chosen: the line below says what they come to."""
    return Reply(changed_form=same_view(ask.view, with_score(ask.view["blocks"], form_values(ask))))


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, RiskDraft, today=ask.today(author.tz), person=author)
    draft = form.draft
    logged = risks.log_risk(
        session,
        draft,
        place=form.places["project"],
        owner=form.people[draft.owner],
        author=author,
        now=ask.now,
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    return Reply()


@writes
def acknowledge(ask: Ask, session: Session) -> Reply:
    person = people.ensure(session, ask.user)
    risk = risks.find_by_id(session, row_id(ask.value))
    if risk is None or (
        risk.place and not places.may_see(risk.place, person.id, ask.channel) and risk.owner.id != person.id
    ):
        raise NotFound("this risk")
    if risk.acknowledged_at is not None:
        raise UserError(f"{risk.ref} is acknowledged already. Nothing was changed.")
    if risk.owner.id != person.id and not ask.is_admin(person):
        raise Refused(f"{risk.owner.handle} acknowledges {risk.ref}", "It is theirs: they own it. Reply in the thread.")
    seen = risks.acknowledge(session, risk.id, by=person, now=ask.now)
    notices.tell_acknowledged(session, seen, now=ask.now)
    return Reply()


FEATURE = Feature(
    commands=(
        Command(
            word="risk",
            alias="/risk",
            group="Log",
            examples=(
                ("/risk", "opens the form"),
                ("/risk Vendor slips the API", "opens it with the title filled in"),
            ),
            handler=open_form,
            button="Log risk",
        ),
    ),
    actions={
        "risk.form": open_form,
        "probability": rate,
        "impact": rate,
        "risk.acknowledge": acknowledge,
    },
    forms={"risk.log": save},
)
