"""`./run import FILE.csv`: takes over a spreadsheet of risks or projects, or says row by row what it would do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.runtime import Runtime
from bot.services.csv_import import take_projects, take_risks
from bot.services.csv_import_cells import Unread
from bot.services.csv_import_columns import Columns, match_columns
from bot.services.csv_import_known import Known
from bot.services.csv_import_plan import Frame, plan
from bot.services.csv_import_text import Sheet, read_sheet
from models.schemas.project import Place, PlaceKind
from models.schemas.spreadsheet import FIELDS, PlannedRow, SheetKind, Verdict
from models.schemas.workspace import WorkspaceCard

ENDINGS = (".csv", ".tsv", ".txt")
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class SheetOptions:
    """What the person who imports says beside the file."""

    maps: Sequence[str] = ()
    """'column=field', as typed."""
    kind: SheetKind = SheetKind.RISKS
    project: str | None = None
    """For rows that name none."""
    dry_run: bool = False
    skip_rejected: bool = False

    @property
    def used(self) -> bool:
        return self != SheetOptions()


@dataclass(frozen=True)
class Result:
    done: bool
    """False: nothing was written that should have been."""
    lines: list[str]


def load_sheet(path: Path, options: SheetOptions) -> tuple[Sheet, Columns]:
    """Raises UserError for what is no spreadsheet, or has columns that we cannot match."""
    sheet = read_sheet(_bytes(path))
    return sheet, match_columns(sheet.header, options.kind, options.maps)


def take_sheet(
    runtime: Runtime, workspace: WorkspaceCard, sheet: Sheet, columns: Columns, options: SheetOptions
) -> Result:
    """All of a file or nothing, unless rejected rows are to be skipped. A dry run opens no writing unit at all."""
    left_out = [f"Columns that nothing is read from: {', '.join(columns.left_out)}."] if columns.left_out else []
    if options.dry_run:
        with runtime.database.read(workspace.id) as session:
            planned = _plan(session, runtime, sheet, columns, options)
        lines = [f"row {row.row}: {row.words}" for row in planned]
        return Result(True, [*lines, f"A dry run, so nothing was written: {_counted(planned)}.", *left_out])
    with runtime.database.write(workspace.id) as session:
        planned = _plan(session, runtime, sheet, columns, options)
        rejected = [f"row {row.row}: {row.words}" for row in planned if row.verdict is Verdict.REJECTED]
        if rejected and not options.skip_rejected:
            hint = "Mend these rows, or import the others with --skip-rejected."
            return Result(False, [*rejected, f"{_counted(planned).capitalize()}. {hint}", *left_out])
        _take(session, runtime, options.kind, [row.draft for row in planned if row.draft is not None])
    return Result(True, [*rejected, f"  {options.kind}: {_counted(planned)}", *left_out])


def _plan(
    session: Session, runtime: Runtime, sheet: Sheet, columns: Columns, options: SheetOptions
) -> list[PlannedRow]:
    known = Known(session)
    frame = Frame(options.kind, sheet, columns, known, _place(known, options), runtime.now())
    return list(plan(frame))


def _place(known: Known, options: SheetOptions) -> Place | None:
    if options.project is None:
        return None
    if options.kind is SheetKind.PROJECTS:
        raise UserError("--project says where risks belong; a file of projects has none.")
    try:
        return known.place(options.project, PlaceKind.PROJECT)
    except Unread as problem:
        raise UserError(f"--project {problem}.") from None


def _take(session: Session, runtime: Runtime, kind: SheetKind, drafts: list[Any]) -> None:
    write: Callable[..., None] = take_risks if kind is SheetKind.RISKS else take_projects
    if drafts:
        write(session, drafts, now=runtime.now())


def _counted(planned: Sequence[PlannedRow]) -> str:
    counts = {verdict: sum(row.verdict is verdict for row in planned) for verdict in Verdict}
    known, rejected = counts[Verdict.KNOWN], counts[Verdict.REJECTED]
    return f"{counts[Verdict.NEW]} new, {known} known already" + (f", {rejected} rejected" if rejected else "")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None


def columns_help() -> str:
    """The columns that are known by name, for `--help`."""
    lines = ["Columns of a spreadsheet that are known by their names (field in brackets where it differs):"]
    for kind, fields in FIELDS.items():
        named = (field.title + (f" [{field.name}]" if field.title.lower() != field.name else "") for field in fields)
        needed = ", ".join(field.title for field in fields if field.required)
        lines.append(f"  {kind}: {', '.join(named)}. Needed: {needed}.")
    return "\n".join(lines)
