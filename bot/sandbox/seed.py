"""A workspace made from a portfolio file: its people, and the channels of its programs and projects."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from bot.sandbox.sandbox import Sandbox

ADMIN = "maya.chen"
GUEST = "sam.guest"
GUEST_CHANNEL = "#p-101"
Record = Mapping[str, Any]


def seed_from_portfolio(sandbox: Sandbox, portfolio: Mapping[str, Any], *, with_bot: bool = True) -> None:
    """Without the bot: as a workspace is before anybody invited it."""
    handles = [person["handle"] for person in portfolio["people"]]
    for person in portfolio["people"]:
        handle = person["handle"]
        sandbox.add_person(user_id(handle), handle, tz=person["tz"], is_admin=handle == ADMIN)
    sandbox.add_person(user_id(GUEST), GUEST, is_restricted=True)
    add = partial(_add_channel, sandbox, with_bot=with_bot)
    add("#general", handles)
    _add_channel(sandbox, "#random", handles, with_bot=False)
    add("#new-idea", handles)
    add("#leads", _leads(portfolio), is_private=True)
    for program in portfolio["programs"]:
        add(program["channel"], _program_people(portfolio, program))
    programs = {program["id"]: program for program in portfolio["programs"]}
    for project in portfolio["projects"]:
        people = _project_people(portfolio, project, programs[project["program"]])
        guests = [GUEST] if project["channel"] == GUEST_CHANNEL else []
        add(project["channel"], [*people, *guests])


def user_id(handle: str) -> str:
    return f"U0{_letters(handle)}"


def channel_id(name: str) -> str:
    return f"C0{_letters(name)}"


def _letters(name: str) -> str:
    return "".join(sign for sign in name.upper() if sign.isalnum())


def _add_channel(
    sandbox: Sandbox, name: str, handles: Iterable[str], *, with_bot: bool, is_private: bool = False
) -> None:
    bot = [sandbox.bot_user_id] if with_bot else []
    people = [user_id(handle) for handle in dict.fromkeys([ADMIN, *handles])]
    sandbox.add_channel(channel_id(name), name, [*people, *bot], is_private=is_private)


def _leads(portfolio: Mapping[str, Any]) -> list[str]:
    return [program[role] for program in portfolio["programs"] for role in ("manager", "sponsor")]


def _program_people(portfolio: Mapping[str, Any], program: Record) -> list[str]:
    projects = [project for project in portfolio["projects"] if project["program"] == program["id"]]
    owners = [project["owner"] for project in projects]
    raisers = [risk["owner"] for risk in portfolio["risks"] if risk["program"] == program["id"]]
    working = [person for project in projects for person in _working_on(portfolio, project)]
    return _people(program["manager"], program["sponsor"], *owners, *raisers, *working)


def _project_people(portfolio: Mapping[str, Any], project: Record, program: Record) -> list[str]:
    named = (project["owner"], program["manager"], program["sponsor"])
    return _people(*named, *_working_on(portfolio, project))


def _working_on(portfolio: Mapping[str, Any], project: Record) -> list[str]:
    """Who owns a risk or milestone of the project, or checks in there."""
    here = project["id"]
    risks = [risk["owner"] for risk in portfolio["risks"] if risk["project"] == here]
    milestones = [milestone["owner"] for milestone in portfolio["milestones"] if milestone["project"] == here]
    return [*risks, *milestones, *portfolio["checkin_team"].get(here, ())]


def _people(*handles: str | None) -> list[str]:
    return [handle for handle in dict.fromkeys(handles) if handle]
