"""Rules between the fields of one object, for the tables to name."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from bot.slack_rules.kinds import NO_SCHEMA, Object, Problem, Rule


def exactly_one(*names: str) -> Rule:
    def rule(value: Object, at: str) -> Iterator[Problem]:
        if sum(name in value for name in names) != 1:
            yield Problem(NO_SCHEMA, at)

    return rule


def at_least_one(*names: str) -> Rule:
    def rule(value: Object, at: str) -> Iterator[Problem]:
        if not any(name in value for name in names):
            yield Problem(NO_SCHEMA, at)

    return rule


def not_both(first: str, second: str) -> Rule:
    """Refuses two fields together; a flag that is off counts as absent."""

    def rule(value: Object, at: str) -> Iterator[Problem]:
        if value.get(first, False) is not False and value.get(second, False) is not False:
            yield Problem(NO_SCHEMA, at)

    return rule


def ordered(low: str, high: str) -> Rule:
    """The lower bound may not lie above the upper one; both are numbers, or strings of digits."""

    def rule(value: Object, at: str) -> Iterator[Problem]:
        if low in value and high in value and Decimal(value[low]) > Decimal(value[high]):
            yield Problem(f"must not be greater than `{high}`", f"{at}/{low}")

    return rule


def initial_among_options(value: Object, at: str) -> Iterator[Problem]:
    """What is chosen at first must equal an option exactly, down to its description."""
    offered = _offered(value)
    for chosen, pointer in _chosen(value, at):
        if offered and chosen not in offered:
            yield Problem("must equal one of the options exactly", pointer)


def _offered(value: Object) -> list[Any]:
    groups = value.get("option_groups", ())
    return [*value.get("options", ()), *(option for group in groups for option in group["options"])]


def _chosen(value: Object, at: str) -> Iterable[tuple[Any, str]]:
    if "initial_option" in value:
        yield value["initial_option"], f"{at}/initial_option"
    for index, option in enumerate(value.get("initial_options", ())):
        yield option, f"{at}/initial_options/{index}"


def no_dispatch_from_files(block: Object, at: str) -> Iterator[Problem]:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield Problem("`dispatch_action` is not allowed with a file_input", f"{at}/dispatch_action")


def even_rows(table: Object, at: str) -> Iterator[Problem]:
    """Every row of a data table is as long as its header."""
    columns = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != columns:
            yield Problem(f"must provide exactly {columns} items", f"{at}/rows/{index}")


def plain_header_row(table: Object, at: str) -> Iterator[Problem]:
    for index, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem("unsupported type: rich_text", f"{at}/rows/0/{index}/type")


def header_column_exists(table: Object, at: str) -> Iterator[Problem]:
    columns = len(table["rows"][0])
    if table.get("row_header_column_index", 0) >= columns:
        yield Problem(f"must be less than {columns}", f"{at}/row_header_column_index")


def one_point_per_category(chart: Object, at: str) -> Iterator[Problem]:
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield Problem("must have one point for each category", f"{at}/series/{index}/data")


def series_named_apart(chart: Object, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, series in enumerate(chart["series"]):
        if series["name"] in seen:
            yield Problem(already_exists("name", series["name"]), f"{at}/series/{index}/name")
        seen.add(series["name"])


def already_exists(field: str, value: str) -> str:
    return f'`{field}` "{value}" already exists'
