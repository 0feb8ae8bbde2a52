"""What a field of a record was at an instant, from the history of its changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.tables import History


class Changed(NamedTuple):
    at: datetime
    old: Any
    new: Any


@dataclass(frozen=True)
class Past:
    """The changes of one record by field, each field's in the order in which they were made."""

    changes: Mapping[str, Sequence[Changed]] = field(default_factory=dict)

    def of(self, name: str) -> Sequence[Changed]:
        return self.changes.get(name, ())

    def at(self, name: str, moment: datetime, now: Any) -> Any:
        """What the field held at that moment; `now` is what it holds today. Dates come as ISO text.

        None also where the first change does not say what was there before: an import may not know.
        """
        return next((change.old for change in self.of(name) if change.at > moment), now)

    def day_at(self, name: str, moment: datetime, now: date | None) -> date | None:
        """The same of a column that holds a date."""
        value = self.at(name, moment, now)
        return date.fromisoformat(value) if isinstance(value, str) else value


NOTHING = Past()


@dataclass(frozen=True)
class Pasts:
    """Records as they were at an instant. Without anything in it: as they are now."""

    by_kind: Mapping[str, Mapping[int, Past]] = field(default_factory=dict)

    def of(self, kind: str, record_id: int) -> Past:
        return self.by_kind.get(kind, {}).get(record_id, NOTHING)

    @property
    def is_now(self) -> bool:
        return not self.by_kind


NOW = Pasts()


def pasts(session: Session, kind: str, fields: Iterable[str], *, among: Select[int]) -> dict[int, Past]:
    """By record id: what was written down of these fields of the records that `among` selects. One statement."""
    statement = (
        select(History.record_id, History.field, History.at, History.old, History.new)
        .where(History.kind == kind, History.field.in_(list(fields)), History.record_id.in_(among))
        .order_by(History.at, History.id)
    )
    found: dict[int, dict[str, list[Changed]]] = defaultdict(lambda: defaultdict(list))
    for record_id, name, at, old, new in session.execute(statement):
        found[record_id][name].append(Changed(at, old, new))
    return {record_id: Past(changes) for record_id, changes in found.items()}
