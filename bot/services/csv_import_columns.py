"""Which column holds what: by the names that we know, and by what the person who imports says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.slack_text import folded
from bot.errors import UserError
from models.schemas.people import one_line
from models.schemas.spreadsheet import FIELDS, SheetField, SheetKind


@dataclass(frozen=True)
class Columns:
    places: Mapping[str, int]
    """By field: the column's index."""
    left_out: list[str]
    """Columns that nothing is read from, as the file names them."""
    width: int

    def read(self, cells: Sequence[str], field: str) -> str:
        """Empty where there is no such column, or the row is too short for it."""
        place = self.places.get(field)
        return cells[place] if place is not None and place < len(cells) else ""


def match_columns(header: Sequence[str], kind: SheetKind, maps: Sequence[str]) -> Columns:
    """`maps` are 'column=field' as typed. Raises UserError with what is there to choose from."""
    fields = FIELDS[kind]
    chosen = _chosen(header, fields, maps)
    places = {field: index for index, field in chosen.items()}
    known = {name: field for field in fields for name in (_plain(field.name), *map(_plain, (field.title, *field.also)))}
    for index, name in enumerate(header):
        field = known.get(_plain(name))
        if field is None or index in chosen or field.name in chosen.values():
            continue
        if field.name in places:
            first = header[places[field.name]]
            raise UserError(
                f"The columns “{first}” and “{name}” both look like {field.title}. "
                f'Say which one it is: --map "{name}={field.name}".'
            )
        places[field.name] = index
    _require(header, fields, places)
    used = set(places.values())
    return Columns(places, [name for n, name in enumerate(header) if n not in used and name], len(header))


def _chosen(header: Sequence[str], fields: Sequence[SheetField], maps: Sequence[str]) -> dict[int, str]:
    """By column: the field that a --map gives it."""
    titles = {_plain(word): field.name for field in fields for word in (field.title, field.name)}
    found: dict[int, str] = {}
    for line in maps:
        column, equals, word = line.rpartition("=")
        field = titles.get(_plain(word))
        if not equals or field is None:
            names = ", ".join(field.name for field in fields)
            raise UserError(f'--map "{line}" should be column=field, with one of these fields: {names}.')
        places = [n for n, name in enumerate(header) if _plain(name) == _plain(column)]
        if len(places) != 1:
            trouble = "is twice in" if places else "is not in"
            raise UserError(f"The column “{column}” {trouble} the file. It has: {', '.join(filter(None, header))}.")
        if field in found.values() or places[0] in found:
            raise UserError(f'--map "{line}" repeats a column or a field that another --map names.')
        found[places[0]] = field
    return found


def _require(header: Sequence[str], fields: Sequence[SheetField], places: Mapping[str, int]) -> None:
    missing = [field for field in fields if field.required and field.name not in places]
    if missing:
        titles = ", ".join(field.title for field in missing)
        raise UserError(
            f"No column is called {titles}. The file has: {', '.join(filter(None, header))}. "
            f'Say which one it is: --map "COLUMN={missing[0].name}".'
        )


def _plain(name: str) -> str:
    return one_line(folded(name).replace("_", " ").strip("*: "))
