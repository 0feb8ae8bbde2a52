import json

from sqlalchemy.orm import Session

from bot.notices import risk as notices
from bot.services import places
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


@reads
def rate(ask: Ask, session: Session) -> Reply:
    """Probability or impact was chosen: the line below says what they come to."""
    values = form_values(ask)
    place = places.by_ref(session, str(values.get("project") or ask.metadata.get("place")))
    return Reply(changed_form=same_view(ask.view, with_score(ask.view["blocks"], values, place)))


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
    },
    forms={"risk.log": save},
)
