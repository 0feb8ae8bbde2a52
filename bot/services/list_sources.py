"""What each kind of list reads: conditions and orders that an index serves, and a row as people see it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, or_

from bot.domain import issue as issue_rules
from bot.domain import risk as risk_rules
from bot.domain.risk_matrix import Preset, matrix
from bot.domain.wall_time import instant, local_date
from models.schemas import assumption, decision, issue, risk
from models.schemas.issue import Severity
from models.schemas.lists import ANY, LISTED_AS_OPEN, OVER, OVERDUE, STATES, Kind, ListRow
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import Band
from models.tables import Assumption, Decision, Issue, Risk

Conditions = list[ColumnElement[bool]]


class Source:
    """Of a kind without levels; `due` is the column of the date that matters, the open ones are ordered by it."""

    def __init__(self, kind: Kind, table: Any, letter: str, due: Any, words: Mapping[Any, str]) -> None:
        self.kind, self.table, self.letter, self.due = kind, table, letter, due
        self.words = {str(status): label for status, label in words.items()}

    def opened(self) -> ColumnElement[bool]:
        """Literal words, so that an index over open rows alone is recognised."""
        return _one_of(self.table.status, LISTED_AS_OPEN[self.kind])

    def in_state(self, state: str, today: date, zone: str) -> Conditions:
        chosen = STATES[self.kind][state]
        if state == OVERDUE:
            return [self.opened(), self.overdue(today, zone)]
        if chosen.statuses == LISTED_AS_OPEN[self.kind]:
            return [self.opened()]
        return [_one_of(self.table.status, chosen.statuses)] if chosen.statuses else []

    def overdue(self, today: date, zone: str) -> ColumnElement[bool]:
        """Of open ones. Dates are the reader's."""
        late: ColumnElement[bool] = self.due < today
        return late

    def of_level(self, level: str, state: str) -> Conditions:
        return []

    def worst(self, state: str) -> Conditions:
        """Empty where a kind has no worst."""
        return []

    def order(self, state: str) -> Sequence[Any]:
        """What is open by what presses most; all else, the newest first."""
        return (self.table.id.desc(),) if not STATES[self.kind][state].is_open else self.pressing()

    def pressing(self) -> Sequence[Any]:
        return (self.due.asc().nulls_last(), self.table.id)

    def held_by(self, person_id: int) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = self.table.owner_id == person_id
        return mine

    def holder(self, row: Any) -> int:
        return int(row.owner_id)

    def card_key(self, row: Any) -> str:
        return f"{self.kind}.card:{row.id}"

    def date_of(self, row: Any, zone: str) -> date | None:
        day: date | None = getattr(row, self.due.key)
        return day

    def level_of(self, row: Any, place: Place | None) -> tuple[str, str]:
        """The level, and a score's points."""
        return "", ""

    def row(
        self, row: Any, *, place: Place | None, owner: PersonCard, link: str | None, today: date, zone: str
    ) -> ListRow:
        level, points = self.level_of(row, place)
        on, is_open = self.date_of(row, zone), row.status in LISTED_AS_OPEN[self.kind]
        return ListRow(
            id=row.id,
            ref=f"{self.letter}-{row.number}",
            title=row.title,
            level=level,
            points=points,
            state=self.words[row.status],
            is_over=row.status in OVER[self.kind],
            on=on,
            is_overdue=is_open and on is not None and on < today,
            owner=owner,
            link=link,
        )


class Risks(Source):
    """`worst_first` is set for open ones alone, so it says which they are."""

    def opened(self) -> ColumnElement[bool]:
        return Risk.worst_first.is_not(None)

    def of_level(self, level: str, state: str) -> Conditions:
        if level == ANY:
            return []
        bands = _bands(level)
        if not STATES[self.kind][state].is_open:
            return [_one_of(Risk.band, bands)]
        ranks = [risk_rules.BAND_RANK[band] for band in bands]
        above, below = -(max(ranks) + 1) * risk_rules.BAND_STEP, -min(ranks) * risk_rules.BAND_STEP
        return [Risk.worst_first > above, Risk.worst_first <= below]

    def worst(self, state: str) -> Conditions:
        return self.of_level(Band.EXTREME, state)

    def pressing(self) -> Sequence[Any]:
        """No review date at all presses before any date."""
        return (Risk.worst_first, Risk.next_review_on.asc().nulls_first(), Risk.id)

    def level_of(self, row: Any, place: Place | None) -> tuple[str, str]:
        scale = matrix(Preset(place.risk_matrix)) if place else matrix()
        return row.band, scale.shown(row.probability, row.impact)


class OwnRisks(Risks):
    """Of one person: found by the index of an owner's risks, and sorted then. SQLite would read all that are open, in
    their order, to find the few."""

    def opened(self) -> ColumnElement[bool]:
        return _one_of(Risk.status, LISTED_AS_OPEN[self.kind])

    def of_level(self, level: str, state: str) -> Conditions:
        return [] if level == ANY else [_one_of(Risk.band, _bands(level))]

    def pressing(self) -> Sequence[Any]:
        return (Risk.worst_first + 0, Risk.next_review_on.asc().nulls_first(), Risk.id)


class Issues(Source):
    """Due is when it should be solved: working days from its opening, fewer the worse it is (rule E7)."""

    def overdue(self, today: date, zone: str) -> ColumnElement[bool]:
        by_default = (
            and_(Issue.severity == severity.value, Issue.opened_at < _opened_before(severity, today, zone))
            for severity in Severity
        )
        return or_(and_(Issue.resolve_by.is_(None), or_(*by_default)), Issue.resolve_by < today)

    def of_level(self, level: str, state: str) -> Conditions:
        if level == ANY:
            return []
        return [_one_of(Issue.severity, ("sev1", "sev2") if level == "sev2_up" else (level,))]

    def worst(self, state: str) -> Conditions:
        return [Issue.severity == Severity.SEV1.value]

    def pressing(self) -> Sequence[Any]:
        return (Issue.severity, Issue.opened_at, Issue.id)

    def date_of(self, row: Any, zone: str) -> date | None:
        if row.resolve_by is not None:
            return cast(date, row.resolve_by)
        return issue_rules.resolve_by(local_date(row.opened_at, zone), Severity(row.severity))

    def level_of(self, row: Any, place: Place | None) -> tuple[str, str]:
        return row.severity, ""


class Decisions(Source):
    """Shown with its approver; its driver holds it as well."""

    def held_by(self, person_id: int) -> ColumnElement[bool]:
        return or_(Decision.approver_id == person_id, Decision.driver_id == person_id)

    def holder(self, row: Any) -> int:
        return int(row.approver_id)


SOURCES: Mapping[Kind, Source] = {
    Kind.RISK: Risks(Kind.RISK, Risk, "R", Risk.next_review_on, risk.STATE_WORDS),
    Kind.ISSUE: Issues(Kind.ISSUE, Issue, "I", Issue.opened_at, issue.STATE_WORDS),
    Kind.ASSUMPTION: Source(Kind.ASSUMPTION, Assumption, "A", Assumption.validate_by, assumption.STATE_WORDS),
    Kind.DECISION: Decisions(Kind.DECISION, Decision, "D", Decision.due_on, decision.STATE_WORDS),
}


def source_of(kind: Kind, *, of_one_person: bool) -> Source:
    return _OWN_RISKS if of_one_person and kind is Kind.RISK else SOURCES[kind]


_OWN_RISKS = OwnRisks(Kind.RISK, Risk, "R", Risk.next_review_on, risk.STATE_WORDS)


def _bands(level: str) -> Sequence[Band]:
    return (Band.EXTREME, Band.HIGH) if level == "high_up" else (Band(level),)


def _one_of(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    values = [str(word) for word in words]
    name = f"{column.key}_{'_'.join(values)}"
    found: ColumnElement[bool] = column.in_(bindparam(name, values, expanding=True, literal_execute=True))
    return found


def _opened_before(severity: Severity, today: date, zone: str) -> datetime:
    """What was opened earlier than this instant should have been solved before `today`."""
    day = today
    while issue_rules.resolve_by(day, severity) >= today:
        day -= timedelta(days=1)
    return instant(day + timedelta(days=1), time(0), zone)
