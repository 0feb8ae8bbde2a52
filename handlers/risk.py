"""Logging a risk: at once from one line that says all of it, else in a form that is filled with what was said."""

import json
from dataclasses import dataclass, replace
from datetime import date

from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.domain.capture import CaptureLine, read_line
from bot.domain.reference import row_id
from bot.notices import checkin
from bot.notices import risk as notices
from bot.services import people, places
from bot.services import risk as risks
from bot.views.risk_form import PLACE_ACTION, Filled, risk_form, with_scale, with_score
from bot.views.risk_receipt import risk_receipt
from bot.views.source import readers_line
from handlers.capture import Opening, kept_source, message_of, opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.resume import same_view
from models.schemas.people import PersonCard
from models.schemas.risk import Category, Kind, RiskDraft

TITLE, REST = 150, 1000
UNGUESSED = Category.TECHNICAL
"""Logged at once, marked as a guess, with Edit beside it: better than a form for one word."""


@dataclass(frozen=True)
class Typed:
    """A line with its owner looked up, and where it would be logged."""

    line: CaptureLine
    start: Opening
    draft: RiskDraft | None
    """None where a part is missing or wrong."""


def log(ask: Ask) -> Reply:
    """A line that rates the risk may be all of it; without ratings there is a form to fill in anyway."""
    line = read_line(ask.text, ask.now.date())
    rated = line.probability is not None and line.impact is not None
    return log_line(ask) if rated else open_form(ask)


@writes
def log_line(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    typed = _typed(ask, session, author)
    place, draft = typed.start.place, typed.draft
    if draft is None or place is None:
        return _form(ask, typed.start, typed.line)
    owner = people.choose(session, draft.owner)
    assert not isinstance(owner, str)  # looked up a moment ago
    logged = risks.log_risk(session, draft, place=place, owner=owner, author=author, now=ask.now)
    notices.tell_logged(session, logged, author=author, now=ask.now, answered=True)
    here = place.channel == ask.channel
    receipt = risk_receipt(
        logged,
        today=ask.today(author.tz),
        typed=people.readable(session, ask.typed),
        guessed=_guessed(typed, here=here),
        defaults=_defaults(typed.line),
        here=here,
    )
    return Reply(private=receipt)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    if message_of(ask):
        return _form(ask, opening(ask, session, title=TITLE, rest=REST))
    typed = _typed(ask, session, ask.person(session))
    return _form(ask, typed.start, typed.line)


def _typed(ask: Ask, session: Session, author: PersonCard | None) -> Typed:
    today = ask.today(author.tz if author else people.default_zone(session))
    line = _with_known_owner(session, read_line(ask.text, today, people.mentioned(session, ask.text)))
    start = opening(ask, session, title=TITLE, rest=REST, words=line.title)
    draft = _draft(ask, line, start, today) if line.complete and start.here else None
    return Typed(line, start, draft)


def _with_known_owner(session: Session, line: CaptureLine) -> CaptureLine:
    """Whoever cannot be chosen in a form cannot be typed either: the form opens and says why."""
    if line.owner_words is not None:
        found = people.by_handle(session, line.owner_words)
        line = line.with_owner(found.slack_id if found else None)
    problem = people.problem_with(session, line.owner) if line.owner else None
    if problem is None or line.owner is None:
        return line
    known = people.by_slack_id(session, line.owner)
    named = f"@{known.handle}: " if known else ""
    return replace(line, owner=None, problems=[*line.problems, f"{named}{problem}"])


def _draft(ask: Ask, line: CaptureLine, start: Opening, today: date) -> RiskDraft | None:
    """The same rules as for the form."""
    values = {
        "title": line.title,
        "project": start.here,
        "probability": line.probability,
        "impact": line.impact,
        "category": line.category or UNGUESSED,
        "owner": line.owner or ask.user,
        "next_review_on": line.due,
        "kind": line.kind or Kind.THREAT,
    }
    try:
        return RiskDraft.model_validate(values, context={"today": today})
    except ValidationError:
        return None


def _guessed(typed: Typed, *, here: bool) -> set[str]:
    """What neither the line nor the channel said."""
    guessed = {"category"} if typed.line.category is None or typed.line.category_guessed else set()
    return guessed if here or typed.start.is_told else guessed | {"project"}


def _defaults(line: CaptureLine) -> set[str]:
    said = {"owner": line.owner, "next_review_on": line.due, "kind": line.kind}
    return {name for name, value in said.items() if value is None}


def _form(ask: Ask, start: Opening, line: CaptureLine | None = None) -> Reply:
    filled = Filled(ask.user, title=start.title, statement=start.rest)
    if line is not None:
        filled = replace(
            filled,
            owner=line.owner or ask.user,
            probability=line.probability,
            impact=line.impact,
            category=line.category,
            next_review_on=line.due,
            kind=line.kind or Kind.THREAT,
        )
    view = risk_form(
        places=start.choices,
        here=start.here,
        metadata=json.dumps({"channel": start.channel}),
        filled=filled,
        problems=line.problems if line else (),
    )
    return Reply(form=view)


@reads
def rate(ask: Ask, session: Session) -> Reply:
    """Probability or impact was chosen: the line below says what they come to."""
    values = form_values(ask)
    place = places.by_ref(session, str(values.get("project") or ask.metadata.get("place")))
    is_new = "risk" not in ask.metadata
    return Reply(changed_form=same_view(ask.view, with_score(ask.blocks, values, place, is_new=is_new)))


@reads
def choose_place(ask: Ask, session: Session) -> Reply:
    """Another project may rate its risks by another matrix, and others may read it."""
    values = form_values(ask)
    place = places.by_ref(session, str(values.get("project")))
    blocks = with_scale(ask.blocks, values, place)
    if private := ask.metadata.get("private"):
        blocks = [readers_line(private, place) if b.get("block_id") == "readers" else b for b in blocks]
    return Reply(changed_form=same_view(ask.view, blocks))


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, RiskDraft, today=ask.today(author.tz), person=author)
    draft, place = form.draft, form.places["project"]
    logged = risks.log_risk(
        session,
        draft,
        place=place,
        owner=form.people[draft.owner],
        author=author,
        now=ask.now,
        source_url=kept_source(ask, place),
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    if blocker := row_id(str(ask.metadata.get("blocker"))):
        checkin.tell_logged(session, blocker, risks.KIND, logged.id, ask.standing(session, author), now=ask.now)
    return Reply()


FEATURE = Feature(
    commands=(
        Command(
            word="risk",
            alias="/risk",
            group="Log",
            examples=(
                ("/risk", "opens the form"),
                ("/risk Vendor slips the API p4 i5 @luis by Friday", "logs it at once"),
            ),
            handler=log,
            button="Log risk",
        ),
    ),
    actions={
        "risk.form": open_form,
        "probability": rate,
        "impact": rate,
        PLACE_ACTION: choose_place,
    },
    forms={"risk.log": save},
)
