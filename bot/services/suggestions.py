"""Projects and programs as somebody types their names: never one that does not exist for this person."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.slack_text import folded
from bot.services import places
from models.schemas.project import PlaceKind
from models.tables import Program, Project
from models.tables.unit import THIS_WORKSPACE, fetch

_PROJECT, _PROGRAM = Project.__table__, Program.__table__


class Choice(NamedTuple):
    ref: str
    """'project:12', as forms and lists carry it."""
    name: str
    number: int
    kind: PlaceKind

    @property
    def label(self) -> str:
        return self.name if self.kind is PlaceKind.PROJECT else f"Whole program: {self.name}"


def offered(session: Session, by: Standing) -> list[Choice]:
    """The open places that this person may see, by name, projects first: one more than a select holds, if there are."""
    return _visible(session, by, most=places.MOST_CHOICES + 1, ended=False)


def visible(session: Session, by: Standing) -> list[Choice]:
    """All of them, ended ones too: three columns of a row each, cheap for thousands."""
    return _visible(session, by, most=None, ended=True)


def like(
    session: Session, by: Standing, typed: str, *, ended: bool = False, kind: PlaceKind | None = None
) -> list[Choice]:
    """`kind`: projects alone, or programs alone."""
    found = _visible(session, by, most=None, ended=ended)
    return ranked([choice for choice in found if kind in (None, choice.kind)], typed)


def ranked(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Places whose number is typed, or whose name begins with what is typed, or holds it: the best fit first."""
    wanted = plain(typed)
    fits = [(rank, choice) for choice in choices if (rank := _rank(choice, wanted)) is not None]
    fits.sort(key=lambda fit: fit[0])
    return [choice for _, choice in fits[: places.MOST_CHOICES]]


def named(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Of those that fit, the ones that are called exactly so; where none is, all."""
    exact = [choice for choice in choices if plain(choice.name) == plain(typed)]
    return exact or list(choices)


def plain(text: str) -> str:
    """For comparing names: small letters, single blanks, no accents."""
    letters = unicodedata.normalize("NFKD", folded(text))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _rank(choice: Choice, wanted: str) -> int | None:
    name = plain(choice.name)
    if wanted.lstrip("#").removeprefix("p-") == str(choice.number):
        return 0
    if not wanted or name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if wanted in name else None


def _visible(session: Session, by: Standing, *, most: int | None, ended: bool) -> list[Choice]:
    if by.is_stranger or by.person.is_guest or by.person.is_bot:
        here = places.of_channel(session, by.channel)
        return [Choice(here.ref, here.name, here.number, here.kind)] if here else []
    projects = _of(_PROJECT, _projects_seen(by), ended=ended, most=most)
    programs = _of(_PROGRAM, _seen(_PROGRAM, by, ("manager_id", "sponsor_id")), ended=ended, most=most)
    found = [*_choices(session, PlaceKind.PROJECT, projects), *_choices(session, PlaceKind.PROGRAM, programs)]
    return found if most is None else found[:most]


def _projects_seen(by: Standing) -> Any:
    """Open ones, those of this channel, and those that the person answers for, as manager or sponsor too."""
    run = select(_PROGRAM.c.id).where(
        _PROGRAM.c.workspace_id == THIS_WORKSPACE,
        or_(_PROGRAM.c.manager_id == by.person.id, _PROGRAM.c.sponsor_id == by.person.id),
    )
    return or_(_seen(_PROJECT, by, ("owner_id", "backup_id")), _PROJECT.c.program_id.in_(run))


def _seen(table: Any, by: Standing, holders: Iterable[str]) -> Any:
    here = table.c.channel == by.channel if by.channel else false()
    return or_(table.c.visibility != "restricted", here, *(table.c[name] == by.person.id for name in holders))


def _of(table: Any, seen: Any, *, ended: bool, most: int | None) -> Select[Any]:
    open_only = [] if ended else [table.c.state.in_(places.OPEN)]
    wanted = and_(table.c.workspace_id == THIS_WORKSPACE, seen, *open_only)
    return select(table.c.id, table.c.name, table.c.number).where(wanted).order_by(table.c.name).limit(most)


def _choices(session: Session, kind: PlaceKind, statement: Select[Any]) -> list[Choice]:
    return [Choice(f"{kind}:{row.id}", row.name, row.number, kind) for row in fetch(session, statement)]
