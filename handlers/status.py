from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import InvalidForm, UserError
from bot.notices import status as notices
from bot.services import disagreements, people, places, slips, status_acts, status_start
from bot.services import status as statuses
from bot.views.figures import project_in, with_figures
from bot.views.status import status_form, with_path, with_project, with_reason
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import Submitted, form_values, read_form
from handlers.resume import same_view
from models.schemas.message import View
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.schemas.status import Health, StatusDraft

SUMMARY = 280


def open_form(ask: Ask) -> Reply:
    return _noted(ask, _opened(ask))


def _noted(ask: Ask, reply: Reply) -> Reply:
    """Whose form shows figures that are worse than their word knows of it from now on."""
    project = project_in(reply.form or reply.changed_form)
    if project is not None:
        ask.runtime.later(partial(_remember_shown, ask, project))
    return reply


def _remember_shown(ask: Ask, project_id: int) -> None:
    with ask.runtime.database.write(ask.workspace.id) as session:
        disagreements.show_first(session, project_id, now=ask.now)


def _with_figures(ask: Ask, session: Session, view: View, place: Place | None) -> View:
    person = ask.standing(session).person
    found = disagreements.of_project(session, place, person.id, now=ask.now) if place else None
    return with_figures(view, found, now=ask.now, tz=person.tz)


@reads
def _opened(ask: Ask, session: Session) -> Reply:
    choices = _choices(ask, session)
    words = people.readable(session, ask.text)
    if len(words) > SUMMARY:
        raise UserError(f"A status has at most {SUMMARY} characters. You typed {len(words)}.")
    place = next((p for p in choices if p.ref == ask.value or p.channel == ask.channel), None)
    if place is None and len(choices) == 1:
        place = choices[0]
    by = ask.standing(session)
    today = ask.today(by.person.tz)
    start = status_start.begin(session, place, choices, by, today=today)
    metadata = start.metadata(ask.channel)  # words behind the command count as typed
    if words:
        start = start.model_copy(update={"summary": words})
    return Reply(form=_with_figures(ask, session, status_form(start, metadata=metadata, today=today), place))


def choose_health(ask: Ask) -> Reply:
    """Amber and Red need a path to Green: its field comes and goes with the colour."""
    values = form_values(ask)
    blocks = with_path(ask.blocks, values.get("health", Health.GREEN), values.get("path_to_green", ""))
    return Reply(changed_form=same_view(ask.view, blocks))


@reads
def choose_date(ask: Ask, session: Session) -> Reply:
    """Another date than the present one needs a reason: its field comes and goes with the date."""
    place = _named(ask, session)
    if place is None or not status_acts.may_post(place, ask.standing(session)):
        return Reply()
    chosen = _date(form_values(ask).get("new_target_on"))
    blocks = with_reason(ask.blocks, slips.of_place(session, place), chosen)
    return Reply(changed_form=same_view(ask.view, blocks))


def choose_project(ask: Ask) -> Reply:
    return _noted(ask, _chosen(ask))


@reads
def _chosen(ask: Ask, session: Session) -> Reply:
    """Fills in the chosen project's last words, unless others were typed than those that were filled in."""
    values = form_values(ask)
    by = ask.standing(session)
    place = _named(ask, session)
    if place is None or not status_acts.may_post(place, by):
        return Reply()
    channel = ask.metadata.get("channel")
    around = places.may_choose(session, by.person, channel)
    choices = [choice for choice in around if status_acts.may_post(choice, by)]
    today = ask.today(by.person.tz)
    start = status_start.begin(session, place, choices, by, today=today)
    filled = ask.metadata.get("filled", "").strip()
    if values.get("summary", "") != filled:  # what was typed stays; the date is the chosen project's in any case
        metadata = start.model_copy(update={"summary": filled}).metadata(channel)
        view = {**ask.view, "private_metadata": metadata}
        kept = same_view(view, with_project(ask.blocks, start, today))
        return Reply(changed_form=_with_figures(ask, session, kept, place))
    form = status_form(start, metadata=start.metadata(channel), today=today)
    return Reply(changed_form=_with_figures(ask, session, form, place))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    form = _read(ask, session, by.person)
    place = form.places["project"]
    corrects = row_id(str(ask.metadata.get("corrects")))
    if corrects is None:
        status_acts.require_post(session, place, by)
    else:
        status_acts.check_correct(session, corrects, by)
    posted = statuses.post_status(
        session,
        form.draft,
        place=place,
        author=by.person,
        now=ask.now,
        corrects=corrects,
        instead_of=status_acts.stood_in_for(place, by),
    )
    disagreements.answered(session, place, now=ask.now)
    notices.tell_posted(session, posted, author=by.person, now=ask.now, corrects=corrects is not None)
    return Reply()


def _choices(ask: Ask, session: Session) -> list[Place]:
    """The projects that this person speaks for; the channel's or the button's alone where that is one."""
    by = ask.standing(session)
    here = places.by_ref(session, ask.value) if ":" in ask.value else places.of_channel(session, ask.channel)
    if here is not None and here.kind is PlaceKind.PROJECT:
        status_acts.require_post(session, here, by)
        return [here]
    around = places.may_choose(session, ask.person(session), here.channel if here else None)
    mine = [place for place in around if status_acts.may_post(place, by)]
    if not mine:
        raise UserError(
            "You do not own a project here. Its owner posts its status; /pm setup makes a channel a project."
        )
    return mine


def _read(ask: Ask, session: Session, author: PersonCard) -> Submitted[StatusDraft]:
    """A reason that is missing is told at the date, where its field had no time to appear."""
    try:
        return read_form(
            ask,
            session,
            StatusDraft,
            today=ask.today(author.tz),
            person=author,
            given=_given(ask, session),
            kept=_covered(ask, session, author),
        )
    except InvalidForm as error:
        fields = {str(block.get("block_id", "")).partition("@")[0] for block in ask.view.get("blocks", ())}
        if "date_reason" in error.problems and "date_reason" not in fields:
            error.problems["new_target_on"] = error.problems.pop("date_reason")
        raise


def _covered(ask: Ask, session: Session, author: PersonCard) -> str | None:
    """A restricted project does not show itself to who stands in for its owner, and still waits for its status."""
    place = _named(ask, session)
    if place is None or place.state in (State.COMPLETED, State.CANCELLED):
        return None
    return place.ref if status_acts.stood_in_for(place, ask.standing(session, author)) else None


def _named(ask: Ask, session: Session) -> Place | None:
    return places.by_ref(session, str(form_values(ask).get("project") or ask.metadata.get("project")))


def _given(ask: Ask, session: Session) -> Mapping[str, Any]:
    """The project, where the form does not ask for it, and its present date: a date that was filled in and left as
    it was moves nothing, whatever it is by now."""
    project, filled = ask.metadata.get("project"), ask.metadata.get("target")
    place = _named(ask, session)
    untouched = filled is not None and form_values(ask).get("new_target_on") == filled
    present = place.target_on.isoformat() if place and place.target_on else None
    given = {"project": project, "target_on": filled if untouched else present}
    return {name: value for name, value in given.items() if value}


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


FEATURE = Feature(
    commands=(
        Command(
            word="update",
            alias="/update",
            group="Tell and answer",
            examples=(
                ("/update", "posts a status, filled in from the last one"),
                ("/update Cutover rehearsed", "starts it with these words"),
            ),
            handler=open_form,
            button="Update status",
        ),
    ),
    actions={
        "status.open": open_form,
        "health": choose_health,
        "new_target_on": choose_date,
        "project": choose_project,
    },
    forms={"status.post": save},
)
