"""What a person answers for, as rows of the Home."""

from datetime import date

from bot.views.blocks import button, section
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, link, title
from models.schemas.home import HomePlace, HomeProject
from models.schemas.lists import Filters, Kind
from models.schemas.message import Block
from models.schemas.project import PlaceKind

MOST_SAID = 75


def place_row(place: HomePlace, *, today: date) -> Block:
    if place.kind is PlaceKind.PROJECT:
        return section("\n".join([_headline(place), _facts(place), _freshness(place, today)]), accessory=_update(place))
    lines = [_project(project, today) for project in place.projects]
    more = [f"and {count(place.other_projects, 'more project')}"] if place.other_projects else []
    return section("\n".join([_headline(place), _facts(place), *lines, *more]), accessory=_risks(place))


def _headline(place: HomePlace) -> str:
    named = link(title(place.name), place.link)
    if place.health is None:
        return f"*{named} has no active project*"
    return f"{HEALTH_SIGN[place.health]} *{named} is {HEALTH_WORD[place.health]}*"


def _facts(place: HomePlace) -> str:
    where = f"<#{place.channel}>" if place.channel else "no channel yet"
    extreme = f", {place.extreme_risks} Extreme" if place.extreme_risks else ""
    return f"{where} · {count(place.open_risks, 'open risk')}{extreme}"


def _freshness(place: HomePlace, today: date) -> str:
    if place.posted_on is None:
        return "No update yet"
    return f"Last update {day(place.posted_on, today)}{', old' if place.is_old else ''}"


def _project(project: HomeProject, today: date) -> str:
    was = f", was {HEALTH_WORD[project.was]}" if project.was else ""
    silence = ""
    if project.posted_on is None:
        silence = " · no update yet"
    elif project.days_silent is not None:
        silence = f" · no update for {count(project.days_silent, 'day')}"
    name = link(title(project.name), project.link)
    return f"{HEALTH_SIGN[project.health]} {HEALTH_WORD[project.health]}{was} · {name}{silence}"


def _update(place: HomePlace) -> Block:
    says = cut(f"Update status of {place.name}", MOST_SAID)
    return button("Update status", "status.open", place.ref, says=says)


def _risks(place: HomePlace) -> Block:
    """The list comes as a private message."""
    filters = Filters(kind=Kind.RISK, place=place.ref)
    return button("Show risks", "risk.list", filters.encoded(), says=cut(f"Show risks of {place.name}", MOST_SAID))
