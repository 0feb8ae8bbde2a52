"""`/pm me`: when one is asked, changed in a form; `Why me?` leads here as well."""

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.notices import own_calendar as notices
from bot.services import own_calendar as calendar
from bot.services import public_holidays
from bot.views import own_calendar as views
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import form_values, read_form
from handlers.resume import same_view
from models.schemas.own_calendar import OwnCalendar, OwnCalendarDraft


@reads
def show(ask: Ask, session: Session) -> Reply:
    return Reply(private=views.own_calendar(_own(ask, session)))


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    """One's own, whoever the button names."""
    return Reply(form=views.own_calendar_form(_own(ask, session), metadata="{}"))


def choose_country(ask: Ask) -> Reply:
    """Its regions, where they have holidays of their own."""
    found = public_holidays.country(form_values(ask).get("country"))
    regions = public_holidays.regions(found.code) if found else ()
    return Reply(changed_form=same_view(ask.view, views.with_region(ask.blocks, found, regions)))


def suggest_country(ask: Ask) -> Reply:
    return Reply(answer={"options": views.country_options(public_holidays.like(ask.text))})


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    _require_no_stranger(ask)
    form = read_form(ask, session, OwnCalendarDraft, today=ask.today(by.person.tz), person=by.person)
    person = calendar.save(session, by.person, form.draft, now=ask.now)
    notices.tell_saved(session, calendar.of(session, person, now=ask.now), key=ask.key, now=ask.now)
    return Reply()


def _own(ask: Ask, session: Session) -> OwnCalendar:
    _require_no_stranger(ask)
    return calendar.of(session, ask.standing(session).person, now=ask.now)


def _require_no_stranger(ask: Ask) -> None:
    if ask.is_stranger:
        raise UserError("Your calendar is kept by your own company's workspace. Nothing was changed.")


FEATURE = Feature(
    commands=(
        Command(
            word="me",
            group="Set up",
            examples=(("/pm me", "shows and changes when you are asked: hours, days, holidays, days off"),),
            handler=show,
            button="Show my calendar",
        ),
    ),
    actions={
        "me.settings": open_form,
        "me.change": open_form,
        "country": choose_country,
    },
    forms={"me.save": save},
    suggestions={"country": suggest_country},
)
