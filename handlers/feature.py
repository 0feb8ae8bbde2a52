"""What Slack asks of us and what we reply, and how a feature lists what it listens to."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.database import was_cut_off, was_deadlocked
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import Deactivated, Refused, UserError
from bot.runtime import Runtime
from bot.services import handled, people, places, stand_ins
from models.schemas.message import Block, Message, View
from models.schemas.people import PersonCard
from models.schemas.workspace import WorkspaceCard

MOST_REPEATS = 2
"""The clock and a person may hold the same rows in another order; each time one of the two goes through. A server
that was started anew has ended every connection."""


def guests_log_nothing() -> Refused:
    return Refused(
        "Guests answer what they are asked, and log nothing themselves", "Ask a member of this channel to do it."
    )


@dataclass(frozen=True)
class Ask:
    """One payload of Slack's, read once. Ids in it come from outside: services check them again."""

    runtime: Runtime
    workspace: WorkspaceCard
    kind: str
    """'command', 'action', 'view', 'event', 'shortcut', 'suggestion': one dictionary of the router each."""
    name: str
    user: str
    """Slack id of the person."""
    key: str
    """The same for a repeated delivery of the same thing."""
    now: datetime
    payload: Mapping[str, Any]
    channel: str | None = None
    text: str = ""
    """What was typed behind the command's word."""
    typed: str = ""
    """The whole line as it was typed."""
    value: str = ""
    """Of the button or the choice that was pressed."""
    is_stranger: bool = False
    """A person of another company in a shared channel."""

    @property
    def view(self) -> Mapping[str, Any]:
        view: Mapping[str, Any] = self.payload.get("view") or {}
        return view

    @property
    def blocks(self) -> Sequence[Block]:
        blocks: Sequence[Block] = self.open_view["blocks"]
        return blocks

    @property
    def open_view(self) -> Mapping[str, Any]:
        """The form that was acted in. Raises UserError where there is none: nothing can be put in its place."""
        if not self.view.get("id"):
            raise UserError("The form of this choice is not open any more. Open it again")
        return self.view

    @property
    def kept_metadata(self) -> str:
        """As it stands in the form, for the form once more."""
        return str(self.view.get("private_metadata") or "{}")

    @property
    def metadata(self) -> dict[str, Any]:
        """What the form was opened with."""
        loaded = json.loads(self.kept_metadata)
        return loaded if isinstance(loaded, dict) else {}

    @property
    def chosen(self) -> list[Mapping[str, Any]]:
        """The elements of a submitted form."""
        state: Mapping[str, Mapping[str, Any]] = (self.view.get("state") or {}).get("values") or {}
        return [element for elements in state.values() for element in elements.values()]

    @property
    def people(self) -> set[str]:
        """Slack ids of whoever acts, and of those whom they chose in the form."""
        return {self.user, *(menu["selected_user"] for menu in self.chosen if menu.get("selected_user"))}

    def person(self, session: Session) -> PersonCard | None:
        found = people.by_slack_id(session, self.user)
        return _active(found) if found else None

    def member(self, session: Session) -> PersonCard:
        """The person, known from now on; guests and people of other companies are refused."""
        people.meet(session, self.people)
        person = _active(people.ensure(session, self.user))
        if self.is_stranger or person.is_guest or person.is_bot:
            raise guests_log_nothing()
        return person

    def is_admin(self, person: PersonCard) -> bool:
        return person.is_admin or person.slack_id in self.runtime.admins

    def standing(self, session: Session, person: PersonCard | None = None) -> Standing:
        """Who asks, for `bot.domain.policy`. Where a form was opened counts as where they act: we wrote it there."""
        known = person or self.person(session) or self._unmet(session)
        return Standing(
            known,
            is_admin=self.is_admin(known),
            is_stranger=self.is_stranger,
            channel=self.channel or self.metadata.get("channel"),
            stands_in_for=stand_ins.stands_in_for(session, known.id, now=self.now),
        )

    def acting(self, session: Session) -> Standing:
        """The same where something is written: the person is known from now on."""
        return self.standing(session, _active(people.ensure(session, self.user)))

    def _unmet(self, session: Session) -> PersonCard:
        """Somebody of whom we have no row yet: they are nobody's owner or approver."""
        return PersonCard(id=0, slack_id=self.user, handle=self.user, tz=people.default_zone(session))

    def today(self, zone: str) -> date:
        return local_date(self.now, zone)


def _active(person: PersonCard) -> PersonCard:
    """Raises Deactivated."""
    if person.deleted:
        raise Deactivated
    return person


@dataclass(frozen=True)
class Reply:
    """What the person gets. After a button or a form `private` follows the acknowledgement, else it is part of it."""

    private: Message | None = None
    """Said to this person alone, where they are."""
    form: View | None = None
    """Opened on top of what they see."""
    changed_form: View | None = None
    """Put in the place of the form that they look at."""
    home: View | None = None
    """Put in the place of the person's Home."""
    answer: dict[str, Any] = field(default_factory=dict)
    """To a submitted form: Slack's `response_action` and what belongs to it; empty closes the form.
    To a menu that asks: its `options`."""
    replaces: bool = False
    """`private` takes the place of the private message that the button stood in: a list that turns its page."""

    def kept(self) -> dict[str, Any]:
        """What a repeated delivery is answered with; nothing where there is nothing to say."""
        if self.private is None and not self.answer:
            return {}
        private = self.private.model_dump() if self.private else None
        return {"private": private, "answer": self.answer, "replaces": self.replaces}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Reply":
        private = Message.model_validate(kept["private"]) if kept.get("private") else None
        return cls(private=private, answer=dict(kept.get("answer") or {}), replaces=bool(kept.get("replaces")))


@dataclass(frozen=True)
class Notice:
    """What Slack says of the installation itself. There may be nobody left to answer, and no workspace to be in."""

    runtime: Runtime
    payload: Mapping[str, Any]
    team_id: str | None
    enterprise_id: str | None
    is_org_wide: bool
    now: datetime

    @property
    def event(self) -> Mapping[str, Any]:
        event: Mapping[str, Any] = self.payload["event"]
        return event

    @property
    def teams(self) -> list[str]:
        """Of a change to several workspaces of an organisation."""
        told = self.event.get("team_ids")
        return [team for team in told if isinstance(team, str)] if isinstance(told, list) else []


Handler = Callable[[Ask], Reply]
Step = Callable[[Ask, Session], Reply]


def reads(step: Step) -> Handler:
    """Runs in a reading unit of work of the asker's workspace."""

    def read(ask: Ask) -> Reply:
        with ask.runtime.database.read(ask.workspace.id) as session:
            return step(ask, session)

    return wraps(step)(lambda ask: _repeated(read, ask))


def writes(step: Step) -> Handler:
    """Runs in a writing unit, once for each delivery: a repeat gets the first answer again.

    The delivery is remembered in the transaction that saves, so what was refused can be sent again.
    """

    return wraps(step)(lambda ask: _repeated(lambda asked: _written(asked, step), ask))


def _repeated(unit: Handler, ask: Ask) -> Reply:
    """What was saved although its connection broke finds its delivery handled."""
    for _ in range(MOST_REPEATS):
        try:
            return unit(ask)
        except DBAPIError as problem:
            if not (was_deadlocked(problem) or was_cut_off(problem)):
                raise
    return unit(ask)


def _written(ask: Ask, step: Step) -> Reply:
    with ask.runtime.database.write(ask.workspace.id) as session:
        people.meet_soon(session, ask.people)
        for menu in ask.chosen:
            places.ask_soon(session, (menu.get("selected_option") or {}).get("value") or "")
        before = handled.begin(session, ask.key, now=ask.now)
        if before is not None:
            ask.runtime.tally.count("duplicates", ask.kind)
            return Reply.from_kept(before)
        reply = step(ask, session)
        if kept := reply.kept():
            handled.remember(session, ask.key, kept)
    return reply


@dataclass(frozen=True)
class Command:
    """`/pm WORD`, and a command of its own name where there is one. The help is made from it."""

    word: str
    group: str
    examples: Sequence[tuple[str, str]]
    """What one can type, and what it does."""
    handler: Handler
    button: str
    """What a button that runs it says."""
    alias: str | None = None
    matches: Callable[[str], bool] | None = None
    """For words that are not fixed, as a record's number."""


@dataclass(frozen=True)
class Feature:
    """Everything that one capability listens to."""

    commands: Sequence[Command] = ()
    actions: Mapping[str, Handler] = field(default_factory=dict)
    forms: Mapping[str, Handler] = field(default_factory=dict)
    events: Mapping[str, Handler] = field(default_factory=dict)
    notices: Mapping[str, Callable[[Notice], None]] = field(default_factory=dict)
    """Events about the installation itself."""
    shortcuts: Mapping[str, Handler] = field(default_factory=dict)
    suggestions: Mapping[str, Handler] = field(default_factory=dict)
    """Menus that ask for their options as one types; the reply's `answer` holds them."""
