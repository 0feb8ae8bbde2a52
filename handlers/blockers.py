"""What is made of a blocker from Slack: solved, linked, or logged as a risk, an issue or a dependency."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.message_title import Headed, headed
from bot.domain.reference import row_id
from bot.errors import NotFound
from bot.notices import checkin as notices
from bot.services import blocker_acts, dependency, places
from bot.services import checkin as checkins
from bot.views.checkin_blockers import dependency_form
from bot.views.issue_form import issue_form
from bot.views.risk_form import Filled, risk_form
from bot.views.source import readers_line
from handlers.acts import opening_at
from handlers.capture import Opening
from handlers.feature import Ask, Feature, Handler, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.checkin_round import BlockerCard, DependencyDraft
from models.schemas.message import View
from models.schemas.project import Place, PlaceKind

TITLE, REST = 150, 1000


@writes
def solve(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    card, changed = blocker_acts.solve(session, row_id(ask.value), by, now=ask.now)
    if changed:
        notices.tell_blocker_changed(session, card, by=by.person, pressed_in=ask.channel, now=ask.now)
    return Reply()


@writes
def link(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    blocker, kind, record = [*ask.value.split(":"), "", ""][:3]
    card, changed = blocker_acts.link(session, row_id(blocker), kind, row_id(record), by, now=ask.now)
    if changed:
        notices.tell_blocker_changed(session, card, by=by.person, pressed_in=ask.channel, now=ask.now)
    return Reply()


@reads
def log_risk(ask: Ask, session: Session) -> Reply:
    card, start, said = _begun(ask, session, rest=REST)
    view = risk_form(
        places=start.choices,
        here=start.here,
        metadata=_metadata(ask, session, card),
        filled=Filled(ask.user, title=said.title, statement=said.rest),
    )
    return Reply(form=_with_readers(view, card, start.place, session))


@reads
def log_issue(ask: Ask, session: Session) -> Reply:
    card, start, said = _begun(ask, session, rest=0)
    view = issue_form(
        places=start.choices,
        here=start.here,
        owner=ask.user,
        metadata=_metadata(ask, session, card),
        initial_title=said.title,
    )
    return Reply(form=_with_readers(view, card, start.place, session))


@reads
def log_dependency(ask: Ask, session: Session) -> Reply:
    card, start, _ = _begun(ask, session, rest=0)
    projects = [place for place in start.choices if place.kind is PlaceKind.PROJECT]
    here = start.here if start.place is not None and start.place.kind is PlaceKind.PROJECT else None
    return Reply(form=dependency_form(card, projects=projects, here=here, metadata=_metadata(ask, session, card)))


@writes
def save_dependency(ask: Ask, session: Session) -> Reply:
    by = ask.member(session)
    form = read_form(ask, session, DependencyDraft, today=ask.today(by.tz), person=by)
    give, get = form.places.get("give_project"), form.places["get_project"]
    logged = dependency.propose(session, form.draft, give=give, get=get, by=by, now=ask.now)
    blocker = row_id(str(ask.metadata.get("blocker")))
    notices.tell_logged(session, blocker, dependency.KIND, logged, ask.standing(session, by), now=ask.now)
    return Reply()


def more(ask: Ask) -> Reply:
    """The dots: the act and the blocker, as 'solve:12'."""
    act, _, blocker = ask.value.partition(":")
    handler: Handler | None = {"solve": solve, "dependency": log_dependency}.get(act)
    if handler is None:
        raise NotFound("this blocker")
    return handler(replace(ask, value=blocker))


def _begun(ask: Ask, session: Session, *, rest: int) -> tuple[BlockerCard, Opening, Headed]:
    """What a form starts with: the place of the check-in, and the blocker's own words."""
    card = blocker_acts.to_log(session, row_id(ask.value), ask.standing(session))
    start = opening_at(ask, session, places.of_channel(session, card.channel), title=TITLE)
    return card, start, headed(card.text, most_title=TITLE, most_rest=rest)


def _metadata(ask: Ask, session: Session, card: BlockerCard) -> str:
    """The record links back to where the blocker was said, where those who read it may follow."""
    kept: dict[str, Any] = {"channel": card.channel, "blocker": card.id}
    private = card.channel if _is_private(session, card) else None
    return json.dumps(kept | {"source": blocker_acts.where_said(session, card), "private": private})


def _with_readers(view: View, card: BlockerCard, place: Place | None, session: Session) -> View:
    if card.channel is None or not _is_private(session, card):
        return view
    return view | {"blocks": [readers_line(card.channel, place), *view["blocks"]]}


def _is_private(session: Session, card: BlockerCard) -> bool:
    """Of a channel that is no project's we do not know who reads it."""
    place = checkins.get(session, card.checkin_id).place
    return place is None or place.restricted


FEATURE = Feature(
    actions={
        "blocker.solve": solve,
        "blocker.link": link,
        "blocker.risk": log_risk,
        "blocker.issue": log_issue,
        "blocker.dependency": log_dependency,
        "blocker.more": more,
    },
    forms={"blocker.dependency": save_dependency},
)
