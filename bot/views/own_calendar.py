"""What a person sees of their own calendar, and the form that changes it."""

from collections.abc import Sequence

from bot.views.absence import absence_line
from bot.views.blocks import actions, behind, button, context, facts, field, form, message, option, section, select
from bot.views.places import MOST_CHOICES, external_select
from bot.views.switches import paused_line
from bot.views.text import count, day, escape, sentence, title
from models.schemas.calendar import MIDNIGHT, WorkWeek
from models.schemas.message import Block, Message, View
from models.schemas.own_calendar import NONE, Named, OwnCalendar

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_LISTED = 3
WHOLE = option("The whole country", NONE)


def own_calendar(found: OwnCalendar, *, saved: bool = False) -> Message:
    """Private: when one is asked, and what keeps from asking."""
    asked = f"You are asked {days_words(found.week)}, {_hours(found.week)}"
    sign = ":white_check_mark: " if saved else ""
    zone = f"{_city(found)} time{'' if found.is_own else ' _(default)_'}"
    return message(
        sentence(f"{asked}, {_city(found)} time. One message a day, at {_hour(found)[:5]}."),
        section(f"{sign}*{asked}*\nIn {zone}. Slack tells your time zone, and its changes count at once."),
        facts(
            ("Daily message", _hour(found)),
            ("Public holidays", _country(found)),
            *((("Next holidays", _holidays(found)),) if found.next_holidays else ()),
            ("Days off", _count_of_absences(found)),
        ),
        _absences(found),
        section("\n".join(["*Turned off*", *_off(found)])) if _off(found) else None,
        actions(
            button("Change", "me.change", "me", says="Change your hours and days"),
            button("Set days off", "away.form", "me"),
        ),
        context("Only you see this. Nobody is asked outside their hours, on a holiday or while away."),
    )


def own_calendar_form(found: OwnCalendar, *, metadata: str) -> View:
    week = found.week
    ticked = [choice for choice in _day_options() if int(choice["value"]) in week.working_days]
    days: Block = {"type": "checkboxes", "options": _day_options()} | ({"initial_options": ticked} if ticked else {})
    fields = [
        field("start", "Your day begins at", _time(week.start)),
        field("end", "Your day ends at", _time(week.end), hint="For midnight choose 00:00."),
        field("working_days", "You work on", days),
        field(
            "opens_at",
            "Your daily message comes at",
            _time(week.opens_at) if week.opens_at else {"type": "timepicker"},
            hint=f"Left empty: at {found.usual_hour:%H:%M}, or when your day begins after that.",
            optional=True,
        ),
        country_field(found.country),
        *([region_field(found.country, found.regions, week.region)] if found.country and found.regions else []),
        context(f"Your time zone is {escape(found.person.tz)}, as Slack says. It is changed in Slack."),
    ]
    return form("me.save", "Your calendar", "Save", fields, metadata=metadata)


def country_field(chosen: Named | None) -> Block:
    initial = option(chosen.name, chosen.code) if chosen else None
    return field(
        "country",
        "Public holidays of",
        external_select(initial, placeholder="Type a country"),
        hint="On these days nobody asks you.",
        optional=True,
        live=True,
    )


def country_options(found: Sequence[Named]) -> list[Block]:
    return [option("No public holidays", NONE), *(option(each.name, each.code) for each in found)]


def region_field(country: Named, regions: Sequence[Named], chosen: str | None = None) -> Block:
    """Its block has the country in its id: another country's region does not stay chosen."""
    options = [WHOLE, *(option(f"{each.name} ({each.code})", each.code) for each in regions[: MOST_CHOICES - 1])]
    return field(f"region@{country.code}", "Region", select(options, chosen=chosen or NONE), optional=True)


def with_region(blocks: Sequence[Block], country: Named | None, regions: Sequence[Named]) -> list[Block]:
    """The form's blocks after a country was chosen: the regions that have holidays of their own come and go."""
    kept = [block for block in blocks if not str(block.get("block_id", "")).startswith("region@")]
    if country is None or not regions:
        return kept
    at = behind("country", kept)
    return [*kept[:at], region_field(country, regions), *kept[at:]]


def days_words(week: WorkWeek) -> str:
    """'Monday to Friday', 'Sunday to Thursday', 'Monday, Tuesday and Thursday'."""
    days = sorted(week.working_days)
    for first in days:
        run = [(first - 1 + n) % 7 + 1 for n in range(len(days))]
        if len(days) > 2 and sorted(run) == days:
            return "every day" if len(days) == len(DAYS) else f"{DAYS[run[0] - 1]} to {DAYS[run[-1] - 1]}"
    names = [DAYS[each - 1] for each in days]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _day_options() -> list[Block]:
    return [option(name, str(number)) for number, name in enumerate(DAYS, 1)]


def _time(text: str) -> Block:
    return {"type": "timepicker", "initial_time": "00:00" if text == MIDNIGHT else text}


def _hours(week: WorkWeek) -> str:
    return f"{week.start} to {week.end}"


def _hour(found: OwnCalendar) -> str:
    return found.week.opens_at or f"{found.usual_hour:%H:%M} _(default)_"


def _city(found: OwnCalendar) -> str:
    return escape(found.person.tz.rpartition("/")[2].replace("_", " "))


def _country(found: OwnCalendar) -> str:
    if found.country is None:
        code = found.week.country
        return f"none: I do not know {escape(code)}" if code else "none chosen"
    return escape(found.country.name + (f", {found.region.name}" if found.region else ""))


def _holidays(found: OwnCalendar) -> str:
    return ", ".join(f"{day(each.on, found.today)} {title(each.name)}" for each in found.next_holidays if each.on)


def _count_of_absences(found: OwnCalendar) -> str:
    return count(len(found.absences), "stretch", "stretches") if found.absences else "none set"


def _absences(found: OwnCalendar) -> Block | None:
    if not found.absences:
        return None
    lines = [absence_line(each, found.today) for each in found.absences[:MOST_LISTED]]
    more = len(found.absences) - MOST_LISTED
    return section("\n".join(lines + ([f"and {more} more"] if more > 0 else [])))


def _off(found: OwnCalendar) -> list[str]:
    lines = [paused_line(each, found.today) for each in found.paused[:MOST_LISTED]]
    return lines + [f"{title(each.name)} sends no {', '.join(each.kinds)}." for each in found.turned_off[:MOST_LISTED]]
