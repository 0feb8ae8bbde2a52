"""What tests of the weekly request read and do: who was asked when, and the answers."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models.schemas.project import State
from models.tables import Occurrence, Project
from tests.town import CAST, Town

GREEN = {"health": "green", "summary": "Cutover rehearsed twice"}
AMBER = {"health": "amber", "summary": "Vendor is late", "path_to_green": "Second vendor signed by Friday"}
NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 4, 2, 10, tzinfo=NEW_YORK)
FRIDAY = THURSDAY + timedelta(days=1)


sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in: words, dates and zones."""


def asked(town: Town) -> list[tuple[str, datetime]]:
    """Every new direct message that asks, with its receiver and instant, in their zone."""
    owner = {town.person(user).dm: user for user in CAST}
    return [
        (owner[call.args["channel"]], call.at.astimezone(zone(town, owner[call.args["channel"]])))
        for call in town.sandbox.calls
        if call.method == "chat.postMessage" and key_of(call.args).startswith("asks:")
    ]


def key_of(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key", ""))


def zone(town: Town, user: str) -> ZoneInfo:
    return ZoneInfo(town.sandbox.workspace.world.members[user].tz)


def times_asked(town: Town, user: str) -> list[str]:
    return [f"{at:%a %d %b %H:%M}" for receiver, at in asked(town) if receiver == user]


def requests(town: Town, project: str = "Ledger Migration") -> list[Occurrence]:
    with town.database.read(1) as session:
        statement = select(Occurrence).join(Project, Project.id == Occurrence.project_id)
        return list(session.scalars(statement.where(Project.name == project).order_by(Occurrence.local_date)))


def states(town: Town, project: str = "Ledger Migration") -> list[str]:
    return [request.state for request in requests(town, project)]


def set_state(town: Town, state: State, name: str = "Ledger Migration") -> None:
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.name == name).values(state=state.value))


def post_status(town: Town, user: str = "ULUIS", channel: str = "CLEDGER", **answers: str) -> None:
    person = town.person(user)
    person.types(channel, "/update")
    person.submits(GREEN | answers)
    assert person.form_errors == {}


def hand_over(town: Town, new_owner: str) -> None:
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm setup")
    maya.submits({"owner": new_owner})
    assert maya.form_errors == {}
