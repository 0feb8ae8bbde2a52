"""What is sent for a program: pause all, resume, dry run, kinds of message that are off."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.date_words import UnknownDate, leading_date
from bot.errors import UserError
from bot.notices.switches import tell_switched
from bot.services import people, places, programs, switches
from bot.views.switches import pause_form, switches_message
from handlers import rest
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.project import Place, PlaceKind
from models.schemas.switches import MessageKind, PauseDraft, Switches

Act = Callable[[Ask, Session, Place], Switches]


@reads
def show(ask: Ask, session: Session) -> Reply:
    return _board(ask, session, _program(ask, session))


@writes
def pause_typed(ask: Ask, session: Session) -> Reply:
    """`/pm pause until 14 Apr release freeze`: the date and the reason may both be left out. In a project's channel
    it is about the asks for its status."""
    if (project := _project_here(ask, session)) is not None:
        return rest.pause_typed(ask, session, project)
    by, program = ask.acting(session), _program(ask, session)
    until, reason = _until(people.readable(session, ask.text), ask.today(by.person.tz))
    return _switched(
        ask, session, switches.pause(session, program, by, until=until, reason=reason or None, now=ask.now)
    )


@writes
def resume_typed(ask: Ask, session: Session) -> Reply:
    if (project := _project_here(ask, session)) is not None:
        return rest.resume_typed(ask, session, project)
    program = _program(ask, session)
    return _switched(ask, session, switches.resume(session, program, ask.acting(session), now=ask.now))


@reads
def open_pause(ask: Ask, session: Session) -> Reply:
    found = switches.board(session, _program(ask, session), ask.standing(session), now=ask.now)
    return Reply(form=pause_form(found, metadata={"channel": ask.channel}))


@writes
def save_pause(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    program = places.get(session, str(ask.metadata.get("program")))
    draft = read_form(ask, session, PauseDraft, today=ask.today(program.tz), person=by.person).draft
    paused = switches.pause(session, program, by, until=draft.until, reason=draft.reason, now=ask.now)
    return _switched(ask, session, paused)


def act(change: Act, *, replaces: bool = True) -> Handler:
    """A press answers with how the switches stand now, in the place of the private message that it stood in."""

    def step(ask: Ask, session: Session) -> Reply:
        return _switched(ask, session, change(ask, session, _program(ask, session)), replaces=replaces)

    return writes(step)


def _kind(ask: Ask, session: Session, program: Place) -> Switches:
    """The choice is a kind and a program, as 'rollups:program:3'."""
    by, word = ask.acting(session), ask.value.partition(":")[0]
    if word not in set(MessageKind):
        raise UserError("This kind of message is not known any more. Nothing was changed.")
    kind = MessageKind(word)
    is_off = kind in switches.board(session, program, by, now=ask.now).muted
    return switches.turn(session, program, by, kind, is_on=is_off, now=ask.now)


def _board(ask: Ask, session: Session, program: Place) -> Reply:
    return Reply(private=switches_message(switches.board(session, program, ask.standing(session), now=ask.now)))


def _switched(ask: Ask, session: Session, changed: Switches, *, replaces: bool = False) -> Reply:
    tell_switched(session, changed, now=ask.now)
    return Reply(private=switches_message(changed), replaces=replaces)


def _program(ask: Ask, session: Session) -> Place:
    """What a button names, else the channel's, else the only one of the asker."""
    if ask.value:
        _, _, number = ask.value.rpartition("program:")
        return places.get(session, f"program:{number}")
    found = programs.here(session, ask.channel)
    if found is not None:
        return found
    mine = programs.led(session, ask.standing(session))
    if len(mine) != 1:
        raise UserError("Type this in the channel of the program that it is about.")
    return mine[0]


def _project_here(ask: Ask, session: Session) -> Place | None:
    place = places.of_channel(session, ask.channel)
    return place if place is not None and place.kind is PlaceKind.PROJECT else None


def _until(typed: str, today: date) -> tuple[date | None, str]:
    words = typed.split()
    if not words or words[0].lower() != "until":
        return None, typed
    said = leading_date(words[1:], today)
    if said is None:
        raise UserError("Say the day on which it goes on, as /pm pause until 14 Apr.")
    if isinstance(said.said, UnknownDate):
        raise UserError(str(said.said))
    return said.said, " ".join(words[1 + said.count :])


FEATURE = Feature(
    commands=(
        Command(
            word="switches",
            group="Set up",
            examples=(("/pm switches", "what is sent for this program: pause, dry run, kinds that are off"),),
            handler=show,
            button="Show switches",
        ),
        Command(
            word="pause",
            group="Set up",
            examples=(
                (
                    "/pm pause until 14 Apr release freeze",
                    "nothing is sent for a program; no status is asked of a project",
                ),
            ),
            handler=pause_typed,
            button="Pause all",
        ),
        Command(
            word="resume",
            group="Set up",
            examples=(("/pm resume", "it goes on, without what fell due meanwhile"),),
            handler=resume_typed,
            button="Resume",
        ),
    ),
    actions={
        "switches.show": show,
        "switches.edit": open_pause,
        "switches.pause_all": act(
            lambda ask, session, program: switches.pause(
                session, program, ask.acting(session), until=None, reason=None, now=ask.now
            )
        ),
        "switches.resume": act(
            lambda ask, session, program: switches.resume(session, program, ask.acting(session), now=ask.now)
        ),
        "switches.dry_run_on": act(
            lambda ask, session, program: switches.dry_run(
                session, program, ask.acting(session), is_on=True, now=ask.now
            )
        ),
        "switches.dry_run_off": act(
            lambda ask, session, program: switches.dry_run(
                session, program, ask.acting(session), is_on=False, now=ask.now
            )
        ),
        "switches.kind": act(_kind),
    },
    forms={"switches.pause": save_pause},
)
