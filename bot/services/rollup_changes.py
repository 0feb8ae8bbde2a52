"""What changed in a program since its last rollup: read from the past, told by kind."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from bot.domain.risk_matrix import RiskMatrix
from bot.services.risk import matrix_of
from bot.services.rollup_program import Frame
from models.schemas.decision import OPEN
from models.schemas.plan import MilestoneStatus
from models.schemas.project import State
from models.schemas.risk import Band, RiskStatus
from models.schemas.rollup import Change, ChangeKind

ORDER = list(ChangeKind)


def changes(
    frame: Frame, projects: Iterable[Row[Any]], records: Sequence[Row[Any]], *, start: datetime, end: datetime
) -> list[Change]:
    """In (start, end]. `projects` and `records` hold nothing that the readers may not see."""
    tell = _Telling(frame, start, end)
    found = [
        *(change for project in projects for change in tell.of_project(project)),
        *(change for row in records for change in tell.of_record(row)),
        *tell.moves(records, "redated", ChangeKind.REDATED),
        *tell.moves(records, "target", ChangeKind.TARGET_MOVED),
        *tell.rescored(records),
    ]
    return sorted(found, key=lambda change: (ORDER.index(change.kind), _rank(change), change.name))


def _rank(change: Change) -> int:
    """Records of a kind in the order of their rows, which is the worst or the first one first."""
    return -change.late if change.kind in (ChangeKind.ACHIEVED, ChangeKind.PASSED) else 0


class _Telling:
    def __init__(self, frame: Frame, start: datetime, end: datetime) -> None:
        self._frame, self._start, self._end = frame, start, end
        self._scale: RiskMatrix = matrix_of(frame.program)
        known = (frame.before or {}).get("projects")
        self._known: set[str] | None = set(known) if known is not None else None
        self._record: dict[str, Callable[[Row[Any]], Iterable[Change]]] = {
            "risk": self._risk,
            "issue": self._issue,
            "decision": self._decision,
            "milestone": self._milestone,
        }

    def of_project(self, row: Row[Any]) -> Iterator[Change]:
        link = self._frame.link(row.card_channel, row.card_ts)
        if self._known is not None and str(row.id) not in self._known:
            yield Change(kind=ChangeKind.JOINED, id=row.id, name=row.name, link=link)
        elif row.state == State.ACTIVE and row.health_from != row.health_to and row.health_to is not None:
            yield Change(
                kind=ChangeKind.HEALTH, id=row.id, name=row.name, link=link, was=row.health_from, now=row.health_to
            )

    def of_record(self, row: Row[Any]) -> Iterable[Change]:
        return self._record[row.part](row) if row.part in self._record else ()

    def moves(self, rows: Iterable[Row[Any]], part: str, kind: ChangeKind) -> Iterator[Change]:
        """Where a date stood at the two ends of the window; what came back to where it was has not moved."""
        for first, last in _ends(rows, part):
            if first.old is not None and last.new is not None and first.old != last.new:
                was, now = date.fromisoformat(first.old), date.fromisoformat(last.new)
                hours = self._frame.hours
                late = hours.elapsed(was, now) if now > was else -hours.elapsed(now, was)
                yield Change(kind=kind, id=first.id, name=first.title, was=first.old, now=last.new, late=late)

    def rescored(self, rows: Iterable[Row[Any]]) -> Iterator[Change]:
        for first, last in _ends(rows, "score"):
            was, now = self._cell(first.old), self._cell(last.new)
            if was is not None and now is not None and was != now:
                yield self._of(ChangeKind.RISK_RESCORED, "R", first, was=self._points(*was), now=self._points(*now))

    def _of(self, kind: ChangeKind, letter: str, row: Row[Any], **said: Any) -> Change:
        link = self._frame.link(row.channel, row.ts)
        return Change(kind=kind, id=row.id, name=f"{letter}-{row.number}", link=link, **said)

    def _within(self, moment: datetime | None) -> bool:
        return moment is not None and self._start < moment <= self._end

    def _risk(self, row: Row[Any]) -> Iterator[Change]:
        if row.state == RiskStatus.CLOSED:
            yield self._of(ChangeKind.RISK_CLOSED, "R", row)
        elif self._within(row.at):
            now = f"{Band(row.word).title()} {self._scale.shown(row.first, row.second)}"
            yield self._of(ChangeKind.RISK_NEW, "R", row, now=now)

    def _issue(self, row: Row[Any]) -> Iterator[Change]:
        if self._within(row.at):
            yield self._of(ChangeKind.ISSUE_OPENED, "I", row, now=row.word)
        if self._within(row.done_at):
            yield self._of(ChangeKind.ISSUE_RESOLVED, "I", row)

    def _decision(self, row: Row[Any]) -> Iterator[Change]:
        kind = ChangeKind.DECISION_RAISED if row.state in OPEN else ChangeKind.DECISION_MADE
        yield self._of(kind, "D", row, now=row.title)

    def _milestone(self, row: Row[Any]) -> Iterator[Change]:
        done = row.state == MilestoneStatus.ACHIEVED
        kind, late = ChangeKind.PASSED, 0
        if done:
            kind, late = ChangeKind.ACHIEVED, self._frame.hours.elapsed(row.on, row.done_on)
        yield Change(kind=kind, id=row.id, name=row.title, now=row.on.isoformat(), late=late)

    def _points(self, probability: int, impact: int) -> str:
        return f"{self._scale.band(probability, impact).title()} {self._scale.shown(probability, impact)}"

    def _cell(self, said: Any) -> tuple[int, int] | None:
        """History of an import may know a score by its number alone."""
        return (said["probability"], said["impact"]) if isinstance(said, dict) else None


def _ends(rows: Iterable[Row[Any]], part: str) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """The first and the last change of each record within the window."""
    told = sorted((row for row in rows if row.part == part), key=lambda row: (row.id, row.at))
    for _, group in groupby(told, key=lambda row: row.id):
        each = list(group)
        yield each[0], each[-1]
