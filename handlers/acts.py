"""What is done to a record from Slack: a button or the dots on its card open a form, or act at once."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain.policy import Standing, allowed
from bot.domain.reference import row_id
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import delivery, history, register
from bot.views.history import history_message
from bot.views.undone import undone
from handlers.capture import Opening, opening
from handlers.feature import Ask, Handler, Reply, reads, writes
from handlers.forms import read_form
from handlers.meanwhile import merged, remembering
from models.schemas.message import Message, View
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.roles import Role


def opening_at(ask: Ask, session: Session, place: Place | None, *, title: int) -> Opening:
    """What a form starts with that follows from a record: the record's own place is chosen, and among the choices."""
    start = opening(replace(ask, value=place.ref if place else "", text=""), session, title=title, rest=title)
    if place is None:
        return start
    choices = start.choices if any(each.ref == place.ref for each in start.choices) else [place, *start.choices]
    return replace(start, choices=choices, here=place.ref)


class Told(Protocol):
    """Whoever is concerned is told what was done."""

    def __call__(self, session: Session, card: Any, /, *, before: Any, by: Any, pressed_in: Any, now: Any) -> None: ...


@dataclass(frozen=True)
class Acts:
    """What can be done to one kind of record, and what each act needs. Forms come back as `KIND.act`."""

    kind: str
    find_by_id: Callable[[Session, int | None], Any]
    check: Callable[..., Any]
    """(session, id, action, by, now=): the record, where this person may do this to it as it is now."""
    act: Callable[..., Any]
    """(session, id, action, draft, by, now=, owner=): the record as it is afterwards."""
    at_once: Collection[str]
    """What needs no words."""
    drafts: Mapping[str, type[BaseModel]]
    form: Callable[..., View]
    """(action, record, today=, metadata=)"""
    tell_changed: Told
    tell_undone: Callable[..., None] | None = None
    """None where nobody logs this kind by hand, and nothing is to be undone."""
    too_late: str = ""
    """What its author can do instead, once it cannot be undone any more."""
    shared: Callable[..., Message] | None = None
    """(record, by, today=): a short public copy. None where this kind is not shared."""
    opens: Mapping[str, Callable[[Ask, Session, str], Reply]] = field(default_factory=dict)
    """What shows or opens something else than a form of `drafts`, by action."""
    redrawn: Callable[[Ask, Reply, Place | None], Reply] = lambda ask, again, place: again
    """(ask, the form once more, place): with what in it follows from its fields."""

    def actions(self) -> dict[str, Handler]:
        """A button for every act, and the dots, whose choices are the act and the record as 'close:12'."""
        buttons = {action: self._button(action) for action in (*self.at_once, *self.drafts, *self.opens)}
        own = buttons | {"more": self._more, "history": self._button("history")}
        if self.tell_undone:
            own["undo"] = writes(self._undo)
        if self.shared:
            own["share"] = writes(self._share)
        return {f"{self.kind}.{action}": handler for action, handler in own.items()}

    def forms(self) -> dict[str, Handler]:
        return {f"{self.kind}.act": writes(self._save)}

    def seen(self, ask: Ask, session: Session, record_id: str) -> Any:
        """The record, where this person may see it. Raises NotFound."""
        found = self.find_by_id(session, row_id(record_id))
        return register.seen(session, self.kind, found, ask.standing(session), now=ask.now)[0]

    def _button(self, action: str) -> Handler:
        return lambda ask: self._begin(ask, action, ask.value)

    def _more(self, ask: Ask) -> Reply:
        action, _, record_id = ask.value.partition(":")
        return self._begin(ask, action, record_id)

    def _begin(self, ask: Ask, action: str, record_id: str) -> Reply:
        if action in self.at_once:
            return writes(lambda ask, session: self.do_at_once(ask, session, action, record_id))(ask)
        if action in self.drafts:
            return reads(lambda ask, session: self.open_form(ask, session, action, record_id))(ask)
        opens = self.opens.get(action) or (self.show_history if action == "history" else None)
        if opens is None:
            raise NotFound(f"this {self.kind}")
        return reads(lambda ask, session: opens(ask, session, record_id))(ask)

    def do_at_once(self, ask: Ask, session: Session, action: str, record_id: str) -> Reply:
        by = ask.acting(session)
        before = self.find_by_id(session, row_id(record_id))
        after = self.act(session, row_id(record_id), action, None, by, now=ask.now)
        if before.version != after.version:
            self.tell_changed(session, after, before=before, by=by.person, pressed_in=ask.channel, now=ask.now)
        return Reply()

    def open_form(self, ask: Ask, session: Session, action: str, record_id: str) -> Reply:
        standing = ask.standing(session)
        card = self.check(session, row_id(record_id), action, standing, now=ask.now)
        metadata = json.dumps(self.metadata(ask, action, card))
        return Reply(form=self.filled(ask, action, card, standing.person, metadata))

    def filled(self, ask: Ask, action: str, card: Any, person: PersonCard, metadata: str) -> View:
        """The form of an act, filled with what is recorded."""
        return remembering(self.form(action, card, today=self.today(ask, card, person), metadata=metadata))

    def metadata(self, ask: Ask, action: str, card: Any) -> dict[str, Any]:
        """What a form brings back: the record, the act, and where it was pressed."""
        channel = ask.channel or ask.metadata.get("channel")
        place = card.place.ref if card.place else None
        return {self.kind: card.id, "action": action, "channel": channel, "place": place}

    def today(self, ask: Ask, card: Any, person: PersonCard) -> date:
        """By whose calendar the dates of a record are read: the reader's."""
        return ask.today(person.tz)

    def _save(self, ask: Ask, session: Session) -> Reply:
        by = ask.acting(session)
        action, record_id = str(ask.metadata.get("action")), row_id(str(ask.metadata.get(self.kind)))
        if action not in self.drafts:
            raise NotFound(f"this {self.kind}")
        register.hold(session, self.kind, record_id)
        before = self.check(session, record_id, action, by, now=ask.now)
        self.require_current(ask, action, before)
        fresh = self.filled(ask, action, before, by.person, ask.kept_metadata)
        if (again := merged(ask, fresh, what=before.ref)) is not None:
            return self.redrawn(ask, again, before.place)
        draft, named = self.read(ask, session, action, before, by.person)
        after = self.act(session, record_id, action, draft, by, now=ask.now, **named)
        if before.version != after.version:
            pressed_in = ask.metadata.get("channel")
            self.tell_changed(session, after, before=before, by=by.person, pressed_in=pressed_in, now=ask.now)
        return self.then(ask, action, after)

    def require_current(self, ask: Ask, action: str, card: Any) -> None:
        """Raises UserError where the fields of the form stand for something else by now."""

    def read(
        self, ask: Ask, session: Session, action: str, card: Any, person: PersonCard
    ) -> tuple[BaseModel, dict[str, Any]]:
        """What came back, and whom it names, as `act` takes them."""
        form = read_form(ask, session, self.drafts[action], today=ask.today(person.tz), person=person)
        chosen = getattr(form.draft, "owner", None)
        return form.draft, {"owner": form.people[chosen] if chosen else None}

    def then(self, ask: Ask, action: str, card: Any) -> Reply:
        """After a form was saved."""
        return Reply()

    def _undo(self, ask: Ask, session: Session) -> Reply:
        """The receipt is replaced by the word that it is undone; a repeat says so again."""
        by = ask.acting(session)
        before = self.seen(ask, session, ask.value)
        is_author = before.author is not None and before.author.id == by.person.id
        if not (before.is_undone and is_author):
            after = self._take_back(session, before, by, ask.now, is_author=is_author)
            assert self.tell_undone is not None
            self.tell_undone(session, after, by=by.person, now=ask.now)
        return Reply(private=undone(self.kind, before.id, before.ref), replaces=True)

    def _take_back(self, session: Session, before: Any, by: Standing, now: datetime, *, is_author: bool) -> Any:
        try:
            return self.act(session, before.id, "undo", None, by, now=now)
        except Refused as refused:
            if not is_author:
                raise
            words = f"{before.ref} can be undone for 30 minutes, until somebody else acts on it. {self.too_late}"
            raise UserError(f"{words} Nothing was changed.", attempt=refused.attempt) from None

    def _share(self, ask: Ask, session: Session) -> Reply:
        """A copy for everybody here, once for each person and channel; what is restricted stays in its channel."""
        by = ask.acting(session)
        found = self.find_by_id(session, row_id(ask.value))
        card, held = register.seen(session, self.kind, found, by, now=ask.now)
        register.require(session, self.kind, card, held, allowed("record.share"), action="share", verb="share")
        if Role.GUEST in held:
            attempt = Attempt(self.kind, card.id, "share")
            raise Refused(f"Guests cannot share {card.ref}", "Ask a member of this channel to do it.", attempt=attempt)
        assert self.shared is not None
        channel = ask.channel
        if channel is None or channel.startswith("D"):
            raise UserError(f"Only you read this. Type /pm {card.ref} in a channel to share it there.")
        if card.place and card.place.restricted and card.place.channel != channel:
            raise UserError(f"{card.ref} belongs to a restricted project: it is shared in its channel alone.")
        copy = self.shared(card, by.person, today=ask.today(card.place.tz if card.place else by.person.tz))
        key = f"{self.kind}.shared:{card.id}:{channel}:{by.person.slack_id}"
        if delivery.is_known(session, key):
            raise UserError(f"You shared {card.ref} here before. Its card says how it stands now.")
        delivery.post(session, copy, key=key, to=channel, now=ask.now)
        return Reply()

    def show_history(self, ask: Ask, session: Session, record_id: str) -> Reply:
        card = self.seen(ask, session, record_id)
        told = history.events(session, self.kind, card.id)
        person = ask.standing(session).person
        return Reply(
            private=history_message(
                self.kind,
                card.ref,
                card.title,
                told,
                today=self.today(ask, card, person),
                zone=person.tz,
                people=history.names(session, told),
                url=card.link,
            )
        )
