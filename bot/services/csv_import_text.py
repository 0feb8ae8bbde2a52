"""A spreadsheet's text: its encoding, its delimiter, and its rows. Nothing is guessed that could be read wrongly."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import UserError
from models.schemas.people import one_line
from models.schemas.spreadsheet import MOST_ROWS

DELIMITERS = (",", ";", "\t")
SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[,;|\t])"?\r?(?:\n|$)', re.IGNORECASE)
"""Excel's first line for itself; it does not count as a row there either."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Sheet:
    header: list[str]
    rows: list[tuple[int, list[str]]]
    """With the number that a spreadsheet gives each; empty ones are left out."""
    delimiter: str

    @property
    def has_decimal_commas(self) -> bool:
        """Where a comma is a decimal sign, a spreadsheet separates cells with semicolons."""
        return self.delimiter == ";"


def read_sheet(data: bytes) -> Sheet:
    """Raises UserError, in words for the person who has the file, for everything that is no such sheet."""
    text = decoded(data)
    found = SEP_LINE.match(text)
    delimiter = found["delimiter"] if found else sniffed(text)
    rows = _numbered(text[found.end() :] if found else text, delimiter)
    _, header = next(rows, (1, []))
    if not any(header):
        raise UserError("The first row should hold the names of the columns, and it is empty.")
    kept = list(rows)
    if not kept:
        raise UserError("There is no row below the names of the columns.")
    return Sheet([one_line(name) for name in header], kept, delimiter)


def decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 with its mark. Older encodings do not say which one they are."""
    encoding = "utf-16" if data.startswith(UTF16) and not data.startswith(UTF32) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UserError("The file is not in UTF-8. Save it anew as “CSV UTF-8”.") from None
    if "\0" in text:
        raise UserError("The file holds NUL characters, so it is no CSV. Save it anew as “CSV UTF-8”.")
    return text


def sniffed(text: str) -> str:
    """The delimiter that splits the first row into most cells; a comma where none does."""
    return max(DELIMITERS, key=lambda delimiter: _cells_in_first_row(text, delimiter))


def _cells_in_first_row(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), []))
    except csv.Error:
        return 0


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything. Quotes that do not close would swallow the rest of the file, so they are told."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > MOST_ROWS + 1:
                raise UserError(f"The file has more than {MOST_ROWS:,} rows. Split it.")
            stripped = [cell.strip() for cell in cells]
            if any(stripped) or number == 1:
                yield number, stripped
    except csv.Error as problem:
        words = f"Row {number + 1} cannot be read: {problem}. Quotes within a cell are written twice."
        raise UserError(words) from None
