"""What a spreadsheet's words are looked up in: the people, places and records of the workspace, read once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.slack_text import folded
from bot.services import people, places
from bot.services.csv_import_cells import Unread, quoted
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Person, Program, Project, Risk

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
EMAIL = re.compile(r"([^@\s]+)@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"(?:P|PRG|R)-?0*([1-9][0-9]{0,8})", re.IGNORECASE)

_RISKS = select(Risk.number, Risk.title, Risk.external_id)
_PROJECTS = select(Project.number, Project.name, Project.external_id)

Found = TypeVar("Found", PersonCard, Place)


class Known:
    """Names are compared without case, and one that several answer to is refused."""

    def __init__(self, session: Session) -> None:
        self._people = _people(session)
        self._places = _places(session)
        self.risks = Records((row.number, row.title, row.external_id) for row in session.execute(_RISKS))
        self.projects = Records((row.number, row.name, row.external_id) for row in session.execute(_PROJECTS))

    def person(self, cell: str) -> PersonCard:
        """By handle, Slack id, mention, full name, or the part of an e-mail address that is a handle."""
        found = self._people.get(_plain(_bare(cell)), [])
        if not found and (address := EMAIL.fullmatch(cell)):
            found = self._people.get(_plain(address[1]), [])
        card = _only(found, cell, "person here")
        if card.deleted:
            raise Unread(f"{quoted(cell)} is not in the workspace any more")
        if card.is_bot:
            raise Unread(f"{quoted(cell)} is an app, not a person")
        return card

    def place(self, cell: str, kind: PlaceKind) -> Place:
        """By name, number or the id of the file that it came from."""
        found = [place for place in self._places.get(_plain(cell), []) if place.kind is kind]
        return _only(found, cell, f"{kind} here")


class Records:
    """The records of a kind that are there, to know them again."""

    def __init__(self, rows: Iterable[tuple[int, str, str | None]]) -> None:
        """Number, title and key of each."""
        self._by_key: dict[str, int] = {}
        self._titles: dict[int, str] = {}
        for number, title, key in rows:
            self._titles[number] = title
            if key is not None:
                self._by_key[key] = number

    def number_of(self, key: str, ref: str, title: str) -> int | None:
        """By key, else by a number of ours in `ref` or the key, where the title is the same."""
        if key in self._by_key:
            return self._by_key[key]
        for name in (ref, key):
            found = NUMBER.fullmatch(name)
            number = int(found[1]) if found else 0
            if number in self._titles and _plain(self._titles[number]) == _plain(title):
                return number
        return None


def _only(found: list[Found], cell: str, what: str) -> Found:
    if not found:
        raise Unread(f"{quoted(cell)} is no {what}")
    if len({one.id for one in found}) > 1:
        raise Unread(f"{quoted(cell)} is the name of {len(found)}; write the number or id")
    return found[0]


def _bare(cell: str) -> str:
    mention = MENTION.fullmatch(cell)
    return mention[1] if mention else cell.removeprefix("@")


def _people(session: Session) -> Mapping[str, list[PersonCard]]:
    """A handle or id says more than a full name: those are asked only where nobody has such a handle."""
    found: dict[str, list[PersonCard]] = defaultdict(list)
    full: dict[str, list[PersonCard]] = defaultdict(list)
    zone = people.default_zone(session)
    for row in session.scalars(select(Person)):
        card = people.card(row, zone)
        for name in {_plain(row.handle), _plain(row.slack_id or row.handle)}:
            found[name].append(card)
        if row.name:
            full[_plain(row.name)].append(card)
    return {**full, **found}


def _places(session: Session) -> Mapping[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for table, letter in ((Project, "P"), (Program, "PRG")):
        external = {row.id: row.external_id for row in session.execute(select(table.id, table.external_id))}
        cards = places.by_ids(session, **{f"{table.__tablename__}_ids": external})
        for place in cards.values():
            names = {
                place.name,
                f"{letter}-{place.number}",
                f"{letter}{place.number}",
                external[place.id] or place.name,
            }
            for name in {_plain(name) for name in names}:
                found[name].append(place)
    return found


def _plain(text: str) -> str:
    return " ".join(folded(text).split())
