import json

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.errors import Refused, UserError
from bot.notices import status as notices
from bot.services import people, places
from bot.services import status as statuses
from bot.views.status import status_form, with_path
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.resume import same_view
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.status import Health, StatusDraft, StatusStart

SUMMARY = 280
REPORTED = (Health.GREEN, Health.AMBER, Health.RED)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    person = ask.person(session)
    choices = _choices(ask, session, person)
    words = people.readable(session, ask.text)
    if len(words) > SUMMARY:
        raise UserError(f"A status has at most {SUMMARY} characters. You typed {len(words)}.")
    place = next((p for p in choices if p.ref == ask.value or p.channel == ask.channel), None)
    if place is None and len(choices) == 1:
        place = choices[0]
    start = _start(session, place, choices)
    if words:
        start = start.model_copy(update={"summary": words})
    metadata = _metadata(place, ask.channel, start, asks_project=len(choices) > 1)
    zone = person.tz if person else people.default_zone(session)
    return Reply(form=status_form(start, metadata=metadata, today=ask.today(zone)))


def choose_health(ask: Ask) -> Reply:
    """Amber and Red need a path to Green: its field comes and goes with the colour."""
    values = form_values(ask)
    blocks = with_path(ask.view["blocks"], values.get("health", Health.GREEN), values.get("path_to_green", ""))
    return Reply(changed_form=same_view(ask.view, blocks))


@reads
def choose_project(ask: Ask, session: Session) -> Reply:
    """Fills in the chosen project's last words, unless others were typed than those that were filled in."""
    person = ask.person(session)
    values = form_values(ask)
    place = places.by_ref(session, str(values.get("project")))
    typed = values.get("summary", "") != ask.metadata.get("filled", "").strip()
    if place is None or typed or not statuses.may_post(place, person, ask.runtime.admins):
        return Reply()
    channel = ask.metadata.get("channel")
    around = places.may_choose(session, person, channel)
    choices = [choice for choice in around if statuses.may_post(choice, person, ask.runtime.admins)]
    start = _start(session, place, choices)
    today = ask.today(person.tz if person else people.default_zone(session))
    metadata = _metadata(place, channel, start, asks_project=True)
    return Reply(changed_form=status_form(start, metadata=metadata, today=today))


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = people.ensure(session, ask.user)
    form = read_form(ask, session, StatusDraft, today=ask.today(author.tz), person=author, given=_given(ask))
    place = form.places["project"]
    if not statuses.may_post(place, author, ask.runtime.admins):
        raise _refusal(place)
    posted = statuses.post_status(session, form.draft, place=place, author=author, now=ask.now)
    notices.tell_posted(session, posted, author=author, now=ask.now)
    return Reply()


def _choices(ask: Ask, session: Session, person: PersonCard | None) -> list[Place]:
    """The projects that this person speaks for; the channel's or the button's alone where that is one."""
    here = places.by_ref(session, ask.value) if ":" in ask.value else places.of_channel(session, ask.channel)
    if here is not None and here.kind is PlaceKind.PROJECT:
        if not places.may_see(here, person.id if person else None, ask.channel):
            raise UserError("I cannot find this project. Nothing was changed.")
        if not statuses.may_post(here, person, ask.runtime.admins):
            raise _refusal(here)
        return [here]
    around = places.may_choose(session, person, here.channel if here else None)
    mine = [place for place in around if statuses.may_post(place, person, ask.runtime.admins)]
    if not mine:
        raise UserError(
            "You do not own a project here. Its owner posts its status; /pm setup makes a channel a project."
        )
    return mine


def _refusal(place: Place) -> Refused:
    return Refused(
        f"You cannot post the status of {place.name}",
        f"Its owner, backup, program manager and sponsor can. The owner is {place.owner.handle}.",
    )


def _start(session: Session, place: Place | None, choices: list[Place]) -> StatusStart:
    last = statuses.latest(session, [place.id]).get(place.id) if place else None
    if place is None or last is None:
        return StatusStart(place=place, choices=choices)
    health = Health(last.health)
    return StatusStart(
        place=place,
        choices=choices,
        health=health if health in REPORTED else Health.GREEN,
        summary=last.summary,
        path_to_green=last.path_to_green or "",
        asks=" ".join(last.asks),
        last_posted_on=local_date(last.posted_at, place.owner.tz),
    )


def _metadata(place: Place | None, channel: str | None, start: StatusStart, *, asks_project: bool) -> str:
    """The project where the form does not ask for it, and what was filled in, to tell it from what is typed."""
    project = place.ref if place and not asks_project else None
    return json.dumps({"project": project, "channel": channel, "filled": start.summary})


def _given(ask: Ask) -> dict[str, str]:
    """The project, where the form was opened for one and does not ask."""
    project = ask.metadata.get("project")
    return {"project": project} if project else {}


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
    actions={"status.open": open_form, "health": choose_health, "project": choose_project},
    forms={"status.post": save},
)
