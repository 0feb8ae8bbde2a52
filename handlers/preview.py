"""`/pm preview`: everything that will be sent in the next 14 days, to whom, when in their time, and why."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.notices.switches import tell_switched
from bot.services import people, places, preview, programs, switches
from bot.views.preview import choose_program, preview_message
from bot.views.switches import switches_message
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from models.schemas.project import Place

OWN = "me"


@reads
def typed(ask: Ask, session: Session) -> Reply:
    """Of the channel's program; elsewhere of one's own, with a choice; of oneself where one runs none."""
    wanted = ask.text.strip().lower()
    if wanted not in ("", OWN):
        raise UserError("Type /pm preview in the channel of a program, or /pm preview me for what is sent to you.")
    here, by = programs.here(session, ask.channel), ask.standing(session)
    if wanted == OWN:
        return _own(ask, session)
    if here is not None:
        return _of(ask, session, here) if programs.leads(session, here, by) else _own(ask, session)
    mine = programs.led(session, by)
    if len(mine) > 1:
        return Reply(private=choose_program(mine))
    return _of(ask, session, mine[0]) if mine else _own(ask, session)


@reads
def show(ask: Ask, session: Session) -> Reply:
    """A button that names a program."""
    return _of(ask, session, places.get(session, ask.value))


@reads
def chosen(ask: Ask, session: Session) -> Reply:
    return replace(_of(ask, session, places.get(session, ask.value)), replaces=True)


@reads
def own(ask: Ask, session: Session) -> Reply:
    return replace(_own(ask, session), replaces=True)


@reads
def one_person(ask: Ask, session: Session) -> Reply:
    slack_id = str(ask.payload["actions"][0].get("selected_user") or "")
    return _again(ask, session, person=slack_id)


@reads
def everybody(ask: Ask, session: Session) -> Reply:
    return _again(ask, session, person="")


@reads
def as_table(ask: Ask, session: Session) -> Reply:
    return _again(ask, session, person=None, table=True)


@reads
def as_text(ask: Ask, session: Session) -> Reply:
    return _again(ask, session, person=None)


@writes
def pause(ask: Ask, session: Session) -> Reply:
    """Slack has asked whether it is meant."""
    by = ask.acting(session)
    paused = switches.pause(session, places.get(session, ask.value), by, until=None, reason=None, now=ask.now)
    tell_switched(session, paused, now=ask.now)
    return Reply(private=switches_message(paused), replaces=True)


def _again(ask: Ask, session: Session, *, person: str | None, table: bool = False) -> Reply:
    """The same preview, changed: what it shows stands in the id of the block that was pressed."""
    _, _, rest = str(ask.payload["actions"][0].get("block_id") or "").partition("|")
    scope, _, before = rest.partition("|")
    if scope == OWN:
        reply = _own(ask, session, table=table)
    else:
        who = before if person is None else person
        reply = _of(ask, session, places.get(session, scope), person=who or None, table=table)
    return replace(reply, replaces=True)


def _of(ask: Ask, session: Session, program: Place, *, person: str | None = None, table: bool = False) -> Reply:
    """Checked again at every press: who runs it, or leads a project of it."""
    by = ask.standing(session)
    if not programs.leads(session, program, by):
        return _own(ask, session, table=table)
    who = people.by_slack_id(session, person) if person else None
    if person and who is None:
        raise UserError("I do not know this person yet. Choose someone else, or try again in a minute.")
    found = preview.of_program(session, program, by, person=who, now=ask.now)
    return Reply(private=preview_message(found, as_table=table))


def _own(ask: Ask, session: Session, *, table: bool = False) -> Reply:
    """A person always sees their own."""
    by = ask.standing(session)
    return Reply(private=preview_message(preview.of_person(session, by, now=ask.now), as_table=table))


FEATURE = Feature(
    commands=(
        Command(
            word="preview",
            group="See",
            examples=(
                ("/pm preview", "everything that will be sent in the next 14 days, to whom, when and why"),
                ("/pm preview me", "what will be sent to you"),
            ),
            handler=typed,
            button="Preview 14 days",
        ),
    ),
    actions={
        "preview.show": show,
        "preview.program": chosen,
        "preview.me": own,
        "preview.person": one_person,
        "preview.clear": everybody,
        "preview.table": as_table,
        "preview.text": as_text,
        "preview.pause": pause,
    },
)
