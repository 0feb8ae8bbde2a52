"""The inhabitants: each answers what their daily message asks, after the time that they take, or never."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.sandbox.person import Result
from tests.simulation.place import Place
from tests.simulation.received import Answered, Call
from tests.simulation.world import Inhabitant

ASKS = "asks:"


class Actors:
    """Hears what is said to each of them, and acts when their time has come."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.answered: list[Answered] = []
        self.problems: list[str] = []
        self._latest: dict[str, Call] = {}
        self._due: list[tuple[datetime, int, str]] = []
        self._busy: set[str] = set()
        self._order = count()
        self._person_of = {f"D{person.id[1:]}": person for person in place.world.people.values()}
        place.heard = self.hear

    def hear(self, call: Call) -> None:
        person = self._person_of.get(call.channel)
        if person is None or not call.key.startswith(ASKS):
            return
        self._latest[person.id] = call
        if person.answers is not None and _answerable(call) and person.id not in self._busy:
            self._plan(person, call.at + timedelta(hours=person.answers))

    def act(self, now: datetime) -> None:
        while self._due and self._due[0][0] <= now:
            _, _, person_id = heapq.heappop(self._due)
            self._busy.discard(person_id)
            self._answer_all(self._person_of[f"D{person_id[1:]}"], now)

    def _plan(self, person: Inhabitant, at: datetime) -> None:
        self._busy.add(person.id)
        heapq.heappush(self._due, (at, next(self._order), person.id))

    def _answer_all(self, person: Inhabitant, now: datetime) -> None:
        """Whoever is away answers when they are back."""
        if person.is_away(person.local(now).date()):
            self._plan(person, now + timedelta(days=1))
            return
        self._busy.add(person.id)  # what is edited meanwhile is answered in the same sitting
        for action, value in _answerable(self._latest[person.id]):
            self._answer(person, action, value, now)
        self._busy.discard(person.id)

    def _answer(self, person: Inhabitant, action: str, value: str, now: datetime) -> None:
        actor, message = self.place.sandbox.person(person.id), self._latest[person.id]
        if (action, value) not in message.buttons:
            return
        while actor.modals:
            actor.closes(all_views=True)
        result = actor.presses((message.channel, message.ts), action, value=value)
        form = result.modal
        if form is not None:
            result = actor.submits(WAYS[action](result, now))
        told = [said["text"] for said in result.shown if said.get("ephemeral")]
        if form is None and (told or action not in AT_ONCE):
            self.problems.append(f"{person.handle}, {action} {value}: {told}")
            return
        if result.error or actor.form_errors:
            self.problems.append(f"{person.handle}, {action} {value}: {result.error} {actor.form_errors}")
        else:
            self.answered.append(Answered(now, person.id, action, value))


def _answerable(call: Call) -> list[tuple[str, str]]:
    """The first button of each row that they know how to answer, each thing once."""
    found: dict[str, tuple[str, str]] = {}
    for action, value in call.buttons:
        if action in WAYS:
            found.setdefault(
                value if action.startswith("status") else f"{action.split('.')[0]}:{value}", (action, value)
            )
    return list(found.values())


def _later(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()


def _status(result: Result, now: datetime) -> dict[str, Any]:
    if now.isocalendar().week % 5 == 0:
        return {"health": "amber", "summary": "The vendor is late", "path_to_green": "A second vendor starts on Friday"}
    return {"health": "green", "summary": f"Week {now.isocalendar().week} went as planned"}


Way = Callable[[Result, datetime], dict[str, Any]]
WAYS: dict[str, Way] = {
    "status.open": _status,
    "risk.review": lambda result, now: {"next_review_on": _later(now, 21)},
    "risk.acknowledge": lambda result, now: {"statement": "Given that it rains, there is a possibility of delay"},
    "decision.decide": lambda result, now: {"rationale": "It is the cheaper way and can be undone"},
    "assumption.confirm": lambda result, now: {},
    "milestone.achieve": lambda result, now: {},
}
"""What they enter in the form that opens, if one does."""
AT_ONCE = ("assumption.confirm", "milestone.achieve")
"""What needs no form: whoever is told something instead was refused."""
