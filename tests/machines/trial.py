"""Every act of every role on a record in every state, pressed in Slack: a card's dots, and the form where one opens."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.sandbox.courier import Outcome
from bot.services import people
from models.tables import Absence, History, Person, Program, Project
from models.tables.unit import add_row
from tests.deliveries import caught
from tests.town import Town

CAST = {
    "admin": "UADMIN",
    "sponsor": "UDANA",
    "manager": "UMAYA",
    "lead": "ULUIS",
    "backup": "UJONAS",
    "owner": "UKAVYA",
    "driver": "UDRIVER",
    "approver": "UAPPROVER",
    "stand_in": "USTANDIN",
    "contributor": "UCONTRIBUTOR",
    "author": "URUBY",
    "member": "UMEMBER",
    "guest": "UGUEST",
    "outsider": "UOUTSIDER",
}
"""One person for each role, who has no other. Owner and approver are away, and the stand-in covers.
The outsider is not in the channel of a restricted project."""

NEWCOMERS = ("admin", "driver", "approver", "stand_in", "contributor", "member", "outsider")
ABOVE = {"lead": ("lead", "backup", "manager", "sponsor"), "manager": ("manager", "sponsor")}
"""Domain 3: the manager may do what the lead may, the sponsor what both may; the backup stands in."""


@dataclass(frozen=True)
class Row:
    """A row of a table of domain 3, typed from it: from these states, by this act, to that state, for these roles."""

    sources: str
    action: str
    target: str
    roles: str
    """As the paper writes it: O owner, L lead, M manager, S sponsor, D driver, A approver, A' who covers for an absent
    approver, R who reported it,
    any members; + adds the workspace's admins."""

    def people(self) -> set[str]:
        found: set[str] = set()
        for letter in self.roles.split():
            found |= _LETTERS[letter]
        return found


_LETTERS = {
    "O": {"owner"},
    "L": set(ABOVE["lead"]),
    "M": set(ABOVE["manager"]),
    "S": {"sponsor"},
    "D": {"driver"},
    "A": {"approver"},
    "A'": {"stand_in"},
    "O'": {"stand_in"},
    "R": {"author"},
    "+": {"admin"},
    "any": {role for role in CAST if role not in ("guest", "outsider")},
}


@dataclass(frozen=True)
class Subject:
    """One kind of record: its published table, how one is made and put into a state, what its forms are filled with."""

    kind: str
    table: type[Any]
    states: tuple[str, ...]
    rows: tuple[Row, ...]
    make: Callable[[Town], int]
    ready: Mapping[str, Any]
    """Columns with which every guard is met, whatever the state."""
    ready_also: Callable[[Town], None] = lambda town: None
    """What else has to be so, in other tables."""
    asks: tuple[tuple[str, str], ...] = ()
    """(act, role) that the state allows and that only asks for a second person's word."""
    only: tuple[str, ...] = ()
    """Acts that are tried; all where none is named."""
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By act: what its form is filled with. Acts without a form are not named."""

    @property
    def actions(self) -> tuple[str, ...]:
        return self.only or tuple(dict.fromkeys(row.action for row in self.rows))

    def row(self, state: str, action: str) -> Row | None:
        return next((row for row in self.rows if row.action == action and state in row.sources.split()), None)


def people_the_town(town: Town) -> None:
    """Everybody of the cast in the project's channel but the outsider, and the record's own roles given out."""
    for role in NEWCOMERS:
        town.sandbox.add_person(CAST[role], role, tz="America/New_York", is_admin=role == "admin")
        if role != "outsider":
            town.sandbox.workspace.world.channels["CLEDGER"].members.append(CAST[role])
    with town.database.write(1) as session:
        for role in NEWCOMERS:
            people.ensure(session, CAST[role])
        is_admin = Person.slack_id == CAST["admin"]
        session.execute(update(Person).values(is_admin=is_admin, handle=func.lower(Person.handle)))
        backup = session.scalars(select(Person.id).where(Person.slack_id == CAST["backup"])).one()
        session.execute(
            update(Project).where(Project.channel == "CLEDGER").values(backup_id=backup, visibility="restricted")
        )
    cover(town, "owner", "approver")


def cover(town: Town, *absent: str) -> None:
    """They are away today, and the stand-in answers for them."""
    today = town.clock.now().date()
    for role in absent:
        days = {"start_on": today - timedelta(days=1), "end_on": today + timedelta(days=300)}
        ids = {"person_id": person_id(town, role), "delegate_id": person_id(town, "stand_in")}
        with town.database.write(1) as session:
            add_row(session, Absence, created_at=town.clock.now(), **days, **ids)


def person_id(town: Town, role: str) -> int:
    with town.database.read(1) as session:
        return session.scalars(select(Person.id).where(Person.slack_id == CAST[role])).one()


def places(town: Town) -> dict[str, int]:
    with town.database.read(1) as session:
        project = session.scalars(select(Project).where(Project.channel == "CLEDGER")).one()
        return {"project_id": project.id, "program_id": session.scalars(select(Program.id)).one()}


class Trial:
    """A record of one kind, and a card of it whose dots are pressed: what stands behind them is named by the test."""

    def __init__(self, town: Town, subject: Subject) -> None:
        self.town, self.subject = town, subject
        people_the_town(town)
        self.id = subject.make(town)
        town.settle()
        self.card = self._card()
        self.elsewhere = self._copied_to("CPROG")
        town.settle = lambda: None  # type: ignore[method-assign]  # the card may lag behind: an old card is no danger

    def put(self, state: str) -> None:
        """At an instant of its own: what is told in the thread is all that changed at one instant."""
        self.town.clock.wait(0.01)
        self.subject.ready_also(self.town)
        values = dict(self.subject.ready) | {"status": state}
        with self.town.database.write(1) as session:
            table = self.subject.table
            session.execute(update(table).where(table.id == self.id).values(**values))

    def state(self) -> str:
        with self.town.database.read(1) as session:
            return session.scalars(select(self.subject.table.status).where(self.subject.table.id == self.id)).one()

    def act(self, role: str, action: str) -> str:
        """Press, and submit the form that opens; what the person is told, empty where nothing."""
        town, user = self.town, CAST[role]
        person = town.person(user)
        card = self.elsewhere if role == "outsider" else self.card
        payload = caught(town, lambda: person.presses(card, f"{self.subject.kind}.more", value=_first_choice(card)))
        payload = copy.deepcopy(payload)
        payload["actions"][0]["selected_option"]["value"] = f"{action}:{self.id}"
        before = len(person.modals)
        told = person.result_of(lambda: _delivered(town, payload))
        if len(person.modals) == before:
            return told.text
        person.submits(dict(self.subject.answers[action]), force=True)
        errors = " ".join(person.form_errors.values())
        while person.modals:
            person.closes()
        return errors

    def refusals(self) -> int:
        with self.town.database.read(1) as session:
            refused = History.kind == self.subject.kind, History.record_id == self.id, History.field == "refused"
            return session.scalars(select(func.count(History.id)).where(*refused)).one()

    def _card(self) -> Mapping[str, Any]:
        found = [m for m in self.town.person("ULUIS").reads("CLEDGER") if _first_choice(m, self.subject.kind)]
        assert found, f"no card of a {self.subject.kind} stands in its channel"
        return found[-1]

    def _copied_to(self, channel: str) -> Mapping[str, Any]:
        """The same card where the outsider can press it: by a mistake of somebody's, say."""
        town = self.town
        town.sandbox.workspace.world.channels[channel].members.append(CAST["outsider"])
        answer = town.runtime.slack.chat_postMessage(channel=channel, text="copy", blocks=self.card["blocks"])
        town.clock.wait(timedelta(seconds=2).total_seconds())
        return next(m for m in town.person("ULUIS").reads(channel) if m["ts"] == answer["ts"])


def _delivered(town: Town, payload: dict[str, Any]) -> Any:
    ack = town.deliver("interactive", payload)
    return Outcome(acked=True, ack=ack or {})


def _first_choice(card: Mapping[str, Any], kind: str = "") -> str | None:
    for block in card["blocks"]:
        for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]:
            if element.get("type") == "overflow" and element["action_id"].startswith(f"{kind}"):
                return str(element["options"][0]["value"])
    return None
