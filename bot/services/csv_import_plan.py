"""Row by row, what an import of a spreadsheet would do, and why it takes a row or does not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.domain.risk import first_review
from bot.domain.slack_text import folded
from bot.domain.wall_time import local_date
from bot.services import csv_import_cells as cells
from bot.services.csv_import_cells import Unread, quoted
from bot.services.csv_import_columns import Columns
from bot.services.csv_import_known import NUMBER, Known, Records
from bot.services.csv_import_text import UNPRINTABLE, Sheet
from bot.services.importing_numbers import LARGEST_NUMBER
from bot.services.importing_reading import WORDS
from bot.services.risk import matrix_of
from models.schemas.people import one_line
from models.schemas.project import Place, PlaceKind, State
from models.schemas.risk import ACTIVE, RiskStatus
from models.schemas.spreadsheet import FIELDS, PlannedRow, ProjectRow, RiskRow, SheetKind, Verdict

LONGEST_KEY = 200
ENDED = tuple(state for state in RiskStatus if state not in ACTIVE)

Value = TypeVar("Value")
Draft = TypeVar("Draft", RiskRow, ProjectRow)


@dataclass(frozen=True)
class Frame:
    """What all rows of a file are read against."""

    kind: SheetKind
    sheet: Sheet
    columns: Columns
    known: Known
    place: Place | None
    """Of rows that name none."""
    now: datetime


class Row:
    """One row being read: every cell that is wrong is remembered, so that a person mends a row once."""

    def __init__(self, frame: Frame, cells_: Sequence[str]) -> None:
        self._frame, self._cells = frame, cells_
        self._titles = {field.name: field.title.lower() for field in FIELDS[frame.kind]}
        self.problems: list[str] = []

    def words(self, field: str) -> str:
        return cells.text(self._frame.columns.read(self._cells, field))

    def read(self, field: str, reader: Callable[[str], Value], *, needed: bool = False) -> Value | None:
        """None where the cell is empty or wrong."""
        said = self._frame.columns.read(self._cells, field)
        if not said and not needed:
            return None
        try:
            if not said:
                raise Unread("is missing")
            return reader(cells.text(said))
        except Unread as problem:
            self.problem(field, str(problem))
            return None

    def problem(self, field: str, words: str) -> None:
        self.problems.append(f"{self._titles[field]} {words}")

    def check_cells(self) -> None:
        if any(self._cells[self._frame.columns.width :]):
            self.problems.append("it has more cells than there are columns")
        if any(UNPRINTABLE.search(cell) for cell in self._cells):
            self.problems.append("it holds control characters")


def plan(frame: Frame) -> Iterator[PlannedRow]:
    """In the order of the file. A row that another one repeats is rejected."""
    make = _risk if frame.kind is SheetKind.RISKS else _project
    records = frame.known.risks if frame.kind is SheetKind.RISKS else frame.known.projects
    seen: dict[str, int] = {}
    for number, cells_ in frame.sheet.rows:
        row = Row(frame, cells_)
        draft = make(frame, row)
        if draft is None or row.problems:
            yield PlannedRow(number, Verdict.REJECTED, f"rejected: {'; '.join(row.problems)}")
        elif draft.key in seen:
            yield PlannedRow(number, Verdict.REJECTED, f"rejected: it repeats row {seen[draft.key]}")
        else:
            seen[draft.key] = number
            yield _judged(number, row, draft, records)


def _judged(number: int, row: Row, draft: RiskRow | ProjectRow, records: Records) -> PlannedRow:
    letter, title = ("R", draft.title) if isinstance(draft, RiskRow) else ("P", draft.name)
    there = records.number_of(draft.key, row.words("number"), title)
    if there is not None:
        return PlannedRow(number, Verdict.KNOWN, f"known as {letter}-{there}, unchanged")
    return PlannedRow(number, Verdict.NEW, _new_words(draft), draft)


def _new_words(draft: RiskRow | ProjectRow) -> str:
    if isinstance(draft, ProjectRow):
        program = f", {_shown(draft.program.name)}" if draft.program else ""
        return f"new project {quoted(draft.name)}{program}, owner {_shown(draft.owner.handle)}"
    scale = matrix_of(draft.place)
    band = scale.band(draft.probability, draft.impact)
    points = scale.shown(draft.probability, draft.impact)
    return f"new risk {quoted(draft.title)}, {_shown(draft.place.name)}, {band.title()} {points}"


def _risk(frame: Frame, row: Row) -> RiskRow | None:
    row.check_cells()
    place = _place_of_risk(frame, row)
    scale, today = matrix_of(place), frame.now.date()
    title = one_line(row.words("title"))
    status = row.read("status", cells.risk_state) or RiskStatus.IDENTIFIED
    money = lambda cell: cells.amount(cell, decimal_commas=frame.sheet.has_decimal_commas)  # noqa: E731
    values = {
        "number": _number(row),
        "place": place,
        "title": row.read("title", one_line, needed=True),
        "kind": row.read("kind", cells.kind),
        "category": _category(row, title),
        "probability": row.read("probability", lambda cell: cells.probability(cell, scale), needed=True),
        "impact": row.read("impact", lambda cell: cells.impact(cell, scale), needed=True),
        "owner": row.read("owner", frame.known.person) or (place.owner if place else None),
        "status": status,
        "response_strategy": row.read("response_strategy", cells.strategy),
        "target_probability": row.read("target_probability", lambda cell: cells.probability(cell, scale)),
        "target_impact": row.read("target_impact", lambda cell: cells.impact(cell, scale)),
        "cost_impact": row.read("cost_impact", money),
        "proximity_on": row.read("proximity_on", lambda cell: cells.day(cell, today)),
        "next_review_on": row.read("next_review_on", lambda cell: cells.day(cell, today)),
        "accepted_by": row.read("accepted_by", frame.known.person),
        "raised_at": row.read("raised_at", lambda cell: cells.moment(cell, frame.now)) or frame.now,
        "acknowledged_at": row.read("acknowledged_at", lambda cell: cells.moment(cell, frame.now)),
        "closed_at": row.read("closed_at", lambda cell: cells.moment(cell, frame.now)),
        **{name: row.words(name) for name in ("statement", "response_plan", "trigger", "rejected_reason")},
    }
    _check_risk(row, values, status)
    if row.problems or place is None:
        return None
    key = _key(row, place.ref, title)
    return _built(row, RiskRow, _completed(values, frame, place) | {"key": key})


def _project(frame: Frame, row: Row) -> ProjectRow | None:
    row.check_cells()
    today = frame.now.date()
    program = row.read("program", lambda cell: frame.known.place(cell, PlaceKind.PROGRAM))
    state = row.read("state", cells.project_state) or State.ACTIVE
    values = {
        "number": _number(row),
        "name": row.read("name", one_line, needed=True),
        "program": program,
        "owner": row.read("owner", frame.known.person, needed=True),
        "backup": row.read("backup", frame.known.person),
        "state": state,
        "start_on": row.read("start_on", lambda cell: cells.day(cell, today)),
        "target_on": row.read("target_on", lambda cell: cells.day(cell, today)),
        "critical": row.read("critical", cells.yes_or_no),
        "weight": row.read("weight", lambda cell: cells.whole(cell, most=10)),
        "key": _key(row, program.ref if program else "", one_line(row.words("name"))),
    }
    if state is State.ACTIVE and values["target_on"] is None:
        row.problem("target_on", "is missing, and an active project needs one")
    return None if row.problems else _built(row, ProjectRow, values)


def _place_of_risk(frame: Frame, row: Row) -> Place | None:
    """Its project; a row with a program and no project belongs to the program as a whole."""
    if row.words("project"):
        return row.read("project", lambda cell: frame.known.place(cell, PlaceKind.PROJECT))
    if row.words("program"):
        return row.read("program", lambda cell: frame.known.place(cell, PlaceKind.PROGRAM))
    if frame.place is None:
        row.problem("project", "is missing; --project NAME says which one for all rows")
    return frame.place


def _category(row: Row, title: str) -> Any:
    try:
        return cells.category(row.words("category"), title)
    except Unread as problem:
        row.problem("category", str(problem))
        return None


def _check_risk(row: Row, values: dict[str, Any], status: RiskStatus) -> None:
    if (values["target_probability"] is None) != (values["target_impact"] is None):
        row.problem("target_probability", "needs the target impact beside it, and the other way round")
    if status is RiskStatus.ACCEPTED and not (values["accepted_by"] and values["next_review_on"]):
        row.problem("status", "'accepted' needs who accepted it and the review on which that ends")


def _completed(values: dict[str, Any], frame: Frame, place: Place) -> dict[str, Any]:
    """What the row leaves open: the first review of an active risk, and when an ended one ended."""
    status, ended = values["status"], values["status"] in ENDED
    band = matrix_of(place).band(values["probability"], values["impact"])
    review = values["next_review_on"] or (None if ended else first_review(local_date(frame.now, place.tz), band))
    closed = (values["closed_at"] or frame.now) if ended else None
    seen = values["acknowledged_at"] or (None if status is RiskStatus.IDENTIFIED else values["raised_at"])
    return values | {"next_review_on": review, "closed_at": closed, "acknowledged_at": seen}


def _number(row: Row) -> int | None:
    found = NUMBER.fullmatch(row.words("id")) or NUMBER.fullmatch(row.words("number"))
    number = int(found[1]) if found else 0
    return number if 0 < number <= LARGEST_NUMBER else None


def _key(row: Row, where: str, title: str) -> str:
    """The id that the row gives, else one made of its place and title: the same row is known again by it."""
    given = row.words("id")
    if given:
        if len(given) > LONGEST_KEY:
            row.problem("id", f"is longer than {LONGEST_KEY} characters")
        return given
    return f"sheet:{sha256(f'{where} {folded(title)}'.encode()).hexdigest()[:24]}"


def _built(row: Row, model: type[Draft], values: dict[str, Any]) -> Draft | None:
    try:
        return model.model_validate({name: value for name, value in values.items() if value not in (None, "")})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            known = WORDS.get(detail["type"])
            row.problem(str(detail["loc"][0]), known.format(**detail.get("ctx", {})) if known else detail["msg"])
        return None


def _shown(name: str) -> str:
    return quoted(name)[1:-1]
